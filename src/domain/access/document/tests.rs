//! Reading and writing documents: what goes out comes back equal.

use proptest::prelude::*;

use super::*;
use crate::domain::access::fixtures::{ACCOUNTS, surroundings};

const EXAMPLE: &str = include_str!("../../../../config/access.example.toml");

#[test]
fn the_example_checks_clean_and_comes_back_equal() {
    let document = Document::from_toml(EXAMPLE).unwrap();
    let checked = crate::domain::access::check(&document, &surroundings());
    checked.unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(Document::from_toml(&document.to_toml()).unwrap(), document);
}

#[test]
fn the_example_names_every_key_that_works_in_this_version() {
    let filled = every_key();
    let keys = serde_json::to_value(&filled).unwrap();
    let sections = keys.as_object().unwrap();
    for (section, entries) in sections {
        for key in entries[0].as_object().unwrap().keys() {
            let named = EXAMPLE.lines().any(|line| {
                line.trim_start_matches(['#', ' '])
                    .starts_with(&format!("{key} = "))
            });
            assert!(named, "{section}.{key} is not in the example");
        }
    }
}

fn revoker_with_every_key() -> RevokerEntry {
    let text = || Some("x".to_owned());
    RevokerEntry {
        role: "x".to_owned(),
        path: text(),
        method: "x".to_owned(),
        provider: text(),
        credentials: text(),
        external_id: text(),
        via: Some(ViaEntry {
            role_arn: "x".to_owned(),
            external_id: text(),
        }),
    }
}

/// A document in which every key stands.
pub(super) fn every_key() -> Document {
    let text = |text: &str| Some(text.to_owned());
    let table = || BTreeMap::from([("key".to_owned(), "value".to_owned())]);
    Document {
        accounts: vec![AccountEntry {
            environment: text("production"),
            partition: text("aws"),
            owner: text("x"),
            labels: table(),
            revoker: Some(revoker_with_every_key()),
            ..AccountEntry::default()
        }],
        roles: vec![RoleEntry {
            path: text("/"),
            description: "x".to_owned(),
            proof: text("x"),
            idp: text("x"),
            provider: text("x"),
            credentials: text("x"),
            external_id: text("x"),
            via: Some(ViaEntry {
                role_arn: "x".to_owned(),
                external_id: text("x"),
            }),
            mfa_serial: text("x"),
            resource_policies_only: true,
            console_hours: Some(1),
            destination: text("x"),
            tags: table(),
            transitive_tags: vec!["x".to_owned()],
            source_identity: true,
            session_policy: text("x"),
            managed_policies: vec!["x".to_owned()],
            discoverable: true,
            requires: Some(RequiresEntry {
                reason: true,
                login_within_minutes: Some(1),
                acr: Some(vec!["x".to_owned()]),
            }),
            ..RoleEntry::default()
        }],
        scopes: vec![ScopeEntry {
            description: "x".to_owned(),
            session_policy: text("x"),
            managed_policies: vec!["x".to_owned()],
            ..ScopeEntry::default()
        }],
        rules: vec![RuleEntry {
            grant: vec!["*".to_owned()],
            deny: vec!["*".to_owned()],
            from: text("x"),
            until: text("x"),
            ..RuleEntry::default()
        }],
    }
}

#[test]
fn a_document_with_every_key_comes_back_equal_from_toml_and_json() {
    let document = every_key();
    assert_eq!(
        Document::from_toml(&document.to_toml()).unwrap(),
        document,
        "{}",
        document.to_toml()
    );
    assert_eq!(Document::from_json(&document.to_json()).unwrap(), document);
}

#[test]
fn unknown_keys_and_broken_texts_are_refused() {
    for text in [
        "[[account]]",
        "[[accounts]]\nid = 1",
        "[[roles]]\ngranted = true",
        "[[rules]]\nwhen = [{ equals = \"x\" }]",
        "x",
        "[[accounts]",
        "[[rules]]\nwhen = [{ attribute = \"a\", is = [\"x\"] }]",
        "[[roles]]\nrequires = { mfa = true }",
        "[[roles]]\nconsole_hours = -1",
    ] {
        assert!(
            matches!(Document::from_toml(text), Err(DocumentError::Toml(_))),
            "{text}"
        );
    }
    assert!(matches!(
        Document::from_json("{\"users\":[]}"),
        Err(DocumentError::Json(_))
    ));
    let nested = format!(
        "[[rules]]\nwhen = [{}{}]",
        "{not=".repeat(100_000),
        "}".repeat(100_000)
    );
    assert!(Document::from_toml(&nested).is_err());
    let long = " ".repeat(LONGEST_DOCUMENT + 1);
    assert!(matches!(
        Document::from_toml(&long),
        Err(DocumentError::TooLong)
    ));
}

#[test]
fn toml_reads_like_what_people_write() {
    let document = Document::from_toml(&format!(
        "{ACCOUNTS}[[rules]]\nname = \"r\"\nwhen = [{{ idp = \"corp\" }}, {{ not = {{ attribute = \"g\", matches = '^\\d\"' }} }}]\ngrant = [\"*\"]\nuntil = 2027-01-01\n"
    ))
    .unwrap();
    let text = document.to_toml();
    let rule = "[[rules]]\nname = \"r\"\nwhen = [{ idp = \"corp\" }, { not = { attribute = \"g\", matches = '^\\d\"' } }]\ngrant = [\"*\"]\nuntil = \"2027-01-01\"\n";
    assert!(text.ends_with(rule), "{text}");
    assert!(
        text.contains("labels = { cost = \"42\", team = \"payments\" }\n"),
        "{text}"
    );
}

pub(super) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z'\"\\\\\n\t\r ]{0,8}",
        "\\PC{0,6}",
        Just("'''\n\"\"\"".to_owned()),
        any::<String>()
    ]
}

proptest! {
    #![proptest_config(crate::domain::properties::cases(128, 100_000))]

    #[test]
    fn any_text_survives_the_way_through_toml(texts in prop::collection::vec(text(), 8), keys in prop::collection::btree_map(text(), text(), 0..3)) {
        let document = Document {
            accounts: vec![AccountEntry { id: texts[0].clone(), owner: Some(texts[1].clone()), labels: keys.clone(), former_aliases: texts.clone(), ..AccountEntry::default() }],
            roles: vec![RoleEntry { session_policy: Some(texts[2].clone()), tags: keys, managed_policies: texts.clone(), ..RoleEntry::default() }],
            scopes: Vec::new(),
            rules: vec![RuleEntry {
                name: texts[3].clone(),
                when: vec![
                    ConditionEntry { attribute: Some(texts[4].clone()), is_one_of: Some(texts.clone()), ..ConditionEntry::default() },
                    ConditionEntry {
                        not: Some(Box::new(ConditionEntry { matches: Some(texts[5].clone()), present: Some(false), ..ConditionEntry::default() })),
                        ..ConditionEntry::default()
                    },
                ],
                deny: texts.clone(),
                ..RuleEntry::default()
            }],
        };
        prop_assert_eq!(Document::from_toml(&document.to_toml()).unwrap(), document.clone());
        prop_assert_eq!(Document::from_json(&document.to_json()).unwrap(), document);
    }
}
