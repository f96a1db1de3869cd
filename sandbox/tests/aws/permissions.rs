//! What a session may do, by all policies together, live.

use serde_json::json;
use vestibule_sandbox::aws::iam::Bucket;
use vestibule_sandbox::aws::identity::timestamp;
use vestibule_sandbox::aws::permissions::{Channel, Decision};
use vestibule_sandbox::aws::policy::{Context, Policy};
use vestibule_sandbox::aws::tokens::Session;

use crate::support::{ACCOUNT, Aws, Keys, OTHER, noon, policy};

const GET: (&str, &str) = ("s3:GetObject", "arn:aws:s3:::anything/x");
const PUT: (&str, &str) = ("s3:PutObject", "arn:aws:s3:::federated/x");

fn session(aws: &Aws, keys: &Keys) -> Session {
    let token = keys.token.clone().unwrap();
    aws.simulation()
        .tokens
        .by_access_key(&keys.id, &token)
        .unwrap()
        .session
}

fn decide(aws: &Aws, session: &Session, what: (&str, &str)) -> Decision {
    aws.simulation()
        .authorize(session, Channel::Api, what, Context::new())
}

async fn role(aws: &Aws, role: &str, rest: &[(&str, &str)]) -> Session {
    let arn = format!("arn:aws:iam::{ACCOUNT}:role/{role}");
    let mut all = vec![("RoleArn", arn.as_str())];
    if !rest.iter().any(|(name, _)| *name == "RoleSessionName") {
        all.push(("RoleSessionName", "ada"));
    }
    all.extend_from_slice(rest);
    session(
        aws,
        &aws.call(&Aws::broker(), "AssumeRole", &all).await.keys(),
    )
}

async fn federated(aws: &Aws, name: &str, rest: &[(&str, &str)]) -> Session {
    let all = [&[("Name", name)][..], rest].concat();
    session(
        aws,
        &aws.call(&Aws::broker(), "GetFederationToken", &all)
            .await
            .keys(),
    )
}

#[actix_web::test]
async fn a_role_session_has_the_role_s_permissions_and_a_policy_only_narrows_them() {
    let aws = Aws::start();
    let plain = role(&aws, "Reader", &[]).await;
    assert_eq!(decide(&aws, &plain, GET), Decision::Allowed);
    assert_eq!(
        decide(&aws, &plain, ("ec2:RunInstances", "*")),
        Decision::ImplicitlyDenied
    );
    let all = policy("Allow", "*", "*");
    let wide = role(&aws, "Reader", &[("Policy", all.text())]).await;
    assert_eq!(
        decide(&aws, &wide, ("ec2:RunInstances", "*")),
        Decision::ImplicitlyDenied
    );
    let none = policy("Allow", "ec2:*", "*");
    let narrow = role(&aws, "Reader", &[("Policy", none.text())]).await;
    assert_eq!(decide(&aws, &narrow, GET), Decision::ImplicitlyDenied);
    let managed = [(
        "PolicyArns.member.1.arn",
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
    )];
    let reading = role(&aws, "Long", &managed).await;
    assert_eq!(decide(&aws, &reading, GET), Decision::Allowed);
    assert_eq!(
        decide(&aws, &reading, ("s3:DeleteBucket", "*")),
        Decision::ImplicitlyDenied
    );
}

#[actix_web::test]
async fn a_resource_policy_that_names_the_session_reaches_past_session_policy_and_boundary() {
    let aws = Aws::start();
    let none = policy("Allow", "ec2:*", "*");
    {
        let mut registry = aws.simulation().iam.write();
        let role = registry
            .account_mut(ACCOUNT)
            .unwrap()
            .role_mut("Reader")
            .unwrap();
        role.boundary = Some(none.clone());
    }
    let named = role(&aws, "Reader", &[("Policy", none.text())]).await;
    assert_eq!(decide(&aws, &named, PUT), Decision::Allowed);
    assert_eq!(decide(&aws, &named, GET), Decision::ImplicitlyDenied);
    let other = role(&aws, "Reader", &[("RoleSessionName", "bob")]).await;
    assert_eq!(decide(&aws, &other, PUT), Decision::ImplicitlyDenied);
}

#[actix_web::test]
async fn a_federated_user_without_policy_has_what_resource_policies_give_its_name() {
    let aws = Aws::start();
    let ada = federated(&aws, "ada", &[]).await;
    assert_eq!(decide(&aws, &ada, PUT), Decision::Allowed);
    assert_eq!(decide(&aws, &ada, GET), Decision::ImplicitlyDenied);
    let bob = federated(&aws, "bob", &[]).await;
    assert_eq!(decide(&aws, &bob, PUT), Decision::ImplicitlyDenied);
    let all = policy("Allow", "*", "*");
    let bob = federated(&aws, "bob", &[("Policy", all.text())]).await;
    assert_eq!(
        decide(&aws, &bob, GET),
        Decision::Allowed,
        "the user may, and so does the policy"
    );
    assert_eq!(
        decide(&aws, &bob, ("ec2:RunInstances", "*")),
        Decision::ImplicitlyDenied
    );
}

#[actix_web::test]
async fn federated_users_reach_iam_in_the_console_only() {
    let aws = Aws::start();
    {
        let mut registry = aws.simulation().iam.write();
        let user = registry
            .account_mut(ACCOUNT)
            .unwrap()
            .users
            .get_mut("broker")
            .unwrap();
        user.policies
            .insert("iam".to_owned(), policy("Allow", "iam:*", "*"));
    }
    let all = policy("Allow", "*", "*");
    let ada = federated(&aws, "ada", &[("Policy", all.text())]).await;
    let what = ("iam:ListRoles", "*");
    assert_eq!(decide(&aws, &ada, what), Decision::ImplicitlyDenied);
    let console = aws
        .simulation()
        .authorize(&ada, Channel::Console, what, Context::new());
    assert_eq!(console, Decision::Allowed);
    let user = session(
        &aws,
        &aws.call(&Aws::broker(), "GetSessionToken", &[])
            .await
            .keys(),
    );
    assert_eq!(decide(&aws, &user, what), Decision::ImplicitlyDenied);
    assert_eq!(decide(&aws, &user, GET), Decision::Allowed);
}

#[actix_web::test]
async fn revoking_older_sessions_cuts_them_at_once_and_spares_newer_ones() {
    let aws = Aws::start();
    let before = role(&aws, "Reader", &[]).await;
    aws.hand.advance(chrono::TimeDelta::minutes(1));
    let document = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Deny", "Action": ["*"], "Resource": ["*"],
        "Condition": { "DateLessThan": { "aws:TokenIssueTime": timestamp(aws.simulation().clock.now()) } },
    }] });
    {
        let mut registry = aws.simulation().iam.write();
        let role = registry
            .account_mut(ACCOUNT)
            .unwrap()
            .role_mut("Reader")
            .unwrap();
        let policy = Policy::identity(&document.to_string()).unwrap();
        role.policies
            .insert("AWSRevokeOlderSessions".to_owned(), policy);
    }
    let after = role(&aws, "Reader", &[]).await;
    assert_eq!(decide(&aws, &before, GET), Decision::ExplicitlyDenied);
    assert_eq!(decide(&aws, &after, GET), Decision::Allowed);
}

#[actix_web::test]
async fn one_person_can_be_cut_by_user_id_and_by_source_identity() {
    let aws = Aws::start();
    let ada = role(&aws, "Reader", &[("SourceIdentity", "ada")]).await;
    let bob = [("SourceIdentity", "bob"), ("RoleSessionName", "bob")];
    let bob = role(&aws, "Reader", &bob).await;
    for condition in [
        json!({ "StringEquals": { "aws:userid": ada.user_id() } }),
        json!({ "StringLike": { "aws:userid": "*:ada" } }),
        json!({ "StringEquals": { "aws:SourceIdentity": "ada" } }),
    ] {
        let document = json!({ "Version": "2012-10-17", "Statement": [{
            "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition,
        }] });
        {
            let mut registry = aws.simulation().iam.write();
            let role = registry
                .account_mut(ACCOUNT)
                .unwrap()
                .role_mut("Reader")
                .unwrap();
            let policy = Policy::identity(&document.to_string()).unwrap();
            role.policies.insert("cut".to_owned(), policy);
        }
        assert_eq!(
            decide(&aws, &ada, GET),
            Decision::ExplicitlyDenied,
            "{condition}"
        );
        assert_eq!(decide(&aws, &bob, GET), Decision::Allowed, "{condition}");
    }
}

#[actix_web::test]
async fn one_federated_user_can_be_cut_by_id_and_by_arn_on_the_issuing_user() {
    let aws = Aws::start();
    let all = policy("Allow", "*", "*");
    let ada = federated(&aws, "ada", &[("Policy", all.text())]).await;
    let bob = federated(&aws, "bob", &[("Policy", all.text())]).await;
    for condition in [
        json!({ "StringEquals": { "aws:userid": format!("{ACCOUNT}:ada") } }),
        json!({ "ArnEquals": { "aws:PrincipalArn": ada.arn() } }),
    ] {
        let document = json!({ "Version": "2012-10-17", "Statement": [{
            "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition,
        }] });
        {
            let mut registry = aws.simulation().iam.write();
            let account = registry.account_mut(ACCOUNT).unwrap();
            let user = account.users.get_mut("broker").unwrap();
            let policy = Policy::identity(&document.to_string()).unwrap();
            user.policies.insert("cut".to_owned(), policy);
        }
        let decided = [&ada, &bob].map(|one| decide(&aws, one, GET));
        let expected = [Decision::ExplicitlyDenied, Decision::Allowed];
        assert_eq!(decided, expected, "{condition}");
    }
}

#[actix_web::test]
async fn a_revocation_on_the_issuing_user_cuts_its_federated_users_and_not_its_key() {
    let aws = Aws::start();
    let all = policy("Allow", "*", "*");
    let ada = federated(&aws, "ada", &[("Policy", all.text())]).await;
    let document = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Deny", "Action": "*", "Resource": "*",
        "Condition": { "DateLessThan": { "aws:TokenIssueTime": "2026-11-22T12:00:01Z" } },
    }] });
    {
        let mut registry = aws.simulation().iam.write();
        let user = registry
            .account_mut(ACCOUNT)
            .unwrap()
            .users
            .get_mut("broker")
            .unwrap();
        user.policies.insert(
            "cut".to_owned(),
            Policy::identity(&document.to_string()).unwrap(),
        );
    }
    assert_eq!(decide(&aws, &ada, GET), Decision::ExplicitlyDenied);
    aws.hand.set(noon() + chrono::TimeDelta::seconds(2));
    federated(&aws, "ada", &[]).await;
}

#[actix_web::test]
async fn tags_fill_the_variables_of_policies() {
    let aws = Aws::start();
    let document = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::team-${aws:PrincipalTag/team}/*",
        "Condition": { "StringEquals": { "aws:PrincipalTag/Team": "payments" } },
    }] });
    {
        let mut registry = aws.simulation().iam.write();
        let role = registry
            .account_mut(ACCOUNT)
            .unwrap()
            .role_mut("Reader")
            .unwrap();
        role.policies.clear();
        role.policies.insert(
            "team".to_owned(),
            Policy::identity(&document.to_string()).unwrap(),
        );
    }
    let tags = [
        ("Tags.member.1.Key", "Team"),
        ("Tags.member.1.Value", "payments"),
    ];
    let tagged = role(&aws, "Reader", &tags).await;
    let object = ("s3:GetObject", "arn:aws:s3:::team-payments/x");
    assert_eq!(decide(&aws, &tagged, object), Decision::Allowed);
    let other = ("s3:GetObject", "arn:aws:s3:::team-other/x");
    assert_eq!(decide(&aws, &tagged, other), Decision::ImplicitlyDenied);
    let untagged = role(&aws, "Reader", &[]).await;
    assert_eq!(decide(&aws, &untagged, object), Decision::ImplicitlyDenied);
}

#[actix_web::test]
async fn nothing_narrows_a_federated_user_of_root_but_its_own_policy() {
    let aws = Aws::start();
    let all = policy("Allow", "*", "*");
    let rest = [("Name", "ada"), ("Policy", all.text())];
    let reply = aws.call(&Aws::root(), "GetFederationToken", &rest).await;
    let ada = session(&aws, &reply.keys());
    assert_eq!(
        decide(&aws, &ada, ("ec2:RunInstances", "*")),
        Decision::Allowed
    );
    let bare = aws
        .call(&Aws::root(), "GetFederationToken", &[("Name", "bob")])
        .await;
    let bob = session(&aws, &bare.keys());
    assert_eq!(decide(&aws, &bob, GET), Decision::ImplicitlyDenied);
}

#[actix_web::test]
async fn another_account_s_bucket_needs_both_sides() {
    let aws = Aws::start();
    let document = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": { "AWS": ACCOUNT }, "Action": "s3:*",
        "Resource": "arn:aws:s3:::shared/*",
    }] });
    let shared = Policy::resource(&document.to_string()).unwrap();
    {
        let mut registry = aws.simulation().iam.write();
        let other = registry.account_mut(OTHER).unwrap();
        for (name, policy) in [("shared", Some(shared)), ("closed", None)] {
            other
                .buckets
                .insert(name.to_owned(), Bucket::new(name, policy));
        }
    }
    let reader = role(&aws, "Reader", &[]).await;
    let get = |bucket| ("s3:GetObject", bucket);
    assert_eq!(
        decide(&aws, &reader, get("arn:aws:s3:::shared/x")),
        Decision::Allowed
    );
    assert_eq!(
        decide(&aws, &reader, get("arn:aws:s3:::closed/x")),
        Decision::ImplicitlyDenied
    );
    let put = ("s3:PutObject", "arn:aws:s3:::shared/x");
    assert_eq!(decide(&aws, &reader, put), Decision::ImplicitlyDenied);
}
