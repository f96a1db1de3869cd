//! Every uncertain rule can be had the other way.

use serde_json::json;
use vestibule_sandbox::aws::iam::Role;
use vestibule_sandbox::aws::permissions::{Channel, Decision};
use vestibule_sandbox::aws::policy::{Context, Policy};

use crate::assume_role::assume;
use crate::support::{ACCOUNT, Aws, trust};

#[actix_web::test]
async fn a_role_named_by_a_role_of_its_account_needs_an_identity_policy_unless_switched() {
    let aws = Aws::start();
    let reader = json!({ "AWS": format!("arn:aws:iam::{ACCOUNT}:role/Reader") });
    {
        let mut registry = aws.simulation().iam.write();
        let role = Role::new("Next", trust(&reader, &["sts:AssumeRole"], None));
        registry.account_mut(ACCOUNT).unwrap().put_role(role);
    }
    let keys = assume(&aws, &Aws::broker(), "Reader", &[]).await.keys();
    assert_eq!(assume(&aws, &keys, "Next", &[]).await.status, 403);
    aws.simulation()
        .change_switches(|switches| switches.same_account_role_trust_suffices = true);
    assume(&aws, &keys, "Next", &[]).await.keys();
}

#[actix_web::test]
async fn durations_can_be_checked_before_trust() {
    let aws = Aws::start();
    let long = [("DurationSeconds", "7200")];
    assert_eq!(
        assume(&aws, &Aws::nobody(), "Reader", &long).await.status,
        403
    );
    aws.simulation()
        .change_switches(|switches| switches.duration_before_trust = true);
    assert_eq!(
        assume(&aws, &Aws::nobody(), "Reader", &long).await.status,
        400
    );
}

#[actix_web::test]
async fn the_packed_size_can_be_told_always() {
    let aws = Aws::start();
    aws.simulation()
        .change_switches(|switches| switches.packed_policy_size_always = true);
    let reply = assume(&aws, &Aws::broker(), "Reader", &[]).await;
    assert_eq!(reply.expect("PackedPolicySize"), "0");
}

#[actix_web::test]
async fn deleting_the_user_ends_its_federated_sessions_unless_switched() {
    let aws = Aws::start();
    let keys = aws
        .call(&Aws::broker(), "GetFederationToken", &[("Name", "ada")])
        .await
        .keys();
    aws.simulation()
        .iam
        .write()
        .account_mut(ACCOUNT)
        .unwrap()
        .users
        .remove("broker");
    let reply = aws.call(&keys, "GetCallerIdentity", &[]).await;
    assert_eq!(reply.expect("Code"), "InvalidClientTokenId");
    aws.simulation()
        .change_switches(|switches| switches.deleted_user_ends_federation = false);
    assert_eq!(aws.call(&keys, "GetCallerIdentity", &[]).await.status, 200);
}

#[actix_web::test]
async fn codes_and_limits_that_nobody_is_sure_of_follow_their_switches() {
    let aws = Aws::start();
    aws.simulation().change_switches(|switches| {
        switches.unknown_version_code = "InvalidAction";
        switches.expired_token_status = 400;
        switches.assume_role_policy_limit = 100;
    });
    let path = "/sts.eu-west-1.amazonaws.com/";
    let reply = aws.post(path, "Action=AssumeRole&Version=1", &[]).await;
    assert_eq!(reply.expect("Code"), "InvalidAction");
    let policy =
        crate::support::policy("Allow", "s3:*", "arn:aws:s3:::a-bucket-with-a-long-name/*");
    let reply = assume(&aws, &Aws::broker(), "Reader", &[("Policy", policy.text())]).await;
    assert!(
        reply
            .expect("Message")
            .ends_with("less than or equal to 100")
    );
    let keys = assume(&aws, &Aws::broker(), "Reader", &[]).await.keys();
    aws.hand.advance(chrono::TimeDelta::hours(2));
    let reply = aws.call(&keys, "GetCallerIdentity", &[]).await;
    assert_eq!(
        (reply.status, reply.expect("Code").as_str()),
        (400, "ExpiredToken")
    );
}

#[actix_web::test]
async fn the_policy_of_assume_role_can_be_longer_and_no_other_call_s() {
    let aws = Aws::start();
    let long = crate::support::policy(
        "Allow",
        "s3:*",
        &format!("arn:aws:s3:::{}", "x".repeat(2100)),
    );
    let rest = [("Policy", long.text())];
    let federation = [("Name", "ada"), rest[0]];
    assert_eq!(
        assume(&aws, &Aws::broker(), "Reader", &rest).await.status,
        400
    );
    aws.simulation()
        .change_switches(|switches| switches.assume_role_policy_limit = 4000);
    assume(&aws, &Aws::broker(), "Reader", &rest).await.keys();
    let reply = aws
        .call(&Aws::broker(), "GetFederationToken", &federation)
        .await;
    assert!(
        reply
            .expect("Message")
            .ends_with("less than or equal to 2048")
    );
}

#[actix_web::test]
async fn federated_users_can_be_without_an_issue_time() {
    let aws = Aws::start();
    let all = crate::support::policy("Allow", "*", "*");
    let rest = [("Name", "ada"), ("Policy", all.text())];
    let keys = aws
        .call(&Aws::broker(), "GetFederationToken", &rest)
        .await
        .keys();
    let token = keys.token.unwrap();
    let tokens = &aws.simulation().tokens;
    let ada = tokens.by_access_key(&keys.id, &token).unwrap().session;
    let document = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Deny", "Action": "*", "Resource": "*",
        "Condition": { "DateLessThan": { "aws:TokenIssueTime": "2026-11-22T13:00:00Z" } },
    }] });
    let deny = Policy::identity(&document.to_string()).unwrap();
    {
        let mut registry = aws.simulation().iam.write();
        let account = registry.account_mut(ACCOUNT).unwrap();
        let user = account.users.get_mut("broker").unwrap();
        user.policies.insert("cut".to_owned(), deny);
    }
    let what = ("s3:GetObject", "arn:aws:s3:::anything/x");
    let decide = || {
        aws.simulation()
            .authorize(&ada, Channel::Console, what, Context::new())
    };
    assert_eq!(decide(), Decision::ExplicitlyDenied);
    aws.simulation()
        .change_switches(|switches| switches.federated_users_have_issue_time = false);
    assert_eq!(decide(), Decision::Allowed);
}

#[actix_web::test]
async fn a_federation_token_is_allowed_by_name_unless_switched() {
    let aws = Aws::start();
    let ada = format!("arn:aws:sts::{ACCOUNT}:federated-user/ada");
    {
        let mut registry = aws.simulation().iam.write();
        let account = registry.account_mut(ACCOUNT).unwrap();
        let user = account.users.get_mut("nobody").unwrap();
        let only = crate::support::policy("Allow", "sts:GetFederationToken", &ada);
        user.policies.insert("only".to_owned(), only);
    }
    let ask = async |name| {
        let rest = [("Name", name)];
        let reply = aws.call(&Aws::nobody(), "GetFederationToken", &rest).await;
        reply.status
    };
    assert_eq!((ask("ada").await, ask("bob").await), (200, 403));
    aws.simulation()
        .change_switches(|switches| switches.federation_token_is_allowed_by_name = false);
    assert_eq!((ask("ada").await, ask("bob").await), (403, 403));
}

#[actix_web::test]
async fn an_expiration_can_have_milliseconds() {
    let aws = Aws::start();
    let plain = assume(&aws, &Aws::broker(), "Reader", &[]).await;
    assert_eq!(plain.expect("Expiration"), "2026-11-22T13:00:00Z");
    aws.simulation()
        .change_switches(|switches| switches.expiration_has_milliseconds = true);
    let precise = assume(&aws, &Aws::broker(), "Reader", &[]).await;
    assert_eq!(precise.expect("Expiration"), "2026-11-22T13:00:00.000Z");
}
