//! The revisions: their list, each with its document, and going back to one.

use actix_web::http::StatusCode;
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::{Published, publishes};
use super::caller::{Caller, Program};
use super::described::{Content, Endpoint, IF_MATCH, LIMIT, Parameter};
use super::{Refused, answer, body};
use crate::admin::{Error, RevisionSummary};
use crate::domain::Timestamp;
use crate::domain::access::{AccessRevision, Document};
use crate::domain::token::TokenScope;
use crate::web::admin::signature;
use crate::web::problem::Failure;
use crate::web::visitor::admin;

pub(super) const LIST: Endpoint = Endpoint {
    method: "GET",
    path: "/api/v1/access/revisions",
    id: "revisions",
    summary: "The revisions, the newest first",
    scope: Some(TokenScope::AccessRead),
    parameters: &[
        Parameter::query("before", "Only those with a smaller number"),
        LIMIT,
    ],
    body: None,
    answer: (200, Some(Content::json::<Revisions>())),
};
pub(super) const SHOW: Endpoint = Endpoint {
    method: "GET",
    path: "/api/v1/access/revisions/{number}",
    id: "revision",
    summary: "A revision with its document and what it changed",
    scope: Some(TokenScope::AccessRead),
    parameters: &[],
    body: None,
    answer: (200, Some(Content::json::<WholeRevision>())),
};
pub(super) const RESTORE: Endpoint = Endpoint {
    method: "POST",
    path: "/api/v1/access/revisions/{number}/restore",
    id: "restore",
    summary: "Publishes an old revision’s content once more, on top of the one that If-Match names",
    scope: Some(TokenScope::AccessWrite),
    parameters: &[IF_MATCH],
    body: Some(Content::json::<Back>()),
    answer: (201, Some(Content::json::<Published>())),
};

/// A revision.
#[derive(Debug, Serialize, ToSchema)]
struct OneRevision {
    number: i64,
    /// The one that it was written on; absent for the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    base: Option<i64>,
    author: String,
    note: String,
    #[schema(value_type = String)]
    published: Timestamp,
}

impl From<RevisionSummary> for OneRevision {
    fn from(summary: RevisionSummary) -> Self {
        Self {
            number: summary.number,
            base: summary.base,
            author: summary.author,
            note: summary.note,
            published: summary.published,
        }
    }
}

/// A page of revisions.
#[derive(Debug, Serialize, ToSchema)]
struct Revisions {
    revisions: Vec<OneRevision>,
    /// What comes next stands before this number; absent: nothing does.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<i64>,
}

/// A revision with what it says.
#[derive(Debug, Serialize, ToSchema)]
struct WholeRevision {
    #[serde(flatten)]
    #[schema(inline)]
    revision: OneRevision,
    /// What it changed, in sentences.
    changes: Vec<String>,
    /// The access model.
    #[schema(value_type = Object)]
    document: Document,
}

/// Why one goes back.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct Back {
    note: Option<String>,
    /// What confirms a change that needs a second thought.
    confirm: Option<String>,
}

/// `GET /api/v1/access/revisions?before=&limit=`.
pub(in crate::web) async fn list(
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    caller.administrates(TokenScope::AccessRead).await?;
    let query = answer::query(&request)?;
    let before = query.one("before")?.map(|text| {
        answer::number(text)
            .ok_or_else(|| Refused::BodyUnreadable("before: is no number.".to_owned()))
    });
    let limit = answer::limit(&query)?;
    let admin = admin(&request);
    let mut found = admin.revisions(before.transpose()?, limit + 1).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().map(|last| last.number).filter(|_| more);
    let revisions = found.into_iter().map(Into::into).collect();
    Ok(answer::json(StatusCode::OK, &Revisions { revisions, next }))
}

/// `GET /api/v1/access/revisions/{number}`.
pub(in crate::web) async fn show(
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    caller.administrates(TokenScope::AccessRead).await?;
    let number = named(&request)?;
    let tag = answer::etag(number);
    let admin = admin(&request);
    let (summary, document) = admin.revision(number).await?;
    if let Some(answer) = answer::unchanged(request.headers(), &tag) {
        return Ok(answer);
    }
    let whole = WholeRevision {
        changes: admin.compare(number - 1, number).await?,
        revision: summary.into(),
        document,
    };
    Ok(answer::tagged(answer::json(StatusCode::OK, &whole), &tag))
}

/// `POST /api/v1/access/revisions/{number}/restore`.
pub(in crate::web) async fn restore(
    program: Program,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Failure> {
    let caller = &program.0;
    caller.administrates(TokenScope::AccessWrite).await?;
    let base = answer::written_on(request.headers())?;
    let number = named(&request)?;
    let back = body::json::<Back>(&request, payload).await?.says;
    let note = back.note.filter(|note| !note.trim().is_empty());
    let note = note.unwrap_or_else(|| format!("Back to revision {number}"));
    let signature = signature(&caller.visit, &caller.session, note.trim());
    let typed = back.confirm.unwrap_or_default();
    let (_, document) = admin(&request).revision(number).await?;
    publishes(&request, (&document.to_toml(), base), &typed, signature).await
}

fn named(request: &HttpRequest) -> Result<AccessRevision, Failure> {
    let text = request.match_info().get("number").unwrap_or_default();
    let number = answer::number(text).filter(|number| *number > 0);
    number.ok_or(Failure::Admin(Error::NoSuchRevision(0)))
}
