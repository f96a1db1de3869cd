//! Which call comes next: everything first, and then one thing less at a time, a handful in all.

use super::answer::{Answer, Stage};
use crate::domain::causes::Sent;
use crate::domain::role::{Method, Role};

/// The most calls that one probe makes; through a hub role each is two.
pub const MOST_TRIALS: usize = 5;

/// What one call of a probe sends along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trial {
    pub(super) tags: bool,
    pub(super) source_identity: bool,
    pub(super) duration: bool,
}

impl Trial {
    /// All that a sign-in into this role would send.
    pub fn full(role: &Role) -> Self {
        let sent = Sent::by(role);
        Self {
            tags: sent.tags,
            // GetFederationToken has no source identity, whatever the role says
            source_identity: sent.source_identity
                && !matches!(role.method, Method::GetFederationToken { .. }),
            duration: true,
        }
    }

    /// The part of it that policies allow by an action of its own.
    pub fn sent(self) -> Sent {
        Sent {
            tags: self.tags,
            source_identity: self.source_identity,
        }
    }

    fn without_tags(self) -> Self {
        Self {
            tags: false,
            ..self
        }
    }

    fn without_source_identity(self) -> Self {
        Self {
            source_identity: false,
            ..self
        }
    }

    fn without_duration(self) -> Self {
        Self {
            duration: false,
            ..self
        }
    }
}

/// The next call, after those made so far; `None` when there is nothing more to be learnt.
pub fn next(role: &Role, made: &[(Trial, Answer)]) -> Option<Trial> {
    let full = Trial::full(role);
    let Some((_, first)) = made.first() else {
        return Some(full);
    };
    // what is given without something is known; what is away or broken is no answer to the question
    let goes_on = made
        .last()
        .is_some_and(|(_, last)| matches!(last, Answer::Refused { .. }));
    if !goes_on || made.len() >= MOST_TRIALS {
        return None;
    }
    let tried = |trial: &Trial| made.iter().any(|(made, _)| made == trial);
    candidates(full, first)
        .into_iter()
        .find(|trial| !tried(trial))
}

/// The calls that leave something out which the first refusal could have been about.
fn candidates(full: Trial, first: &Answer) -> Vec<Trial> {
    let Answer::Refused { at, code } = first else {
        return Vec::new();
    };
    let (duration, parts) = match code.as_str() {
        "AccessDenied" | "PackedPolicyTooLarge" => (false, true),
        "ValidationError" | "InvalidParameterValue" => (true, true),
        // about the proof, the policy or the credentials: nothing that can be left out
        _ => (false, false),
    };
    // no tags are sent to a hub role
    let tags = parts && full.tags && *at == Stage::Role;
    let source_identity = parts && full.source_identity && code != "PackedPolicyTooLarge";
    let one = [
        (duration, full.without_duration()),
        (tags, full.without_tags()),
        (source_identity, full.without_source_identity()),
        (
            tags && source_identity,
            full.without_tags().without_source_identity(),
        ),
    ];
    one.into_iter()
        .filter_map(|(could_be, trial)| could_be.then_some(trial))
        .collect()
}
