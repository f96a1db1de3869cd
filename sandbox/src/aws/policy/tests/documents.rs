//! What is malformed, who is named, and what a statement covers.

use serde_json::{Value, json};

use super::context;
use crate::aws::policy::{Caller, Context, Naming, Policy, Request, Says, SaysTo};

#[test]
fn what_iam_calls_malformed_is_no_policy() {
    let base = json!({ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" });
    let with = |name: &str, value: Value| {
        let mut statement = base.clone();
        statement[name] = value;
        json!({ "Version": "2012-10-17", "Statement": statement }).to_string()
    };
    assert!(Policy::identity(&with("Sid", json!("A1"))).is_ok());
    for (name, value) in [
        ("Sid", json!("a b")),
        ("Effect", json!("allow")),
        ("Action", json!("GetObject")),
        ("Action", json!([])),
        ("Action", json!("s3:Get Object")),
        ("Action", json!({})),
        ("Resource", json!("bucket")),
        ("Resource", json!([])),
        ("NotAction", json!("s3:*")),
        ("Resource", json!("arn:aws:s3")),
        ("Principal", json!("*")),
        ("Extra", json!("x")),
        ("Resource", json!("arn:aws:s3:::${aws:username")),
        ("Condition", json!([])),
        ("Condition", json!({ "StringEqual": { "aws:a": "b" } })),
        ("Condition", json!({ "StringEquals": { "nokey": "b" } })),
        ("Condition", json!({ "StringEquals": { "aws:a": {} } })),
        (
            "Condition",
            json!({ "ForSome:StringEquals": { "aws:a": "b" } }),
        ),
        ("Condition", json!({ "NullIfExists": { "aws:a": "true" } })),
        (
            "Condition",
            json!({ "DateLessThan": { "aws:a": "yesterday" } }),
        ),
        ("Condition", json!({ "NumericEquals": { "aws:a": "NaN" } })),
        (
            "Condition",
            json!({ "IpAddress": { "aws:a": "1.2.3.4/33" } }),
        ),
        ("Condition", json!({ "Bool": { "aws:a": "yes" } })),
    ] {
        assert!(
            Policy::identity(&with(name, value.clone())).is_err(),
            "{name} {value}"
        );
    }
    for text in [
        "",
        "null",
        "[]",
        "{}",
        r#"{"Statement":[]}"#,
        r#"{"Version":"2020-01-01","Statement":{}}"#,
        r#"{"Version":"2012-10-17","Statement":[{}]}"#,
        "{\"Statement\":[{}]",
    ] {
        assert!(Policy::identity(text).is_err(), "{text}");
    }
}

#[test]
fn trust_and_resource_policies_need_their_principals() {
    let trust = |principal: Value| {
        json!({ "Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole" } })
        .to_string()
    };
    for principal in [
        json!("*"),
        json!({ "AWS": "*" }),
        json!({ "AWS": ["111122223333"] }),
        json!({ "AWS": "arn:aws:iam::111122223333:role/a/b" }),
        json!({ "Service": "ec2.amazonaws.com" }),
        json!({ "Federated": "arn:aws:iam::111122223333:saml-provider/corp" }),
    ] {
        assert!(
            Policy::trust(&trust(principal.clone())).is_ok(),
            "{principal}"
        );
    }
    for principal in [
        json!("111122223333"),
        json!({}),
        json!({ "AWS": [] }),
        json!({ "AWS": "1234" }),
        json!({ "AWS": "arn:aws:iam::111122223333:role/*" }),
        json!({ "Nobody": "x" }),
        json!({ "AWS": "arn:aws:s3:::bucket" }),
        json!({ "Federated": "*" }),
    ] {
        assert!(
            Policy::trust(&trust(principal.clone())).is_err(),
            "{principal}"
        );
    }
    let resource = json!({ "Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole", "Resource": "*" } });
    assert!(Policy::trust(&resource.to_string()).is_err());
    assert!(Policy::resource(&resource.to_string()).is_ok());
}

#[test]
fn the_strongest_naming_counts_and_a_deny_beats_it() {
    let caller = Caller {
        account: Some("111122223333".to_owned()),
        session_arn: Some("arn:aws:sts::111122223333:assumed-role/Reader/ada".to_owned()),
        principal_arn: Some("arn:aws:iam::111122223333:role/Reader".to_owned()),
        provider_arn: None,
    };
    let context = Context::new();
    let request = Request {
        action: "sts:AssumeRole",
        resource: "x",
        context: &context,
    };
    let says = |statements: Value| {
        let document = json!({ "Version": "2012-10-17", "Statement": statements });
        Policy::trust(&document.to_string())
            .unwrap()
            .says_to(&caller, &request)
    };
    let statement = |effect: &str, principal: Value| json!({ "Effect": effect, "Principal": principal, "Action": "sts:*" });
    let account = statement("Allow", json!({ "AWS": "111122223333" }));
    let role = statement("Allow", json!({ "AWS": caller.principal_arn }));
    let session = statement("Allow", json!({ "AWS": caller.session_arn }));
    let other = statement("Allow", json!({ "AWS": "444455556666" }));
    let deny = statement("Deny", json!({ "AWS": "111122223333" }));
    let spare =
        json!({ "Effect": "Deny", "NotPrincipal": { "AWS": "111122223333" }, "Action": "*" });
    assert_eq!(says(json!([account])), SaysTo::Allow(Naming::Account));
    assert_eq!(
        says(json!([session, account])),
        SaysTo::Allow(Naming::Session)
    );
    assert_eq!(
        says(json!([account, role])),
        SaysTo::Allow(Naming::Principal)
    );
    assert_eq!(says(json!([other])), SaysTo::Nothing);
    assert_eq!(says(json!([session, deny])), SaysTo::Deny);
    assert_eq!(
        says(json!([account, spare])),
        SaysTo::Allow(Naming::Account)
    );
}

#[test]
fn variables_are_text_in_the_older_version() {
    let of = |version: &str| {
        let document = json!({ "Version": version, "Statement": {
            "Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::b/${aws:username}" } });
        Policy::identity(&document.to_string()).unwrap()
    };
    let mut context = Context::new();
    context.set("aws:username", "ada");
    let says = |version: &str, key: &str| {
        let resource = format!("arn:aws:s3:::b/{key}");
        of(version).says(&Request {
            action: "s3:GetObject",
            resource: &resource,
            context: &context,
        })
    };
    assert_eq!(says("2012-10-17", "ada"), Says::Allow);
    assert_eq!(says("2008-10-17", "ada"), Says::Nothing);
    assert_eq!(says("2008-10-17", "${aws:username}"), Says::Allow);
}

#[test]
fn actions_ignore_case_and_resources_do_not() {
    let context = Context::new();
    let policy = Policy::identity(
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"S3:getobject",
        "Resource":"arn:aws:s3:::B/*"}]}"#,
    )
    .unwrap();
    let says = |action: &str, resource: &str| {
        policy.says(&Request {
            action,
            resource,
            context: &context,
        })
    };
    assert_eq!(says("s3:GetObject", "arn:aws:s3:::B/k"), Says::Allow);
    assert_eq!(says("s3:GetObject", "arn:aws:s3:::b/k"), Says::Nothing);
    assert_eq!(says("s3:GetObjectAcl", "arn:aws:s3:::B/k"), Says::Nothing);
}

#[test]
fn not_action_and_not_resource_cover_the_rest() {
    let context = Context::new();
    let policy = Policy::identity(
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":["iam:*","sts:*"],
        "NotResource":"arn:aws:s3:::secret/*"}]}"#,
    )
    .unwrap();
    let says = |action: &str, resource: &str| {
        policy.says(&Request {
            action,
            resource,
            context: &context,
        })
    };
    assert_eq!(says("s3:GetObject", "arn:aws:s3:::b/k"), Says::Allow);
    assert_eq!(says("s3:GetObject", "arn:aws:s3:::secret/k"), Says::Nothing);
    assert_eq!(says("iam:PutRolePolicy", "*"), Says::Nothing);
}

#[test]
fn no_changed_byte_of_a_policy_makes_the_reader_panic() {
    let text = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Deny", "Action": ["s3:*"], "Resource": ["arn:aws:s3:::${aws:PrincipalTag/team, 'x'}/*"],
        "Condition": { "ForAllValues:StringLikeIfExists": { "aws:TagKeys": ["a*", "${*}"] },
            "DateLessThan": { "aws:TokenIssueTime": "2026-11-22T12:00:00Z" } } }] })
    .to_string();
    let context = context();
    let request = Request {
        action: "s3:GetObject",
        resource: "arn:aws:s3:::b/k",
        context: &context,
    };
    for at in 0..text.len() {
        for byte in [b'"', b'{', b'}', b'$', b':', b'*', b'0', 0x00, 0xc3] {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = byte;
            if let Ok(text) = String::from_utf8(bytes)
                && let Ok(policy) = Policy::identity(&text)
            {
                policy.says(&request);
            }
        }
    }
}
