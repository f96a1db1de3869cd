//! AWS's own second factor: the code of an IAM user's device, typed by the person, given to AWS once and kept nowhere.

use chrono::TimeDelta;
use vestibule::clock::Clock as _;
use vestibule::domain::audit::EventKind;
use vestibule_sandbox::aws::faults::{Fault, HostKind};
use vestibule_sandbox::aws::mfa::MfaDevice;

use crate::world::World;
use crate::world::browser::{Browser, Form, Page};
use crate::world::mfa::{self, LINK, SERIAL};

/// A world whose IAM user has a device, in whose account a role opens only with a code, and whose clock stands still.
async fn start() -> (World, MfaDevice) {
    let world = World::builder().model(&mfa::model("hub")).start().await;
    let device = mfa::put(&world);
    let now = world.clock.now();
    world.clock.hold_at(now);
    (world, device)
}

/// The code that the device shows now.
fn code(world: &World, device: &MfaDevice) -> String {
    device.code_at(world.clock.now().timestamp())
}

/// One that it does not show.
fn wrong_code(world: &World, device: &MfaDevice) -> String {
    let now = world.clock.now().timestamp();
    let shown: Vec<_> = (-1..=1).map(|n| device.code_at(now + 30 * n)).collect();
    let mut codes = (0..).map(|n| format!("{n:06}"));
    codes.find(|code| !shown.contains(code)).unwrap()
}

async fn question(world: &World, browser: &Browser) -> Form {
    let page = browser.opens(&world.at(LINK)).await;
    assert_eq!(page.status, 200, "{}", page.body);
    page.form_with("code").expect("a form for the code")
}

async fn enters(world: &World, browser: &Browser, code: &str) -> Page {
    let form = question(world, browser).await.with("code", code);
    browser.submits_once(&form).await
}

#[tokio::test]
async fn a_code_is_asked_for_and_opens_the_role_once() {
    let (world, device) = start().await;
    let browser = world.signed_in("erin").await;
    world.aws_forgets();
    let page = browser.opens(&world.at(LINK)).await;
    assert!(page.body.contains(SERIAL), "{}", page.body);
    assert_eq!(world.aws_actions(), [""; 0], "nothing before the code");
    assert_eq!(world.audit(EventKind::SigninBegun).await.len(), 0);
    let typed = code(&world, &device);
    let page = enters(&world, &browser, &typed).await;
    assert_eq!(page.status, 303, "{}", page.body);
    assert_eq!(
        (page.body.as_str(), page.header("cache-control")),
        ("", "no-store")
    );
    let location = page.location().unwrap();
    assert!(!location.as_str().contains(&typed), "{location}");
    let call = world.sts_call();
    assert_eq!(call.parameters["SerialNumber"], SERIAL);
    let page = browser.follows(page).await;
    assert!(
        page.hops
            .iter()
            .all(|hop| !hop.url.as_str().contains(&typed))
    );
    world.console(&browser, &page).await;

    let again = enters(&world, &browser, &typed).await;
    again.is_refused(403, "code-refused");
    assert!(again.body.contains("wait until it shows the next"));
    world.clock.advance(TimeDelta::seconds(30));
    let next = enters(&world, &browser, &code(&world, &device)).await;
    assert_eq!(next.status, 303, "{}", next.body);
    world.stop().await;
}

#[tokio::test]
async fn a_wrong_code_has_a_page_that_leads_back_to_the_question() {
    let (world, device) = start().await;
    let browser = world.signed_in("erin").await;
    world.aws_forgets();
    let wrong = wrong_code(&world, &device);
    let page = enters(&world, &browser, &wrong).await;
    page.is_refused(403, "code-refused");
    assert!(!page.body.contains(&wrong), "the code is on the page");
    assert!(page.body.contains("does not belong to the IAM user"));
    assert_eq!(world.aws_actions(), ["AssumeRole"], "and not tried again");
    let (_, ended) = world.signin_rows(1).await;
    assert_eq!(ended.cause.as_deref(), Some("mfa.refused"));
    assert!(page.links().contains(&String::new()), "{:?}", page.links());
    let back = browser.opens(page.url.as_str()).await;
    assert!(back.form_with("code").is_some(), "{}", back.body);
    world.stop().await;
}

#[tokio::test]
async fn what_is_no_code_never_reaches_aws() {
    let (world, device) = start().await;
    let browser = world.signed_in("erin").await;
    world.aws_forgets();
    let form = question(&world, &browser).await;
    let long = "1".repeat(5_000);
    for bad in [
        "",
        "12345",
        "1234567",
        "abcdef",
        "12345a",
        " 123456",
        "123456 ",
        "123 456",
        "+12345",
        "１２３４５６",
        "١٢٣٤٥٦",
        "123456\n",
        "123456&x=1",
        &long,
    ] {
        let page = browser.submits_once(&form.clone().with("code", bad)).await;
        page.is_refused(400, "code-unreadable");
    }
    let mut twice = form.clone().with("code", "123456");
    twice.fields.push(("code".to_owned(), "654321".to_owned()));
    for bad in [form.clone().without("code"), twice] {
        browser
            .submits_once(&bad)
            .await
            .is_refused(400, "code-unreadable");
    }
    // a code in an address is none
    let typed = code(&world, &device);
    let page = browser
        .opens(&world.at(&format!("{LINK}?code={typed}")))
        .await;
    let form = page.form_with("code").unwrap();
    assert_eq!(form.action.path(), LINK);
    assert_eq!(form.action.query(), None);
    assert!(world.aws_saw().is_empty());
    world.stop().await;
}

#[tokio::test]
async fn a_form_that_is_not_ours_spends_no_code() {
    let (world, device) = start().await;
    let browser = world.signed_in("erin").await;
    let form = question(&world, &browser).await;
    let form = form.with("code", &code(&world, &device));
    world.aws_forgets();
    let forged = form
        .clone()
        .with("form_token", "0123456789012345678901234567890123456789012");
    for (bad, problem) in [
        (form.clone().without("form_token"), "form-refused"),
        (forged, "other-session"),
    ] {
        browser.submits_once(&bad).await.is_refused(403, problem);
    }
    let fields = Some(&form.fields[..]);
    for headers in [
        &[("origin", "https://evil.example")][..],
        &[("origin", "null")],
        &[],
        &[
            ("origin", world.url.as_str()),
            ("sec-fetch-site", "cross-site"),
        ],
    ] {
        let post = browser.once(reqwest::Method::POST, &form.action, fields, headers);
        post.await.is_refused(403, "form-refused");
    }
    // in another browser there is no session that the token could be of
    let stranger = world.browser().submits_once(&form).await;
    stranger.is_refused(403, "session-ended");
    assert!(world.aws_saw().is_empty());
    assert_eq!(browser.submits_once(&form).await.status, 303, "unspent");
    world.stop().await;
}

#[tokio::test]
async fn a_call_with_a_code_is_never_made_twice() {
    let (world, device) = start().await;
    let browser = world.signed_in("erin").await;
    let faults = &world.sandbox.simulation().faults;
    for (status, name) in [
        (500, "InternalFailure"),
        (400, "Throttling"),
        (503, "ServiceUnavailable"),
    ] {
        world.aws_forgets();
        let fault = Fault::sts_error(status, name, "x");
        faults.plan(HostKind::Sts, Some("AssumeRole"), fault);
        let page = enters(&world, &browser, &code(&world, &device)).await;
        page.is_refused(503, "aws-busy");
        assert_eq!(world.aws_actions(), ["AssumeRole"], "{name}");
    }
    world.aws_forgets();
    faults.plan(HostKind::Sts, Some("AssumeRole"), Fault::Reset);
    let page = enters(&world, &browser, &code(&world, &device)).await;
    assert_eq!(page.problem(), "aws-busy", "{}", page.body);
    assert_eq!(world.aws_actions(), ["AssumeRole"], "a broken connection");
    world.stop().await;
}

#[tokio::test]
async fn with_a_role_s_credentials_nobody_is_asked_for_a_code() {
    let (world, _) = start().await;
    // the user's key makes room for a role's credentials
    let chained = std::fs::read(world.folder.join("chained")).unwrap();
    std::fs::write(world.folder.join("hub"), chained).unwrap();
    let browser = world.signed_in("erin").await;
    world.aws_forgets();
    let page = browser.opens_once(&world.at(LINK)).await;
    page.is_refused(403, "aws-refused");
    assert!(page.body.contains("MfaNeedsAnIamUser"), "{}", page.body);
    // and where they are known to be a role's, no such role is published
    let config = world.configuration();
    let published = vestibule::cli::apply(&config, &mfa::model("chained"), "by a test").await;
    let problems = format!("{:?}", published.unwrap_err());
    assert!(
        problems.contains("own credentials chained come from a role"),
        "{problems}"
    );
    assert!(world.aws_saw().is_empty());
    world.stop().await;
}

#[tokio::test]
async fn who_comes_from_the_provider_is_asked_at_the_link_itself() {
    let (world, device) = start().await;
    let browser = world.browser();
    let query = "hours=2&destination=https%3A%2F%2Fconsole.aws.amazon.com%2Fs3%2Fhome";
    let link = format!("{LINK}?idp=corp&{query}");
    let page = world.signs_in(&browser, &link, "erin").await;
    assert_eq!((page.status, page.url.path()), (200, LINK), "{}", page.body);
    let form = page.form_with("code").unwrap();
    let kept = form.action.query().unwrap();
    assert!(
        kept.contains("hours=2") && kept.contains("s3%2Fhome"),
        "{kept}"
    );
    let page = browser
        .submits(&form.with("code", &code(&world, &device)))
        .await;
    world.console(&browser, &page).await;
    world.stop().await;
}

#[tokio::test]
async fn a_code_for_a_role_that_asks_for_none_goes_nowhere() {
    let (world, device) = start().await;
    let browser = world.signed_in("erin").await;
    let mut form = question(&world, &browser).await;
    form.action = url::Url::parse(&world.at("/go/payments-dev/Developer")).unwrap();
    world.aws_forgets();
    let page = browser
        .submits_once(&form.with("code", &code(&world, &device)))
        .await;
    assert_eq!(page.status, 303, "{}", page.body);
    let call = world.sts_call();
    assert_eq!(call.parameters.get("SerialNumber"), None);
    assert_eq!(call.parameters.get("TokenCode"), None);
    world.stop().await;
}

#[tokio::test]
async fn codes_cannot_be_guessed_through() {
    let (world, device) = start().await;
    let browser = world.signed_in("erin").await;
    let wrong = wrong_code(&world, &device);
    for _ in 0..10 {
        enters(&world, &browser, &wrong)
            .await
            .is_refused(403, "code-refused");
    }
    world.aws_forgets();
    let right = code(&world, &device);
    // nor from another session of the same person
    for browser in [browser, world.signed_in("erin").await] {
        let page = enters(&world, &browser, &right).await;
        page.is_refused(429, "codes-too-many");
        assert_eq!(page.header("retry-after"), "300");
    }
    assert!(world.aws_saw().is_empty());
    let other = world.signed_in("carl").await;
    assert_eq!(enters(&world, &other, &right).await.status, 303);
    let refused = world.audit(EventKind::SigninRefused).await;
    assert_eq!(refused[0].cause.as_deref(), Some("mfa.too_many"));
    world.clock.advance(TimeDelta::minutes(5));
    let browser = world.signed_in("erin").await;
    let page = enters(&world, &browser, &code(&world, &device)).await;
    assert_eq!(page.status, 303, "{}", page.body);
    world.stop().await;
}

#[tokio::test]
async fn the_portal_says_that_a_code_is_asked_for() {
    let (world, _) = start().await;
    let browser = world.signed_in("erin").await;
    let portal = browser.opens(&world.at("/")).await.body;
    assert!(
        portal.contains("asks for the code of an AWS MFA device"),
        "{portal}"
    );
    world.stop().await;
}

#[tokio::test]
async fn keys_take_the_code_in_a_form_of_their_own() {
    let (world, device) = start().await;
    let browser = world.signed_in("erin").await;
    let page = browser.opens(&world.at("/keys/payments-dev/Coded")).await;
    assert!(page.body.contains(SERIAL), "{}", page.body);
    let form = page.form_with("code").unwrap();
    assert_eq!(form.action.path(), "/keys/payments-dev/Coded");
    world.aws_forgets();
    for none in [form.clone().without("code"), form.clone().with("code", "")] {
        let again = browser.submits_once(&none).await;
        assert_eq!(again.status, 200, "{}", again.body);
        assert!(again.form_with("code").is_some(), "{}", again.body);
    }
    let bad = form.clone().with("code", "12345a");
    browser
        .submits_once(&bad)
        .await
        .is_refused(400, "code-unreadable");
    assert!(world.aws_saw().is_empty());
    let wrong = form.clone().with("code", &wrong_code(&world, &device));
    let refused = browser.submits_once(&wrong).await;
    refused.is_refused(403, "code-refused");
    assert!(!refused.body.contains("AWS_SESSION_TOKEN"));
    let right = form.with("code", &code(&world, &device));
    let shown = browser.submits_once(&right).await;
    assert_eq!(shown.status, 200, "{}", shown.body);
    assert!(shown.body.contains("AWS_SESSION_TOKEN"), "{}", shown.body);
    assert!(!shown.body.contains(&code(&world, &device)));
    let spent = browser.submits_once(&right).await;
    spent.is_refused(403, "code-refused");
    assert_eq!(world.aws_actions(), ["AssumeRole"; 3]);
    world.stop().await;
}
