//! The revisions: their list, each with its document and what it changed, and going back to one.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::{base, check_ungoverned, explain, frame, named_idp, note, number, page, signature};
use crate::admin::{Error, RevisionSummary};
use crate::domain::access::AccessRevision;
use crate::domain::intent::AdminPage;
use crate::domain::session::Session;
use crate::web::answer;
use crate::web::entrance::{Entered, Entrance};
use crate::web::forms::AdminForm;
use crate::web::links;
use crate::web::pages::admin::{Finding, Past, RevisionPage, RevisionsPage, Sentences};
use crate::web::parameters::Parameters;
use crate::web::problem::Failure;
use crate::web::visitor::{Visitor, admin};

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
    let asked = (StatusCode::OK, "", Finding::Nothing);
    one(&request, &session, wanted, asked).await
}

/// `POST /admin/access/revisions/{number}/restore`.
pub(in crate::web) async fn restore(
    visitor: Visitor,
    mut form: AdminForm,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    check_ungoverned(&request)?;
    let wanted = wanted(&request)?;
    let base = base(&form.fields)?;
    let note = note(&mut form.fields)?;
    let (admin, session) = (admin(&request), &form.session);
    let (_, document) = admin.revision(wanted).await?;
    let current = current(&request).await?;
    let early = if base != current {
        Some((StatusCode::CONFLICT, Finding::Overtaken))
    } else if admin.compare(current, wanted).await?.is_empty() {
        Some((StatusCode::OK, Finding::Same))
    } else {
        None
    };
    if let Some((status, finding)) = early {
        return one(&request, session, wanted, (status, &note, finding)).await;
    }
    let reason = if note.is_empty() {
        format!("Back to revision {wanted}")
    } else {
        note.clone()
    };
    let signature = signature(&visitor.0, session, &reason);
    let (status, finding) = match admin.go_back(wanted, base, signature).await {
        Ok(number) => {
            let there = links::admin_path(AdminPage::Revision(number));
            return Ok(answer::go_to(&there));
        }
        Err(Error::Conflict { .. }) => (StatusCode::CONFLICT, Finding::Overtaken),
        Err(error) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            explain(error, &document.to_toml())?,
        ),
    };
    one(&request, session, wanted, (status, &note, finding)).await
}

/// The page of one revision.
async fn one(
    request: &HttpRequest,
    session: &Session,
    wanted: AccessRevision,
    (status, note, finding): (StatusCode, &str, Finding),
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
    let template = RevisionPage::new(frame(request, session), &summary, &past, (note, &finding));
    page(&template, status, BARE_BYTES + past.text.len() * 5 / 4)
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
