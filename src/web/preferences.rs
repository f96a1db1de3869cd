//! What people choose for themselves: favourites, and the page of their settings.

use actix_web::{HttpRequest, HttpResponse};

use super::answer;
use super::entrance::Entrance;
use super::forms::OwnForm;
use super::links::{self, Link};
use super::parameters::{Parameters, Unreadable};
use super::problem::Failure;
use super::visitor::signin;
use crate::domain::intent::Intent;
use crate::domain::preferences::LastingKey;
use crate::domain::session::Session;
use crate::signin::Settings;

/// `POST /favourites`: `add` or `remove`, a role by its account's digits; `q` is what the portal was narrowed to.
pub(super) async fn set_favourite(
    form: OwnForm,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let session = still(form.session)?;
    let fields = &form.fields;
    let (role, wanted) = match (fields.one("add")?, fields.one("remove")?) {
        (Some(role), None) => (role, true),
        (None, Some(role)) => (role, false),
        _ => return Err(Unreadable("it says neither what to add nor what to remove").into()),
    };
    let role = LastingKey::parse(role).map_err(|_| Unreadable("its role cannot be read"))?;
    let query = fields.one("q")?.map(links::search).transpose()?;
    signin(&request)
        .set_favourite(&session, &role, wanted)
        .await?;
    Ok(answer::go_to(&links::portal(query)))
}

/// `GET /settings`.
pub(super) async fn show(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let link = Link {
        intent: Intent::Settings,
        idp: links::idp(&Parameters::read(request.query_string())?)?,
    };
    entrance.open(link).await
}

/// `POST /settings`.
pub(super) async fn save(form: OwnForm, request: HttpRequest) -> Result<HttpResponse, Failure> {
    let session = still(form.session)?;
    let chosen = Settings {
        region: form.fields.one("region")?.map(links::region).transpose()?,
        consoles: form
            .fields
            .one("consoles")?
            .map(links::consoles)
            .transpose()?,
    };
    signin(&request).set_settings(&session, &chosen).await?;
    Ok(answer::go_to(&links::portal(None)))
}

/// The session of a form that changes something: nobody else's form does.
fn still(session: Option<Session>) -> Result<Session, Failure> {
    session.ok_or(Failure::SignedOutElsewhere)
}
