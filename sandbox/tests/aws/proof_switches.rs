//! What nobody is sure of about SAML responses and ID tokens can be had the other way.

use chrono::TimeDelta;
use serde_json::{Value, json};
use vestibule_sandbox::aws::iam::SamlProvider;

use crate::saml::{DENIED, assume, refused_as_invalid, world};
use crate::support::issuer::{Served, Signer};
use crate::support::saml::{Key, Message, metadata, with_pss};
use crate::support::{ACCOUNT, noon};
use crate::web_identity::{World, invalid};

#[actix_web::test]
async fn the_audiences_that_count_as_aws_s_are_a_list_to_change() {
    let aws = world();
    let other = Message {
        audiences: vec!["https://signin.aws.amazon.com/saml#2"],
        ..Message::honest()
    };
    let response = other.signed();
    let missing = "Response does not contain the required audience.";
    refused_as_invalid(&assume(&aws, &response, &[]).await, missing);
    aws.simulation().change_switches(|switches| {
        switches.saml.audiences = vec!["https://signin.aws.amazon.com/saml#2".to_owned()];
    });
    assume(&aws, &response, &[]).await.keys();
    let usual = Message::honest().signed();
    refused_as_invalid(&assume(&aws, &usual, &[]).await, missing);
}

#[actix_web::test]
async fn a_fragment_behind_an_audience_counts_unless_switched() {
    let aws = world();
    let responses = ["https://signin.aws.amazon.com/saml#2", "urn:other#2"].map(|audience| {
        let message = Message {
            audiences: vec![audience],
            ..Message::honest()
        };
        message.signed()
    });
    let missing = "Response does not contain the required audience.";
    for response in &responses {
        refused_as_invalid(&assume(&aws, response, &[]).await, missing);
    }
    aws.simulation()
        .change_switches(|switches| switches.saml.audience_fragments = true);
    assume(&aws, &responses[0], &[]).await.keys();
    refused_as_invalid(&assume(&aws, &responses[1], &[]).await, missing);
    assume(&aws, &Message::honest().signed(), &[]).await.keys();
}

#[actix_web::test]
async fn probabilistic_signatures_are_taken_only_where_they_are_switched_on() {
    let aws = world();
    let signed = Message::honest().signed();
    let response = with_pss(&signed, Key::provider());
    let foreign = with_pss(&signed, Key::stranger());
    let wrong = "Response signature invalid";
    refused_as_invalid(&assume(&aws, &response, &[]).await, wrong);
    aws.simulation()
        .change_switches(|switches| switches.saml.rsa_pss = true);
    assume(&aws, &response, &[]).await.keys();
    refused_as_invalid(&assume(&aws, &foreign, &[]).await, wrong);
}

#[actix_web::test]
async fn names_can_be_looked_at_before_the_role_pair() {
    let aws = world();
    let mut message = Message::honest();
    message.set("Role", &["neither,nor"]);
    message.set("RoleSessionName", &[]);
    let response = message.signed();
    let reply = assume(&aws, &response, &[]).await;
    reply.refused(403, "AccessDenied", DENIED);
    aws.simulation()
        .change_switches(|switches| switches.saml.names_before_pair = true);
    let reply = assume(&aws, &response, &[]).await;
    refused_as_invalid(&reply, "RoleSessionName is required in AuthnResponse");
    message.set("RoleSessionName", &["ada"]);
    let reply = assume(&aws, &message.signed(), &[]).await;
    reply.refused(403, "AccessDenied", DENIED);
}

#[actix_web::test]
async fn a_skew_lets_a_response_be_that_much_early_or_late() {
    let aws = world();
    let early = Message {
        not_before: noon() + TimeDelta::seconds(30),
        ..Message::honest()
    };
    let late = Message {
        conditions_end: noon() - TimeDelta::seconds(29),
        ..Message::honest()
    };
    let (early, late) = (early.signed(), late.signed());
    for (skew, taken) in [(0, false), (30, true)] {
        aws.simulation()
            .change_switches(|switches| switches.saml.clock_skew_seconds = skew);
        for response in [&early, &late] {
            let reply = assume(&aws, response, &[]).await;
            assert_eq!(reply.status == 200, taken, "{skew}: {}", reply.body);
        }
    }
}

#[actix_web::test]
async fn elliptic_curves_sign_only_where_they_are_switched_on() {
    let aws = world();
    {
        let mut registry = aws.simulation().iam.write();
        let account = registry.account_mut(ACCOUNT).unwrap();
        let provider = SamlProvider::new("corp", &metadata(&[Key::curve()]));
        account.saml_providers.insert("corp".to_owned(), provider);
    }
    let message = Message {
        signature_method: "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
        ..Message::honest()
    };
    let response = message.signed_by(Key::curve());
    let wrong = "Response signature invalid";
    refused_as_invalid(&assume(&aws, &response, &[]).await, wrong);
    aws.simulation()
        .change_switches(|switches| switches.saml.ecdsa = true);
    assume(&aws, &response, &[]).await.keys();
}

#[actix_web::test]
async fn an_authorized_party_counts_unless_switched() {
    let world = World::start();
    let foreign = |claims: &mut Value| claims["azp"] = json!("other");
    invalid(&world.claims(foreign).await, "Incorrect token audience");
    let simulation = world.aws.simulation();
    simulation.change_switches(|switches| switches.web_identity.azp_is_audience = false);
    world.claims(foreign).await.keys();
}

#[actix_web::test]
async fn flattened_tags_are_read_unless_switched() {
    let world = World::start();
    let flat = |claims: &mut Value| {
        claims["https://aws.amazon.com/tags/principal_tags/team"] = json!("payments");
    };
    let tags = async || {
        let keys = world.claims(flat).await.keys();
        let tokens = &world.aws.simulation().tokens;
        let known = tokens.by_access_key(&keys.id, &keys.token.unwrap());
        known.unwrap().session.tags.len()
    };
    assert_eq!(tags().await, 1);
    let simulation = world.aws.simulation();
    simulation.change_switches(|switches| switches.web_identity.flattened_tags = false);
    assert_eq!(tags().await, 0);
}

#[actix_web::test]
async fn an_old_token_is_taken_unless_its_age_is_limited() {
    let world = World::start();
    let old = |claims: &mut Value| claims["iat"] = json!(noon().timestamp() - 86_401);
    world.claims(old).await.keys();
    let simulation = world.aws.simulation();
    simulation.change_switches(|switches| {
        switches.web_identity.oldest_issue_seconds = Some(86_400);
    });
    assert_eq!(
        world.claims(old).await.expect("Code"),
        "InvalidIdentityToken"
    );
    world.claims(|_| {}).await.keys();
}

#[actix_web::test]
async fn a_token_that_has_not_begun_is_refused_and_one_issued_ahead_a_little_is_not() {
    let world = World::start();
    let simulation = world.aws.simulation();
    let ask = async |name: &str, ahead: i64| {
        let begins = json!(noon().timestamp() + ahead);
        let reply = world.claims(|claims| claims[name] = begins).await;
        reply.status == 200
    };
    assert!(ask("nbf", 0).await && !ask("nbf", 1).await);
    assert!(ask("iat", 300).await && !ask("iat", 301).await);
    simulation.change_switches(|switches| {
        switches.web_identity.early_seconds = 60;
        switches.web_identity.issue_ahead_seconds = 0;
    });
    assert!(ask("nbf", 60).await && !ask("nbf", 61).await);
    assert!(ask("iat", 0).await && !ask("iat", 1).await);
}

#[actix_web::test]
async fn a_key_set_has_at_most_a_hundred_keys_of_each_kind_unless_switched() {
    let world = World::start();
    let own = world.issuer.served.lock().unwrap().clone();
    let simulation = world.aws.simulation();
    let rsa = serde_json::to_value(Signer::rsa().jwk()).unwrap();
    let curve = serde_json::to_value(Signer::p256().jwk()).unwrap();
    for (of_rsa, of_curve, most, taken) in [
        (100, 100, 100, true),
        (101, 0, 100, false),
        (1, 101, 100, false),
        (1, 101, 101, true),
        (1, 0, 100, true),
    ] {
        simulation.change_switches(|switches| switches.web_identity.keys_of_each_kind = most);
        let mut keys = vec![rsa.clone(); of_rsa];
        keys.extend(vec![curve.clone(); of_curve]);
        for (number, key) in keys.iter_mut().enumerate().skip(1) {
            key["kid"] = json!(format!("other-{number}"));
        }
        let served = Served {
            keys: json!({ "keys": keys }),
            ..own.clone()
        };
        world.issuer.change(|now| *now = served);
        let reply = world.claims(|_| {}).await;
        assert_eq!(
            reply.status == 200,
            taken,
            "{of_rsa} and {of_curve}: {}",
            reply.body
        );
    }
}
