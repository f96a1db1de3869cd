//! Everybody's tokens for programs.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::{frame, page};
use crate::domain::intent::AdminPage;
use crate::domain::token::TokenId;
use crate::signin::about;
use crate::web::answer;
use crate::web::api::Refused;
use crate::web::entrance::{Entered, Entrance};
use crate::web::forms::AdminForm;
use crate::web::links;
use crate::web::pages::EverybodysTokensPage;
use crate::web::parameters::Parameters;
use crate::web::problem::Failure;
use crate::web::visitor::{Visitor, admin};

/// How many stand on a page.
const ON_A_PAGE: u32 = 50;
/// About how long a page is, bare and for each token.
const BYTES: (usize, usize) = (8 * 1024, 1024);

/// `GET /admin/tokens?after=`.
pub(in crate::web) async fn show(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let parameters = Parameters::read(request.query_string())?;
    let after = parameters.one("after")?.map(TokenId::parse);
    let after = after.map(|id| id.ok_or(Refused::NoSuchToken)).transpose()?;
    let entered = entrance.administrator(AdminPage::Tokens, links::idp(&parameters)?);
    let session = match entered.await? {
        Entered::Administrator(session) => session,
        Entered::Elsewhere(answer) => return Ok(answer),
    };
    let mut tokens = admin(&request)
        .tokens(after.as_ref(), ON_A_PAGE + 1)
        .await?;
    let more = tokens.len() > ON_A_PAGE as usize;
    tokens.truncate(ON_A_PAGE as usize);
    let around = frame(&request, &session);
    let template = EverybodysTokensPage::new(around, &tokens, (more, after.is_none()));
    page(&template, StatusCode::OK, BYTES.0 + tokens.len() * BYTES.1)
}

/// `POST /admin/tokens/revoke`.
pub(in crate::web) async fn revoke(
    visitor: Visitor,
    form: AdminForm,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let id = form.fields.one("id").map_err(|_| Failure::NotAForm)?;
    let id = id.and_then(TokenId::parse).ok_or(Refused::NoSuchToken)?;
    let by = about(&visitor.0, &form.session.identity);
    if admin(&request).revoke_token(&id, by).await? {
        Ok(answer::go_to(&links::admin_path(AdminPage::Tokens)))
    } else {
        Err(Refused::NoSuchToken.into())
    }
}
