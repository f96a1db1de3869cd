//! The administrators' pages: the access model as lists, as a document, and as its revisions; the issuer; what accounts
//! need; people; and what is blocked or suspended.
//!
//! Whoever gets as far as a use-case here is an administrator by the configuration: pages come through
//! `Entrance::administrator`, forms as an `AdminForm`. What a page cannot say about a failure becomes a problem.

pub(super) mod document;
pub(super) mod issuer;
pub(super) mod lists;
pub(super) mod people;
pub(super) mod probe;
pub(super) mod revisions;
pub(super) mod revoke;
pub(super) mod stops;
pub(super) mod trust;
pub(super) mod why;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::answer;
use super::headers::Kind;
use super::links;
use super::pages::admin::{AdminFrame, Finding};
use super::parameters::Parameters;
use super::problem::Failure;
use super::visitor::{admin, site};
use crate::admin::{Error, Signature};
use crate::domain::access::AccessRevision;
use crate::domain::identity::IdpId;
use crate::domain::session::Session;
use crate::signin::{Visit, about};

/// The provider that an address names.
fn named_idp(request: &HttpRequest) -> Result<Option<IdpId>, Failure> {
    let parameters = Parameters::read(request.query_string())?;
    Ok(links::idp(&parameters)?)
}

/// What surrounds a page for the administrator of a session.
fn frame<'a>(request: &'a HttpRequest, session: &'a Session) -> AdminFrame<'a> {
    let idp = site(request).idp_name(&session.identity.idp);
    AdminFrame::new(session, idp, admin(request).governed_by())
}

fn page(
    template: &impl Template,
    status: StatusCode,
    expected: usize,
) -> Result<HttpResponse, Failure> {
    let mut answer = answer::page(template, expected, Kind::Page)?;
    *answer.status_mut() = status;
    Ok(answer)
}

/// Who publishes what a form holds, and why.
fn signature(visit: &Visit, session: &Session, note: &str) -> Signature {
    let identity = &session.identity;
    let (name, idp) = (&identity.display_name, &identity.idp);
    let author = if *name == identity.subject.value {
        format!("{name} ({idp})")
    } else {
        format!("{name} ({idp}: {})", identity.subject.value)
    };
    Signature {
        author: author.replace(char::is_control, "\u{fffd}"),
        note: note.to_owned(),
        event: about(visit, identity),
    }
}

/// The revision that a form was written on; 0 before the first.
fn base(fields: &Parameters) -> Result<AccessRevision, Failure> {
    let text = fields.one("base").map_err(|_| Failure::NotAForm)?;
    text.and_then(number).ok_or(Failure::NotAForm)
}

/// A revision's number as our own pages write it.
fn number(text: &str) -> Option<AccessRevision> {
    let plain = text.len() <= 18 && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// The note of a form.
fn note(fields: &mut Parameters) -> Result<String, Failure> {
    let note = fields.take("note").map_err(|_| Failure::NotAForm)?;
    Ok(note.unwrap_or_default().trim().to_owned())
}

/// What a person can put right on the page they are on; anything else is a problem of its own.
fn explain(error: Error, text: &str) -> Result<Finding, Failure> {
    match error {
        Error::Unreadable(reason) => Ok(Finding::Unreadable(reason.to_string())),
        Error::Problems(problems) => Ok(Finding::problems(&problems, text)),
        Error::Note => Ok(Finding::Note),
        other => Err(Failure::Admin(other)),
    }
}

/// Refuses to change what a file governs.
fn check_ungoverned(request: &HttpRequest) -> Result<(), Failure> {
    match admin(request).governed_by() {
        Some(file) => Err(Failure::Admin(Error::Governed(file.to_owned()))),
        None => Ok(()),
    }
}
