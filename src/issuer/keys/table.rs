//! Keys as lines for people: on the command line, on the administrators' page, in the figures.

use super::{Key, State, Use};
use crate::domain::Timestamp;

/// A key in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyLine {
    /// Its id.
    pub id: String,
    /// What it signs.
    pub purpose: Use,
    /// How.
    pub algorithm: &'static str,
    /// Where it stands.
    pub state: State,
    /// When it was made.
    pub created: Timestamp,
    /// Since when it is in its state.
    pub since: Timestamp,
    /// When its certificate ends.
    pub expires: Option<Timestamp>,
    /// Its fingerprint.
    pub fingerprint: String,
}

impl From<&Key> for KeyLine {
    fn from(key: &Key) -> Self {
        Self {
            id: key.id.clone(),
            purpose: key.purpose,
            algorithm: key.algorithm.name(),
            state: key.state,
            created: key.created,
            since: key.since,
            expires: key.expires(),
            fingerprint: key.fingerprint(),
        }
    }
}

impl KeyLine {
    /// How many seconds its certificate has left; negative once it has ended.
    pub fn seconds_left(&self, now: Timestamp) -> Option<i64> {
        self.expires.map(|until| (until - now).num_seconds())
    }
}
