//! `[[rules]]`: names, validity, and what each points at.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};

use super::super::document::{Document, RuleEntry};
use super::super::patterns::{PatternCollection, PatternSets};
use super::super::rule::Rule;
use super::super::selector::{Selector, Side};
use super::Surroundings;
use super::conditions::{self, ConditionContext};
use super::problem::{ProblemKind, Problems};
use crate::domain::Timestamp;

const MOST_CONDITIONS: usize = 50;
const MOST_SELECTORS: usize = 1_000;

/// All rules, and their patterns compiled.
pub(super) fn check(
    document: &Document,
    surroundings: &Surroundings,
    problems: &mut Problems,
) -> (Vec<Rule>, Option<PatternSets>) {
    let targets = Targets::new(document);
    let entries = &document.rules;
    let mut patterns = PatternCollection::default();
    let mut names = HashMap::new();
    let mut rules = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let path = format!("rules[{index}]");
        problems.text(format_args!("{path}.name"), &entry.name, 200);
        if let Some(first) = names.insert(&entry.name, index) {
            let kind = ProblemKind::Duplicate(format!("rules[{first}].name"));
            problems.add(format_args!("{path}.name"), kind);
        }
        let mut conditions = ConditionContext {
            surroundings,
            patterns: &mut patterns,
            problems,
            groups: Vec::new(),
        };
        rules.push(check_one(entry, &path, &targets, &mut conditions));
    }
    if !problems.is_empty() {
        // the sets would take their memory for nothing
        return (rules, None);
    }
    match patterns.finish() {
        Ok(patterns) => (rules, Some(patterns)),
        Err(error) => {
            problems.add("rules", error);
            (rules, None)
        }
    }
}

fn check_one(
    entry: &RuleEntry,
    path: &str,
    targets: &Targets<'_>,
    context: &mut ConditionContext<'_>,
) -> Rule {
    check_counts(entry, path, context.problems);
    let conditions = entry
        .when
        .iter()
        .enumerate()
        .filter_map(|(index, condition)| {
            context.check(condition, &format!("{path}.when[{index}]"), 0)
        })
        .collect();
    let groups = std::mem::take(&mut context.groups);
    let mut selectors = |key: &str, texts: &[String]| -> Vec<Selector> {
        texts
            .iter()
            .enumerate()
            .filter_map(|(index, text)| {
                let path = format!("{path}.{key}[{index}]");
                let selector = context.problems.take(&path, Selector::parse(text))?;
                check_groups(&selector, &groups, &path, context.problems);
                if !targets.exist(&selector) {
                    let kind = ProblemKind::UnknownRole(text.clone());
                    context.problems.add(path, kind);
                }
                Some(selector)
            })
            .collect()
    };
    let grants = selectors("grant", &entry.grant);
    let denies = selectors("deny", &entry.deny);
    let from = moment(entry.from.as_deref(), Edge::Start, path, context.problems);
    let until = moment(entry.until.as_deref(), Edge::End, path, context.problems);
    if let (Some(from), Some(until)) = (from, until)
        && from >= until
    {
        let path = format!("{path}.until");
        context.problems.add(path, ProblemKind::Validity);
    }
    Rule {
        name: entry.name.clone(),
        conditions,
        grants,
        denies,
        from,
        until,
    }
}

fn check_counts(entry: &RuleEntry, path: &str, problems: &mut Problems) {
    if entry.when.is_empty() {
        problems.add(format_args!("{path}.when"), ProblemKind::NoCondition);
    }
    if entry.grant.is_empty() && entry.deny.is_empty() {
        problems.add(path, ProblemKind::NoEffect);
    }
}

/// Checks that no rule is longer than it may be.
pub(super) fn check_sizes(document: &Document, problems: &mut Problems) {
    for (index, entry) in document.rules.iter().enumerate() {
        check_size(entry, index, problems);
    }
}

fn check_size(entry: &RuleEntry, index: usize, problems: &mut Problems) {
    let counts = [
        ("conditions", entry.when.len(), MOST_CONDITIONS),
        ("grants", entry.grant.len(), MOST_SELECTORS),
        ("denies", entry.deny.len(), MOST_SELECTORS),
    ];
    for (what, count, limit) in counts {
        if count > limit {
            let kind = ProblemKind::TooMany { what, limit, count };
            problems.add(format_args!("rules[{index}]"), kind);
        }
    }
    for (place, condition) in entry.when.iter().take(MOST_CONDITIONS).enumerate() {
        conditions::check_size(
            condition,
            &format!("rules[{index}].when[{place}]"),
            problems,
        );
    }
}

/// The groups that a selector uses must all be those of one pattern, so that they belong to one value.
fn check_groups(
    selector: &Selector,
    patterns: &[BTreeSet<String>],
    path: &str,
    problems: &mut Problems,
) {
    let used: BTreeSet<String> = selector.groups().map(str::to_owned).collect();
    let mut known = true;
    for group in &used {
        if !patterns.iter().any(|names| names.contains(group)) {
            problems.add(path, ProblemKind::UnknownGroup(group.clone()));
            known = false;
        }
    }
    let owners = patterns.iter().filter(|names| used.is_subset(names));
    if known && !used.is_empty() && owners.count() != 1 {
        let kind = ProblemKind::ScatteredGroups(selector.to_string());
        problems.add(path, kind);
    }
}

/// What selectors can point at, as written: a role with a problem of its own is no unknown role.
struct Targets<'a> {
    accounts: HashSet<&'a str>,
    names: HashSet<&'a str>,
    keys: HashSet<(&'a str, &'a str)>,
    labels: HashSet<(&'a str, &'a str)>,
}

impl<'a> Targets<'a> {
    fn new(document: &'a Document) -> Self {
        let keys: HashSet<(&str, &str)> = document
            .roles
            .iter()
            .map(|role| (role.account.as_str(), role.name.as_str()))
            .collect();
        Self {
            accounts: keys.iter().map(|key| key.0).collect(),
            names: keys.iter().map(|key| key.1).collect(),
            labels: document
                .accounts
                .iter()
                .flat_map(|account| &account.labels)
                .map(|(key, value)| (key.as_str(), value.as_str()))
                .collect(),
            keys,
        }
    }

    /// Whether a selector points at some role. An environment may be empty: a deny on it waits for its first account.
    fn exist(&self, selector: &Selector) -> bool {
        match selector {
            Selector::All | Selector::Environment(_) => true,
            Selector::Label { key, value } => self.labels.contains(&(key.as_str(), value.as_str())),
            Selector::Pair { account, role } => match (account, role) {
                (Side::Exact(account), Side::Exact(role)) => {
                    self.keys.contains(&(account.as_str(), role.as_str()))
                }
                (Side::Exact(account), _) => self.accounts.contains(account.as_str()),
                (_, Side::Exact(role)) => self.names.contains(role.as_str()),
                _ => true,
            },
        }
    }
}

/// Which end of a validity a moment is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    Start,
    End,
}

/// A moment; a bare date begins at its first instant and ends with its last (UTC).
fn moment(
    text: Option<&str>,
    edge: Edge,
    path: &str,
    problems: &mut Problems,
) -> Option<Timestamp> {
    let text = text?;
    let read = DateTime::parse_from_rfc3339(text)
        .map(|moment| moment.with_timezone(&Utc))
        .ok()
        .or_else(|| {
            let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
            let date = match edge {
                Edge::Start => date,
                Edge::End => date.checked_add_days(Days::new(1))?,
            };
            Some(date.and_time(NaiveTime::MIN).and_utc())
        });
    if read.is_none() {
        let key = if edge == Edge::Start { "from" } else { "until" };
        problems.add(format_args!("{path}.{key}"), ProblemKind::Moment);
    }
    read
}
