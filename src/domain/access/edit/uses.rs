//! What refers to what in a document, by what people wrote.

use std::collections::BTreeMap;

use super::{is_named, names};
use crate::domain::access::document::{AccountEntry, Document, RoleEntry};
use crate::domain::access::merge::{EntryName, Section};
use crate::domain::access::selector::{Selector, Side};

/// What refers to what: read once for many questions.
#[derive(Debug)]
pub struct Uses<'a> {
    document: &'a Document,
    accounts: BTreeMap<&'a str, &'a AccountEntry>,
    roles: Vec<EntryName>,
    rules: Vec<(EntryName, Vec<Selector>)>,
}

impl<'a> Uses<'a> {
    /// Of a document.
    pub fn of(document: &'a Document) -> Self {
        let rules = names(document, Section::Rules).into_iter();
        let rules = rules.zip(&document.rules).map(|(name, rule)| {
            let written = rule.grant.iter().chain(&rule.deny);
            let selectors = written.filter_map(|text| Selector::parse(text).ok());
            (name, selectors.collect())
        });
        let accounts = document.accounts.iter();
        Self {
            document,
            accounts: accounts.map(|account| (&*account.alias, account)).collect(),
            roles: names(document, Section::Roles),
            rules: rules.collect(),
        }
    }

    /// The entries that refer to one: an account's roles and the rules that name it, the rules that reach a role.
    pub fn users(&self, section: Section, place: usize) -> Vec<EntryName> {
        match section {
            Section::Accounts => {
                let Some(account) = self.document.accounts.get(place) else {
                    return Vec::new();
                };
                let roles = self.roles.iter().zip(&self.document.roles);
                let roles = roles.filter(|(_, role)| role.account == account.alias);
                let names = |selector: &Selector| is_named(selector, &account.alias);
                roles
                    .map(|(name, _)| name.clone())
                    .chain(self.rules(names))
                    .collect()
            }
            Section::Roles => {
                let Some(role) = self.document.roles.get(place) else {
                    return Vec::new();
                };
                let account = self.accounts.get(role.account.as_str()).copied();
                self.rules(|selector| reaches(selector, account, role))
                    .collect()
            }
            Section::Scopes | Section::Rules => Vec::new(),
        }
    }

    fn rules(&self, uses: impl Fn(&Selector) -> bool) -> impl Iterator<Item = EntryName> {
        let rules = self.rules.iter();
        rules
            .filter(move |(_, selectors)| selectors.iter().any(&uses))
            .map(|(name, _)| name.clone())
    }
}

/// Whether what a rule points at can be the role.
fn reaches(selector: &Selector, account: Option<&AccountEntry>, role: &RoleEntry) -> bool {
    let fits = |side: &Side, name: &str| match side {
        Side::Any | Side::Captured(_) => true,
        Side::Exact(exact) => exact == name,
    };
    match selector {
        Selector::All => true,
        Selector::Environment(environment) => {
            let of = account.and_then(|account| account.environment.as_deref());
            of == Some(environment.word())
        }
        Selector::Label { key, value } => {
            account.is_some_and(|account| account.labels.get(key) == Some(value))
        }
        Selector::Pair {
            account: named,
            role: name,
        } => fits(named, &role.account) && fits(name, &role.name),
    }
}
