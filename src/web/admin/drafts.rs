//! Drafts: their list, each as text, and what is done with one.
//!
//! Whatever comes of a form, the text that was sent is saved, or stands on the answer again. A form carries the version
//! that its text was written on; where somebody saved another meanwhile, the page says what each holds, and loses neither.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::{author, finding_of, frame, named_idp, number, page};
use crate::admin::{DraftSummary, Error, MOST_DRAFTS, Saved, SharedDraft, Source};
use crate::domain::access::DraftId;
use crate::domain::intent::AdminPage;
use crate::domain::session::Session;
use crate::signin::about;
use crate::web::answer;
use crate::web::entrance::{Entered, Entrance};
use crate::web::forms::AdminForm;
use crate::web::links;
use crate::web::pages::admin::{Begun, DraftPage, DraftsPage, Finding, Sentences};
use crate::web::parameters::Parameters;
use crate::web::problem::{APART, Failure};
use crate::web::texts::ENGLISH;
use crate::web::visitor::{Visitor, admin};

/// About how long the pages are without their texts and lines.
const BARE_BYTES: usize = 8 * 1024;
/// For each draft of the list.
const BYTES_PER_DRAFT: usize = 1024;

/// `GET /admin/access/document`, where the one document stood before there were drafts.
pub(in crate::web) async fn lead_on(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let idp = named_idp(&request)?;
    match entrance.administrator(AdminPage::Drafts, idp).await? {
        Entered::Administrator(_) => Ok(answer::go_to(&links::admin_path(AdminPage::Drafts))),
        Entered::Elsewhere(answer) => Ok(answer),
    }
}

/// `GET /admin/drafts`.
pub(in crate::web) async fn list(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let idp = named_idp(&request)?;
    match entrance.administrator(AdminPage::Drafts, idp).await? {
        Entered::Administrator(session) => {
            show_list(&request, &session, (StatusCode::OK, &Begun::default())).await
        }
        Entered::Elsewhere(answer) => Ok(answer),
    }
}

async fn show_list(
    request: &HttpRequest,
    session: &Session,
    (status, begun): (StatusCode, &Begun),
) -> Result<HttpResponse, Failure> {
    let admin = admin(request);
    let drafts = admin.drafts().await?;
    let newest = admin.revisions(None, 1).await?;
    let current = newest.first().map_or(0, |newest| newest.number);
    let template = DraftsPage::new(frame(request, session), (&drafts, current), begun);
    page(
        &template,
        status,
        BARE_BYTES + drafts.len() * BYTES_PER_DRAFT,
    )
}

/// `POST /admin/drafts`.
pub(in crate::web) async fn begin(
    mut form: AdminForm,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let mut text = |name: &str| -> Result<String, Failure> {
        let text = form.fields.take(name).map_err(|_| Failure::NotAForm)?;
        Ok(text.unwrap_or_default().trim().to_owned())
    };
    let (name, from) = (text("name")?, text("from")?);
    let source = match number(&from).filter(|number| *number > 0) {
        _ if from.is_empty() => Ok(Source::Current),
        Some(number) => Ok(Source::Revision(number)),
        None => Err(Error::NoSuchRevision(0)),
    };
    let begun = match source {
        Ok(source) => {
            let by = author(&form.session);
            admin(&request).begin_draft(source, &name, &by).await
        }
        Err(error) => Err(error),
    };
    let t = &ENGLISH.drafts;
    let (status, trouble) = match begun {
        Ok(id) => return Ok(answer::go_to(&links::admin_path(AdminPage::Draft(id)))),
        Err(Error::NoSuchRevision(_)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, t.no_revision.to_owned())
        }
        Err(Error::DraftName) => (StatusCode::UNPROCESSABLE_ENTITY, t.bad_name.to_owned()),
        Err(Error::TooManyDrafts(_)) => {
            let trouble = t.too_many.with("most", MOST_DRAFTS).plain();
            (StatusCode::CONFLICT, trouble)
        }
        Err(error) => return Err(Failure::Admin(error)),
    };
    let begun = Begun {
        name,
        from,
        trouble: Some(trouble),
    };
    show_list(&request, &form.session, (status, &begun)).await
}

/// `GET /admin/drafts/{id}`.
pub(in crate::web) async fn show(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let id = wanted(&request)?;
    let idp = named_idp(&request)?;
    let session = match entrance.administrator(AdminPage::Draft(id), idp).await? {
        Entered::Administrator(session) => session,
        Entered::Elsewhere(answer) => return Ok(answer),
    };
    let SharedDraft { summary, text } = admin(&request).draft(id).await?;
    let finding = finding_of(&request, &text, summary.base).await?;
    let shown = (StatusCode::OK, &finding);
    one(&request, &session, (&summary, &text), shown)
}

fn one(
    request: &HttpRequest,
    session: &Session,
    (draft, text): (&DraftSummary, &str),
    (status, finding): (StatusCode, &Finding),
) -> Result<HttpResponse, Failure> {
    let template = DraftPage::new(frame(request, session), (draft, text), finding);
    page(&template, status, BARE_BYTES + text.len() * 5 / 4)
}

/// `POST /admin/drafts/{id}`.
pub(in crate::web) async fn save(
    mut form: AdminForm,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let id = wanted(&request)?;
    let then = form.fields.take("then").map_err(|_| Failure::NotAForm)?;
    let text = form
        .fields
        .take("document")
        .map_err(|_| Failure::NotAForm)?;
    // browsers end the lines of a form's text by CR LF
    let text = text.unwrap_or_default().replace("\r\n", "\n");
    if text.contains('\0') {
        return Err(Failure::NotAForm);
    }
    let (admin, by) = (admin(&request), author(&form.session));
    if then.as_deref() == Some(APART) {
        let apart = admin.keep_apart(id, text, &by).await?;
        return Ok(answer::go_to(&links::admin_path(AdminPage::Draft(apart))));
    }
    let version = version(&form.fields)?;
    match admin.save_draft((id, version), text.clone(), &by).await? {
        Saved::Saved(_) => {
            let next = match then.as_deref() {
                Some("review") => AdminPage::Review(id),
                _ => AdminPage::Draft(id),
            };
            Ok(answer::go_to(&links::admin_path(next)))
        }
        Saved::Overtaken(theirs) => {
            let finding = meanwhile(&request, &theirs, &text).await?;
            let shown = (StatusCode::CONFLICT, &finding);
            one(&request, &form.session, (&theirs.summary, &text), shown)
        }
    }
}

/// What each of two holds who saved the same draft.
async fn meanwhile(
    request: &HttpRequest,
    theirs: &SharedDraft,
    text: &str,
) -> Result<Finding, Failure> {
    let (admin, summary) = (admin(request), &theirs.summary);
    let base = admin.text_of(summary.base).await?;
    let changes = async |from: &str, to: &str| {
        let changes = admin.compare_texts(from.to_owned(), to.to_owned()).await;
        changes.map(Sentences::new)
    };
    let by = ENGLISH.finding.meanwhile_by;
    Ok(Finding::Meanwhile {
        by: by
            .with("author", &summary.changed_by)
            .with("moment", crate::web::pages::admin::moment(summary.changed))
            .plain(),
        theirs: changes(&base, &theirs.text).await?,
        yours: changes(&base, text).await?,
        apart: changes(&theirs.text, text).await?,
    })
}

/// `POST /admin/drafts/{id}/discard`.
pub(in crate::web) async fn discard(
    visitor: Visitor,
    form: AdminForm,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let (id, version) = (wanted(&request)?, version(&form.fields)?);
    let by = about(&visitor.0, &form.session.identity);
    admin(&request).discard_draft(id, version, by).await?;
    Ok(answer::go_to(&links::admin_path(AdminPage::Drafts)))
}

/// The draft that the path names.
pub(super) fn wanted(request: &HttpRequest) -> Result<DraftId, Failure> {
    let text = request.match_info().get("id").unwrap_or_default();
    DraftId::parse(text).ok_or(Failure::Admin(Error::NoSuchDraft))
}

/// The version that a form was written on.
pub(super) fn version(fields: &Parameters) -> Result<i64, Failure> {
    number_in(fields, "version")
}

/// A number of a form's, as our own pages write it.
pub(super) fn number_in(fields: &Parameters, name: &str) -> Result<i64, Failure> {
    let text = fields.one(name).map_err(|_| Failure::NotAForm)?;
    text.and_then(number).ok_or(Failure::NotAForm)
}
