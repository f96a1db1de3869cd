//! `GetSessionToken`: keys that are an IAM user, whole, and no console.

use vestibule::clock::Clock as _;
use vestibule::domain::audit::EventKind;
use vestibule_sandbox::Sandbox;
use vestibule_sandbox::aws::faults::{Fault, HostKind};
use vestibule_sandbox::aws::iam::{AccessKey, User};
use vestibule_sandbox::aws::policy::Policy;

use super::{Shown, caller, form, gets, nothing_was_made, rows, texts};
use crate::world::accounts::{DEV, MODEL, PROD};
use crate::world::{World, WorldBuilder};

const KEY: &str = "AKIAUSERUSERUSERUSE1";
const SECRET: &str = "user-secret-canary-xxxxxxxxxxxxxxxxxxxxx";

const ROLE: &str = r#"
[[roles]]
account = "payments-prod"
name = "Uploader"
description = "Puts reports"
method = "GetSessionToken"
credentials = "uploader"
"#;

const ENTRY: &str = "[[credentials]]\nname = \"uploader\"\nsource = \"file\"\nfile = \"uploader\"\n\
                     may_not_assume_roles = true\n\n[[administrators]]";

fn file(id: &str, secret: &str) -> String {
    format!("[default]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n")
}

/// A user in an account, with the key that the world's file has.
fn puts_user(sandbox: &Sandbox, account: &str) {
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;
    let user = User::new("uploader")
        .with_key(AccessKey::new(KEY, SECRET))
        .with_policy("uploads", Policy::identity(policy).unwrap());
    let mut iam = sandbox.simulation().iam.write();
    let account = iam.account_mut(account).unwrap();
    account.users.insert(user.name.clone(), user);
}

fn builder() -> WorldBuilder {
    World::builder()
        .file("uploader", &file(KEY, SECRET))
        .with("[[administrators]]", ENTRY)
        .model(&format!("{MODEL}{ROLE}"))
}

async fn world() -> World {
    let world = builder().start().await;
    puts_user(&world.sandbox, PROD);
    world
}

#[tokio::test]
async fn the_keys_are_the_user_and_the_pages_say_so() {
    let world = world().await;
    let browser = world.signed_in("erin").await;
    world.aws_forgets();
    let page = browser
        .opens(&world.at("/keys/payments-prod/Uploader"))
        .await;
    for text in [
        "an IAM user, whole",
        "no policy narrows them",
        "CloudTrail shows the user and not you",
        "12 hours",
        "because this is what the role allows",
    ] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    nothing_was_made(&world).await;
    let page = browser.submits(&form(&page)).await;
    let shown = Shown::on(&page);
    let user = format!("arn:aws:iam::{PROD}:user/uploader");
    assert!(page.body.contains(&user), "{}", page.body);
    assert_eq!(
        world.aws_actions(),
        ["GetCallerIdentity", "GetSessionToken"]
    );
    let saw = world.aws_saw();
    let call = saw.last().unwrap();
    assert!(call.signed);
    assert_eq!(call.access_key.as_deref(), Some(KEY));
    let said: Vec<_> = call.parameters.keys().map(String::as_str).collect();
    let sent: Vec<_> = said
        .into_iter()
        .filter(|name| !["Action", "Version"].contains(name))
        .collect();
    assert_eq!(sent, ["DurationSeconds"], "no policy, tag or name");
    assert_eq!(call.parameters["DurationSeconds"], "43200");
    assert_eq!(
        caller(&world, &shown, "eu-west-1", "sts.eu-west-1.amazonaws.com").await,
        user
    );
    let (begun, ended) = rows(&world, 1).await;
    assert_eq!(begun.method.as_deref(), Some("GetSessionToken"));
    assert_eq!(begun.subject.as_deref(), Some("erin@example.com"));
    assert_eq!((begun.session_name, begun.source_identity), (None, None));
    assert_eq!(
        ended.access_key_id.as_deref(),
        Some(shown.says("AccessKeyId"))
    );
    world.stop().await;
}

#[tokio::test]
async fn their_length_can_be_asked_for_up_to_what_the_role_says() {
    let longer = format!("{MODEL}{ROLE}console_hours = 36\n");
    let world = builder().model(&longer).start().await;
    puts_user(&world.sandbox, PROD);
    let browser = world.signed_in("erin").await;
    for (query, seconds) in [("", "129600"), ("?hours=24", "86400"), ("?hours=1", "3600")] {
        world.aws_forgets();
        let link = format!("/keys/payments-prod/Uploader{query}");
        Shown::on(&gets(&world, &browser, &link).await);
        let saw = world.aws_saw();
        assert_eq!(saw.last().unwrap().parameters["DurationSeconds"], seconds);
    }
    world.stop().await;
}

#[tokio::test]
async fn a_link_into_a_console_says_that_there_is_none_and_leads_to_the_keys() {
    let world = world().await;
    world.aws_forgets();
    let link = "/go/payments-prod/Uploader?region=eu-west-1&hours=2";
    let browser = world.signed_in("erin").await;
    let fresh = world.browser();
    let through = world
        .signs_in(&fresh, &format!("{link}&idp=okta"), "erin")
        .await;
    // after signing in, at an address that can be kept
    assert!(
        through
            .url
            .as_str()
            .starts_with(&world.at("/go/payments-prod/Uploader"))
    );
    for page in [browser.opens(&world.at(link)).await, through] {
        assert_eq!(page.status, 200, "{}", page.body);
        assert!(
            page.body.contains("Uploader gives keys only"),
            "{}",
            page.body
        );
        let keys = "/keys/payments-prod/Uploader?hours=2&region=eu-west-1";
        assert!(
            page.links().contains(&keys.to_owned()),
            "{:?}",
            page.links()
        );
    }
    // by its other names, too
    for link in [
        "/role/Uploader",
        "/go?account_id=111122223333&role_name=Uploader",
    ] {
        let page = browser.opens(&world.at(link)).await;
        assert!(
            page.body.contains("gives keys only"),
            "{link}: {}",
            page.body
        );
    }
    assert!(world.audit(EventKind::SigninBegun).await.is_empty());
    nothing_was_made(&world).await;
    // whoever does not hold it is told what they would be told of any role
    let carl = world.signed_in("carl").await;
    let page = carl.opens(&world.at(link)).await;
    page.is_refused(403, "not-entitled");
    world.stop().await;
}

#[tokio::test]
async fn the_portal_shows_it_as_keys_only() {
    let world = world().await;
    let browser = world.signed_in("erin").await;
    let portal = browser.opens(&world.at("/")).await;
    let links = portal.links();
    assert!(links.contains(&"/keys/payments-prod/Uploader".to_owned()));
    assert!(
        !links
            .iter()
            .any(|link| link.starts_with("/go/payments-prod/Uploader"))
    );
    assert_eq!(
        portal.body.matches("Keys only").count(),
        1,
        "{}",
        portal.body
    );
    world.stop().await;
}

#[tokio::test]
async fn no_scope_narrows_it_so_none_can_be_asked_for() {
    let world = world().await;
    let browser = world.signed_in("erin").await;
    world.aws_forgets();
    let link = world.at("/keys/payments-prod/Uploader?scope=read-only");
    browser.opens(&link).await.is_refused(400, "scope-unknown");
    nothing_was_made(&world).await;
    world.stop().await;
}

/// Sends the form with what stands in the file of the own credentials.
async fn refused_with(world: &World, own: &str, says: &str, asked: &[&str]) {
    let browser = world.signed_in("erin").await;
    let page = browser
        .opens(&world.at("/keys/payments-prod/Uploader"))
        .await;
    let form = form(&page);
    std::fs::write(world.folder.join("uploader"), own).unwrap();
    world.aws_forgets();
    let page = browser.submits_once(&form).await;
    page.is_refused(403, "aws-refused");
    assert!(page.body.contains(says), "{says}: {}", page.body);
    assert!(texts(&page).is_empty());
    assert_eq!(world.aws_actions(), asked);
}

#[tokio::test]
async fn a_role_s_credentials_another_account_s_key_and_the_root_user_s_give_nothing() {
    let world = builder().start().await;
    // the key of a user elsewhere
    puts_user(&world.sandbox, DEV);
    let own = file(KEY, SECRET);
    let says = "not an IAM user&#39;s of this account";
    refused_with(&world, &own, says, &["GetCallerIdentity"]).await;
    // root's
    {
        let mut iam = world.sandbox.simulation().iam.write();
        let root = AccessKey::new("AKIAROOTROOTROOTROO1", SECRET);
        iam.account_mut(PROD).unwrap().root_keys.push(root);
    }
    let own = file("AKIAROOTROOTROOTROO1", SECRET);
    refused_with(&world, &own, "handed to nobody", &["GetCallerIdentity"]).await;
    // a role's: AWS is not even asked
    let chained = std::fs::read_to_string(world.folder.join("chained")).unwrap();
    refused_with(&world, &chained, "long-term key only", &[]).await;
    let (_, ended) = rows(&world, 3).await;
    assert_eq!(ended.result.as_deref(), Some("refused"));
    assert_eq!(ended.access_key_id, None);
    world.stop().await;
}

#[tokio::test]
async fn what_aws_says_no_to_is_told() {
    let world = world().await;
    let browser = world.signed_in("erin").await;
    let form = form(
        &browser
            .opens(&world.at("/keys/payments-prod/Uploader"))
            .await,
    );
    let faults = &world.sandbox.simulation().faults;
    for action in ["GetCallerIdentity", "GetSessionToken"] {
        for (fault, status, problem) in [
            (
                Fault::sts_error(403, "AccessDenied", "no"),
                403,
                "aws-refused",
            ),
            (Fault::garbage(), 502, "aws-unexpected"),
            (
                Fault::expired_credentials(world.clock.now()),
                502,
                "aws-unexpected",
            ),
        ] {
            if action == "GetCallerIdentity" && matches!(fault, Fault::Alter(_)) {
                continue;
            }
            faults.plan_times(3, HostKind::Sts, Some(action), &fault);
            browser
                .submits_once(&form)
                .await
                .is_refused(status, problem);
            faults.clear();
        }
    }
    assert_eq!(texts(&browser.submits_once(&form).await).len(), 4);
    world.stop().await;
}

#[tokio::test]
async fn what_is_not_fenced_off_is_refused_when_it_is_published_and_by_the_command() {
    let world = builder()
        .with("may_not_assume_roles = true\n", "")
        .unpublished()
        .start()
        .await;
    let model = format!(
        "{MODEL}{}\n{ROLE}session_policy = '{{}}'\n",
        ROLE.replace("Uploader", "Other")
    );
    let config = world.configuration();
    let refused = vestibule::cli::apply(&config, &model, "by a test").await;
    let said = format!("{:#}", refused.unwrap_err());
    let file = world.folder.join("bad.toml");
    std::fs::write(&file, &model).unwrap();
    let words = ["access", "check", file.to_str().unwrap()];
    let output = crate::commands::vestibule(&world.folder, &words).await;
    assert!(!output.status.success());
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8(printed).unwrap();
    for said in [said, printed] {
        for problem in [
            "must be marked may_not_assume_roles = true",
            "no other role may use own credentials uploader",
            "session_policy: does not apply to GetSessionToken",
        ] {
            assert!(said.contains(problem), "{problem}: {said}");
        }
    }
    world.stop().await;
}

#[tokio::test]
async fn an_entry_that_is_marked_is_no_way_into_a_role() {
    let world = world().await;
    let with = |method: &str| {
        format!("{MODEL}{}", ROLE.replace("GetSessionToken", method))
            + "resource_policies_only = true\n"
    };
    let config = world.configuration();
    for method in ["AssumeRole", "GetFederationToken"] {
        let model = with(method);
        let model = if method == "AssumeRole" {
            model.replace(
                "credentials = \"uploader\"\nresource_policies_only = true\n",
                "credentials = \"uploader\"\n",
            )
        } else {
            model
        };
        let refused = vestibule::cli::apply(&config, &model, "by a test").await;
        let said = format!("{:#}", refused.unwrap_err());
        assert!(
            said.contains("marked may_not_assume_roles"),
            "{method}: {said}"
        );
    }
    // and the administrators' list names the method
    let ada = world.signed_in("ada").await;
    let list = ada
        .opens(&world.at("/admin/access?show=roles&q=Uploader"))
        .await;
    assert!(list.body.contains("GetSessionToken"), "{}", list.body);
    world.stop().await;
}
