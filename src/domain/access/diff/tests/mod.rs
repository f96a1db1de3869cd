//! Sentences, as people read them.

mod entries;

use super::*;
use crate::domain::access::fixtures::document;

const RULES: &str = r#"
    [[rules]]
    name = "eng"
    when = [{ attribute = "groups", is = "eng" }]
    grant = ["gov/ReadOnly", "payments-dev/*"]
    [[rules]]
    name = "all"
    when = [{ idp = "corp" }]
    grant = ["payments-dev/ReadOnly"]
    [[scopes]]
    name = "small"
    managed_policies = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
"#;

#[test]
fn equal_documents_do_not_differ() {
    assert!(differences(&document(RULES), &document(RULES)).is_empty());
}

#[test]
fn every_change_is_a_sentence() {
    let before = document(RULES);
    let mut after = before.clone();
    after.accounts[0].name = "Payments".to_owned();
    after.accounts[0].environment = None;
    after.accounts[1].alias = "dev".to_owned();
    after.roles.remove(4);
    after.roles[0].console_hours = Some(2);
    after.rules[0].grant = vec!["gov/ReadOnly".to_owned(), "*".to_owned()];
    after.rules[1].until = Some("2027-01-01".to_owned());
    after.scopes.clear();
    assert_eq!(
        differences(&before, &after),
        [
            "rule all: until added: \"2027-01-01\"",
            "rule eng: grant lost \"payments-dev/*\"",
            "rule eng: grant gained \"*\"",
            "role gov/ReadOnly: removed: AssumeRole; own credentials gov; no session policy",
            "role payments-prod/ReadOnly: console_hours added: 2",
            "scope small: removed: managed policies arn:aws:iam::aws:policy/ReadOnlyAccess",
            "account payments-dev: removed: 444455556666; development; labels {\"team\":\"payments\"}",
            "account dev: added: 444455556666; development; labels {\"team\":\"payments\"}",
            "account payments-prod: environment removed (was \"production\")",
            "account payments-prod: name changed from \"Payments Production\" to \"Payments\"",
        ]
    );
}

#[test]
fn a_renamed_account_and_its_roles_are_the_same_ones() {
    let before = document(RULES);
    let mut after = before.clone();
    after.accounts[1].alias = "dev".to_owned();
    after.accounts[1].former_aliases = vec!["payments-dev".to_owned()];
    for role in &mut after.roles {
        if role.account == "payments-dev" {
            role.account = "dev".to_owned();
        }
    }
    after.roles[3].console_hours = Some(2);
    after.rules[0].grant = vec!["gov/ReadOnly".to_owned(), "dev/*".to_owned()];
    assert_eq!(
        differences(&before, &after),
        [
            "rule eng: grant lost \"payments-dev/*\"",
            "rule eng: grant gained \"dev/*\"",
            "role dev/Admin: console_hours added: 2",
            "account payments-dev: renamed to dev",
            "account dev: former_aliases added: [\"payments-dev\"]",
        ]
    );
    // without the old alias it is another account
    after.accounts[1].former_aliases.clear();
    let sentences = differences(&before, &after);
    let gone = |sentence: &String| sentence.starts_with("account payments-dev: removed");
    assert!(sentences.iter().any(gone), "{sentences:?}");
}

#[test]
fn former_aliases_come_and_go_in_a_sentence_each() {
    let mut before = document(RULES);
    before.accounts[0].former_aliases = vec!["old".to_owned(), "older".to_owned()];
    let mut after = before.clone();
    after.accounts[0].former_aliases = vec!["older".to_owned(), "oldest".to_owned()];
    assert_eq!(
        differences(&before, &after),
        [
            "account payments-prod: former_aliases lost \"old\"",
            "account payments-prod: former_aliases gained \"oldest\"",
        ]
    );
}

#[test]
fn another_order_is_told_as_such_and_long_values_are_cut() {
    let before = document(RULES);
    let mut after = before.clone();
    after.rules.swap(0, 1);
    assert_eq!(
        differences(&before, &after),
        ["only the order of the entries changed"]
    );
    after.rules.swap(0, 1);
    after.rules[0].grant.swap(0, 1);
    assert_eq!(
        differences(&before, &after),
        ["rule eng: grant changed its order or repeats"]
    );
    after = before.clone();
    after.roles[0].description = "é".repeat(500);
    let sentences = differences(&before, &after);
    assert_eq!(sentences.len(), 1);
    assert!(
        sentences[0].chars().count() < 300 && sentences[0].ends_with('…'),
        "{}",
        sentences[0]
    );
}

fn told(from: &Document, to: &Document) -> Vec<String> {
    let sentences = differences(from, to);
    for sentence in &sentences {
        assert!(sentence.chars().count() < 4_000, "{sentence}");
    }
    sentences
}

/// A document with a session policy of that text.
fn narrowed(policy: &str) -> Document {
    let mut document = document(RULES);
    document.roles[0].session_policy = Some(policy.to_owned());
    document
}

#[test]
fn of_long_texts_what_differs_is_shown_on_both_sides() {
    for at in [0, 1, 150, 159, 160, 161, 199, 200, 201, 250, 999, 1_999] {
        for (other, is_long) in [
            ("b", false),
            ("é", false),
            ("", false),
            (&*"b".repeat(500), true),
        ] {
            let before = "a".repeat(2_000);
            let after = format!("{}{other}{}", &before[..at], &before[at + 1..]);
            let sentences = told(&narrowed(&before), &narrowed(&after));
            let [sentence] = &sentences[..] else {
                panic!("{sentences:?}");
            };
            let subject = "role payments-prod/ReadOnly: session_policy changed from ";
            let (old, new) = sentence
                .strip_prefix(subject)
                .unwrap()
                .split_once(" to ")
                .unwrap();
            assert_ne!(old.trim_matches('…'), new.trim_matches('…'), "{at} {other}");
            assert!(
                new.contains(if is_long { "b" } else { other }),
                "{at}: {sentence}"
            );
            assert_eq!(
                new.ends_with("and more behind that"),
                is_long,
                "{at}: {sentence}"
            );
            assert!(old.contains('…'), "{sentence}");
            assert!(sentence.chars().count() < 600, "{sentence}");
        }
    }
}

#[test]
fn what_a_long_list_gained_is_named() {
    let before = document(RULES);
    let mut after = before.clone();
    let groups =
        |count: usize| -> Vec<String> { (0..count).map(|at| format!("group {at}")).collect() };
    let mut from = before.clone();
    for (document, more) in [(&mut from, 0), (&mut after, 1)] {
        document.rules[0].when[0].is = None;
        let mut groups = groups(500);
        groups.extend((0..more).map(|_| "everybody".to_owned()));
        document.rules[0].when[0].is_one_of = Some(groups);
    }
    assert_eq!(
        told(&from, &after),
        ["rule eng: when groups: is_one_of gained \"everybody\""]
    );
    let negated = |document: &Document| {
        let mut document = document.clone();
        let inner = std::mem::take(&mut document.rules[0].when[0]);
        document.rules[0].when[0].not = Some(Box::new(inner));
        document
    };
    assert_eq!(
        told(&negated(&after), &negated(&from)),
        ["rule eng: when not groups: is_one_of lost \"everybody\""]
    );
    assert_eq!(
        told(
            &before,
            &document(&RULES.replace("is = \"eng\"", "is = \"ops\""))
        ),
        ["rule eng: when groups: is changed from \"eng\" to \"ops\""]
    );
    assert_eq!(
        told(
            &before,
            &document(&RULES.replace("is = \"eng\"", "present = true"))
        ),
        [
            "rule eng: when lost groups is \"eng\"",
            "rule eng: when gained groups is present"
        ]
    );
}

#[test]
fn long_items_that_begin_alike_are_told_apart() {
    let long = "x".repeat(1_000);
    let with = |ends: &[&str]| {
        let mut document = document(RULES);
        let items = ends.iter().map(|end| format!("{long}{end}"));
        document.rules[0].grant = items.collect();
        document
    };
    let sentences = told(&with(&["a", "b"]), &with(&["b", "c"]));
    let [lost, gained] = &sentences[..] else {
        panic!("{sentences:?}");
    };
    assert!(
        lost.starts_with("rule eng: grant lost …x") && lost.ends_with("xa\""),
        "{lost}"
    );
    assert!(
        gained.starts_with("rule eng: grant gained …x") && gained.ends_with("xc\""),
        "{gained}"
    );
}

#[test]
fn objects_are_compared_by_their_fields() {
    let before = document(RULES);
    let mut after = before.clone();
    after.accounts[0]
        .labels
        .insert("team".to_owned(), "ops".to_owned());
    after.accounts[0]
        .labels
        .insert("zone".to_owned(), "a".to_owned());
    after.accounts[0].labels.remove("cost");
    assert_eq!(
        told(&before, &after),
        [
            "account payments-prod: labels: cost removed (was \"42\")",
            "account payments-prod: labels: team changed from \"payments\" to \"ops\"",
            "account payments-prod: labels: zone added: \"a\"",
        ]
    );
    // many at once are named one by one
    after = before.clone();
    after.roles[0].tags = (0..40)
        .map(|at| (format!("tag {at:02}"), "x".to_owned()))
        .collect();
    let sentences = told(&before, &after);
    assert_eq!(sentences.len(), 40);
    assert_eq!(
        sentences[39],
        "role payments-prod/ReadOnly: tags: tag 39 added: \"x\""
    );
}

#[test]
fn what_cannot_be_seen_is_spelled() {
    let sentences = told(&narrowed("a\u{200b}b"), &narrowed("a\u{202e}b"));
    assert_eq!(
        sentences,
        [
            "role payments-prod/ReadOnly: session_policy changed from \"a\\u{200b}b\" to \"a\\u{202e}b\""
        ]
    );
}
