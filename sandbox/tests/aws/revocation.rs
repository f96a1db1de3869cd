//! Cutting sessions off: each simulated call asks the deny policies that stand at that moment.

use chrono::TimeDelta;
use serde_json::{Value, json};
use vestibule_sandbox::aws::identity::timestamp;

use crate::assume_role::assume;
use crate::iam::is_refused;
use crate::support::{ACCOUNT, Aws, Keys, noon, policy};

/// Puts a deny of everything under a condition on a role or a user, by the API.
async fn deny(aws: &Aws, holder: (&str, &str), condition: Value) {
    let document = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Deny", "Action": ["*"], "Resource": ["*"], "Condition": condition,
    }] });
    let document = document.to_string();
    let kind = holder.0.strip_suffix("Name").unwrap();
    let rest = [
        holder,
        ("PolicyName", "cut"),
        ("PolicyDocument", &*document),
    ];
    let reply = aws
        .iam(&Aws::admin(), &format!("Put{kind}Policy"), &rest)
        .await;
    assert_eq!(reply.status, 200, "{}", reply.body);
}

async fn may_list(aws: &Aws, keys: &Keys) -> bool {
    let reply = aws.iam(keys, "ListRoles", &[]).await;
    if reply.status != 200 {
        is_refused(&reply, 403, "AccessDenied");
    }
    reply.status == 200
}

async fn long(aws: &Aws, rest: &[(&str, &str)]) -> Keys {
    assume(aws, &Aws::broker(), "Long", rest).await.keys()
}

#[actix_web::test]
async fn older_sessions_of_a_role_are_cut_in_iam_and_sts_alike() {
    let aws = Aws::start();
    let old = long(&aws, &[]).await;
    aws.hand.advance(TimeDelta::seconds(1));
    let cut = timestamp(aws.simulation().clock.now());
    deny(
        &aws,
        ("RoleName", "Long"),
        json!({ "DateLessThan": { "aws:TokenIssueTime": cut } }),
    )
    .await;
    let new = long(&aws, &[]).await;
    assert!(!may_list(&aws, &old).await);
    assert!(may_list(&aws, &new).await);
    assert_eq!(
        assume(&aws, &old, "Reader", &[]).await.status,
        403,
        "nor does it chain on"
    );
    assume(&aws, &new, "Reader", &[]).await.keys();
    let who = aws.call(&old, "GetCallerIdentity", &[]).await;
    assert_eq!(who.status, 200, "this one works under any deny");
}

#[actix_web::test]
async fn one_session_of_a_role_is_cut_by_user_id_and_may_come_back() {
    let aws = Aws::start();
    let ada = long(&aws, &[]).await;
    let bob = long(&aws, &[("SourceIdentity", "bob")]).await;
    let who = aws
        .call(&ada, "GetCallerIdentity", &[])
        .await
        .expect("UserId");
    let id = json!({
        "StringEquals": { "aws:userid": who },
        "DateLessThan": { "aws:TokenIssueTime": timestamp(noon() + TimeDelta::seconds(1)) },
    });
    deny(&aws, ("RoleName", "Long"), id).await;
    assert!(!may_list(&aws, &ada).await);
    assert!(
        !may_list(&aws, &bob).await,
        "both have the session name ada"
    );
    aws.hand.advance(TimeDelta::seconds(1));
    let again = long(&aws, &[]).await;
    assert!(
        may_list(&aws, &again).await,
        "a session that begins later is spared"
    );
}

#[actix_web::test]
async fn the_source_identity_follows_a_person_into_the_next_role() {
    let aws = Aws::start();
    let ada = long(&aws, &[("SourceIdentity", "ada")]).await;
    let bob = long(&aws, &[("SourceIdentity", "bob")]).await;
    let next = async |keys: &Keys| assume(&aws, keys, "Reader", &[]).await.keys();
    let (ada, bob) = (next(&ada).await, next(&bob).await);
    let all = policy("Allow", "iam:ListRoles", "*");
    let put = [
        ("RoleName", "Reader"),
        ("PolicyName", "list"),
        ("PolicyDocument", all.text()),
    ];
    aws.iam(&Aws::admin(), "PutRolePolicy", &put).await;
    let source = json!({ "StringEquals": { "aws:SourceIdentity": "ada" } });
    deny(&aws, ("RoleName", "Reader"), source).await;
    assert!(!may_list(&aws, &ada).await);
    assert!(may_list(&aws, &bob).await);
}

#[actix_web::test]
async fn the_principal_s_arn_is_the_role_s_and_singles_nobody_out() {
    let aws = Aws::start();
    let ada = long(&aws, &[]).await;
    let session = format!("arn:aws:sts::{ACCOUNT}:assumed-role/Long/ada");
    let by = |arn: &str| json!({ "ArnEquals": { "aws:PrincipalArn": arn } });
    deny(&aws, ("RoleName", "Long"), by(&session)).await;
    assert!(may_list(&aws, &ada).await);
    deny(
        &aws,
        ("RoleName", "Long"),
        by(&format!("arn:aws:iam::{ACCOUNT}:role/Long")),
    )
    .await;
    assert!(!may_list(&aws, &ada).await);
}

#[actix_web::test]
async fn keys_of_the_assuming_call_do_not_reach_sessions_that_live() {
    let aws = Aws::start();
    let ada = long(&aws, &[("SourceIdentity", "ada")]).await;
    for key in ["sts:RoleSessionName", "sts:SourceIdentity"] {
        let condition = json!({ "StringEquals": { (key): "ada" } });
        deny(&aws, ("RoleName", "Long"), condition).await;
        assert!(may_list(&aws, &ada).await, "{key}");
    }
}

#[actix_web::test]
async fn a_deny_with_an_issue_time_leaves_the_user_s_own_key_alone() {
    let aws = Aws::start();
    let later = timestamp(noon() + TimeDelta::hours(1));
    let condition = json!({ "DateLessThan": { "aws:TokenIssueTime": later } });
    deny(&aws, ("UserName", "broker"), condition).await;
    let session = aws
        .call(&Aws::broker(), "GetSessionToken", &[])
        .await
        .keys();
    assert_eq!(assume(&aws, &session, "Long", &[]).await.status, 403);
    long(&aws, &[]).await;
}

#[actix_web::test]
async fn a_deny_on_the_trust_policy_stops_new_sessions_only() {
    let aws = Aws::start();
    let ada = long(&aws, &[]).await;
    let document = json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Principal": { "AWS": ACCOUNT }, "Action": "sts:AssumeRole" },
        { "Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole",
          "Condition": { "StringEquals": { "sts:RoleSessionName": "ada" } } },
    ] });
    let document = document.to_string();
    let rest = [("RoleName", "Long"), ("PolicyDocument", &*document)];
    aws.iam(&Aws::admin(), "UpdateAssumeRolePolicy", &rest)
        .await;
    assert_eq!(assume(&aws, &Aws::broker(), "Long", &[]).await.status, 403);
    assert!(may_list(&aws, &ada).await);
}
