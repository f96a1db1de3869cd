//! Who somebody is and what they hold.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use utoipa::ToSchema;

use super::answer;
use super::caller::Caller;
use super::described::{Content, Endpoint};
use crate::domain::identity::Identity;
use crate::domain::role::RoleKey;
use crate::domain::token::TokenScope;
use crate::web::problem::Failure;
use crate::web::visitor::signin;

pub(super) const ME: Endpoint = Endpoint {
    method: "GET",
    path: "/api/v1/me",
    id: "me",
    summary: "Who one is, and the keys of the roles one holds",
    scope: Some(TokenScope::MeRead),
    parameters: &[],
    body: None,
    answer: (200, Some(Content::json::<Me<'_>>())),
};

/// Who somebody is and what they hold.
#[derive(Debug, Serialize, ToSchema)]
struct Me<'a> {
    idp: &'a str,
    subject: &'a str,
    name: &'a str,
    #[schema(value_type = BTreeMap<String, Vec<String>>)]
    attributes: &'a BTreeMap<String, Vec<String>>,
    roles: Vec<String>,
}

impl<'a> Me<'a> {
    fn new(identity: &'a Identity, roles: &[RoleKey]) -> Self {
        Self {
            idp: identity.idp.as_str(),
            subject: &identity.subject.value,
            name: &identity.display_name,
            attributes: &identity.attributes,
            roles: roles.iter().map(RoleKey::to_string).collect(),
        }
    }
}

/// `GET /api/v1/me`.
pub(in crate::web) async fn me(
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    caller.may(TokenScope::MeRead)?;
    let roles = signin(&request).me(&caller.session).await;
    let me = Me::new(&caller.session.identity, &roles);
    Ok(answer::json(StatusCode::OK, &me))
}
