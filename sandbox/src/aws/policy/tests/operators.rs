//! What each condition operator says.

use serde_json::{Value, json};

use super::context;
use crate::aws::policy::{Policy, Request, Says};

fn allow(condition: &Value) -> Option<Policy> {
    let document = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::b/*", "Condition": condition,
    }] });
    Policy::identity(&document.to_string()).ok()
}

fn holds(condition: &Value) -> bool {
    let shown = condition.to_string();
    let policy = allow(condition).unwrap_or_else(|| panic!("{shown} is well formed"));
    let context = context();
    let request = Request {
        action: "s3:GetObject",
        resource: "arn:aws:s3:::b/k",
        context: &context,
    };
    policy.says(&request) == Says::Allow
}

#[test]
fn text_operators_compare_as_their_names_say() {
    let team = "aws:PrincipalTag/team";
    for (operator, value, expected) in [
        ("StringEquals", json!("payments"), true),
        ("StringEquals", json!("Payments"), false),
        ("StringEquals", json!("pay*"), false),
        ("StringEquals", json!(["other", "payments"]), true),
        ("StringNotEquals", json!(["other", "payments"]), false),
        ("StringNotEquals", json!("other"), true),
        ("StringEqualsIgnoreCase", json!("PAYMENTS"), true),
        ("StringNotEqualsIgnoreCase", json!("PAYMENTS"), false),
        ("StringLike", json!("pay*"), true),
        ("StringLike", json!("pay?"), false),
        ("StringNotLike", json!("pay*"), false),
    ] {
        assert_eq!(
            holds(&json!({ operator: { team: value } })),
            expected,
            "{operator} {value}"
        );
    }
}

#[test]
fn an_absent_key_fails_plain_operators_and_passes_negated_and_lenient_ones() {
    for (operator, expected) in [
        ("StringEquals", false),
        ("StringNotEquals", true),
        ("StringEqualsIfExists", true),
        ("StringNotLike", true),
        ("NumericLessThan", false),
        ("NumericLessThanIfExists", true),
        ("ForAllValues:StringEquals", true),
        ("ForAnyValue:StringEquals", false),
        ("ForAnyValue:StringNotEquals", false),
    ] {
        assert_eq!(
            holds(&json!({ operator: { "aws:Absent": "1" } })),
            expected,
            "{operator}"
        );
    }
    assert!(holds(&json!({ "Null": { "aws:Absent": "true" } })));
    assert!(!holds(&json!({ "Null": { "aws:Absent": false } })));
    assert!(holds(&json!({ "Null": { "aws:SourceIp": false } })));
}

#[test]
fn lists_need_a_qualifier() {
    let keys = "aws:TagKeys";
    for (operator, values, expected) in [
        ("ForAnyValue:StringEquals", json!(["team"]), true),
        ("ForAnyValue:StringEquals", json!(["mood"]), false),
        (
            "ForAllValues:StringEquals",
            json!(["team", "cost", "mood"]),
            true,
        ),
        ("ForAllValues:StringEquals", json!(["team"]), false),
        ("ForAllValues:StringLike", json!("*t*"), true),
        ("ForAnyValue:StringNotEquals", json!("team"), true),
        ("ForAllValues:StringNotEquals", json!("team"), false),
        ("StringEquals", json!(["team", "cost"]), false),
    ] {
        assert_eq!(
            holds(&json!({ operator: { keys: values } })),
            expected,
            "{operator} {values}"
        );
    }
}

#[test]
fn times_numbers_addresses_and_arns_compare_by_their_kind() {
    for (operator, key, value, expected) in [
        (
            "DateLessThan",
            "aws:CurrentTime",
            json!("2026-11-22T12:00:01Z"),
            true,
        ),
        (
            "DateLessThan",
            "aws:CurrentTime",
            json!("2026-11-22T13:00:00+01:00"),
            false,
        ),
        (
            "DateLessThanEquals",
            "aws:CurrentTime",
            json!("2026-11-22T13:00:00+01:00"),
            true,
        ),
        (
            "DateGreaterThan",
            "aws:EpochTime",
            json!("2026-11-22"),
            true,
        ),
        ("DateEquals", "aws:EpochTime", json!(1_795_348_800), true),
        ("NumericLessThanEquals", "s3:max-keys", json!(10), true),
        ("NumericGreaterThan", "s3:max-keys", json!("9.5"), true),
        ("NumericNotEquals", "s3:max-keys", json!("10"), false),
        ("Bool", "aws:MultiFactorAuthPresent", json!(false), true),
        ("Bool", "aws:MultiFactorAuthPresent", json!("true"), false),
        ("IpAddress", "aws:SourceIp", json!("192.0.2.0/24"), true),
        ("IpAddress", "aws:SourceIp", json!("192.0.2.0/26"), false),
        ("NotIpAddress", "aws:SourceIp", json!("192.0.2.77"), false),
        ("IpAddress", "aws:SourceIp", json!("0.0.0.0/0"), true),
        (
            "ArnLike",
            "aws:PrincipalArn",
            json!("arn:aws:iam::*:role/*"),
            true,
        ),
        (
            "ArnEquals",
            "aws:PrincipalArn",
            json!("arn:aws:iam::111122223333:role/team/Reader"),
            true,
        ),
        (
            "ArnLike",
            "aws:PrincipalArn",
            json!("arn:aws:*:role/team/Reader"),
            false,
        ),
        (
            "ArnNotLike",
            "aws:PrincipalArn",
            json!("arn:*:iam::*:user/*"),
            true,
        ),
    ] {
        assert_eq!(
            holds(&json!({ operator: { key: value } })),
            expected,
            "{operator} {key} {value}"
        );
    }
}
