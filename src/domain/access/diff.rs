//! What sets two documents apart, in plain sentences, for the command line and for pages.
//!
//! Entries are matched by what names them: accounts by alias, roles by account and name, scopes and rules by name. An
//! entry that got another name reads as one removed and one added; but an account whose alias became a former one is the
//! same account, and its roles are the same roles.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Map, Value};

use super::document::Document;

/// How much of a value is shown.
const LONGEST_SHOWN: usize = 200;

/// The differences from one document to another, one sentence each; none if they are equal.
pub fn differences(from: &Document, to: &Document) -> Vec<String> {
    let mut sentences = Vec::new();
    let renamed = renamed(from, to);
    let from = &under_new_aliases(from, &renamed);
    let by_alias = |document: &Document| named(&document.accounts, |entry| entry.alias.clone());
    for (old, new) in &renamed {
        sentences.push(format!("account {old}: renamed to {new}"));
    }
    compare("account", &by_alias(from), &by_alias(to), &mut sentences);
    let by_key = |document: &Document| {
        named(&document.roles, |entry| {
            format!("{}/{}", entry.account, entry.name)
        })
    };
    compare("role", &by_key(from), &by_key(to), &mut sentences);
    let scopes = |document: &Document| named(&document.scopes, |entry| entry.name.clone());
    compare("scope", &scopes(from), &scopes(to), &mut sentences);
    let rules = |document: &Document| named(&document.rules, |entry| entry.name.clone());
    compare("rule", &rules(from), &rules(to), &mut sentences);
    if sentences.is_empty() && from != to {
        sentences.push("only the order of the entries changed".to_owned());
    }
    sentences
}

/// The aliases that became former ones of an account, each with the one that took its place.
fn renamed(from: &Document, to: &Document) -> BTreeMap<String, String> {
    let before: BTreeSet<&String> = from.accounts.iter().map(|entry| &entry.alias).collect();
    let after: BTreeSet<&String> = to.accounts.iter().map(|entry| &entry.alias).collect();
    let mut renamed = BTreeMap::new();
    for account in &to.accounts {
        let mut former = account.former_aliases.iter();
        let old = former.rfind(|old| before.contains(old) && !after.contains(old));
        if let Some(old) = old.filter(|_| !before.contains(&account.alias)) {
            renamed.insert(old.clone(), account.alias.clone());
        }
    }
    renamed
}

/// The document with the new aliases where the old ones stood, of accounts and of their roles. What rules point at is
/// left as it was written.
fn under_new_aliases(document: &Document, renamed: &BTreeMap<String, String>) -> Document {
    let mut document = document.clone();
    if renamed.is_empty() {
        return document;
    }
    let accounts = document.accounts.iter_mut().map(|entry| &mut entry.alias);
    let roles = document.roles.iter_mut().map(|entry| &mut entry.account);
    for alias in accounts.chain(roles) {
        if let Some(new) = renamed.get(alias) {
            alias.clone_from(new);
        }
    }
    document
}

type Entries = BTreeMap<String, Map<String, Value>>;

fn named<T: Serialize>(entries: &[T], name: impl Fn(&T) -> String) -> Entries {
    entries
        .iter()
        .map(|entry| {
            let keys = match serde_json::to_value(entry) {
                Ok(Value::Object(keys)) => keys,
                _ => Map::new(),
            };
            (name(entry), keys)
        })
        .collect()
}

fn compare(word: &str, from: &Entries, to: &Entries, sentences: &mut Vec<String>) {
    for name in from.keys().filter(|name| !to.contains_key(*name)) {
        sentences.push(format!("{word} {name}: removed"));
    }
    for (name, keys) in to {
        match from.get(name) {
            None => sentences.push(format!("{word} {name}: added")),
            Some(before) => compare_keys(&format!("{word} {name}"), before, keys, sentences),
        }
    }
}

fn compare_keys(
    subject: &str,
    from: &Map<String, Value>,
    to: &Map<String, Value>,
    sentences: &mut Vec<String>,
) {
    for (key, before) in from.iter().filter(|(key, _)| !to.contains_key(*key)) {
        sentences.push(format!("{subject}: {key} removed (was {})", shown(before)));
    }
    for (key, after) in to {
        match from.get(key) {
            None => sentences.push(format!("{subject}: {key} added: {}", shown(after))),
            Some(before) if before == after => {}
            Some(Value::Array(before)) => {
                let after = after.as_array().map_or(&[][..], Vec::as_slice);
                compare_lists(&format!("{subject}: {key}"), before, after, sentences);
            }
            Some(before) => sentences.push(format!(
                "{subject}: {key} changed from {} to {}",
                shown(before),
                shown(after)
            )),
        }
    }
}

fn compare_lists(subject: &str, from: &[Value], to: &[Value], sentences: &mut Vec<String>) {
    let before = sentences.len();
    for item in from.iter().filter(|item| !to.contains(item)) {
        sentences.push(format!("{subject} lost {}", shown(item)));
    }
    for item in to.iter().filter(|item| !from.contains(item)) {
        sentences.push(format!("{subject} gained {}", shown(item)));
    }
    if sentences.len() == before {
        sentences.push(format!("{subject} changed its order or repeats"));
    }
}

/// A value on one line, cut where it is long.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(LONGEST_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
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
                "account payments-dev: removed",
                "account dev: added",
                "account payments-prod: environment removed (was \"production\")",
                "account payments-prod: name changed from \"Payments Production\" to \"Payments\"",
                "role gov/ReadOnly: removed",
                "role payments-prod/ReadOnly: console_hours added: 2",
                "scope small: removed",
                "rule all: until added: \"2027-01-01\"",
                "rule eng: grant lost \"payments-dev/*\"",
                "rule eng: grant gained \"*\"",
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
                "account payments-dev: renamed to dev",
                "account dev: former_aliases added: [\"payments-dev\"]",
                "role dev/Admin: console_hours added: 2",
                "rule eng: grant lost \"payments-dev/*\"",
                "rule eng: grant gained \"dev/*\"",
            ]
        );
        // without the old alias it is another account
        after.accounts[1].former_aliases.clear();
        let sentences = differences(&before, &after);
        assert!(
            sentences.contains(&"account payments-dev: removed".to_owned()),
            "{sentences:?}"
        );
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
}
