//! What stands, and what is to be denied beside it: one policy, of bounded size, in which nothing is lost.
//!
//! Entries whose time is over go. What does not fit is made to fit by denying more, never less, and that is said; where
//! even that does not fit, nothing is changed.

use std::collections::BTreeSet;

use super::entry::{Entry, Match, Only};
use super::standing::{Standing, Unreadable, characters};
use crate::domain::Timestamp;
use crate::domain::account::AccountId;

/// On whom the policy stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A role.
    Role,
    /// An IAM user of an account, whose own keys people get, or who makes federated users of them.
    User(AccountId),
}

impl Kind {
    /// The most characters of all inline policies together.
    pub fn room(&self) -> usize {
        match self {
            Self::Role => 10_240,
            Self::User(_) => 2_048,
        }
    }
}

/// All federated users of an account.
pub(super) fn federated_users(account: &AccountId) -> Only {
    Only {
        by: Match::UserIdLike,
        values: BTreeSet::from([format!("{account}:*")]),
        undated: true,
    }
}

/// How more is denied than was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Widening {
    /// Those cut off before are cut off up to the newest moment.
    Later,
    /// All sessions are cut off, and not those of some people.
    Everybody,
}

/// The policy to put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// As it is written, to be read; `None`: there is nothing left to say.
    pub document: Option<String>,
    /// What had to be denied beside.
    pub widened: Option<Widening>,
    /// How many entries had done their work.
    pub dropped: usize,
    /// How many statements of others stand in it.
    pub kept: usize,
    /// The last moment at which an entry of it is over.
    pub until: Option<Timestamp>,
}

/// It does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it would have {needed} characters, and there is room for {room}")]
pub struct NoRoom {
    /// How many characters the least policy has.
    pub needed: usize,
    /// How many there is room for.
    pub room: usize,
}

/// Why there is no such policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// What stands cannot be added to.
    #[error("what stands there was not written by Vestibule: {0}")]
    Unreadable(#[from] Unreadable),
    /// Even the least does not fit.
    #[error(transparent)]
    NoRoom(#[from] NoRoom),
}

/// Puts them together. `room`: how many characters the other policies leave.
pub fn merge(
    standing: Option<&str>,
    wanted: &[Entry],
    (kind, room): (&Kind, usize),
    now: Timestamp,
) -> Result<Merged, Refusal> {
    let Standing { entries, kept } =
        standing.map_or_else(|| Ok(Standing::default()), Standing::read)?;
    let (over, live): (Vec<Entry>, Vec<Entry>) =
        entries.into_iter().partition(|entry| entry.is_over(now));
    let wanted = wanted.iter().filter(|entry| !entry.is_over(now));
    let all: Vec<Entry> = live.into_iter().chain(wanted.cloned()).collect();
    let mut needed = 0;
    for widened in [None, Some(Widening::Later), Some(Widening::Everybody)] {
        let entries = tidy(&match widened {
            None => all.clone(),
            Some(Widening::Later) => up_to_the_newest(&all),
            Some(Widening::Everybody) => everybody(&all, kind),
        });
        let until = entries.iter().map(|entry| entry.until).max();
        let standing = Standing {
            entries,
            kept: kept.clone(),
        };
        let node = standing.document();
        needed = node.as_ref().map_or(0, |node| characters(&node.compact()));
        if needed <= room {
            return Ok(Merged {
                document: node.map(|node| node.pretty()),
                widened,
                dropped: over.len(),
                kept: kept.len(),
                until,
            });
        }
    }
    Err(NoRoom { needed, room }.into())
}

/// One statement where one does; nothing that another one says already.
fn tidy(entries: &[Entry]) -> Vec<Entry> {
    let mut left: Vec<Entry> = Vec::new();
    for entry in entries {
        let mut entry = Some(entry.clone());
        for other in &left {
            entry = entry.and_then(|entry| entry.without_what(other));
        }
        let Some(entry) = entry else { continue };
        left = left
            .into_iter()
            .filter_map(|other| other.without_what(&entry))
            .collect();
        left.push(entry);
    }
    let mut joined: Vec<Entry> = Vec::new();
    for entry in left {
        let like = joined.iter_mut().find(|other| {
            (other.cutoff, other.until) == (entry.cutoff, entry.until)
                && sort(other) == sort(&entry)
        });
        match like {
            Some(other) => join(other, &entry),
            None => joined.push(entry),
        }
    }
    joined.sort();
    joined
}

/// By which key an entry means whom; entries of one sort can be one.
fn sort(entry: &Entry) -> Option<(Match, bool)> {
    entry.only.as_ref().map(|only| (only.by, only.undated))
}

fn join(entry: &mut Entry, other: &Entry) {
    entry.cutoff = entry.cutoff.max(other.cutoff);
    entry.until = entry.until.max(other.until);
    if let (Some(only), Some(more)) = (&mut entry.only, &other.only) {
        only.values.extend(more.values.iter().cloned());
    }
}

/// All of a sort are cut off up to the newest moment of any.
fn up_to_the_newest(entries: &[Entry]) -> Vec<Entry> {
    let mut joined: Vec<Entry> = Vec::new();
    for entry in entries {
        match joined.iter_mut().find(|other| sort(other) == sort(entry)) {
            Some(other) => join(other, entry),
            None => joined.push(entry.clone()),
        }
    }
    joined
}

/// All sessions are cut off up to the newest moment of any. Those that may have no issue time are meant by what they have
/// instead, and stay by themselves.
fn everybody(entries: &[Entry], kind: &Kind) -> Vec<Entry> {
    let widest = |entry: &Entry| Entry {
        only: match (&entry.only, kind) {
            (Some(only), Kind::User(account)) if only.undated => Some(federated_users(account)),
            (Some(only), Kind::Role) if only.undated => Some(only.clone()),
            _ => None,
        },
        ..entry.clone()
    };
    let all: Vec<Entry> = entries.iter().map(widest).collect();
    up_to_the_newest(&all)
}
