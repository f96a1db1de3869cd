//! From a document to a model, or everything that is wrong with it, each with its key path.
//!
//! What a document may say depends on its surroundings: the partitions, the identity providers and the own credentials
//! of the configuration. AWS's limits are those of the STS and IAM references; a document that passes holds nothing
//! that AWS is known to refuse.

mod accounts;
mod conditions;
mod hub;
mod methods;
mod mfa;
mod policies;
mod problem;
mod requires;
mod revokers;
mod roles;
mod rules;
mod user;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::document::{ConditionEntry, Document};
use super::model::Model;
use super::patterns::PatternCollection;
use super::rule::Condition;
use crate::domain::account::{AccountId, PartitionName};
use crate::domain::credentials::CredentialsKind;
use crate::domain::identity::{IdpId, Protocol};
use crate::domain::partition::Partitions;
use crate::domain::role::CredentialsName;

pub use problem::{Problem, ProblemKind, Problems};

const MOST_ACCOUNTS: usize = 5_000;
const MOST_ROLES: usize = 50_000;
const MOST_SCOPES: usize = 1_000;
const MOST_RULES: usize = 200_000;

/// What the configuration says about the world a document is for.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// The partitions.
    pub partitions: Partitions,
    /// The identity providers, and what each speaks.
    pub idps: BTreeMap<IdpId, Protocol>,
    /// The own credentials.
    pub credentials: BTreeMap<CredentialsName, OwnCredentials>,
    /// What our own issuer can vouch with.
    pub issuance: Issuance,
}

/// What is known of our own issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Issuance {
    /// It has a current key for SAML responses.
    pub saml: bool,
    /// It has a current key for ID tokens.
    pub oidc: bool,
    /// What keeps IAM from taking its address as an OpenID Connect provider's, if anything does.
    pub oidc_url: Option<&'static str>,
}

/// What is known of an entry of own credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnCredentials {
    /// Whether they are an IAM user's key or a role's.
    pub kind: CredentialsKind,
    /// Where they are good.
    pub partition: PartitionName,
    /// The operator says that they may assume no role: they are for `GetSessionToken`, and for nothing else.
    pub may_not_assume_roles: bool,
    /// Whose account they are of, if that is known.
    pub account: Option<AccountId>,
}

/// Checks a document whole.
pub fn check(document: &Document, surroundings: &Surroundings) -> Result<Model, Problems> {
    check_sizes(document)?;
    let mut problems = Problems::default();
    let accounts = accounts::check(&document.accounts, &surroundings.partitions, &mut problems);
    let roles = roles::check(&document.roles, &accounts, surroundings, &mut problems);
    let revokers = revokers::check(document, &accounts, surroundings, &mut problems);
    let scopes = policies::check_scopes(&document.scopes, surroundings, &mut problems);
    let (rules, patterns) = rules::check(document, surroundings, &mut problems);
    let (true, Some(patterns)) = (problems.is_empty(), patterns) else {
        return Err(problems);
    };
    let mut accounts: Vec<_> = accounts.into_iter().flatten().collect();
    accounts.sort_by(|a, b| (&a.name, &a.alias).cmp(&(&b.name, &b.alias)));
    let mut roles: Vec<_> = roles.into_iter().flatten().map(Arc::new).collect();
    roles.sort_by(|a, b| (&a.account.name, &a.key).cmp(&(&b.account.name, &b.key)));
    let mut scopes: Vec<_> = scopes.into_iter().flatten().map(Arc::new).collect();
    scopes.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Model {
        accounts,
        roles,
        revokers: revokers.into_iter().map(Arc::new).collect(),
        scopes,
        rules,
        patterns,
    })
}

/// Checks conditions that stand outside a model, at `path`.
pub(super) fn check_conditions(
    entries: &[ConditionEntry],
    path: &str,
) -> Result<Vec<Condition>, Problems> {
    let mut problems = Problems::default();
    for (index, entry) in entries.iter().enumerate() {
        conditions::check_size(entry, &format!("{path}[{index}]"), &mut problems);
    }
    let mut context = conditions::ConditionContext {
        surroundings: &Surroundings::default(),
        patterns: &mut PatternCollection::default(),
        problems: &mut problems,
        groups: Vec::new(),
    };
    let checked: Vec<_> = entries
        .iter()
        .enumerate()
        .filter_map(|(index, entry)| context.check(entry, &format!("{path}[{index}]"), 0))
        .collect();
    if problems.is_empty() {
        Ok(checked)
    } else {
        Err(problems)
    }
}

/// Checks that a document has no more of anything than it may have: what is checked first, and all that is asked of one
/// before it is compared with another.
pub fn check_sizes(document: &Document) -> Result<(), Problems> {
    let mut problems = Problems::default();
    let sections = [
        ("accounts", document.accounts.len(), MOST_ACCOUNTS),
        ("roles", document.roles.len(), MOST_ROLES),
        ("scopes", document.scopes.len(), MOST_SCOPES),
        ("rules", document.rules.len(), MOST_RULES),
    ];
    for (what, count, limit) in sections {
        if count > limit {
            problems.add(what, ProblemKind::TooMany { what, limit, count });
        }
    }
    rules::check_sizes(document, &mut problems);
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

#[cfg(test)]
mod tests;
