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
