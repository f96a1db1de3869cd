//! "Does it work now?": a role is probed, and the page says what came of it.
//!
//! By a form alone: no link, no prefetch and no reload without asking makes AWS be called.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::{frame, page};
use crate::admin::Error;
use crate::domain::audit::Event;
use crate::domain::role::RoleKey;
use crate::signin::about;
use crate::web::forms::AdminForm;
use crate::web::pages::admin::ProbePage;
use crate::web::problem::Failure;
use crate::web::visitor::{Visitor, prober};

/// About how long the page is.
const BYTES: usize = 16 * 1024;

/// `POST /admin/access/probe`.
pub(in crate::web) async fn run(
    visitor: Visitor,
    form: AdminForm,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let role = form.fields.one("role").map_err(|_| Failure::NotAForm)?;
    let role = role.ok_or(Failure::NotAForm)?;
    let key = RoleKey::parse(role).map_err(|_| Error::NoSuchRole(role.to_owned()))?;
    let by: Event = about(&visitor.0, &form.session.identity);
    let probed = prober(&request).probe(&key, by).await?;
    let template = ProbePage::new(frame(&request, &form.session), &probed);
    page(&template, StatusCode::OK, BYTES)
}
