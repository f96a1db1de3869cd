//! Ending sessions in AWS: what would be done, and doing it.
//!
//! Only what is cut off whole is answered by 200. What is not yet is 202, for it will be tried again; what will not be
//! unless somebody sees to it is 207, and `outcome` and each place say the same in words. It is done under an
//! `Idempotency-Key` alone, and goes on to its end even if the program goes away: whoever lost the answer asks for it again.

use std::panic::AssertUnwindSafe;

use actix_web::http::StatusCode;
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tracing::Instrument as _;
use utoipa::ToSchema;

use super::caller::Program;
use super::described::{Content, Endpoint, IDEMPOTENCY_KEY_NEEDED};
use super::idempotent::Once;
use super::revocation::{Revoked, without_policies};
use super::stops::until;
use super::{Refused, answer, body};
use crate::admin::revoke::{Asked, Outcome, SeenLately, StopFirst};
use crate::admin::{Error, LONGEST_NOTE};
use crate::domain::audit::Event;
use crate::domain::identity::IdpId;
use crate::domain::revoke::{Person, Target, Way};
use crate::domain::role::RoleKey;
use crate::domain::token::TokenScope;
use crate::signin::about;
use crate::web::admin::author;
use crate::web::problem::Failure;
use crate::web::visitor::{admin, revocations, signin};

/// The longest subject and format, in bytes.
const LONGEST: usize = 1_024;

pub(super) const PLAN: Endpoint = Endpoint {
    method: "POST",
    path: "/api/v1/revocations/plan",
    id: "planRevocation",
    summary: "Whom it would cut off where, with the exact policies, read from AWS and with nothing changed there",
    scope: Some(TokenScope::Revoke),
    parameters: &[],
    body: Some(Content::json::<RevocationWanted>()),
    answer: (200, Some(Content::json::<Revoked>())),
};
pub(super) const APPLY: Endpoint = Endpoint {
    method: "POST",
    path: "/api/v1/revocations",
    id: "revokeSessions",
    summary: "Cuts sessions off in AWS; 200 only where everything is",
    scope: Some(TokenScope::Revoke),
    parameters: &[IDEMPOTENCY_KEY_NEEDED],
    body: Some(Content::json::<RevocationWanted>()),
    answer: (
        200,
        Some(Content::json::<Revoked>().also(&[
            (202, "Something is not cut off yet, and will be tried again"),
            (
                207,
                "Something is not cut off, and will not be unless somebody sees to it",
            ),
        ])),
    ),
};
pub(super) const FIND: Endpoint = Endpoint {
    method: "POST",
    path: "/api/v1/revocations/people",
    id: "findRevocable",
    summary: "The people of whom the record has a sign-in whose session in AWS could still live, by a part of a name",
    scope: Some(TokenScope::Revoke),
    parameters: &[],
    body: Some(Content::json::<NamePart>()),
    answer: (200, Some(Content::json::<Revocable>())),
};
/// Who is cut off: everybody of a role, or one person everywhere.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RevocationWanted {
    /// `account-alias/name`.
    role: Option<String>,
    person: Option<WhoIsCut>,
    #[serde(default)]
    links: LinksMeant,
    /// Why, for the record.
    note: Option<String>,
    /// Whether they are blocked, or the role suspended, before anything is cut off. A plan only says whether they are.
    #[serde(default)]
    stop_first: bool,
    /// With `stop_first`, until when: `2026-03-01T17:00:00Z`. Left out, a person stays blocked until somebody lifts it, and a
    /// role suspended until the links that were handed out before have died.
    until: Option<String>,
    /// The moment that a plan named: then what was looked at is what is done. Left out: now. A plan has none.
    #[schema(value_type = Option<String>)]
    at: Option<DateTime<Utc>>,
}

/// A person of whom the record has a sign-in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WhoIsCut {
    idp: String,
    subject: String,
    /// Needed where the provider uses the subject in several formats.
    format: Option<String>,
}

/// A part of somebody’s name: in a body, for addresses stand in logs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NamePart {
    /// Of what people call them, or of `idp:subject`; letter case aside.
    text: String,
}

/// People who can be cut off.
#[derive(Debug, Serialize, ToSchema)]
struct Revocable {
    /// 50 at most.
    people: Vec<OneRevocable>,
    /// Whether there are more.
    more: bool,
}

/// Somebody who can be.
#[derive(Debug, Serialize, ToSchema)]
struct OneRevocable {
    idp: String,
    subject: String,
    format: String,
    display_name: String,
}

impl From<SeenLately> for OneRevocable {
    fn from(known: SeenLately) -> Self {
        let SeenLately { person, name } = known;
        Self {
            idp: person.idp,
            subject: person.subject,
            format: person.format,
            display_name: name,
        }
    }
}

/// What is done about sign-in links that were handed out already.
#[derive(Debug, Default, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum LinksMeant {
    /// Cut off now, and once more in 15 minutes.
    #[default]
    Again,
    /// Cut off at once whatever begins in the next 15 minutes.
    Ahead,
}

/// `POST /api/v1/revocations/people`.
pub(in crate::web) async fn find(
    program: Program,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Failure> {
    program.0.administrates(TokenScope::Revoke).await?;
    let part = body::json::<NamePart>(&request, payload).await?.says;
    if part.text.trim().is_empty() || part.text.len() > LONGEST {
        return Err(wrong("text", "is empty, or longer than anybody’s name"));
    }
    let by = by(&program, None)?;
    let found = revocations(&request).people((None, part.text.trim()), by);
    let found = found.await?;
    let revocable = Revocable {
        people: found.people.into_iter().map(Into::into).collect(),
        more: found.more,
    };
    Ok(answer::json(StatusCode::OK, &revocable))
}

/// `POST /api/v1/revocations/plan`.
pub(in crate::web) async fn plan(
    program: Program,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Failure> {
    program.0.administrates(TokenScope::Revoke).await?;
    let wanted = body::json::<RevocationWanted>(&request, payload)
        .await?
        .says;
    if wanted.at.is_some() {
        return Err(wrong("at", "is what a plan answers with"));
    }
    let by = by(&program, wanted.note.as_deref())?;
    let revocations = revocations(&request);
    let first = first(&request, &program, &wanted)?;
    let asked = asked(&request, wanted, first).await?;
    let planned = revocations.plan(&asked, by).await?;
    Ok(answer::json(StatusCode::OK, &planned.to_json()))
}

/// `POST /api/v1/revocations`.
pub(in crate::web) async fn apply(
    program: Program,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Failure> {
    program.0.administrates(TokenScope::Revoke).await?;
    let sent = body::json::<RevocationWanted>(&request, payload).await?;
    // whoever goes away finds what came of it under the same key
    let done = async move {
        let signin = signin(&request);
        let once = Once::begin_under_a_key(signin, &program, &request, &sent.raw);
        let once = match once.await? {
            Ok(once) => once,
            Err(before) => return Ok(before),
        };
        // whatever breaks, the key must not stay under way: what was cut off stays so, and is not cut off twice
        let done = AssertUnwindSafe(does(&request, &program, sent.says));
        let done = done.catch_unwind().await;
        let done = done.unwrap_or(Err(Failure::Fault));
        let (status, said) = once.end_as(done, without_policies).await?;
        Ok(answer::json(status, &said))
    };
    let done = actix_web::rt::spawn(done.in_current_span());
    done.await.map_err(|_| Failure::Fault)?
}

async fn does(
    request: &HttpRequest,
    program: &Program,
    wanted: RevocationWanted,
) -> Result<(StatusCode, Value), Failure> {
    let by = by(program, wanted.note.as_deref())?;
    let (at, revocations) = (wanted.at, revocations(request));
    let first = first(request, program, &wanted)?;
    let asked = asked(request, wanted, first).await?;
    let done = revocations.apply(&asked, at, by).await?;
    let status = match done.outcome() {
        Outcome::Done | Outcome::Planned => StatusCode::OK,
        Outcome::Unfinished => StatusCode::ACCEPTED,
        Outcome::Incomplete => StatusCode::MULTI_STATUS,
    };
    Ok((status, done.to_json()))
}

/// Who asks, and why.
fn by(program: &Program, note: Option<&str>) -> Result<Event, Failure> {
    let note = note.unwrap_or_default().trim();
    if note.chars().count() > LONGEST_NOTE || note.contains(char::is_control) {
        let why = "has at most 1,000 characters and no control characters";
        return Err(wrong("note", why));
    }
    let caller = &program.0;
    Ok(Event {
        note: Some(note.to_owned()).filter(|note| !note.is_empty()),
        ..about(&caller.visit, &caller.session.identity)
    })
}

/// Whether whoever is meant is stopped first, and until when.
fn first(
    request: &HttpRequest,
    program: &Program,
    wanted: &RevocationWanted,
) -> Result<Option<StopFirst>, Failure> {
    let until = until(request, wanted.until.as_deref())?;
    if until.is_some() && !wanted.stop_first {
        return Err(wrong("until", "goes with stop_first"));
    }
    Ok(wanted.stop_first.then(|| StopFirst {
        until,
        author: author(&program.0.session),
    }))
}

/// Who is meant. A person is one of whom the record has a sign-in: of anybody else, nothing could be cut off; but they can be
/// stopped first.
async fn asked(
    request: &HttpRequest,
    wanted: RevocationWanted,
    stop_first: Option<StopFirst>,
) -> Result<Asked, Failure> {
    let target = match (wanted.role, wanted.person) {
        (Some(role), None) => {
            let key = RoleKey::parse(&role).map_err(|_| Error::NoSuchRole(role))?;
            Target::Role(key)
        }
        (None, Some(person)) => {
            let texts = [&person.idp, &person.subject];
            if texts.iter().any(|text| text.len() > LONGEST) {
                return Err(wrong("person", "is longer than anybody’s name"));
            }
            Target::Person(somebody(request, &person, stop_first.is_some()).await?)
        }
        (None, None) | (Some(_), Some(_)) => {
            return Err(wrong("role", "stands, or a person does, and not both"));
        }
    };
    let way = match wanted.links {
        LinksMeant::Again => Way::Again,
        LinksMeant::Ahead => Way::Ahead,
    };
    Ok(Asked {
        target,
        way,
        stop_first,
    })
}

/// The one person who is called so.
async fn somebody(
    request: &HttpRequest,
    called: &WhoIsCut,
    stop_first: bool,
) -> Result<Person, Failure> {
    let (idp, subject, format) = (&called.idp, &called.subject, called.format.as_deref());
    let found = revocations(request).people_called(idp, subject, format);
    let mut found: Vec<Person> = found.await?.into_iter().map(|one| one.person).collect();
    if found.is_empty()
        && stop_first
        && let Ok(idp) = IdpId::parse(idp)
    {
        let known = admin(request).called(&idp, subject).await?;
        found = known.iter().map(Person::from).collect();
        found.retain(|one| format.is_none_or(|format| format == one.format));
    }
    let mut found = found.into_iter();
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => Err(Refused::NobodyInTheRecord.into()),
        (Some(one), Some(other)) => {
            let formats = format!("{:?}, {:?}", one.format, other.format);
            let why = format!("is needed: there are several people, such as {formats}");
            Err(wrong("person.format", &why))
        }
    }
}

fn wrong(path: &str, why: &str) -> Failure {
    let (path, why) = (path.to_owned(), why.to_owned());
    Refused::FieldUnreadable { path, why }.into()
}
