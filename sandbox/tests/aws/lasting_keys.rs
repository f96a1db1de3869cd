//! Which condition keys of a sign-in stay with the session, and which the trust policy alone sees.

use serde_json::{Value, json};
use vestibule_sandbox::aws::iam::Account;
use vestibule_sandbox::aws::permissions::{Channel, Decision};
use vestibule_sandbox::aws::policy::{Context, Policy};

use crate::support::saml::{ISSUER, Message, RECIPIENT, provider_arn};
use crate::support::{ACCOUNT, Aws, Keys};
use crate::web_identity::World;

/// Whether the session meets a condition of its role's own policy.
fn meets(aws: &Aws, role: &str, keys: &Keys, condition: &Value) -> bool {
    let document = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition,
    }] });
    let policy = Policy::identity(&document.to_string()).unwrap();
    edit(aws, |account| {
        account.role_mut(role).unwrap().policies = [("only".to_owned(), policy)].into();
    });
    let token = keys.token.as_deref().unwrap();
    let tokens = &aws.simulation().tokens;
    let session = tokens.by_access_key(&keys.id, token).unwrap().session;
    let what = ("s3:GetObject", "arn:aws:s3:::anything/x");
    let decided = aws
        .simulation()
        .authorize(&session, Channel::Api, what, Context::new());
    decided == Decision::Allowed
}

fn edit(aws: &Aws, edit: impl FnOnce(&mut Account)) {
    let mut registry = aws.simulation().iam.write();
    edit(registry.account_mut(ACCOUNT).unwrap());
}

fn absent(key: &str) -> Value {
    json!({ "Null": { key: "true" } })
}

#[actix_web::test]
async fn of_a_saml_sign_in_the_subject_its_type_its_qualifier_and_the_provider_stay() {
    let aws = crate::saml::world();
    let mut message = Message::honest();
    message.add("urn:oid:1.3.6.1.4.1.5923.1.1.1.6", &["ada@corp"]);
    let reply = crate::saml::assume(&aws, &message.signed(), &[]).await;
    let (keys, qualifier) = (reply.keys(), reply.expect("NameQualifier"));
    for (key, value) in [
        ("saml:sub", "ada"),
        ("saml:sub_type", "persistent"),
        ("saml:namequalifier", &qualifier),
        ("aws:FederatedProvider", &provider_arn()),
    ] {
        let condition = json!({ "StringEquals": { key: value } });
        assert!(meets(&aws, "Saml", &keys, &condition), "{key}");
    }
    for key in [
        "saml:aud",
        "saml:iss",
        "saml:doc",
        "saml:edupersonprincipalname",
    ] {
        assert!(meets(&aws, "Saml", &keys, &absent(key)), "{key}");
    }
}

#[actix_web::test]
async fn what_a_saml_session_forgets_its_trust_policy_sees() {
    let aws = crate::saml::world();
    let mut message = Message::honest();
    message.add("urn:oid:1.3.6.1.4.1.5923.1.1.1.6", &["ada@corp"]);
    let response = message.signed();
    let qualifier = crate::saml::assume(&aws, &response, &[]).await;
    let qualifier = qualifier.expect("NameQualifier");
    for (key, value) in [
        ("saml:aud", RECIPIENT),
        ("SAML:ISS", ISSUER),
        ("saml:doc", &format!("{ACCOUNT}/corp")),
        ("saml:eduPersonPrincipalName", "ada@corp"),
        ("saml:namequalifier", &qualifier),
        ("aws:FederatedProvider", &provider_arn()),
        ("aws:SourceIp", "127.0.0.1"),
    ] {
        for (value, status) in [(value, 200), ("another", 403)] {
            let condition = json!({ "StringEquals": { key: value } });
            let actions = ["sts:AssumeRoleWithSAML"];
            edit(&aws, |account| {
                let trusted = crate::saml::saml_trust(&actions, Some(condition));
                account.role_mut("Saml").unwrap().trust = trusted;
            });
            let reply = crate::saml::assume(&aws, &response, &[]).await;
            assert_eq!(reply.status, status, "{key} {value}");
        }
    }
}

#[actix_web::test]
async fn attributes_of_every_table_become_keys_and_all_others_do_not() {
    let aws = crate::saml::world();
    for (attribute, key) in [
        ("urn:oid:1.3.6.1.4.1.5923.1.2.1.4", "saml:eduorglegalname"),
        ("urn:oid:2.5.4.3", "saml:cn"),
        (
            "http://schemas.xmlsoap.org/claims/CommonName",
            "saml:commonName",
        ),
        (
            "http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid",
            "saml:uid",
        ),
        ("2.5.4.45", "saml:x500UniqueIdentifier"),
        ("0.9.2342.19200300.100.1.45", "saml:organizationStatus"),
        ("urn:oid:2.5.4.99", ""),
        ("department", ""),
    ] {
        let mut message = Message::honest();
        message.add(attribute, &["some value"]);
        let named = if key.is_empty() { attribute } else { key };
        let named = named.strip_prefix("saml:").unwrap_or(named);
        let condition = json!({ "StringEquals": { format!("saml:{named}"): "some value" } });
        edit(&aws, |account| {
            let trusted = crate::saml::saml_trust(&["sts:AssumeRoleWithSAML"], Some(condition));
            account.role_mut("Saml").unwrap().trust = trusted;
        });
        let reply = crate::saml::assume(&aws, &message.signed(), &[]).await;
        assert_eq!(reply.status == 200, !key.is_empty(), "{attribute}");
    }
}

#[actix_web::test]
async fn of_an_id_token_audience_subject_and_methods_stay_and_no_claim_besides() {
    let world = World::start();
    let claims = |claims: &mut Value| {
        claims["azp"] = json!("vestibule");
        claims["aud"] = json!("api");
        claims["amr"] = json!(["mfa"]);
        claims["email"] = json!("ada@example.com");
    };
    let keys = world.claims(claims).await.keys();
    let key = |name: &str| world.key(name);
    for (name, value) in [("sub", "00u1ada"), ("aud", "vestibule"), ("amr", "mfa")] {
        let condition = json!({ "ForAnyValue:StringEquals": { key(name): value } });
        assert!(meets(&world.aws, "Web", &keys, &condition), "{name}");
    }
    let provider = json!({ "StringLike": { "aws:FederatedProvider": "*:oidc-provider/*" } });
    assert!(meets(&world.aws, "Web", &keys, &provider));
    for name in ["oaud", "email", "iss"] {
        assert!(
            meets(&world.aws, "Web", &keys, &absent(&key(name))),
            "{name}"
        );
    }
    let by_claim = json!({ "StringEquals": { key("email"): "ada@example.com" } });
    world.trust(&["sts:AssumeRoleWithWebIdentity"], by_claim);
    assert_eq!(world.claims(claims).await.status, 403);
}
