//! What went wrong, as a page or as JSON.
//!
//! Handlers fail with a [`Failure`]; `advice` turns each into a [`Problem`] in one `match`; `recover`, the outermost
//! middleware, sees every error answer, the framework's own and panics included, renders it and logs it once. The words
//! stand in `web/texts/problem/`.

mod advice;
mod guarded;
mod kinds;
mod probe;
mod programs;
mod reasons;
mod recover;
#[cfg(test)]
mod samples;
mod step_up;
#[cfg(test)]
mod tests;
mod way;
mod written;

use std::borrow::Cow;

use actix_web::dev::Extensions;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use serde_json::{Map, Value, json};

use super::api::Refused;
use super::cookies::Doubled;
use super::parameters::Unreadable;
use super::texts::{Filled, Text, Texts};
use crate::limits::TooOften;
use crate::random::{Random, hex};
use crate::signin::Error;

pub(super) use recover::{ForMachines, recover};
pub(super) use way::Way;
pub(super) use written::{APART, Kept, Written};

/// Why a request gets no answer of the kind it asked for.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// A use-case said so.
    #[error(transparent)]
    Signin(#[from] Error),
    /// A use-case of administrators said so.
    #[error(transparent)]
    Admin(#[from] crate::admin::Error),
    /// Not a top-level navigation.
    #[error("the request is no top-level navigation")]
    NotOpenedByAPerson,
    /// Another site led here, to what is written down when it is read.
    #[error("another site led here")]
    LedFromElsewhere,
    /// A body that is not the form that belongs there.
    #[error("the body is no readable form")]
    NotAForm,
    /// A body over its cap.
    #[error("the body is too large")]
    TooLarge,
    /// A body that did not come in time.
    #[error("the body did not come in time")]
    TooSlow,
    /// An address over its cap.
    #[error("the address is too long")]
    AddressTooLong,
    /// Headers over their cap.
    #[error("the headers are too large")]
    HeadersTooLarge,
    /// A cookie of ours came twice.
    #[error(transparent)]
    CookieDoubled(#[from] Doubled),
    /// A program's request is not done.
    #[error(transparent)]
    Program(#[from] Refused),
    /// One too many in too short a time.
    #[error(transparent)]
    TooOften(#[from] TooOften),
    /// A program without a session.
    #[error("there is no session")]
    SignInNeeded,
    /// A form of ours, sent after the session had ended.
    #[error("the form came after the session had ended")]
    SignedOutElsewhere,
    /// A form of ours that belongs to another session than the one there is now.
    #[error("the form is of another session")]
    OtherSession,
    /// A form of an administrators' page, sent after the session had ended.
    #[error("an administrator's form came after the session had ended")]
    SentTooLate,
    /// Nothing stands at that address.
    #[error("nothing stands at that address")]
    NotFound,
    /// Something does, and is not done that way.
    #[error("the method is not allowed there")]
    MethodNotAllowed {
        /// Which are: for `Allow`.
        allowed: String,
    },
    /// The framework refused it.
    #[error("the framework refused the request")]
    BadRequest,
    /// A fault of ours without a better name.
    #[error("a fault in the web layer")]
    Fault,
    /// A page could not be written out.
    #[error("could not render the page")]
    Render(#[from] askama::Error),
}

impl Failure {
    /// A form that is not from a page of ours.
    pub(super) fn form_refused() -> Self {
        Self::Signin(Error::FormRefused)
    }

    /// What an answer of the framework's own means.
    fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed {
                allowed: String::new(),
            },
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::REQUEST_TIMEOUT => Self::TooSlow,
            status if status.is_client_error() => Self::BadRequest,
            _ => Self::Fault,
        }
    }
}

impl From<Unreadable> for Failure {
    fn from(unreadable: Unreadable) -> Self {
        Self::Signin(Error::LinkUnknown(unreadable.0))
    }
}

impl ResponseError for Failure {
    /// Only the status is set here: the page is made in one place for all.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(advice::status(self))
    }
}

/// What a person is told.
#[derive(Debug)]
pub(super) struct Problem {
    /// The language that it speaks.
    pub(super) t: &'static Texts,
    /// The answer's status.
    pub(super) status: StatusCode,
    /// A word for programs, for the log and for whom one asks.
    pub(super) code: &'static str,
    /// In a few words.
    pub(super) title: Text,
    /// What happened.
    pub(super) what: Filled,
    /// Why, where more is known than always.
    pub(super) why: Option<String>,
    /// Who can repair it.
    pub(super) who: Filled,
    /// What the reader does now.
    pub(super) now: Filled,
    /// What it can mean, likeliest first, where AWS does not say.
    pub(super) causes: Vec<Cow<'static, str>>,
    /// Where to go on.
    pub(super) ways: Vec<Way>,
    /// The page that says what is missing for a role.
    pub(super) explained: Option<String>,
    /// The company's form for asking for access, where that is what is missing.
    pub(super) form: Option<String>,
    /// What helps whoever is asked.
    pub(super) facts: Vec<(Text, String)>,
    /// `Retry-After`, in seconds.
    pub(super) retry_after: Option<u16>,
    /// `Allow`.
    pub(super) allow: Option<String>,
    /// `WWW-Authenticate`.
    pub(super) authenticate: Option<&'static str>,
    /// What programs are told beside.
    pub(super) members: Vec<(&'static str, Value)>,
    /// What the person had written, for them to take along.
    pub(super) kept: Option<Kept>,
}

impl Problem {
    /// For programs (RFC 9457).
    fn to_json(&self, reference: &str) -> String {
        let what = self.what.plain();
        let standard = [
            (
                "type",
                json!(format!("urn:vestibule:problem:{}", self.code)),
            ),
            ("title", json!(self.title)),
            ("status", json!(self.status.as_u16())),
            (
                "detail",
                json!(
                    self.why
                        .iter()
                        .fold(what, |what, why| format!("{what} {why}"))
                ),
            ),
            (
                "instance",
                json!(format!("urn:vestibule:reference:{reference}")),
            ),
            ("code", json!(self.code)),
            ("reference", json!(reference)),
        ];
        let members = standard.into_iter().chain(self.members.iter().cloned());
        let members = members.map(|(name, value)| (name.to_owned(), value));
        Value::Object(members.collect::<Map<_, _>>()).to_string()
    }
}

/// What stands on the page and in the log.
#[derive(Debug, Clone)]
pub(super) struct Reference(String);

impl Reference {
    fn new(random: &dyn Random) -> Self {
        Self(hex::<8>(random))
    }

    fn as_str(&self) -> &str {
        &self.0
    }

    /// The one of the request that has these extensions.
    pub(super) fn of(extensions: &Extensions) -> String {
        extensions
            .get::<Self>()
            .map(|reference| reference.0.clone())
            .unwrap_or_default()
    }
}
