//! B9: whose credentials they are. Each credential of the simulated AWS says for whom it was made, and the console
//! says who arrived.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use futures_util::{StreamExt as _, stream};

use super::signed_in;
use crate::world::World;
use crate::world::accounts::{self, DEV, MODEL};
use crate::world::browser::{Browser, Page};
use crate::world::counts;

const AT_ONCE: usize = 24;

/// How many people, roles, and clicks of each pair.
struct Load {
    people: usize,
    roles: usize,
    clicks: usize,
}

impl Load {
    const QUICK: Self = Self {
        people: 40,
        roles: 10,
        clicks: 2,
    };

    /// 100,000 clicks.
    const FULL: Self = Self {
        people: 200,
        roles: 20,
        clicks: 25,
    };

    fn asked() -> Self {
        if counts::are_full() {
            Self::FULL
        } else {
            Self::QUICK
        }
    }
}

fn role(number: usize) -> String {
    format!("Crossed{number}")
}

/// The model with more roles in development.
fn model(roles: usize) -> String {
    let mut model = MODEL.to_owned();
    for number in 0..roles {
        let name = role(number);
        write!(
            model,
            "\n[[roles]]\naccount = \"payments-dev\"\nname = \"{name}\"\nmethod = \"AssumeRole\"\n\
             credentials = \"hub\"\nconsole_hours = 1\n"
        )
        .unwrap();
    }
    model
}

async fn world(roles: usize) -> World {
    let world = World::builder().model(&model(roles)).unlimited();
    let world = world.start().await;
    let names: Vec<String> = (0..roles).map(role).collect();
    accounts::further_roles(&world.sandbox, DEV, &names);
    world
}

/// Somebody like Erin, signed in.
async fn person(world: &World, number: usize) -> (String, Browser) {
    let name = format!("person{number}");
    let mut person = world.sandbox.people().find("erin").unwrap();
    person.username.clone_from(&name);
    person.subject = format!("subject-{name}");
    let person = person.with_email(&format!("{name}@example.com"));
    world.sandbox.people().put(person);
    let browser = signed_in(world, &name).await;
    (name, browser)
}

/// Who arrives by a redirect, in a browser of its own: AWS would ask to sign out of the console before.
async fn arrives(world: &World, template: &Browser, page: Page) -> String {
    assert_eq!(page.status, 303, "{}", page.body);
    let browser = template.beside();
    let page = browser.follows(page).await;
    let console = world.console(&browser, &page).await;
    console["principal"].as_str().unwrap().to_owned()
}

/// The keys of the credentials that were handed to the sign-in endpoint, each as often as it was.
fn handed_in(world: &World) -> Vec<String> {
    let entries = world.aws_saw().into_iter();
    let exchanges = entries.filter(|entry| entry.path.ends_with("/federation"));
    let exchanges = exchanges.filter(|entry| entry.action.as_deref() == Some("getSigninToken"));
    exchanges
        .map(|entry| entry.access_key.expect("a session names its key"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn b9_credentials_never_cross_between_people_or_roles() {
    let load = Load::asked();
    let world = world(load.roles).await;
    let people: Vec<(String, Browser)> = stream::iter(0..load.people)
        .map(|number| person(&world, number))
        .buffered(AT_ONCE)
        .collect()
        .await;
    let (world_, template) = (&world, world.browser());
    let template = &template;
    let mut keys = BTreeSet::new();
    for step in 0..load.roles {
        world.aws_forgets();
        let mut clicks = Vec::new();
        for (index, (name, browser)) in people.iter().enumerate() {
            // at any moment different people want the same role, and one person wants several
            for turn in 0..load.clicks {
                let role = role((step + index + turn) % load.roles);
                clicks.push(async move {
                    let link = world_.at(&format!("/go/payments-dev/{role}"));
                    let page = browser.opens_once(&link).await;
                    let principal = arrives(world_, template, page).await;
                    let expected =
                        format!("arn:aws:sts::{DEV}:assumed-role/{role}/{name}@example.com");
                    assert_eq!(principal, expected, "{name} wanted {role}");
                });
            }
        }
        let count = clicks.len();
        stream::iter(clicks)
            .buffer_unordered(AT_ONCE)
            .collect::<Vec<()>>()
            .await;
        let handed = handed_in(&world);
        assert_eq!(handed.len(), count);
        keys.extend(handed);
    }
    let clicks = load.people * load.roles * load.clicks;
    assert_eq!(keys.len(), clicks, "credentials served twice");
    world.stop().await;
}

#[tokio::test]
async fn b9_forwarded_proofs_never_cross_between_people() {
    let world = world(Load::QUICK.roles).await;
    let world_ = &world;
    let arrivals = (0..12).map(|number| async move {
        let (name, _) = person(world_, number).await;
        let idp = if number % 2 == 0 { "corp" } else { "okta" };
        let role = if number % 2 == 0 {
            "SamlReader"
        } else {
            "WebReader"
        };
        let browser = world_.browser();
        let link = format!("/go/payments-prod/{role}?idp={idp}");
        let page = world_.signs_in(&browser, &link, &name).await;
        let console = world_.console(&browser, &page).await;
        let principal = console["principal"].as_str().unwrap().to_owned();
        let (_, session) = principal.rsplit_once('/').unwrap();
        // the second provider's people carry a digest behind their name
        let stem = session.split('=').next().unwrap();
        assert!(
            principal.contains(&format!("/{role}/")) && stem == format!("{name}@example.com"),
            "{name} wanted {role} and became {principal}"
        );
    });
    futures_util::future::join_all(arrivals).await;
    world.stop().await;
}

#[tokio::test]
async fn b9_nothing_that_was_made_before_serves_after_a_change() {
    let world = world(Load::QUICK.roles).await;
    let (_, browser) = person(&world, 1).await;
    let template = world.browser();
    let link = world.at("/go/payments-dev/Crossed1");
    world.aws_forgets();
    let click = async || browser.opens_once(&link).await;
    arrives(&world, &template, click().await).await;
    // the role means something else by now
    let narrower = model(Load::QUICK.roles).replace(
        "name = \"Crossed1\"\n",
        "name = \"Crossed1\"\nmanaged_policies = [\"arn:aws:iam::aws:policy/ReadOnlyAccess\"]\n",
    );
    world.publishes(&narrower).await;
    let page = click().await;
    // the click that meets the change is refused or made anew, and never handed what was made before
    if page.status == 303 {
        arrives(&world, &template, page).await;
    }
    arrives(&world, &template, click().await).await;
    let last = world.aws_saw();
    let asked = last
        .iter()
        .rfind(|entry| entry.action.as_deref() == Some("AssumeRole"));
    let policies = asked.unwrap().parameters.iter();
    let policies: Vec<_> = policies
        .filter(|(name, _)| name.starts_with("PolicyArns"))
        .collect();
    assert!(!policies.is_empty(), "the new role has a policy: {asked:?}");
    // signed out, with the cookie kept by whoever has it
    let url = world.url.parse().unwrap();
    let kept = browser.cookies_for(&url);
    let portal = browser.opens(&world.at("/")).await;
    browser
        .submits(&portal.form_with("form_token").unwrap())
        .await;
    let thief = template.beside();
    for (name, value) in &kept {
        thief.set_cookie(&url, name, value);
    }
    nobody_gets_in(&world, &thief, &link).await;
    // in again, and over by its age
    world.signs_in(&browser, "/?idp=corp", "person1").await;
    arrives(&world, &template, click().await).await;
    world.clock.advance(chrono::TimeDelta::hours(13));
    nobody_gets_in(&world, &browser, &link).await;
    world.signs_in(&browser, "/?idp=corp", "person1").await;
    arrives(&world, &template, click().await).await;
    // the rule that gave it is gone
    let grant = "grant = [\"payments-prod/*\", \"payments-dev/*\", \"gov-prod/*\"]";
    assert!(narrower.contains(grant));
    world
        .publishes(&narrower.replace(grant, "grant = [\"payments-prod/*\"]"))
        .await;
    assert_eq!(click().await.status, 403);
    let keys = handed_in(&world);
    let distinct: BTreeSet<&String> = keys.iter().collect();
    assert_eq!(distinct.len(), keys.len(), "credentials served twice");
    world.stop().await;
}

/// A click leads to no console, and AWS is asked nothing.
async fn nobody_gets_in(world: &World, browser: &Browser, link: &str) {
    let before = world.aws_saw().len();
    let page = browser.opens_once(link).await;
    let to = page.location().map(String::from).unwrap_or_default();
    assert!(!to.contains("SigninToken"), "{} {to}", page.status);
    assert!(page.status == 200 || page.status == 303, "{}", page.status);
    assert_eq!(world.aws_saw().len(), before);
}
