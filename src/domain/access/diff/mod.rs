//! What sets two documents apart, in plain sentences, for the command line and for pages.
//!
//! Entries are matched by what names them: accounts by alias, roles by account and name, scopes and rules by name. An
//! entry that got another name reads as one removed and one added; but an account whose alias became a former one is the
//! same account, and its roles are the same roles. Rules come first, for they say who gets what; of a long list the
//! first few are told where the entry is, and the rest behind what else there is of its section, so that length hides
//! nothing. A sentence is bounded, however long a value is.

mod entries;
mod shown;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use serde_json::{Map, Value};

use super::document::Document;
use entries::{Part, Said};
use shown::{Long, apart, is_long, shown};

/// How many items of a list are told where the entry is.
const FIRST_ITEMS: usize = 10;

/// The differences from one document to another, one sentence each; none if they are equal.
pub fn differences(from: &Document, to: &Document) -> Vec<String> {
    let mut sentences = Vec::new();
    let renamed = renamed(from, to);
    let from = &under_new_aliases(from, &renamed);
    compare(&from.rules, &to.rules, &mut sentences);
    compare(&from.roles, &to.roles, &mut sentences);
    compare(&from.scopes, &to.scopes, &mut sentences);
    for (old, new) in &renamed {
        sentences.push(format!("account {old}: renamed to {new}"));
    }
    compare(&from.accounts, &to.accounts, &mut sentences);
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

/// The sentences of a section: those that stand where their entry is, and what goes behind them all.
#[derive(Default)]
struct Told {
    first: Vec<String>,
    later: Vec<String>,
}

impl Told {
    fn entry(&mut self, subject: &str, came: &str, Said { text, more }: Said) {
        let first = if text.is_empty() {
            format!("{subject}: {came}")
        } else {
            format!("{subject}: {came}: {text}")
        };
        self.first.push(first);
        let more = more.into_iter().map(|more| format!("{subject}: {more}"));
        self.later.extend(more);
    }

    fn items(&mut self, items: Vec<String>) {
        for (at, item) in items.into_iter().enumerate() {
            if at < FIRST_ITEMS {
                self.first.push(item);
            } else {
                self.later.push(item);
            }
        }
    }
}

fn compare<P: Part>(from: &[P], to: &[P], sentences: &mut Vec<String>) {
    let named = |entries: &'_ [P]| -> BTreeMap<String, usize> {
        let places = entries.iter().enumerate();
        places.map(|(place, entry)| (entry.name(), place)).collect()
    };
    let (before, after) = (named(from), named(to));
    let mut told = Told::default();
    for (name, place) in before.iter().filter(|(name, _)| !after.contains_key(*name)) {
        let subject = format!("{} {name}", P::WORD);
        told.entry(&subject, "removed", from[*place].said(true));
    }
    for (name, place) in &after {
        let (subject, entry) = (format!("{} {name}", P::WORD), &to[*place]);
        match before.get(name).map(|place| &from[*place]) {
            None => told.entry(&subject, "added", entry.said(false)),
            Some(before) if before == entry => {}
            Some(before) => compare_keys(&subject, &keys(before), &keys(entry), &mut told),
        }
    }
    sentences.append(&mut told.first);
    sentences.append(&mut told.later);
}

fn keys<P: Part>(entry: &P) -> Map<String, Value> {
    match serde_json::to_value(entry) {
        Ok(Value::Object(keys)) => keys,
        _ => Map::new(),
    }
}

fn compare_keys(
    subject: &str,
    from: &Map<String, Value>,
    to: &Map<String, Value>,
    told: &mut Told,
) {
    for (key, before) in from.iter().filter(|(key, _)| !to.contains_key(*key)) {
        compare_values(subject, key, (Some(before), None), told);
    }
    for (key, after) in to {
        compare_values(subject, key, (from.get(key), Some(after)), told);
    }
}

/// What became of a key. Of what is too long to be shown whole, each part is told by its own.
fn compare_values(
    subject: &str,
    key: &str,
    (before, after): (Option<&Value>, Option<&Value>),
    told: &mut Told,
) {
    let here = || format!("{subject}: {key}");
    match (before, after) {
        (before, after) if before == after => {}
        (Some(Value::Array(before)), Some(Value::Array(after))) => {
            compare_lists(&here(), key, (before, after), told);
        }
        (Some(Value::Object(before)), Some(Value::Object(after))) => {
            compare_keys(&here(), before, after, told);
        }
        (None, Some(Value::Array(after))) if is_long(after) => {
            compare_lists(&here(), key, (&[], after), told);
        }
        (Some(Value::Array(before)), None) if is_long(before) => {
            compare_lists(&here(), key, (before, &[]), told);
        }
        (None, Some(Value::Object(after))) if is_long(after) => {
            compare_keys(&here(), &Map::new(), after, told);
        }
        (Some(Value::Object(before)), None) if is_long(before) => {
            compare_keys(&here(), before, &Map::new(), told);
        }
        (None, Some(after)) => {
            let sentence = format!("{subject}: {key} added: {}", shown(after));
            told.first.push(sentence);
        }
        (Some(before), None) => {
            let sentence = format!("{subject}: {key} removed (was {})", shown(before));
            told.first.push(sentence);
        }
        (Some(before), Some(after)) => {
            let sentence = format!("{subject}: {key} changed from {}", apart(before, after));
            told.first.push(sentence);
        }
        (None, None) => {}
    }
}

/// What a list lost and gained. Of two conditions that look at the same in the same way, one that went and one that came,
/// only what differs is told.
fn compare_lists(subject: &str, key: &str, (from, to): (&[Value], &[Value]), told: &mut Told) {
    let texts = |items: &[Value]| -> Vec<String> { items.iter().map(Value::to_string).collect() };
    let (old, new) = (texts(from), texts(to));
    let only = |items: &[String], others: &[String]| -> Vec<usize> {
        let others: HashSet<&str> = others.iter().map(String::as_str).collect();
        let items = items.iter().enumerate();
        items
            .filter(|(_, text)| !others.contains(text.as_str()))
            .map(|(place, _)| place)
            .collect()
    };
    let (mut lost, mut gained) = (only(&old, &new), only(&new, &old));
    if lost.is_empty() && gained.is_empty() {
        let sentence = format!("{subject} changed its order or repeats");
        told.first.push(sentence);
        return;
    }
    if key == "when" {
        for (before, after) in paired((from, &mut lost), (to, &mut gained)) {
            compare_conditions(subject, &from[before], &to[after], told);
        }
    }
    let long = Long::among(old.iter().chain(&new));
    let mut more = Vec::new();
    let mut said = |verb: &str, item: &Value, text: &str| {
        let condition = (key == "when").then(|| entries::condition_of(item));
        let Some(Said { text, more: rest }) = condition.flatten() else {
            return format!("{subject} {verb} {}", long.shown(text));
        };
        more.extend(rest.iter().map(|rest| format!("{subject} {verb} {rest}")));
        format!("{subject} {verb} {text}")
    };
    let lost: Vec<String> = lost
        .iter()
        .map(|&at| said("lost", &from[at], &old[at]))
        .collect();
    let gained = gained.iter().map(|&at| said("gained", &to[at], &new[at]));
    let gained: Vec<String> = gained.collect();
    told.items(lost);
    told.items(gained);
    told.later.append(&mut more);
}

/// Conditions that went with those that took their place, taken out of both.
fn paired(
    (from, lost): (&[Value], &mut Vec<usize>),
    (to, gained): (&[Value], &mut Vec<usize>),
) -> Vec<(usize, usize)> {
    let mut came: HashMap<String, VecDeque<usize>> = HashMap::new();
    for place in gained.iter() {
        came.entry(looks_at(&to[*place]))
            .or_default()
            .push_back(*place);
    }
    let mut pairs = Vec::new();
    lost.retain(|place| {
        let other = came.get_mut(&looks_at(&from[*place]));
        let other = other.and_then(VecDeque::pop_front);
        pairs.extend(other.map(|other| (*place, other)));
        other.is_none()
    });
    let taken: HashSet<usize> = pairs.iter().map(|(_, after)| *after).collect();
    gained.retain(|place| !taken.contains(place));
    pairs
}

/// What a condition looks at, and how: its attribute and its keys.
fn looks_at(condition: &Value) -> String {
    let Value::Object(keys) = condition else {
        return String::new();
    };
    let mut text = String::new();
    for (key, value) in keys {
        text.push_str(key);
        match key.as_str() {
            "attribute" => text.push_str(&value.to_string()),
            "not" => text.push_str(&looks_at(value)),
            _ => {}
        }
        text.push(' ');
    }
    text
}

fn compare_conditions(subject: &str, from: &Value, to: &Value, told: &mut Told) {
    let (Value::Object(before), Value::Object(after)) = (from, to) else {
        return;
    };
    let attribute = after.get("attribute").and_then(Value::as_str);
    let subject = match attribute {
        Some(attribute) => format!("{subject} {}", shown::cut(attribute)),
        None => subject.to_owned(),
    };
    match (before.get("not"), after.get("not")) {
        (Some(from), Some(to)) => compare_conditions(&format!("{subject} not"), from, to, told),
        _ => compare_keys(&subject, before, after, told),
    }
}

#[cfg(test)]
mod tests;
