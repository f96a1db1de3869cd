//! One statement of the policy: whom it denies everything, before which moment, and when it can go.
//!
//! It is written in one way only, so that what stands is told apart from what somebody else wrote by writing it again.

use std::collections::BTreeSet;

use chrono::{NaiveDateTime, SecondsFormat, TimeDelta};

use crate::domain::Timestamp;
use crate::domain::trust::node::Node;

/// What begins the name of every statement of ours.
const SID: &str = "Vestibule";
const UNTIL: &str = "Until";
const SID_MOMENT: &str = "%Y%m%dT%H%M%SZ";

const ISSUED: &str = "aws:TokenIssueTime";

/// By which of AWS's keys somebody is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Match {
    /// `aws:userid`, exactly.
    UserId,
    /// `aws:userid`, with a star for what is not known.
    UserIdLike,
    /// `aws:SourceIdentity`, exactly.
    SourceIdentity,
}

impl Match {
    const ALL: [Self; 3] = [Self::UserId, Self::UserIdLike, Self::SourceIdentity];

    fn written(self) -> (&'static str, &'static str) {
        match self {
            Self::UserId => ("StringEquals", "aws:userid"),
            Self::UserIdLike => ("StringLike", "aws:userid"),
            Self::SourceIdentity => ("StringEquals", "aws:SourceIdentity"),
        }
    }
}

/// The sessions that a statement is for; without one, all of the role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Only {
    /// By which key.
    pub by: Match,
    /// Its values.
    pub values: BTreeSet<String>,
    /// Sessions without an issue time are meant as well: whether a federated user's have one is told in both ways. Never
    /// without names: a user's lasting key has no issue time either.
    pub undated: bool,
}

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Sessions that began before this.
    pub cutoff: Timestamp,
    /// When the longest of them is over.
    pub until: Timestamp,
    /// Which sessions.
    pub only: Option<Only>,
}

impl Entry {
    /// As it stands in the policy.
    pub(super) fn node(&self, sid: &str) -> Node {
        let operator = match &self.only {
            Some(Only { undated: true, .. }) => "DateLessThanIfExists",
            _ => "DateLessThan",
        };
        let cutoff = self.cutoff.to_rfc3339_opts(SecondsFormat::Secs, true);
        let before = (operator, Node::map([(ISSUED, Node::text(cutoff))]));
        let names = self.only.as_ref().map(|only| {
            let (operator, key) = only.by.written();
            let values: Vec<&String> = only.values.iter().collect();
            (operator, Node::map([(key, Node::one_or_list(&values))]))
        });
        Node::map([
            ("Sid", Node::text(sid)),
            ("Effect", Node::text("Deny")),
            ("Action", Node::text("*")),
            ("Resource", Node::text("*")),
            ("Condition", Node::map(names.into_iter().chain([before]))),
        ])
    }

    /// The name of the statement, as the `number`th of its policy. It says when it can go.
    pub(super) fn sid(&self, number: usize) -> String {
        format!("{SID}{number}{UNTIL}{}", self.until.format(SID_MOMENT))
    }

    /// Reads a statement of ours; `None` for what anybody else wrote, or changed.
    pub(super) fn read(node: &Node) -> Option<Self> {
        let sid = text(field(node, "Sid")?)?;
        let Node::Map(conditions) = field(node, "Condition")? else {
            return None;
        };
        let mut cutoff = None;
        let mut only: Option<Only> = None;
        let mut undated = false;
        for (operator, keys) in conditions {
            let Node::Map(keys) = keys else { return None };
            let [(key, value)] = keys.as_slice() else {
                return None;
            };
            if key == ISSUED {
                cutoff = Some(written_moment(text(value)?)?);
                undated = operator == "DateLessThanIfExists";
            } else {
                let written = (operator.as_str(), key.as_str());
                let by = Match::ALL.into_iter().find(|by| by.written() == written)?;
                only = Some(Only {
                    by,
                    values: texts(value)?,
                    undated: false,
                });
            }
        }
        if let Some(only) = &mut only {
            only.undated = undated;
        }
        let entry = Self {
            cutoff: cutoff?,
            until: sid_moment(sid)?,
            only,
        };
        (entry.node(sid) == *node).then_some(entry)
    }

    /// Whether everything that the other one denies is denied by this one, for as long.
    pub fn covers(&self, other: &Self) -> bool {
        let longer = self.cutoff >= other.cutoff && self.until >= other.until;
        longer
            && match (&self.only, &other.only) {
                (None, None) => true,
                (Some(_), None) => false,
                (None, Some(other)) => !other.undated,
                (Some(own), Some(other)) => {
                    (own.undated || !other.undated)
                        && other.values.iter().all(|value| own.means(other.by, value))
                }
            }
    }

    /// Whether it has done its work.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.until <= now
    }

    /// The same with every value that `by` covers taken out; `None` when nothing is left.
    pub(super) fn without_what(&self, by: &Self) -> Option<Self> {
        let Some(only) = &self.only else {
            return (!by.covers(self)).then(|| self.clone());
        };
        let one = |value: &String| Self {
            only: Some(Only {
                values: BTreeSet::from([value.clone()]),
                ..only.clone()
            }),
            ..self.clone()
        };
        let left = only.values.iter().filter(|value| !by.covers(&one(value)));
        let values: BTreeSet<String> = left.cloned().collect();
        (!values.is_empty()).then(|| Self {
            only: Some(Only {
                values,
                ..only.clone()
            }),
            ..self.clone()
        })
    }
}

impl Only {
    /// Whether a session that somebody else means by such a value is meant.
    fn means(&self, by: Match, value: &str) -> bool {
        if self.by == by && self.values.contains(value) {
            return true;
        }
        // a star stands at one end only
        self.by == Match::UserIdLike
            && by == Match::UserId
            && self.values.iter().any(|pattern| {
                pattern
                    .strip_prefix('*')
                    .is_some_and(|end| value.ends_with(end))
                    || pattern
                        .strip_suffix('*')
                        .is_some_and(|begin| value.starts_with(begin))
            })
    }
}

fn field<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    let Node::Map(entries) = node else {
        return None;
    };
    entries
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value)
}

fn text(node: &Node) -> Option<&str> {
    match node {
        Node::Text(text) => Some(text),
        _ => None,
    }
}

fn texts(node: &Node) -> Option<BTreeSet<String>> {
    match node {
        Node::Text(text) => Some(BTreeSet::from([text.clone()])),
        Node::List(items) => items
            .iter()
            .map(|item| text(item).map(str::to_owned))
            .collect(),
        _ => None,
    }
}

fn written_moment(text: &str) -> Option<Timestamp> {
    let at = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%SZ").ok()?;
    Some(at.and_utc())
}

fn sid_moment(sid: &str) -> Option<Timestamp> {
    let (number, moment) = sid.strip_prefix(SID)?.split_once(UNTIL)?;
    let plain = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    let at = NaiveDateTime::parse_from_str(moment, SID_MOMENT).ok()?;
    plain.then(|| at.and_utc())
}

/// When a cut can go: the longest session that it aims at is over.
pub(super) fn until(cutoff: Timestamp, longest: TimeDelta) -> Timestamp {
    cutoff + longest
}
