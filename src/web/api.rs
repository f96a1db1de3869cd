//! For programs: JSON.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::headers::Kind;
use super::problem::Failure;
use super::visitor::{SessionOf, signin};
use crate::domain::identity::Identity;
use crate::domain::role::RoleKey;

/// Who somebody is and what they hold.
#[derive(Debug, Serialize)]
struct Me<'a> {
    idp: &'a str,
    subject: &'a str,
    name: &'a str,
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
pub(super) async fn me(session: SessionOf, request: HttpRequest) -> Result<HttpResponse, Failure> {
    let session = session.0.ok_or(Failure::SignInNeeded)?;
    let roles = signin(&request).me(&session).await;
    let mut answer = HttpResponse::Ok().json(Me::new(&session.identity, &roles));
    answer.extensions_mut().insert(Kind::Data);
    Ok(answer)
}
