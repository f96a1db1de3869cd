//! What `AssumeRoleWithSAML` draws from the assertion: names, tags, limits, condition keys.

use chrono::TimeDelta;
use serde_json::json;

use crate::saml::{DENIED, assume, refused_as_invalid, saml_trust, world};
use crate::support::saml::Message;
use crate::support::{ACCOUNT, noon};

#[actix_web::test]
async fn the_session_ends_with_the_shortest_of_its_limits() {
    let aws = world();
    let hours = [("DurationSeconds", "43200")];
    let mut message = Message::honest();
    assert_eq!(
        assume(&aws, &message.signed(), &hours)
            .await
            .seconds_from(noon()),
        43_200
    );
    message.set("SessionDuration", &["7200"]);
    assert_eq!(
        assume(&aws, &message.signed(), &hours)
            .await
            .seconds_from(noon()),
        7200
    );
    assert_eq!(
        assume(&aws, &message.signed(), &[])
            .await
            .seconds_from(noon()),
        3600
    );
    message.session_end = Some(noon() + TimeDelta::minutes(20));
    assert_eq!(
        assume(&aws, &message.signed(), &hours)
            .await
            .seconds_from(noon()),
        1200
    );
    for wrong in ["899", "43201", "x", ""] {
        message.set("SessionDuration", &[wrong]);
        assert_eq!(
            assume(&aws, &message.signed(), &hours).await.status,
            400,
            "{wrong}"
        );
    }
}

#[actix_web::test]
async fn the_audience_must_be_aws_s_and_may_be_one_of_several() {
    let aws = world();
    let missing = "Response does not contain the required audience.";
    for (audiences, right) in [
        (vec!["urn:amazon:webservices"], true),
        (vec!["https://signin.aws.amazon.com/saml"], true),
        (
            vec![
                "https://console.example.com/saml/corp/metadata",
                "urn:amazon:webservices",
            ],
            true,
        ),
        (
            vec!["https://console.example.com/saml/corp/metadata"],
            false,
        ),
        (vec!["urn:amazon:webservices:govcloud"], false),
        (vec!["URN:amazon:webservices"], false),
        (vec!["urn:amazon:webservices "], false),
        (vec![], false),
    ] {
        let message = Message {
            audiences: audiences.clone(),
            ..Message::honest()
        };
        let reply = assume(&aws, &message.signed(), &[]).await;
        if right {
            reply.keys();
        } else {
            refused_as_invalid(&reply, missing);
        }
    }
}

#[actix_web::test]
async fn the_session_name_must_be_there_and_be_a_name() {
    let aws = world();
    let mut message = Message::honest();
    message.set("RoleSessionName", &[]);
    let reply = assume(&aws, &message.signed(), &[]).await;
    refused_as_invalid(&reply, "RoleSessionName is required in AuthnResponse");
    for name in ["a", "a b", "ada\n", &"a".repeat(65), "\u{e9}ve", "a/b"] {
        message.set("RoleSessionName", &[name]);
        let reply = assume(&aws, &message.signed(), &[]).await;
        let text = "RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}";
        refused_as_invalid(&reply, text);
    }
}

#[actix_web::test]
async fn attributes_are_named_to_the_letter_and_stand_once() {
    let aws = world();
    let prefix = "https://aws.amazon.com/SAML/Attributes/";
    let missing = "RoleSessionName is required in AuthnResponse";
    for name in [
        format!("{prefix}roleSessionName"),
        format!("{}RoleSessionName", prefix.to_lowercase()),
        "RoleSessionName".to_owned(),
        "http://www.amazonaws.cn/SAML/Attributes/RoleSessionName".to_owned(),
    ] {
        let mut message = Message::honest();
        message.set("RoleSessionName", &[]);
        message.add(&name, &["ada"]);
        refused_as_invalid(&assume(&aws, &message.signed(), &[]).await, missing);
    }
    let mut message = Message::honest();
    message.set("RoleSessionName", &["ada", "bob"]);
    refused_as_invalid(&assume(&aws, &message.signed(), &[]).await, missing);
    message.set("RoleSessionName", &["ada"]);
    message.add(&format!("{prefix}RoleSessionName"), &["bob"]);
    refused_as_invalid(&assume(&aws, &message.signed(), &[]).await, missing);
}

#[actix_web::test]
async fn a_tag_has_one_value_of_its_letters_and_fifty_fit() {
    let aws = world();
    let bad = "The session tags in AuthnResponse are not valid";
    let long = "x".repeat(257);
    for values in [&["a", "b"][..], &["a*"], &[&long]] {
        let mut message = Message::honest();
        message.set("PrincipalTag:team", values);
        refused_as_invalid(&assume(&aws, &message.signed(), &[]).await, bad);
    }
    let mut message = Message::honest();
    message.set("PrincipalTag:a*", &["x"]);
    refused_as_invalid(&assume(&aws, &message.signed(), &[]).await, bad);
    let mut message = Message::honest();
    for index in 1..=50 {
        message.set(&format!("PrincipalTag:key-{index}"), &["x"]);
    }
    assume(&aws, &message.signed(), &[]).await.keys();
    message.set("PrincipalTag:key-51", &["x"]);
    refused_as_invalid(&assume(&aws, &message.signed(), &[]).await, bad);
}

#[actix_web::test]
async fn tags_and_source_identity_come_from_the_assertion_and_need_the_role_s_consent() {
    let aws = world();
    let mut message = Message::honest();
    message.set("PrincipalTag:Team", &["payments"]);
    message.set("TransitiveTagKeys", &["Team"]);
    message.set("SourceIdentity", &["ada"]);
    let response = message.signed();
    let reply = assume(&aws, &response, &[]).await;
    assert_eq!(reply.expect("SourceIdentity"), "ada");
    let keys = reply.keys();
    let known = aws
        .simulation()
        .tokens
        .by_access_key(&keys.id, &keys.token.unwrap())
        .unwrap();
    assert_eq!(known.session.tags["Team"], "payments");
    assert_eq!(known.session.transitive_keys, ["Team"]);
    assert_eq!(known.session.federation["saml:sub"], ["ada"]);
    for missing in ["sts:TagSession", "sts:SetSourceIdentity"] {
        let mut actions = vec![
            "sts:AssumeRoleWithSAML",
            "sts:TagSession",
            "sts:SetSourceIdentity",
        ];
        actions.retain(|action| *action != missing);
        {
            let mut registry = aws.simulation().iam.write();
            let role = registry
                .account_mut(ACCOUNT)
                .unwrap()
                .role_mut("Saml")
                .unwrap();
            role.trust = saml_trust(&actions, None);
        }
        assume(&aws, &response, &[])
            .await
            .refused(403, "AccessDenied", DENIED);
    }
    for wrong in ["a", "aws:ada", "a b"] {
        message.set("SourceIdentity", &[wrong]);
        let reply = assume(&aws, &message.signed(), &[]).await;
        refused_as_invalid(
            &reply,
            "Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64}",
        );
    }
}

#[actix_web::test]
async fn the_trust_policy_decides_by_recipient_subject_and_attributes() {
    let aws = world();
    let mut message = Message::honest();
    message.add("urn:oid:1.3.6.1.4.1.5923.1.1.1.1", &["staff", "member"]);
    let response = message.signed();
    for (condition, allowed) in [
        (
            json!({ "StringEquals": { "saml:aud": "https://signin.aws.amazon.com/saml" } }),
            false,
        ),
        (
            json!({ "StringEquals": { "saml:sub": "ada", "saml:sub_type": "persistent" } }),
            true,
        ),
        (
            json!({ "StringEquals": { "saml:doc": format!("{ACCOUNT}/corp") } }),
            true,
        ),
        (json!({ "StringEquals": { "saml:sub": "bob" } }), false),
        (
            json!({ "ForAnyValue:StringEquals": { "saml:edupersonaffiliation": "staff" } }),
            true,
        ),
        (
            json!({ "ForAllValues:StringEquals": { "saml:edupersonaffiliation": "staff" } }),
            false,
        ),
        (
            json!({ "StringLike": { "sts:RoleSessionName": "*@example.com" } }),
            true,
        ),
        (json!({ "Null": { "sts:SourceIdentity": "true" } }), true),
    ] {
        {
            let mut registry = aws.simulation().iam.write();
            let role = registry
                .account_mut(ACCOUNT)
                .unwrap()
                .role_mut("Saml")
                .unwrap();
            role.trust = saml_trust(&["sts:AssumeRoleWithSAML"], Some(condition.clone()));
        }
        let reply = assume(&aws, &response, &[]).await;
        assert_eq!(reply.status == 200, allowed, "{condition} {}", reply.body);
    }
}
