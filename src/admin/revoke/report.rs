//! What came of it, place by place: nothing is called cut that IAM has not read back.

use super::{Asked, Stopped};
use crate::domain::Timestamp;
use crate::domain::account::{AccountId, Alias};
use crate::domain::revoke::Order;

/// A revocation: planned, or done as far as it could be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// What was asked for.
    pub asked: Asked,
    /// The moment of it, by the later of AWS's clock and ours.
    pub at: Timestamp,
    /// Whether it was done, and not only planned.
    pub applied: bool,
    /// Every role and user that a policy stands on.
    pub places: Vec<Place>,
    /// Sessions that there is no policy for, a sentence each.
    pub gaps: Vec<String>,
    /// When it will be done once more.
    pub once_more: Option<Timestamp>,
    /// What keeps those who are cut off from coming in anew; `None`: nothing does.
    pub stopped: Option<Stopped>,
    /// Ways into AWS that a block or a suspension here does not close, a sentence each.
    pub ways_past: Vec<String>,
    /// The access model has the role no more, so nobody comes in by it; its sessions are known by the record.
    pub role_is_gone: bool,
}

/// One role or user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its account.
    pub account: AccountId,
    /// The account's alias.
    pub alias: Alias,
    /// What it is: `role Admin`, `user vestibule`.
    pub holder: String,
    /// The roles of the access model whose sessions these are.
    pub roles: Vec<String>,
    /// What the policy does, a sentence each.
    pub aims: Vec<String>,
    /// The policy as it stands then; `None`: none is left.
    pub document: Option<String>,
    /// The policy of the second time, where Vestibule has not put the first: for whoever puts them in another way.
    pub once_more: Option<OnceMore>,
    /// What else is to be known of it, a sentence each.
    pub notes: Vec<String>,
    /// How it stands.
    pub state: State,
    /// The order, for what is left over.
    pub(super) order: Order,
    /// When the last statement of the policy has done its work.
    pub(super) until: Option<Timestamp>,
}

/// What is put the second time, when links that were handed out before are worthless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnceMore {
    /// When.
    pub at: Timestamp,
    /// The policy as it stands then.
    pub document: String,
}

/// How a place stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Nothing was changed; it would be.
    Planned,
    /// IAM has the policy. AWS says that it may take a few minutes to reach everything.
    Cut,
    /// It could not be done, and will be tried again.
    Pending {
        /// Why, as a sentence.
        cause: String,
        /// The same as a short code.
        code: String,
        /// When it will be tried.
        again: Timestamp,
    },
    /// It cannot be done.
    NotCut {
        /// Why, as a sentence.
        cause: String,
        /// The same as a short code.
        code: String,
    },
}

impl State {
    /// The word in the audit log and for programs.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Cut => "cut",
            Self::Pending { .. } => "pending",
            Self::NotCut { .. } => "not_cut",
        }
    }

    /// Why it is not cut, as a short code.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Planned | Self::Cut => None,
            Self::Pending { code, .. } | Self::NotCut { code, .. } => Some(code),
        }
    }

    /// The worse, the higher.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::Planned | Self::Cut => 0,
            Self::Pending { .. } => 1,
            Self::NotCut { .. } => 2,
        }
    }
}

impl Revocation {
    /// Whether everything that was asked for was done, or could be.
    pub fn is_whole(&self) -> bool {
        self.gaps.is_empty() && self.places.iter().all(|place| place.state.rank() == 0)
    }

    /// How it ended.
    pub fn outcome(&self) -> Outcome {
        let worst = self.places.iter().map(|place| place.state.rank()).max();
        match worst.unwrap_or(0) {
            _ if !self.applied => Outcome::Planned,
            2.. => Outcome::Incomplete,
            _ if !self.gaps.is_empty() => Outcome::Incomplete,
            1 => Outcome::Unfinished,
            0 => Outcome::Done,
        }
    }
}

/// How a revocation ended, as one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was changed.
    Planned,
    /// Everything that was asked for is cut off.
    Done,
    /// Something is not cut off yet, and will be tried again.
    Unfinished,
    /// Something is not cut off, and will not be unless somebody sees to it.
    Incomplete,
}

impl Outcome {
    /// The word for programs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Done => "done",
            Self::Unfinished => "unfinished",
            Self::Incomplete => "incomplete",
        }
    }
}

#[cfg(test)]
impl Place {
    /// A place for the tests of pages, with a text wherever somebody else's can stand.
    pub(crate) fn sample(state: State, text: &str) -> Self {
        use crate::domain::revoke::{Holder, Whom};
        use crate::domain::role::RoleName;

        let (account, alias) = (
            AccountId::parse("111122223333"),
            Alias::parse("payments-prod"),
        );
        let (account, alias) = (account.unwrap(), alias.unwrap());
        let name = RoleName::parse("Admin").unwrap();
        Self {
            account: account.clone(),
            alias: alias.clone(),
            holder: format!("role {text}"),
            roles: vec![text.to_owned()],
            aims: vec![format!("Denies everything to all sessions of {text}.")],
            document: Some(format!("{{\n  \"Version\": \"{text}\"\n}}")),
            once_more: (state != State::Cut).then(|| OnceMore {
                at: "2026-03-01T09:15:01Z".parse().unwrap(),
                document: format!("{{\n  \"Once\": \"{text}\"\n}}"),
            }),
            notes: vec![text.to_owned()],
            state,
            order: Order {
                account,
                alias,
                holder: Holder::Role(name),
                whom: Whom::Everybody,
                roles: std::collections::BTreeSet::new(),
            },
            until: None,
        }
    }
}
