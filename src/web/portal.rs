//! The portal.

use actix_web::{HttpRequest, HttpResponse};

use super::answer;
use super::entrance::Entrance;
use super::links::{self, Link};
use super::parameters::Parameters;
use super::problem::Failure;
use crate::domain::intent::{Intent, Open};
use crate::domain::pasted;

/// `GET /?q=`. A text that names a place in AWS, or a link of ours, is opened and not looked for.
pub(super) async fn show(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let parameters = Parameters::read(request.query_string())?;
    let idp = links::idp(&parameters)?;
    if let Some(text) = parameters.one("q")?.filter(|text| pasted::is_meant(text)) {
        // what is not to be found but to be opened; whoever signs in first comes back there
        let open = Intent::Open(Open {
            text: text.trim().to_owned(),
        });
        return Ok(answer::go_to(&links::href(&open, idp.as_ref())));
    }
    let query = parameters.one("q")?.filter(|text| !text.trim().is_empty());
    let query = query.map(links::search).transpose()?.unwrap_or_default();
    let link = Link {
        intent: Intent::Portal,
        idp,
    };
    entrance.open_narrowed(link, query).await
}
