//! Drafts of the access model: listed, begun, read, saved, discarded.
//!
//! A draft's `ETag` tells its versions apart. What changes a draft names by `If-Match` the version that it was written on;
//! where another one stands by then, the answer says which, and nothing is lost.

use actix_web::http::StatusCode;
use actix_web::http::header::{ContentType, HeaderMap, HeaderValue, LOCATION};
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::{sent, wants_json, written};
use super::caller::{Caller, Program};
use super::described::{Content, Endpoint, IF_MATCH_DRAFT};
use super::{Refused, answer, body};
use crate::admin::{Admin, DraftSummary, Error, Saved, SharedDraft, Source};
use crate::domain::Timestamp;
use crate::domain::access::{Document, DraftId};
use crate::domain::token::TokenScope;
use crate::signin::about;
use crate::web::admin::author;
use crate::web::problem::Failure;
use crate::web::visitor::admin;

pub(super) const LIST: Endpoint = Endpoint {
    method: "GET",
    path: "/api/v1/drafts",
    id: "drafts",
    summary: "The drafts, the last saved first",
    scope: Some(TokenScope::AccessRead),
    parameters: &[],
    body: None,
    answer: (200, Some(Content::json::<Drafts>())),
};
pub(super) const BEGIN: Endpoint = Endpoint {
    method: "POST",
    path: "/api/v1/drafts",
    id: "beginDraft",
    summary: "Begins a draft on top of the current revision, with its content or with that of an old one",
    scope: Some(TokenScope::AccessWrite),
    parameters: &[],
    body: Some(Content::json::<DraftWanted>()),
    answer: (201, Some(Content::json::<SavedDraft>())),
};
pub(super) const SHOW: Endpoint = Endpoint {
    method: "GET",
    path: "/api/v1/drafts/{id}",
    id: "draft",
    summary: "A draft’s text, as TOML or, where it can be read, as JSON, with the ETag of its version",
    scope: Some(TokenScope::AccessRead),
    parameters: &[],
    body: None,
    answer: (200, Some(Content::document())),
};
pub(super) const SAVE: Endpoint = Endpoint {
    method: "PUT",
    path: "/api/v1/drafts/{id}",
    id: "saveDraft",
    summary: "Saves a whole text in place of the version that If-Match names; TOML also where it is not right yet",
    scope: Some(TokenScope::AccessWrite),
    parameters: &[IF_MATCH_DRAFT],
    body: Some(Content::document()),
    answer: (200, Some(Content::json::<SavedDraft>())),
};
pub(super) const DISCARD: Endpoint = Endpoint {
    method: "DELETE",
    path: "/api/v1/drafts/{id}",
    id: "discardDraft",
    summary: "Discards a draft, if its version is the one that If-Match names",
    scope: Some(TokenScope::AccessWrite),
    parameters: &[IF_MATCH_DRAFT],
    body: None,
    answer: (204, None),
};

/// A draft, without its text.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OneDraft {
    id: String,
    /// What it is for.
    name: String,
    /// Counts the saves, from 1; its `ETag` says it.
    version: i64,
    /// The revision that it was written on; 0: none.
    base: i64,
    /// How many differences it has to that; absent: its text cannot be read, or is too large.
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<usize>,
    author: String,
    changed_by: String,
    #[schema(value_type = String)]
    began: Timestamp,
    #[schema(value_type = String)]
    changed: Timestamp,
}

impl From<DraftSummary> for OneDraft {
    fn from(summary: DraftSummary) -> Self {
        Self {
            id: summary.id.to_string(),
            name: summary.name,
            version: summary.version,
            base: summary.base,
            changes: summary.changes,
            author: summary.author,
            changed_by: summary.changed_by,
            began: summary.began,
            changed: summary.changed,
        }
    }
}

/// Drafts.
#[derive(Debug, Serialize, ToSchema)]
struct Drafts {
    drafts: Vec<OneDraft>,
}

/// What a draft is to begin with.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DraftWanted {
    /// What it is for.
    name: Option<String>,
    /// The number of the revision whose content it has; left out: the current one.
    from: Option<i64>,
}

/// A draft that was saved.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SavedDraft {
    id: String,
    /// The version that it has now.
    version: i64,
}

/// `GET /api/v1/drafts`.
pub(in crate::web) async fn list(
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    caller.administrates(TokenScope::AccessRead).await?;
    let drafts = admin(&request).drafts().await?;
    let drafts = drafts.into_iter().map(Into::into).collect();
    Ok(answer::json(StatusCode::OK, &Drafts { drafts }))
}

/// `POST /api/v1/drafts`.
pub(in crate::web) async fn begin(
    program: Program,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Failure> {
    let caller = &program.0;
    caller.administrates(TokenScope::AccessWrite).await?;
    let wanted = body::json::<DraftWanted>(&request, payload).await?.says;
    let source = match wanted.from {
        None => Source::Current,
        Some(number) if number > 0 => Source::Revision(number),
        Some(_) => return Err(Error::NoSuchRevision(0).into()),
    };
    let (name, by) = (wanted.name.unwrap_or_default(), author(&caller.session));
    let begun = admin(&request).begin_draft(source, name.trim(), &by).await;
    let id = begun.map_err(|error| match error {
        Error::DraftName => Failure::from(Refused::FieldUnreadable {
            path: "name".to_owned(),
            why: error.to_string(),
        }),
        error => error.into(),
    })?;
    let mut answer = saved((StatusCode::CREATED, id), 1);
    if let Ok(there) = HeaderValue::from_str(&format!("/api/v1/drafts/{id}")) {
        answer.headers_mut().insert(LOCATION, there);
    }
    Ok(answer)
}

/// `GET /api/v1/drafts/{id}`.
pub(in crate::web) async fn show(
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    caller.administrates(TokenScope::AccessRead).await?;
    let SharedDraft { summary, text } = admin(&request).draft(wanted(&request)?).await?;
    let tag = answer::draft_etag(summary.version);
    if let Some(answer) = answer::unchanged(request.headers(), &tag) {
        return Ok(answer);
    }
    Ok(answer::tagged(shown(request.headers(), text)?, &tag))
}

/// As it was saved; as JSON only where the program names that, and the text is a model at all.
fn shown(headers: &HeaderMap, text: String) -> Result<HttpResponse, Failure> {
    if !wants_json(headers) {
        return Ok(written(body::TOML, text));
    }
    let document = Document::from_toml(&text);
    let document = document.map_err(|_| Refused::NotAcceptable(body::TOML))?;
    Ok(written(ContentType::json(), document.to_json()))
}

/// `PUT /api/v1/drafts/{id}`.
pub(in crate::web) async fn save(
    program: Program,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Failure> {
    let caller = &program.0;
    caller.administrates(TokenScope::AccessWrite).await?;
    let id = wanted(&request)?;
    let version = answer::written_on_draft(request.headers())?;
    let text = sent(&request, payload).await?;
    if text.contains('\0') {
        return Err(Refused::BodyUnreadable("it has a NUL.".to_owned()).into());
    }
    let by = author(&caller.session);
    match admin(&request).save_draft((id, version), text, &by).await? {
        Saved::Saved(version) => Ok(saved((StatusCode::OK, id), version)),
        Saved::Overtaken(theirs) => Err(overtaken_by(theirs.summary.version)),
    }
}

/// `DELETE /api/v1/drafts/{id}`.
pub(in crate::web) async fn discard(
    program: Program,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let caller = &program.0;
    caller.administrates(TokenScope::AccessWrite).await?;
    let id = wanted(&request)?;
    let version = answer::written_on_draft(request.headers())?;
    let (admin, by) = (
        admin(&request),
        about(&caller.visit, &caller.session.identity),
    );
    // one that is gone is said to be
    admin.draft(id).await?;
    match admin.discard_draft(id, version, by).await {
        Ok(()) => Ok(answer::nothing()),
        Err(error) => Err(not_changed(admin, id, error).await),
    }
}

/// The draft that the path names.
pub(super) fn wanted(request: &HttpRequest) -> Result<DraftId, Failure> {
    let text = request.match_info().get("id").unwrap_or_default();
    DraftId::parse(text).ok_or(Failure::Admin(Error::NoSuchDraft))
}

/// A draft that was saved, with the `ETag` of its version.
pub(super) fn saved((status, id): (StatusCode, DraftId), version: i64) -> HttpResponse {
    let saved = SavedDraft {
        id: id.to_string(),
        version,
    };
    answer::tagged(answer::json(status, &saved), &answer::draft_etag(version))
}

/// Why a draft was not changed; where somebody saved it meanwhile, with the version that stands there.
pub(super) async fn not_changed(admin: &Admin, id: DraftId, error: Error) -> Failure {
    match error {
        Error::DraftOvertaken => match admin.draft(id).await {
            Ok(theirs) => overtaken_by(theirs.summary.version),
            Err(error) => error.into(),
        },
        error => error.into(),
    }
}

/// Another version stands there.
pub(super) fn overtaken_by(version: i64) -> Failure {
    let current = answer::draft_etag(version);
    Refused::IfMatchStale { current }.into()
}
