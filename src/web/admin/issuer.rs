//! The issuer: its addresses and keys.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::{frame, named_idp, page};
use crate::domain::intent::AdminPage;
use crate::web::entrance::{Entered, Entrance};
use crate::web::pages::admin::IssuerPage;
use crate::web::problem::Failure;
use crate::web::visitor::admin;

/// About how long the page is.
const BYTES: usize = 16 * 1024;

/// `GET /admin/issuer`.
pub(in crate::web) async fn show(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let idp = named_idp(&request)?;
    let session = match entrance.administrator(AdminPage::Issuer, idp).await? {
        Entered::Administrator(session) => session,
        Entered::Elsewhere(answer) => return Ok(answer),
    };
    let issuer = admin(&request).issuer();
    let template = IssuerPage::new(frame(&request, &session), &issuer);
    page(&template, StatusCode::OK, BYTES)
}
