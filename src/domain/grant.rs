//! Proof that a revision gives an identity a role.
//!
//! A [`Grant`] can only be made by the access index ([`super::access::AccessIndex`]); every call that makes credentials for
//! a person takes one, so that "forgot the check" does not compile.

use std::sync::Arc;

use super::identity::Identity;
use super::role::Role;
use super::scope::Scope;

/// This identity holds this role by this revision.
#[derive(Debug, Clone)]
pub struct Grant {
    identity: Arc<Identity>,
    role: Arc<Role>,
    scope: Option<Arc<Scope>>,
    revision: i64,
    rule: String,
}

impl Grant {
    /// For the access index alone.
    pub(in crate::domain) fn new(
        identity: Arc<Identity>,
        role: Arc<Role>,
        scope: Option<Arc<Scope>>,
        revision: i64,
        rule: String,
    ) -> Self {
        Self {
            identity,
            role,
            scope,
            revision,
            rule,
        }
    }

    /// Who holds it.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// What they hold.
    pub fn role(&self) -> &Role {
        &self.role
    }

    /// Under which scope.
    pub fn scope(&self) -> Option<&Scope> {
        self.scope.as_deref()
    }

    /// Whether credentials made for this grant are just what they would be for the other one.
    pub fn same_power_as(&self, other: &Self) -> bool {
        let policies =
            |scope: &Scope| (scope.session_policy.clone(), scope.managed_policies.clone());
        self.role.same_power_as(&other.role)
            && self.scope().map(policies) == other.scope().map(policies)
    }

    /// By which revision of the access model.
    pub fn revision(&self) -> i64 {
        self.revision
    }

    /// By which rule of it.
    pub fn rule(&self) -> &str {
        &self.rule
    }
}
