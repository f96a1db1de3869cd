//! The document as text: shown, checked, and published.
//!
//! Whatever comes of a form, the text that was sent stands on the answer again. A form carries the revision that
//! its text was written on; when another was published in between, nothing is published, and the page says what
//! each side changed.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::{base, check_ungoverned, explain, frame, named_idp, note, page, signature};
use crate::admin::{Admin, Checked, Error};
use crate::domain::access::AccessRevision;
use crate::domain::intent::AdminPage;
use crate::domain::session::Session;
use crate::web::answer;
use crate::web::entrance::{Entered, Entrance};
use crate::web::forms::AdminForm;
use crate::web::links;
use crate::web::pages::admin::{DocumentPage, Finding, Sentences};
use crate::web::parameters::Parameters;
use crate::web::problem::Failure;
use crate::web::visitor::{Visitor, admin};

/// About how long the page is without its text.
const BARE_BYTES: usize = 8 * 1024;

/// What a form holds.
struct Draft {
    base: AccessRevision,
    text: String,
    note: String,
}

impl Draft {
    fn read(mut fields: Parameters) -> Result<Self, Failure> {
        let text = fields.take("document").map_err(|_| Failure::NotAForm)?;
        Ok(Self {
            base: base(&fields)?,
            // browsers end the lines of a form's text by CR LF
            text: text.unwrap_or_default().replace("\r\n", "\n"),
            note: note(&mut fields)?,
        })
    }

    fn show(
        &self,
        request: &HttpRequest,
        session: &Session,
        (status, finding): (StatusCode, &Finding),
    ) -> Result<HttpResponse, Failure> {
        let template = DocumentPage::new(
            frame(request, session),
            self.base,
            (&self.text, &self.note),
            finding,
        );
        let expected = BARE_BYTES + self.text.len() * 5 / 4;
        page(&template, status, expected)
    }
}

/// `GET /admin/access/document`.
pub(in crate::web) async fn show(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let idp = named_idp(&request)?;
    let session = match entrance.administrator(AdminPage::Document, idp).await? {
        Entered::Administrator(session) => session,
        Entered::Elsewhere(answer) => return Ok(answer),
    };
    let current = admin(&request).current().await?;
    let draft = Draft {
        base: current.as_ref().map_or(0, |(summary, _)| summary.number),
        text: current.map_or_else(String::new, |(_, document)| document.to_toml()),
        note: String::new(),
    };
    draft.show(&request, &session, (StatusCode::OK, &Finding::Nothing))
}

/// `POST /admin/access/check`.
pub(in crate::web) async fn check(
    form: AdminForm,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    check_ungoverned(&request)?;
    let mut draft = Draft::read(form.fields)?;
    let finding = examine(admin(&request), &mut draft).await?;
    draft.show(&request, &form.session, (StatusCode::OK, &finding))
}

/// `POST /admin/access/publish`.
pub(in crate::web) async fn publish(
    visitor: Visitor,
    form: AdminForm,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    check_ungoverned(&request)?;
    let admin = admin(&request);
    let mut draft = Draft::read(form.fields)?;
    let mut finding = examine(admin, &mut draft).await?;
    if matches!(finding, Finding::Changes(_)) {
        let signature = signature(&visitor.0, &form.session, &draft.note);
        match admin.publish(&draft.text, draft.base, signature).await {
            Ok(number) => {
                return Ok(answer::go_to(&links::admin_path(AdminPage::Revision(
                    number,
                ))));
            }
            Err(Error::Conflict { .. }) => finding = examine(admin, &mut draft).await?,
            Err(error) => finding = explain(error, &draft.text)?,
        }
    }
    let status = match finding {
        Finding::Conflict { .. } => StatusCode::CONFLICT,
        Finding::Same => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    draft.show(&request, &form.session, (status, &finding))
}

/// What a draft would change, or what is wrong with it. If another revision was published since it was begun, the
/// draft stands on that one afterwards.
async fn examine(admin: &Admin, draft: &mut Draft) -> Result<Finding, Failure> {
    if draft.text.trim().is_empty() {
        return Ok(Finding::Empty);
    }
    let checked = match admin.check(&draft.text).await {
        Ok(checked) => checked,
        Err(error) => return explain(error, &draft.text),
    };
    if checked.base != draft.base {
        return conflict(admin, draft, checked).await;
    }
    Ok(if checked.changes.is_empty() && checked.base > 0 {
        Finding::Same
    } else {
        Finding::Changes(Sentences::new(checked.changes))
    })
}

async fn conflict(admin: &Admin, draft: &mut Draft, checked: Checked) -> Result<Finding, Failure> {
    let began = std::mem::replace(&mut draft.base, checked.base);
    let (newest, _) = admin.revision(checked.base).await?;
    Ok(Finding::Conflict {
        began,
        newest: newest.into(),
        theirs: Sentences::new(admin.compare(began, checked.base).await?),
        yours: Sentences::new(checked.changes),
    })
}
