//! The issuer's documents, for AWS and for whoever sets an account up: metadata, discovery, key set. Public, and kept
//! by caches for a short time, so that a rotation is seen soon.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, HttpResponse};

use super::headers::Kind;
use super::problem::Failure;
use super::visitor::signin;

/// `GET /issuer/saml/metadata`.
pub(super) async fn metadata(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let text = signin(&request).issuer_metadata();
    document(text, "application/samlmetadata+xml")
}

/// `GET /.well-known/openid-configuration`.
pub(super) async fn discovery(request: HttpRequest) -> Result<HttpResponse, Failure> {
    document(signin(&request).issuer_discovery(), "application/json")
}

/// `GET /issuer/oidc/jwks`.
pub(super) async fn key_set(request: HttpRequest) -> Result<HttpResponse, Failure> {
    document(signin(&request).issuer_key_set(), "application/json")
}

/// Without a key there is no such document.
fn document(text: Option<String>, content_type: &'static str) -> Result<HttpResponse, Failure> {
    let text = text.ok_or(Failure::NotFound)?;
    let mut answer = HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, content_type))
        .body(text);
    answer.extensions_mut().insert(Kind::Public);
    Ok(answer)
}
