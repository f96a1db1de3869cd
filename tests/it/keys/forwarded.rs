//! Roles that forward a proof: the keys come in the answer to what the provider sent, once, and only to whom said yes.

use super::{Shown, asks, caller, form, gets, nothing_was_made, rows};
use crate::web::kinds::{Is, carries};
use crate::world::World;
use crate::world::accounts::{MODEL, PROD};
use crate::world::browser::{Browser, Form, Page};

const SAML: &str = "/keys/payments-prod/SamlReader";
const OIDC: &str = "/keys/payments-prod/WebReader";

async fn signed_in_at(world: &World, idp: &str) -> Browser {
    let browser = world.browser();
    world
        .signs_in(&browser, &format!("/?idp={idp}"), "erin")
        .await;
    browser
}

/// The form of the page, sent; up to the answer of the SAML provider, which is about to be posted to Vestibule.
async fn up_to_the_answer(world: &World, browser: &Browser) -> Form {
    let page = gets(world, browser, SAML).await;
    assert_eq!(
        world.aws_actions(),
        Vec::<String>::new(),
        "not before the proof"
    );
    page.form_with("SAMLResponse").unwrap()
}

#[tokio::test]
async fn the_answer_to_a_saml_response_shows_the_keys_once() {
    let world = World::start().await;
    let browser = signed_in_at(&world, "corp").await;
    world.aws_forgets();
    let answer = up_to_the_answer(&world, &browser).await;
    let page = browser.submits_once(&answer).await;
    carries(&page, Is::Keys, false, "the answer with keys");
    let shown = Shown::on(&page);
    assert_eq!(world.aws_actions(), ["AssumeRoleWithSAML"]);
    assert_eq!(
        caller(&world, &shown, "eu-west-1", "sts.eu-west-1.amazonaws.com").await,
        format!("arn:aws:sts::{PROD}:assumed-role/SamlReader/erin@example.com")
    );
    rows(&world, 1).await;
    world.aws_forgets();
    // the same answer again, and the address itself, show nothing
    let again = browser.submits_once(&answer).await;
    again.is_refused(400, "login-used");
    let typed = browser.opens_once(answer.action.as_str()).await;
    typed.is_refused(405, "method-not-allowed");
    assert_eq!(world.aws_actions(), Vec::<String>::new());
    world.stop().await;
}

#[tokio::test]
async fn the_answer_to_a_callback_shows_the_keys_once() {
    let world = World::start().await;
    let browser = signed_in_at(&world, "okta").await;
    world.aws_forgets();
    let page = gets(&world, &browser, OIDC).await;
    carries(&page, Is::Keys, false, "the answer with keys");
    let shown = Shown::on(&page);
    assert_eq!(world.aws_actions(), ["AssumeRoleWithWebIdentity"]);
    let arn = caller(&world, &shown, "eu-west-1", "sts.eu-west-1.amazonaws.com").await;
    assert!(
        arn.starts_with(&format!("arn:aws:sts::{PROD}:assumed-role/WebReader/")),
        "{arn}"
    );
    world.aws_forgets();
    // loading the address again, as a browser does for its history
    assert_eq!(page.url.path(), "/oidc/okta/callback");
    let again = browser.opens_once(page.url.as_str()).await;
    again.is_refused(400, "login-used");
    assert_eq!(world.aws_actions(), Vec::<String>::new());
    rows(&world, 1).await;
    world.stop().await;
}

#[tokio::test]
async fn a_sign_in_that_nobody_said_yes_in_shows_the_page_and_no_keys() {
    let world = World::start().await;
    for (link, idp) in [(SAML, "corp"), (OIDC, "okta")] {
        let browser = world.browser();
        // it brings a proof that would do, and the person has seen no page yet
        let page = world
            .signs_in(&browser, &format!("{link}?idp={idp}"), "erin")
            .await;
        form(&page);
        assert!(
            page.body.contains("is asked once more who you are"),
            "{}",
            page.body
        );
    }
    nothing_was_made(&world).await;
    world.stop().await;
}

#[tokio::test]
async fn the_answer_belongs_to_the_browser_that_said_yes() {
    let world = World::start().await;
    let browser = signed_in_at(&world, "corp").await;
    world.aws_forgets();
    let answer = up_to_the_answer(&world, &browser).await;
    for (other, problem) in [
        (world.browser(), "cookies-off"),
        (signed_in_at(&world, "corp").await, "other-browser"),
    ] {
        let page = other.submits_once(&answer).await;
        page.is_refused(403, problem);
    }
    nothing_was_made(&world).await;
    // and there it still counts
    Shown::on(&browser.submits_once(&answer).await);
    world.stop().await;
}

/// Says yes as erin in `browser`, and signs in as somebody else at the provider.
async fn comes_back_as(world: &World, browser: &Browser, username: &str) -> Page {
    let asked = asks(world, browser, SAML).await;
    let departs = browser.submits_once(&asked).await;
    let elsewhere = world.browser();
    let page = elsewhere.follows(departs).await;
    let page = page.form_with("username").unwrap();
    let password = format!("{username}-pass");
    let page = page.with("username", username).with("password", &password);
    let answer = elsewhere.submits(&page).await;
    browser
        .submits(&answer.form_with("SAMLResponse").unwrap())
        .await
}

#[tokio::test]
async fn whoever_else_comes_back_from_the_provider_is_asked_first() {
    let world = World::start().await;
    // without the deny, carl holds the role, too
    let model = MODEL.replace(
        "deny = [\"environment:production\"]",
        "deny = [\"environment:staging\"]",
    );
    world.publishes(&model).await;
    let browser = signed_in_at(&world, "corp").await;
    world.aws_forgets();
    let page = comes_back_as(&world, &browser, "carl").await;
    assert_eq!(page.url.as_str(), world.at(SAML), "{}", page.body);
    assert!(page.body.contains("carl@example.com"), "{}", page.body);
    form(&page);
    nothing_was_made(&world).await;
    world.stop().await;
}

#[tokio::test]
async fn whoever_does_not_hold_the_role_comes_back_to_a_refusal() {
    let world = World::start().await;
    let browser = signed_in_at(&world, "corp").await;
    world.aws_forgets();
    let page = comes_back_as(&world, &browser, "carl").await;
    page.is_refused(403, "not-entitled");
    nothing_was_made(&world).await;
    world.stop().await;
}

#[tokio::test]
async fn a_role_withdrawn_while_the_person_was_at_the_provider_gives_no_keys() {
    let world = World::start().await;
    let browser = signed_in_at(&world, "corp").await;
    world.aws_forgets();
    let answer = up_to_the_answer(&world, &browser).await;
    let grant = "grant = [\"payments-prod/*\", \"payments-dev/*\", \"gov-prod/*\"]";
    world
        .publishes(&MODEL.replace(grant, "grant = [\"payments-dev/*\"]"))
        .await;
    let page = browser.submits_once(&answer).await;
    page.is_refused(403, "not-entitled");
    // a replica that has not heard of it yet finds it at the last check: either way nothing leaves
    assert!(super::texts(&page).is_empty());
    world.stop().await;
}
