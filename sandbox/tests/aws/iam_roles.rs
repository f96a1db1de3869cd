//! Roles by IAM's API, with its limits.

use serde_json::json;

use crate::assume_role::assume;
use crate::iam::{create_role, is_refused, own_trust};
use crate::support::{ACCOUNT, Aws, noon, policy};

pub(crate) fn url_encoded(document: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let letters = document.bytes().map(|byte| match byte {
        byte if plain(byte) => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    });
    letters.collect()
}

#[actix_web::test]
async fn a_role_is_made_shown_changed_used_and_deleted() {
    let aws = Aws::start();
    let rest = [
        ("Path", "/team/"),
        ("Description", "For people"),
        ("MaxSessionDuration", "7200"),
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "payments"),
    ];
    let made = create_role(&aws, "People", &rest).await;
    let arn = format!("arn:aws:iam::{ACCOUNT}:role/team/People");
    assert_eq!(made.expect("Arn"), arn);
    assert!(made.expect("RoleId").starts_with("AROA") && made.expect("RoleId").len() == 21);
    assert_eq!(made.expect("CreateDate").parse(), Ok(noon()));
    assert_eq!(
        made.expect("AssumeRolePolicyDocument"),
        url_encoded(&own_trust())
    );
    let shown = aws
        .iam(&Aws::admin(), "GetRole", &[("RoleName", "people")])
        .await;
    assert_eq!(
        shown.expect("RoleId"),
        made.expect("RoleId"),
        "names ignore case"
    );
    assert_eq!(shown.expect("Key"), "team");
    let listed = aws
        .iam(&Aws::admin(), "ListRoles", &[("PathPrefix", "/team/P")])
        .await;
    assert_eq!(listed.get("RoleName"), None);
    let listed = aws
        .iam(&Aws::admin(), "ListRoles", &[("PathPrefix", "/team/")])
        .await;
    assert_eq!(listed.get("Tags"), None, "lists leave tags out");
    let tags = aws
        .iam(&Aws::admin(), "ListRoleTags", &[("RoleName", "People")])
        .await;
    assert_eq!(tags.expect("Value"), "payments");
    let long = [("DurationSeconds", "7200")];
    assume(&aws, &Aws::broker(), "team/People", &long)
        .await
        .keys();
    let rest = [
        ("RoleName", "People"),
        ("MaxSessionDuration", "3600"),
        ("Description", "x"),
    ];
    assert_eq!(
        aws.iam(&Aws::admin(), "UpdateRole", &rest).await.status,
        200
    );
    assert_eq!(
        assume(&aws, &Aws::broker(), "team/People", &long)
            .await
            .status,
        400
    );
    let nobody = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole",
    }] });
    let nobody = nobody.to_string();
    let rest = [("RoleName", "People"), ("PolicyDocument", &*nobody)];
    assert_eq!(
        aws.iam(&Aws::admin(), "UpdateAssumeRolePolicy", &rest)
            .await
            .status,
        200
    );
    assert_eq!(
        assume(&aws, &Aws::broker(), "team/People", &[])
            .await
            .status,
        403
    );
    assert_eq!(
        aws.iam(&Aws::admin(), "DeleteRole", &[("RoleName", "People")])
            .await
            .status,
        200
    );
    let reply = aws
        .iam(&Aws::admin(), "GetRole", &[("RoleName", "People")])
        .await;
    reply.refused(
        404,
        "NoSuchEntity",
        "The role with name People cannot be found.",
    );
}

#[actix_web::test]
async fn a_role_made_anew_is_another_role_and_ends_the_sessions_of_the_first() {
    let aws = Aws::start();
    create_role(&aws, "People", &[]).await;
    let first = assume(&aws, &Aws::broker(), "People", &[]).await.keys();
    aws.iam(&Aws::admin(), "DeleteRole", &[("RoleName", "People")])
        .await;
    let reply = aws.call(&first, "GetCallerIdentity", &[]).await;
    is_refused(&reply, 403, "InvalidClientTokenId");
    create_role(&aws, "People", &[]).await;
    let reply = aws.call(&first, "GetCallerIdentity", &[]).await;
    is_refused(&reply, 403, "InvalidClientTokenId");
}

#[actix_web::test]
async fn names_paths_durations_and_documents_are_held_to_their_rules() {
    let aws = Aws::start();
    let trust = own_trust();
    let ask = async |changes: &[(&str, &str)]| {
        let mut rest = vec![
            ("RoleName", "People"),
            ("AssumeRolePolicyDocument", &*trust),
        ];
        for change in changes {
            rest.retain(|(name, _)| *name != change.0);
            rest.push(*change);
        }
        aws.iam(&Aws::admin(), "CreateRole", &rest).await
    };
    let long = "x".repeat(65);
    let path = format!("/{}/", "x".repeat(511));
    for change in [
        ("RoleName", ""),
        ("RoleName", "a b"),
        ("RoleName", &*long),
        ("Path", "team"),
        ("Path", "/team"),
        ("Path", &*path),
        ("MaxSessionDuration", "3599"),
        ("MaxSessionDuration", "43201"),
        ("Description", "\u{2603}"),
    ] {
        is_refused(&ask(&[change]).await, 400, "ValidationError");
    }
    for document in [
        "{}",
        "nothing",
        &*policy("Allow", "*", "*").text().to_owned(),
    ] {
        let reply = ask(&[("AssumeRolePolicyDocument", document)]).await;
        is_refused(&reply, 400, "MalformedPolicyDocument");
    }
    let spaced = format!("{}{}", own_trust(), " ".repeat(5000));
    let reply = ask(&[("AssumeRolePolicyDocument", &spaced)]).await;
    assert_eq!(
        reply.status, 200,
        "white space does not count: {}",
        reply.body
    );
    let reply = ask(&[("RoleName", "PEOPLE")]).await;
    is_refused(&reply, 409, "EntityAlreadyExists");
    let ids: Vec<String> = (0..200).map(|index| format!("{index:012}")).collect();
    let large = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": { "AWS": ids }, "Action": "sts:AssumeRole",
    }] });
    let reply = ask(&[
        ("RoleName", "Large"),
        ("AssumeRolePolicyDocument", &large.to_string()),
    ])
    .await;
    is_refused(&reply, 409, "LimitExceeded");
    aws.simulation()
        .change_switches(|switches| switches.iam.trust_policy_characters = 4096);
    let reply = ask(&[
        ("RoleName", "Large"),
        ("AssumeRolePolicyDocument", &large.to_string()),
    ])
    .await;
    assert_eq!(reply.status, 200, "the quota can be raised");
}

#[actix_web::test]
async fn an_account_has_so_many_roles_and_no_more() {
    let aws = Aws::start();
    let have = aws
        .simulation()
        .iam
        .read()
        .account(ACCOUNT)
        .unwrap()
        .roles()
        .count();
    aws.simulation()
        .change_switches(|switches| switches.iam.roles = have + 1);
    assert_eq!(create_role(&aws, "One", &[]).await.status, 200);
    is_refused(&create_role(&aws, "Two", &[]).await, 409, "LimitExceeded");
}

#[actix_web::test]
async fn roles_of_aws_s_own_cannot_be_changed() {
    let aws = Aws::start();
    create_role(
        &aws,
        "AWSServiceRoleForX",
        &[("Path", "/aws-service-role/x.amazonaws.com/")],
    )
    .await;
    let role = ("RoleName", "AWSServiceRoleForX");
    let look = policy("Allow", "s3:Get*", "*");
    let put = [role, ("PolicyName", "p"), ("PolicyDocument", look.text())];
    is_refused(
        &aws.iam(&Aws::admin(), "PutRolePolicy", &put).await,
        400,
        "UnmodifiableEntity",
    );
    is_refused(
        &aws.iam(&Aws::admin(), "DeleteRole", &[role]).await,
        400,
        "UnmodifiableEntity",
    );
}

#[actix_web::test]
async fn role_tags_are_set_taken_away_and_count_as_the_principal_s() {
    let aws = Aws::start();
    let admin = Aws::admin();
    create_role(&aws, "People", &[]).await;
    let document = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "iam:ListRoles", "Resource": "*",
        "Condition": { "StringEquals": { "aws:PrincipalTag/Team": "payments" } },
    }] });
    let document = document.to_string();
    let put = [
        ("RoleName", "People"),
        ("PolicyName", "p"),
        ("PolicyDocument", &*document),
    ];
    aws.iam(&admin, "PutRolePolicy", &put).await;
    let session = assume(&aws, &Aws::broker(), "People", &[]).await.keys();
    let tag = [
        ("RoleName", "People"),
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "payments"),
    ];
    assert_eq!(aws.iam(&session, "ListRoles", &[]).await.status, 403);
    assert_eq!(aws.iam(&admin, "TagRole", &tag).await.status, 200);
    assert_eq!(aws.iam(&session, "ListRoles", &[]).await.status, 200);
    let other = [
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "else"),
    ];
    let tagged = assume(&aws, &Aws::broker(), "People", &other).await.keys();
    let reply = aws.iam(&tagged, "ListRoles", &[]).await;
    assert_eq!(reply.status, 403, "the session's tag overrides the role's");
    let untag = [("RoleName", "People"), ("TagKeys.member.1", "TEAM")];
    assert_eq!(aws.iam(&admin, "UntagRole", &untag).await.status, 200);
    assert_eq!(aws.iam(&session, "ListRoles", &[]).await.status, 403);
    let reserved = [
        ("RoleName", "People"),
        ("Tags.member.1.Key", "aws:team"),
        ("Tags.member.1.Value", "x"),
    ];
    is_refused(
        &aws.iam(&admin, "TagRole", &reserved).await,
        400,
        "InvalidInput",
    );
}
