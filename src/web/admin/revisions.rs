//! The revisions: their list, each with its document and what it changed, and going back to one.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::{author, frame, named_idp, number, page};
use crate::admin::{Error, RevisionSummary, Source};
use crate::domain::access::AccessRevision;
use crate::domain::intent::AdminPage;
use crate::domain::session::Session;
use crate::web::answer;
use crate::web::entrance::{Entered, Entrance};
use crate::web::forms::AdminForm;
use crate::web::links;
use crate::web::pages::admin::{ComparePage, Past, RevisionPage, RevisionsPage, Sentences};
use crate::web::parameters::Parameters;
use crate::web::problem::Failure;
use crate::web::texts::ENGLISH;
use crate::web::visitor::admin;

/// How many revisions stand on a page.
const ON_A_PAGE: u32 = 50;
/// About how long the pages are, the document aside.
const BARE_BYTES: usize = 16 * 1024;

/// `GET /admin/access/revisions?before=`.
pub(in crate::web) async fn list(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let parameters = Parameters::read(request.query_string())?;
    let before = parameters.one("before")?;
    let before = before
        .map(|text| number(text).ok_or(Failure::NotFound))
        .transpose()?;
    let entered = entrance.administrator(AdminPage::Revisions, links::idp(&parameters)?);
    let session = match entered.await? {
        Entered::Administrator(session) => session,
        Entered::Elsewhere(answer) => return Ok(answer),
    };
    let current = current(&request).await?;
    let mut revisions = admin(&request).revisions(before, ON_A_PAGE + 1).await?;
    let more = revisions.len() > ON_A_PAGE as usize;
    revisions.truncate(ON_A_PAGE as usize);
    let template = RevisionsPage::new(frame(&request, &session), &revisions, (current, more));
    page(&template, StatusCode::OK, BARE_BYTES)
}

/// `GET /admin/access/revisions/{number}`.
pub(in crate::web) async fn show(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let wanted = wanted(&request)?;
    let idp = named_idp(&request)?;
    let entered = entrance.administrator(AdminPage::Revision(wanted), idp);
    let session = match entered.await? {
        Entered::Administrator(session) => session,
        Entered::Elsewhere(answer) => return Ok(answer),
    };
    one(&request, &session, wanted).await
}

/// `POST /admin/access/revisions/{number}/restore`: a draft with the old content, to be reviewed like any other.
pub(in crate::web) async fn restore(
    form: AdminForm,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let wanted = wanted(&request)?;
    let name = ENGLISH.revision.back_name.with("number", wanted).plain();
    let by = author(&form.session);
    let begun = admin(&request).begin_draft(Source::Revision(wanted), &name, &by);
    let there = links::admin_path(AdminPage::Review(begun.await?));
    Ok(answer::go_to(&there))
}

/// `GET /admin/access/compare?from=&to=`.
pub(in crate::web) async fn compare(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let parameters = Parameters::read(request.query_string())?;
    let of = |name: &str| -> Result<AccessRevision, Failure> {
        let number = parameters.one(name)?.and_then(|text| number(text.trim()));
        let number = number.filter(|number| *number > 0);
        number.ok_or(Failure::Admin(Error::NoSuchRevision(0)))
    };
    let (from, to) = (of("from")?, of("to")?);
    let entered = entrance.administrator(AdminPage::Compare(from, to), links::idp(&parameters)?);
    let session = match entered.await? {
        Entered::Administrator(session) => session,
        Entered::Elsewhere(answer) => return Ok(answer),
    };
    let changes = Sentences::new(admin(&request).compare(from, to).await?);
    let template = ComparePage::new(frame(&request, &session), (from, to), &changes);
    page(&template, StatusCode::OK, BARE_BYTES)
}

/// The page of one revision.
async fn one(
    request: &HttpRequest,
    session: &Session,
    wanted: AccessRevision,
) -> Result<HttpResponse, Failure> {
    let admin = admin(request);
    let (summary, document) = admin.revision(wanted).await?;
    let current = current(request).await?;
    let back = if current == wanted {
        Vec::new()
    } else {
        admin.compare(current, wanted).await?
    };
    let past = Past {
        current,
        changes: Sentences::new(admin.compare(wanted - 1, wanted).await?),
        back: Sentences::new(back),
        text: document.to_toml(),
    };
    let template = RevisionPage::new(frame(request, session), &summary, &past);
    page(
        &template,
        StatusCode::OK,
        BARE_BYTES + past.text.len() * 5 / 4,
    )
}

/// The number of the current revision; 0 before the first.
async fn current(request: &HttpRequest) -> Result<AccessRevision, Failure> {
    let newest = admin(request).revisions(None, 1).await?;
    Ok(newest
        .first()
        .map_or(0, |newest: &RevisionSummary| newest.number))
}

/// The revision that the path names.
fn wanted(request: &HttpRequest) -> Result<AccessRevision, Failure> {
    let text = request.match_info().get("number").unwrap_or_default();
    let number = number(text).filter(|number| *number > 0);
    number.ok_or(Failure::Admin(Error::NoSuchRevision(0)))
}
