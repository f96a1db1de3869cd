//! `GetFederationToken`: a named user from a long-term key.

use crate::support::{ACCOUNT, Aws, noon, policy};

#[actix_web::test]
async fn a_federated_user_has_its_name_its_id_and_half_a_day() {
    let aws = Aws::start();
    let reply = aws
        .call(&Aws::broker(), "GetFederationToken", &[("Name", "ada")])
        .await;
    assert_eq!(reply.expect("FederatedUserId"), format!("{ACCOUNT}:ada"));
    assert_eq!(
        reply.expect("Arn"),
        format!("arn:aws:sts::{ACCOUNT}:federated-user/ada")
    );
    assert_eq!(reply.seconds_from(noon()), 43_200);
    assert_eq!(reply.expect("PackedPolicySize"), "0");
    let caller = aws.call(&reply.keys(), "GetCallerIdentity", &[]).await;
    assert_eq!(caller.expect("UserId"), format!("{ACCOUNT}:ada"));
}

#[actix_web::test]
async fn it_lasts_up_to_a_day_and_a_half_and_an_hour_for_root() {
    let aws = Aws::start();
    let longest = [("Name", "ada"), ("DurationSeconds", "129600")];
    let reply = aws
        .call(&Aws::broker(), "GetFederationToken", &longest)
        .await;
    assert_eq!(reply.seconds_from(noon()), 129_600);
    let reply = aws.call(&Aws::root(), "GetFederationToken", &longest).await;
    assert_eq!(
        reply.seconds_from(noon()),
        3600,
        "root's is shortened without a word"
    );
    let longer = [("Name", "ada"), ("DurationSeconds", "129601")];
    let reply = aws
        .call(&Aws::broker(), "GetFederationToken", &longer)
        .await;
    assert!(
        reply
            .expect("Message")
            .ends_with("less than or equal to 129600")
    );
}

#[actix_web::test]
async fn no_temporary_credentials_can_ask_for_it() {
    let aws = Aws::start();
    let role = format!("arn:aws:iam::{ACCOUNT}:role/Long");
    let rest = [("RoleArn", role.as_str()), ("RoleSessionName", "ada")];
    let federated = aws
        .call(&Aws::broker(), "GetFederationToken", &[("Name", "ada")])
        .await;
    for keys in [
        aws.call(&Aws::broker(), "AssumeRole", &rest).await.keys(),
        aws.call(&Aws::broker(), "GetSessionToken", &[])
            .await
            .keys(),
        federated.keys(),
    ] {
        let reply = aws
            .call(&keys, "GetFederationToken", &[("Name", "ada")])
            .await;
        let text = "Cannot call GetFederationToken with session credentials";
        reply.refused(403, "AccessDenied", text);
        let reply = aws.call(&keys, "GetSessionToken", &[]).await;
        let text = "Cannot call GetSessionToken with session credentials";
        reply.refused(403, "AccessDenied", text);
    }
}

#[actix_web::test]
async fn the_user_needs_the_permission() {
    let aws = Aws::start();
    let reply = aws
        .call(&Aws::nobody(), "GetFederationToken", &[("Name", "ada")])
        .await;
    reply.refused(
        403,
        "AccessDenied",
        "User: arn:aws:iam::111122223333:user/nobody is not authorized to perform: \
         sts:GetFederationToken on resource: arn:aws:sts::111122223333:federated-user/ada",
    );
}

#[actix_web::test]
async fn names_are_two_to_thirty_two_letters_of_aws_s_alphabet() {
    let aws = Aws::start();
    for name in ["a", &"a".repeat(33), "a b", "a/b", "\u{e9}e"] {
        let reply = aws
            .call(&Aws::broker(), "GetFederationToken", &[("Name", name)])
            .await;
        assert_eq!(
            (reply.status, reply.expect("Code").as_str()),
            (400, "ValidationError"),
            "{name}"
        );
    }
    let longest = "a".repeat(32);
    aws.call(&Aws::broker(), "GetFederationToken", &[("Name", &longest)])
        .await
        .keys();
}

#[actix_web::test]
async fn an_inline_policy_is_held_to_its_length() {
    let aws = Aws::start();
    let text = policy(
        "Allow",
        "s3:*",
        &format!("arn:aws:s3:::{}", "x".repeat(2000)),
    );
    let rest = [("Name", "ada"), ("Policy", text.text())];
    let reply = aws.call(&Aws::broker(), "GetFederationToken", &rest).await;
    assert!(
        reply
            .expect("Message")
            .ends_with("Member must have length less than or equal to 2048")
    );
}

#[actix_web::test]
async fn tags_need_their_permission_and_stay_with_the_session() {
    let aws = Aws::start();
    let rest = [
        ("Name", "ada"),
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "payments"),
    ];
    let keys = aws
        .call(&Aws::broker(), "GetFederationToken", &rest)
        .await
        .keys();
    let known = aws
        .simulation()
        .tokens
        .by_access_key(&keys.id, &keys.token.unwrap());
    assert_eq!(known.unwrap().session.tags["team"], "payments");
    {
        let mut registry = aws.simulation().iam.write();
        let user = registry
            .account_mut(ACCOUNT)
            .unwrap()
            .users
            .get_mut("broker")
            .unwrap();
        user.policies
            .insert("no".to_owned(), policy("Deny", "sts:TagSession", "*"));
    }
    let reply = aws.call(&Aws::broker(), "GetFederationToken", &rest).await;
    assert!(reply.expect("Message").contains("sts:TagSession"));
    aws.call(&Aws::broker(), "GetFederationToken", &rest[..1])
        .await
        .keys();
}
