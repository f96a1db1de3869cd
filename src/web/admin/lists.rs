//! Rules, roles and accounts as lists.

use actix_web::{HttpRequest, HttpResponse};

use super::frame;
use crate::admin::Section;
use crate::domain::intent::AdminPage;
use crate::web::answer;
use crate::web::entrance::{Entered, Entrance};
use crate::web::headers::Kind;
use crate::web::links;
use crate::web::pages::admin::ListsPage;
use crate::web::parameters::Parameters;
use crate::web::problem::Failure;
use crate::web::visitor::admin;

/// `GET /admin/access?show=&q=`.
pub(in crate::web) async fn show(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let parameters = Parameters::read(request.query_string())?;
    let query = parameters.one("q")?.filter(|text| !text.trim().is_empty());
    let query = query.map(links::search).transpose()?.unwrap_or_default();
    let section = match parameters.one("show")? {
        Some("roles") => Section::Roles,
        Some("accounts") => Section::Accounts,
        _ => Section::Rules,
    };
    let entered = entrance.administrator(AdminPage::Access, links::idp(&parameters)?);
    let session = match entered.await? {
        Entered::Administrator(session) => session,
        Entered::Elsewhere(answer) => return Ok(answer),
    };
    let overview = admin(&request).look(section, query).await?;
    let page = ListsPage::new(frame(&request, &session), &overview, query);
    answer::page(&page, page.expected_bytes(), Kind::Lists)
}
