//! The access model as a document: read, checked, published, compared.

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, ContentType, HeaderMap, TryIntoHeaderValue};
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use utoipa::ToSchema;

use super::caller::{Caller, Program};
use super::described::{Content, Endpoint, IF_MATCH, Parameter};
use super::{Refused, answer, body};
use crate::admin::{Error, Signature, Unconfirmed};
use crate::domain::access::{AccessRevision, Document};
use crate::domain::token::TokenScope;
use crate::web::admin::signature;
use crate::web::headers::Kind;
use crate::web::problem::Failure;
use crate::web::visitor::admin;

pub(super) const DOCUMENT: Endpoint = Endpoint {
    method: "GET",
    path: "/api/v1/access/document",
    id: "document",
    summary: "The current access model, as TOML or JSON, with the ETag of its revision",
    scope: Some(TokenScope::AccessRead),
    parameters: &[],
    body: None,
    answer: (200, Some(Content::document())),
};
pub(super) const CHECK: Endpoint = Endpoint {
    method: "POST",
    path: "/api/v1/access/check",
    id: "check",
    summary: "Checks a document whole, and says what it would change",
    scope: Some(TokenScope::AccessWrite),
    parameters: &[],
    body: Some(Content::document()),
    answer: (200, Some(Content::json::<Checked>())),
};
pub(super) const PUBLISH: Endpoint = Endpoint {
    method: "POST",
    path: "/api/v1/access/publish",
    id: "publish",
    summary: "Publishes a document on top of the revision that If-Match names",
    scope: Some(TokenScope::AccessWrite),
    parameters: &[
        IF_MATCH,
        Parameter::query("note", "Why"),
        Parameter::query(
            "confirm",
            "What confirms a change that needs a second thought",
        ),
    ],
    body: Some(Content::document()),
    answer: (201, Some(Content::json::<Published>())),
};
pub(super) const COMPARE: Endpoint = Endpoint {
    method: "GET",
    path: "/api/v1/access/compare",
    id: "compare",
    summary: "What sets two revisions apart, in sentences",
    scope: Some(TokenScope::AccessRead),
    parameters: &[
        Parameter::needed("from", "The older revision; 0 for nothing at all"),
        Parameter::needed("to", "The newer one"),
    ],
    body: None,
    answer: (200, Some(Content::json::<Compared>())),
};

/// A document that would be published as it stands.
#[derive(Debug, Serialize, ToSchema)]
struct Checked {
    /// The revision that it was compared with.
    base: i64,
    /// What it would change, in sentences.
    changes: Vec<String>,
}

/// What was published.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Published {
    pub(super) revision: i64,
}

/// Two revisions.
#[derive(Debug, Serialize, ToSchema)]
struct Compared {
    from: i64,
    to: i64,
    /// What sets them apart, in sentences.
    changes: Vec<String>,
}

/// `GET /api/v1/access/document`.
pub(in crate::web) async fn document(
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    caller.administrates(TokenScope::AccessRead).await?;
    let current = admin(&request).current().await?;
    let (number, document) = current.map_or_else(Default::default, |(summary, document)| {
        (summary.number, document)
    });
    let tag = answer::etag(number);
    if let Some(answer) = answer::unchanged(request.headers(), &tag) {
        return Ok(answer);
    }
    Ok(answer::tagged(
        in_the_wanted_form(request.headers(), &document),
        &tag,
    ))
}

fn in_the_wanted_form(headers: &HeaderMap, document: &Document) -> HttpResponse {
    if wants_json(headers) {
        written(ContentType::json(), document.to_json())
    } else {
        written(body::TOML, document.to_toml())
    }
}

/// JSON where the program names it; else TOML, which people write.
pub(super) fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|said| said.to_str().ok());
    let says = |kind| accept.is_some_and(|said| said.to_ascii_lowercase().contains(kind));
    says(body::JSON) && !says(body::TOML)
}

/// A document of a kind.
pub(super) fn written(kind: impl TryIntoHeaderValue, text: String) -> HttpResponse {
    let mut answer = HttpResponse::Ok().content_type(kind).body(text);
    answer.extensions_mut().insert(Kind::Data);
    answer
}

/// `POST /api/v1/access/check`.
pub(in crate::web) async fn check(
    program: Program,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Failure> {
    program.0.administrates(TokenScope::AccessWrite).await?;
    let text = sent(&request, payload).await?;
    let checked = admin(&request).check(&text).await?;
    let checked = Checked {
        base: checked.base,
        changes: checked.changes,
    };
    Ok(answer::json(StatusCode::OK, &checked))
}

/// The document that was sent, as TOML.
pub(super) async fn sent(request: &HttpRequest, payload: Payload) -> Result<String, Failure> {
    let (text, is_json) = body::document(request, payload).await?;
    if !is_json {
        return Ok(text);
    }
    let document = Document::from_json(&text).map_err(Error::Unreadable)?;
    Ok(document.to_toml())
}

/// `POST /api/v1/access/publish?note=&confirm=`.
pub(in crate::web) async fn publish(
    program: Program,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Failure> {
    let caller = &program.0;
    caller.administrates(TokenScope::AccessWrite).await?;
    let base = answer::written_on(request.headers())?;
    let query = answer::query(&request)?;
    let note = query.one("note")?.unwrap_or_default();
    let typed = query.one("confirm")?.unwrap_or_default();
    let text = sent(&request, payload).await?;
    let signature = signature(&caller.visit, &caller.session, note);
    publishes(&request, (&text, base), typed, signature).await
}

/// Publishes a document, if what needs a second thought in it is confirmed.
pub(super) async fn publishes(
    request: &HttpRequest,
    document: (&str, AccessRevision),
    typed: &str,
    signature: Signature,
) -> Result<HttpResponse, Failure> {
    let admin = admin(request);
    let published = admin.publish_reviewed(document, typed, signature).await;
    match published {
        Ok(Ok(number)) => published_at(Ok(number)),
        Ok(Err(Unconfirmed { phrase, .. })) => Err(Refused::ConfirmationNeeded { phrase }.into()),
        Err(error) => published_at(Err(error)),
    }
}

/// The answer to a publish: where it is, or what stands there instead.
pub(super) fn published_at(
    published: Result<AccessRevision, Error>,
) -> Result<HttpResponse, Failure> {
    match published {
        Ok(revision) => {
            let answer = answer::json(StatusCode::CREATED, &Published { revision });
            Ok(answer::tagged(answer, &answer::etag(revision)))
        }
        Err(Error::Conflict { current }) => Err(Refused::IfMatchStale {
            current: answer::etag(current),
        }
        .into()),
        Err(error) => Err(error.into()),
    }
}

/// `GET /api/v1/access/compare?from=&to=`.
pub(in crate::web) async fn compare(
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    caller.administrates(TokenScope::AccessRead).await?;
    let query = answer::query(&request)?;
    let number = |name| {
        let text = query.one(name)?;
        let number = text.and_then(answer::number);
        number.ok_or_else(|| {
            Failure::from(Refused::BodyUnreadable(format!(
                "{name}: the number of a revision is needed."
            )))
        })
    };
    let (from, to) = (number("from")?, number("to")?);
    let changes = admin(&request).compare(from, to).await?;
    Ok(answer::json(
        StatusCode::OK,
        &Compared { from, to, changes },
    ))
}
