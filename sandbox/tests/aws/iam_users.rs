//! Users, their keys and their MFA devices by IAM's API.

use chrono::TimeDelta;

use crate::iam::is_refused;
use crate::support::{ACCOUNT, Aws, Keys, policy};

async fn key_of(aws: &Aws, user: &str) -> Keys {
    let reply = aws
        .iam(&Aws::admin(), "CreateAccessKey", &[("UserName", user)])
        .await;
    Keys::long_term(
        &reply.expect("AccessKeyId"),
        &reply.expect("SecretAccessKey"),
    )
}

#[actix_web::test]
async fn a_broker_s_user_is_made_by_the_api_alone_and_works() {
    let aws = Aws::start();
    let admin = Aws::admin();
    let made = aws
        .iam(&admin, "CreateUser", &[("UserName", "vestibule")])
        .await;
    assert_eq!(
        made.expect("Arn"),
        format!("arn:aws:iam::{ACCOUNT}:user/vestibule")
    );
    assert!(made.expect("UserId").starts_with("AIDA"));
    let again = aws
        .iam(&admin, "CreateUser", &[("UserName", "VESTIBULE")])
        .await;
    is_refused(&again, 409, "EntityAlreadyExists");
    let key = key_of(&aws, "vestibule").await;
    assert!(key.id.starts_with("AKIA") && key.id.len() == 20);
    let federation = [("Name", "ada")];
    let reply = aws.call(&key, "GetFederationToken", &federation).await;
    is_refused(&reply, 403, "AccessDenied");
    let may = policy("Allow", "sts:GetFederationToken", "*");
    let put = [
        ("UserName", "vestibule"),
        ("PolicyName", "broker"),
        ("PolicyDocument", may.text()),
    ];
    assert_eq!(aws.iam(&admin, "PutUserPolicy", &put).await.status, 200);
    aws.call(&key, "GetFederationToken", &federation)
        .await
        .keys();
    let shown = aws.iam(&admin, "GetUserPolicy", &put[..2]).await;
    assert_eq!(shown.expect("UserName"), "vestibule");
    let attach = [
        ("UserName", "vestibule"),
        ("PolicyArn", "arn:aws:iam::aws:policy/ReadOnlyAccess"),
    ];
    assert_eq!(
        aws.iam(&admin, "AttachUserPolicy", &attach).await.status,
        200
    );
    let own = aws.iam(&key, "GetUser", &[]).await;
    assert_eq!(own.expect("UserName"), "vestibule");
}

#[actix_web::test]
async fn a_user_has_two_keys_and_a_switched_off_one_is_unknown() {
    let aws = Aws::start();
    let admin = Aws::admin();
    aws.iam(&admin, "CreateUser", &[("UserName", "vestibule")])
        .await;
    let first = key_of(&aws, "vestibule").await;
    key_of(&aws, "vestibule").await;
    let reply = aws
        .iam(&admin, "CreateAccessKey", &[("UserName", "vestibule")])
        .await;
    is_refused(&reply, 409, "LimitExceeded");
    aws.simulation()
        .change_switches(|switches| switches.iam.access_keys = 3);
    key_of(&aws, "vestibule").await;
    aws.simulation()
        .change_switches(|switches| switches.iam.users = 1);
    let reply = aws.iam(&admin, "CreateUser", &[("UserName", "more")]).await;
    is_refused(&reply, 409, "LimitExceeded");
    let listed = aws
        .iam(&admin, "ListAccessKeys", &[("UserName", "vestibule")])
        .await;
    assert_eq!(listed.body.matches("<AccessKeyId>").count(), 3);
    assert_eq!(listed.get("SecretAccessKey"), None);
    assert_eq!(aws.call(&first, "GetCallerIdentity", &[]).await.status, 200);
    let off = [
        ("UserName", "vestibule"),
        ("AccessKeyId", &*first.id),
        ("Status", "Inactive"),
    ];
    assert_eq!(aws.iam(&admin, "UpdateAccessKey", &off).await.status, 200);
    let reply = aws.call(&first, "GetCallerIdentity", &[]).await;
    is_refused(&reply, 403, "InvalidClientTokenId");
    let user = [("UserName", "vestibule")];
    is_refused(
        &aws.iam(&admin, "DeleteUser", &user).await,
        409,
        "DeleteConflict",
    );
    assert_eq!(
        aws.iam(&admin, "DeleteAccessKey", &off[..2]).await.status,
        200
    );
    is_refused(
        &aws.iam(&admin, "DeleteAccessKey", &off[..2]).await,
        404,
        "NoSuchEntity",
    );
}

#[actix_web::test]
async fn switching_off_the_issuing_key_does_not_end_federated_sessions() {
    let aws = Aws::start();
    let all = policy("Allow", "*", "*");
    let rest = [("Name", "ada"), ("Policy", all.text())];
    let ada = aws
        .call(&Aws::broker(), "GetFederationToken", &rest)
        .await
        .keys();
    let off = [
        ("UserName", "broker"),
        ("AccessKeyId", "AKIABROKER0000000001"),
        ("Status", "Inactive"),
    ];
    assert_eq!(
        aws.iam(&Aws::admin(), "UpdateAccessKey", &off).await.status,
        200
    );
    let reply = aws.call(&Aws::broker(), "GetCallerIdentity", &[]).await;
    is_refused(&reply, 403, "InvalidClientTokenId");
    assert_eq!(aws.call(&ada, "GetCallerIdentity", &[]).await.status, 200);
}

#[actix_web::test]
async fn an_mfa_device_is_made_with_a_seed_and_given_by_two_codes_in_a_row() {
    let aws = Aws::start();
    let admin = Aws::admin();
    let made = aws
        .iam(
            &admin,
            "CreateVirtualMFADevice",
            &[("VirtualMFADeviceName", "nobody")],
        )
        .await;
    let serial = format!("arn:aws:iam::{ACCOUNT}:mfa/nobody");
    assert_eq!(made.expect("SerialNumber"), serial);
    assert!(!made.expect("Base32StringSeed").is_empty());
    let device = aws
        .simulation()
        .iam
        .read()
        .account(ACCOUNT)
        .unwrap()
        .mfa_devices[&serial]
        .clone();
    let code = |steps: i64| {
        let now = aws.simulation().clock.now() + TimeDelta::seconds(30 * steps);
        device.code_at(now.timestamp())
    };
    let give = async |first: &str, second: &str| {
        let rest = [
            ("UserName", "nobody"),
            ("SerialNumber", &*serial),
            ("AuthenticationCode1", first),
            ("AuthenticationCode2", second),
        ];
        aws.iam(&admin, "EnableMFADevice", &rest).await
    };
    is_refused(
        &give(&code(0), &code(0)).await,
        403,
        "InvalidAuthenticationCode",
    );
    is_refused(
        &give(&code(-9), &code(-8)).await,
        403,
        "InvalidAuthenticationCode",
    );
    assert_eq!(give(&code(-1), &code(0)).await.status, 200);
    let session = async |code: &str| {
        let rest = [("SerialNumber", &*serial), ("TokenCode", code)];
        aws.call(&Aws::nobody(), "GetSessionToken", &rest).await
    };
    is_refused(&session(&code(0)).await, 403, "AccessDenied");
    assert_eq!(
        session(&code(1)).await.status,
        200,
        "registering spent the first two"
    );
    let listed = aws
        .iam(&admin, "ListMFADevices", &[("UserName", "nobody")])
        .await;
    assert_eq!(listed.expect("SerialNumber"), serial);
    let rest = [("UserName", "nobody"), ("SerialNumber", &*serial)];
    assert_eq!(
        aws.iam(&admin, "DeactivateMFADevice", &rest).await.status,
        200
    );
    aws.hand.advance(TimeDelta::minutes(5));
    is_refused(&session(&code(0)).await, 403, "AccessDenied");
}

#[actix_web::test]
async fn aliases_are_the_account_s_and_nobody_else_s() {
    let aws = Aws::start();
    let admin = Aws::admin();
    assert_eq!(
        aws.iam(
            &admin,
            "CreateAccountAlias",
            &[("AccountAlias", "payments")]
        )
        .await
        .status,
        200
    );
    let listed = aws.iam(&admin, "ListAccountAliases", &[]).await;
    assert!(listed.body.contains("<member>payments</member>"));
    for alias in ["ab", "Payments", "a--b", "-ab", "ab-"] {
        let reply = aws
            .iam(&admin, "CreateAccountAlias", &[("AccountAlias", alias)])
            .await;
        is_refused(&reply, 400, "ValidationError");
    }
}

#[actix_web::test]
async fn an_account_can_make_its_global_tokens_valid_everywhere() {
    let aws = Aws::start();
    {
        let mut registry = aws.simulation().iam.write();
        let account = registry.account_mut(ACCOUNT).unwrap();
        account.opted_in_regions.insert("af-south-1".to_owned());
    }
    let host = ("sts.amazonaws.com", "us-east-1");
    let get = ("GetSessionToken", &[][..]);
    let keys = aws
        .call_host(host.0, host.1, &Aws::broker(), get)
        .await
        .keys();
    let there = ("sts.af-south-1.amazonaws.com", "af-south-1");
    let who = ("GetCallerIdentity", &[][..]);
    let reply = aws.call_host(there.0, there.1, &keys, who).await;
    is_refused(&reply, 403, "InvalidClientTokenId");
    let rest = [("GlobalEndpointTokenVersion", "v2Token")];
    let reply = aws
        .iam(&Aws::admin(), "SetSecurityTokenServicePreferences", &rest)
        .await;
    assert_eq!(reply.status, 200);
    assert_eq!(
        aws.call_host(there.0, there.1, &keys, who).await.status,
        200
    );
}
