//! One entry of a document: found, put in place of another, taken out; and what refers to it.
//!
//! Pure changes to what people write. An entry that gets another name takes along what named it: an account its roles and
//! what rules say of it, a role what rules say of it. Whether the result is right is for `check`.

mod uses;

use std::collections::BTreeMap;

use serde_json::Value;

use super::document::{AccountEntry, Document, RoleEntry, RuleEntry, ScopeEntry};
use super::merge::{EntryName, Section};
use super::selector::{Selector, Side};

pub use uses::Uses;

/// An entry of some section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// `[[accounts]]`
    Account(Box<AccountEntry>),
    /// `[[roles]]`
    Role(Box<RoleEntry>),
    /// `[[scopes]]`
    Scope(ScopeEntry),
    /// `[[rules]]`
    Rule(RuleEntry),
}

impl Entry {
    /// Reads one from its keys.
    pub fn from_value(section: Section, keys: Value) -> Result<Self, serde_json::Error> {
        Ok(match section {
            Section::Accounts => Self::Account(serde_json::from_value(keys)?),
            Section::Roles => Self::Role(serde_json::from_value(keys)?),
            Section::Scopes => Self::Scope(serde_json::from_value(keys)?),
            Section::Rules => Self::Rule(serde_json::from_value(keys)?),
        })
    }

    /// Its keys.
    pub fn to_value(&self) -> Value {
        let keys = match self {
            Self::Account(entry) => serde_json::to_value(entry),
            Self::Role(entry) => serde_json::to_value(entry),
            Self::Scope(entry) => serde_json::to_value(entry),
            Self::Rule(entry) => serde_json::to_value(entry),
        };
        keys.unwrap_or_default()
    }

    /// What names it.
    pub fn name(&self) -> String {
        match self {
            Self::Account(entry) => entry.alias.clone(),
            Self::Role(entry) => format!("{}/{}", entry.account, entry.name),
            Self::Scope(entry) => entry.name.clone(),
            Self::Rule(entry) => entry.name.clone(),
        }
    }
}

/// The entry at a place of a section.
pub fn entry_at(document: &Document, section: Section, place: usize) -> Option<Entry> {
    Some(match section {
        Section::Accounts => Entry::Account(Box::new(document.accounts.get(place)?.clone())),
        Section::Roles => Entry::Role(Box::new(document.roles.get(place)?.clone())),
        Section::Scopes => Entry::Scope(document.scopes.get(place)?.clone()),
        Section::Rules => Entry::Rule(document.rules.get(place)?.clone()),
    })
}

/// The entries' names, in the order of the document.
pub fn names(document: &Document, section: Section) -> Vec<EntryName> {
    let all: Vec<String> = match section {
        Section::Accounts => document
            .accounts
            .iter()
            .map(|entry| entry.alias.clone())
            .collect(),
        Section::Roles => {
            let roles = document.roles.iter();
            roles
                .map(|entry| format!("{}/{}", entry.account, entry.name))
                .collect()
        }
        Section::Scopes => document
            .scopes
            .iter()
            .map(|entry| entry.name.clone())
            .collect(),
        Section::Rules => document
            .rules
            .iter()
            .map(|entry| entry.name.clone())
            .collect(),
    };
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let numbered = all.into_iter().map(|name| {
        let next = seen.entry(name.clone()).or_default();
        let nth = *next;
        *next += 1;
        EntryName { section, name, nth }
    });
    numbered.collect()
}

/// Where an entry stands in its section.
pub fn position(document: &Document, name: &EntryName) -> Option<usize> {
    let all = names(document, name.section);
    all.iter().position(|other| other == name)
}

/// Puts an entry in place of the one of that name, or at the end; says where it stands. `keeps_links`: an alias that
/// changes becomes a former one.
pub fn put(
    document: &mut Document,
    at: Option<&EntryName>,
    entry: Entry,
    keeps_links: bool,
) -> usize {
    let place = at.and_then(|name| position(document, name));
    match entry {
        Entry::Account(mut account) => {
            let old = place.and_then(|place| document.accounts.get(place));
            if let Some(old) = old.map(|old| old.alias.clone()) {
                if old != account.alias && keeps_links && !account.former_aliases.contains(&old) {
                    account.former_aliases.push(old.clone());
                }
                rename_account(document, &old, &account.alias);
            }
            set(&mut document.accounts, place, *account)
        }
        Entry::Role(role) => {
            let old = place.and_then(|place| document.roles.get(place));
            if let Some((account, name)) = old.map(|old| (old.account.clone(), old.name.clone())) {
                rename_role(document, (&account, &name), (&role.account, &role.name));
            }
            set(&mut document.roles, place, *role)
        }
        Entry::Scope(scope) => set(&mut document.scopes, place, scope),
        Entry::Rule(rule) => set(&mut document.rules, place, rule),
    }
}

fn set<T>(entries: &mut Vec<T>, place: Option<usize>, entry: T) -> usize {
    match place {
        Some(place) if place < entries.len() => {
            entries[place] = entry;
            place
        }
        _ => {
            entries.push(entry);
            entries.len() - 1
        }
    }
}

/// Takes an entry out; false: there is none of that name. What names it stays, for `check` to point at.
pub fn remove(document: &mut Document, name: &EntryName) -> bool {
    let Some(place) = position(document, name) else {
        return false;
    };
    match name.section {
        Section::Accounts => drop(document.accounts.remove(place)),
        Section::Roles => drop(document.roles.remove(place)),
        Section::Scopes => drop(document.scopes.remove(place)),
        Section::Rules => drop(document.rules.remove(place)),
    }
    true
}

/// Rewrites what names an account, while no other account has that alias too.
fn rename_account(document: &mut Document, old: &str, new: &str) {
    let same = document
        .accounts
        .iter()
        .filter(|account| account.alias == old);
    if old == new || old.is_empty() || same.count() > 1 {
        return;
    }
    for role in &mut document.roles {
        if role.account == old {
            new.clone_into(&mut role.account);
        }
    }
    for_each_selector(document, |text| {
        let (_, role) = text.split_once('/')?;
        names_account(text, old).then(|| format!("{new}/{role}"))
    });
}

fn rename_role(document: &mut Document, old: (&str, &str), new: (&str, &str)) {
    let same = document.roles.iter();
    let same = same.filter(|role| (role.account.as_str(), role.name.as_str()) == old);
    if old == new || same.count() > 1 {
        return;
    }
    let (old, new) = (
        format!("{}/{}", old.0, old.1),
        format!("{}/{}", new.0, new.1),
    );
    for_each_selector(document, |text| (text == old).then(|| new.clone()));
}

fn for_each_selector(document: &mut Document, change: impl Fn(&str) -> Option<String>) {
    for rule in &mut document.rules {
        for text in rule.grant.iter_mut().chain(&mut rule.deny) {
            if let Some(new) = change(text) {
                *text = new;
            }
        }
    }
}

fn names_account(text: &str, alias: &str) -> bool {
    Selector::parse(text).is_ok_and(|selector| is_named(&selector, alias))
}

fn is_named(selector: &Selector, alias: &str) -> bool {
    matches!(selector, Selector::Pair { account: Side::Exact(named), .. } if named == alias)
}

#[cfg(test)]
mod tests;
