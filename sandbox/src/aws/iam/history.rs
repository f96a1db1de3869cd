//! What the registry was before each edit, for a while: edits take time to reach those who decide.
//!
//! Knows when an edit was made and what stood before; whether edits are slow is a switch.

use std::collections::VecDeque;
use std::ops::Deref;
use std::sync::{Arc, RwLockReadGuard};

use chrono::{DateTime, Utc};

use super::Registry;

/// How many edits are remembered.
const KEPT: usize = 64;

/// The registry as it was before each edit, oldest first, with the time of the edit.
#[derive(Debug, Default)]
pub(super) struct History(VecDeque<(DateTime<Utc>, Arc<Registry>)>);

impl History {
    /// Remembers what stands, before an edit at `now`.
    pub(super) fn remember(&mut self, now: DateTime<Utc>, registry: &Registry) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back((now, Arc::new(registry.clone())));
    }

    /// What stood at `moment`, when edits came after it.
    pub(super) fn before(&self, moment: DateTime<Utc>) -> Option<Arc<Registry>> {
        let later = self.0.iter().find(|(edited, _)| *edited > moment);
        later.map(|(_, registry)| Arc::clone(registry))
    }
}

/// The registry as somebody sees it who decides.
#[derive(Debug)]
pub enum Seen<'a> {
    /// As it is.
    Now(RwLockReadGuard<'a, Registry>),
    /// As it was.
    Past(Arc<Registry>),
}

impl Deref for Seen<'_> {
    type Target = Registry;

    fn deref(&self) -> &Registry {
        match self {
            Self::Now(registry) => registry,
            Self::Past(registry) => registry,
        }
    }
}
