//! A person's own sessions: seen, and ended.

use actix_web::http::header::SET_COOKIE;
use actix_web::{HttpRequest, HttpResponse};

use super::answer;
use super::entrance::Entrance;
use super::forms::OwnForm;
use super::headers::Kind;
use super::links::{self, Link};
use super::pages::SignedOutPage;
use super::parameters::{Parameters, Unreadable};
use super::problem::Failure;
use super::visitor::{Visitor, signin, site};
use crate::domain::intent::Intent;
use crate::domain::session::SessionHandle;
use crate::signin::{Ended, OwnEnding};

/// `GET /sessions`.
pub(super) async fn show(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let link = Link {
        intent: Intent::Sessions,
        idp: links::idp(&Parameters::read(request.query_string())?)?,
    };
    entrance.open(link).await
}

/// `POST /sessions`: `end` is a session's handle, `others` or `all`. One that is none of theirs and one that is gone are
/// answered alike.
pub(super) async fn end(
    visitor: Visitor,
    form: OwnForm,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let session = form.session.ok_or(Failure::SignedOutElsewhere)?;
    let which = match form.fields.one("end")? {
        Some("others") => OwnEnding::Others,
        Some("all") => OwnEnding::All,
        Some(handle) => OwnEnding::One(
            SessionHandle::parse(handle).ok_or(Unreadable("its session cannot be read"))?,
        ),
        None => return Err(Unreadable("it does not say what to end").into()),
    };
    let ended = signin(&request)
        .end_own(&visitor.0, &session, which)
        .await?;
    match ended {
        Ended::Others | Ended::NoSuch => Ok(answer::go_to(links::SESSIONS)),
        Ended::ThisOneToo => {
            let site = site(&request);
            let idp = &session.identity.idp;
            let page = SignedOutPage::new(Some((idp, site.idp_name(idp))), &site.elsewhere);
            let mut answer = answer::page(&page, 4 * 1024, Kind::Page)?;
            let gone = site.cookies.end_session();
            answer.headers_mut().append(SET_COOKIE, gone);
            Ok(answer)
        }
    }
}
