//! Keys: a page that says what they are, and a form that asks for them.
//!
//! The GET makes nothing. The POST is held to what every form of ours is held to, and to a top-level navigation beside:
//! what it answers is for a person's eyes, not for a script.

use actix_web::{HttpRequest, HttpResponse};

use super::answer;
use super::entrance::{Entrance, count_refused_keys};
use super::forms::OwnForm;
use super::links::{self, Link};
use super::navigation::TopLevel;
use super::parameters::Parameters;
use super::problem::Failure;
use super::visitor::{Visitor, signin, site};
use crate::domain::intent::{Intent, KeysIntent};

/// `GET /keys/{account}/{role}`.
pub(super) async fn show(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let query = Parameters::read(request.query_string())?;
    let link = Link {
        intent: Intent::Keys(links::keys(request.uri().path(), &query)?),
        idp: links::idp(&query)?,
    };
    entrance.open(link).await
}

/// `POST /keys/{account}/{role}`.
pub(super) async fn make(
    top_level: TopLevel,
    visitor: Visitor,
    form: OwnForm,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    // first: what is wrong with a reason is told as of a form, not of a link
    let filled = links::filled(&form.fields)?;
    let asked = KeysIntent {
        // what the form brings is no suggestion
        suggested_reason: None,
        ..links::keys(request.uri().path(), &form.fields)?
    };
    let intent = Intent::Keys(asked.clone());
    let made = signin(&request).make_keys(visitor.0, form.session, asked, filled);
    let made = Box::pin(made).await;
    if let Err(error) = &made {
        count_refused_keys(site(&request), error);
    }
    answer::show(site(&request), made?, &intent, "", top_level)
}
