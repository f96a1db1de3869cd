//! Why a program's request is not done, where no use-case says so.

use crate::domain::token::TokenScope;

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::web) enum Refused {
    /// What changes something needs a token.
    #[error("there is no token")]
    TokenNeeded,
    /// The token is none, has ended or was revoked; or there are two.
    #[error("the token is not valid")]
    TokenUnknown,
    /// It stood in the address, for everybody to read.
    #[error("a token stood in the address")]
    TokenInAddress,
    /// The token may do other things.
    #[error("the token lacks the scope {}", .0.word())]
    ScopeLacking(TokenScope),
    /// Nobody of that name is signed in.
    #[error("nobody of that name is known")]
    NobodyKnown,
    /// There is none of that id.
    #[error("there is no such token")]
    NoSuchToken,
    /// The body is not what belongs there: what is wrong, and where.
    #[error("the body cannot be read: {0}")]
    BodyUnreadable(String),
    /// Likewise, of one of its fields. What stood there may be somebody's, so the log gets the field alone.
    #[error("the body cannot be read: {path}")]
    FieldUnreadable {
        /// Which field.
        path: String,
        /// What is wrong with it.
        why: String,
    },
    /// The body is of another kind than this.
    #[error("the body is not {0}")]
    MediaType(&'static str),
    /// What is answered is of this kind, and the program takes others.
    #[error("the program takes no {0}")]
    NotAcceptable(&'static str),
    /// It must say what it is written on.
    #[error("there is no If-Match")]
    IfMatchNeeded,
    /// It is written on something else.
    #[error("what stands there is {current}")]
    IfMatchStale {
        /// The `ETag` of what stands there.
        current: String,
    },
    /// A draft's text is no access model, so there are no entries in it.
    #[error("the draft cannot be read as an access model")]
    DraftUnreadable,
    /// A draft cannot be published as it stands: what is wrong, by key paths.
    #[error("the draft cannot be published as it stands")]
    DraftUnfit(Vec<(String, String)>),
    /// An entry is not put into a draft: what is wrong with it, likewise.
    #[error("the entry is wrong")]
    EntryUnfit(Vec<(String, String)>),
    /// A draft is written on another revision than the current one.
    #[error("revision {current} was published meanwhile")]
    DraftStale {
        /// The current one.
        current: i64,
    },
    /// Both a draft and a revision changed the same entries.
    #[error("somebody has to decide what both changed")]
    Undecided(serde_json::Value),
    /// What needs a second thought was not confirmed.
    #[error("it was not confirmed")]
    ConfirmationNeeded {
        /// What confirms it.
        phrase: String,
    },
    /// What a question is about cannot be read, or used: why. That may quote what was pasted, so the log does not get it.
    #[error("nothing can be said of that")]
    Unanswerable(String),
    /// The record has no sign-in of them whose sessions could still live.
    #[error("the record has no sign-in of them")]
    NobodyInTheRecord,
    /// What is done here is done under a key alone.
    #[error("there is no Idempotency-Key")]
    KeyNeeded,
    /// The key is none.
    #[error("the Idempotency-Key is none")]
    KeyUnreadable,
    /// Something else was asked for under it.
    #[error("the Idempotency-Key is another request's")]
    KeyOfAnother,
    /// The same is being done.
    #[error("the same is under way")]
    UnderWay,
    /// Keys were handed out.
    #[error("the same was done before")]
    MadeBefore {
        /// What the record calls the hand-over.
        signin_id: String,
    },
}
