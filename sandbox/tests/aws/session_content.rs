//! What a session carries: tags, source identity, session policies, and the token that holds them.

use serde_json::json;

use crate::assume_role::{BROKER, assume, denied};
use crate::support::{ACCOUNT, Aws, policy, trust};

#[actix_web::test]
async fn tags_and_source_identity_need_their_permissions() {
    let aws = Aws::start();
    let here = json!({ "AWS": ACCOUNT });
    let only_assume = trust(&here, &["sts:AssumeRole"], None);
    aws.simulation()
        .iam
        .write()
        .account_mut(ACCOUNT)
        .unwrap()
        .role_mut("Reader")
        .unwrap()
        .trust = only_assume;
    let tag = [
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "payments"),
    ];
    let reply = assume(&aws, &Aws::broker(), "Reader", &tag).await;
    reply.refused(
        403,
        "AccessDenied",
        &denied(BROKER, "sts:TagSession", "Reader"),
    );
    let reply = assume(&aws, &Aws::broker(), "Reader", &[("SourceIdentity", "ada")]).await;
    reply.refused(
        403,
        "AccessDenied",
        &denied(BROKER, "sts:SetSourceIdentity", "Reader"),
    );
    let reply = assume(&aws, &Aws::broker(), "Long", &[("SourceIdentity", "ada")]).await;
    assert_eq!(reply.expect("SourceIdentity"), "ada");
    let reply = assume(
        &aws,
        &Aws::broker(),
        "Long",
        &[("SourceIdentity", "aws:ada")],
    )
    .await;
    assert_eq!(
        (reply.status, reply.expect("Code").as_str()),
        (400, "ValidationError")
    );
}

#[actix_web::test]
async fn the_source_identity_stays_through_a_chain_and_cannot_be_changed() {
    let aws = Aws::start();
    let first = assume(&aws, &Aws::broker(), "Long", &[("SourceIdentity", "ada")])
        .await
        .keys();
    assert_eq!(
        assume(&aws, &first, "Reader", &[])
            .await
            .expect("SourceIdentity"),
        "ada"
    );
    let same = assume(&aws, &first, "Reader", &[("SourceIdentity", "ada")]).await;
    assert_eq!(same.expect("SourceIdentity"), "ada");
    let reply = assume(&aws, &first, "Reader", &[("SourceIdentity", "bob")]).await;
    let session = format!("arn:aws:sts::{ACCOUNT}:assumed-role/Long/ada");
    reply.refused(
        403,
        "AccessDenied",
        &denied(&session, "sts:SetSourceIdentity", "Reader"),
    );
}

#[actix_web::test]
async fn transitive_tags_pass_down_and_cannot_be_set_again() {
    let aws = Aws::start();
    let tags = [
        ("Tags.member.1.Key", "Team"),
        ("Tags.member.1.Value", "payments"),
        ("Tags.member.2.Key", "mood"),
        ("Tags.member.2.Value", ""),
        ("TransitiveTagKeys.member.1", "team"),
    ];
    let first = assume(&aws, &Aws::broker(), "Long", &tags).await.keys();
    let second = assume(&aws, &first, "Long", &[]).await.keys();
    let known = aws
        .simulation()
        .tokens
        .by_access_key(&second.id, &second.token.clone().unwrap());
    let session = known.unwrap().session;
    assert_eq!(
        session.tags.into_iter().collect::<Vec<_>>(),
        [("Team".to_owned(), "payments".to_owned())]
    );
    let again = [("Tags.member.1.Key", "TEAM"), ("Tags.member.1.Value", "x")];
    let reply = assume(&aws, &second, "Long", &again).await;
    reply.refused(
        400,
        "InvalidParameterValue",
        "One of the specified transitive tag keys can't be set because it conflicts with a \
         transitive tag key from the calling session.",
    );
}

#[actix_web::test]
async fn tags_that_contradict_themselves_are_refused() {
    let aws = Aws::start();
    let doubled = [
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "a"),
        ("Tags.member.2.Key", "Team"),
        ("Tags.member.2.Value", "b"),
    ];
    let reply = assume(&aws, &Aws::broker(), "Long", &doubled).await;
    reply.refused(
        400,
        "InvalidParameterValue",
        "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
    );
    let reply = assume(
        &aws,
        &Aws::broker(),
        "Long",
        &[("TransitiveTagKeys.member.1", "team")],
    )
    .await;
    reply.refused(
        400,
        "InvalidParameterValue",
        "The specified transitive tag key must be included in the requested tags.",
    );
}

#[actix_web::test]
async fn session_policies_must_be_well_formed_known_and_small() {
    let aws = Aws::start();
    for text in [
        "{",
        "[]",
        r#"{"Version":"2012-10-17"}"#,
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Effect":"Deny","Action":"*","Resource":"*"}]}"#,
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}"#,
    ] {
        let reply = assume(&aws, &Aws::broker(), "Long", &[("Policy", text)]).await;
        assert_eq!(
            (reply.status, reply.expect("Code").as_str()),
            (400, "MalformedPolicyDocument")
        );
    }
    let unknown = [(
        "PolicyArns.member.1.arn",
        "arn:aws:iam::aws:policy/NoSuchPolicy",
    )];
    assert_eq!(
        assume(&aws, &Aws::broker(), "Long", &unknown).await.status,
        400
    );
    let known = [(
        "PolicyArns.member.1.arn",
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
    )];
    let reply = assume(&aws, &Aws::broker(), "Long", &known).await;
    assert_eq!(
        reply.expect("PackedPolicySize"),
        reply.expect("SessionTokenUtilization")
    );
    let text = policy(
        "Allow",
        "s3:*",
        &format!("arn:aws:s3:::{}", "x".repeat(1920)),
    );
    let both = [("Policy", text.text()), known[0]];
    let reply = assume(&aws, &Aws::broker(), "Long", &both).await;
    assert_eq!(
        (reply.status, reply.expect("Code").as_str()),
        (400, "PackedPolicyTooLarge")
    );
}

#[actix_web::test]
async fn what_does_not_fit_into_the_token_is_too_large() {
    let aws = Aws::start();
    let mut tags = Vec::new();
    let random = vestibule_sandbox::aws::random::Random::seeded(5);
    for index in 1..=50 {
        let value = random.id("", 250);
        tags.push((format!("Tags.member.{index}.Key"), format!("key-{index}")));
        tags.push((format!("Tags.member.{index}.Value"), value));
    }
    let tags: Vec<(&str, &str)> = tags
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let reply = assume(&aws, &Aws::broker(), "Long", &tags).await;
    assert_eq!(
        (reply.status, reply.expect("Code").as_str()),
        (400, "PackedPolicyTooLarge")
    );
    let message = reply.expect("Message");
    assert!(
        message.starts_with("Packed size of session tags consumes "),
        "{message}"
    );
}

#[actix_web::test]
async fn the_token_s_size_is_told_and_can_be_padded() {
    let aws = Aws::start();
    let reply = assume(&aws, &Aws::broker(), "Long", &[]).await;
    let size: usize = reply.expect("SessionTokenSize").parse().unwrap();
    assert_eq!(size, reply.expect("SessionToken").len());
    assert_eq!(reply.get("PackedPolicySize"), None, "nothing was packed");
    let reply = assume(
        &aws,
        &Aws::broker(),
        "Long",
        &[("MinimumSessionTokenSize", "4000")],
    )
    .await;
    let size: usize = reply.expect("SessionTokenSize").parse().unwrap();
    assert!((4000..=4096).contains(&size), "{size}");
    let reply = assume(
        &aws,
        &Aws::broker(),
        "Long",
        &[("MinimumSessionTokenSize", "4097")],
    )
    .await;
    assert_eq!(reply.status, 400);
}
