//! What pages and programs have in common when they read the record: what an address asks for, and rows sent as a file.
//!
//! What cannot be meant is `None` here, and whoever asks says so in its own way.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header::{
    CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::web::Bytes;
use futures_util::stream;

use super::headers::Kind;
use super::parameters::{Parameters, Unreadable};
use crate::admin::{Copying, Format};
use crate::domain::record::FIELDS;
use crate::domain::role::RoleKey;

/// The longest names of a person, in bytes.
const LONGEST_IDP: usize = 256;
const LONGEST_SUBJECT: usize = 2_048;

/// The media types of copies.
pub(super) const JSONL: &str = "application/x-ndjson";
pub(super) const CSV: &str = "text/csv";

/// The fields of a search that an address has, as written.
pub(super) fn fields(parameters: &Parameters) -> Result<Vec<(&'static str, String)>, Unreadable> {
    let mut fields = Vec::new();
    for name in FIELDS {
        if let Some(value) = parameters.one(name)? {
            fields.push((name, value.to_owned()));
        }
    }
    Ok(fields)
}

/// The person whom an address names.
pub(super) fn person(parameters: &Parameters) -> Result<Option<(&str, &str)>, Unreadable> {
    let (idp, subject) = (parameters.one("idp")?, parameters.one("subject")?);
    let named = idp.zip(subject);
    Ok(named.filter(|(idp, subject)| idp.len() <= LONGEST_IDP && subject.len() <= LONGEST_SUBJECT))
}

/// The role that an address names. One that has gone from the model stays in the record.
pub(super) fn role(parameters: &Parameters) -> Result<Option<RoleKey>, Unreadable> {
    let role = parameters.one("role")?;
    Ok(role.and_then(|role| RoleKey::parse(role).ok()))
}

/// Sends lines as they are read: whoever takes them slowly has the database read slowly. One that breaks off is an answer that
/// does not end well, and no shorter file.
pub(super) fn streamed(copying: Copying, format: Format) -> HttpResponse {
    let lines = stream::try_unfold(copying, |mut copying| async move {
        match copying.next().await {
            Ok(Some(lines)) => Ok(Some((Bytes::from(lines), copying))),
            Ok(None) => Ok(None),
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "a copy of the audit log broke off"
                );
                Err(Arc::new(error))
            }
        }
    });
    let (kind, name) = match format {
        Format::Jsonl => (JSONL, "attachment; filename=\"record.jsonl\""),
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
