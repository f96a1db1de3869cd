//! The access model, checked: what a document means once nothing is wrong with it.
//!
//! Roles stand sorted by account name, alias and role name, so that the roles of one account lie side by side and lists
//! need no sorting. Only `check` makes one.

use std::sync::Arc;

use regex::Regex;

use super::patterns::PatternSets;
use super::rule::{Condition, Operator, Rule};
use super::selector::{Selector, Side};
use crate::domain::account::{Account, AccountId, Alias};
use crate::domain::role::{Role, RoleKey};
use crate::domain::scope::Scope;

/// A checked access model.
#[derive(Debug)]
pub struct Model {
    pub(super) accounts: Vec<Arc<Account>>,
    pub(super) roles: Vec<Arc<Role>>,
    pub(super) revokers: Vec<Arc<Role>>,
    pub(super) scopes: Vec<Arc<Scope>>,
    pub(super) rules: Vec<Rule>,
    pub(super) patterns: PatternSets,
}

/// A rule that has to do with a role.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RuleUse<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// What it does to the role.
    pub kind: UseKind,
}

/// What a rule does to a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UseKind {
    /// Gives it.
    Grants,
    /// Gives it to those whose values spell it.
    MayGrant,
    /// Takes it away.
    Denies,
    /// Takes it from those whose values spell it.
    MayDeny,
}

impl Model {
    /// The accounts, by name.
    pub fn accounts(&self) -> &[Arc<Account>] {
        &self.accounts
    }

    /// The roles, by account name, alias and role name.
    pub fn roles(&self) -> &[Arc<Role>] {
        &self.roles
    }

    /// The roles by which Vestibule ends sessions, one for each account that has one. They are nobody's: no rule points
    /// at them, and no grant is made of them.
    pub fn revokers(&self) -> &[Arc<Role>] {
        &self.revokers
    }

    /// The role by which Vestibule ends sessions in an account.
    pub fn revoker(&self, account: &AccountId) -> Option<&Arc<Role>> {
        self.revokers
            .iter()
            .find(|role| role.account.id == *account)
    }

    /// The scopes, by name.
    pub fn scopes(&self) -> &[Arc<Scope>] {
        &self.scopes
    }

    /// The rules, in the order of the document.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The roles that an account has.
    pub fn roles_of(&self, alias: &Alias) -> Vec<&Arc<Role>> {
        let of_account = |role: &&Arc<Role>| role.account.alias == *alias;
        self.roles.iter().filter(of_account).collect()
    }

    /// The pattern of a rule that has all groups of a captured selector, with the attribute that it looks at.
    pub(super) fn source_of<'a>(
        &'a self,
        rule: &'a Rule,
        selector: &Selector,
    ) -> Option<(&'a str, &'a Regex)> {
        rule.conditions.iter().find_map(|condition| {
            let Condition::Attribute {
                name,
                operator: Operator::Matches(pattern),
            } = condition
            else {
                return None;
            };
            let regex = self.pattern(name, pattern)?;
            let has = |group| regex.capture_names().flatten().any(|name| name == group);
            selector.groups().all(has).then_some((name.as_str(), regex))
        })
    }

    /// A pattern of the rules, compiled.
    pub(super) fn pattern(&self, attribute: &str, pattern: &str) -> Option<&Regex> {
        let place = self.patterns.position(attribute, pattern)?;
        self.patterns.get(attribute)?.single.get(place)
    }

    /// The rules that give a role or take it away, in the order of the document.
    pub fn used_by(&self, key: &RoleKey) -> Vec<RuleUse<'_>> {
        let Some(role) = self.roles.iter().find(|role| role.key == *key) else {
            return Vec::new();
        };
        self.rules
            .iter()
            .flat_map(|rule| {
                let grants = reach(&rule.grants, role, UseKind::Grants, UseKind::MayGrant);
                let denies = reach(&rule.denies, role, UseKind::Denies, UseKind::MayDeny);
                [grants, denies]
                    .into_iter()
                    .flatten()
                    .map(move |kind| RuleUse { rule, kind })
            })
            .collect()
    }
}

/// Whether some selector points at the role: surely, or for some people.
fn reach(selectors: &[Selector], role: &Role, sure: UseKind, maybe: UseKind) -> Option<UseKind> {
    let mut found = None;
    for selector in selectors {
        match selector {
            _ if !may_select(selector, role) => {}
            selector if selector.is_captured() => found = Some(maybe),
            _ => return Some(sure),
        }
    }
    found
}

/// Whether a selector points at a role, for a captured one: whether it can.
pub(super) fn may_select(selector: &Selector, role: &Role) -> bool {
    let fits = |side: &Side, text: &str| match side {
        Side::Any | Side::Captured(_) => true,
        Side::Exact(exact) => exact == text,
    };
    match selector {
        Selector::All => true,
        Selector::Environment(environment) => role.account.environment == Some(*environment),
        Selector::Label { key, value } => role.account.labels.get(key) == Some(value),
        Selector::Pair {
            account,
            role: name,
        } => fits(account, role.key.account.as_str()) && fits(name, role.key.name.as_str()),
    }
}
