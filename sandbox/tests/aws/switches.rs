//! Every uncertain rule can be had the other way.

use serde_json::json;
use vestibule_sandbox::aws::iam::Role;

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
