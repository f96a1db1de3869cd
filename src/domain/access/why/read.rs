//! Reading rules against a person, one after the other.
//!
//! Knows nothing of the compiled index: it shares only the patterns with it, and the notation of selectors.

use std::sync::Arc;

use regex::Regex;

use super::{About, Judged, Reach, Reading, Spelled, Time, Why, written};
use crate::domain::Timestamp;
use crate::domain::access::model::{Model, may_select};
use crate::domain::access::rule::{Condition, Operator, Rule};
use crate::domain::access::selector::{Named, Selector, Side};
use crate::domain::identity::Identity;
use crate::domain::role::Role;

/// All rules that have to do with the role.
pub(super) fn all<'a>(
    model: &'a Model,
    identity: &'a Identity,
    role: &'a Arc<Role>,
    now: Timestamp,
) -> Why<'a> {
    let reader = Reader {
        model,
        identity,
        role,
        now,
    };
    let read = |selectors: fn(&Rule) -> &[Selector]| {
        let rules = model.rules().iter();
        rules
            .filter_map(|rule| reader.reading(rule, selectors(rule)))
            .collect()
    };
    Why {
        role,
        gives: read(|rule| &rule.grants),
        takes: read(|rule| &rule.denies),
    }
}

struct Reader<'a> {
    model: &'a Model,
    identity: &'a Identity,
    role: &'a Role,
    now: Timestamp,
}

impl<'a> Reader<'a> {
    /// A rule, if some of its selectors can point at the role.
    fn reading(&self, rule: &'a Rule, selectors: &'a [Selector]) -> Option<Reading<'a>> {
        let mut able = selectors
            .iter()
            .filter(|selector| may_select(selector, self.role))
            .peekable();
        able.peek()?;
        let able: Vec<&Selector> = able.collect();
        Some(Reading {
            rule,
            time: if rule.from.is_some_and(|from| self.now < from) {
                Time::NotYet
            } else if rule.is_valid_at(self.now) {
                Time::Counts
            } else {
                Time::Over
            },
            conditions: rule.conditions.iter().map(|c| self.judge(c)).collect(),
            reach: self.reach(rule, &able),
            names_account: able.iter().any(|selector| names_account(selector)),
        })
    }

    fn judge(&self, condition: &'a Condition) -> Judged<'a> {
        let (about, negated) = peeled(condition);
        let own: Vec<&str> = match about {
            About::Idp(_) => vec![self.identity.idp.as_str()],
            About::Attribute { name, .. } => {
                let values = self.identity.values(name).iter();
                values.map(String::as_str).collect()
            }
        };
        let satisfies = |value: &&&str| self.satisfies(about, value);
        let by: Vec<&str> = own.iter().filter(satisfies).copied().collect();
        Judged {
            about,
            negated,
            holds: by.is_empty() == negated,
            own,
            by,
        }
    }

    fn satisfies(&self, about: About<'_>, value: &str) -> bool {
        match about {
            About::Idp(idp) => idp.as_str() == value,
            About::Attribute { name, operator } => match operator {
                Operator::IsOneOf(values) => values.iter().any(|wanted| wanted == value),
                Operator::StartsWith(prefix) => value.starts_with(prefix.as_str()),
                Operator::Matches(pattern) => self
                    .model
                    .pattern(name, pattern)
                    .is_some_and(|pattern| pattern.is_match(value)),
                Operator::Present => true,
            },
        }
    }

    /// Whether the rule points at the role, given what the person's values spell.
    fn reach(&self, rule: &'a Rule, able: &[&'a Selector]) -> Reach<'a> {
        if able.iter().any(|selector| !selector.is_captured()) {
            return Reach::Plain;
        }
        let sources = able
            .iter()
            .filter_map(|selector| Some((*selector, self.model.source_of(rule, selector)?)));
        let sources: Vec<_> = sources.collect();
        let mut spelled: Vec<Spelled<'a>> = Vec::new();
        for (selector, (attribute, pattern)) in &sources {
            for value in self.identity.values(attribute) {
                let found = self.spells(selector, pattern, value);
                let found = found.map(|captured| Spelled { value, captured });
                spelled.extend(found.filter(|found| !spelled.contains(found)));
            }
        }
        let first = sources.first();
        let (attribute, pattern) = first.map_or(("", ""), |(_, (attribute, pattern))| {
            (attribute, pattern.as_str())
        });
        let own = self.identity.values(attribute).iter();
        Reach::ByValues {
            attribute,
            pattern,
            own: own.map(String::as_str).collect(),
            spelled,
            example: first.and_then(|(selector, (_, pattern))| {
                written::example(selector, pattern, &self.role.key)
            }),
        }
    }

    /// What a value's groups are, if together they name the role.
    fn spells(
        &self,
        selector: &Selector,
        pattern: &'a Regex,
        value: &'a str,
    ) -> Option<Vec<(&'a str, &'a str)>> {
        let captured = written::groups(pattern, value)?;
        let Selector::Pair { account, role } = selector else {
            return None;
        };
        let key = &self.role.key;
        let names = |side: &Side, text: &str| {
            let group = |name: &str| {
                let found = captured.iter().find(|(group, _)| *group == name);
                found.map(|(_, text)| (*text).to_owned())
            };
            match side.resolve(group) {
                Some(Named::Any) => true,
                Some(Named::This(named)) => named == text,
                None => false,
            }
        };
        (names(account, key.account.as_str()) && names(role, key.name.as_str())).then_some(captured)
    }
}

/// What a condition is about, and whether it is asked that it be not so.
fn peeled(condition: &Condition) -> (About<'_>, bool) {
    match condition {
        Condition::Idp(idp) => (About::Idp(idp), false),
        Condition::Attribute { name, operator } => (About::Attribute { name, operator }, false),
        Condition::Not(inner) => {
            let (about, negated) = peeled(inner);
            (about, !negated)
        }
    }
}

/// Whether a selector names one account, by itself or by what values spell.
fn names_account(selector: &Selector) -> bool {
    match selector {
        Selector::Pair { account, .. } => *account != Side::Any,
        Selector::All | Selector::Environment(_) | Selector::Label { .. } => false,
    }
}
