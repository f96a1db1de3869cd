//! Blocks and suspensions, for administrators: listed, set and lifted.
//!
//! What is set stands in place of what stood there, so asking twice is asking once; it is answered when nothing leaves any
//! more that it forbids, on any replica.

use actix_web::http::StatusCode;
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::{Caller, Program};
use super::described::{BEFORE, Content, Endpoint, LIMIT};
use super::people::{OnePerson, key};
use super::{Refused, answer, body};
use crate::admin::{Error, Place, Signature, StopLine};
use crate::domain::Timestamp;
use crate::domain::identity::{IdpId, Subject};
use crate::domain::person::KnownPerson;
use crate::domain::stop::{Cursor, Stop, Target, Until, is_note};
use crate::domain::token::TokenScope;
use crate::signin::about;
use crate::web::admin::signature;
use crate::web::links;
use crate::web::problem::Failure;
use crate::web::visitor::{admin, site};

/// The longest names of somebody who is not known yet, in bytes.
const LONGEST_SUBJECT: usize = 1_024;
const LONGEST_FORMAT: usize = 256;

pub(super) const LIST: Endpoint = Endpoint {
    method: "GET",
    path: "/api/v1/stops",
    id: "stops",
    summary: "Blocks and suspensions, in force or ended lately, the newest first",
    scope: Some(TokenScope::RecordRead),
    parameters: &[BEFORE, LIMIT],
    body: None,
    answer: (200, Some(Content::json::<Stops>())),
};
pub(super) const BLOCK_BY_NAME: Endpoint = Endpoint {
    method: "POST",
    path: "/api/v1/people/block",
    id: "blockByName",
    summary: "Blocks somebody by what their provider calls them, seen here or not",
    scope: Some(TokenScope::Revoke),
    parameters: &[],
    body: Some(Content::json::<BlockWanted>()),
    answer: (200, Some(Content::json::<OneStop>())),
};
pub(super) const BLOCK: Endpoint = Endpoint {
    method: "PUT",
    path: "/api/v1/people/{person}/block",
    id: "block",
    summary: "Blocks somebody who is known here: their sessions and tokens end, and none begins",
    scope: Some(TokenScope::Revoke),
    parameters: &[],
    body: Some(Content::json::<StopWanted>()),
    answer: (200, Some(Content::json::<OneStop>())),
};
pub(super) const UNBLOCK: Endpoint = Endpoint {
    method: "DELETE",
    path: "/api/v1/people/{person}/block",
    id: "unblock",
    summary: "Takes somebody’s block back",
    scope: Some(TokenScope::Revoke),
    parameters: &[],
    body: None,
    answer: (204, None),
};
pub(super) const SUSPEND_ACCOUNT: Endpoint = Endpoint {
    method: "PUT",
    path: "/api/v1/accounts/{account}/suspension",
    id: "suspendAccount",
    summary: "Suspends an account, by alias or id, with all its roles",
    scope: Some(TokenScope::Revoke),
    parameters: &[],
    body: Some(Content::json::<StopWanted>()),
    answer: (200, Some(Content::json::<OneStop>())),
};
pub(super) const RESUME_ACCOUNT: Endpoint = Endpoint {
    method: "DELETE",
    path: "/api/v1/accounts/{account}/suspension",
    id: "resumeAccount",
    summary: "Opens an account again",
    scope: Some(TokenScope::Revoke),
    parameters: &[],
    body: None,
    answer: (204, None),
};
pub(super) const SUSPEND_ROLE: Endpoint = Endpoint {
    method: "PUT",
    path: "/api/v1/roles/{account}/{role}/suspension",
    id: "suspendRole",
    summary: "Suspends a role",
    scope: Some(TokenScope::Revoke),
    parameters: &[],
    body: Some(Content::json::<StopWanted>()),
    answer: (200, Some(Content::json::<OneStop>())),
};
pub(super) const RESUME_ROLE: Endpoint = Endpoint {
    method: "DELETE",
    path: "/api/v1/roles/{account}/{role}/suspension",
    id: "resumeRole",
    summary: "Opens a role again",
    scope: Some(TokenScope::Revoke),
    parameters: &[],
    body: None,
    answer: (204, None),
};

/// Until when, and why.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct StopWanted {
    /// `2026-03-01T17:00:00Z`; absent: until somebody says otherwise.
    until: Option<String>,
    /// For administrators; whom it stops does not see it.
    note: Option<String>,
}

/// Whom, until when, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BlockWanted {
    /// The identity provider's id.
    idp: String,
    /// Byte for byte, as the record has it: a `NameID`'s format, which may be empty, or `sub` for OpenID Connect.
    subject_format: String,
    /// Byte for byte.
    subject: String,
    /// `2026-03-01T17:00:00Z`; absent: until somebody says otherwise.
    until: Option<String>,
    /// For administrators; whom it stops does not see it.
    note: Option<String>,
}

/// A block or a suspension.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OneStop {
    /// `person`, `account` or `role`.
    kind: &'static str,
    /// A person's key, an account's id, or `111122223333/role`.
    target: String,
    /// What readers know it by.
    name: String,
    /// Who it is, where it is a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    who: Option<OnePerson>,
    /// Whether it is in force; if not, it has ended by itself.
    in_force: bool,
    /// Absent: until somebody says otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    until: Option<Timestamp>,
    note: String,
    /// Who set it.
    by: String,
    /// When.
    #[schema(value_type = String)]
    at: Timestamp,
}

impl OneStop {
    pub(super) fn new(stop: Stop, name: String, in_force: bool) -> Self {
        let who = match (&stop.target, &stop.person) {
            (Target::Person(key), Some(known)) => Some(OnePerson::new(key, known)),
            _ => None,
        };
        Self {
            kind: stop.target.kind(),
            target: stop.target.to_string(),
            name,
            who,
            in_force,
            until: stop.until.0,
            note: stop.note,
            by: stop.author,
            at: stop.at,
        }
    }
}

impl From<StopLine> for OneStop {
    fn from(line: StopLine) -> Self {
        Self::new(line.stop, line.name, line.in_force)
    }
}

/// Blocks and suspensions.
#[derive(Debug, Serialize, ToSchema)]
struct Stops {
    stops: Vec<OneStop>,
    /// What comes next stands before this; absent: nothing does.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// `GET /api/v1/stops?before=&limit=`.
pub(in crate::web) async fn list(
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    caller.administrates(TokenScope::RecordRead).await?;
    let query = answer::query(&request)?;
    let before = query.one("before")?.map(|text| {
        let wrong = "before: is no `next` of a page before.";
        Cursor::parse(text).ok_or_else(|| Refused::BodyUnreadable(wrong.to_owned()))
    });
    let (before, limit) = (before.transpose()?, answer::limit(&query)?);
    let list = admin(&request).stops(before.as_ref(), limit).await?;
    let page = Stops {
        stops: list.lines.into_iter().map(Into::into).collect(),
        next: list.next.map(|next| next.text()),
    };
    Ok(answer::json(StatusCode::OK, &page))
}

/// `POST /api/v1/people/block`.
pub(in crate::web) async fn block_by_name(
    program: Program,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Failure> {
    program.0.administrates(TokenScope::Revoke).await?;
    let wanted = body::json::<BlockWanted>(&request, payload).await?.says;
    let fits = |text: &str, longest| text.len() <= longest && !text.contains(char::is_control);
    let (subject, format) = (wanted.subject, wanted.subject_format);
    if !fits(&subject, LONGEST_SUBJECT) || !fits(&format, LONGEST_FORMAT) {
        return Err(Error::NoSuchPerson.into());
    }
    let idp = IdpId::parse(&wanted.idp).map_err(|_| Error::NoSuchPerson)?;
    let value = subject;
    let (_, person) = admin(&request).somebody(idp, Subject { format, value })?;
    let said = StopWanted {
        until: wanted.until,
        note: wanted.note,
    };
    blocks(&request, &program, person, said).await
}

/// `PUT /api/v1/people/{person}/block`.
pub(in crate::web) async fn block(
    program: Program,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Failure> {
    program.0.administrates(TokenScope::Revoke).await?;
    let said = body::json::<StopWanted>(&request, payload).await?.says;
    let person = admin(&request).who(&key(&request)?).await?;
    blocks(&request, &program, person, said).await
}

async fn blocks(
    request: &HttpRequest,
    program: &Program,
    person: KnownPerson,
    said: StopWanted,
) -> Result<HttpResponse, Failure> {
    let (until, by) = signed(request, program, said)?;
    let set = admin(request).block(person, until, by).await?;
    shown(request, &set).await
}

/// `DELETE /api/v1/people/{person}/block`.
pub(in crate::web) async fn unblock(
    program: Program,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    program.0.administrates(TokenScope::Revoke).await?;
    let target = Target::Person(key(&request)?);
    lift(&request, &program, &target).await
}

/// `PUT /api/v1/accounts/{account}/suspension` and `PUT /api/v1/roles/{account}/{role}/suspension`.
pub(in crate::web) async fn suspend(
    program: Program,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Failure> {
    program.0.administrates(TokenScope::Revoke).await?;
    let said = body::json::<StopWanted>(&request, payload).await?.says;
    let place = place(&request)?;
    let (until, by) = signed(&request, &program, said)?;
    let set = admin(&request).suspend(&place, until, by).await?;
    shown(&request, &set).await
}

/// `DELETE /api/v1/accounts/{account}/suspension` and `DELETE /api/v1/roles/{account}/{role}/suspension`.
pub(in crate::web) async fn resume(
    program: Program,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    program.0.administrates(TokenScope::Revoke).await?;
    let target = admin(&request).stopped_at(&place(&request)?).await?;
    lift(&request, &program, &target).await
}

async fn lift(
    request: &HttpRequest,
    program: &Program,
    target: &Target,
) -> Result<HttpResponse, Failure> {
    let caller = &program.0;
    let by = about(&caller.visit, &caller.session.identity);
    admin(request).lift(target, by).await?;
    Ok(answer::nothing())
}

/// What stands there now.
async fn shown(request: &HttpRequest, target: &Target) -> Result<HttpResponse, Failure> {
    let stop = admin(request).stop(target).await?;
    Ok(answer::json(StatusCode::OK, &OneStop::from(stop)))
}

/// Until when, and who says so and why.
fn signed(
    request: &HttpRequest,
    program: &Program,
    said: StopWanted,
) -> Result<(Until, Signature), Refused> {
    let until = until(request, said.until.as_deref())?.unwrap_or(Until(None));
    let note = said.note.unwrap_or_default();
    if !is_note(&note) {
        return Err(Refused::BodyUnreadable(format!("note: {}.", Error::Note)));
    }
    let caller = &program.0;
    let by = signature(&caller.visit, &caller.session, note.trim());
    Ok((until, by))
}

/// Until when a stop is in force, where a program says so.
pub(super) fn until(request: &HttpRequest, said: Option<&str>) -> Result<Option<Until>, Refused> {
    let wrong = |what: String| Refused::BodyUnreadable(what);
    match said.map(str::trim) {
        None => Ok(None),
        // whoever means no end leaves it out
        Some("") => Err(wrong("until: is empty.".to_owned())),
        Some(text) => Until::parse(text, site(request).clock.now())
            .map(Some)
            .map_err(|error| wrong(format!("until: {error}."))),
    }
}

/// The account, or the role, that the path names.
fn place(request: &HttpRequest) -> Result<Place, Error> {
    let named = request.match_info();
    let unknown = |_| Error::NoSuchPlace;
    if named.get("role").is_some() {
        let path = request.uri().path().trim_start_matches("/api/v1");
        let asked = links::why(path).map_err(unknown)?;
        return Ok(Place {
            account: asked.account,
            role: Some(asked.role),
        });
    }
    Ok(Place {
        account: links::account(named.get("account").unwrap_or_default()).map_err(unknown)?,
        role: None,
    })
}
