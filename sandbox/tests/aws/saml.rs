//! `AssumeRoleWithSAML`: what AWS takes, and in which words it refuses the rest.

use chrono::TimeDelta;
use serde_json::{Value, json};
use vestibule_sandbox::aws::iam::{Role, SamlProvider};
use vestibule_sandbox::aws::policy::Policy;
use vestibule_sandbox::aws::tokens::Made;

use crate::support::saml::{
    ISSUER, Key, Level, Message, RECIPIENT, encode, metadata, provider_arn, role_arn,
};
use crate::support::{ACCOUNT, Aws, Reply, noon, policy, trust};

pub(crate) const DENIED: &str = "Not authorized to perform sts:AssumeRoleWithSAML";

pub(crate) fn saml_trust(actions: &[&str], condition: Option<Value>) -> Policy {
    trust(&json!({ "Federated": provider_arn() }), actions, condition)
}

/// The world with a provider `corp` and a role `Saml` that pins the recipient.
pub(crate) fn world() -> Aws {
    let aws = Aws::start();
    {
        let mut registry = aws.simulation().iam.write();
        let account = registry.account_mut(ACCOUNT).unwrap();
        let provider = SamlProvider::new("corp", &metadata(&[Key::provider(), Key::next()]));
        account.saml_providers.insert("corp".to_owned(), provider);
        let pinned = json!({ "StringEquals": { "SAML:aud": RECIPIENT, "saml:iss": ISSUER } });
        let all = [
            "sts:AssumeRoleWithSAML",
            "sts:TagSession",
            "sts:SetSourceIdentity",
        ];
        let role = Role::new("Saml", saml_trust(&all, Some(pinned)));
        account.put_role(
            role.with_max_session_duration(43_200)
                .with_policy("all", policy("Allow", "*", "*")),
        );
    }
    aws
}

pub(crate) async fn assume(aws: &Aws, response: &str, rest: &[(&str, &str)]) -> Reply {
    let (role, provider, encoded) = (role_arn("Saml"), provider_arn(), encode(response));
    let mut all = vec![("SAMLAssertion", encoded.as_str())];
    for (name, value) in [
        ("RoleArn", role.as_str()),
        ("PrincipalArn", provider.as_str()),
    ] {
        if !rest.iter().any(|(given, _)| *given == name) {
            all.push((name, value));
        }
    }
    all.extend_from_slice(rest);
    aws.unsigned("AssumeRoleWithSAML", &all).await
}

#[track_caller]
pub(crate) fn refused_as_invalid(reply: &Reply, text: &str) {
    let message = reply.get("Message").unwrap_or_default();
    assert_eq!(
        (reply.status, reply.get("Code").as_deref()),
        (400, Some("InvalidIdentityToken"))
    );
    let whole = format!("{text} (Service: AWSOpenIdDiscoveryService; Status Code: 400; ");
    assert!(message.starts_with(&whole), "{message}");
}

#[actix_web::test]
async fn an_honest_response_becomes_a_role_session() {
    let aws = world();
    let reply = assume(
        &aws,
        &Message::honest().signed(),
        &[("DurationSeconds", "900")],
    )
    .await;
    assert_eq!(
        reply.expect("Arn"),
        format!("arn:aws:sts::{ACCOUNT}:assumed-role/Saml/ada@example.com")
    );
    assert_eq!(reply.seconds_from(noon()), 900);
    assert_eq!(reply.expect("Subject"), "ada");
    assert_eq!(reply.expect("SubjectType"), "persistent");
    assert_eq!(reply.expect("Issuer"), ISSUER);
    assert_eq!(
        reply.expect("Audience"),
        RECIPIENT,
        "the audience is the recipient"
    );
    assert_eq!(reply.expect("NameQualifier").len(), 28);
    let keys = reply.keys();
    let known = aws
        .simulation()
        .tokens
        .by_access_key(&keys.id, &keys.token.clone().unwrap());
    assert_eq!(known.unwrap().session.made, Made::Saml);
    let who = aws.call(&keys, "GetCallerIdentity", &[]).await;
    assert_eq!(who.expect("Arn"), reply.expect("Arn"));
}

#[actix_web::test]
async fn one_assertion_may_be_redeemed_again_within_its_five_minutes() {
    let aws = world();
    let response = Message::honest().signed();
    for _ in 0..2 {
        assume(&aws, &response, &[]).await.keys();
    }
}

#[actix_web::test]
async fn either_level_may_be_signed_and_either_key_may_sign() {
    let aws = world();
    for level in [Level::Assertion, Level::Response, Level::Both] {
        for key in [Key::provider(), Key::next()] {
            let message = Message {
                level,
                ..Message::honest()
            };
            assume(&aws, &message.signed_by(key), &[]).await.keys();
        }
    }
}

#[actix_web::test]
async fn the_role_pair_may_stand_in_either_order_but_must_stand_there() {
    let aws = world();
    let mut message = Message::honest();
    message.set(
        "Role",
        &[&format!("{},{}", provider_arn(), role_arn("Saml"))],
    );
    assume(&aws, &message.signed(), &[]).await.keys();
    for pair in [
        format!("{},{}", role_arn("Other"), provider_arn()),
        format!("{},{}x", role_arn("Saml"), provider_arn()),
        role_arn("Saml"),
        String::new(),
    ] {
        message.set("Role", &[&pair]);
        assume(&aws, &message.signed(), &[])
            .await
            .refused(403, "AccessDenied", DENIED);
    }
    message.set("Role", &[]);
    assume(&aws, &message.signed(), &[])
        .await
        .refused(403, "AccessDenied", DENIED);
}

#[actix_web::test]
async fn the_maximum_of_the_role_holds_here_too() {
    let aws = world();
    {
        let mut registry = aws.simulation().iam.write();
        let role = registry
            .account_mut(ACCOUNT)
            .unwrap()
            .role_mut("Saml")
            .unwrap();
        role.max_session_duration = 7200;
    }
    let reply = assume(
        &aws,
        &Message::honest().signed(),
        &[("DurationSeconds", "7201")],
    )
    .await;
    let over = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    reply.refused(400, "ValidationError", over);
}

#[actix_web::test]
async fn times_are_kept() {
    let aws = world();
    let old = "Token must be redeemed within 5 minutes of issuance";
    let far = noon() + TimeDelta::hours(1);
    let mut message = Message {
        conditions_end: far,
        confirmation_end: far,
        ..Message::honest()
    };
    let response = message.signed();
    aws.hand.advance(TimeDelta::minutes(5));
    assume(&aws, &response, &[]).await.keys();
    aws.hand.advance(TimeDelta::seconds(1));
    assume(&aws, &response, &[])
        .await
        .refused(400, "ExpiredTokenException", old);
    aws.hand.set(noon());
    for change in [
        (|message: &mut Message| message.conditions_end = noon()) as fn(&mut Message),
        |message| message.confirmation_end = noon(),
        |message| message.session_end = Some(noon()),
    ] {
        let mut message = Message::honest();
        change(&mut message);
        let reply = assume(&aws, &message.signed(), &[]).await;
        reply.refused(400, "ExpiredTokenException", "Response has expired");
    }
    message.not_before = noon() + TimeDelta::seconds(1);
    refused_as_invalid(
        &assume(&aws, &message.signed(), &[]).await,
        "Response is not yet valid",
    );
}

#[actix_web::test]
async fn the_issuer_must_be_the_provider_s() {
    let aws = world();
    let message = Message {
        issuer: format!("{ISSUER}/"),
        ..Message::honest()
    };
    let reply = assume(&aws, &message.signed(), &[]).await;
    refused_as_invalid(&reply, "Issuer not present in specified provider");
}

#[actix_web::test]
async fn a_subject_without_a_name_is_not_authorized() {
    let aws = world();
    for name_id in ["", "<saml:NameID></saml:NameID>"] {
        let message = Message {
            name_id,
            ..Message::honest()
        };
        assume(&aws, &message.signed(), &[])
            .await
            .refused(403, "AccessDenied", DENIED);
    }
}

#[actix_web::test]
async fn providers_and_roles_must_exist_and_arns_must_not_be_swapped() {
    let aws = world();
    let response = Message::honest().signed();
    let other = format!("arn:aws:iam::{ACCOUNT}:saml-provider/other");
    let reply = assume(&aws, &response, &[("PrincipalArn", &other)]).await;
    refused_as_invalid(&reply, "Specified provider doesn't exist");
    assert!(
        reply
            .expect("Message")
            .contains("AuthSamlManifestNotFoundException")
    );
    let reply = assume(
        &aws,
        &response,
        &[
            ("RoleArn", &provider_arn()),
            ("PrincipalArn", &role_arn("Saml")),
        ],
    )
    .await;
    reply.refused(400, "ValidationError", "Request ARN is invalid");
    aws.simulation()
        .iam
        .write()
        .account_mut(ACCOUNT)
        .unwrap()
        .remove_role("Saml");
    assume(&aws, &response, &[])
        .await
        .refused(403, "AccessDenied", DENIED);
}

#[actix_web::test]
async fn roles_of_identity_center_are_not_for_saml() {
    let aws = world();
    let name = "AWSReservedSSO_Admin_0123456789abcdef";
    {
        let mut registry = aws.simulation().iam.write();
        let account = registry.account_mut(ACCOUNT).unwrap();
        account.put_role(Role::new(
            name,
            saml_trust(&["sts:AssumeRoleWithSAML"], None),
        ));
    }
    let mut message = Message::honest();
    message.set("Role", &[&format!("{},{}", role_arn(name), provider_arn())]);
    let reply = assume(&aws, &message.signed(), &[("RoleArn", &role_arn(name))]).await;
    reply.refused(403, "AccessDenied", DENIED);
}

#[actix_web::test]
async fn a_failure_that_the_provider_reports_is_passed_on() {
    let aws = world();
    let status = "urn:oasis:names:tc:SAML:2.0:status:Responder";
    let reply = assume(
        &aws,
        &Message {
            status,
            ..Message::honest()
        }
        .signed(),
        &[],
    )
    .await;
    assert_eq!(
        (reply.status, reply.expect("Code").as_str()),
        (403, "IDPRejectedClaim")
    );
}

#[actix_web::test]
async fn an_unsigned_call_carries_no_credentials() {
    let aws = world();
    let body = crate::support::form(
        "AssumeRoleWithSAML",
        &[
            ("RoleArn", &role_arn("Saml")),
            ("PrincipalArn", &provider_arn()),
            ("SAMLAssertion", &encode(&Message::honest().signed())),
        ],
    );
    let stray = [("x-amz-security-token", "stray".to_owned())];
    let reply = aws
        .post("/sts.eu-west-1.amazonaws.com/", &body, &stray)
        .await;
    assert_eq!(
        (reply.status, reply.expect("Code").as_str()),
        (400, "InvalidIdentityToken")
    );
}

#[actix_web::test]
async fn a_region_that_the_account_switched_off_refuses_unsigned_calls_too() {
    let aws = world();
    {
        let mut registry = aws.simulation().iam.write();
        let account = registry.account_mut(ACCOUNT).unwrap();
        account.disabled_regions.insert("eu-west-1".to_owned());
    }
    let reply = assume(&aws, &Message::honest().signed(), &[]).await;
    assert_eq!(
        (reply.status, reply.expect("Code").as_str()),
        (403, "RegionDisabledException")
    );
}
