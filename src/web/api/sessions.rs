//! One's own sessions with Vestibule: seen, and ended one by one or together.
//!
//! A scope of their own: whoever got hold of a token for something else signs its person out of nothing.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use utoipa::ToSchema;

use super::answer;
use super::caller::{Caller, Program};
use super::described::{Content, Endpoint};
use crate::admin::Error;
use crate::domain::Timestamp;
use crate::domain::session::{LiveSession, SessionHandle};
use crate::domain::token::TokenScope;
use crate::signin::{Ended, OwnEnding};
use crate::web::problem::Failure;
use crate::web::visitor::signin;

pub(super) const LIST: Endpoint = Endpoint {
    method: "GET",
    path: "/api/v1/sessions",
    id: "sessions",
    summary: "One’s live sessions, the newest first",
    scope: Some(TokenScope::Sessions),
    parameters: &[],
    body: None,
    answer: (200, Some(Content::json::<OwnSessions>())),
};
pub(super) const END_ALL: Endpoint = Endpoint {
    method: "DELETE",
    path: "/api/v1/sessions",
    id: "endSessions",
    summary: "Ends all of one’s sessions; tokens live on",
    scope: Some(TokenScope::Sessions),
    parameters: &[],
    body: None,
    answer: (204, None),
};
pub(super) const END: Endpoint = Endpoint {
    method: "DELETE",
    path: "/api/v1/sessions/{handle}",
    id: "endSession",
    summary: "Ends one of one’s sessions",
    scope: Some(TokenScope::Sessions),
    parameters: &[],
    body: None,
    answer: (204, None),
};

/// A live session.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OneSession {
    /// By what it is named.
    handle: String,
    /// From where it began, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    /// In what kind of browser; empty where that is not known.
    browser: String,
    #[schema(value_type = String)]
    began: Timestamp,
    /// When it was last used, to the minute.
    #[schema(value_type = String)]
    seen: Timestamp,
    /// When it ends whatever happens.
    #[schema(value_type = String)]
    ends: Timestamp,
}

impl From<&LiveSession> for OneSession {
    fn from(session: &LiveSession) -> Self {
        Self {
            handle: session.handle.as_str().to_owned(),
            address: session.address.map(|address| address.to_string()),
            browser: session.browser.clone(),
            began: session.began,
            seen: session.seen,
            ends: session.ends,
        }
    }
}

/// One's own.
#[derive(Debug, Serialize, ToSchema)]
struct OwnSessions {
    sessions: Vec<OneSession>,
}

/// `GET /api/v1/sessions`.
pub(in crate::web) async fn list(
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    caller.may(TokenScope::Sessions)?;
    let sessions = signin(&request).own_sessions(&caller.session).await?;
    let sessions = sessions.iter().map(Into::into).collect();
    Ok(answer::json(StatusCode::OK, &OwnSessions { sessions }))
}

/// `DELETE /api/v1/sessions`.
pub(in crate::web) async fn end_all(
    program: Program,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let caller = &program.0;
    caller.may(TokenScope::Sessions)?;
    let signin = signin(&request);
    let ended = signin.end_own(&caller.visit, &caller.session, OwnEnding::All);
    // that there was none is as good
    ended.await?;
    Ok(answer::nothing())
}

/// `DELETE /api/v1/sessions/{handle}`.
pub(in crate::web) async fn end(
    program: Program,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let caller = &program.0;
    caller.may(TokenScope::Sessions)?;
    let one = OwnEnding::One(named(&request)?);
    let ended = signin(&request)
        .end_own(&caller.visit, &caller.session, one)
        .await?;
    match ended {
        Ended::NoSuch => Err(Error::NoSuchSession.into()),
        Ended::Others | Ended::ThisOneToo => Ok(answer::nothing()),
    }
}

/// The session that the path names.
pub(super) fn named(request: &HttpRequest) -> Result<SessionHandle, Error> {
    let text = request.match_info().get("handle").unwrap_or_default();
    SessionHandle::parse(text).ok_or(Error::NoSuchSession)
}
