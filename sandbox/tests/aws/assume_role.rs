//! `AssumeRole`: who may, for how long, carrying what.

use chrono::TimeDelta;
use serde_json::json;
use vestibule_sandbox::aws::tokens::Made;

use crate::support::{ACCOUNT, Aws, Keys, OTHER, Reply, noon, policy, trust};

fn arn(role: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:role/{role}")
}

pub(crate) async fn assume(aws: &Aws, keys: &Keys, role: &str, rest: &[(&str, &str)]) -> Reply {
    let arn = arn(role);
    let mut all = vec![("RoleArn", arn.as_str()), ("RoleSessionName", "ada")];
    all.extend_from_slice(rest);
    aws.call(keys, "AssumeRole", &all).await
}

pub(crate) fn denied(user: &str, action: &str, role: &str) -> String {
    format!(
        "User: {user} is not authorized to perform: {action} on resource: {}",
        arn(role)
    )
}

pub(crate) const BROKER: &str = "arn:aws:iam::111122223333:user/broker";
const CHAIN: &str = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.";

#[actix_web::test]
async fn a_user_with_a_policy_becomes_a_role_of_the_account() {
    let aws = Aws::start();
    let reply = assume(&aws, &Aws::broker(), "Reader", &[]).await;
    assert_eq!(
        reply.expect("Arn"),
        format!("arn:aws:sts::{ACCOUNT}:assumed-role/Reader/ada")
    );
    assert!(reply.expect("AssumedRoleId").ends_with(":ada"));
    assert!(reply.expect("AssumedRoleId").starts_with("AROA"));
    assert_eq!(reply.seconds_from(noon()), 3600);
    assert_eq!(reply.request_id, reply.get("RequestId"));
    let caller = aws.call(&reply.keys(), "GetCallerIdentity", &[]).await;
    assert_eq!(caller.expect("Arn"), reply.expect("Arn"));
    assert_eq!(caller.expect("UserId"), reply.expect("AssumedRoleId"));
    assert_eq!(caller.expect("Account"), ACCOUNT);
}

#[actix_web::test]
async fn a_role_that_does_not_exist_and_one_that_does_not_trust_answer_alike() {
    let aws = Aws::start();
    for role in ["Missing", "Pathed", "team/wrong/Pathed"] {
        let reply = assume(&aws, &Aws::broker(), role, &[]).await;
        reply.refused(403, "AccessDenied", &denied(BROKER, "sts:AssumeRole", role));
    }
    let reply = assume(&aws, &Aws::nobody(), "Reader", &[]).await;
    let nobody = format!("arn:aws:iam::{ACCOUNT}:user/nobody");
    reply.refused(
        403,
        "AccessDenied",
        &denied(&nobody, "sts:AssumeRole", "Reader"),
    );
}

#[actix_web::test]
async fn the_path_counts_in_the_role_arn_and_is_gone_from_the_session() {
    let aws = Aws::start();
    let reply = assume(&aws, &Aws::broker(), "team/payments/Pathed", &[]).await;
    assert_eq!(
        reply.expect("Arn"),
        format!("arn:aws:sts::{ACCOUNT}:assumed-role/Pathed/ada")
    );
}

#[actix_web::test]
async fn durations_stay_within_the_role_s_maximum() {
    let aws = Aws::start();
    let over = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    let reply = assume(
        &aws,
        &Aws::broker(),
        "Reader",
        &[("DurationSeconds", "3601")],
    )
    .await;
    reply.refused(400, "ValidationError", over);
    let reply = assume(
        &aws,
        &Aws::broker(),
        "Long",
        &[("DurationSeconds", "43200")],
    )
    .await;
    assert_eq!(reply.seconds_from(noon()), 43_200);
    let reply = assume(&aws, &Aws::broker(), "Long", &[("DurationSeconds", "899")]).await;
    reply.refused(
        400,
        "ValidationError",
        "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy \
         constraint: Member must have value greater than or equal to 900",
    );
    let reply = assume(
        &aws,
        &Aws::broker(),
        "Long",
        &[("DurationSeconds", "43201")],
    )
    .await;
    assert!(
        reply
            .expect("Message")
            .ends_with("Member must have value less than or equal to 43200")
    );
}

#[actix_web::test]
async fn a_chain_is_an_hour_long_and_never_outlives_its_first_link() {
    let aws = Aws::start();
    let first = assume(
        &aws,
        &Aws::broker(),
        "Long",
        &[("DurationSeconds", "43200")],
    )
    .await
    .keys();
    let reply = assume(&aws, &first, "Long", &[("DurationSeconds", "3601")]).await;
    reply.refused(400, "ValidationError", CHAIN);
    let reply = assume(&aws, &first, "Long", &[]).await;
    assert_eq!(reply.seconds_from(noon()), 3600);
    let second = reply.keys();
    aws.hand.advance(TimeDelta::minutes(50));
    let third = assume(&aws, &second, "Long", &[("DurationSeconds", "3600")]).await;
    assert_eq!(
        third.seconds_from(noon()),
        3600,
        "the chain ends with the link before"
    );
    aws.simulation()
        .change_switches(|switches| switches.chain_may_outlive_caller = true);
    let third = assume(&aws, &second, "Long", &[("DurationSeconds", "3600")]).await;
    assert_eq!(third.seconds_from(noon()), 6600);
}

#[actix_web::test]
async fn credentials_of_get_session_token_chain_too() {
    let aws = Aws::start();
    let user = aws
        .call(&Aws::broker(), "GetSessionToken", &[])
        .await
        .keys();
    let reply = assume(&aws, &user, "Long", &[("DurationSeconds", "7200")]).await;
    reply.refused(400, "ValidationError", CHAIN);
    let keys = assume(&aws, &user, "Long", &[]).await.keys();
    let token = keys.token.unwrap();
    let known = aws
        .simulation()
        .tokens
        .by_access_key(&keys.id, &token)
        .unwrap();
    assert_eq!(known.session.made, Made::Chained);
}

#[actix_web::test]
async fn root_and_federated_users_assume_no_role() {
    let aws = Aws::start();
    let reply = assume(&aws, &Aws::root(), "Reader", &[]).await;
    reply.refused(
        403,
        "AccessDenied",
        "Roles may not be assumed by root accounts.",
    );
    let root = aws.call(&Aws::root(), "GetSessionToken", &[]).await.keys();
    let reply = assume(&aws, &root, "Reader", &[]).await;
    reply.refused(
        403,
        "AccessDenied",
        "Roles may not be assumed by root accounts.",
    );
    let federated = aws
        .call(&Aws::broker(), "GetFederationToken", &[("Name", "ada")])
        .await
        .keys();
    let reply = assume(&aws, &federated, "Reader", &[]).await;
    let user = format!("arn:aws:sts::{ACCOUNT}:federated-user/ada");
    reply.refused(
        403,
        "AccessDenied",
        &denied(&user, "sts:AssumeRole", "Reader"),
    );
}

#[actix_web::test]
async fn a_trust_policy_that_names_the_user_suffices_in_its_own_account_only() {
    let aws = Aws::start();
    let nobody = json!({ "AWS": format!("arn:aws:iam::{ACCOUNT}:user/nobody") });
    for account in [ACCOUNT, OTHER] {
        let mut registry = aws.simulation().iam.write();
        let account = registry.account_mut(account).unwrap();
        account.put_role(vestibule_sandbox::aws::iam::Role::new(
            "Named",
            trust(&nobody, &["sts:AssumeRole"], None),
        ));
    }
    assume(&aws, &Aws::nobody(), "Named", &[]).await.keys();
    let other = format!("arn:aws:iam::{OTHER}:role/Named");
    let rest = [("RoleArn", other.as_str()), ("RoleSessionName", "ada")];
    let reply = aws.call(&Aws::nobody(), "AssumeRole", &rest).await;
    assert_eq!(
        (reply.status, reply.expect("Code").as_str()),
        (403, "AccessDenied")
    );
    let visitor = format!("arn:aws:iam::{OTHER}:role/Visitor");
    let rest = [("RoleArn", visitor.as_str()), ("RoleSessionName", "ada")];
    aws.call(&Aws::broker(), "AssumeRole", &rest).await.keys();
}

#[actix_web::test]
async fn conditions_of_the_trust_policy_are_asked() {
    let aws = Aws::start();
    let here = json!({ "AWS": ACCOUNT });
    let condition = json!({
        "StringEquals": { "sts:ExternalId": "42", "aws:RequestTag/team": ["payments"] },
        "StringLike": { "sts:RoleSessionName": "ad?" },
        "ForAllValues:StringEquals": { "aws:TagKeys": ["team"] },
    });
    let role = trust(
        &here,
        &["sts:AssumeRole", "sts:TagSession"],
        Some(condition),
    );
    aws.simulation()
        .iam
        .write()
        .account_mut(ACCOUNT)
        .unwrap()
        .role_mut("Reader")
        .unwrap()
        .trust = role;
    let tag = [
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "payments"),
    ];
    let right = [&tag[..], &[("ExternalId", "42")]].concat();
    assume(&aws, &Aws::broker(), "Reader", &right).await.keys();
    let more = [("Tags.member.2.Key", "x"), ("Tags.member.2.Value", "y")];
    let mut wrong = [&tag[..], &[("ExternalId", "43")]].concat();
    let reply = assume(&aws, &Aws::broker(), "Reader", &wrong).await;
    reply.refused(
        403,
        "AccessDenied",
        &denied(BROKER, "sts:AssumeRole", "Reader"),
    );
    wrong = [&right[..], &more].concat();
    assert_eq!(
        assume(&aws, &Aws::broker(), "Reader", &wrong).await.status,
        403
    );
    assert_eq!(
        assume(&aws, &Aws::broker(), "Reader", &[("ExternalId", "42")])
            .await
            .status,
        403
    );
}

#[actix_web::test]
async fn a_region_that_the_account_switched_off_does_not_answer() {
    let aws = Aws::start();
    {
        let mut registry = aws.simulation().iam.write();
        let account = registry.account_mut(ACCOUNT).unwrap();
        account.disabled_regions.insert("eu-west-1".to_owned());
    }
    let reply = assume(&aws, &Aws::broker(), "Long", &[]).await;
    assert_eq!(
        (reply.status, reply.expect("Code").as_str()),
        (403, "RegionDisabledException")
    );
    let role = arn("Long");
    let rest = [("RoleArn", role.as_str()), ("RoleSessionName", "ada")];
    let global = aws
        .call_host(
            "sts.amazonaws.com",
            "us-east-1",
            &Aws::broker(),
            ("AssumeRole", &rest),
        )
        .await;
    global.keys();
    let opt_in = aws
        .call_host(
            "sts.af-south-1.amazonaws.com",
            "af-south-1",
            &Aws::broker(),
            ("AssumeRole", &rest),
        )
        .await;
    assert_eq!(opt_in.expect("Code"), "RegionDisabledException");
}

#[actix_web::test]
async fn an_explicit_deny_beats_every_allow() {
    let aws = Aws::start();
    {
        let mut registry = aws.simulation().iam.write();
        let user = registry
            .account_mut(ACCOUNT)
            .unwrap()
            .users
            .get_mut("broker")
            .unwrap();
        user.policies.insert(
            "no".to_owned(),
            policy("Deny", "sts:AssumeRole", &arn("Reader")),
        );
    }
    assert_eq!(
        assume(&aws, &Aws::broker(), "Reader", &[]).await.status,
        403
    );
    assume(&aws, &Aws::broker(), "Long", &[]).await.keys();
}

#[actix_web::test]
async fn malformed_and_swapped_arns_are_named() {
    let aws = Aws::start();
    for (arn, message) in [
        (
            "arn:aws:iam::1111:role/Reader",
            "arn:aws:iam::1111:role/Reader is invalid",
        ),
        (
            "arn:aws:iam::111122223333:saml-provider/x",
            "Request ARN is invalid",
        ),
    ] {
        let rest = [("RoleArn", arn), ("RoleSessionName", "ada")];
        let reply = aws.call(&Aws::broker(), "AssumeRole", &rest).await;
        reply.refused(400, "ValidationError", message);
    }
}
