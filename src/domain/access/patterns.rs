//! The regular expressions of the rules: one set per attribute, compiled once, within bounds.
//!
//! Owns the limits that keep a document's patterns from taking memory or time without end. Matching itself is linear in
//! the value (the regex crate has no backtracking).

use std::collections::BTreeMap;

use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

/// The most bytes of a pattern's text.
const LONGEST_PATTERN: usize = 1_024;
/// The most memory of one compiled pattern.
const PATTERN_SIZE: usize = 2 * 1024 * 1024;
/// The most memory of all compiled patterns of one attribute.
const SET_SIZE: usize = 32 * 1024 * 1024;
/// The most different patterns of one attribute.
pub(super) const MOST_PATTERNS: usize = 2_000;

/// Why a pattern cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PatternError {
    /// Too much text.
    #[error("a pattern has 1 to 1,024 bytes")]
    Length,
    /// Not a regular expression, or one too large.
    #[error("the pattern does not compile: {0}")]
    Syntax(#[source] Box<regex::Error>),
    /// All patterns of an attribute together are too large.
    #[error("the patterns for attribute {attribute} are too many or too large together")]
    Together {
        /// Which attribute.
        attribute: String,
    },
}

/// Compiles one pattern.
pub(super) fn compile(text: &str) -> Result<Regex, PatternError> {
    if text.is_empty() || text.len() > LONGEST_PATTERN {
        return Err(PatternError::Length);
    }
    RegexBuilder::new(text)
        .size_limit(PATTERN_SIZE)
        .build()
        .map_err(|error| PatternError::Syntax(Box::new(error)))
}

/// All patterns, by attribute.
#[derive(Debug, Clone, Default)]
pub(super) struct PatternSets {
    sets: BTreeMap<String, PatternSet>,
}

/// The patterns that look at one attribute.
#[derive(Debug, Clone)]
pub(super) struct PatternSet {
    pub(super) set: RegexSet,
    /// Each pattern by its own, for what it captures, in the order of the set.
    pub(super) single: Vec<Regex>,
}

/// The patterns found so far, each once.
#[derive(Debug, Default)]
pub(super) struct PatternCollection {
    by_attribute: BTreeMap<String, BTreeMap<String, Regex>>,
}

impl PatternCollection {
    /// Compiles a pattern and keeps it, or finds it again.
    pub(super) fn add(&mut self, attribute: &str, text: &str) -> Result<&Regex, PatternError> {
        let known = self.by_attribute.entry(attribute.to_owned()).or_default();
        if !known.contains_key(text) {
            if known.len() >= MOST_PATTERNS {
                return Err(PatternError::Together {
                    attribute: attribute.to_owned(),
                });
            }
            known.insert(text.to_owned(), compile(text)?);
        }
        Ok(&known[text])
    }

    /// Compiles the sets.
    pub(super) fn finish(self) -> Result<PatternSets, Vec<PatternError>> {
        let mut sets = BTreeMap::new();
        let mut errors = Vec::new();
        for (attribute, patterns) in self.by_attribute {
            if patterns.is_empty() {
                continue;
            }
            match RegexSetBuilder::new(patterns.keys())
                .size_limit(SET_SIZE)
                .build()
            {
                Ok(set) => {
                    let single = patterns.into_values().collect();
                    sets.insert(attribute, PatternSet { set, single });
                }
                Err(_) => errors.push(PatternError::Together { attribute }),
            }
        }
        if errors.is_empty() {
            Ok(PatternSets { sets })
        } else {
            Err(errors)
        }
    }
}

impl PatternSets {
    /// The patterns of an attribute.
    pub(super) fn get(&self, attribute: &str) -> Option<&PatternSet> {
        self.sets.get(attribute)
    }

    /// Where a pattern stands in its set.
    pub(super) fn position(&self, attribute: &str, text: &str) -> Option<usize> {
        let patterns = &self.sets.get(attribute)?.single;
        patterns
            .binary_search_by(|regex| regex.as_str().cmp(text))
            .ok()
    }
}
