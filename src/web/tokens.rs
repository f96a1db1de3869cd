//! One's tokens for programs: seen, made and revoked on a page.

use actix_web::{HttpRequest, HttpResponse};

use super::answer;
use super::api::Refused;
use super::entrance::Entrance;
use super::forms::OwnForm;
use super::headers::Kind;
use super::links::{self, Link};
use super::navigation::TopLevel;
use super::pages::MadeTokenPage;
use super::parameters::Parameters;
use super::problem::Failure;
use super::visitor::{Visitor, signin};
use crate::domain::intent::Intent;
use crate::domain::session::Session;
use crate::domain::token::{TokenId, TokenScope, TokenScopes};
use crate::signin::NewToken;

/// About how long the page with the token is.
const MADE: usize = 4 * 1024;

/// `GET /tokens`.
pub(super) async fn show(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let link = Link {
        intent: Intent::Tokens,
        idp: links::idp(&Parameters::read(request.query_string())?)?,
    };
    entrance.open(link).await
}

/// `POST /tokens`: the token is shown once, to a person's eyes.
pub(super) async fn make(
    _: TopLevel,
    visitor: Visitor,
    form: OwnForm,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let session = still(form.session)?;
    let fields = &form.fields;
    let mut scopes = TokenScopes::new();
    for scope in TokenScope::ALL {
        if fields.one(scope.word())?.is_some() {
            scopes.insert(*scope);
        }
    }
    let days = fields.one("days")?;
    let days = days.map(|text| text.trim().parse().unwrap_or(0));
    let new = NewToken {
        name: fields.one("name")?.unwrap_or_default().to_owned(),
        scopes,
        days,
    };
    let made = signin(&request).make_token(&visitor.0, &session, None, new);
    answer::page(&MadeTokenPage::new(&made.await?), MADE, Kind::Keys)
}

/// `POST /tokens/revoke`: one, by `id`, or `all`.
pub(super) async fn revoke(
    visitor: Visitor,
    form: OwnForm,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let session = still(form.session)?;
    let id = match (form.fields.one("id")?, form.fields.one("all")?) {
        (Some(id), None) => Some(TokenId::parse(id).ok_or(Refused::NoSuchToken)?),
        (None, Some("yes")) => None,
        _ => return Err(Failure::NotAForm),
    };
    let signin = signin(&request);
    let gone = signin.revoke_tokens(&visitor.0, &session, id.as_ref());
    if gone.await? == 0 {
        return Err(Refused::NoSuchToken.into());
    }
    Ok(answer::go_to(links::TOKENS))
}

/// The session of a form that changes something: nobody else's form does.
fn still(session: Option<Session>) -> Result<Session, Failure> {
    session.ok_or(Failure::SignedOutElsewhere)
}
