//! The condition keys of one request.
//!
//! Names ignore case, as AWS's do (`saml:aud`, `SAML:aud`). A key has one value or a list, and
//! the difference matters to the operators.

use std::collections::HashMap;

/// The values of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values {
    /// A key with exactly one value.
    One(String),
    /// A key with a list of values, perhaps empty.
    Many(Vec<String>),
}

impl Values {
    /// All values.
    pub fn as_slice(&self) -> &[String] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        }
    }
}

/// The condition keys of one request.
#[derive(Clone, Debug, Default)]
pub struct Context {
    keys: HashMap<String, Values>,
}

impl Context {
    /// No keys.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a key with one value.
    pub fn set(&mut self, key: &str, value: impl Into<String>) {
        self.keys
            .insert(key.to_lowercase(), Values::One(value.into()));
    }

    /// Sets a key with a list of values.
    pub fn set_many(&mut self, key: &str, values: Vec<String>) {
        self.keys.insert(key.to_lowercase(), Values::Many(values));
    }

    /// Takes a key away.
    pub fn remove(&mut self, key: &str) {
        self.keys.remove(&key.to_lowercase());
    }

    /// Adds the keys of `other`, which win.
    pub fn merge(&mut self, other: Self) {
        self.keys.extend(other.keys);
    }

    /// The values of a key.
    pub fn get(&self, key: &str) -> Option<&Values> {
        self.keys.get(&key.to_lowercase())
    }

    /// The value of a key that has one.
    pub fn single(&self, key: &str) -> Option<&str> {
        match self.get(key)? {
            Values::One(value) => Some(value),
            Values::Many(values) => match values.as_slice() {
                [one] => Some(one),
                _ => None,
            },
        }
    }
}
