//! By SAML: `ForceAuthn` and `RequestedAuthnContext` out, `AuthnInstant` and `AuthnContextClassRef` back.

use std::sync::Arc;

use chrono::Duration;
use vestibule::domain::audit::EventKind;
use vestibule_sandbox::idp::saml::{AuthnRequest, PASSWORD_CONTEXT};

use super::{CODE, FRESH, GUARDED, STRONG, minutes_go_by, model, nobody_got_in, signed_in_by};
use super::{start, start_with};
use crate::world::browser::{Browser, Page};
use crate::world::{SAML, World};

fn last_request(world: &World) -> AuthnRequest {
    world.sandbox.saml_idp.requests().pop().unwrap()
}

fn logins_are_in(world: &World, context: &'static str) {
    world
        .sandbox
        .saml_idp
        .configure(move |options| context.clone_into(&mut options.authn_context));
}

/// Opens a link, and signs in anew when the provider asks.
async fn opens(world: &World, browser: &Browser, link: &str) -> Page {
    let page = browser.opens(&world.at(link)).await;
    world.goes_on(browser, page, "erin").await
}

#[tokio::test]
async fn a_young_login_opens_the_role_at_once_and_an_old_one_is_asked_for_anew() {
    let world = start().await;
    let browser = signed_in_by(&world, SAML).await;
    let before = world.sandbox.saml_idp.requests().len();
    let page = browser.opens_once(&world.at(FRESH)).await;
    assert_eq!(page.status, 303, "{}", page.body);
    assert_eq!(world.sandbox.saml_idp.requests().len(), before);
    minutes_go_by(&world, 20);
    let page = browser.opens(&world.at(FRESH)).await;
    assert!(page.form_with("username").is_some(), "{}", page.body);
    let request = last_request(&world);
    assert!(request.force_authn);
    assert_eq!(request.authn_contexts, [""; 0]);
    let page = world.goes_on(&browser, page, "erin").await;
    world.console(&browser, &page).await;
    world.stop().await;
}

#[tokio::test]
async fn a_second_factor_is_asked_for_by_its_context_and_nothing_is_forced() {
    let world = start().await;
    let browser = signed_in_by(&world, SAML).await;
    logins_are_in(&world, CODE);
    let page = opens(&world, &browser, STRONG).await;
    let request = last_request(&world);
    assert_eq!(request.authn_contexts, ["phr", CODE]);
    assert!(!request.force_authn);
    world.console(&browser, &page).await;
    world.stop().await;
}

#[tokio::test]
async fn a_provider_that_has_no_such_login_says_so_and_the_page_too() {
    let world = start().await;
    let browser = signed_in_by(&world, SAML).await;
    let page = opens(&world, &browser, GUARDED).await;
    page.is_refused(403, "login-not-enough");
    assert!(page.body.contains("says that it cannot give you one"));
    let failed = world.audit(EventKind::LoginFailed).await;
    assert_eq!(failed[0].cause.as_deref(), Some("login.context_refused"));
    assert_eq!(world.aws_actions(), [""; 0]);
    world.stop().await;
}

#[tokio::test]
async fn a_response_that_falls_short_of_what_was_asked_opens_nothing() {
    let world = start().await;
    let browser = signed_in_by(&world, SAML).await;
    minutes_go_by(&world, 20);
    logins_are_in(&world, CODE);
    let asked_before = world.sandbox.saml_idp.requests().len();
    let swap = |to: &'static str| -> vestibule_sandbox::idp::saml::Edit {
        Arc::new(move |xml: String| xml.replace(&format!(">{CODE}<"), &format!(">{to}<")))
    };
    for (edit, ago, cause, says) in [
        (
            None,
            Some(Duration::minutes(17)),
            "login.too_old",
            "longer ago than that",
        ),
        (
            Some(swap(PASSWORD_CONTEXT)),
            None,
            "login.other_context",
            "let you sign in in another way",
        ),
        (
            Some(swap("phr phrh")),
            None,
            "login.other_context",
            "let you sign in in another way",
        ),
    ] {
        world.sandbox.saml_idp.configure(move |options| {
            options.edit_assertion.clone_from(&edit);
            options.authenticated_ago = ago;
        });
        let page = opens(&world, &browser, GUARDED).await;
        nobody_got_in(&world, &page, cause, says).await;
    }
    let asked = world.sandbox.saml_idp.requests().len() - asked_before;
    assert_eq!(asked, 3, "once each");
    world.stop().await;
}

#[tokio::test]
async fn a_forwarded_proof_is_fetched_without_a_password_while_the_login_is_young() {
    let reader = "name = \"SamlReader\"\n";
    let asking = format!("{reader}requires = {{ login_within_minutes = 15 }}\n");
    let model = model().replace(reader, &asking);
    let world = start_with(World::builder().model(&model)).await;
    let browser = signed_in_by(&world, SAML).await;
    let link = "/go/payments-prod/SamlReader";
    let page = browser.opens(&world.at(link)).await;
    assert!(!last_request(&world).force_authn);
    assert!(page.form_with("username").is_none(), "{}", page.body);
    let page = world.goes_on(&browser, page, "erin").await;
    world.console(&browser, &page).await;
    minutes_go_by(&world, 20);
    let page = browser.opens(&world.at(link)).await;
    assert!(last_request(&world).force_authn);
    assert!(page.form_with("username").is_some(), "{}", page.body);
    let page = world.goes_on(&browser, page, "erin").await;
    world.console(&browser, &page).await;
    world.stop().await;
}

#[tokio::test]
async fn somebody_else_who_signs_in_there_gets_what_is_theirs() {
    let world = start().await;
    let browser = signed_in_by(&world, SAML).await;
    minutes_go_by(&world, 20);
    let page = browser.opens(&world.at(FRESH)).await;
    let page = world.goes_on(&browser, page, "nora").await;
    page.is_refused(403, "not-entitled");
    assert_eq!(world.aws_actions(), [""; 0]);
    world.stop().await;
}
