//! Why somebody holds a role, or does not: the page for the person themself.

use actix_web::{HttpRequest, HttpResponse};

use super::entrance::Entrance;
use super::links::{self, Link};
use super::parameters::Parameters;
use super::problem::Failure;
use crate::domain::intent::Intent;

/// `GET /roles/{account}/{role}/why`.
pub(super) async fn show(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let query = Parameters::read(request.query_string())?;
    let link = Link {
        intent: Intent::Why(links::why(request.uri().path())?),
        idp: links::idp(&query)?,
    };
    entrance.open(link).await
}
