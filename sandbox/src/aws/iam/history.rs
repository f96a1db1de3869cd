//! What the registry was before each edit, for a while: edits take time to reach those who decide, and those who read.
//!
//! Knows when an edit was made, by whom, and what stood before; whether edits are slow is a switch.

use std::collections::VecDeque;
use std::ops::Deref;
use std::sync::{Arc, RwLockReadGuard};

use chrono::{DateTime, Utc};

use super::Registry;

/// How many edits are remembered.
const KEPT: usize = 64;

/// The registry as it was before each edit, oldest first.
#[derive(Debug, Default)]
pub(super) struct History(VecDeque<Edit>);

/// One edit.
#[derive(Debug)]
struct Edit {
    at: DateTime<Utc>,
    /// The key that signed it.
    editor: String,
    before: Arc<Registry>,
}

impl History {
    /// Remembers what stands, before somebody's edit at `now`.
    pub(super) fn remember(&mut self, (at, editor): (DateTime<Utc>, &str), registry: &Registry) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(Edit {
            at,
            editor: editor.to_owned(),
            before: Arc::new(registry.clone()),
        });
    }

    /// What stood at `moment`, when edits came after it.
    pub(super) fn before(&self, moment: DateTime<Utc>) -> Option<Arc<Registry>> {
        let later = self.0.iter().find(|edit| edit.at > moment);
        later.map(|edit| Arc::clone(&edit.before))
    }

    /// What stood at `moment` for somebody who knows their own edits, and what came before them, at once.
    pub(super) fn before_others(
        &self,
        reader: &str,
        moment: DateTime<Utc>,
    ) -> Option<Arc<Registry>> {
        let own = self.0.iter().rposition(|edit| edit.editor == reader);
        let since = own.map_or(0, |own| own + 1);
        let later = self.0.iter().skip(since).find(|edit| edit.at > moment);
        later.map(|edit| Arc::clone(&edit.before))
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
