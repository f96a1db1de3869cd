//! What can go wrong for an administrator.

use std::path::PathBuf;

use crate::domain::access::{DocumentError, Problems};
use crate::domain::probe::TooSoon;
use crate::store;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The text is no access model.
    #[error("the document cannot be read")]
    Unreadable(#[source] DocumentError),
    /// The access model is wrong: all problems at once.
    #[error("the access model cannot be published:\n{0}")]
    Problems(Problems),
    /// Somebody published in the meantime.
    #[error("revision {current} was published in the meantime: read it, and publish on top of it")]
    Conflict {
        /// The revision that is current now.
        current: i64,
    },
    /// A file governs.
    #[error("the access model is governed by {}: change it there", .0.display())]
    Governed(PathBuf),
    /// There is no such revision.
    #[error("there is no revision {0}")]
    NoSuchRevision(i64),
    /// There is no such draft; it may have been published or discarded.
    #[error("there is no such draft any more")]
    NoSuchDraft,
    /// There are too many.
    #[error("there are {0} drafts already: discard one first")]
    TooManyDrafts(i64),
    /// What a draft is for.
    #[error("what a draft is for has at most 200 characters, on one line")]
    DraftName,
    /// Somebody saved the draft meanwhile.
    #[error("somebody saved this draft meanwhile")]
    DraftOvertaken,
    /// The note.
    #[error("a note has at most 1,000 characters and no control characters")]
    Note,
    /// A stored document cannot be read.
    #[error("a stored revision cannot be read")]
    Stored(#[source] DocumentError),
    /// It was published, and cannot be used here.
    #[error("the revision was published, but cannot be used here")]
    Follow(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Looking at the model broke off.
    #[error("looking at the access model broke off")]
    Interrupted,
    /// There is no such role.
    #[error("there is no role {0}")]
    NoSuchRole(String),
    /// Nothing is known of such a person.
    #[error("nothing is known of this person")]
    NoSuchPerson,
    /// The person has no such session: it has ended, or is somebody else's.
    #[error("the person has no such session")]
    NoSuchSession,
    /// The current revision has no such account or role.
    #[error("there is no such account or role")]
    NoSuchPlace,
    /// Nothing is stopped there.
    #[error("there is no such block or suspension")]
    NoSuchStop,
    /// An administrator would block themself.
    #[error("nobody blocks themself: another administrator can")]
    OwnBlock,
    /// A block or suspension would have ended before it begins.
    #[error("the end lies in the past")]
    PastEnd,
    /// A probe came too soon after another.
    #[error("not probed")]
    TooSoon(#[from] TooSoon),
    /// A plan was made too long ago.
    #[error("the plan is too old: look at it again")]
    PlanTooOld,
    /// A copy of what fits would miss rows: the first of them, and the last.
    #[error(
        "rows {0} to {1} are not in the index yet, so a copy of what fits would miss those that do: run `vestibule audit index`"
    )]
    Unindexed(i64, i64),
    /// A copy of what fits may have missed rows.
    #[error(
        "the index leads to rows that say something else, so it may hide others: `vestibule audit verify` names them, and \
         `vestibule audit index` puts it right"
    )]
    Misfiled,
    /// The database.
    #[error("the database could not do it")]
    Store(#[from] store::Error),
}

impl Error {
    /// Whether waiting may help: the database does not answer.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_unavailable())
    }
}
