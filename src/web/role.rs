//! The page about a role, and how a person likes to open it.

use actix_web::{HttpRequest, HttpResponse};

use super::answer;
use super::entrance::Entrance;
use super::forms::OwnForm;
use super::links::{self, Link};
use super::parameters::{Parameters, Unreadable};
use super::problem::Failure;
use super::visitor::signin;
use crate::domain::intent::{ConsoleIntent, Intent};
use crate::signin::Error;

/// `GET /roles/{account}/{role}`.
pub(super) async fn show(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let query = Parameters::read(request.query_string())?;
    let link = Link {
        intent: Intent::About(links::about(request.uri().path(), &query)?),
        idp: links::idp(&query)?,
    };
    entrance.open(link).await
}

/// `POST /roles/{account}/{role}`: keeps what the form says of the console, or with `forget=yes` nothing.
pub(super) async fn remember(form: OwnForm, request: HttpRequest) -> Result<HttpResponse, Failure> {
    let session = form.session.ok_or(Failure::Signin(Error::SessionEnded))?;
    let said = links::about(request.uri().path(), &form.fields)?;
    let kept = match form.fields.one("forget")? {
        None => said,
        Some("yes") => ConsoleIntent::of(said.account, said.role),
        Some(_) => return Err(Unreadable("forget is yes, or is left out").into()),
    };
    let key = signin(&request).remember_opening(&session, &kept).await?;
    Ok(answer::go_to(&links::about_href(&key, "")))
}
