//! Deciding: from an identity to the roles it holds.
//!
//! First every value is looked up, which yields numbers that hold and rules that are worth a look; then those rules'
//! tests are asked, in the order of the document; last, what denies took is left out. A deny beats every grant.

use std::collections::HashSet;

use super::compiled::{AttributeTable, CapturedTarget, Compiled, CompiledRule, Target, Test};
use super::values::Found;
use crate::domain::Timestamp;
use crate::domain::identity::Identity;

/// Numbers that hold.
#[derive(Default, Clone)]
struct Bits(Vec<u64>);

impl Bits {
    fn new(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    fn set(&mut self, number: usize) {
        self.0[number / 64] |= 1 << (number % 64);
    }

    fn has(&self, number: usize) -> bool {
        self.0
            .get(number / 64)
            .is_some_and(|word| word & (1 << (number % 64)) != 0)
    }
}

/// What was decided for one identity at one moment.
#[derive(Clone)]
pub(super) struct Decision {
    /// For each role the first rule that gives it, counted from 1; 0 is none.
    first_rule: Vec<u32>,
    granted: Bits,
    /// Empty while nothing is denied.
    denied: Bits,
}

impl Decision {
    fn nothing(roles: usize) -> Self {
        Self {
            first_rule: vec![0; roles],
            granted: Bits::new(roles),
            denied: Bits::default(),
        }
    }

    fn grant(&mut self, role: usize, rule: u32) {
        self.granted.set(role);
        let first = &mut self.first_rule[role];
        if *first == 0 || rule < *first - 1 {
            *first = rule + 1;
        }
    }

    fn deny(&mut self, role: usize) {
        if self.denied.0.is_empty() {
            self.denied = Bits::new(self.first_rule.len());
        }
        self.denied.set(role);
    }

    /// The rule that gives a role, if it is held.
    pub(super) fn rule_for(&self, role: usize) -> Option<usize> {
        let held = self.granted.has(role) && !self.denied.has(role);
        held.then(|| self.first_rule[role] as usize - 1)
    }

    /// The roles held, in order, each with the first rule that gives it.
    pub(super) fn held(&self) -> impl Iterator<Item = (usize, usize)> {
        let words = self.granted.0.iter().enumerate();
        words.flat_map(move |(place, word)| {
            let denied = self.denied.0.get(place).copied().unwrap_or(0);
            let mut left = word & !denied;
            std::iter::from_fn(move || {
                if left == 0 {
                    return None;
                }
                let role = place * 64 + left.trailing_zeros() as usize;
                left &= left - 1;
                Some((role, self.first_rule[role] as usize - 1))
            })
        })
    }
}

/// What looking an identity up has found.
struct Findings<'a> {
    identity: &'a Identity,
    attributes: Bits,
    values: Bits,
    prefixes: Bits,
    patterns: Bits,
    /// Rules worth a look.
    candidates: Vec<u32>,
}

impl Findings<'_> {
    fn holds(&self, test: &Test) -> bool {
        match test {
            Test::Idp(idp) => self.identity.idp.as_str() == idp,
            Test::Values(numbers) => numbers.iter().any(|n| self.values.has(*n as usize)),
            Test::Prefix(number) => self.prefixes.has(*number as usize),
            Test::Pattern(number) => self.patterns.has(*number as usize),
            Test::Present(number) => self.attributes.has(*number as usize),
            Test::Not(inner) => !self.holds(inner),
        }
    }
}

impl Compiled {
    /// Decides which roles an identity holds.
    pub(super) fn decide(&self, identity: &Identity, now: Timestamp) -> Decision {
        let mut decision = Decision::nothing(self.roles.count);
        let findings = self.find(identity, &mut decision);
        self.apply(&findings, now, &mut decision);
        decision
    }

    /// The roles that an identity holds at each of some moments: its values are looked up once.
    pub(super) fn held_at(&self, identity: &Identity, moments: &[Timestamp]) -> Vec<Vec<usize>> {
        let mut found = Decision::nothing(self.roles.count);
        let findings = self.find(identity, &mut found);
        let mut rules = findings.candidates.iter();
        let is_timed = rules.any(|index| {
            let rule = &self.rules[*index as usize];
            rule.from.is_some() || rule.until.is_some()
        });
        let held = |now: &Timestamp| -> Vec<usize> {
            let mut decision = found.clone();
            self.apply(&findings, *now, &mut decision);
            decision.held().map(|(role, _)| role).collect()
        };
        match moments {
            [now, ..] if !is_timed => vec![held(now); moments.len()],
            moments => moments.iter().map(held).collect(),
        }
    }

    /// The rules that deciding looks at more closely.
    #[cfg(test)]
    pub(super) fn worth_a_look(&self, identity: &Identity) -> Vec<u32> {
        let mut decision = Decision::nothing(self.roles.count);
        self.find(identity, &mut decision).candidates
    }

    /// Looks every value up. Values that lead to a role and to nothing else give it at once.
    fn find<'a>(&self, identity: &'a Identity, decision: &mut Decision) -> Findings<'a> {
        let counts = self.counts;
        let values = if self.tests_values { counts.values } else { 0 };
        let mut findings = Findings {
            identity,
            attributes: Bits::new(counts.attributes as usize),
            values: Bits::new(values as usize),
            prefixes: Bits::new(counts.prefixes as usize),
            patterns: Bits::new(counts.patterns as usize),
            candidates: self.always.clone(),
        };
        if let Some(rules) = self.by_idp.get(identity.idp.as_str()) {
            findings.candidates.extend_from_slice(rules);
        }
        for (name, values) in &identity.attributes {
            if let Some(table) = self.attributes.get(name)
                && !values.is_empty()
            {
                self.look_up(table, values, &mut findings, decision);
            }
        }
        findings.candidates.sort_unstable();
        findings.candidates.dedup();
        findings
    }

    fn look_up(
        &self,
        table: &AttributeTable,
        values: &[String],
        findings: &mut Findings<'_>,
        decision: &mut Decision,
    ) {
        findings.attributes.set(table.number as usize);
        findings.candidates.extend_from_slice(&table.present);
        if !table.values.is_empty() {
            for value in values {
                let Some(entry) = table.values.get(value) else {
                    continue;
                };
                if self.tests_values {
                    findings.values.set(entry.number as usize);
                }
                match table.values.lead(entry) {
                    Found::Role { role, rule } => decision.grant(role as usize, rule),
                    Found::Rules(rules) => findings.candidates.extend_from_slice(rules),
                }
            }
        }
        if !table.prefixes.is_empty() {
            for value in values {
                table.prefixes.each_of(value, |place, rules| {
                    findings.prefixes.set(table.prefixes.first as usize + place);
                    findings.candidates.extend_from_slice(rules);
                });
            }
        }
        if let Some(patterns) = &table.patterns {
            for value in values {
                for place in &patterns.set.matches(value) {
                    let number = patterns.first as usize + place;
                    if !findings.patterns.has(number) {
                        findings.patterns.set(number);
                        findings
                            .candidates
                            .extend_from_slice(&patterns.rules[place]);
                    }
                }
            }
        }
    }

    /// Asks the candidates, in the order of the document.
    fn apply(&self, findings: &Findings<'_>, now: Timestamp, decision: &mut Decision) {
        // Many rules may point at the same many roles: each such list is gone through once.
        let (mut granted, mut denied) = (HashSet::new(), HashSet::new());
        for &index in &findings.candidates {
            let rule = &self.rules[index as usize];
            if !counts_at(rule, now) || !rule.tests.iter().all(|test| findings.holds(test)) {
                continue;
            }
            for target in &rule.grants {
                if let Target::Ranges(place) = target
                    && !granted.insert(*place)
                {
                    continue;
                }
                self.each_role(target, findings, |role| decision.grant(role, index));
            }
            for target in &rule.denies {
                if let Target::Ranges(place) = target
                    && !denied.insert(*place)
                {
                    continue;
                }
                self.each_role(target, findings, |role| decision.deny(role));
            }
        }
    }

    fn each_role(&self, target: &Target, findings: &Findings<'_>, mut found: impl FnMut(usize)) {
        match target {
            Target::Role(role) => found(*role as usize),
            Target::Ranges(place) => {
                for range in &self.ranges[*place as usize] {
                    range.clone().for_each(|role| found(role as usize));
                }
            }
            Target::Captured(captured) => {
                for value in findings.identity.values(&captured.attribute) {
                    self.each_captured(captured, value, &mut found);
                }
            }
        }
    }

    fn each_captured(&self, target: &CapturedTarget, value: &str, found: &mut impl FnMut(usize)) {
        let Some(captures) = target.pattern.captures(value) else {
            return;
        };
        let group = |name: &str| captures.name(name).map(|found| found.as_str().to_owned());
        if let Some(account) = target.account.resolve(group)
            && let Some(role) = target.role.resolve(group)
        {
            self.roles.select(&account, &role, found);
        }
    }
}

fn counts_at(rule: &CompiledRule, now: Timestamp) -> bool {
    rule.from.is_none_or(|from| from <= now) && rule.until.is_none_or(|until| now < until)
}
