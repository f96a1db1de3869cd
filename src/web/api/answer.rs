//! Answers for programs, and what they say of versions.

use actix_web::http::StatusCode;
use actix_web::http::header::{ETAG, HeaderMap, HeaderValue, IF_MATCH, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::Refused;
use crate::domain::access::AccessRevision;
use crate::web::headers::Kind;
use crate::web::parameters::Parameters;
use crate::web::problem::Failure;

/// How many entries a list has, unless the program says.
const ON_A_PAGE: u32 = 50;
/// How many it may say.
const MOST_ON_A_PAGE: u32 = 200;

/// A value as JSON.
pub(super) fn json(status: StatusCode, value: &impl Serialize) -> HttpResponse {
    kept(HttpResponse::build(status).json(value), Kind::Data)
}

/// One that holds a secret.
pub(super) fn secret(value: &impl Serialize) -> HttpResponse {
    kept(HttpResponse::Created().json(value), Kind::Secret)
}

/// Nothing, said.
pub(super) fn nothing() -> HttpResponse {
    kept(HttpResponse::NoContent().finish(), Kind::Data)
}

fn kept(mut answer: HttpResponse, kind: Kind) -> HttpResponse {
    answer.extensions_mut().insert(kind);
    answer
}

/// The `ETag` of a revision.
pub(super) fn etag(revision: AccessRevision) -> String {
    format!("\"revision-{revision}\"")
}

/// The `ETag` of a draft: of one draft, it tells one version from another.
pub(super) fn draft_etag(version: i64) -> String {
    format!("\"draft-{version}\"")
}

/// The same answer, with the version that it shows.
pub(super) fn tagged(mut answer: HttpResponse, tag: &str) -> HttpResponse {
    if let Ok(tag) = HeaderValue::from_str(tag) {
        answer.headers_mut().insert(ETAG, tag);
    }
    answer
}

/// An answer without a body if the program has that version already (RFC 9110 §13.1.2).
pub(super) fn unchanged(headers: &HeaderMap, tag: &str) -> Option<HttpResponse> {
    let known = headers.get(IF_NONE_MATCH)?.to_str().ok()?;
    let knows = known
        .split(',')
        .map(|known| known.trim().trim_start_matches("W/"))
        .any(|known| known == tag || known == "*");
    knows.then(|| tagged(kept(HttpResponse::NotModified().finish(), Kind::Data), tag))
}

/// The revision that a request is written on (RFC 9110 §13.1.1). `*` is none: it says nothing of what was read.
pub(super) fn written_on(headers: &HeaderMap) -> Result<AccessRevision, Refused> {
    version(headers, "\"revision-")
}

/// Likewise, the version of a draft.
pub(super) fn written_on_draft(headers: &HeaderMap) -> Result<i64, Refused> {
    version(headers, "\"draft-")
}

fn version(headers: &HeaderMap, prefix: &str) -> Result<i64, Refused> {
    let mut said = headers.get_all(IF_MATCH);
    let (first, second) = (said.next(), said.next());
    let (Some(first), None) = (first, second) else {
        return Err(Refused::IfMatchNeeded);
    };
    let text = first.to_str().unwrap_or_default().trim();
    text.strip_prefix(prefix)
        .and_then(|text| text.strip_suffix('"'))
        .and_then(number)
        .ok_or(Refused::IfMatchNeeded)
}

/// A number as we write them.
pub(super) fn number(text: &str) -> Option<i64> {
    let plain = (1..=18).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// The parameters of an address.
pub(super) fn query(request: &HttpRequest) -> Result<Parameters, Failure> {
    Ok(Parameters::read(request.query_string())?)
}

/// How many entries the program wants.
pub(super) fn limit(query: &Parameters) -> Result<u32, Failure> {
    let Some(text) = query.one("limit")? else {
        return Ok(ON_A_PAGE);
    };
    let said = number(text).and_then(|many| u32::try_from(many).ok());
    let fits = said.filter(|many| (1..=MOST_ON_A_PAGE).contains(many));
    fits.ok_or_else(|| Refused::BodyUnreadable("limit is between 1 and 200.".to_owned()).into())
}
