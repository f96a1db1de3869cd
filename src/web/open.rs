//! What somebody pasted, opened.

use actix_web::{HttpRequest, HttpResponse};

use super::entrance::Entrance;
use super::links;
use super::parameters::{Parameters, Unreadable};
use super::problem::Failure;
use super::visitor::signin;

/// `GET /open?url=`; `q` narrows the choice where there is one.
pub(super) async fn open(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let said = Parameters::read(request.query_string())?;
    let text = said.one("url")?;
    let text = text.ok_or(Unreadable("it does not say what to open"))?;
    let link = links::pasted(signin(&request), text, links::idp(&said)?)?;
    let query = said.one("q")?.filter(|text| !text.trim().is_empty());
    let query = query.map(links::search).transpose()?.unwrap_or_default();
    entrance.open_narrowed(link, query).await
}
