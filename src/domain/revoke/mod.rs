//! Ending sessions in AWS: which policies deny what they could still do.
//!
//! Temporary credentials cannot be taken back; what stands in AWS's own guide for this is a policy on the role (or on the
//! IAM user that issued them) that denies everything to sessions that began before a moment. Owned here are whom such a
//! policy aims at ([`orders`]), who can come in past us ([`ways_past`]), how it is written and read ([`Entry`]), and how it is put together with what stands
//! already ([`merge()`]). Knows nothing of how IAM is called.

mod entry;
mod handover;
mod merge;
mod order;
mod past;
mod sentence;
mod standing;
#[cfg(test)]
mod tests;

use chrono::{DurationRound as _, TimeDelta};

use super::Timestamp;
use super::person::KnownPerson;
use super::role::RoleKey;

pub use entry::{Entry, Match, Only};
pub use handover::{Configured, Handover};
pub use merge::{Kind, Merged, NoRoom, Refusal, Widening, merge};
pub use order::{Holder, Order, Whom, orders};
pub use past::ways_past;
pub use sentence::{Gap, aims};
pub use standing::{Standing, Unreadable, characters};

/// What the policy is called, on every role and user.
pub const POLICY: &str = "VestibuleRevocations";

/// The session name of whoever revokes. No person has it: the names that people are given unchanged are e-mail addresses,
/// and all others have a digest.
pub const NAME: &str = "vestibule-revoke";

/// How long a sign-in link can be redeemed.
pub const LINK: TimeDelta = TimeDelta::minutes(15);

/// How long a plan can be applied: what was shown is what is done, and the moment it names must not have gone by for long.
pub const PLAN: TimeDelta = TimeDelta::minutes(15);

/// Who is cut off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Everybody who has a session of this role.
    Role(RoleKey),
    /// One person, wherever they went.
    Person(Person),
}

/// A person, as the audit log names them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Person {
    /// The identity provider.
    pub idp: String,
    /// The subject's format.
    pub format: String,
    /// The subject.
    pub subject: String,
}

impl From<&KnownPerson> for Person {
    fn from(known: &KnownPerson) -> Self {
        let (format, subject) = (&known.subject.format, &known.subject.value);
        Self {
            idp: known.idp.to_string(),
            format: format.clone(),
            subject: subject.clone(),
        }
    }
}

/// What is done about links that were handed out already. Whether a session that begins by one of them later counts as
/// old for AWS is not documented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Cut now, and once more when the last of them is worthless.
    Again,
    /// Cut until then, at once: nobody whom it aims at gets anything done before.
    Ahead,
}

impl Way {
    /// The word in forms and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Again => "again",
            Self::Ahead => "ahead",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Again, Self::Ahead]
            .into_iter()
            .find(|way| way.word() == word)
    }

    /// Sessions that began before this are cut, by a press at `at`.
    pub fn cutoff(self, at: Timestamp) -> Timestamp {
        match self {
            Self::Again => at,
            Self::Ahead => at + LINK,
        }
    }

    /// When it has to be done once more, at the latest moment that a link of before can be redeemed.
    pub fn once_more(self, at: Timestamp) -> Option<Timestamp> {
        (self == Self::Again).then(|| at + LINK)
    }
}

/// The moment to write for "now": AWS knows seconds, and whatever began in this one is meant.
pub fn moment(now: Timestamp) -> Timestamp {
    let second = now.duration_trunc(TimeDelta::seconds(1)).unwrap_or(now);
    second + TimeDelta::seconds(1)
}
