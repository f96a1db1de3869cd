//! What is remembered of each key, in bounded memory.
//!
//! Two tables of keys: when the younger is full it becomes the older, and what stood in the older is forgotten. A key that
//! comes stands in the younger. So a key is forgotten only after as many others as a table holds have come since it last
//! did, nothing is ever searched through, and no number of addresses takes more memory than two full tables.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use governor::nanos::Nanos;
use governor::state::StateStore;

/// Who is counted: an address, or half a digest.
pub(super) type Key = u128;

/// A number for each key that came of late.
#[derive(Debug)]
pub(super) struct Seen {
    most: usize,
    tables: Mutex<Tables>,
}

#[derive(Debug, Default)]
struct Tables {
    young: HashMap<Key, u64>,
    old: HashMap<Key, u64>,
}

impl Seen {
    /// Remembers at least `most` keys, and at most twice as many.
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
            tables: Mutex::default(),
        }
    }

    pub(super) fn get(&self, key: Key) -> Option<u64> {
        self.with(|tables| tables.get(key))
    }

    pub(super) fn set(&self, key: Key, value: u64) {
        self.with(|tables| tables.set(key, value, self.most));
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.with(|tables| tables.young.len() + tables.old.len())
    }

    fn with<T>(&self, use_them: impl FnOnce(&mut Tables) -> T) -> T {
        use_them(&mut self.tables.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Tables {
    fn get(&self, key: Key) -> Option<u64> {
        self.young.get(&key).or_else(|| self.old.get(&key)).copied()
    }

    fn set(&mut self, key: Key, value: u64, most: usize) {
        if self.young.len() >= most && !self.young.contains_key(&key) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, value);
    }
}

impl StateStore for Seen {
    type Key = Key;

    fn measure_and_replace<T, F, E>(&self, key: &Key, decide: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        self.with(|tables| {
            let known = tables.get(*key);
            let decided = decide(known.map(Nanos::new));
            // whoever is refused is not forgotten for it
            let next = decided.as_ref().ok().map(|(_, next)| next.as_u64());
            if let Some(value) = next.or(known) {
                tables.set(*key, value, self.most);
            }
            decided.map(|(outcome, _)| outcome)
        })
    }
}
