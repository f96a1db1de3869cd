//! A published access model, compiled for deciding.
//!
//! Deciding looks each of the person's values up once (a hash for exact values, a sorted list for prefixes, one
//! `RegexSet` per attribute for patterns) and touches only rules that one of them leads to, so its cost grows with the
//! person and not with the model. The index alone makes a [`Grant`]. Immutable, shared by `Arc`.

mod build;
mod compiled;
mod decide;
mod prefixes;
mod roles;
mod values;

use std::collections::HashMap;
use std::sync::Arc;

use super::AccessRevision;
use super::model::Model;
use crate::domain::Timestamp;
use crate::domain::account::Account;
use crate::domain::grant::Grant;
use crate::domain::identity::Identity;
use crate::domain::intent::AccountRef;
use crate::domain::role::{Role, RoleKey};
use crate::domain::scope::{Scope, ScopeName};

use compiled::Compiled;

/// A model compiled, with the revision it was published as.
#[derive(Debug)]
pub struct AccessIndex {
    revision: AccessRevision,
    model: Arc<Model>,
    compiled: Compiled,
    by_alias: HashMap<String, usize>,
    by_id: HashMap<String, usize>,
    by_former_alias: HashMap<String, usize>,
}

/// A role that somebody holds, and the first rule in the document that gives it.
#[derive(Debug, Clone, Copy)]
pub struct Held<'a> {
    /// The role.
    pub role: &'a Arc<Role>,
    /// The rule's name.
    pub rule: &'a str,
}

/// Why there is no grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The role is not held, or does not exist: one answer for both.
    #[error("the role is not held")]
    NotHeld,
    /// The role is held, but there is no such scope, or it cannot be put on this role.
    #[error("there is no such scope for this role")]
    UnknownScope,
}

impl AccessIndex {
    /// Compiles a model.
    pub fn new(model: Arc<Model>, revision: AccessRevision) -> Self {
        let by = |text: fn(&Account) -> &str| {
            let accounts = model.accounts().iter().enumerate();
            accounts
                .map(|(index, account)| (text(account).to_owned(), index))
                .collect()
        };
        let accounts = model.accounts().iter().enumerate();
        let former = accounts.flat_map(|(index, account)| {
            let aliases = account.former_aliases.iter();
            aliases.map(move |alias| (alias.to_string(), index))
        });
        Self {
            revision,
            compiled: build::compile(&model),
            by_former_alias: former.collect(),
            by_alias: by(|account| account.alias.as_str()),
            by_id: by(|account| account.id.as_str()),
            model,
        }
    }

    /// Which revision it is.
    pub fn revision(&self) -> AccessRevision {
        self.revision
    }

    /// The model it was compiled from.
    pub fn model(&self) -> &Arc<Model> {
        &self.model
    }

    /// The roles that an identity holds at that moment, by account name, alias and role name.
    pub fn held(&self, identity: &Identity, now: Timestamp) -> Vec<Held<'_>> {
        let decision = self.compiled.decide(identity, now);
        decision
            .held()
            .map(|(role, rule)| Held {
                role: &self.model.roles[role],
                rule: &self.model.rules[rule].name,
            })
            .collect()
    }

    /// The places of the roles that an identity holds at each of some moments, in the order of the model's roles.
    pub(super) fn held_places_at(
        &self,
        identity: &Identity,
        moments: &[Timestamp],
    ) -> Vec<Vec<usize>> {
        self.compiled.held_at(identity, moments)
    }

    /// Proof that an identity holds a role at that moment, under a scope if one is wanted.
    pub fn grant(
        &self,
        identity: &Arc<Identity>,
        key: &RoleKey,
        scope: Option<&ScopeName>,
        now: Timestamp,
    ) -> Result<Grant, Refusal> {
        let decision = self.compiled.decide(identity, now);
        let index = self.compiled.role(key).ok_or(Refusal::NotHeld)?;
        let rule = decision.rule_for(index).ok_or(Refusal::NotHeld)?;
        let role = &self.model.roles[index];
        let scope = match scope {
            None => None,
            Some(name) => Some(self.scope_for(role, name).ok_or(Refusal::UnknownScope)?),
        };
        Ok(Grant::new(
            Arc::clone(identity),
            Arc::clone(role),
            scope.map(Arc::clone),
            self.revision,
            self.model.rules[rule].name.clone(),
        ))
    }

    /// The role of that key. Whether somebody may know of it is for the caller to ask.
    pub fn role(&self, key: &RoleKey) -> Option<&Arc<Role>> {
        self.compiled
            .role(key)
            .map(|index| &self.model.roles[index])
    }

    /// The account that a link names.
    pub fn find(&self, account: &AccountRef) -> Option<&Arc<Account>> {
        let index = match account {
            AccountRef::Alias(alias) => self.by_alias.get(alias.as_str()),
            AccountRef::Id(id) => self.by_id.get(id.as_str()),
        };
        index.map(|index| &self.model.accounts[*index])
    }

    /// The account that a link names by an alias that it had before. Whether somebody may know of it is for the caller
    /// to ask.
    pub fn find_renamed(&self, account: &AccountRef) -> Option<&Arc<Account>> {
        let AccountRef::Alias(alias) = account else {
            return None;
        };
        let index = self.by_former_alias.get(alias.as_str())?;
        self.model.accounts.get(*index)
    }

    /// The roles shown to people who do not hold them, by account name, alias and role name.
    pub fn discoverable(&self) -> impl Iterator<Item = &Arc<Role>> {
        self.model.roles.iter().filter(|role| role.discoverable)
    }

    /// The scopes that can be put on a role, by name.
    pub fn scopes_for(&self, role: &Role) -> impl Iterator<Item = &Arc<Scope>> {
        let scopes = self.model.scopes.iter();
        scopes.filter(move |scope| scope.fits(role))
    }

    /// Whom to ask for a role that an identity does not hold: the account's owner, if the identity may know of the
    /// account (it holds another role there, or the role is discoverable).
    pub fn owner_to_ask(&self, identity: &Identity, key: &RoleKey, now: Timestamp) -> Option<&str> {
        let account = &self.model.accounts[*self.by_alias.get(key.account.as_str())?];
        let known = self.role(key).is_some_and(|role| role.discoverable)
            || self
                .held(identity, now)
                .iter()
                .any(|held| held.role.key.account == key.account);
        account.owner.as_deref().filter(|_| known)
    }

    /// Whom to ask for any role in an account: its owner, if the identity may know of the account (it holds a role there,
    /// or one there is discoverable).
    pub fn owner_of(
        &self,
        identity: &Identity,
        account: &AccountRef,
        now: Timestamp,
    ) -> Option<&str> {
        let account = self.find(account)?;
        let there = |role: &Role| role.key.account == account.alias;
        let known = self.discoverable().any(|role| there(role))
            || self.held(identity, now).iter().any(|held| there(held.role));
        account.owner.as_deref().filter(|_| known)
    }

    /// Whether any attribute that came is one that rules look at.
    pub fn looks_at(&self, identity: &Identity) -> bool {
        let came = |(name, values): (&String, &Vec<String>)| {
            !values.is_empty() && self.compiled.attributes.contains_key(name)
        };
        identity.attributes.iter().any(came)
    }

    fn scope_for(&self, role: &Role, name: &ScopeName) -> Option<&Arc<Scope>> {
        self.scopes_for(role).find(|scope| scope.name == *name)
    }
}

#[cfg(test)]
pub(in crate::domain::access) mod oracle;
#[cfg(test)]
mod tests;
