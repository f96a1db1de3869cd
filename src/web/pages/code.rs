//! The page that asks for the code of an MFA device.

use askama::Template;

use super::{Frame, Person};
use crate::domain::intent::Intent;
use crate::domain::scope::ScopeName;
use crate::signin::CodeQuestion;
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
