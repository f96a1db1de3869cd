//! Why somebody holds a role, or does not: every rule that has to do with it, read against what is known of them.
//!
//! [`AccessIndex::why`] reads the rules one after the other, as somebody would on paper, and leaves nothing out: that
//! is for administrators. What the person themself may be told is less, and [`Why::told`] alone says what. Deciding is
//! the index's; a property holds the two together.

#[cfg(test)]
mod properties;
mod read;
#[cfg(test)]
mod tests;
mod told;
mod written;

use std::sync::Arc;

use super::AccessIndex;
use super::rule::{Operator, Rule};
use crate::domain::Timestamp;
use crate::domain::identity::{Identity, IdpId};
use crate::domain::role::{Role, RoleKey};

pub use told::{Claim, Said, Told, Wanted, Way};

/// What the rules say about one person and one role at one moment.
#[derive(Debug, Clone)]
pub struct Why<'a> {
    /// The role.
    pub role: &'a Arc<Role>,
    /// The rules that can give it, in the order of the document.
    pub gives: Vec<Reading<'a>>,
    /// The rules that can take it away, likewise.
    pub takes: Vec<Reading<'a>>,
}

/// How it comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// A rule gives it, and none takes it away.
    Held,
    /// A rule gives it, and another takes it away.
    TakenAway,
    /// No rule gives it.
    NotGiven,
}

/// A rule, read against a person.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// Whether it counts at that moment.
    pub time: Time,
    /// Its conditions, in order.
    pub conditions: Vec<Judged<'a>>,
    /// Whether it points at the role.
    pub reach: Reach<'a>,
    /// It names the role's account, or has values name it: it is no rule about accounts at large.
    pub names_account: bool,
}

/// Whether a rule counts at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Time {
    /// It does.
    Counts,
    /// Only later.
    NotYet,
    /// No more.
    Over,
}

/// How a rule comes to point at the role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach<'a> {
    /// As it is written.
    Plain,
    /// By values that spell the role.
    ByValues {
        /// Of which attribute.
        attribute: &'a str,
        /// By what of which pattern.
        pattern: &'a str,
        /// The person's values of it.
        own: Vec<&'a str>,
        /// Those of them that spell the role; none: the rule does not point at it.
        spelled: Vec<Spelled<'a>>,
        /// A value that would, where the pattern is plain enough to tell.
        example: Option<String>,
    },
}

/// A value that spells a role, by what a rule's pattern captured of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelled<'a> {
    /// The value.
    pub value: &'a str,
    /// What each named group captured.
    pub captured: Vec<(&'a str, &'a str)>,
}

/// What a condition is about, its negations peeled off.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum About<'a> {
    /// Who proved it.
    Idp(&'a IdpId),
    /// An attribute.
    Attribute {
        /// Which.
        name: &'a str,
        /// What is asked of it.
        operator: &'a Operator,
    },
}

/// A condition, judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged<'a> {
    /// What it is about.
    pub about: About<'a>,
    /// It is asked that this does not hold.
    pub negated: bool,
    /// Whether what is asked is so.
    pub holds: bool,
    /// The person's values of the attribute; the provider, for a condition on that.
    pub own: Vec<&'a str>,
    /// Those of them that satisfy what it is about.
    pub by: Vec<&'a str>,
}

impl AccessIndex {
    /// What the rules say about a person and a role at that moment; `None` where there is no such role.
    ///
    /// This is all there is to know, and so for administrators: see [`Why::told`].
    pub fn why<'a>(
        &'a self,
        identity: &'a Identity,
        key: &RoleKey,
        now: Timestamp,
    ) -> Option<Why<'a>> {
        let role = self.role(key)?;
        Some(read::all(self.model(), identity, role, now))
    }
}

impl<'a> Why<'a> {
    /// How it comes out.
    pub fn verdict(&self) -> Verdict {
        if self.giving().next().is_none() {
            Verdict::NotGiven
        } else if self.taking().next().is_some() {
            Verdict::TakenAway
        } else {
            Verdict::Held
        }
    }

    /// The rules that give the role to the person, in the order of the document.
    pub fn giving(&self) -> impl Iterator<Item = &Reading<'a>> {
        self.gives.iter().filter(|reading| reading.applies())
    }

    /// The rules that take it away from them.
    pub fn taking(&self) -> impl Iterator<Item = &Reading<'a>> {
        self.takes.iter().filter(|reading| reading.applies())
    }
}

impl Reading<'_> {
    /// Whether the rule does to the role, for this person and now, what it says.
    pub fn applies(&self) -> bool {
        self.time == Time::Counts && self.fits()
    }

    /// The same at whatever time.
    pub fn fits(&self) -> bool {
        self.missing() == 0
    }

    /// How much is missing: conditions that do not hold, and a value that spells the role.
    pub fn missing(&self) -> usize {
        let conditions = self.conditions.iter().filter(|judged| !judged.holds);
        conditions.count() + usize::from(!self.points())
    }

    /// Whether it points at the role, for this person.
    pub fn points(&self) -> bool {
        match &self.reach {
            Reach::Plain => true,
            Reach::ByValues { spelled, .. } => !spelled.is_empty(),
        }
    }
}
