//! Links into the console: `/go/{account}/{role}`, `/go?account_id=…` and `/role/{text}`.

mod canonical;
mod parse;
#[cfg(test)]
mod tests;

use actix_web::{HttpRequest, HttpResponse};

pub(super) use canonical::{
    admin_list, admin_path, admin_trust, href, keeping, keeping_for_keys, keeping_search,
    keeping_search_for_keys, keys_href, role_href,
};
pub(super) use parse::{Link, account, idp, keys, search};

use super::entrance::Entrance;
use super::problem::Failure;

/// `GET /go/{account}/{role}`.
pub(super) async fn go(entrance: Entrance, request: HttpRequest) -> Result<HttpResponse, Failure> {
    let link = parse::by_path(request.uri().path(), request.query_string())?;
    entrance.open(link).await
}

/// `GET /go?account_id=…`.
pub(super) async fn choose(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let link = parse::by_query(request.query_string())?;
    entrance.open(link).await
}

/// `GET /role/{text}`.
pub(super) async fn find(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let link = parse::by_text(request.uri().path(), request.query_string())?;
    entrance.open(link).await
}
