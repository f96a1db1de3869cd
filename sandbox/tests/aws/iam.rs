//! IAM's API as such: its hosts, signatures, permissions, pages, and what an edit does to sessions that live.

use chrono::TimeDelta;
use serde_json::json;
use vestibule_sandbox::aws::identity::timestamp;
use vestibule_sandbox::aws::mfa::MfaDevice;

use crate::assume_role::assume;
use crate::support::{ACCOUNT, Aws, Keys, Reply, Signed, noon, policy};

/// A trust policy for the account's own users.
pub(crate) fn own_trust() -> String {
    json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": { "AWS": ACCOUNT },
        "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
    }] })
    .to_string()
}

pub(crate) async fn create_role(aws: &Aws, name: &str, rest: &[(&str, &str)]) -> Reply {
    let trust = own_trust();
    let mut all = vec![("RoleName", name), ("AssumeRolePolicyDocument", &trust)];
    all.extend_from_slice(rest);
    aws.iam(&Aws::admin(), "CreateRole", &all).await
}

#[track_caller]
pub(crate) fn is_refused(reply: &Reply, status: u16, code: &str) {
    let seen = (reply.status, reply.get("Code"));
    assert_eq!(seen, (status, Some(code.to_owned())), "{}", reply.body);
}

#[actix_web::test]
async fn answers_stand_in_iam_s_namespace_with_their_request_id() {
    let aws = Aws::start();
    let reply = aws.iam(&Aws::admin(), "ListAccountAliases", &[]).await;
    assert!(
        reply.body.starts_with(
            "<ListAccountAliasesResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">\
             <ListAccountAliasesResult>"
        ),
        "{}",
        reply.body
    );
    assert_eq!(reply.request_id, reply.get("RequestId"));
    let reply = aws.iam(&Aws::admin(), "Dance", &[]).await;
    is_refused(&reply, 400, "InvalidAction");
    assert!(
        reply
            .body
            .contains("https://iam.amazonaws.com/doc/2010-05-08/")
    );
    let old = "Action=ListRoles&Version=2011-06-15";
    let reply = aws.post("/iam.amazonaws.com/", old, &[]).await;
    is_refused(&reply, 400, "NoSuchVersion");
    let unsigned = "Action=ListRoles&Version=2010-05-08";
    let reply = aws.post("/iam.amazonaws.com/", unsigned, &[]).await;
    is_refused(&reply, 403, "MissingAuthenticationToken");
}

#[actix_web::test]
async fn each_partition_has_one_host_and_one_region_to_sign_for() {
    let aws = Aws::start();
    let gov = Keys {
        id: "AKIAGOV0000000000001".to_owned(),
        ..Aws::broker()
    };
    let list = ("ListRoles", &[][..]);
    let host = ("iam.us-gov.amazonaws.com", "us-gov-west-1");
    let reply = aws.iam_at(host, &gov, list).await;
    is_refused(&reply, 403, "AccessDenied");
    assert!(
        reply
            .expect("Message")
            .contains("arn:aws-us-gov:iam::777788889999:user/broker")
    );
    let reply = aws
        .iam_at(("iam.amazonaws.com", "us-east-1"), &gov, list)
        .await;
    is_refused(&reply, 403, "InvalidClientTokenId");
    for (host, region) in [
        ("iam.amazonaws.com", "eu-west-1"),
        ("iam.us-gov.amazonaws.com", "us-east-1"),
    ] {
        let keys = if host == "iam.amazonaws.com" {
            Aws::admin()
        } else {
            gov.clone()
        };
        let reply = aws.iam_at((host, region), &keys, list).await;
        is_refused(&reply, 403, "SignatureDoesNotMatch");
    }
}

#[actix_web::test]
async fn a_signature_for_another_service_does_not_open_iam() {
    let aws = Aws::start();
    let body = "Action=ListRoles&Version=2010-05-08";
    let authority = aws.server.address().to_string();
    let signed = Signed {
        method: "POST",
        host: &authority,
        path: "/iam.amazonaws.com/",
        query: "",
        body,
        region: "us-east-1",
        service: "sts",
        time: noon(),
    };
    let headers = signed.headers(&Aws::admin());
    let reply = aws.post("/iam.amazonaws.com/", body, &headers).await;
    is_refused(&reply, 403, "SignatureDoesNotMatch");
}

#[actix_web::test]
async fn the_caller_s_policies_allow_an_operation_on_a_resource() {
    let aws = Aws::start();
    let reply = aws
        .iam(&Aws::nobody(), "GetRole", &[("RoleName", "Reader")])
        .await;
    let text = format!(
        "User: arn:aws:iam::{ACCOUNT}:user/nobody is not authorized to perform: iam:GetRole on resource: \
         arn:aws:iam::{ACCOUNT}:role/Reader"
    );
    reply.refused(403, "AccessDenied", &text);
    let only = policy(
        "Allow",
        "iam:GetRole",
        &format!("arn:aws:iam::{ACCOUNT}:role/team/*"),
    );
    let put = [
        ("UserName", "nobody"),
        ("PolicyName", "look"),
        ("PolicyDocument", only.text()),
    ];
    assert_eq!(
        aws.iam(&Aws::admin(), "PutUserPolicy", &put).await.status,
        200
    );
    let reply = aws
        .iam(&Aws::nobody(), "GetRole", &[("RoleName", "Pathed")])
        .await;
    assert_eq!(
        reply.expect("Arn"),
        format!("arn:aws:iam::{ACCOUNT}:role/team/payments/Pathed")
    );
    let reply = aws
        .iam(&Aws::nobody(), "GetRole", &[("RoleName", "Reader")])
        .await;
    is_refused(&reply, 403, "AccessDenied");
    let reply = aws
        .iam(&Aws::root(), "GetRole", &[("RoleName", "Reader")])
        .await;
    assert_eq!(reply.status, 200, "root may do everything in its account");
}

#[actix_web::test]
async fn which_managed_policy_may_be_attached_is_a_condition() {
    let aws = Aws::start();
    let reading = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    let document = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "iam:AttachRolePolicy", "Resource": "*",
        "Condition": { "ArnEquals": { "iam:PolicyARN": reading } },
    }] });
    let document = document.to_string();
    let put = [
        ("UserName", "nobody"),
        ("PolicyName", "p"),
        ("PolicyDocument", &*document),
    ];
    aws.iam(&Aws::admin(), "PutUserPolicy", &put).await;
    for (arn, status) in [
        (reading, 200),
        ("arn:aws:iam::aws:policy/AdministratorAccess", 403),
    ] {
        let rest = [("RoleName", "Reader"), ("PolicyArn", arn)];
        let reply = aws.iam(&Aws::nobody(), "AttachRolePolicy", &rest).await;
        assert_eq!(reply.status, status, "{arn}: {}", reply.body);
    }
}

#[actix_web::test]
async fn federated_users_call_no_iam_by_api_and_sessions_of_a_user_only_with_mfa() {
    let aws = Aws::start();
    let all = policy("Allow", "*", "*");
    let rest = [("Name", "ada"), ("Policy", all.text())];
    let federated = aws
        .call(&Aws::admin(), "GetFederationToken", &rest)
        .await
        .keys();
    let invalid = "The security token included in the request is invalid.";
    let reply = aws.iam(&federated, "ListRoles", &[]).await;
    reply.refused(403, "InvalidClientTokenId", invalid);
    aws.simulation()
        .change_switches(|switches| switches.iam.federated_user_code = "AccessDenied");
    let reply = aws.iam(&federated, "ListRoles", &[]).await;
    is_refused(&reply, 403, "AccessDenied");
    let plain = aws.call(&Aws::admin(), "GetSessionToken", &[]).await.keys();
    let reply = aws.iam(&plain, "ListRoles", &[]).await;
    reply.refused(403, "InvalidClientTokenId", invalid);
    let serial = format!("arn:aws:iam::{ACCOUNT}:mfa/admin");
    let device = MfaDevice::new(&serial, b"12345678901234567890");
    let code = device.code_at(noon().timestamp());
    {
        let mut registry = aws.simulation().iam.write();
        let account = registry.account_mut(ACCOUNT).unwrap();
        account.users.get_mut("admin").unwrap().mfa = Some(device);
    }
    let rest = [("SerialNumber", &*serial), ("TokenCode", &code)];
    let proven = aws
        .call(&Aws::admin(), "GetSessionToken", &rest)
        .await
        .keys();
    assert_eq!(aws.iam(&proven, "ListRoles", &[]).await.status, 200);
    let role = assume(&aws, &Aws::broker(), "Long", &[]).await.keys();
    assert_eq!(
        aws.iam(&role, "ListRoles", &[]).await.status,
        200,
        "role sessions may"
    );
}

#[actix_web::test]
async fn lists_come_in_pages_that_lead_on_and_may_be_shorter_than_asked() {
    let aws = Aws::start();
    for name in ["A", "B", "C"] {
        create_role(&aws, name, &[("Path", "/page/")]).await;
    }
    let list = async |rest: &[(&str, &str)]| {
        let all = [&[("PathPrefix", "/page/")][..], rest].concat();
        aws.iam(&Aws::admin(), "ListRoles", &all).await
    };
    let whole = list(&[]).await;
    assert_eq!(
        (whole.expect("IsTruncated").as_str(), whole.get("Marker")),
        ("false", None)
    );
    assert_eq!(whole.body.matches("<RoleName>").count(), 3);
    let first = list(&[("MaxItems", "2")]).await;
    assert_eq!(first.expect("IsTruncated"), "true");
    assert_eq!(first.body.matches("<RoleName>").count(), 2);
    let marker = first.expect("Marker");
    let second = list(&[("MaxItems", "2"), ("Marker", &marker)]).await;
    assert_eq!(second.expect("RoleName"), "C");
    assert_eq!(second.expect("IsTruncated"), "false");
    aws.simulation()
        .change_switches(|switches| switches.iam.page_limit = 1);
    let short = list(&[("MaxItems", "2")]).await;
    assert_eq!(short.body.matches("<RoleName>").count(), 1);
    assert_eq!(short.expect("IsTruncated"), "true");
    is_refused(&list(&[("Marker", "!")]).await, 400, "ValidationError");
    is_refused(&list(&[("MaxItems", "1001")]).await, 400, "ValidationError");
    is_refused(&list(&[("MaxItems", "0")]).await, 400, "ValidationError");
}

#[actix_web::test]
async fn an_edit_reaches_sessions_that_live() {
    let aws = Aws::start();
    let session = assume(&aws, &Aws::broker(), "Long", &[]).await.keys();
    assert_eq!(aws.iam(&session, "ListRoles", &[]).await.status, 200);
    aws.hand.advance(TimeDelta::seconds(1));
    let document = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Deny", "Action": ["*"], "Resource": ["*"],
        "Condition": { "DateLessThan": { "aws:TokenIssueTime": timestamp(noon() + TimeDelta::seconds(1)) } },
    }] });
    let document = document.to_string();
    let put = [
        ("RoleName", "Long"),
        ("PolicyName", "AWSRevokeOlderSessions"),
        ("PolicyDocument", &*document),
    ];
    assert_eq!(
        aws.iam(&Aws::admin(), "PutRolePolicy", &put).await.status,
        200
    );
    is_refused(
        &aws.iam(&session, "ListRoles", &[]).await,
        403,
        "AccessDenied",
    );
    let newer = assume(&aws, &Aws::broker(), "Long", &[]).await.keys();
    assert_eq!(aws.iam(&newer, "ListRoles", &[]).await.status, 200);
}

#[actix_web::test]
async fn an_edit_takes_as_long_to_arrive_as_the_switch_says() {
    let aws = Aws::start();
    aws.simulation()
        .change_switches(|switches| switches.iam.propagation_seconds = 10);
    create_role(&aws, "Fresh", &[]).await;
    let get = aws
        .iam(&Aws::admin(), "GetRole", &[("RoleName", "Fresh")])
        .await;
    assert_eq!(get.status, 200, "IAM itself knows it");
    let early = assume(&aws, &Aws::broker(), "Fresh", &[]).await;
    is_refused(&early, 403, "AccessDenied");
    aws.hand.advance(TimeDelta::seconds(9));
    assert_eq!(assume(&aws, &Aws::broker(), "Fresh", &[]).await.status, 403);
    aws.hand.advance(TimeDelta::seconds(1));
    let session = assume(&aws, &Aws::broker(), "Fresh", &[]).await.keys();
    let all = policy("Allow", "iam:*", "*");
    let put = [
        ("RoleName", "Fresh"),
        ("PolicyName", "all"),
        ("PolicyDocument", all.text()),
    ];
    aws.iam(&Aws::admin(), "PutRolePolicy", &put).await;
    aws.hand.advance(TimeDelta::seconds(5));
    let none = policy("Deny", "iam:*", "*");
    let put = [
        ("RoleName", "Fresh"),
        ("PolicyName", "none"),
        ("PolicyDocument", none.text()),
    ];
    aws.iam(&Aws::admin(), "PutRolePolicy", &put).await;
    is_refused(
        &aws.iam(&session, "ListRoles", &[]).await,
        403,
        "AccessDenied",
    );
    aws.hand.advance(TimeDelta::seconds(5));
    let between = aws.iam(&session, "ListRoles", &[]).await;
    assert_eq!(
        between.status, 200,
        "the first edit has arrived, the second has not"
    );
    aws.hand.advance(TimeDelta::seconds(5));
    is_refused(
        &aws.iam(&session, "ListRoles", &[]).await,
        403,
        "AccessDenied",
    );
}

#[actix_web::test]
async fn what_another_key_put_is_read_back_as_late_as_the_switch_says_and_one_s_own_at_once() {
    let aws = Aws::start();
    create_role(&aws, "Other", &[]).await;
    let all = policy("Allow", "iam:*", "*");
    let puts = async |keys: &Keys, name: &str| {
        let put = [
            ("RoleName", "Other"),
            ("PolicyName", name),
            ("PolicyDocument", all.text()),
        ];
        assert_eq!(aws.iam(keys, "PutRolePolicy", &put).await.status, 200);
    };
    let reads = async |keys: &Keys, name: &str| {
        let list = [("RoleName", "Other")];
        let names = aws.iam(keys, "ListRolePolicies", &list).await;
        assert_eq!(names.status, 200, "{}", names.body);
        names.body.contains(&format!("<member>{name}</member>"))
    };
    let admin = Aws::admin();
    puts(&admin, "all").await;
    let other = assume(&aws, &Aws::broker(), "Other", &[]).await.keys();
    aws.simulation()
        .change_switches(|switches| switches.iam.others_show_after_seconds = 10);
    puts(&admin, "one").await;
    assert!(reads(&admin, "one").await && !reads(&other, "one").await);
    // what one puts comes after what was there, and shows it
    puts(&other, "two").await;
    assert!(reads(&other, "one").await && reads(&other, "two").await);
    assert!(reads(&admin, "one").await && !reads(&admin, "two").await);
    aws.hand.advance(TimeDelta::seconds(10));
    assert!(reads(&admin, "two").await);
}

#[actix_web::test]
async fn the_log_shows_operations_and_no_secret_of_theirs() {
    let aws = Aws::start();
    create_role(&aws, "Fresh", &[]).await;
    let entries = aws.simulation().log.entries();
    let entry = entries.last().unwrap();
    assert_eq!(entry.host, "iam.amazonaws.com");
    assert_eq!(entry.action.as_deref(), Some("CreateRole"));
    assert_eq!(entry.parameters["RoleName"], "Fresh");
    assert!(entry.signed);
}
