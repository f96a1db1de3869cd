//! What `AssumeRoleWithWebIdentity` draws from the token's claims.

use serde_json::{Value, json};

use crate::support::{ACCOUNT, noon};
use crate::web_identity::{DENIED, World, invalid};

#[actix_web::test]
async fn the_audience_must_be_there_and_be_the_provider_s() {
    let world = World::start();
    let incorrect = "Incorrect token audience";
    invalid(
        &world.claims(|claims| claims["aud"] = json!("other")).await,
        incorrect,
    );
    invalid(
        &world
            .claims(|claims| claims["aud"] = json!(["a", "b"]))
            .await,
        incorrect,
    );
    let missing = "Missing a required claim: aud";
    invalid(
        &world.claims(|claims| claims["aud"] = Value::Null).await,
        missing,
    );
    invalid(
        &world.claims(|claims| claims["aud"] = json!([])).await,
        missing,
    );
    world
        .claims(|claims| claims["aud"] = json!(["vestibule"]))
        .await
        .keys();
}

#[actix_web::test]
async fn an_authorized_party_takes_the_audience_s_place() {
    let world = World::start();
    let with_azp = |claims: &mut Value| {
        claims["aud"] = json!(["vestibule", "api"]);
        claims["azp"] = json!("vestibule");
    };
    world.claims(with_azp).await.keys();
    let original = json!({ "ForAnyValue:StringEquals": { world.key("oaud"): "api" } });
    world.trust(&["sts:AssumeRoleWithWebIdentity"], original);
    world.claims(with_azp).await.keys();
    world
        .claims(|_| {})
        .await
        .refused(403, "AccessDenied", DENIED);
    let reply = world.claims(|claims| claims["azp"] = json!("other")).await;
    invalid(&reply, "Incorrect token audience");
}

#[actix_web::test]
async fn times_are_whole_numbers_and_kept() {
    let world = World::start();
    let now = noon().timestamp();
    let reply = world.claims(|claims| claims["exp"] = json!(now)).await;
    let text = format!(
        "Token expired: current date/time {now} must be before the expiration date/time {now}"
    );
    reply.refused(400, "ExpiredTokenException", &text);
    world
        .claims(|claims| claims["exp"] = json!(now + 1))
        .await
        .keys();
    for (name, value) in [
        ("exp", json!(12.5)),
        ("exp", json!("soon")),
        ("iat", json!(1e3)),
        ("exp", Value::Null),
        ("nbf", json!("x")),
        ("iat", json!(now + 301)),
        ("nbf", json!(now + 1)),
    ] {
        let reply = world.claims(|claims| claims[name] = value.clone()).await;
        assert_eq!(
            (reply.status, reply.expect("Code").as_str()),
            (400, "InvalidIdentityToken"),
            "{name} {value}"
        );
    }
    world
        .aws
        .simulation()
        .change_switches(|switches| switches.web_identity.leeway_seconds = 300);
    world
        .claims(|claims| claims["exp"] = json!(now - 299))
        .await
        .keys();
}

#[actix_web::test]
async fn the_trust_policy_decides_by_subject() {
    let world = World::start();
    for (condition, allowed) in [
        (
            json!({ "StringEquals": { world.key("sub"): "00u1ada" } }),
            true,
        ),
        (
            json!({ "StringEquals": { world.key("sub"): "00u1bob" } }),
            false,
        ),
        (json!({ "StringLike": { world.key("sub"): "00u1*" } }), true),
        (
            json!({ "StringEquals": { "sts:RoleSessionName": "ada" } }),
            true,
        ),
        (
            json!({ "ForAnyValue:StringEquals": { world.key("amr"): "mfa" } }),
            false,
        ),
    ] {
        world.trust(&["sts:AssumeRoleWithWebIdentity"], condition.clone());
        let reply = world.claims(|_| {}).await;
        if allowed {
            reply.keys();
        } else {
            reply.refused(403, "AccessDenied", DENIED);
        }
    }
    let mfa = world
        .claims(|claims| claims["amr"] = json!(["pwd", "mfa"]))
        .await;
    mfa.keys();
    world
        .aws
        .simulation()
        .iam
        .write()
        .account_mut(ACCOUNT)
        .unwrap()
        .remove_role("Web");
    world
        .claims(|_| {})
        .await
        .refused(403, "AccessDenied", DENIED);
}

#[actix_web::test]
async fn tags_and_source_identity_come_from_claims_and_need_the_role_s_consent() {
    let world = World::start();
    let full = |claims: &mut Value| {
        claims["https://aws.amazon.com/tags"] = json!({
            "principal_tags": { "Team": ["payments"], "Empty": [""] },
            "transitive_tag_keys": ["Team"],
        });
        claims["https://aws.amazon.com/source_identity"] = json!("ada");
    };
    let reply = world.claims(full).await;
    assert_eq!(reply.expect("SourceIdentity"), "ada");
    let keys = reply.keys();
    let known = world
        .aws
        .simulation()
        .tokens
        .by_access_key(&keys.id, &keys.token.unwrap());
    let session = known.unwrap().session;
    assert_eq!(session.tags["Team"], "payments");
    assert_eq!(session.transitive_keys, ["Team"]);
    let flat = world
        .claims(|claims| claims["https://aws.amazon.com/tags/principal_tags/Team"] = json!("x"))
        .await
        .keys();
    let known = world
        .aws
        .simulation()
        .tokens
        .by_access_key(&flat.id, &flat.token.unwrap());
    assert_eq!(known.unwrap().session.tags["Team"], "x");
    let anyone = json!({ "StringLike": { world.key("sub"): "*" } });
    for actions in [
        ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
        ["sts:AssumeRoleWithWebIdentity", "sts:SetSourceIdentity"],
    ] {
        world.trust(&actions, anyone.clone());
        world
            .claims(full)
            .await
            .refused(403, "AccessDenied", DENIED);
    }
}

#[actix_web::test]
async fn tags_of_another_shape_are_refused() {
    let world = World::start();
    for tags in [
        json!("x"),
        json!({ "principal_tags": [] }),
        json!({ "principal_tags": { "a": "b" } }),
        json!({ "principal_tags": { "a": ["b", "c"] } }),
        json!({ "principal_tags": { "a": [1] } }),
        json!({ "principal_tags": { "": ["b"] } }),
        json!({ "transitive_tag_keys": "a" }),
        json!({ "principal_tags": { "a": ["x".repeat(257)] } }),
    ] {
        let reply = world
            .claims(|claims| claims["https://aws.amazon.com/tags"] = tags.clone())
            .await;
        invalid(&reply, "The session tags in the token are not valid");
    }
    for name in [json!("a"), json!("aws:ada"), json!(5), json!("a b")] {
        let claim = "https://aws.amazon.com/source_identity";
        let reply = world.claims(|claims| claims[claim] = name.clone()).await;
        assert_eq!(reply.expect("Code"), "InvalidIdentityToken");
    }
}
