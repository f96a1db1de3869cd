//! What the person themself may be told of why they hold a role, or do not.
//!
//! Somebody asks in order to learn the rules: that is the visitor to think of here. So what is told is a type of its
//! own, which has no room for what may not be said.
//!
//! * A role held: the rules that give it, each with the person's own values. Never what else a condition would take,
//!   never what else a rule gives, never a rule that does not give it to them.
//! * A role neither held nor discoverable: nothing at all. That a rule would give it and another takes it away is
//!   nothing either: it is the answer for a role that does not exist.
//! * A discoverable role: what its rules ask for, and what of it the person has. Rules about accounts at large are left
//!   out, for what they ask for opens roles that are not discoverable; so are the names of rules and the patterns that
//!   values spell roles by. That a rule takes the role away is told only to those whom another gives it to, by the
//!   claims of theirs that it looks at.

use super::{About, Judged, Reach, Reading, Time, Verdict, Why};
use crate::domain::Timestamp;
use crate::domain::access::rule::Operator;

/// The most ways to a role that are told.
const MOST_WAYS: usize = 20;

/// What the person may be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told<'a> {
    /// How it comes out.
    pub verdict: Verdict,
    /// The rules that give the role; where none does, what would.
    pub ways: Vec<Way<'a>>,
    /// How many more there are.
    pub more: usize,
    /// For each rule that takes the role away, what it looks at.
    pub taken: Vec<Vec<Said<'a>>>,
}

/// A rule that gives the role, or would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way<'a> {
    /// The name of a rule that gives it to the person.
    pub rule: Option<&'a str>,
    /// What it asks for.
    pub asks: Vec<Said<'a>>,
    /// Whether it counts now.
    pub time: Time,
    /// From when.
    pub from: Option<Timestamp>,
    /// Until when.
    pub until: Option<Timestamp>,
}

/// Something that a rule asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said<'a> {
    /// What it looks at.
    pub claim: Claim<'a>,
    /// It is asked that it be not so.
    pub negated: bool,
    /// Whether what is asked is so.
    pub holds: bool,
    /// The person's own values: those that make it so, or all where none does.
    pub own: Vec<&'a str>,
    /// What the groups of a pattern are in the first of them, where it spells the role.
    pub captured: Vec<(&'a str, &'a str)>,
    /// What is wanted, where that may be told.
    pub wanted: Option<Wanted<'a>>,
}

/// What a condition looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim<'a> {
    /// Who proved it.
    Idp,
    /// An attribute.
    Attribute(&'a str),
}

/// What a condition wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted<'a> {
    /// One of these.
    OneOf(Vec<&'a str>),
    /// Something that begins with this.
    Begins(&'a str),
    /// Something that matches this.
    Matches(&'a str),
    /// Anything.
    Anything,
    /// Something that names the account and the role, such as this.
    Spelling(Option<String>),
}

impl<'a> Why<'a> {
    /// What the person themself may be told; `None`: what is told of a role that does not exist.
    pub fn told(&self) -> Option<Told<'a>> {
        let verdict = self.verdict();
        if verdict != Verdict::Held && !self.role.discoverable {
            return None;
        }
        let mut ways: Vec<Way<'a>> = match verdict {
            Verdict::Held | Verdict::TakenAway => self.giving().map(Way::that_gives).collect(),
            Verdict::NotGiven => {
                let may_be_told = |reading: &&Reading<'a>| {
                    reading.names_account && (reading.time != Time::Over || reading.fits())
                };
                let told = self.gives.iter().filter(may_be_told);
                let mut ways: Vec<Way<'a>> = told.map(Way::that_would).collect();
                ways.sort_by_key(Way::missing);
                ways
            }
        };
        let more = ways.len().saturating_sub(MOST_WAYS);
        ways.truncate(MOST_WAYS);
        let taking = self.taking().filter(|_| verdict == Verdict::TakenAway);
        Some(Told {
            verdict,
            ways,
            more,
            taken: taking.map(|reading| asks(reading, Depth::Own)).collect(),
        })
    }
}

impl<'a> Way<'a> {
    fn that_gives(reading: &Reading<'a>) -> Self {
        Self::of(reading, Some(&reading.rule.name), Depth::Own)
    }

    fn that_would(reading: &Reading<'a>) -> Self {
        Self::of(reading, None, Depth::Wanted)
    }

    fn of(reading: &Reading<'a>, rule: Option<&'a str>, depth: Depth) -> Self {
        Self {
            rule,
            asks: asks(reading, depth),
            time: reading.time,
            from: reading.rule.from,
            until: reading.rule.until,
        }
    }

    /// How much of it the person lacks.
    pub fn missing(&self) -> usize {
        self.asks.iter().filter(|said| !said.holds).count()
    }
}

/// How much is said of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// What of the person's own it looks at.
    Own,
    /// What it wants, too.
    Wanted,
}

/// What a rule asks for. The patterns by which values spell roles stand for no condition of their own: it is the
/// spelling that is asked for.
fn asks<'a>(reading: &Reading<'a>, depth: Depth) -> Vec<Said<'a>> {
    let mut asks: Vec<Said<'a>> = spelling(&reading.reach, depth).into_iter().collect();
    let spells = !asks.is_empty();
    let conditions = reading.conditions.iter();
    asks.extend(
        conditions
            .filter(|judged| !(spells && has_groups(judged)))
            .map(|judged| said(judged, depth)),
    );
    asks
}

/// What a rule asks for, with what it wants.
#[cfg(test)]
pub(super) fn asks_of<'a>(reading: &Reading<'a>) -> Vec<Said<'a>> {
    asks(reading, Depth::Wanted)
}

fn spelling<'a>(reach: &Reach<'a>, depth: Depth) -> Option<Said<'a>> {
    let Reach::ByValues {
        attribute,
        own,
        spelled,
        example,
    } = reach
    else {
        return None;
    };
    let first = spelled.first();
    Some(Said {
        claim: Claim::Attribute(attribute),
        negated: false,
        holds: first.is_some(),
        own: match first {
            Some(_) => spelled.iter().map(|spelled| spelled.value).collect(),
            None => own.clone(),
        },
        captured: first.map_or_else(Vec::new, |first| first.captured.clone()),
        wanted: (depth == Depth::Wanted).then(|| Wanted::Spelling(example.clone())),
    })
}

fn said<'a>(judged: &Judged<'a>, depth: Depth) -> Said<'a> {
    let (claim, wanted) = match judged.about {
        About::Attribute { name, operator } => {
            let wanted = match operator {
                Operator::IsOneOf(values) => {
                    Wanted::OneOf(values.iter().map(String::as_str).collect())
                }
                Operator::StartsWith(prefix) => Wanted::Begins(prefix),
                Operator::Matches(pattern) => Wanted::Matches(pattern),
                Operator::Present => Wanted::Anything,
            };
            (Claim::Attribute(name), wanted)
        }
        About::Idp(idp) => (Claim::Idp, Wanted::OneOf(vec![idp.as_str()])),
    };
    let so = !judged.by.is_empty();
    Said {
        claim,
        negated: judged.negated,
        holds: judged.holds,
        own: match depth {
            Depth::Wanted if !so => judged.own.clone(),
            Depth::Own | Depth::Wanted => judged.by.clone(),
        },
        captured: Vec::new(),
        wanted: (depth == Depth::Wanted).then_some(wanted),
    }
}

/// Whether it is a pattern that can spell roles.
fn has_groups(judged: &Judged<'_>) -> bool {
    match judged.about {
        About::Attribute {
            operator: Operator::Matches(pattern),
            ..
        } => !judged.negated && (pattern.contains("(?<") || pattern.contains("(?P<")),
        About::Attribute { .. } | About::Idp(_) => false,
    }
}
