//! The pages that ask for what a role wants of the person: the code of an MFA device, a reason.

use askama::Template;

use super::{Frame, Person};
use crate::domain::intent::{ConsoleIntent, Intent};
use crate::domain::reason::{LONGEST, Reason, SHORTEST};
use crate::domain::scope::ScopeName;
use crate::signin::{CodeQuestion, ReasonQuestion};
use crate::web::links;

/// Asks for six digits; the form leads to where the link led.
#[derive(Debug, Template)]
#[template(path = "code.html")]
pub(in crate::web) struct CodePage<'a> {
    frame: Frame<'a>,
    role: &'a str,
    account: &'a str,
    scope: Option<&'a str>,
    serial: &'a str,
    action: String,
    field: &'static str,
    form_token: &'a str,
}

impl<'a> CodePage<'a> {
    pub(in crate::web) fn new(question: &'a CodeQuestion) -> Self {
        Self {
            frame: Frame::new(Some(Person {
                name: &question.display_name,
                idp: None,
                administrator: false,
                form_token: &question.form_token,
            })),
            role: question.role.name.as_str(),
            account: &question.account,
            scope: question.asked.scope.as_ref().map(ScopeName::as_str),
            serial: &question.serial,
            action: links::href(&Intent::Console(question.asked.clone()), None),
            field: links::CODE_FIELD,
            form_token: &question.form_token,
        }
    }
}

/// Asks why, and for six digits where the role has a device; the form leads to where the link led.
#[derive(Debug, Template)]
#[template(path = "reason.html")]
pub(in crate::web) struct ReasonPage<'a> {
    frame: Frame<'a>,
    role: &'a str,
    account: &'a str,
    scope: Option<&'a str>,
    serial: Option<&'a str>,
    suggested: &'a str,
    shortest: usize,
    longest: usize,
    action: String,
    field: &'static str,
    code_field: &'static str,
    form_token: &'a str,
}

impl<'a> ReasonPage<'a> {
    /// The form's address says nothing of the reason: it stands in the form.
    pub(in crate::web) fn new(question: &'a ReasonQuestion) -> Self {
        let asked = ConsoleIntent {
            suggested_reason: None,
            given_reason: None,
            ..question.asked.clone()
        };
        let suggested = question.asked.reason_to_show();
        Self {
            frame: Frame::new(Some(Person {
                name: &question.display_name,
                idp: None,
                administrator: false,
                form_token: &question.form_token,
            })),
            role: question.role.name.as_str(),
            account: &question.account,
            scope: question.asked.scope.as_ref().map(ScopeName::as_str),
            serial: question.serial.as_deref(),
            suggested: suggested.map_or("", Reason::as_str),
            shortest: SHORTEST,
            longest: LONGEST,
            action: links::href(&Intent::Console(asked), None),
            field: links::REASON_FIELD,
            code_field: links::CODE_FIELD,
            form_token: &question.form_token,
        }
    }
}
