//! The compiled form of a model: tables by attribute, rules as tests over what was found in them.
//!
//! Every distinct (attribute, value), prefix and pattern that some condition names has a number. Looking an identity up
//! yields the numbers that hold; a rule's tests then are look-ups of numbers.

use std::collections::HashMap;
use std::ops::Range;

use regex::{Regex, RegexSet};

use super::prefixes::PrefixTable;
use super::roles::RoleTable;
use super::values::ValueTable;
use crate::domain::Timestamp;
use crate::domain::access::selector::Side;
use crate::domain::role::RoleKey;

/// A compiled model.
#[derive(Debug, Default)]
pub(super) struct Compiled {
    pub(super) attributes: HashMap<String, AttributeTable>,
    /// Rules that begin with an identity provider.
    pub(super) by_idp: HashMap<String, Vec<u32>>,
    /// Rules that nothing leads to: all their conditions are negated.
    pub(super) always: Vec<u32>,
    pub(super) rules: Vec<CompiledRule>,
    /// What selectors with several roles stand for.
    pub(super) ranges: Vec<Vec<Range<u32>>>,
    pub(super) roles: RoleTable,
    pub(super) counts: Counts,
    /// Whether any test asks for a value's number.
    pub(super) tests_values: bool,
}

/// How many numbers of each kind there are.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Counts {
    pub(super) attributes: u32,
    pub(super) values: u32,
    pub(super) prefixes: u32,
    pub(super) patterns: u32,
}

/// What is known of one attribute.
#[derive(Debug, Default)]
pub(super) struct AttributeTable {
    pub(super) number: u32,
    pub(super) values: ValueTable,
    pub(super) prefixes: PrefixTable,
    pub(super) patterns: Option<PatternTable>,
    /// Rules that begin with the attribute being present.
    pub(super) present: Vec<u32>,
}

/// The patterns of one attribute.
#[derive(Debug)]
pub(super) struct PatternTable {
    pub(super) set: RegexSet,
    /// The number of the first one.
    pub(super) first: u32,
    /// Rules that begin with each.
    pub(super) rules: Vec<Vec<u32>>,
}

/// One condition beyond the one that led to the rule.
#[derive(Debug, Clone)]
pub(super) enum Test {
    Idp(String),
    /// One of these values.
    Values(Vec<u32>),
    Prefix(u32),
    Pattern(u32),
    /// The attribute of this number; none if no rule could find it otherwise.
    Present(u32),
    Not(Box<Test>),
}

/// What a rule points at.
#[derive(Debug, Clone)]
pub(super) enum Target {
    /// One role.
    Role(u32),
    /// Several, by their place in `ranges`.
    Ranges(u32),
    /// Those that captured values spell.
    Captured(Box<CapturedTarget>),
}

/// `{account}/{role}`
#[derive(Debug, Clone)]
pub(super) struct CapturedTarget {
    pub(super) attribute: String,
    pub(super) pattern: Regex,
    pub(super) account: Side,
    pub(super) role: Side,
}

/// A rule, compiled.
#[derive(Debug, Clone, Default)]
pub(super) struct CompiledRule {
    pub(super) tests: Vec<Test>,
    pub(super) grants: Vec<Target>,
    pub(super) denies: Vec<Target>,
    pub(super) from: Option<Timestamp>,
    pub(super) until: Option<Timestamp>,
}

impl CompiledRule {
    /// The one role it gives on its first condition alone, if that is all it does.
    pub(super) fn only_role(&self) -> Option<u32> {
        let plain = self.tests.is_empty()
            && self.denies.is_empty()
            && self.from.is_none()
            && self.until.is_none();
        match self.grants.as_slice() {
            [Target::Role(role)] if plain => Some(*role),
            _ => None,
        }
    }
}

impl Compiled {
    /// Where a role stands in the model's list.
    pub(super) fn role(&self, key: &RoleKey) -> Option<usize> {
        self.roles
            .by_key
            .get(&key.to_string())
            .map(|index| *index as usize)
    }
}
