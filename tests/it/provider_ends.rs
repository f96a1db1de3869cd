//! `SessionNotOnOrAfter`: what a SAML provider says about the end of a login bounds the session and every console.

use chrono::TimeDelta;
use vestibule::domain::audit::EventKind;

use crate::world::World;

async fn ending_after(lifetime: TimeDelta) -> World {
    let world = World::start().await;
    world
        .sandbox
        .saml_idp
        .configure(|options| options.session_lifetime = Some(lifetime));
    world
}

#[tokio::test]
async fn the_providers_end_ends_the_session_and_shortens_the_console() {
    let world = ending_after(TimeDelta::minutes(30)).await;
    let browser = world.signed_in("erin").await;
    // what is left, in whole quarters of an hour
    for (link, seconds) in [
        ("/go/payments-prod/Admin", "900"),
        ("/go/payments-dev/Developer", "900"),
    ] {
        world.aws_forgets();
        let page = browser.opens_once(&world.at(link)).await;
        assert_eq!(page.status, 303, "{}", page.body);
        let exchange = world.aws_saw().pop().unwrap();
        assert_eq!(exchange.parameters["SessionDuration"], seconds, "{link}");
    }
    let me = world.at("/api/v1/me");
    world.clock.advance(TimeDelta::minutes(29));
    assert_eq!(browser.opens_once(&me).await.status, 200);
    // an hour without a click is not over, nor are the twelve hours
    world.clock.advance(TimeDelta::minutes(2));
    assert_eq!(browser.opens_once(&me).await.status, 401);
    world.stop().await;
}

#[tokio::test]
async fn a_forwarded_response_that_ends_soon_opens_a_console_for_that_long() {
    let world = ending_after(TimeDelta::minutes(40)).await;
    let browser = world.browser();
    let link = "/go/payments-prod/SamlReader?idp=corp";
    let page = world.signs_in(&browser, link, "erin").await;
    let exchange = world
        .aws_saw()
        .into_iter()
        .rfind(|entry| entry.action.as_deref() == Some("getSigninToken"));
    assert_eq!(exchange.unwrap().parameters["SessionDuration"], "1800");
    world.console(&browser, &page).await;
    world.stop().await;
}

#[tokio::test]
async fn an_answer_whose_login_is_over_already_starts_no_session() {
    let world = ending_after(TimeDelta::seconds(-10)).await;
    let browser = world.browser();
    let link = "/go/payments-prod/Admin?idp=corp";
    let page = world.signs_in(&browser, link, "erin").await;
    page.is_refused(403, "proof-refused");
    assert!(page.body.contains("saml.session_over"), "{}", page.body);
    let failed = world.audit(EventKind::LoginFailed).await;
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].cause.as_deref(), Some("saml.session_over"));
    assert!(world.audit(EventKind::SessionBegan).await.is_empty());
    assert!(world.aws_saw().is_empty());
    let me = browser.opens_once(&world.at("/api/v1/me")).await;
    assert_eq!(me.status, 401);
    world.stop().await;
}
