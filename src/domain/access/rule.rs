//! Rules, checked: conditions over an identity, and what they give or take away.
//!
//! Values are compared exactly: never trimmed, folded, split or globbed. An attribute with several values satisfies an
//! operator when one of them does; `not` holds when none does.

use crate::domain::Timestamp;
use crate::domain::identity::IdpId;

use super::selector::Selector;

/// A rule of the model.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its name, unique in the model.
    pub name: String,
    /// All must hold; there is at least one.
    pub conditions: Vec<Condition>,
    /// What it gives.
    pub grants: Vec<Selector>,
    /// What it takes away, whatever else gives it.
    pub denies: Vec<Selector>,
    /// The first moment at which it counts.
    pub from: Option<Timestamp>,
    /// The first moment at which it counts no more.
    pub until: Option<Timestamp>,
}

impl Rule {
    /// Whether it counts at that moment.
    pub fn is_valid_at(&self, now: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now < until)
    }
}

/// One condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// The identity was proved by this provider.
    Idp(IdpId),
    /// An attribute satisfies an operator.
    Attribute {
        /// Which.
        name: String,
        /// How.
        operator: Operator,
    },
    /// The condition inside does not hold.
    Not(Box<Condition>),
}

/// What is asked of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operator {
    /// One of its values is one of these (`is` has one).
    IsOneOf(Vec<String>),
    /// One of its values begins with this.
    StartsWith(String),
    /// One of its values matches this regular expression.
    Matches(String),
    /// It has a value at all.
    Present,
}
