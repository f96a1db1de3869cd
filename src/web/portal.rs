//! The portal.

use actix_web::{HttpRequest, HttpResponse};

use super::entrance::Entrance;
use super::links::{self, Link};
use super::parameters::Parameters;
use super::problem::Failure;
use crate::domain::intent::Intent;

/// `GET /?q=`.
pub(super) async fn show(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let parameters = Parameters::read(request.query_string())?;
    let query = parameters.one("q")?.filter(|text| !text.trim().is_empty());
    let query = query.map(links::search).transpose()?.unwrap_or_default();
    let link = Link {
        intent: Intent::Portal,
        idp: links::idp(&parameters)?,
    };
    entrance.open_narrowed(link, query).await
}
