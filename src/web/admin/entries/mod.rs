//! A draft's entries as lists and forms. The forms and the text edit the same draft.
//!
//! What a form cannot mean, and what is wrong with what it says, stands beside its fields, and nothing is saved; a form
//! that adds a condition comes back with one more row.

mod filled;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::drafts::wanted;
use super::{author, frame, page};
use crate::admin::{Edit, Edited, EntryView};
use crate::domain::access::{EntryName, Problem, Section};
use crate::domain::intent::AdminPage;
use crate::domain::session::Session;
use crate::web::answer;
use crate::web::entrance::{Entered, Entrance};
use crate::web::forms::AdminForm;
use crate::web::links;
use crate::web::pages::admin::entries::conditions::Row;
use crate::web::pages::admin::entries::{About, EntriesPage, EntryPage, Filled};
use crate::web::parameters::Parameters;
use crate::web::problem::Failure;
use crate::web::visitor::admin;

/// About how long a form is.
const FORM_BYTES: usize = 32 * 1024;
/// The longest name that an address may hold, in bytes.
const LONGEST_NAME: usize = 2 * 1024;

/// `GET /admin/drafts/{id}/entries/{section}?q=`.
pub(in crate::web) async fn list(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let (id, section) = (wanted(&request)?, section(&request)?);
    let parameters = Parameters::read(request.query_string())?;
    let query = parameters.one("q")?.filter(|text| !text.trim().is_empty());
    let query = query.map(links::search).transpose()?.unwrap_or_default();
    let entered = entrance.administrator(AdminPage::Draft(id), links::idp(&parameters)?);
    let session = match entered.await? {
        Entered::Administrator(session) => session,
        Entered::Elsewhere(answer) => return Ok(answer),
    };
    match admin(&request).entries(id, section, query).await? {
        Some(list) => {
            let template = EntriesPage::new(frame(&request, &session), &list, query);
            let expected = template.expected_bytes();
            page(&template, StatusCode::OK, expected)
        }
        // as text it says why it cannot be read
        None => Ok(answer::go_to(&links::admin_path(AdminPage::Draft(id)))),
    }
}

/// `GET /admin/drafts/{id}/entries/{section}/edit?name=&nth=`.
pub(in crate::web) async fn show(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let (id, section) = (wanted(&request)?, section(&request)?);
    let parameters = Parameters::read(request.query_string())?;
    let is_known = parameters.has("name");
    let name = is_known.then(|| name(section, &parameters, "name"));
    let name = name.transpose()?;
    let entered = entrance.administrator(AdminPage::Draft(id), links::idp(&parameters)?);
    let session = match entered.await? {
        Entered::Administrator(session) => session,
        Entered::Elsewhere(answer) => return Ok(answer),
    };
    let Some(view) = admin(&request).entry(id, name.clone()).await? else {
        return Ok(answer::go_to(&links::admin_path(AdminPage::Draft(id))));
    };
    if name.is_some() && view.entry.is_none() {
        return Err(Failure::NotFound);
    }
    let about = About {
        draft: &view.draft,
        section,
        at: name.as_ref(),
        seen: &view.seen,
        users: &view.users,
        problems: &[],
        unreadable: &[],
        overtaken: false,
    };
    let filled = Filled::of(section, view.entry.as_ref());
    one(&request, &session, (&about, &filled), StatusCode::OK)
}

fn one(
    request: &HttpRequest,
    session: &Session,
    (about, filled): (&About<'_>, &Filled),
    status: StatusCode,
) -> Result<HttpResponse, Failure> {
    let template = EntryPage::new(frame(request, session), about, filled);
    page(&template, status, FORM_BYTES)
}

/// `POST /admin/drafts/{id}/entries/{section}/edit`.
pub(in crate::web) async fn save(
    form: AdminForm,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let (id, section) = (wanted(&request)?, section(&request)?);
    let AdminForm { session, fields } = form;
    let at = fields.has("known").then(|| name(section, &fields, "at"));
    let at = at.transpose().map_err(|_| Failure::NotAForm)?;
    let seen = fields.one("seen").map_err(|_| Failure::NotAForm)?;
    let seen = seen.unwrap_or_default().to_owned();
    let mut filled = filled::read(section, &fields).map_err(|_| Failure::NotAForm)?;
    let as_text = links::admin_path(AdminPage::Draft(id));
    let Some(view) = admin(&request).entry(id, at.clone()).await? else {
        return Ok(answer::go_to(&as_text));
    };
    let mut about = Shown {
        seen: seen.clone(),
        ..Shown::default()
    };
    if let Some(change) = change(section, then(&fields), (&mut filled, &view), &mut about) {
        let by = author(&session);
        let edited = admin(&request).edit((id, &by), (at.clone(), &seen), change);
        match edited.await? {
            None => return Ok(answer::go_to(&as_text)),
            Some(Edited::NoSuchEntry) => return Err(Failure::NotFound),
            Some(Edited::Done) => {
                let list = format!("{as_text}/entries/{}", section.key());
                return Ok(answer::go_to(&list));
            }
            Some(Edited::Problems(problems)) => {
                about.problems = problems;
                about.status = StatusCode::UNPROCESSABLE_ENTITY;
            }
            Some(Edited::Overtaken(seen)) => {
                (about.seen, about.overtaken) = (seen, true);
                about.status = StatusCode::CONFLICT;
            }
        }
    }
    let shown = About {
        draft: &view.draft,
        section,
        at: at.as_ref(),
        seen: &about.seen,
        users: &view.users,
        problems: &about.problems,
        unreadable: &about.unreadable,
        overtaken: about.overtaken,
    };
    one(&request, &session, (&shown, &filled), about.status)
}

/// What a form comes to that is shown again.
#[derive(Default)]
struct Shown {
    problems: Vec<Problem>,
    unreadable: Vec<&'static str>,
    seen: String,
    overtaken: bool,
    status: StatusCode,
}

/// What the button asks to be done; `None` if the form is to be shown again.
fn change(
    section: Section,
    then: &str,
    (filled, view): (&mut Filled, &EntryView),
    shown: &mut Shown,
) -> Option<Edit> {
    match then {
        "remove" => Some(Edit::Remove),
        "add" => {
            filled.rows.push(Row::empty());
            None
        }
        then => match filled::entry(section, filled, view.entry.as_ref()) {
            Ok(entry) => Some(Edit::Put {
                entry,
                keeps_links: filled.keeps_links,
                anyway: then == "anyway",
            }),
            Err(unreadable) => {
                shown.unreadable = unreadable;
                shown.status = StatusCode::UNPROCESSABLE_ENTITY;
                None
            }
        },
    }
}

/// What is to be done: the button that was pressed.
fn then(fields: &Parameters) -> &str {
    fields.one("then").ok().flatten().unwrap_or("save")
}

/// The section that the path names.
fn section(request: &HttpRequest) -> Result<Section, Failure> {
    let text = request.match_info().get("section").unwrap_or_default();
    Section::parse(text).ok_or(Failure::NotFound)
}

/// What names an entry.
fn name(section: Section, parameters: &Parameters, of: &str) -> Result<EntryName, Failure> {
    let name = parameters.one(of)?.unwrap_or_default();
    let nth = match parameters.one("nth")? {
        None => 0,
        Some(text) => text.parse().map_err(|_| Failure::NotFound)?,
    };
    if name.len() > LONGEST_NAME {
        return Err(Failure::NotFound);
    }
    Ok(EntryName {
        section,
        name: name.to_owned(),
        nth,
    })
}
