//! The pages that both demo providers show: the password form, the form that posts itself, and plain messages.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, HttpResponseBuilder};
use askama::Template;
use serde::Deserialize;

use crate::pages;

/// What the password form sends.
#[derive(Deserialize)]
pub(crate) struct PasswordForm {
    /// Which request waits for it.
    pub(crate) state: String,
    /// Who they say they are.
    pub(crate) username: String,
    /// And how they prove it.
    pub(crate) password: String,
}

/// The password form.
#[derive(Template)]
#[template(path = "idp/sign_in.html")]
pub(crate) struct SignInPage<'a> {
    /// The provider's name.
    pub(crate) provider: &'a str,
    /// Who asks.
    pub(crate) application: &'a str,
    /// Which request waits.
    pub(crate) state: &'a str,
    /// Whether the last try was wrong.
    pub(crate) wrong: bool,
}

/// A form that posts itself to another place, with a button for browsers without scripts.
#[derive(Template)]
#[template(path = "idp/post_back.html")]
pub(crate) struct PostBackPage<'a> {
    /// The provider's name.
    pub(crate) provider: &'a str,
    /// Who waits for the answer.
    pub(crate) application: &'a str,
    /// Where it goes.
    pub(crate) action: &'a str,
    /// What it carries.
    pub(crate) fields: Vec<(&'a str, &'a str)>,
}

/// A message.
#[derive(Template)]
#[template(path = "idp/message.html")]
pub(crate) struct MessagePage<'a> {
    /// The provider's name.
    pub(crate) provider: &'a str,
    /// What happened.
    pub(crate) title: &'a str,
    /// In a sentence or two.
    pub(crate) text: &'a str,
    /// Where to go on.
    pub(crate) link: Option<&'a str>,
}

/// A request that the provider does not answer by sending the browser back.
pub(crate) fn refusal(provider: &str, text: &str) -> HttpResponse {
    pages::page(
        StatusCode::BAD_REQUEST,
        &MessagePage {
            provider,
            title: "This request is not right",
            text,
            link: None,
        },
    )
}

/// The password form, again after a wrong password.
pub(crate) fn sign_in(page: &SignInPage<'_>) -> HttpResponse {
    let status = if page.wrong {
        StatusCode::UNAUTHORIZED
    } else {
        StatusCode::OK
    };
    pages::page(status, page)
}

/// The page after signing out.
pub(crate) fn signed_out(
    answer: HttpResponseBuilder,
    provider: &str,
    link: Option<&str>,
) -> HttpResponse {
    pages::page_in(
        answer,
        &MessagePage {
            provider,
            title: "You are signed out",
            text: "This provider will ask for your password again. Applications you went on to may still know you.",
            link,
        },
    )
}
