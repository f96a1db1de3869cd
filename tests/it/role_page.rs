//! The page about a role: what it says, and the form that opens it, links to it and is remembered.

use url::Url;

use crate::preferences::signed_in;
use crate::world::accounts::{MODEL, PROD};
use crate::world::browser::{Browser, Form, Page};
use crate::world::{SAML, World};

const ADMIN: &str = "/roles/payments-prod/Admin";

async fn about(world: &World, browser: &Browser, path: &str) -> Page {
    let page = browser.opens_once(&world.at(path)).await;
    assert_eq!(page.status, 200, "{path}: {}", page.body);
    page
}

/// The form, as it is sent by the button that opens the role: without the token of the other button.
fn form(page: &Page) -> Form {
    page.form_with("destination").unwrap().without("form_token")
}

/// The same, sent by the button that has it remembered.
fn remembering(world: &World, page: &Page) -> Form {
    let mut form = page.form_with("destination").unwrap();
    form.post = true;
    form.action = Url::parse(&world.at(page.url.path())).unwrap();
    form
}

fn says(page: &Page, texts: &[&str]) {
    for text in texts {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
}

#[tokio::test]
async fn it_says_what_a_role_is_how_long_it_lasts_and_why_and_leads_on() {
    let world = World::start().await;
    let browser = world.browser();
    let link = format!("{ADMIN}?idp={SAML}");
    let page = world.signs_in(&browser, &link, "erin").await;
    // the sign-in leads back to it
    assert_eq!((page.status, page.url.path()), (200, ADMIN));
    says(
        &page,
        &[
            "Everything",
            "Payments Production",
            PROD,
            "production",
            "payments-leads@example.com",
            "by AWS credentials of its own",
            "8 hours",
            "because this is what the role allows",
            "read-only",
            "Look, don&#39;t touch",
            "https://eu-west-1.console.aws.amazon.com/cloudwatch/home",
        ],
    );
    let links = page.links();
    for link in [
        "/go/payments-prod/Admin",
        "/keys/payments-prod/Admin",
        "/roles/payments-prod/Admin/why",
        "/go/payments-prod?choose=yes",
    ] {
        assert!(links.iter().any(|known| known == link), "{link}: {links:?}");
    }
    for (role, text) in [
        (
            "payments-prod/SamlReader",
            "What Example Corp says of you is passed on",
        ),
        ("payments-prod/Federated", "a federated user"),
        ("payments-prod/Chained", "1 hour"),
        ("payments-dev/Developer", "12 hours"),
    ] {
        says(
            &about(&world, &browser, &format!("/roles/{role}")).await,
            &[text],
        );
    }
    // no scope can be put on a role with policies of its own
    let narrow = about(&world, &browser, "/roles/payments-prod/Narrow").await;
    assert!(!narrow.body.contains("name=\"scope\""));
    assert!(world.sts_calls().is_empty());
    world.stop().await;
}

#[tokio::test]
async fn its_form_opens_the_role_as_one_wants_it() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    let page = about(&world, &browser, ADMIN).await;
    let form = form(&page)
        .with(
            "destination",
            "https://console.aws.amazon.com/s3/home?x=1#y",
        )
        .with("region", "us-east-2")
        .with("hours", "2")
        .with("scope", "read-only");
    assert!(!form.post);
    let arrived = browser.submits(&form).await;
    let console = world.console(&browser, &arrived).await;
    assert_eq!(
        console["destination"],
        "https://us-east-2.console.aws.amazon.com/s3/home?x=1&region=us-east-2#y"
    );
    let policies = console["managed_policies"].to_string();
    assert!(policies.contains("ReadOnlyAccess"), "{policies}");
    let length = |name: &str| {
        let text = console[name].as_str().unwrap();
        chrono::DateTime::parse_from_rfc3339(text).unwrap()
    };
    assert_eq!((length("expires") - length("began")).num_hours(), 2);
    // the empty form is the plain link
    let plain = about(&world, &browser, ADMIN).await;
    let answer = browser.submits_once(&self::form(&plain)).await;
    assert!(answer.header("location").contains("SigninToken="));
    world.stop().await;
}

#[tokio::test]
async fn it_makes_links_that_open_what_the_form_says_for_oneself_and_for_anybody() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    let mut form = form(&about(&world, &browser, ADMIN).await)
        .with(
            "destination",
            "https://0123456789ab.console.aws.amazon.com/x",
        )
        .with("hours", "1");
    form.action = Url::parse(&world.at(ADMIN)).unwrap();
    browser
        .submits_once(&form)
        .await
        .is_refused(400, "destination-refused");
    let host = "eu-west-1.console.aws.amazon.com";
    let form = form.with(
        "destination",
        &format!("https://{PROD}-0a1b2c3d.{host}/s3/home?a=b&c#d"),
    );
    let page = browser.submits_once(&form).await;
    assert_eq!(page.status, 200);
    let escaped = format!("https%3A%2F%2F{host}%2Fs3%2Fhome%3Fa%3Db%26c%23d");
    let links = page.links();
    let link = world.at(&format!(
        "/go/payments-prod/Admin?destination={escaped}&hours=1"
    ));
    let share = world.at(&format!("/go/payments-prod?destination={escaped}"));
    for link in [&link, &share] {
        assert!(links.contains(link), "{link}: {links:?}");
    }
    says(&page, &["1 hour", "because the link asks for it"]);
    let arrived = browser.opens(&link).await;
    let console = world.console(&browser, &arrived).await;
    assert_eq!(
        console["destination"],
        format!("https://{host}/s3/home?a=b&c#d")
    );
    world.stop().await;
}

#[tokio::test]
async fn how_one_likes_to_open_it_is_remembered_and_forgotten() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    let page = about(&world, &browser, ADMIN).await;
    assert!(page.form_with("forget").is_none());
    let form = remembering(&world, &page)
        .with("region", "us-east-2")
        .with("hours", "4")
        .with("scope", "read-only");
    let kept = browser.submits(&form).await;
    assert_eq!((kept.status, kept.url.path()), (200, ADMIN));
    assert_eq!(
        kept.form_with("region").unwrap().value("region"),
        Some("us-east-2")
    );
    assert_eq!(self::form(&kept).value("hours"), Some("4"));
    assert_eq!(self::form(&kept).value("scope"), Some("read-only"));
    // in another browser too, and what a link says goes before it
    let other = signed_in(&world, "erin").await;
    let there = about(&world, &other, &format!("/roles/{PROD}/Admin")).await;
    assert_eq!(self::form(&there).value("hours"), Some("4"));
    let said = about(&world, &other, &format!("{ADMIN}?hours=1")).await;
    assert_eq!(self::form(&said).value("hours"), Some("1"));
    assert_eq!(self::form(&said).value("region"), Some(""));
    // it is nobody else's
    let stored = world.kept(SAML, "erin@example.com").await;
    assert!(stored.contains(&format!("{PROD}/Admin")), "{stored}");
    let forget = kept.form_with("forget").unwrap();
    let gone = browser.submits(&forget).await;
    assert!(gone.form_with("forget").is_none());
    assert_eq!(self::form(&gone).value("region"), Some(""));
    world.stop().await;
}

#[tokio::test]
async fn what_cannot_be_opened_is_not_remembered() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    let page = about(&world, &browser, ADMIN).await;
    for (name, value, problem) in [
        (
            "destination",
            "https://evil.example/",
            "destination-refused",
        ),
        (
            "destination",
            "https://console.amazonaws-us-gov.com/",
            "destination-refused",
        ),
        ("region", "cn-north-1", "region-foreign"),
        ("region", "eu-west-1.evil.example", "link-unreadable"),
        ("scope", "no-such", "scope-unknown"),
        ("hours", "99", "link-unreadable"),
        ("forget", "no", "link-unreadable"),
    ] {
        let form = remembering(&world, &page).with(name, value);
        let answer = browser.submits_once(&form).await;
        assert_eq!(
            (answer.status, answer.problem()),
            (400, problem),
            "{name}={value}"
        );
        let said = browser
            .opens_once(&world.at(&format!("{ADMIN}?{name}={value}")))
            .await;
        if name != "forget" {
            assert_eq!(said.problem(), problem, "{name}={value}");
        }
    }
    assert!(!world.kept(SAML, "erin@example.com").await.contains("evil"));
    world.stop().await;
}

#[tokio::test]
async fn a_role_that_one_does_not_hold_has_no_page() {
    let open = MODEL.replace(
        "name = \"Chained\"",
        "name = \"Chained\"\ndiscoverable = true",
    );
    let world = World::builder().model(&open).start().await;
    let browser = signed_in(&world, "carl").await;
    let mut pages = Vec::new();
    for role in [
        "payments-prod/Admin",
        "payments-prod/Nothing",
        "nowhere/Admin",
        "999999999999/Admin",
    ] {
        let page = browser
            .opens_once(&world.at(&format!("/roles/{role}")))
            .await;
        page.is_refused(403, "not-entitled");
        pages.push(page.without_reference());
        // nor can a way to open it be kept
        let mine = about(&world, &browser, "/roles/payments-dev/Developer").await;
        let mut form = remembering(&world, &mine).with("hours", "1");
        form.action = Url::parse(&world.at(&format!("/roles/{role}"))).unwrap();
        let refused = browser.submits_once(&form).await;
        refused.is_refused(403, "not-entitled");
    }
    assert!(pages.iter().all(|page| *page == pages[0]));
    assert!(!world.kept(SAML, "carl@example.com").await.contains("Admin"));
    // one that is shown to everybody says whom to ask
    let page = browser
        .opens_once(&world.at("/roles/payments-prod/Chained"))
        .await;
    page.is_refused(403, "not-entitled");
    says(&page, &["payments-leads@example.com"]);
    world.stop().await;
}
