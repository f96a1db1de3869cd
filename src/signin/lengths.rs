//! Where AWS's sign-in took no length, though AWS's texts let it expect one.
//!
//! They disagree on which credentials take a `SessionDuration`. What was refused once with a length and taken without
//! is not asked for again for a while: consoles then last as long as their credentials, and the portal says so.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::Duration;

use crate::domain::Timestamp;
use crate::domain::account::PartitionName;
use crate::domain::role::Role;

/// After so long it is tried again.
const REMEMBERED: Duration = Duration::hours(1);

/// When lengths were refused, by partition and STS operation. In memory, of this process alone.
#[derive(Debug, Default)]
pub(super) struct Lengths(Mutex<HashMap<(PartitionName, &'static str), Timestamp>>);

impl Lengths {
    /// Notes that a length was refused for credentials as the role has them.
    pub(super) fn note_refused(&self, role: &Role, now: Timestamp) {
        let mut refused = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        refused.insert(kind(role), now);
    }

    /// Whether one was lately.
    pub(super) fn are_refused(&self, role: &Role, now: Timestamp) -> bool {
        let refused = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = refused.get(&kind(role));
        at.is_some_and(|at| now - *at < REMEMBERED)
    }

    /// Where one was lately, for pages that show many roles.
    pub(super) fn refused(&self, now: Timestamp) -> Vec<(PartitionName, &'static str)> {
        let refused = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let lately = refused.iter().filter(|(_, at)| now - **at < REMEMBERED);
        lately.map(|(kind, _)| kind.clone()).collect()
    }
}

fn kind(role: &Role) -> (PartitionName, &'static str) {
    (role.account.partition.clone(), role.method.operation())
}
