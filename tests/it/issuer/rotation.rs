//! A rotation with people signing in through all of it; and ones that stop half-way.

use vestibule::clock::Clock as _;
use vestibule::issuer::keys::{State, Use};
use vestibule::random::SystemRandom;

use super::{erin, fails, goes, trusted};
use crate::world::World;
use crate::world::browser::Browser;
use crate::world::issuer::order;

const SAML: &str = "/go/payments-prod/IssuedSaml";
const WEB: &str = "/go/payments-prod/IssuedWeb";

/// Both kinds of proof work, for somebody who is in and for somebody who comes now.
async fn everybody_gets_in(world: &World, browser: &Browser) {
    let newcomer = erin(world).await;
    for link in [SAML, WEB] {
        goes(world, browser, link).await;
        goes(world, &newcomer, link).await;
    }
}

#[tokio::test]
async fn people_sign_in_through_every_step_of_a_rotation() {
    let world = trusted().await;
    let browser = erin(&world).await;
    let keys = world.issuer_keys();
    let old: Vec<String> = keys
        .read()
        .unwrap()
        .iter()
        .map(|key| key.id.clone())
        .collect();
    everybody_gets_in(&world, &browser).await;
    // the next keys are made, and shown before they sign
    for purpose in [Use::Saml, Use::Oidc] {
        keys.add(order(purpose), world.clock.now(), &SystemRandom)
            .unwrap();
    }
    world.app.follow_issuer().await;
    everybody_gets_in(&world, &browser).await;
    let metadata = world.issuer_document("/issuer/saml/metadata").await;
    assert_eq!(metadata.matches("<md:KeyDescriptor").count(), 2);
    // the accounts take the metadata with both
    world.trusts_the_issuer().await;
    everybody_gets_in(&world, &browser).await;
    // the next ones come into force
    for purpose in [Use::Saml, Use::Oidc] {
        keys.promote(purpose, world.clock.now()).unwrap();
    }
    everybody_gets_in(&world, &browser).await;
    world.app.follow_issuer().await;
    everybody_gets_in(&world, &browser).await;
    // the old ones go
    for id in &old {
        keys.remove(id).unwrap();
    }
    world.app.follow_issuer().await;
    world.trusts_the_issuer().await;
    everybody_gets_in(&world, &browser).await;
    let states: Vec<_> = keys.read().unwrap().iter().map(|key| key.state).collect();
    assert_eq!(states, [State::Current, State::Current]);
    assert_eq!(
        world
            .issuer_document("/issuer/saml/metadata")
            .await
            .matches("<md:KeyDescriptor")
            .count(),
        1
    );
    world.stop().await;
}

#[tokio::test]
async fn a_key_that_signs_before_the_accounts_know_it_draws_a_page_that_says_so() {
    let world = trusted().await;
    let browser = erin(&world).await;
    let keys = world.issuer_keys();
    keys.add(order(Use::Saml), world.clock.now(), &SystemRandom)
        .unwrap();
    keys.promote(Use::Saml, world.clock.now()).unwrap();
    world.app.follow_issuer().await;
    let page = fails(&world, &browser, SAML).await;
    assert_eq!(page.status, 403);
    assert!(
        page.body.contains("as happens after a rotation"),
        "{}",
        page.body
    );
    assert!(page.body.contains("UpdateSAMLProvider"), "{}", page.body);
    goes(&world, &browser, WEB).await;
    world.trusts_the_issuer().await;
    goes(&world, &browser, SAML).await;
    world.stop().await;
}

#[tokio::test]
async fn an_expired_key_signs_nothing_and_its_page_says_what_to_do() {
    let world = trusted().await;
    let keys = world.issuer_keys();
    let mut short = order(Use::Saml);
    short.days = 20;
    keys.add(short, world.clock.now(), &SystemRandom).unwrap();
    keys.promote(Use::Saml, world.clock.now()).unwrap();
    world.app.follow_issuer().await;
    world.trusts_the_issuer().await;
    let ada = world.browser();
    let page = world.signs_in(&ada, "/admin/issuer?idp=corp", "ada").await;
    assert!(
        page.body.contains("It ends within 30 days"),
        "{}",
        page.body
    );
    world.clock.advance(chrono::TimeDelta::days(21));
    let browser = erin(&world).await;
    let page = fails(&world, &browser, SAML).await;
    assert_eq!(page.status, 503);
    assert!(
        page.body
            .contains("The key that vouches for you has expired"),
        "{}",
        page.body
    );
    assert!(
        page.body.contains("vestibule issuer keys promote"),
        "{}",
        page.body
    );
    assert!(world.aws_saw().is_empty(), "AWS was not asked");
    let metrics = format!("{}/metrics", world.app.operations_url());
    let metrics = world.browser().opens(&metrics).await.body;
    assert!(
        metrics.contains("result=\"issuer.key_expired\""),
        "{metrics}"
    );
    goes(&world, &browser, WEB).await;
    world.stop().await;
}

#[tokio::test]
async fn without_a_key_in_force_the_page_names_the_command() {
    let world = trusted().await;
    let browser = erin(&world).await;
    let keys = world.issuer_keys();
    for key in keys.read().unwrap().iter() {
        keys.retire(&key.id, world.clock.now()).unwrap();
    }
    world.app.follow_issuer().await;
    for link in [SAML, WEB] {
        let page = fails(&world, &browser, link).await;
        assert!(
            page.body.contains("Vestibule has no key to vouch for you"),
            "{}",
            page.body
        );
    }
    world.stop().await;
}

#[tokio::test]
async fn every_replica_follows_a_rotation() {
    let world = trusted().await;
    let (replica, url) = world.replica().await;
    let keys = world.issuer_keys();
    keys.add(order(Use::Oidc), world.clock.now(), &SystemRandom)
        .unwrap();
    world.app.follow_issuer().await;
    replica.follow_issuer().await;
    let page = world
        .browser()
        .opens_once(&format!("{url}/issuer/oidc/jwks"))
        .await;
    let ours = world.issuer_document("/issuer/oidc/jwks").await;
    assert_eq!(page.body, ours);
    assert_eq!(ours.matches("\"kid\"").count(), 2);
    replica.stop().await;
    world.stop().await;
}
