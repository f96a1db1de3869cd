//! Revoking: sessions in AWS are cut off by policies that the simulated IAM really has, and its evaluator really asks.

mod by_hand;
mod changed;
mod clocks;
mod commands;
mod crashes;
mod failures;
mod gone;
mod interleavings;
mod keys;
mod large;
mod links;
mod page;
mod past_us;
mod programs;
mod standing;
mod stop_first;
mod walk;

use serde_json::{Value, json};
use vestibule_sandbox::aws::iam::{AccessKey, Role, User};
use vestibule_sandbox::aws::policy::Policy;

use crate::world::accounts::{DEV, GOV, HUB, MODEL, PROD};
use crate::world::browser::{Browser, Form, Page};
use crate::world::{World, WorldBuilder};

/// What each account calls its revoker.
const REVOKER: &str = "VestibuleRevoker";
/// Under which name policies stand.
const POLICY: &str = "VestibuleRevocations";
/// Where administrators revoke.
const PAGE: &str = "/admin/revoke";

/// Keys of a user whom people become.
const USER: (&str, &str) = (
    "AKIAUSERUSERUSERUSE1",
    "user-secret-canary-xxxxxxxxxxxxxxxxxxxxx",
);

/// The usual model, with a revoker in each account: one signed, one with each proof of Vestibule's own.
fn model() -> String {
    let mut model = MODEL.to_owned();
    for (alias, how) in [
        (
            "payments-prod",
            "method = \"AssumeRoleWithSAML\", provider = \"vestibule\"",
        ),
        (
            "payments-dev",
            "method = \"AssumeRole\", credentials = \"hub\", external_id = \"to-revoke\"",
        ),
        ("gov-prod", "method = \"AssumeRoleWithWebIdentity\""),
    ] {
        let line = format!("alias = \"{alias}\"\n");
        assert!(model.contains(&line));
        let revoker = format!("{line}revoker = {{ role = \"{REVOKER}\", {how} }}\n");
        model = model.replacen(&line, &revoker, 1);
    }
    model.push_str(
        "[[roles]]\naccount = \"payments-prod\"\nname = \"Uploader\"\nmethod = \"GetSessionToken\"\ncredentials = \"uploader\"\n",
    );
    model
}

fn builder() -> WorldBuilder {
    let entry = "[[credentials]]\nname = \"uploader\"\nsource = \"file\"\nfile = \"uploader\"\n\
                 may_not_assume_roles = true\n\n[[administrators]]";
    let keys = format!(
        "[default]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        USER.0, USER.1
    );
    World::builder()
        .model(&model())
        .issuing()
        .with("[[administrators]]", entry)
        .file("uploader", &keys)
}

/// A world in which every account has its revoker.
async fn start() -> World {
    set_up(builder().start().await).await
}

/// Gives the accounts their revokers, and the tests a second person with the same roles.
async fn set_up(world: World) -> World {
    world.trusts_the_issuer().await;
    let hub = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": { "AWS": format!("arn:aws:iam::{HUB}:user/vestibule") },
        "Condition": { "StringEquals": { "sts:ExternalId": "to-revoke", "sts:RoleSessionName": "vestibule-revoke" } },
    }] });
    {
        let mut iam = world.sandbox.simulation().iam.write();
        for id in [PROD, DEV, GOV] {
            let account = iam.account_mut(id).unwrap();
            let trust = match id {
                PROD => world.saml_trust(account, &[]),
                GOV => world.web_trust(account, &[]),
                _ => Policy::trust(&hub.to_string()).unwrap(),
            };
            account.put_role(Role::new(REVOKER, trust).with_policy("revoke", leave()));
        }
        let uploads = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;
        let user = User::new("uploader")
            .with_key(AccessKey::new(USER.0, USER.1))
            .with_policy("uploads", Policy::identity(uploads).unwrap());
        let account = iam.account_mut(PROD).unwrap();
        account.users.insert(user.name.clone(), user);
    }
    let people = world.sandbox.people();
    let mut otto = people.find("erin").unwrap();
    "otto".clone_into(&mut otto.username);
    "person-otto".clone_into(&mut otto.subject);
    "Otto Oben".clone_into(&mut otto.display_name);
    "otto@example.com".clone_into(&mut otto.email);
    otto.aws.role_session_name = Some("otto@example.com".to_owned());
    people.put(otto);
    world
}

/// What a revoker may do, here on everything.
fn leave() -> Policy {
    let document = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow",
        "Action": ["iam:GetRole", "iam:*RolePolic*", "iam:*UserPolic*"],
        "Resource": "*",
    }] });
    Policy::identity(&document.to_string()).unwrap()
}

/// The policy that stands on a role or user under our name.
fn standing(world: &World, account: &str, (kind, name): (&str, &str)) -> Option<Value> {
    let iam = world.sandbox.simulation().iam.read();
    let account = iam.account(account).unwrap();
    let policies = match kind {
        "role" => &account.role(name).unwrap().policies,
        _ => &account.users.get(name).unwrap().policies,
    };
    let policy = policies.get(POLICY)?;
    Some(serde_json::from_str(policy.text()).unwrap())
}

/// A person in a console.
struct Inside {
    browser: Browser,
    page: Page,
}

impl Inside {
    /// Somebody signs in, and goes into a console.
    async fn goes(world: &World, who: &str, link: &str) -> Self {
        let browser = world.browser();
        let page = world.signs_in(&browser, link, who).await;
        world.console(&browser, &page).await;
        Self { browser, page }
    }

    /// Whether AWS lets them do what they could do when they came.
    async fn may(&self, world: &World) -> bool {
        let object = if self.page.url.as_str().contains("us-gov") {
            "arn:aws-us-gov:s3:::any/thing"
        } else {
            "arn:aws:s3:::any/thing"
        };
        world
            .may(&self.browser, &self.page, "s3:GetObject", object)
            .await
    }
}

/// An administrator who revokes.
struct Revoker<'w> {
    world: &'w World,
    browser: Browser,
}

impl<'w> Revoker<'w> {
    async fn of(world: &'w World) -> Self {
        let browser = world.browser();
        let page = world
            .signs_in(&browser, &format!("{PAGE}?idp=corp"), "ada")
            .await;
        assert_eq!((page.status, page.url.path()), (200, PAGE), "{}", page.body);
        Self { world, browser }
    }

    async fn page(&self) -> Page {
        let page = self.browser.opens(&self.world.at(PAGE)).await;
        assert_eq!(page.status, 200, "{}", page.body);
        page
    }

    /// Looks at a role's sessions.
    async fn looks_at(&self, role: &str, links: &str) -> Page {
        let form = form(&self.page().await, "plan");
        let form = form.with("role", role).with("links", links);
        self.browser.submits_once(&form).await
    }

    /// Finds somebody, and looks at their sessions.
    async fn looks_for(&self, (idp, name): (&str, &str), links: &str) -> Page {
        let form = form(&self.page().await, "find");
        let form = form.with("about_idp", idp).with("search", name);
        let found = self.browser.submits_once(&form).await;
        let mut theirs = found.forms().into_iter();
        let theirs = theirs.find(|form| form.value("subject").is_some());
        let theirs = theirs.unwrap_or_else(|| panic!("nobody: {}", found.body));
        self.browser
            .submits_once(&theirs.with("links", links))
            .await
    }

    /// Does what a page shows, and stops nobody first.
    async fn does(&self, plan: &Page) -> Page {
        let form = form(plan, "apply").without("stop_first");
        self.browser.submits_once(&form).await
    }

    async fn revokes_role(&self, role: &str, links: &str) -> Page {
        self.does(&self.looks_at(role, links).await).await
    }

    async fn revokes_person(&self, who: (&str, &str), links: &str) -> Page {
        self.does(&self.looks_for(who, links).await).await
    }
}

/// The first form of a step.
fn form(page: &Page, step: &str) -> Form {
    let mut forms = page.forms().into_iter();
    let form = forms.find(|form| form.action.path() == PAGE && form.value("step") == Some(step));
    form.unwrap_or_else(|| panic!("no form to {step}: {}", page.body))
}

/// How each place stands, as a page says it.
fn states(page: &Page) -> Vec<(String, String)> {
    let marks = regex::Regex::new(r#"data-state="([^"]*)" data-on="([^"]*)""#).unwrap();
    marks
        .captures_iter(&page.body)
        .map(|found| (found[2].to_owned(), found[1].to_owned()))
        .collect()
}

/// All places stand like that.
#[track_caller]
fn all_are(page: &Page, state: &str, count: usize) {
    assert_eq!(page.status, 200, "{}", page.body);
    let states = states(page);
    assert_eq!(states.len(), count, "{states:?}: {}", page.body);
    assert!(
        states.iter().all(|(_, is)| is == state),
        "{states:?}: {}",
        page.body
    );
}

fn seconds(world: &World, seconds: i64) {
    world.clock.advance(chrono::TimeDelta::seconds(seconds));
}
