//! The issuer: its addresses and keys.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use utoipa::ToSchema;

use super::answer;
use super::caller::Caller;
use super::described::{Content, Endpoint};
use crate::admin::{IssuerView, KeyView};
use crate::domain::Timestamp;
use crate::domain::token::TokenScope;
use crate::web::problem::Failure;
use crate::web::visitor::admin;

pub(super) const ISSUER: Endpoint = Endpoint {
    method: "GET",
    path: "/api/v1/issuer",
    id: "issuer",
    summary: "Vestibule as an identity provider towards AWS: its names, its keys, and what to do next",
    scope: Some(TokenScope::AccessRead),
    parameters: &[],
    body: None,
    answer: (200, Some(Content::json::<Issuer>())),
};

/// The issuer.
#[derive(Debug, Serialize, ToSchema)]
struct Issuer {
    url: String,
    saml_entity_id: String,
    /// What trust policies pin as `SAML:aud`.
    saml_audience: String,
    oidc_audience: String,
    /// What is wrong with the keys as they lie in their folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
    keys: Vec<IssuerKey>,
}

/// A key.
#[derive(Debug, Serialize, ToSchema)]
struct IssuerKey {
    id: String,
    r#use: &'static str,
    algorithm: &'static str,
    /// `next`, `current` or `retired`.
    state: &'static str,
    #[schema(value_type = String)]
    created: Timestamp,
    /// When its certificate ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    expires: Option<Timestamp>,
    fingerprint: String,
    /// What to do next.
    next_step: &'static str,
}

impl From<KeyView> for IssuerKey {
    fn from(key: KeyView) -> Self {
        Self {
            id: key.id,
            r#use: key.purpose,
            algorithm: key.algorithm,
            state: key.state,
            created: key.created,
            expires: key.expires,
            fingerprint: key.fingerprint,
            next_step: key.next_step,
        }
    }
}

impl From<IssuerView> for Issuer {
    fn from(view: IssuerView) -> Self {
        Self {
            url: view.url,
            saml_entity_id: view.entity_id,
            saml_audience: view.recipient,
            oidc_audience: view.audience,
            trouble: view.trouble,
            keys: view.keys.into_iter().map(Into::into).collect(),
        }
    }
}

/// `GET /api/v1/issuer`.
pub(in crate::web) async fn show(
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    caller.administrates(TokenScope::AccessRead).await?;
    let issuer = Issuer::from(admin(&request).issuer());
    Ok(answer::json(StatusCode::OK, &issuer))
}
