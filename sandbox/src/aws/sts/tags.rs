//! Session tags: reading them from a request and what they must not do.
//!
//! Keys ignore case but keep it. Transitive tags of the calling session pass down the chain and
//! cannot be set again. Follows the IAM guide's page on session tags.

use std::collections::BTreeMap;

use super::shape::{Shape, TAG_KEY, TAG_VALUE};
use crate::aws::policy::Context;
use crate::aws::query::QueryError;
use crate::aws::tokens::Session;

const MAX_TAGS: usize = 50;

/// The tags a request brings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tags {
    pub(super) pairs: Vec<(String, String)>,
    pub(super) transitive: Vec<String>,
}

impl Tags {
    /// Reads `Tags` and, where the operation has it, `TransitiveTagKeys`.
    pub(super) fn read(shape: &mut Shape<'_>, may_be_transitive: bool) -> Self {
        let mut pairs = Vec::new();
        for index in shape.list("Tags", MAX_TAGS) {
            let key = shape.field(("Tags", index), "Key", &TAG_KEY);
            let value = shape.field(("Tags", index), "Value", &TAG_VALUE);
            pairs.extend(key.zip(value));
        }
        let transitive = if may_be_transitive {
            shape.texts("TransitiveTagKeys", MAX_TAGS, &TAG_KEY)
        } else {
            Vec::new()
        };
        Self { pairs, transitive }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pairs.is_empty() && self.transitive.is_empty()
    }

    /// Refuses doubled keys, reserved keys, transitive keys that are no tags, and keys that the
    /// calling session passes down.
    pub(super) fn check(&self, caller: Option<&Session>, reserved: bool) -> Result<(), QueryError> {
        for (at, (key, _)) in self.pairs.iter().enumerate() {
            if self.pairs[..at].iter().any(|(other, _)| same(key, other)) {
                return Err(QueryError::invalid_parameter(
                    "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
                ));
            }
            if reserved && key.get(..4).is_some_and(|prefix| same(prefix, "aws:")) {
                return Err(QueryError::invalid_parameter(
                    "System tags cannot be added/updated/deleted: tag keys beginning with aws: are \
                     reserved.",
                ));
            }
        }
        for key in &self.transitive {
            if !self.pairs.iter().any(|(other, _)| same(key, other)) {
                return Err(QueryError::invalid_parameter(
                    "The specified transitive tag key must be included in the requested tags.",
                ));
            }
        }
        let inherited = caller.map_or(&[][..], |session| &session.transitive_keys);
        let taken = |key: &str| inherited.iter().any(|other| same(key, other));
        if self.pairs.iter().any(|(key, _)| taken(key)) {
            return Err(QueryError::invalid_parameter(
                "One of the specified transitive tag keys can't be set because it conflicts with \
                 a transitive tag key from the calling session.",
            ));
        }
        Ok(())
    }

    /// The tags of the new session and the keys that pass further down, inherited ones included.
    pub(super) fn combined(
        &self,
        caller: Option<&Session>,
    ) -> (BTreeMap<String, String>, Vec<String>) {
        let mut tags = BTreeMap::new();
        let mut transitive = Vec::new();
        if let Some(caller) = caller {
            for key in &caller.transitive_keys {
                if let Some((key, value)) = caller.tags.iter().find(|(other, _)| same(key, other)) {
                    tags.insert(key.clone(), value.clone());
                    transitive.push(key.clone());
                }
            }
        }
        tags.extend(self.pairs.iter().cloned());
        transitive.extend(self.transitive.iter().cloned());
        (tags, transitive)
    }

    /// Adds the condition keys that the tags of a request make.
    pub(super) fn add_keys(&self, context: &mut Context) {
        for (key, value) in &self.pairs {
            context.set(&format!("aws:RequestTag/{key}"), value.as_str());
        }
        if !self.pairs.is_empty() {
            let keys = self.pairs.iter().map(|(key, _)| key.clone()).collect();
            context.set_many("aws:TagKeys", keys);
        }
        if !self.transitive.is_empty() {
            context.set_many("sts:TransitiveTagKeys", self.transitive.clone());
        }
    }
}

fn same(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}
