//! SAML 2.0 on the wire: the assertion consumer service (HTTP-POST binding, SAML Bindings §3.5) and our metadata.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, HttpResponse};
use secrecy::SecretString;

use super::entrance::Return;
use super::forms::IdpForm;
use super::headers::Kind;
use super::problem::Failure;
use super::session::idp;
use super::visitor::signin;
use crate::signin::{Answer, Error};

/// `POST /saml/{idp}/acs`.
pub(super) async fn acs(
    back: Return,
    form: IdpForm,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let IdpForm(mut fields) = form;
    let mut field = |name| fields.take(name).map_err(|_| Failure::NotAForm);
    // without a response, the login is refused like one with a wrong response, and so stands in the record
    let response = field("SAMLResponse")?.unwrap_or_default();
    let relay_state = field("RelayState")?.unwrap_or_default();
    let answer = Answer::Saml {
        idp: idp(&request)?,
        response: SecretString::from(response),
        relay_state,
    };
    back.arrive(answer).await
}

/// `GET /saml/{idp}/metadata`.
pub(super) async fn metadata(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let metadata = signin(&request).saml_metadata(&idp(&request)?);
    let metadata = metadata.ok_or(Failure::from(Error::IdpUnknown))?;
    let mut answer = HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/samlmetadata+xml"))
        .body(metadata);
    answer.extensions_mut().insert(Kind::Data);
    Ok(answer)
}
