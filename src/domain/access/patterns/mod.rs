//! The regular expressions of the rules: one set per attribute, compiled once, within bounds.
//!
//! Owns the limits that keep a document's patterns from taking memory or time without end: each has one, and all of a
//! document have a budget together, which ends before the memory is taken. Matching itself is linear in the value (the
//! regex crate has no backtracking).

use std::collections::BTreeMap;

use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use regex_automata::meta;

/// The most bytes of a pattern's text.
const LONGEST_PATTERN: usize = 1_024;
/// The most memory of one compiled pattern, in each direction.
const PATTERN_SIZE: usize = 512 * 1024;
/// The most memory of all compiled patterns of one attribute, together in one set.
const SET_SIZE: usize = 32 * 1024 * 1024;
/// The most different patterns of a document.
const MOST_PATTERNS: usize = 2_000;
/// The most bytes of their texts: reading them takes time, however little comes of it.
const LONGEST_TOGETHER: usize = 128 * 1024;
/// The most memory of all of them, compiled one by one. In sets they take no more once again.
const SIZE_TOGETHER: usize = 96 * 1024 * 1024;

/// Why a pattern cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PatternError {
    /// Too much text.
    #[error("a pattern has 1 to 1,024 bytes")]
    Length,
    /// Not a regular expression, or one too large.
    #[error("the pattern does not compile: {0}")]
    Syntax(#[source] Box<regex::Error>),
    /// All patterns of a document together are too large, with this one.
    #[error(
        "the patterns of all rules are too many or too large together: at most 2,000 different ones, of 128 KiB as text and 96 MiB compiled"
    )]
    Together,
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

/// How much memory a pattern takes that compiles.
fn size(text: &str) -> usize {
    let config = meta::Config::new().nfa_size_limit(Some(PATTERN_SIZE));
    let compiled = meta::Builder::new().configure(config).build(text);
    compiled.map_or(PATTERN_SIZE, |compiled| compiled.memory_usage())
}

/// What is left of what a document's patterns may take together.
#[derive(Debug)]
struct Budget {
    patterns: usize,
    text: usize,
    size: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            patterns: MOST_PATTERNS,
            text: LONGEST_TOGETHER,
            size: SIZE_TOGETHER,
        }
    }
}

impl Budget {
    /// Compiles a pattern out of it. One that does not compile takes of it, too: it took its time.
    fn compile(&mut self, text: &str) -> Result<Regex, PatternError> {
        self.take(|budget| &mut budget.patterns, 1)?;
        self.take(|budget| &mut budget.text, text.len())?;
        let compiled = compile(text);
        let size = match &compiled {
            Ok(_) => size(text),
            Err(PatternError::Syntax(error)) if is_too_big(error) => PATTERN_SIZE,
            Err(_) => 0,
        };
        self.take(|budget| &mut budget.size, size)?;
        compiled
    }

    /// Takes a part; where not enough is left, nothing is left for anything.
    fn take(
        &mut self,
        of: impl Fn(&mut Self) -> &mut usize,
        count: usize,
    ) -> Result<(), PatternError> {
        let left = of(self).checked_sub(count);
        if let Some(left) = left {
            *of(self) = left;
            return Ok(());
        }
        self.patterns = 0;
        Err(PatternError::Together)
    }
}

fn is_too_big(error: &regex::Error) -> bool {
    matches!(error, regex::Error::CompiledTooBig(_))
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
    budget: Budget,
    by_attribute: BTreeMap<String, BTreeMap<String, Regex>>,
}

impl PatternCollection {
    /// Compiles a pattern and keeps it, or finds it again.
    pub(super) fn add(&mut self, attribute: &str, text: &str) -> Result<&Regex, PatternError> {
        let known = self.by_attribute.entry(attribute.to_owned()).or_default();
        if !known.contains_key(text) {
            known.insert(text.to_owned(), self.budget.compile(text)?);
        }
        Ok(&known[text])
    }

    /// Compiles the sets.
    pub(super) fn finish(self) -> Result<PatternSets, PatternError> {
        let mut sets = BTreeMap::new();
        for (attribute, patterns) in self.by_attribute {
            if patterns.is_empty() {
                continue;
            }
            let set = RegexSetBuilder::new(patterns.keys())
                .size_limit(SET_SIZE)
                .build()
                .map_err(|_| PatternError::Together)?;
            let single = patterns.into_values().collect();
            sets.insert(attribute, PatternSet { set, single });
        }
        Ok(PatternSets { sets })
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

#[cfg(test)]
mod tests;
