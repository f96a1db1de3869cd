//! What another revision would change for people: who gains which role, who loses one, and who is left with none.
//!
//! Two compiled models are asked about one person after the other, and what came of it is counted; nothing of a person
//! is kept but a name for readers, and of those only so many for each role. A role of an account that only got another alias is the
//! same role. Rules begin and end, so that what changes now is not all: both models are asked about the moments to come
//! at which it may be something else, too.

mod comparison;
mod moments;

use std::sync::Arc;

use crate::domain::Timestamp;
use crate::domain::person::PersonKey;
use crate::domain::role::RoleKey;

pub use comparison::Comparison;

/// How many names are kept for each role; the others are counted.
pub const MOST_NAMES: usize = 200;
/// How many at each moment to come: there are several, and each has every role.
pub(super) const MOST_NAMES_LATER: usize = 20;

/// People, the first of them by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct People {
    /// How many.
    pub count: usize,
    /// The first of them, as readers know them.
    pub names: Vec<Arc<str>>,
    /// By which keys those are named, in the same order.
    pub keys: Vec<Arc<PersonKey>>,
}

impl People {
    fn add(&mut self, (name, key): &(Arc<str>, Arc<PersonKey>), most: usize) {
        self.count += 1;
        if self.names.len() < most {
            self.names.push(Arc::clone(name));
            self.keys.push(Arc::clone(key));
        }
    }
}

/// A role that people gain or lose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleImpact {
    /// The role, as it is called afterwards; one that goes, as it was called.
    pub role: RoleKey,
    /// Whether its account is a production one.
    pub production: bool,
    /// Who.
    pub people: People,
}

/// What would change for people.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Impact {
    /// How many people it rests on.
    pub known: usize,
    /// What is gained, the most people first.
    pub gains: Vec<RoleImpact>,
    /// What is lost, likewise.
    pub losses: Vec<RoleImpact>,
    /// Who had a role, and has none afterwards.
    pub left_without: People,
    /// Roles that nobody known holds afterwards, and that somebody held before or that are new.
    pub deserted: Vec<RoleKey>,
    /// Production roles that are given to everybody: by a rule that asks for nothing, or as it turns out for all
    /// people known, be it now or later.
    pub to_everybody: Vec<RoleKey>,
    /// What changes later, as rules begin and end: those moments at which it is something else than before.
    pub later: Vec<Later>,
    /// At how many more moments rules that are other ones begin or end; what changes then was not asked.
    pub more_moments: usize,
}

/// What changes from a moment on, against what would hold then without the change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Later {
    /// From when on.
    pub moment: Timestamp,
    /// What; of no moment after it.
    pub impact: Impact,
}

impl Impact {
    /// Whether nothing changes for anybody known, at this moment.
    pub fn is_nothing(&self) -> bool {
        self.gains.is_empty() && self.losses.is_empty()
    }

    /// How many people are left without a role at the moment at which they are the most.
    pub fn most_left_without(&self) -> usize {
        let later = self.later.iter().map(|later| &later.impact);
        let all = std::iter::once(self).chain(later);
        all.map(|impact| impact.left_without.count)
            .max()
            .unwrap_or(0)
    }
}

#[cfg(test)]
mod tests;
