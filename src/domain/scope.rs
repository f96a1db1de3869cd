//! Scopes: named session policies that a person may put on a role to hold less than it gives.

use super::account::checked_text;
use super::role::{Method, Role};
use super::template::PolicyTemplate;
use serde::{Deserialize, Serialize};
use std::fmt;

checked_text!(
    /// A scope's name in links: 1–64 of `a-z`, `0-9`, `-`.
    ScopeName,
    ScopeNameError,
    "a scope's name is 1 to 64 of a-z, 0-9 and -",
    |text| (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
);

/// A scope of the access model, checked.
#[derive(Debug, Clone)]
pub struct Scope {
    /// Its name.
    pub name: ScopeName,
    /// What it leaves, in a sentence.
    pub description: String,
    /// An inline session policy, as JSON text with placeholders.
    pub session_policy: Option<PolicyTemplate>,
    /// Managed policies put on the session, by ARN.
    pub managed_policies: Vec<String>,
}

impl Scope {
    /// Whether the scope can be put on a role, and then leaves less than the role gives.
    ///
    /// AWS adds a session's policies up before it cuts the role by them. So a scope on a role that has policies of its
    /// own would widen it, and one on a federated user who lives by resource policies alone would too: both are
    /// refused. No policy at all can be put on `GetSessionToken`. A managed policy must be AWS's own of the role's partition, or the account's own.
    pub fn fits(&self, role: &Role) -> bool {
        let narrows = role.session_policy.is_none()
            && role.managed_policies.is_empty()
            && !matches!(
                role.method,
                Method::GetFederationToken { .. } | Method::GetSessionToken { .. }
            );
        let account = &role.account;
        let aws_owned = format!("arn:{}:iam::aws:policy/", account.partition);
        let account_owned = format!("arn:{}:iam::{}:policy/", account.partition, account.id);
        narrows
            && self
                .managed_policies
                .iter()
                .all(|arn| arn.starts_with(&aws_owned) || arn.starts_with(&account_owned))
    }
}
