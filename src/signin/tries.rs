//! How often somebody may enter a code: six digits are not many, and who may open a role could try them all.
//!
//! Counted in memory, by person and server, and before AWS is asked, so that tries side by side count as well.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::Duration;

use crate::domain::Timestamp;
use crate::domain::identity::{Identity, IdpId, Subject};

/// So many in the window: a device shows as many codes in that time.
const MOST: usize = 10;

/// The window.
const WINDOW: Duration = Duration::minutes(5);

/// Beyond so many people, those whose tries are over are forgotten first.
const SWEEP: usize = 10_000;

/// When each person tried.
#[derive(Debug, Default)]
pub(super) struct Tries(Mutex<HashMap<(IdpId, Subject), Vec<Timestamp>>>);

impl Tries {
    /// Counts a try; `false` if it is one too many.
    pub(super) fn take(&self, identity: &Identity, now: Timestamp) -> bool {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = |at: &Timestamp| now - *at < WINDOW;
        if tries.len() >= SWEEP {
            tries.retain(|_, times| times.iter().any(counts));
        }
        let who = (identity.idp.clone(), identity.subject.clone());
        let times = tries.entry(who).or_default();
        times.retain(counts);
        let may = times.len() < MOST;
        if may {
            times.push(now);
        }
        may
    }
}
