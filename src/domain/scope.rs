//! Scopes: named session policies that a person may put on a role to hold less than it gives.

use super::account::checked_text;
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
