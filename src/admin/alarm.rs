//! What needs a second thought before it is published, and what is typed to confirm it.

use crate::domain::access::{Document, Impact, RuleEntry};
use crate::domain::role::RoleKey;

/// From so many people who lose their last role on, a change needs a second thought.
const MANY: usize = 10;
/// Likewise from this share of all people known, one in so many, …
const MANY_SHARE: usize = 20;
/// … but not for one or two.
const MANY_AT_LEAST: usize = 3;

/// What needs a second thought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Alarm {
    /// Production roles are given to everybody.
    ProductionToEverybody(Vec<RoleKey>),
    /// Many people lose their last role.
    LastRoleFromMany {
        /// How many.
        count: usize,
        /// Of how many.
        known: usize,
    },
    /// No rule gives anything any more.
    NothingForAnybody,
}

impl Alarm {
    /// What is typed to confirm it: an account's alias, or a number.
    fn word(&self) -> String {
        match self {
            Self::ProductionToEverybody(roles) => match roles.first() {
                Some(first) if roles.iter().all(|role| role.account == first.account) => {
                    first.account.to_string()
                }
                _ => roles.len().to_string(),
            },
            Self::LastRoleFromMany { count, .. } => count.to_string(),
            Self::NothingForAnybody => "0".to_owned(),
        }
    }
}

/// What must be typed before something is published; empty: nothing.
pub(super) fn phrase(alarms: &[Alarm]) -> String {
    let words: Vec<String> = alarms.iter().map(Alarm::word).collect();
    words.join(" ")
}

/// What needs a second thought, now or at a moment to come.
pub(super) fn alarms(impact: &Impact, (before, after): (&Document, &Document)) -> Vec<Alarm> {
    let mut alarms = Vec::new();
    if !impact.to_everybody.is_empty() {
        alarms.push(Alarm::ProductionToEverybody(impact.to_everybody.clone()));
    }
    let (count, known) = (impact.most_left_without(), impact.known);
    let share = count >= MANY_AT_LEAST && count * MANY_SHARE >= known;
    if count >= MANY || share {
        alarms.push(Alarm::LastRoleFromMany { count, known });
    }
    let gives = |document: &Document| {
        let mut rules = document.rules.iter();
        rules.any(|rule: &RuleEntry| !rule.grant.is_empty())
    };
    if gives(before) && !gives(after) {
        alarms.push(Alarm::NothingForAnybody);
    }
    alarms
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::access::{Later, People};

    fn left_without(count: usize, known: usize) -> Vec<Alarm> {
        let impact = Impact {
            known,
            left_without: People {
                count,
                names: Vec::new(),
                keys: Vec::new(),
            },
            ..Impact::default()
        };
        let document = Document::default();
        alarms(&impact, (&document, &document))
    }

    #[test]
    fn the_last_role_of_ten_people_or_of_one_in_twenty_needs_a_second_thought() {
        for (count, known, is_many) in [
            (0, 0, false),
            (0, 100, false),
            (1, 1, false),
            (1, 20, false),
            (2, 2, false),
            (3, 60, true),
            (3, 61, false),
            (3, 3, true),
            (9, 1_000, false),
            (10, 1_000_000, true),
        ] {
            let found = left_without(count, known);
            assert_eq!(!found.is_empty(), is_many, "{count} of {known}");
        }
    }

    #[test]
    fn the_worst_of_all_moments_counts() {
        let without = |count, later| Impact {
            known: 1_000,
            left_without: People {
                count,
                ..People::default()
            },
            later,
            ..Impact::default()
        };
        let later = |count| Later {
            moment: chrono::DateTime::UNIX_EPOCH,
            impact: without(count, Vec::new()),
        };
        let document = Document::default();
        let found = |impact| alarms(&impact, (&document, &document));
        let many = |count| Alarm::LastRoleFromMany {
            count,
            known: 1_000,
        };
        assert_eq!(found(without(0, vec![later(12), later(3)])), [many(12)]);
        assert_eq!(found(without(14, vec![later(12)])), [many(14)]);
        assert_eq!(found(without(9, vec![later(9), later(9)])), []);
    }

    #[test]
    fn what_is_typed_names_the_account_or_a_number() {
        let role = |key| RoleKey::parse(key).unwrap();
        let one = Alarm::ProductionToEverybody(vec![role("prod/A"), role("prod/B")]);
        let two = Alarm::ProductionToEverybody(vec![role("prod/A"), role("other/B")]);
        let many = Alarm::LastRoleFromMany {
            count: 14,
            known: 20,
        };
        assert_eq!(phrase(&[]), "");
        assert_eq!(phrase(&[one, many]), "prod 14");
        assert_eq!(phrase(&[two, Alarm::NothingForAnybody]), "2 0");
    }
}
