//! OpenID Connect on the wire: the redirect URI (Core §3.1.2.5).

use actix_web::{HttpRequest, HttpResponse};
use secrecy::SecretString;

use super::entrance::Return;
use super::problem::Failure;
use super::session::idp;
use crate::signin::Answer;

/// `GET /oidc/{idp}/callback`.
pub(super) async fn callback(back: Return, request: HttpRequest) -> Result<HttpResponse, Failure> {
    let answer = Answer::Oidc {
        idp: idp(&request)?,
        query: SecretString::from(request.query_string().to_owned()),
    };
    back.arrive(answer).await
}
