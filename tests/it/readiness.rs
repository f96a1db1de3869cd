//! `/readyz`: everything that a sign-in needs is there, or each thing that is not is named.

use chrono::{SecondsFormat, TimeDelta};
use serde_json::{Value, json};
use vestibule::app::App;
use vestibule::clock::Clock as _;

use crate::world::World;

/// The status, and what is missing.
async fn readiness(world: &World, app: &App) -> (u16, Vec<String>) {
    let url = format!("{}/readyz", app.operations_url());
    let answer = world.browser().opens_once(&url).await;
    let said: Value = serde_json::from_str(&answer.body).unwrap();
    let missing = said["missing"].as_array().unwrap();
    assert_eq!(said["ready"], json!(missing.is_empty()), "{said}");
    assert!(missing.iter().all(|one| one["why"] != ""), "{said}");
    let what = |one: &Value| one["what"].as_str().unwrap().to_owned();
    (answer.status, missing.iter().map(what).collect())
}

#[tokio::test]
async fn ready_is_who_lacks_nothing() {
    let world = World::start().await;
    assert_eq!(readiness(&world, &world.app).await, (200, vec![]));
    world.stop().await;
}

#[tokio::test]
async fn without_a_published_access_model_nothing_is_ready() {
    let world = World::builder().unpublished().start().await;
    let missing = vec!["access model".to_owned()];
    assert_eq!(readiness(&world, &world.app).await, (503, missing));
    world.publishes(crate::world::accounts::MODEL).await;
    // a replica that starts now has it
    let (other, _) = world.replica().await;
    assert_eq!(readiness(&world, &other).await, (200, vec![]));
    other.stop().await;
    world.stop().await;
}

#[tokio::test]
async fn a_provider_that_never_answered_is_named() {
    let world = World::start().await;
    world.sandbox.oidc_idp.stop().await;
    let missing = vec!["identity provider okta".to_owned()];
    assert_eq!(readiness(&world, &world.app).await, (503, missing));
    world.stop().await;
}

#[tokio::test]
async fn metadata_that_is_past_its_time_is_named() {
    let world = World::start().await;
    let file = world.folder.join("corp-metadata.xml");
    let until = world.clock.now() + TimeDelta::hours(1);
    let until = until.to_rfc3339_opts(SecondsFormat::Secs, true);
    let text = std::fs::read_to_string(&file).unwrap();
    let limited = text.replacen(
        " entityID=",
        &format!(" validUntil=\"{until}\" entityID="),
        1,
    );
    assert_ne!(limited, text);
    std::fs::write(&file, limited).unwrap();
    let (other, url) = world.replica().await;
    assert_eq!(readiness(&world, &other).await, (200, vec![]));
    world.clock.advance(TimeDelta::hours(2));
    let missing = vec!["identity provider corp".to_owned()];
    assert_eq!(readiness(&world, &other).await, (503, missing));
    // and its answers are not believed any more
    let browser = world.browser();
    let mut form = world.saml_answer(&browser, "/?idp=corp", "erin").await;
    form.action = url::Url::parse(&format!("{url}/saml/corp/acs")).unwrap();
    let page = browser.submits_once(&form).await;
    page.is_refused(403, "proof-refused");
    assert!(page.body.contains("saml.metadata_expired"), "{}", page.body);
    other.stop().await;
    world.stop().await;
}

#[tokio::test]
async fn a_database_that_is_away_is_named() {
    let world = World::start().await;
    world.app.store().close().await;
    let missing = vec!["database".to_owned()];
    assert_eq!(readiness(&world, &world.app).await, (503, missing));
    // the process itself is well
    let url = format!("{}/healthz", world.app.operations_url());
    assert_eq!(world.browser().opens_once(&url).await.status, 200);
    world.stop().await;
}
