//! The administrators' pages: the access model as lists, as drafts with their reviews, and as its revisions; the issuer;
//! what accounts need; people; what is blocked or suspended; and the record.
//!
//! Whoever gets as far as a use-case here is an administrator by the configuration: pages come through
//! `Entrance::administrator`, forms as an `AdminForm`. What a page cannot say about a failure becomes a problem.

pub(super) mod drafts;
pub(super) mod entries;
pub(super) mod issuer;
pub(super) mod lists;
pub(super) mod people;
pub(super) mod probe;
pub(super) mod record;
pub(super) mod review;
pub(super) mod revisions;
pub(super) mod revoke;
pub(super) mod simulate;
pub(super) mod stops;
pub(super) mod tokens;
pub(super) mod trust;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::answer;
use super::headers::Kind;
use super::links;
use super::pages::admin::{AdminFrame, Finding, Sentences};
use super::parameters::Parameters;
use super::problem::Failure;
use super::visitor::{admin, site};
use crate::admin::{Examined, Signature};
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

/// Who somebody is, for others to read.
pub(super) fn author(session: &Session) -> String {
    let identity = &session.identity;
    let (name, idp) = (&identity.display_name, &identity.idp);
    let author = if *name == identity.subject.value {
        format!("{name} ({idp})")
    } else {
        format!("{name} ({idp}: {})", identity.subject.value)
    };
    author.replace(char::is_control, "\u{fffd}")
}

/// Who publishes what a form holds, and why.
pub(super) fn signature(visit: &Visit, session: &Session, note: &str) -> Signature {
    Signature {
        author: author(session),
        note: note.to_owned(),
        event: about(visit, &session.identity),
    }
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

/// What can be said of a draft's text, against a revision.
async fn finding_of(
    request: &HttpRequest,
    text: &str,
    base: AccessRevision,
) -> Result<Finding, Failure> {
    Ok(match admin(request).examine(text, base).await? {
        Examined::Empty => Finding::Empty,
        Examined::Unreadable(reason) => Finding::Unreadable(reason),
        Examined::Problems(problems) => Finding::problems(&problems, text),
        Examined::Right(changes) if changes.is_empty() => Finding::Same,
        Examined::Right(changes) => Finding::Changes(Sentences::new(changes)),
    })
}
