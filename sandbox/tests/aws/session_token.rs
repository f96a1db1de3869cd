//! `GetSessionToken`: the user, whole, for a while.

use vestibule_sandbox::aws::mfa::MfaDevice;

use crate::support::{ACCOUNT, Aws, noon};

#[actix_web::test]
async fn the_session_is_the_user_itself() {
    let aws = Aws::start();
    let reply = aws.call(&Aws::nobody(), "GetSessionToken", &[]).await;
    assert_eq!(reply.seconds_from(noon()), 43_200);
    assert_eq!(reply.get("PackedPolicySize"), None);
    let caller = aws.call(&reply.keys(), "GetCallerIdentity", &[]).await;
    assert_eq!(
        caller.expect("Arn"),
        format!("arn:aws:iam::{ACCOUNT}:user/nobody")
    );
    assert!(caller.expect("UserId").starts_with("AIDA"));
    let root = aws
        .call(
            &Aws::root(),
            "GetSessionToken",
            &[("DurationSeconds", "7200")],
        )
        .await;
    assert_eq!(root.seconds_from(noon()), 3600);
    let caller = aws.call(&root.keys(), "GetCallerIdentity", &[]).await;
    assert_eq!(caller.expect("Arn"), format!("arn:aws:iam::{ACCOUNT}:root"));
    assert_eq!(caller.expect("UserId"), ACCOUNT);
}

#[actix_web::test]
async fn mfa_needs_both_parts_the_right_device_and_a_code_nobody_used() {
    let aws = Aws::start();
    let serial = format!("arn:aws:iam::{ACCOUNT}:mfa/nobody");
    let device = MfaDevice::new(&serial, b"12345678901234567890");
    let code = device.code_at(noon().timestamp());
    {
        let mut registry = aws.simulation().iam.write();
        let user = registry
            .account_mut(ACCOUNT)
            .unwrap()
            .users
            .get_mut("nobody")
            .unwrap();
        user.mfa = Some(device);
    }
    let get = |serial, code| {
        let mut rest: Vec<(&str, &str)> = Vec::new();
        rest.extend(Option::map(serial, |serial| ("SerialNumber", serial)));
        rest.extend(Option::map(code, |code| ("TokenCode", code)));
        let aws = &aws;
        async move { aws.call(&Aws::nobody(), "GetSessionToken", &rest).await }
    };
    let both = "MultiFactorAuthentication failed, must provide both MFA serial number and one time \
                pass code.";
    get(Some(&*serial), None)
        .await
        .refused(403, "AccessDenied", both);
    get(None, Some(&*code))
        .await
        .refused(403, "AccessDenied", both);
    let unknown = get(Some("arn:aws:iam::111122223333:mfa/other"), Some(&code)).await;
    assert!(
        unknown
            .expect("Message")
            .contains("unable to validate MFA code")
    );
    get(Some(&serial), Some(&code)).await.keys();
    let again = get(Some(&serial), Some(&code)).await;
    assert!(
        again
            .expect("Message")
            .contains("with invalid MFA one time pass code")
    );
}
