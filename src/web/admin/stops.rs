//! Blocks and suspensions: listed, suspended, lifted.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::{frame, page, signature};
use crate::admin::{Error, Place};
use crate::domain::intent::AdminPage;
use crate::domain::role::RoleName;
use crate::domain::session::Session;
use crate::domain::stop::{Cursor, Target, Until, UntilError};
use crate::signin::about;
use crate::web::answer;
use crate::web::entrance::{Entered, Entrance};
use crate::web::forms::AdminForm;
use crate::web::links;
use crate::web::pages::admin::{StopForm, StopTrouble, StopsPage};
use crate::web::parameters::Parameters;
use crate::web::problem::Failure;
use crate::web::visitor::{Visitor, admin, site};

/// How many stops stand on a page.
const ON_A_PAGE: u32 = 100;

/// `GET /admin/stops?before=`.
pub(in crate::web) async fn list(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let parameters = Parameters::read(request.query_string())?;
    let before = parameters.one("before")?;
    let before = before
        .map(|text| Cursor::parse(text).ok_or(Failure::NotFound))
        .transpose()?;
    let entered = entrance.administrator(AdminPage::Stops, links::idp(&parameters)?);
    match entered.await? {
        Entered::Administrator(session) => {
            let form = StopForm::default();
            show(&request, &session, StatusCode::OK, (&form, before)).await
        }
        Entered::Elsewhere(answer) => Ok(answer),
    }
}

async fn show(
    request: &HttpRequest,
    session: &Session,
    status: StatusCode,
    (said, before): (&StopForm, Option<Cursor>),
) -> Result<HttpResponse, Failure> {
    let list = admin(request).stops(before.as_ref(), ON_A_PAGE).await?;
    let shown = (&list, before.is_none());
    let template = StopsPage::new(frame(request, session), shown, said);
    let expected = template.expected_bytes();
    page(&template, status, expected)
}

/// `POST /admin/stops`: `deed` is `suspend` or `lift`.
pub(in crate::web) async fn change(
    visitor: Visitor,
    mut form: AdminForm,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let mut said = said(&mut form.fields)?;
    let session = &form.session;
    let field = |name: &str| {
        let one = form.fields.one(name).map_err(|_| Failure::NotAForm)?;
        Ok::<_, Failure>(one.unwrap_or_default())
    };
    let done = match field("deed")? {
        "suspend" => match (place(&said.place), until(&request, &said)) {
            (None, _) => Err(StopTrouble::Place),
            (_, Err(trouble)) => Err(trouble),
            (Some(place), Ok(until)) => {
                let by = signature(&visitor.0, session, &said.note);
                explain(admin(&request).suspend(&place, until, by).await)?
            }
        },
        "lift" => {
            let target = Target::parse(field("kind")?, field("target")?);
            let target = target.ok_or(Error::NoSuchStop)?;
            let by = about(&visitor.0, &session.identity);
            admin(&request).lift(&target, by).await?;
            Ok(())
        }
        _ => return Err(Failure::NotAForm),
    };
    match done {
        Ok(()) => Ok(answer::go_to(&links::admin_path(AdminPage::Stops))),
        Err(trouble) => {
            said.trouble = Some(trouble);
            show(
                &request,
                session,
                StatusCode::UNPROCESSABLE_ENTITY,
                (&said, None),
            )
            .await
        }
    }
}

/// What a form that stops something says, as written.
pub(super) fn said(fields: &mut Parameters) -> Result<StopForm, Failure> {
    let mut text = |name: &str| {
        let taken = fields.take(name).map_err(|_| Failure::NotAForm)?;
        Ok::<_, Failure>(taken.unwrap_or_default().trim().replace("\r\n", "\n"))
    };
    Ok(StopForm {
        place: text("place")?,
        until: text("until")?,
        note: text("note")?,
        trouble: None,
    })
}

/// Until when, as it means.
pub(super) fn until(request: &HttpRequest, said: &StopForm) -> Result<Until, StopTrouble> {
    Until::parse(&said.until, site(request).clock.now()).map_err(StopTrouble::Until)
}

/// An account, or `account/role`.
fn place(text: &str) -> Option<Place> {
    let (account, role) = match text.split_once('/') {
        Some((account, role)) => (account, Some(RoleName::parse(role).ok()?)),
        None => (text, None),
    };
    Some(Place {
        account: links::account(account).ok()?,
        role,
    })
}

/// What a person can put right on the page they are on; anything else is a problem of its own.
pub(super) fn explain(done: Result<Target, Error>) -> Result<Result<(), StopTrouble>, Failure> {
    match done {
        Ok(_) => Ok(Ok(())),
        Err(Error::NoSuchPlace) => Ok(Err(StopTrouble::Place)),
        Err(Error::Note) => Ok(Err(StopTrouble::Note)),
        Err(Error::OwnBlock) => Ok(Err(StopTrouble::Own)),
        Err(Error::PastEnd) => Ok(Err(StopTrouble::Until(UntilError::Past))),
        Err(other) => Err(Failure::Admin(other)),
    }
}
