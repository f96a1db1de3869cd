//! The record: searched, copied out, and what it says of one person or one role.
//!
//! That an administrator reads it stands in it before anything is answered. Addresses of these pages name people: they
//! stay within administrators' browsers, for pages of ours tell no other site where somebody came from.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{
    CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream;

use super::{frame, page};
use crate::admin::{self, Copying, Format};
use crate::domain::intent::AdminPage;
use crate::domain::record::{Cursor, FIELDS, Search, SearchError};
use crate::domain::role::RoleKey;
use crate::signin::about;
use crate::web::entrance::{Entered, Entrance};
use crate::web::headers::Kind;
use crate::web::pages::admin::{RecordAsked, RecordOfPage, RecordPage};
use crate::web::parameters::Parameters;
use crate::web::problem::Failure;
use crate::web::visitor::{Visitor, admin};

/// How many rows stand on a page.
const ON_A_PAGE: u32 = 50;
/// The longest names of a person, in bytes.
const LONGEST_IDP: usize = 256;
const LONGEST_SUBJECT: usize = 2_048;

/// `GET /admin/record?person=&role=&…&before=`.
pub(in crate::web) async fn show(
    entrance: Entrance,
    visitor: Visitor,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let session = match enters(entrance).await? {
        Entered::Administrator(session) => session,
        Entered::Elsewhere(answer) => return Ok(answer),
    };
    let parameters = Parameters::read(request.query_string())?;
    let before = parameters.one("before")?;
    let before = before
        .map(|text| Cursor::parse(text).ok_or(Failure::NotFound))
        .transpose()?;
    let asked = asked(&parameters)?;
    let search = match read(&asked) {
        Ok(search) => search,
        Err(error) => {
            let around = frame(&request, &session);
            let template = RecordPage::trouble(around, &asked, error.to_string());
            let expected = template.expected_bytes();
            return page(&template, StatusCode::BAD_REQUEST, expected);
        }
    };
    let by = about(&visitor.0, &session.identity);
    let looked = admin(&request)
        .search_record(&search, before, ON_A_PAGE, by)
        .await?;
    let around = frame(&request, &session);
    let template = RecordPage::new(around, &asked, (&search, before), &looked);
    page(&template, StatusCode::OK, template.expected_bytes())
}

/// `GET /admin/record/export?format=&person=&…`: all that fits, a line each.
pub(in crate::web) async fn export(
    entrance: Entrance,
    visitor: Visitor,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let session = match enters(entrance).await? {
        Entered::Administrator(session) => session,
        Entered::Elsewhere(answer) => return Ok(answer),
    };
    let parameters = Parameters::read(request.query_string())?;
    let format = parameters.one("format")?.and_then(Format::parse);
    let format = format.ok_or(Failure::NotFound)?;
    let asked = asked(&parameters)?;
    let search = match read(&asked) {
        Ok(search) => search,
        Err(error) => {
            let around = frame(&request, &session);
            let template = RecordPage::trouble(around, &asked, error.to_string());
            let expected = template.expected_bytes();
            return page(&template, StatusCode::BAD_REQUEST, expected);
        }
    };
    let by = about(&visitor.0, &session.identity);
    let copying = admin(&request).copy_record(search, format, by).await?;
    Ok(streamed(copying, format))
}

/// `GET /admin/record/person?idp=&subject=`.
pub(in crate::web) async fn person(
    entrance: Entrance,
    visitor: Visitor,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let session = match enters(entrance).await? {
        Entered::Administrator(session) => session,
        Entered::Elsewhere(answer) => return Ok(answer),
    };
    let parameters = Parameters::read(request.query_string())?;
    let (idp, subject) = (parameters.one("idp")?, parameters.one("subject")?);
    let (Some(idp), Some(subject)) = (idp, subject) else {
        return Err(Failure::NotFound);
    };
    if idp.len() > LONGEST_IDP || subject.len() > LONGEST_SUBJECT {
        return Err(Failure::NotFound);
    }
    let by = about(&visitor.0, &session.identity);
    let of = admin(&request).record_of_person((idp, subject), by).await?;
    let template = RecordOfPage::person(frame(&request, &session), (idp, subject), &of);
    page(&template, StatusCode::OK, template.expected_bytes())
}

/// `GET /admin/record/role?role=`.
pub(in crate::web) async fn role(
    entrance: Entrance,
    visitor: Visitor,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let session = match enters(entrance).await? {
        Entered::Administrator(session) => session,
        Entered::Elsewhere(answer) => return Ok(answer),
    };
    let parameters = Parameters::read(request.query_string())?;
    let role = parameters.one("role")?.unwrap_or_default();
    // one that has gone from the model stays in the record
    let role = RoleKey::parse(role).map_err(|_| Failure::NotFound)?;
    let role = role.to_string();
    let by = about(&visitor.0, &session.identity);
    let of = admin(&request).record_of_role(&role, by).await?;
    let template = RecordOfPage::role(frame(&request, &session), &role, &of);
    page(&template, StatusCode::OK, template.expected_bytes())
}

/// Lets an administrator in. What these pages call `idp` is somebody's whom they are about, and no wish where to sign in.
async fn enters(entrance: Entrance) -> Result<Entered, Failure> {
    entrance.administrator(AdminPage::Record, None).await
}

/// The fields of a search that the address has.
fn asked(parameters: &Parameters) -> Result<RecordAsked, Failure> {
    let mut asked = Vec::new();
    for name in FIELDS {
        if let Some(value) = parameters.one(name)? {
            asked.push((name, value.to_owned()));
        }
    }
    Ok(RecordAsked(asked))
}

fn read(asked: &RecordAsked) -> Result<Search, SearchError> {
    Search::read(asked.0.iter().map(|(name, value)| (*name, &**value)))
}

/// Sends lines as they are read: whoever takes them slowly has the database read slowly. One that breaks off is an answer that
/// does not end well, and no shorter file.
fn streamed(copying: Copying, format: Format) -> HttpResponse {
    let lines = stream::try_unfold(copying, |mut copying| async move {
        match copying.next().await {
            Ok(Some(lines)) => Ok(Some((Bytes::from(lines), copying))),
            Ok(None) => Ok(None),
            Err(error) => {
                let error = admin::Error::Store(error);
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "a copy of the audit log broke off"
                );
                Err(Arc::new(error))
            }
        }
    });
    let (kind, name) = match format {
        Format::Jsonl => (
            "application/x-ndjson",
            "attachment; filename=\"record.jsonl\"",
        ),
        Format::Csv => (
            "text/csv; charset=utf-8; header=present",
            "attachment; filename=\"record.csv\"",
        ),
    };
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_TYPE, HeaderValue::from_static(kind)));
    answer.insert_header((CONTENT_DISPOSITION, HeaderValue::from_static(name)));
    answer.insert_header((X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")));
    let mut answer = answer.streaming(lines);
    answer.extensions_mut().insert(Kind::Data);
    answer
}
