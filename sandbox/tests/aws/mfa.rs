//! AWS's own second factor: whose device, which code, once, and what trust policies see of it.

use chrono::TimeDelta;
use serde_json::{Value, json};
use vestibule_sandbox::aws::iam::Role;
use vestibule_sandbox::aws::mfa::MfaDevice;

use crate::assume_role::assume;
use crate::support::{ACCOUNT, Aws, Keys, OTHER, Reply, noon, policy, trust};

const SERIAL: &str = "arn:aws:iam::111122223333:mfa/broker";
const UNKNOWN: &str = "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA \
    serial number is valid and associated with this user.";
const WRONG: &str = "MultiFactorAuthentication failed with invalid MFA one time pass code. ";
const BOTH: &str =
    "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.";

/// A world in which the broker has a device and the role `Guarded` wants one.
fn start(condition: Value) -> (Aws, MfaDevice) {
    let aws = Aws::start();
    let device = MfaDevice::new(SERIAL, b"12345678901234567890");
    {
        let mut registry = aws.simulation().iam.write();
        let account = registry.account_mut(ACCOUNT).unwrap();
        account.users.get_mut("broker").unwrap().mfa = Some(device.clone());
        let here = json!({ "AWS": ACCOUNT });
        let guarded = Role::new(
            "Guarded",
            trust(&here, &["sts:AssumeRole"], Some(condition)),
        );
        account.put_role(guarded.with_policy("all", policy("Allow", "*", "*")));
    }
    (aws, device)
}

fn present() -> Value {
    json!({ "Bool": { "aws:MultiFactorAuthPresent": "true" } })
}

/// The code that the device shows some steps from now.
fn code(aws: &Aws, device: &MfaDevice, steps: i64) -> String {
    let time = aws.simulation().clock.now() + TimeDelta::seconds(30 * steps);
    device.code_at(time.timestamp())
}

async fn guarded(aws: &Aws, keys: &Keys, serial: &str, code: &str) -> Reply {
    let rest = [("SerialNumber", serial), ("TokenCode", code)];
    assume(aws, keys, "Guarded", &rest).await
}

#[actix_web::test]
async fn a_role_that_wants_mfa_takes_a_code_of_the_caller_s_own_device_once() {
    let (aws, device) = start(present());
    assert_eq!(
        assume(&aws, &Aws::broker(), "Guarded", &[]).await.status,
        403
    );
    let right = code(&aws, &device, 0);
    guarded(&aws, &Aws::broker(), SERIAL, &right).await.keys();
    let again = guarded(&aws, &Aws::broker(), SERIAL, &right).await;
    again.refused(403, "AccessDenied", WRONG);
    let rest = [("SerialNumber", SERIAL), ("TokenCode", &*right)];
    let elsewhere = aws.call(&Aws::broker(), "GetSessionToken", &rest).await;
    elsewhere.refused(403, "AccessDenied", WRONG);
    aws.hand.advance(TimeDelta::seconds(30));
    let next = code(&aws, &device, 0);
    guarded(&aws, &Aws::broker(), SERIAL, &next).await.keys();
}

#[actix_web::test]
async fn both_parts_are_wanted_in_their_shape() {
    let (aws, device) = start(present());
    let right = code(&aws, &device, 0);
    for rest in [&[("SerialNumber", SERIAL)][..], &[("TokenCode", &*right)]] {
        let reply = assume(&aws, &Aws::broker(), "Guarded", rest).await;
        reply.refused(403, "AccessDenied", BOTH);
    }
    for (serial, code) in [
        (SERIAL, "12345"),
        (SERIAL, "1234567"),
        (SERIAL, "12345a"),
        ("short", "123456"),
        ("arn:aws:iam::1:mfa/a b", "123456"),
    ] {
        let reply = guarded(&aws, &Aws::broker(), serial, code).await;
        assert_eq!(
            (reply.status, &*reply.expect("Code")),
            (400, "ValidationError")
        );
        assert!(
            !reply.body.contains(&format!("'{code}'")),
            "codes are not repeated"
        );
    }
}

#[actix_web::test]
async fn codes_of_the_step_before_and_after_are_taken_and_none_further_off() {
    for (steps, taken) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
        let (aws, device) = start(present());
        let shown = code(&aws, &device, steps);
        let reply = guarded(&aws, &Aws::broker(), SERIAL, &shown).await;
        assert_eq!(reply.status == 200, taken, "{steps}: {}", reply.body);
    }
}

#[actix_web::test]
async fn a_code_older_than_one_that_was_used_is_spent_too() {
    let (aws, device) = start(present());
    let (before, now) = (code(&aws, &device, -1), code(&aws, &device, 0));
    guarded(&aws, &Aws::broker(), SERIAL, &now).await.keys();
    let reply = guarded(&aws, &Aws::broker(), SERIAL, &before).await;
    reply.refused(403, "AccessDenied", WRONG);
}

#[actix_web::test]
async fn the_device_must_be_the_calling_user_s_and_role_credentials_have_none() {
    let (aws, device) = start(present());
    let right = code(&aws, &device, 0);
    let reply = guarded(&aws, &Aws::nobody(), SERIAL, &right).await;
    reply.refused(403, "AccessDenied", UNKNOWN);
    let foreign = format!("arn:aws:iam::{OTHER}:mfa/broker");
    let reply = guarded(&aws, &Aws::broker(), &foreign, &right).await;
    reply.refused(403, "AccessDenied", UNKNOWN);
    let role = assume(&aws, &Aws::broker(), "Long", &[]).await.keys();
    let reply = guarded(&aws, &role, SERIAL, &right).await;
    reply.refused(403, "AccessDenied", UNKNOWN);
    guarded(&aws, &Aws::broker(), SERIAL, &right).await.keys();
}

#[actix_web::test]
async fn a_user_s_session_with_mfa_opens_the_role_without_another_code() {
    let (aws, device) = start(present());
    let right = code(&aws, &device, 0);
    let rest = [("SerialNumber", SERIAL), ("TokenCode", &*right)];
    let proven = aws
        .call(&Aws::broker(), "GetSessionToken", &rest)
        .await
        .keys();
    let plain = aws
        .call(&Aws::broker(), "GetSessionToken", &[])
        .await
        .keys();
    assert_eq!(assume(&aws, &plain, "Guarded", &[]).await.status, 403);
    let chained = assume(&aws, &proven, "Guarded", &[]).await.keys();
    let reply = assume(&aws, &chained, "Guarded", &[]).await;
    assert_eq!(reply.status, 403, "a role session carries no MFA on");
}

#[actix_web::test]
async fn the_age_of_the_proof_is_a_condition() {
    let condition = json!({ "NumericLessThan": { "aws:MultiFactorAuthAge": "600" } });
    let (aws, device) = start(condition);
    let right = code(&aws, &device, 0);
    let rest = [("SerialNumber", SERIAL), ("TokenCode", &*right)];
    let proven = aws
        .call(&Aws::broker(), "GetSessionToken", &rest)
        .await
        .keys();
    assert_eq!(
        assume(&aws, &Aws::broker(), "Guarded", &[]).await.status,
        403,
        "none"
    );
    aws.hand.set(noon() + TimeDelta::seconds(599));
    assume(&aws, &proven, "Guarded", &[]).await.keys();
    aws.hand.set(noon() + TimeDelta::seconds(600));
    assert_eq!(
        assume(&aws, &proven, "Guarded", &[]).await.status,
        403,
        "too old"
    );
    let fresh = code(&aws, &device, 0);
    guarded(&aws, &Aws::broker(), SERIAL, &fresh).await.keys();
}

#[actix_web::test]
async fn the_key_is_absent_from_requests_with_a_long_term_key() {
    let lenient = json!({ "BoolIfExists": { "aws:MultiFactorAuthPresent": "true" } });
    let (aws, _) = start(lenient);
    assume(&aws, &Aws::broker(), "Guarded", &[]).await.keys();
    let session = aws
        .call(&Aws::broker(), "GetSessionToken", &[])
        .await
        .keys();
    assert_eq!(assume(&aws, &session, "Guarded", &[]).await.status, 403);
}
