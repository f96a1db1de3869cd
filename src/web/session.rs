//! Signing in by choice, and signing out.

use actix_web::http::header::SET_COOKIE;
use actix_web::{HttpRequest, HttpResponse};

use super::answer;
use super::entrance::Entrance;
use super::forms::OwnForm;
use super::headers::Kind;
use super::links::Link;
use super::pages::SignedOutPage;
use super::problem::Failure;
use super::visitor::{Visitor, signin, site};
use crate::domain::identity::IdpId;
use crate::domain::intent::Intent;
use crate::signin::Error;

/// `GET /sign-in`.
pub(super) async fn sign_in(entrance: Entrance) -> Result<HttpResponse, Failure> {
    let link = Link {
        intent: Intent::Portal,
        idp: None,
    };
    entrance.sign_in(link).await
}

/// `GET /sign-in/{idp}`.
pub(super) async fn sign_in_by(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let link = Link {
        intent: Intent::Portal,
        idp: Some(idp(&request)?),
    };
    entrance.sign_in(link).await
}

/// `POST /sign-out`.
pub(super) async fn sign_out(
    visitor: Visitor,
    form: OwnForm,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let site = site(&request);
    let session_idp = form.session.as_ref().map(|s| s.identity.idp.clone());
    let idp = session_idp.or_else(|| visitor.0.last_idp.clone());
    if let Some(session) = form.session {
        signin(&request).leave(visitor.0, session).await?;
    }
    let named = idp.as_ref().map(|idp| (idp, site.idp_name(idp)));
    let page = SignedOutPage::new(named, &site.elsewhere);
    let mut answer = answer::page(&page, 4 * 1024, Kind::Page)?;
    let gone = site.cookies.end_session();
    answer.headers_mut().append(SET_COOKIE, gone);
    Ok(answer)
}

/// The provider that the path names.
pub(super) fn idp(request: &HttpRequest) -> Result<IdpId, Failure> {
    let text = request.match_info().get("idp").unwrap_or_default();
    IdpId::parse(text).map_err(|_| Failure::from(Error::IdpUnknown))
}
