//! From a checked model to its compiled form.
//!
//! Each rule hangs on its most selective condition (an exact value, else a prefix, a pattern, presence, the identity
//! provider), so that deciding meets it only when that condition holds; its other conditions become tests.

use std::collections::{BTreeMap, HashMap};

use super::compiled::{
    AttributeTable, CapturedTarget, Compiled, CompiledRule, PatternTable, Target, Test,
};
use super::prefixes::PrefixTable;
use super::roles;
use super::values::ValueTable;
use crate::domain::access::model::Model;
use crate::domain::access::rule::{Condition, Operator, Rule};
use crate::domain::access::selector::{Selector, Side};

/// Compiles a model.
pub(super) fn compile(model: &Model) -> Compiled {
    let mut build = Build {
        model,
        attributes: BTreeMap::new(),
        ranges: HashMap::new(),
        compiled: Compiled {
            roles: roles::table(model),
            ..Compiled::default()
        },
    };
    build.number_everything();
    for (index, rule) in model.rules.iter().enumerate() {
        build.add(number(index), rule);
    }
    build.finish()
}

/// Sizes are bounded by the size of a document.
pub(super) fn number(size: usize) -> u32 {
    u32::try_from(size).expect("a document has at most 64 MiB")
}

/// What rules name of one attribute, each with the rules that hang on it.
#[derive(Default)]
struct AttributeBuild<'a> {
    number: u32,
    values: HashMap<&'a str, (u32, Vec<u32>)>,
    /// Sorted, each once.
    prefixes: Vec<&'a str>,
    prefix_rules: Vec<Vec<u32>>,
    first_prefix: u32,
    pattern_rules: Vec<Vec<u32>>,
    first_pattern: u32,
    present: Vec<u32>,
}

struct Build<'a> {
    model: &'a Model,
    attributes: BTreeMap<&'a str, AttributeBuild<'a>>,
    ranges: HashMap<&'a Selector, u32>,
    compiled: Compiled,
}

impl<'a> Build<'a> {
    fn number_everything(&mut self) {
        let model = self.model;
        let conditions = model.rules.iter().flat_map(|rule| &rule.conditions);
        for condition in conditions {
            self.register(condition);
        }
        let counts = &mut self.compiled.counts;
        for (name, attribute) in &mut self.attributes {
            attribute.number = counts.attributes;
            counts.attributes += 1;
            attribute.prefixes.sort_unstable();
            attribute.prefixes.dedup();
            attribute.first_prefix = counts.prefixes;
            attribute.prefix_rules = vec![Vec::new(); attribute.prefixes.len()];
            counts.prefixes += number(attribute.prefixes.len());
            let patterns = model.patterns.get(name).map_or(0, |p| p.single.len());
            attribute.first_pattern = counts.patterns;
            attribute.pattern_rules = vec![Vec::new(); patterns];
            counts.patterns += number(patterns);
        }
    }

    fn register(&mut self, condition: &'a Condition) {
        match condition {
            Condition::Idp(_) => {}
            Condition::Not(inner) => self.register(inner),
            Condition::Attribute { name, operator } => {
                let attribute = self.attributes.entry(name).or_default();
                match operator {
                    Operator::IsOneOf(values) => {
                        let next = &mut self.compiled.counts.values;
                        for value in values {
                            attribute.values.entry(value).or_insert_with(|| {
                                *next += 1;
                                (*next - 1, Vec::new())
                            });
                        }
                    }
                    Operator::StartsWith(prefix) => attribute.prefixes.push(prefix),
                    Operator::Matches(_) | Operator::Present => {}
                }
            }
        }
    }

    fn add(&mut self, index: u32, rule: &'a Rule) {
        let anchor = (0..rule.conditions.len()).min_by_key(|place| rank(&rule.conditions[*place]));
        let anchor = anchor.filter(|place| rank(&rule.conditions[*place]) < NEVER);
        match anchor {
            Some(place) => self.hang(index, &rule.conditions[place]),
            None => self.compiled.always.push(index),
        }
        let tests: Vec<Test> = rule
            .conditions
            .iter()
            .enumerate()
            .filter(|(place, _)| Some(*place) != anchor)
            .map(|(_, condition)| self.test(condition))
            .collect();
        let grants = self.targets(rule, &rule.grants);
        let denies = self.targets(rule, &rule.denies);
        self.compiled.rules.push(CompiledRule {
            tests,
            grants,
            denies,
            from: rule.from,
            until: rule.until,
        });
    }

    /// Lets a condition lead to a rule.
    fn hang(&mut self, index: u32, condition: &'a Condition) {
        match condition {
            Condition::Idp(idp) => {
                let rules = self.compiled.by_idp.entry(idp.to_string()).or_default();
                rules.push(index);
            }
            Condition::Not(_) => {}
            Condition::Attribute { name, operator } => {
                let attribute = self.attributes.entry(name).or_default();
                match operator {
                    Operator::IsOneOf(values) => {
                        for value in values {
                            if let Some((_, rules)) = attribute.values.get_mut(value.as_str())
                                && rules.last() != Some(&index)
                            {
                                rules.push(index);
                            }
                        }
                    }
                    Operator::StartsWith(prefix) => {
                        if let Ok(place) = attribute.prefixes.binary_search(&prefix.as_str()) {
                            attribute.prefix_rules[place].push(index);
                        }
                    }
                    Operator::Matches(pattern) => {
                        if let Some(place) = self.model.patterns.position(name, pattern) {
                            attribute.pattern_rules[place].push(index);
                        }
                    }
                    Operator::Present => attribute.present.push(index),
                }
            }
        }
    }

    fn test(&mut self, condition: &Condition) -> Test {
        match condition {
            Condition::Idp(idp) => Test::Idp(idp.to_string()),
            Condition::Not(inner) => Test::Not(Box::new(self.test(inner))),
            Condition::Attribute { name, operator } => {
                let attribute = &self.attributes[name.as_str()];
                match operator {
                    Operator::IsOneOf(values) => {
                        self.compiled.tests_values = true;
                        let numbers = values.iter().map(|v| attribute.values[v.as_str()].0);
                        Test::Values(numbers.collect())
                    }
                    Operator::StartsWith(prefix) => {
                        let place = attribute.prefixes.partition_point(|p| *p < prefix.as_str());
                        Test::Prefix(attribute.first_prefix + number(place))
                    }
                    Operator::Matches(pattern) => {
                        let place = self.model.patterns.position(name, pattern);
                        let place = place.expect("checking compiled every pattern");
                        Test::Pattern(attribute.first_pattern + number(place))
                    }
                    Operator::Present => Test::Present(attribute.number),
                }
            }
        }
    }

    fn targets(&mut self, rule: &Rule, selectors: &'a [Selector]) -> Vec<Target> {
        selectors
            .iter()
            .map(|selector| match selector {
                Selector::Pair { account, role } if selector.is_captured() => {
                    self.captured(rule, selector, account, role)
                }
                Selector::Pair {
                    account: Side::Exact(account),
                    role: Side::Exact(role),
                } => {
                    let place = self.compiled.roles.by_key.get(&format!("{account}/{role}"));
                    Target::Role(*place.expect("checking found every role"))
                }
                _ => Target::Ranges(self.several(selector)),
            })
            .collect()
    }

    /// Selectors with the same meaning share one list.
    fn several(&mut self, selector: &'a Selector) -> u32 {
        if let Some(known) = self.ranges.get(selector) {
            return *known;
        }
        let place = number(self.compiled.ranges.len());
        let ranges = roles::ranges(self.model, selector);
        self.compiled.ranges.push(ranges);
        self.ranges.insert(selector, place);
        place
    }

    fn captured(&self, rule: &Rule, selector: &Selector, account: &Side, role: &Side) -> Target {
        let source = self.model.source_of(rule, selector);
        let (attribute, pattern) = source.expect("checking found one pattern with all groups");
        Target::Captured(Box::new(CapturedTarget {
            attribute: attribute.to_owned(),
            pattern: pattern.clone(),
            account: account.clone(),
            role: role.clone(),
        }))
    }

    fn finish(mut self) -> Compiled {
        let attributes = std::mem::take(&mut self.attributes);
        for (name, attribute) in attributes {
            let table = self.table(name, attribute);
            self.compiled.attributes.insert(name.to_owned(), table);
        }
        self.compiled
    }

    fn table(&self, name: &str, attribute: AttributeBuild<'a>) -> AttributeTable {
        let mut values = ValueTable::default();
        let mut sorted: Vec<_> = attribute.values.into_iter().collect();
        sorted.sort_unstable_by_key(|(_, (number, _))| *number);
        for (text, (number, rules)) in sorted {
            let role = match rules.as_slice() {
                &[rule] => self.compiled.rules[rule as usize].only_role(),
                _ => None,
            };
            values.insert(text, number, &rules, role);
        }
        let prefixes = attribute.prefixes.into_iter().map(str::to_owned);
        let prefixes = prefixes.zip(attribute.prefix_rules).collect();
        let patterns = self.model.patterns.get(name).map(|patterns| PatternTable {
            set: patterns.set.clone(),
            first: attribute.first_pattern,
            rules: attribute.pattern_rules,
        });
        AttributeTable {
            number: attribute.number,
            values,
            prefixes: PrefixTable::new(prefixes, attribute.first_prefix),
            patterns,
            present: attribute.present,
        }
    }
}

/// A condition that leads nowhere.
const NEVER: u8 = 9;

/// How well a condition leads to a rule; less is better.
fn rank(condition: &Condition) -> u8 {
    match condition {
        Condition::Attribute { operator, .. } => match operator {
            Operator::IsOneOf(values) if values.len() == 1 => 0,
            Operator::IsOneOf(_) => 1,
            Operator::StartsWith(_) => 2,
            Operator::Matches(_) => 3,
            Operator::Present => 4,
        },
        Condition::Idp(_) => 5,
        Condition::Not(_) => NEVER,
    }
}
