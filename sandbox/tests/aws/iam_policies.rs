//! Policies of roles and users by IAM's API, with their limits.

use crate::assume_role::assume;
use crate::iam::{create_role, is_refused};
use crate::iam_roles::url_encoded;
use crate::support::{ACCOUNT, Aws, policy};

#[actix_web::test]
async fn inline_policies_are_put_whole_shown_listed_and_limited_together() {
    let aws = Aws::start();
    create_role(&aws, "People", &[]).await;
    let admin = Aws::admin();
    let put = async |kind: &str, holder: (&str, &str), name: &str, document: &str| {
        let rest = [holder, ("PolicyName", name), ("PolicyDocument", document)];
        aws.iam(&admin, &format!("Put{kind}Policy"), &rest).await
    };
    let role = ("RoleName", "People");
    let reading = policy("Allow", "s3:Get*", "*");
    for _ in 0..2 {
        assert_eq!(put("Role", role, "read", reading.text()).await.status, 200);
    }
    let get = [role, ("PolicyName", "read")];
    let shown = aws.iam(&admin, "GetRolePolicy", &get).await;
    assert_eq!(shown.expect("PolicyDocument"), url_encoded(reading.text()));
    let listed = aws.iam(&admin, "ListRolePolicies", &[role]).await;
    assert!(
        listed
            .body
            .contains("<PolicyNames><member>read</member></PolicyNames>")
    );
    is_refused(
        &put("Role", role, "bad", "{}").await,
        400,
        "MalformedPolicyDocument",
    );
    is_refused(
        &put("Role", role, "a b", reading.text()).await,
        400,
        "ValidationError",
    );
    let missing = ("RoleName", "Missing");
    is_refused(
        &put("Role", missing, "read", reading.text()).await,
        404,
        "NoSuchEntity",
    );
    let large = |length: usize| {
        let resource = format!("arn:aws:s3:::{}", "x".repeat(length));
        policy("Allow", "s3:GetObject", &resource).text().to_owned()
    };
    assert_eq!(put("Role", role, "one", &large(5000)).await.status, 200);
    is_refused(
        &put("Role", role, "two", &large(5000)).await,
        409,
        "LimitExceeded",
    );
    assert_eq!(
        put("Role", role, "one", &large(6000)).await.status,
        200,
        "it replaces"
    );
    aws.simulation()
        .change_switches(|switches| switches.iam.role_policy_characters = 12_000);
    assert_eq!(put("Role", role, "two", &large(5000)).await.status, 200);
    let user = ("UserName", "nobody");
    is_refused(
        &put("User", user, "one", &large(2048)).await,
        409,
        "LimitExceeded",
    );
    assert_eq!(put("User", user, "one", &large(1000)).await.status, 200);
    aws.simulation()
        .change_switches(|switches| switches.iam.user_policy_characters = 5000);
    assert_eq!(put("User", user, "two", &large(2048)).await.status, 200);
    assert_eq!(aws.iam(&admin, "DeleteRolePolicy", &get).await.status, 200);
    is_refused(
        &aws.iam(&admin, "DeleteRolePolicy", &get).await,
        404,
        "NoSuchEntity",
    );
    is_refused(
        &aws.iam(&admin, "GetRolePolicy", &get).await,
        404,
        "NoSuchEntity",
    );
}

#[actix_web::test]
async fn managed_policies_are_made_attached_counted_and_work() {
    let aws = Aws::start();
    let admin = Aws::admin();
    create_role(&aws, "People", &[]).await;
    let buckets = policy("Allow", "iam:ListRoles", "*");
    let rest = [
        ("PolicyName", "Look"),
        ("Path", "/team/"),
        ("Description", "look"),
        ("PolicyDocument", buckets.text()),
    ];
    let made = aws.iam(&admin, "CreatePolicy", &rest).await;
    let arn = format!("arn:aws:iam::{ACCOUNT}:policy/team/Look");
    assert_eq!(made.expect("Arn"), arn);
    assert!(made.expect("PolicyId").starts_with("ANPA"));
    is_refused(
        &aws.iam(&admin, "CreatePolicy", &rest).await,
        409,
        "EntityAlreadyExists",
    );
    let session = assume(&aws, &Aws::broker(), "People", &[]).await.keys();
    is_refused(
        &aws.iam(&session, "ListRoles", &[]).await,
        403,
        "AccessDenied",
    );
    let attach = [("RoleName", "People"), ("PolicyArn", &*arn)];
    for _ in 0..2 {
        assert_eq!(
            aws.iam(&admin, "AttachRolePolicy", &attach).await.status,
            200
        );
    }
    assert_eq!(aws.iam(&session, "ListRoles", &[]).await.status, 200);
    let shown = aws.iam(&admin, "GetPolicy", &[("PolicyArn", &*arn)]).await;
    assert_eq!(shown.expect("AttachmentCount"), "1");
    let version = [("PolicyArn", &*arn), ("VersionId", "v1")];
    let version = aws.iam(&admin, "GetPolicyVersion", &version).await;
    assert_eq!(version.expect("Document"), url_encoded(buckets.text()));
    let listed = aws
        .iam(
            &admin,
            "ListAttachedRolePolicies",
            &[("RoleName", "People")],
        )
        .await;
    assert_eq!(listed.expect("PolicyArn"), arn);
    is_refused(
        &aws.iam(&admin, "DeletePolicy", &[("PolicyArn", &*arn)])
            .await,
        409,
        "DeleteConflict",
    );
    let role = [("RoleName", "People")];
    is_refused(
        &aws.iam(&admin, "DeleteRole", &role).await,
        409,
        "DeleteConflict",
    );
    assert_eq!(
        aws.iam(&admin, "DetachRolePolicy", &attach).await.status,
        200
    );
    is_refused(
        &aws.iam(&admin, "DetachRolePolicy", &attach).await,
        404,
        "NoSuchEntity",
    );
    let put = [
        role[0],
        ("PolicyName", "look"),
        ("PolicyDocument", buckets.text()),
    ];
    aws.iam(&admin, "PutRolePolicy", &put).await;
    is_refused(
        &aws.iam(&admin, "DeleteRole", &role).await,
        409,
        "DeleteConflict",
    );
    let of_aws = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    let shown = aws.iam(&admin, "GetPolicy", &[("PolicyArn", of_aws)]).await;
    assert_eq!(shown.expect("PolicyName"), "ReadOnlyAccess");
    for arn in [
        "arn:aws:iam::aws:policy/NoSuchPolicy",
        "arn:aws:iam::444455556666:policy/Look",
    ] {
        let attach = [role[0], ("PolicyArn", arn)];
        is_refused(
            &aws.iam(&admin, "AttachRolePolicy", &attach).await,
            404,
            "NoSuchEntity",
        );
    }
}

#[actix_web::test]
async fn a_managed_policy_is_held_to_its_size() {
    let aws = Aws::start();
    let ask = async |name: &str| {
        let resource = format!("arn:aws:s3:::{}", "x".repeat(6100));
        let large = policy("Allow", "s3:GetObject", &resource);
        let rest = [("PolicyName", name), ("PolicyDocument", large.text())];
        aws.iam(&Aws::admin(), "CreatePolicy", &rest).await
    };
    is_refused(&ask("Large").await, 409, "LimitExceeded");
    aws.simulation()
        .change_switches(|switches| switches.iam.managed_policy_characters = 10_000);
    assert_eq!(ask("Large").await.status, 200);
}

#[actix_web::test]
async fn a_role_holds_ten_managed_policies_unless_its_quota_is_raised() {
    let aws = Aws::start();
    let admin = Aws::admin();
    create_role(&aws, "People", &[]).await;
    let attach = async |index: usize| {
        let name = format!("P{index}");
        let look = policy("Allow", "s3:Get*", "*");
        let rest = [("PolicyName", &*name), ("PolicyDocument", look.text())];
        let made = aws.iam(&admin, "CreatePolicy", &rest).await.expect("Arn");
        let rest = [("RoleName", "People"), ("PolicyArn", &*made)];
        aws.iam(&admin, "AttachRolePolicy", &rest).await
    };
    for index in 0..10 {
        assert_eq!(attach(index).await.status, 200);
    }
    is_refused(&attach(10).await, 409, "LimitExceeded");
    aws.simulation()
        .change_switches(|switches| switches.iam.attached_policies = 20);
    assert_eq!(attach(11).await.status, 200);
}

#[actix_web::test]
async fn a_boundary_caps_what_a_role_may() {
    let aws = Aws::start();
    let reading = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
    let made = create_role(&aws, "People", &[("PermissionsBoundary", reading)]).await;
    assert_eq!(made.expect("PermissionsBoundaryArn"), reading);
    let all = policy("Allow", "*", "*");
    let put = [
        ("RoleName", "People"),
        ("PolicyName", "all"),
        ("PolicyDocument", all.text()),
    ];
    aws.iam(&Aws::admin(), "PutRolePolicy", &put).await;
    let session = assume(&aws, &Aws::broker(), "People", &[]).await.keys();
    is_refused(
        &aws.iam(&session, "ListRoles", &[]).await,
        403,
        "AccessDenied",
    );
    let reply = create_role(
        &aws,
        "Other",
        &[("PermissionsBoundary", "arn:aws:iam::aws:policy/No")],
    )
    .await;
    is_refused(&reply, 404, "NoSuchEntity");
}
