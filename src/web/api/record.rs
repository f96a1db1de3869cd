//! The record: searched, copied out, what it says of a person or a role, and whose a name in CloudTrail is.
//!
//! That it was read stands in it before anything is answered, with the token by which it was.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use utoipa::ToSchema;

use super::caller::Caller;
use super::described::{BEFORE, Content, Endpoint, LIMIT, Parameter};
use super::rows::{RecordRow, RecordRows, Unindexed};
use super::{Refused, answer};
use crate::admin::{Format, Traced};
use crate::domain::record::{Cursor, FIELDS, Search, Trace};
use crate::domain::token::TokenScope;
use crate::web::parameters::Parameters;
use crate::web::problem::Failure;
use crate::web::record;
use crate::web::visitor::admin;

const FORMAT: Parameter = Parameter::needed("format", "jsonl or csv");

/// What a search is for, after what comes before it.
macro_rules! search_after {
    ($($first:expr),+) => {
        &[
            $($first,)+
            Parameter::query("person", "A person by a subject, a name or a session name in full, in whatever case"),
            Parameter::query("idp", "One person exactly, with subject: their identity provider’s id"),
            Parameter::query("subject", "What it calls them, byte for byte"),
            Parameter::query("subject_format", "Only where the subject is of this format"),
            Parameter::query("about", "yes: only what is about that person, not what they did"),
            Parameter::query("account", "An account, by its alias or its id"),
            Parameter::query("role", "A role, account-alias/role"),
            Parameter::query("kind", "A kind of event"),
            Parameter::query("result", "A result"),
            Parameter::query("cause", "A cause"),
            Parameter::query("signin", "A sign-in’s id"),
            Parameter::query("reference", "The reference of a problem"),
            Parameter::query("session_name", "A RoleSessionName, or a federated user’s name"),
            Parameter::query("source_identity", "A SourceIdentity"),
            Parameter::query("access_key", "The id of an access key"),
            Parameter::query("address", "The address that a request came from"),
            Parameter::query("from", "From this date or moment on"),
            Parameter::query("until", "Before this date or moment"),
        ]
    };
}

pub(super) const SEARCH: Endpoint = Endpoint {
    method: "GET",
    path: "/api/v1/record",
    id: "record",
    summary: "Rows of the record, the newest first; that it was read stands in it",
    scope: Some(TokenScope::RecordRead),
    parameters: search_after!(BEFORE, LIMIT),
    body: None,
    answer: (200, Some(Content::json::<RecordPage>())),
};
pub(super) const EXPORT: Endpoint = Endpoint {
    method: "GET",
    path: "/api/v1/record/export",
    id: "exportRecord",
    summary: "All rows that fit, the oldest first, a line each; that it was copied stands in the record",
    scope: Some(TokenScope::RecordRead),
    parameters: search_after!(FORMAT),
    body: None,
    answer: (200, Some(Content::rows())),
};
pub(super) const PERSON: Endpoint = Endpoint {
    method: "GET",
    path: "/api/v1/record/person",
    id: "recordOfPerson",
    summary: "What the record says of a person: the newest rows of each sort",
    scope: Some(TokenScope::RecordRead),
    parameters: &[
        Parameter::needed("idp", "Their identity provider’s id"),
        Parameter::needed("subject", "What it calls them, byte for byte"),
    ],
    body: None,
    answer: (200, Some(Content::json::<RecordOfPerson<'_>>())),
};
pub(super) const ROLE: Endpoint = Endpoint {
    method: "GET",
    path: "/api/v1/record/role",
    id: "recordOfRole",
    summary: "What the record says of a role: the newest rows of each sort",
    scope: Some(TokenScope::RecordRead),
    parameters: &[Parameter::needed("role", "Its key, account-alias/role")],
    body: None,
    answer: (200, Some(Content::json::<RecordOfRole>())),
};
pub(super) const WHO: Endpoint = Endpoint {
    method: "GET",
    path: "/api/v1/record/who",
    id: "who",
    summary: "Whose a name in CloudTrail is, with every sign-in that shows as it",
    scope: Some(TokenScope::RecordRead),
    parameters: &[Parameter::needed(
        "trace",
        "A session’s ARN, a principal id, a session name or source identity, or an access key id",
    )],
    body: None,
    answer: (200, Some(Content::json::<Whose>())),
};

/// A page of the record. It may be empty and yet have a `next`.
#[derive(Debug, Serialize, ToSchema)]
struct RecordPage {
    rows: Vec<RecordRow>,
    /// What comes next stands before this; absent: nothing does.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unindexed: Option<Unindexed>,
}

/// What the record says of a person.
#[derive(Debug, Serialize, ToSchema)]
struct RecordOfPerson<'a> {
    idp: &'a str,
    subject: &'a str,
    /// Their consoles and keys.
    signins: RecordRows,
    /// The sessions with Vestibule that they began or that were ended.
    sessions: RecordRows,
    /// What they did not get.
    refusals: RecordRows,
    /// What others did about them.
    about: RecordRows,
    #[serde(skip_serializing_if = "Option::is_none")]
    unindexed: Option<Unindexed>,
}

/// What the record says of a role.
#[derive(Debug, Serialize, ToSchema)]
struct RecordOfRole {
    role: String,
    /// Who went in.
    signins: RecordRows,
    /// Who did not get in.
    refusals: RecordRows,
    /// Probes and suspensions.
    changes: RecordRows,
    #[serde(skip_serializing_if = "Option::is_none")]
    unindexed: Option<Unindexed>,
}

/// Whose a name is.
#[derive(Debug, Serialize, ToSchema)]
struct Whose {
    /// Whom it leads to; nobody: no sign-in in the record shows as it.
    people: Vec<WhoSignedIn>,
    /// The rows of their sign-ins, the newest first.
    rows: Vec<RecordRow>,
    /// Whether there may be earlier ones.
    more: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    unindexed: Option<Unindexed>,
}

/// Somebody whose sign-in it was.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
struct WhoSignedIn {
    #[serde(skip_serializing_if = "Option::is_none")]
    idp: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject_format: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<String>,
}

impl Whose {
    fn new(traced: &Traced) -> Self {
        let events = traced.records().map(|record| &record.event);
        let people: BTreeSet<WhoSignedIn> = events
            .map(|event| WhoSignedIn {
                idp: event.idp.clone(),
                subject: event.subject.clone(),
                subject_format: event.subject_format.clone(),
                display_name: event.display_name.clone(),
            })
            .collect();
        Self {
            people: people.into_iter().collect(),
            rows: RecordRow::all(&traced.rows),
            more: traced.more,
            unindexed: Unindexed::of(traced.unindexed),
        }
    }
}

/// `GET /api/v1/record?person=&role=&…&before=&limit=`.
pub(in crate::web) async fn search(
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let by = caller.reads_of_others(&request).await?;
    let query = answer::query(&request)?;
    let search = asked(&query, &["before", "limit"])?;
    let before = query.one("before")?.map(|text| {
        Cursor::parse(text).ok_or_else(|| wrong("before: is no `next` of a page before."))
    });
    let (before, limit) = (before.transpose()?, answer::limit(&query)?);
    let admin = admin(&request);
    let looked = admin.search_record(&search, before, limit, by).await?;
    let page = RecordPage {
        rows: RecordRow::all(&looked.rows),
        next: looked.next.map(Cursor::text),
        unindexed: Unindexed::of(looked.unindexed),
    };
    Ok(answer::json(StatusCode::OK, &page))
}

/// `GET /api/v1/record/export?format=&person=&…`.
pub(in crate::web) async fn export(
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let by = caller.reads_of_others(&request).await?;
    let query = answer::query(&request)?;
    let format = query.one("format")?.and_then(Format::parse);
    let format = format.ok_or_else(|| wrong("format: is jsonl or csv."))?;
    let search = asked(&query, &["format"])?;
    let copying = admin(&request).copy_record(search, format, by).await?;
    Ok(record::streamed(copying, format))
}

/// `GET /api/v1/record/person?idp=&subject=`.
pub(in crate::web) async fn person(
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let by = caller.reads_of_others(&request).await?;
    let query = answer::query(&request)?;
    let person = record::person(&query)?;
    let (idp, subject) =
        person.ok_or_else(|| wrong("idp and subject: both are needed, and bounded."))?;
    let of = admin(&request).record_of_person((idp, subject), by).await?;
    let of = RecordOfPerson {
        idp,
        subject,
        signins: (&of.signins).into(),
        sessions: (&of.sessions).into(),
        refusals: (&of.refusals).into(),
        about: (&of.about).into(),
        unindexed: Unindexed::of(of.unindexed),
    };
    Ok(answer::json(StatusCode::OK, &of))
}

/// `GET /api/v1/record/role?role=`.
pub(in crate::web) async fn role(
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let by = caller.reads_of_others(&request).await?;
    let query = answer::query(&request)?;
    let role = record::role(&query)?.ok_or_else(|| wrong("role: is account-alias/role."))?;
    let role = role.to_string();
    let of = admin(&request).record_of_role(&role, by).await?;
    let of = RecordOfRole {
        role,
        signins: (&of.signins).into(),
        refusals: (&of.refusals).into(),
        changes: (&of.changes).into(),
        unindexed: Unindexed::of(of.unindexed),
    };
    Ok(answer::json(StatusCode::OK, &of))
}

/// `GET /api/v1/record/who?trace=`.
pub(in crate::web) async fn who(
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let by = caller.reads_of_others(&request).await?;
    let query = answer::query(&request)?;
    let text = query.one("trace")?.unwrap_or_default();
    let trace = Trace::parse(text).map_err(|error| wrong(&format!("trace: {error}.")))?;
    let traced = admin(&request).trace((&trace, text.trim()), by).await?;
    Ok(answer::json(StatusCode::OK, &Whose::new(&traced)))
}

/// What is looked for. A parameter that means nothing is refused: one misspelt would find, and copy out, everything.
fn asked(query: &Parameters, others: &[&str]) -> Result<Search, Failure> {
    let known = |name: &str| FIELDS.contains(&name) || others.contains(&name);
    if let Some((name, _)) = query.all().find(|(name, _)| !known(name)) {
        return Err(wrong(&format!("{name:?}: there is no such parameter.")));
    }
    let fields = record::fields(query)?;
    let search = Search::read(fields.iter().map(|(name, value)| (*name, &**value)));
    search.map_err(|error| wrong(&format!("{error}.")))
}

fn wrong(what: &str) -> Failure {
    Refused::BodyUnreadable(what.to_owned()).into()
}
