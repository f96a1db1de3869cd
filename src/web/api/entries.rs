//! The entries of a draft, one by one: found, read, added, put in place of what was, taken out.
//!
//! An entry is sent as the document has it, in JSON. It is checked in its draft, and what is wrong with it is told by the
//! keys' paths within it; `anyway` saves it all the same, as a text can be saved.

use actix_web::http::StatusCode;
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::caller::{Caller, Program};
use super::described::{Content, Endpoint, IF_MATCH_DRAFT, Parameter};
use super::drafts::{SavedDraft, not_changed, saved, wanted};
use super::{Refused, answer, body};
use crate::admin::{Edit, Edited, EntryLine, EntryList};
use crate::domain::access::edit::Entry;
use crate::domain::access::{AccountEntry, RoleEntry, RuleEntry, ScopeEntry};
use crate::domain::access::{DraftId, EntryName, Section};
use crate::domain::token::TokenScope;
use crate::web::admin::author;
use crate::web::links;
use crate::web::parameters::Parameters;
use crate::web::problem::Failure;
use crate::web::visitor::admin;

/// The longest name that an address may hold, in bytes.
const LONGEST_NAME: usize = 2 * 1024;

const NAME: Parameter = Parameter::needed(
    "name",
    "An account’s alias, a role’s account/name, a scope’s or a rule’s name",
);
const NTH: Parameter = Parameter::query("nth", "How many of that name stand before it; 0");
const ANYWAY: Parameter = Parameter::query(
    "anyway",
    "true: saved although something is wrong with it, to be put right before it is published",
);
const KEEPS_LINKS: Parameter = Parameter::query(
    "keeps_links",
    "true: an alias that changes becomes a former one, so that links with it lead on",
);

pub(super) const LIST: Endpoint = Endpoint {
    method: "GET",
    path: "/api/v1/drafts/{id}/entries/{section}",
    id: "entries",
    summary: "Accounts, roles, scopes or rules of a draft, with what refers to each, in the order of the document",
    scope: Some(TokenScope::AccessRead),
    parameters: &[Parameter::query(
        "q",
        "Words that each entry has; letter case aside. At most 200 entries are listed",
    )],
    body: None,
    answer: (200, Some(Content::json::<DraftSection>())),
};
pub(super) const ADD: Endpoint = Endpoint {
    method: "POST",
    path: "/api/v1/drafts/{id}/entries/{section}",
    id: "addEntry",
    summary: "Adds an entry to a draft, at the end of its section",
    scope: Some(TokenScope::AccessWrite),
    parameters: &[IF_MATCH_DRAFT, ANYWAY],
    body: Some(Content::entry()),
    answer: (201, Some(Content::json::<SavedDraft>())),
};
pub(super) const SHOW: Endpoint = Endpoint {
    method: "GET",
    path: "/api/v1/drafts/{id}/entries/{section}/entry",
    id: "entry",
    summary: "One entry of a draft",
    scope: Some(TokenScope::AccessRead),
    parameters: &[NAME, NTH],
    body: None,
    answer: (200, Some(Content::json::<OneEntry>())),
};
pub(super) const PUT: Endpoint = Endpoint {
    method: "PUT",
    path: "/api/v1/drafts/{id}/entries/{section}/entry",
    id: "putEntry",
    summary: "Puts an entry in place of the one that is named; where it gets another name, what refers to it follows",
    scope: Some(TokenScope::AccessWrite),
    parameters: &[IF_MATCH_DRAFT, NAME, NTH, KEEPS_LINKS, ANYWAY],
    body: Some(Content::entry()),
    answer: (200, Some(Content::json::<SavedDraft>())),
};
pub(super) const REMOVE: Endpoint = Endpoint {
    method: "DELETE",
    path: "/api/v1/drafts/{id}/entries/{section}/entry",
    id: "removeEntry",
    summary: "Takes an entry out of a draft; what refers to it stays, and is pointed at by the review",
    scope: Some(TokenScope::AccessWrite),
    parameters: &[IF_MATCH_DRAFT, NAME, NTH],
    body: None,
    answer: (200, Some(Content::json::<SavedDraft>())),
};

/// A section of a draft.
#[derive(Debug, Serialize, ToSchema)]
struct DraftSection {
    /// The draft’s version.
    version: i64,
    /// `accounts`, `roles`, `scopes` or `rules`.
    section: &'static str,
    /// How many match, listed or not.
    found: usize,
    entries: Vec<OneEntry>,
}

/// An entry of a draft.
#[derive(Debug, Serialize, ToSchema)]
struct OneEntry {
    name: String,
    /// How many of that name stand before it.
    nth: usize,
    /// As the document has it.
    #[schema(value_type = Object)]
    entry: Value,
    /// What refers to it: each as `section name`.
    used_by: Vec<String>,
    /// How many more do.
    more_users: usize,
}

impl From<EntryLine> for OneEntry {
    fn from(line: EntryLine) -> Self {
        Self {
            name: line.name.name,
            nth: line.name.nth,
            entry: line.entry.to_value(),
            used_by: line.users.iter().map(ToString::to_string).collect(),
            more_users: line.more_users,
        }
    }
}

impl From<EntryList> for DraftSection {
    fn from(list: EntryList) -> Self {
        Self {
            version: list.draft.version,
            section: list.section.key(),
            found: list.found,
            entries: list.lines.into_iter().map(Into::into).collect(),
        }
    }
}

/// `GET /api/v1/drafts/{id}/entries/{section}?q=`.
pub(in crate::web) async fn list(
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    caller.administrates(TokenScope::AccessRead).await?;
    let (id, section) = (wanted(&request)?, section(&request)?);
    let query = answer::query(&request)?;
    let text = query.one("q")?.filter(|text| !text.trim().is_empty());
    let text = text.map(links::search).transpose()?.unwrap_or_default();
    let list = admin(&request).entries(id, section, text).await?;
    let list = DraftSection::from(list.ok_or(Refused::DraftUnreadable)?);
    let tag = answer::draft_etag(list.version);
    Ok(answer::tagged(answer::json(StatusCode::OK, &list), &tag))
}

/// `GET /api/v1/drafts/{id}/entries/{section}/entry?name=&nth=`.
pub(in crate::web) async fn show(
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    caller.administrates(TokenScope::AccessRead).await?;
    let (id, name) = (wanted(&request)?, name(&request)?);
    let view = admin(&request).entry(id, Some(name.clone())).await?;
    let view = view.ok_or(Refused::DraftUnreadable)?;
    let one = OneEntry {
        name: name.name,
        nth: name.nth,
        entry: view.entry.ok_or(Failure::NotFound)?.to_value(),
        used_by: view.users.iter().map(ToString::to_string).collect(),
        more_users: 0,
    };
    let tag = answer::draft_etag(view.draft.version);
    Ok(answer::tagged(answer::json(StatusCode::OK, &one), &tag))
}

/// `POST /api/v1/drafts/{id}/entries/{section}`.
pub(in crate::web) async fn add(
    program: Program,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Failure> {
    program.0.administrates(TokenScope::AccessWrite).await?;
    let asked = Asked::of(&request)?;
    let change = put(&request, payload).await?;
    edit(
        (&program, &request),
        asked,
        (None, change),
        StatusCode::CREATED,
    )
    .await
}

/// `PUT /api/v1/drafts/{id}/entries/{section}/entry?name=&nth=`.
pub(in crate::web) async fn replace(
    program: Program,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Failure> {
    program.0.administrates(TokenScope::AccessWrite).await?;
    let (asked, name) = (Asked::of(&request)?, name(&request)?);
    let change = put(&request, payload).await?;
    edit(
        (&program, &request),
        asked,
        (Some(name), change),
        StatusCode::OK,
    )
    .await
}

/// `DELETE /api/v1/drafts/{id}/entries/{section}/entry?name=&nth=`.
pub(in crate::web) async fn remove(
    program: Program,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    program.0.administrates(TokenScope::AccessWrite).await?;
    let (asked, name) = (Asked::of(&request)?, name(&request)?);
    let change = (Some(name), Edit::Remove);
    edit((&program, &request), asked, change, StatusCode::OK).await
}

/// Which version of which draft is changed.
struct Asked {
    id: DraftId,
    version: i64,
}

impl Asked {
    fn of(request: &HttpRequest) -> Result<Self, Failure> {
        Ok(Self {
            id: wanted(request)?,
            version: answer::written_on_draft(request.headers())?,
        })
    }
}

async fn edit(
    (program, request): (&Program, &HttpRequest),
    Asked { id, version }: Asked,
    (at, change): (Option<EntryName>, Edit),
    done: StatusCode,
) -> Result<HttpResponse, Failure> {
    let (admin, by) = (admin(request), author(&program.0.session));
    let edited = admin.edit_version(((id, version), &by), at, change).await;
    match edited {
        Ok(Some(Edited::Done)) => Ok(saved((done, id), version + 1)),
        Ok(Some(Edited::Problems(problems))) => {
            let problems = problems.into_iter();
            let problems = problems.map(|problem| (problem.path, problem.kind.to_string()));
            Err(Refused::EntryUnfit(problems.collect()).into())
        }
        Ok(Some(Edited::NoSuchEntry | Edited::Overtaken(_))) => Err(Failure::NotFound),
        Ok(None) => Err(Refused::DraftUnreadable.into()),
        Err(error) => Err(not_changed(admin, id, error).await),
    }
}

/// What is to be put there.
async fn put(request: &HttpRequest, payload: Payload) -> Result<Edit, Failure> {
    let query = answer::query(request)?;
    let (keeps_links, anyway) = (flag(&query, "keeps_links")?, flag(&query, "anyway")?);
    let entry = match section(request)? {
        Section::Accounts => {
            let entry = body::large_json::<AccountEntry>(request, payload);
            Entry::Account(Box::new(entry.await?))
        }
        Section::Roles => {
            let entry = body::large_json::<RoleEntry>(request, payload);
            Entry::Role(Box::new(entry.await?))
        }
        Section::Scopes => {
            let entry = body::large_json::<ScopeEntry>(request, payload);
            Entry::Scope(entry.await?)
        }
        Section::Rules => {
            let entry = body::large_json::<RuleEntry>(request, payload);
            Entry::Rule(entry.await?)
        }
    };
    Ok(Edit::Put {
        entry,
        keeps_links,
        anyway,
    })
}

fn flag(query: &Parameters, name: &str) -> Result<bool, Failure> {
    match query.one(name)? {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => {
            let why = format!("{name}: is true or false.");
            Err(Refused::BodyUnreadable(why).into())
        }
    }
}

/// The section that the path names.
fn section(request: &HttpRequest) -> Result<Section, Failure> {
    let text = request.match_info().get("section").unwrap_or_default();
    Section::parse(text).ok_or(Failure::NotFound)
}

/// What names an entry.
fn name(request: &HttpRequest) -> Result<EntryName, Failure> {
    let (section, query) = (section(request)?, answer::query(request)?);
    let wrong = |why: &str| Failure::from(Refused::BodyUnreadable(why.to_owned()));
    let name = query.one("name")?;
    let name = name.ok_or_else(|| wrong("name: is needed."))?;
    let nth = match query.one("nth")? {
        None => 0,
        Some(text) => text.parse().map_err(|_| wrong("nth: is no number."))?,
    };
    if name.len() > LONGEST_NAME {
        return Err(Failure::NotFound);
    }
    Ok(EntryName {
        section,
        name: name.to_owned(),
        nth,
    })
}
