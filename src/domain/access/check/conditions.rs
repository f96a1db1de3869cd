//! `when = […]` of a rule.

use std::collections::BTreeSet;

use super::super::document::ConditionEntry;
use super::super::patterns::PatternCollection;
use super::super::rule::{Condition, Operator};
use super::Surroundings;
use super::problem::{ProblemKind, Problems};
use crate::domain::identity::IdpId;

const LONGEST_ATTRIBUTE: usize = 256;
const LONGEST_VALUE: usize = 2_048;
const MOST_VALUES: usize = 10_000;
const DEEPEST: usize = 8;

/// What the checks of conditions look at and add to.
pub(super) struct ConditionContext<'a> {
    pub(super) surroundings: &'a Surroundings,
    pub(super) patterns: &'a mut PatternCollection,
    pub(super) problems: &'a mut Problems,
    /// The named groups of each pattern of the rule that is not under a `not`.
    pub(super) groups: Vec<BTreeSet<String>>,
}

/// Checks that a condition has no more values than it may have.
pub(super) fn check_size(entry: &ConditionEntry, path: &str, problems: &mut Problems) {
    let (mut entry, mut path) = (entry, path.to_owned());
    while let Some(inner) = &entry.not {
        path.push_str(".not");
        entry = inner;
    }
    let count = entry.is_one_of.as_ref().map_or(0, Vec::len);
    if count > MOST_VALUES {
        let kind = ProblemKind::TooMany {
            what: "values",
            limit: MOST_VALUES,
            count,
        };
        problems.add(format_args!("{path}.is_one_of"), kind);
    }
}

impl ConditionContext<'_> {
    /// A condition, if it is one. `depth` counts the `not`s around it.
    pub(super) fn check(
        &mut self,
        entry: &ConditionEntry,
        path: &str,
        depth: usize,
    ) -> Option<Condition> {
        if depth > DEEPEST {
            self.problems.add(path, ProblemKind::TooDeep);
            return None;
        }
        let operators = [
            entry.is.is_some(),
            entry.is_one_of.is_some(),
            entry.starts_with.is_some(),
            entry.matches.is_some(),
            entry.present.is_some(),
        ];
        let operators = operators.into_iter().filter(|given| *given).count();
        match (&entry.idp, &entry.attribute, &entry.not, operators) {
            (Some(idp), None, None, 0) => self.check_idp(idp, path),
            (None, Some(name), None, 1) => self.check_attribute(entry, name, path, depth),
            (None, None, Some(inner), 0) => {
                let inner = self.check(inner, &format!("{path}.not"), depth + 1)?;
                Some(Condition::Not(Box::new(inner)))
            }
            _ => {
                self.problems.add(path, ProblemKind::ConditionShape);
                None
            }
        }
    }

    fn check_idp(&mut self, text: &str, path: &str) -> Option<Condition> {
        let path = format!("{path}.idp");
        let idp = self.problems.take(&path, IdpId::parse(text))?;
        if !self.surroundings.idps.contains_key(&idp) {
            let kind = ProblemKind::UnknownIdp(text.to_owned());
            self.problems.add(path, kind);
        }
        Some(Condition::Idp(idp))
    }

    fn check_attribute(
        &mut self,
        entry: &ConditionEntry,
        name: &str,
        path: &str,
        depth: usize,
    ) -> Option<Condition> {
        let attribute_path = format!("{path}.attribute");
        self.problems.text(attribute_path, name, LONGEST_ATTRIBUTE);
        let attribute = |operator| Condition::Attribute {
            name: name.to_owned(),
            operator,
        };
        if entry.present == Some(false) {
            return Some(Condition::Not(Box::new(attribute(Operator::Present))));
        }
        let operator = if let Some(value) = &entry.is {
            self.check_value(value, &format!("{path}.is"));
            Operator::IsOneOf(vec![value.clone()])
        } else if let Some(values) = &entry.is_one_of {
            self.check_values(values, &format!("{path}.is_one_of"));
            Operator::IsOneOf(values.clone())
        } else if let Some(prefix) = &entry.starts_with {
            let path = format!("{path}.starts_with");
            self.check_value(prefix, &path);
            if prefix.is_empty() {
                self.problems.add(path, ProblemKind::NoValue);
            }
            Operator::StartsWith(prefix.clone())
        } else if let Some(pattern) = &entry.matches {
            self.check_pattern(name, pattern, path, depth)?;
            Operator::Matches(pattern.clone())
        } else {
            Operator::Present
        };
        Some(attribute(operator))
    }

    fn check_pattern(
        &mut self,
        attribute: &str,
        pattern: &str,
        path: &str,
        depth: usize,
    ) -> Option<()> {
        let compiled = self.patterns.add(attribute, pattern);
        let path = format!("{path}.matches");
        let regex = self.problems.take(path, compiled)?;
        if depth == 0 {
            let names = regex.capture_names().flatten().map(str::to_owned);
            self.groups.push(names.collect());
        }
        Some(())
    }

    fn check_values(&mut self, values: &[String], path: &str) {
        if values.is_empty() {
            self.problems.add(path, ProblemKind::NoValue);
        }
        for (index, value) in values.iter().enumerate() {
            self.check_value(value, &format!("{path}[{index}]"));
        }
    }

    /// A value may be empty: some providers send such, and a rule may look for it.
    fn check_value(&mut self, value: &str, path: &str) {
        if value.len() > LONGEST_VALUE {
            self.problems.add(path, ProblemKind::Text(LONGEST_VALUE));
        }
    }
}
