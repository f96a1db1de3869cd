//! People, for administrators: found, their sessions seen and ended.
//!
//! A person is named by a key in addresses, never by name or subject. That somebody was looked at stands in the record.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use utoipa::ToSchema;

use super::caller::{Caller, Program};
use super::described::{Content, Endpoint, Parameter};
use super::sessions::{OneSession, named};
use super::stops::OneStop;
use super::{Refused, answer};
use crate::admin::{Error, PersonLine, PersonView};
use crate::domain::Timestamp;
use crate::domain::person::{KnownPerson, PersonKey};
use crate::domain::token::TokenScope;
use crate::signin::about;
use crate::web::problem::Failure;
use crate::web::visitor::admin;

/// The longest text to look for, in bytes.
const LONGEST_QUERY: usize = 256;

pub(super) const LIST: Endpoint = Endpoint {
    method: "GET",
    path: "/api/v1/people",
    id: "people",
    summary: "Who is signed in or blocked",
    scope: Some(TokenScope::RecordRead),
    parameters: &[Parameter::query(
        "q",
        "A part of the name or the subject, letter case aside. At most 200 people are listed",
    )],
    body: None,
    answer: (200, Some(Content::json::<FoundPeople>())),
};
pub(super) const SHOW: Endpoint = Endpoint {
    method: "GET",
    path: "/api/v1/people/{person}",
    id: "person",
    summary: "Somebody’s live sessions, and whether they are blocked; that they were looked at stands in the record",
    scope: Some(TokenScope::RecordRead),
    parameters: &[],
    body: None,
    answer: (200, Some(Content::json::<WholePerson>())),
};
pub(super) const END_ALL: Endpoint = Endpoint {
    method: "DELETE",
    path: "/api/v1/people/{person}/sessions",
    id: "endAnybodysSessions",
    summary: "Ends all of somebody’s sessions with Vestibule; answered when nothing leaves by them any more",
    scope: Some(TokenScope::Revoke),
    parameters: &[],
    body: None,
    answer: (204, None),
};
pub(super) const END: Endpoint = Endpoint {
    method: "DELETE",
    path: "/api/v1/people/{person}/sessions/{handle}",
    id: "endAnybodysSession",
    summary: "Ends one of somebody’s sessions with Vestibule; answered when nothing leaves by it any more",
    scope: Some(TokenScope::Revoke),
    parameters: &[],
    body: None,
    answer: (204, None),
};

/// Somebody who is known here.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OnePerson {
    /// By what they are named in addresses.
    person: String,
    idp: String,
    subject_format: String,
    subject: String,
    display_name: String,
}

impl OnePerson {
    pub(super) fn new(key: &PersonKey, known: &KnownPerson) -> Self {
        Self {
            person: key.to_string(),
            idp: known.idp.to_string(),
            subject_format: known.subject.format.clone(),
            subject: known.subject.value.clone(),
            display_name: known.display_name.clone(),
        }
    }
}

/// Somebody in a list.
#[derive(Debug, Serialize, ToSchema)]
struct FoundPerson {
    #[serde(flatten)]
    #[schema(inline)]
    who: OnePerson,
    /// When they were last seen, where they have a live session.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    seen: Option<Timestamp>,
    /// Whether they were found by a block.
    blocked: bool,
    /// Until when; absent of somebody who is blocked: until somebody says otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    until: Option<Timestamp>,
}

impl From<&PersonLine> for FoundPerson {
    fn from(line: &PersonLine) -> Self {
        Self {
            who: OnePerson::new(&line.key, &line.person),
            seen: line.seen,
            blocked: line.blocked.is_some(),
            until: line.blocked.and_then(|until| until.0),
        }
    }
}

/// What a search found.
#[derive(Debug, Serialize, ToSchema)]
struct FoundPeople {
    people: Vec<FoundPerson>,
    /// There were more than are listed.
    more: bool,
    /// There are live sessions that were not looked at: a subject in full is found all the same.
    partial: bool,
}

/// A person.
#[derive(Debug, Serialize, ToSchema)]
struct WholePerson {
    #[serde(flatten)]
    #[schema(inline)]
    who: OnePerson,
    /// Their live sessions, the newest first.
    sessions: Vec<OneSession>,
    /// Whether a block is in force.
    blocked: bool,
    /// Their block, in force or ended lately.
    #[serde(skip_serializing_if = "Option::is_none")]
    block: Option<OneStop>,
}

impl From<PersonView> for WholePerson {
    fn from(view: PersonView) -> Self {
        let name = view.person.display_name.clone();
        Self {
            who: OnePerson::new(&view.key, &view.person),
            sessions: view.sessions.iter().map(Into::into).collect(),
            blocked: view.is_blocked,
            block: view
                .block
                .map(|stop| OneStop::new(stop, name, view.is_blocked)),
        }
    }
}

/// `GET /api/v1/people?q=`.
pub(in crate::web) async fn list(
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    caller.administrates(TokenScope::RecordRead).await?;
    let query = answer::query(&request)?;
    let text = query.one("q")?.unwrap_or_default();
    if text.len() > LONGEST_QUERY {
        return Err(Refused::BodyUnreadable("q: is too long.".to_owned()).into());
    }
    let found = admin(&request).people(text).await?;
    let found = FoundPeople {
        people: found.lines.iter().map(Into::into).collect(),
        more: found.more,
        partial: found.partial,
    };
    Ok(answer::json(StatusCode::OK, &found))
}

/// `GET /api/v1/people/{person}`.
pub(in crate::web) async fn show(
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let by = caller.reads_of_others(&request).await?;
    let view = admin(&request).person(&key(&request)?, by).await?;
    Ok(answer::json(StatusCode::OK, &WholePerson::from(view)))
}

/// `DELETE /api/v1/people/{person}/sessions`.
pub(in crate::web) async fn end_all(
    program: Program,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let caller = &program.0;
    caller.administrates(TokenScope::Revoke).await?;
    let by = about(&caller.visit, &caller.session.identity);
    let key = key(&request)?;
    admin(&request).end_all_sessions(&key, by).await?;
    Ok(answer::nothing())
}

/// `DELETE /api/v1/people/{person}/sessions/{handle}`.
pub(in crate::web) async fn end(
    program: Program,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let caller = &program.0;
    caller.administrates(TokenScope::Revoke).await?;
    let by = about(&caller.visit, &caller.session.identity);
    let (key, one) = (key(&request)?, named(&request)?);
    let admin = admin(&request);
    admin.end_sessions(&key, Some(&one), by).await?;
    Ok(answer::nothing())
}

/// The person whom the path names. What can be nobody's key is answered like a key that is nobody's.
pub(super) fn key(request: &HttpRequest) -> Result<PersonKey, Error> {
    let text = request.match_info().get("person").unwrap_or_default();
    PersonKey::parse(text).ok_or(Error::NoSuchPerson)
}
