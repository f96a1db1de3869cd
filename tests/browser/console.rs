//! From a bookmarked link to the console, on loopback http.

use crate::chromium::Chromium;
use crate::world::World;
use crate::world::accounts::PROD;

#[tokio::test(flavor = "multi_thread")]
async fn a_bookmark_leads_through_the_saml_password_form_into_the_console() {
    let world = World::start().await;
    let browser = Chromium::start().await;
    browser
        .opens(&world.at("/go/payments-prod/Admin?idp=corp"))
        .await;
    browser.signs_in("erin").await;
    assert_eq!(
        browser.arrives(&world).await,
        format!("arn:aws:sts::{PROD}:assumed-role/Admin/erin@example.com")
    );
    assert!(
        browser
            .reads("#destination")
            .await
            .starts_with("https://eu-west-1.console.aws.amazon.com/cloudwatch/home")
    );
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bookmark_leads_through_openid_connect_into_the_console() {
    let world = World::start().await;
    let browser = Chromium::start().await;
    browser
        .opens(&world.at("/go/payments-prod/Admin?idp=okta"))
        .await;
    browser.signs_in("erin").await;
    let principal = browser.arrives(&world).await;
    assert!(
        principal.starts_with(&format!("arn:aws:sts::{PROD}:assumed-role/Admin/")),
        "{principal}"
    );
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_asked_for_again_and_loses_nothing() {
    let world = World::start().await;
    let browser = Chromium::start().await;
    browser
        .opens(&world.at("/go/payments-prod/SamlReader?idp=corp"))
        .await;
    browser.types("#username", "erin").await;
    browser.types("#password", "wrong").await;
    browser.clicks("form button").await;
    browser.sees("[role=alert]").await;
    browser.signs_in("erin").await;
    assert_eq!(
        browser.arrives(&world).await,
        format!("arn:aws:sts::{PROD}:assumed-role/SamlReader/erin@example.com")
    );
    world.stop().await;
}
