//! The access model as lists to read: accounts, roles and rules, each with what uses it.
//!
//! From the compiled revision in memory; a text narrows a list to what contains it, letter case aside.

use crate::domain::access::{AccessIndex, Condition, Operator, Rule, Selector, UseKind};
use crate::domain::account::Account;
use crate::domain::role::Role;

use super::Admin;

/// How many lines a list has at most; a narrower search shows the rest.
pub const MOST_LINES: usize = 500;

/// A list, perhaps cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<T> {
    /// The lines.
    pub lines: Vec<T>,
    /// How many there are in all.
    pub found: usize,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountLine {
    /// Its alias.
    pub alias: String,
    /// Its 12 digits.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its environment's word, if it has one.
    pub environment: Option<&'static str>,
    /// Its partition.
    pub partition: String,
    /// Whom to ask.
    pub owner: Option<String>,
    /// The names of its roles.
    pub roles: Vec<String>,
}

/// A role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleLine {
    /// Its key.
    pub key: String,
    /// What it is for.
    pub description: String,
    /// The STS operation behind it.
    pub method: &'static str,
    /// Its ARN.
    pub arn: String,
    /// The rules that have to do with it: what they do, and their names.
    pub rules: Vec<(&'static str, String)>,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleLine {
    /// Its name.
    pub name: String,
    /// What must hold, a sentence each.
    pub conditions: Vec<String>,
    /// What it gives, as written.
    pub grants: Vec<String>,
    /// What it takes away, as written.
    pub denies: Vec<String>,
    /// From when it counts.
    pub from: Option<String>,
    /// Until when.
    pub until: Option<String>,
}

impl Admin {
    /// The accounts.
    pub fn accounts(&self, search: &str) -> List<AccountLine> {
        let index = self.access.index();
        let model = index.model();
        narrow(
            model.accounts().iter().map(AsRef::as_ref),
            search,
            |account: &Account| AccountLine {
                alias: account.alias.to_string(),
                id: account.id.to_string(),
                name: account.name.clone(),
                environment: account
                    .environment
                    .map(crate::domain::account::Environment::word),
                partition: account.partition.to_string(),
                owner: account.owner.clone(),
                roles: model
                    .roles_of(&account.alias)
                    .iter()
                    .map(|role| role.key.name.to_string())
                    .collect(),
            },
            |line| vec![&line.alias, &line.id, &line.name],
        )
    }

    /// The roles.
    pub fn roles(&self, search: &str) -> List<RoleLine> {
        let index = self.access.index();
        narrow(
            index.model().roles().iter().map(AsRef::as_ref),
            search,
            |role: &Role| role_line(&index, role),
            |line| vec![&line.key, &line.description, &line.arn],
        )
    }

    /// The rules.
    pub fn rules(&self, search: &str) -> List<RuleLine> {
        let index = self.access.index();
        narrow(index.model().rules().iter(), search, rule_line, |line| {
            [&line.name]
                .into_iter()
                .chain(&line.conditions)
                .chain(&line.grants)
                .chain(&line.denies)
                .collect()
        })
    }
}

fn role_line(index: &AccessIndex, role: &Role) -> RoleLine {
    RoleLine {
        key: role.key.to_string(),
        description: role.description.clone(),
        method: role.method.operation(),
        arn: role.arn(),
        rules: index
            .model()
            .used_by(&role.key)
            .into_iter()
            .map(|used| {
                let does = match used.kind {
                    UseKind::Grants => "gives it",
                    UseKind::MayGrant => "gives it to those whose values name it",
                    UseKind::Denies => "takes it away",
                    UseKind::MayDeny => "takes it from those whose values name it",
                };
                (does, used.rule.name.clone())
            })
            .collect(),
    }
}

fn rule_line(rule: &Rule) -> RuleLine {
    let written = |selectors: &[Selector]| selectors.iter().map(ToString::to_string).collect();
    RuleLine {
        name: rule.name.clone(),
        conditions: rule.conditions.iter().map(sentence).collect(),
        grants: written(&rule.grants),
        denies: written(&rule.denies),
        from: rule.from.map(|from| from.to_rfc3339()),
        until: rule.until.map(|until| until.to_rfc3339()),
    }
}

/// A condition as one reads it.
fn sentence(condition: &Condition) -> String {
    match condition {
        Condition::Idp(idp) => format!("signed in by {idp}"),
        Condition::Not(inner) => format!("not: {}", sentence(inner)),
        Condition::Attribute { name, operator } => match operator {
            Operator::IsOneOf(values) if values.len() == 1 => {
                format!("{name} is {:?}", values[0])
            }
            Operator::IsOneOf(values) => format!("{name} is one of {values:?}"),
            Operator::StartsWith(prefix) => format!("{name} begins with {prefix:?}"),
            Operator::Matches(pattern) => format!("{name} matches {pattern}"),
            Operator::Present => format!("{name} is present"),
        },
    }
}

/// The lines whose texts contain the search, cut at [`MOST_LINES`].
fn narrow<'a, T: 'a, L>(
    all: impl Iterator<Item = &'a T>,
    search: &str,
    line: impl Fn(&T) -> L,
    texts: impl Fn(&L) -> Vec<&String>,
) -> List<L> {
    let wanted = search.trim().to_lowercase();
    let mut list = List {
        lines: Vec::new(),
        found: 0,
    };
    for one in all {
        let line = line(one);
        let fits = texts(&line)
            .iter()
            .any(|text| text.to_lowercase().contains(&wanted));
        if fits {
            list.found += 1;
            if list.lines.len() < MOST_LINES {
                list.lines.push(line);
            }
        }
    }
    list
}
