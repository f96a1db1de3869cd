//! Claims against templates: what may be filled in, and what must be refused by name.

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::domain::identity::{Attributes, Authentication, IdpId, Subject};

fn identity(team: &[&str]) -> Identity {
    Identity {
        idp: IdpId::parse("corp").unwrap(),
        subject: Subject {
            format: "sub".to_owned(),
            value: "u1".to_owned(),
        },
        display_name: "Ada".to_owned(),
        verified_email: Some("ada@example.com".to_owned()),
        attributes: Attributes::from([(
            "team".to_owned(),
            team.iter().map(|&t| t.to_owned()).collect(),
        )]),
        authentication: Authentication::default(),
        notice: None,
    }
}

fn fill_tag(text: &str, team: &[&str]) -> Result<String, FillError> {
    let identity = identity(team);
    Template::parse(text).unwrap().fill(&TemplateValues {
        identity: &identity,
        session_name: "ada",
    })
}

const POLICY: &str = r#"{
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::x/{attribute.team}/*"},
        {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*",
         "Condition": {"StringEquals": {"aws:username": "${aws:username}", "s3:prefix": ["{session.name}", "{email}"]},
                       "Bool": {"aws:SecureTransport": true}, "NumericLessThan": {"s3:max-keys": 10}}}
    ]
}"#;

fn fill_policy(team: &str) -> Result<String, FillError> {
    let identity = identity(&[team]);
    PolicyTemplate::parse(POLICY).unwrap().fill(
        &TemplateValues {
            identity: &identity,
            session_name: "ada",
        },
        LONGEST_POLICY,
    )
}

#[test]
fn a_tag_is_filled_from_exactly_one_value() {
    assert_eq!(
        fill_tag("team/{attribute.team}", &["pay ments"]).unwrap(),
        "team/pay ments"
    );
    assert_eq!(
        fill_tag("{subject}:{email}:{session.name}", &[]).unwrap(),
        "u1:ada@example.com:ada"
    );
    assert_eq!(fill_tag("fixed", &[]).unwrap(), "fixed");
    assert_eq!(fill_tag("{attribute.team}", &[""]).unwrap(), "");
    let slot = Slot::Attribute("team".to_owned());
    assert_eq!(
        fill_tag("{attribute.team}", &[]),
        Err(FillError::Missing(slot.clone()))
    );
    assert_eq!(
        fill_tag("{attribute.team}", &["a", "b"]),
        Err(FillError::Several {
            slot: slot.clone(),
            count: 2
        })
    );
    for bad in ["a\nb", "a,b", "a\"b", "a*", "a{b}", "\u{0}", "a;b"] {
        let error = fill_tag("{attribute.team}", &[bad]).unwrap_err();
        assert!(
            matches!(&error, FillError::Forbidden { slot: s, .. } if *s == slot),
            "{bad:?}"
        );
        assert!(!error.to_string().contains(bad));
    }
    assert_eq!(
        fill_tag("x{attribute.team}", &[&"a".repeat(256)]),
        Err(FillError::TooLong {
            length: 257,
            limit: 256
        })
    );
}

#[test]
fn a_value_that_spells_a_placeholder_is_not_read_again() {
    let mut identity = identity(&["{email}"]);
    let template = Template::parse("{attribute.team}").unwrap();
    let filled = template.fill(&TemplateValues {
        identity: &identity,
        session_name: "ada",
    });
    assert!(matches!(filled, Err(FillError::Forbidden { .. })));
    identity
        .attributes
        .insert("team".to_owned(), vec!["x".to_owned()]);
    assert_eq!(
        template
            .fill(&TemplateValues {
                identity: &identity,
                session_name: "ada"
            })
            .unwrap(),
        "x"
    );
    assert!(fill_policy("{email}").unwrap().contains("x/{email}/*"));
}

#[test]
fn misspelt_templates_are_refused() {
    for text in [
        "{",
        "}",
        "{}",
        "{team}",
        "{attribute.}",
        "{attribute.team",
        "a}b",
        "{{subject}}",
        "{Subject}",
        "{attribute.a{b}",
    ] {
        assert_eq!(
            Template::parse(text),
            Err(TemplateError::UnknownPlaceholder),
            "{text}"
        );
    }
    for text in ["a\"b", "a\nb", "a*"] {
        assert_eq!(Template::parse(text), Err(TemplateError::NotATag), "{text}");
    }
    assert_eq!(
        Template::parse(&"a".repeat(257)),
        Err(TemplateError::NotATag)
    );
    assert!(Template::parse("{attribute.http://schemas.example/claims/Group}").is_ok());
}

#[test]
fn a_policy_is_filled_and_minified() {
    let filled = fill_policy("pay\"ments").unwrap();
    assert_eq!(
        filled,
        concat!(
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"#,
            r#""Resource":"arn:aws:s3:::x/pay\"ments/*"},{"Effect":"Deny","NotAction":"s3:*","Resource":"*","#,
            r#""Condition":{"StringEquals":{"aws:username":"${aws:username}","s3:prefix":["ada","ada@example.com"]},"#,
            r#""Bool":{"aws:SecureTransport":true},"NumericLessThan":{"s3:max-keys":10}}}]}"#
        )
    );
    let wide = fill_policy("t\u{e9}\u{1f600}").unwrap();
    assert!(
        wide.is_ascii() && wide.contains(r"x/t\u00e9\ud83d\ude00/*"),
        "{wide}"
    );
}

#[test] // B4
fn values_that_iam_would_read_as_more_than_themselves_are_refused_by_name() {
    for (value, word) in [
        ("*", "wildcard"),
        ("a?b", "wildcard"),
        ("${aws:username}", "policy variables"),
        ("a$", "policy variables"),
        ("a\nb", "control"),
        ("\u{0}", "control"),
        ("\u{85}", "control"),
        ("", "empty"),
    ] {
        let error = fill_policy(value).unwrap_err();
        assert!(
            matches!(error, FillError::Forbidden { .. }) && error.to_string().contains(word),
            "{value:?}: {error}"
        );
    }
    assert!(matches!(
        fill_policy(&"a".repeat(2_049)),
        Err(FillError::TooLong { limit: 2_048, .. })
    ));
}

#[test]
fn policies_that_aws_would_refuse_are_refused_first() {
    let statement = |body: &str| format!(r#"{{"Version":"2012-10-17","Statement":[{{{body}}}]}}"#);
    let good = r#""Effect":"Allow","Action":"s3:*","Resource":"*""#;
    assert!(PolicyTemplate::parse(&statement(good)).is_ok());
    for body in [
        r#""Effect":"allow","Action":"s3:*","Resource":"*""#,
        r#""Effect":"{email}","Action":"s3:*","Resource":"*""#,
        r#""Action":"s3:*","Resource":"*""#,
        r#""Effect":"Allow","Resource":"*""#,
        r#""Effect":"Allow","Action":"s3:*""#,
        r#""Effect":"Allow","Action":"s3:*","NotAction":"s3:*","Resource":"*""#,
        r#""Effect":"Allow","Action":[],"Resource":"*""#,
        r#""Effect":"Allow","Action":"s3:*","Resource":["*",1]"#,
        r#""Effect":"Allow","Action":"s3:*","Resource":"*","Principal":"*""#,
        r#""Effect":"Allow","Action":"s3:*","Resource":"*","Extra":"x""#,
        r#""Effect":"Allow","Action":"s3:*","Resource":"*","Condition":"x""#,
    ] {
        assert!(
            matches!(
                PolicyTemplate::parse(&statement(body)),
                Err(TemplateError::NotAPolicy(_))
            ),
            "{body}"
        );
    }
}

#[test]
fn slots_and_json_that_could_be_read_differently_are_refused() {
    let statement = |body: &str| format!(r#"{{"Version":"2012-10-17","Statement":[{{{body}}}]}}"#);
    let good = r#""Effect":"Allow","Action":"s3:*","Resource":"*""#;
    assert_eq!(
        PolicyTemplate::parse(&statement(
            r#""Effect":"Allow","Action":"{attribute.a}","Resource":"*""#
        )),
        Err(TemplateError::MisplacedSlot)
    );
    assert_eq!(
        PolicyTemplate::parse(&statement(
            r#""Effect":"Allow","Action":"s3:*","Resource":"${attribute.a}""#
        )),
        Err(TemplateError::NotAPolicyVariable)
    );
    assert_eq!(
        PolicyTemplate::parse(&statement(
            r#""Effect":"Allow","Action":"s3:*","Resource":"{team}""#
        )),
        Err(TemplateError::UnknownPlaceholder)
    );
    for text in [
        "",
        "[]",
        "{}",
        "null",
        r#"{"Statement":[]}"#,
        r#"{"Version":"2020","Statement":[]}"#,
        "{",
    ] {
        assert!(PolicyTemplate::parse(text).is_err(), "{text}");
    }
    let doubled = statement(r#""Effect":"Deny","Effect":"Allow","Action":"s3:*","Resource":"*""#);
    assert!(matches!(
        PolicyTemplate::parse(&doubled),
        Err(TemplateError::NotJson(_))
    ));
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    assert!(matches!(
        PolicyTemplate::parse(&deep),
        Err(TemplateError::NotJson(_))
    ));
    let long = statement(&format!(r#""Sid":"{}",{good}"#, "a".repeat(2_048)));
    assert!(matches!(
        PolicyTemplate::parse(&long),
        Err(TemplateError::PolicyTooLong(_))
    ));
}

/// Replaces what the slot gave by a mark, wherever it stands.
fn erase(value: &mut Value, claim: &str) -> usize {
    match value {
        Value::String(text) if *text == format!("arn:aws:s3:::x/{claim}/*") => {
            *text = "arn:aws:s3:::x/MARK/*".to_owned();
            1
        }
        Value::Array(items) => items.iter_mut().map(|item| erase(item, claim)).sum(),
        Value::Object(entries) => entries.values_mut().map(|item| erase(item, claim)).sum(),
        _ => 0,
    }
}

proptest! {
    #![proptest_config(crate::domain::properties::cases(256, 1_000_000))]

    #[test] // B4
    fn a_filled_policy_differs_from_the_template_at_the_slot_alone(
        claim in prop_oneof![
            "\\PC{1,40}",
            "[\"\\\\{}\\[\\],:*?$ a]{1,12}",
            Just("\",\"Effect\":\"Allow".to_owned()),
            Just("x\"},{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"},{\"a\":\"".to_owned()),
            Just("\\\",\\\"".to_owned()),
            Just("\\u0022".to_owned()),
        ],
    ) {
        let dangerous = claim.contains(['*', '?', '$']) || claim.contains(char::is_control);
        match fill_policy(&claim) {
            Err(FillError::Forbidden { .. }) => prop_assert!(dangerous, "{claim:?}"),
            Err(error) => prop_assert!(false, "{error}"),
            Ok(filled) => {
                prop_assert!(!dangerous, "{claim:?}");
                let mut value: Value = serde_json::from_str(&filled).unwrap();
                prop_assert_eq!(erase(&mut value, &claim), 1);
                let expected: Value = serde_json::from_str(&fill_policy("MARK").unwrap()).unwrap();
                prop_assert_eq!(value, expected);
            }
        }
    }
}
