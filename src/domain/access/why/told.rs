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
/// The most values of the person's own that are told of one thing.
const MOST_VALUES: usize = 50;

/// What the person may be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// How it comes out.
    pub verdict: Verdict,
    /// The rules that give the role; where none does, what would.
    pub ways: Vec<Way>,
    /// How many more there are.
    pub more: usize,
    /// For each rule that takes the role away, what it looks at.
    pub taken: Vec<Vec<Said>>,
}

/// A rule that gives the role, or would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The name of a rule that gives it to the person.
    pub rule: Option<String>,
    /// What it asks for.
    pub asks: Vec<Said>,
    /// Whether it counts now.
    pub time: Time,
    /// From when.
    pub from: Option<Timestamp>,
    /// Until when.
    pub until: Option<Timestamp>,
}

/// Something that a rule asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What it looks at.
    pub claim: Claim,
    /// It is asked that it be not so.
    pub negated: bool,
    /// Whether what is asked is so.
    pub holds: bool,
    /// The person's own values: those that make it so, or all where none does; the first of them.
    pub own: Vec<String>,
    /// How many more there are.
    pub more: usize,
    /// What the groups of a pattern are in the first of them, where it spells the role.
    pub captured: Vec<(String, String)>,
    /// What is wanted, where that may be told.
    pub wanted: Option<Wanted>,
}

/// What a condition looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Who proved it.
    Idp,
    /// An attribute.
    Attribute(String),
}

/// What a condition wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// One of these, and so many more.
    OneOf(Vec<String>, usize),
    /// Something that begins with this.
    Begins(String),
    /// Something that matches this.
    Matches(String),
    /// Anything.
    Anything,
    /// Something that names the account and the role, such as this.
    Spelling(Option<String>),
}

impl Why<'_> {
    /// What the person themself may be told; `None`: what is told of a role that does not exist.
    pub fn told(&self) -> Option<Told> {
        let verdict = self.verdict();
        if verdict != Verdict::Held && !self.role.discoverable {
            return None;
        }
        let mut ways: Vec<Way> = match verdict {
            Verdict::Held | Verdict::TakenAway => self.giving().map(Way::that_gives).collect(),
            Verdict::NotGiven => {
                let may_be_told = |reading: &&Reading<'_>| {
                    reading.names_account && (reading.time != Time::Over || reading.fits())
                };
                let told = self.gives.iter().filter(may_be_told);
                let mut ways: Vec<Way> = told.map(Way::that_would).collect();
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

impl Way {
    fn that_gives(reading: &Reading<'_>) -> Self {
        Self::of(reading, Some(reading.rule.name.clone()), Depth::Own)
    }

    fn that_would(reading: &Reading<'_>) -> Self {
        Self::of(reading, None, Depth::Wanted)
    }

    fn of(reading: &Reading<'_>, rule: Option<String>, depth: Depth) -> Self {
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

/// What a rule asks for. The pattern by which values spell the role stands for no condition of its own: it is the spelling
/// that is asked for. Every other condition is said, also one whose pattern could have spelled it.
fn asks(reading: &Reading<'_>, depth: Depth) -> Vec<Said> {
    let mut asks: Vec<Said> = spelling(&reading.reach, depth).into_iter().collect();
    let conditions = reading.conditions.iter();
    asks.extend(
        conditions
            .filter(|judged| !is_spelling(judged, &reading.reach))
            .map(|judged| said(judged, depth)),
    );
    asks
}

/// Whether a condition is what spells the role.
fn is_spelling(judged: &Judged<'_>, reach: &Reach<'_>) -> bool {
    let Reach::ByValues {
        attribute, pattern, ..
    } = reach
    else {
        return false;
    };
    match judged.about {
        About::Attribute {
            name,
            operator: Operator::Matches(own),
        } => !judged.negated && name == *attribute && own == pattern,
        About::Attribute { .. } | About::Idp(_) => false,
    }
}

/// What a rule asks for, with what it wants.
#[cfg(test)]
pub(super) fn asks_of(reading: &Reading<'_>) -> Vec<Said> {
    asks(reading, Depth::Wanted)
}

fn spelling(reach: &Reach<'_>, depth: Depth) -> Option<Said> {
    let Reach::ByValues {
        attribute,
        own,
        spelled,
        example,
        ..
    } = reach
    else {
        return None;
    };
    let first = spelled.first();
    let (own, more) = match first {
        Some(_) => cut(spelled.iter().map(|spelled| spelled.value)),
        None => cut(own.iter().copied()),
    };
    let captured = first.into_iter().flat_map(|first| &first.captured);
    let owned = |(group, text): &(&str, &str)| ((*group).to_owned(), (*text).to_owned());
    Some(Said {
        claim: Claim::Attribute((*attribute).to_owned()),
        negated: false,
        holds: first.is_some(),
        own,
        more,
        captured: captured.map(owned).collect(),
        wanted: (depth == Depth::Wanted).then(|| Wanted::Spelling(example.clone())),
    })
}

/// The first of them, and how many more there are.
fn cut<'a>(values: impl ExactSizeIterator<Item = &'a str>) -> (Vec<String>, usize) {
    let more = values.len().saturating_sub(MOST_VALUES);
    (values.take(MOST_VALUES).map(str::to_owned).collect(), more)
}

fn said(judged: &Judged<'_>, depth: Depth) -> Said {
    let (claim, wanted) = match judged.about {
        About::Idp(idp) => (Claim::Idp, Wanted::OneOf(vec![idp.to_string()], 0)),
        About::Attribute { name, operator } => {
            let wanted = match operator {
                Operator::IsOneOf(values) => {
                    let (values, more) = cut(values.iter().map(String::as_str));
                    Wanted::OneOf(values, more)
                }
                Operator::StartsWith(prefix) => Wanted::Begins(prefix.clone()),
                // a pattern that spells roles can list accounts: that is not told
                Operator::Matches(_) if has_groups(judged) => Wanted::Spelling(None),
                Operator::Matches(pattern) => Wanted::Matches(pattern.clone()),
                Operator::Present => Wanted::Anything,
            };
            (Claim::Attribute(name.to_owned()), wanted)
        }
    };
    let (own, more) = match depth {
        Depth::Wanted if judged.by.is_empty() => cut(judged.own.iter().copied()),
        Depth::Own | Depth::Wanted => cut(judged.by.iter().copied()),
    };
    Said {
        claim,
        negated: judged.negated,
        holds: judged.holds,
        own,
        more,
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
