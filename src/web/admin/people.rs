//! People: found, their sessions seen and ended, blocked and let in again.
//!
//! A person is named by a key in addresses, never by name or subject: addresses stand in histories and logs.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::stops::{self, until};
use super::{frame, page, signature};
use crate::admin::Error;
use crate::domain::identity::{IdpId, Subject};
use crate::domain::intent::AdminPage;
use crate::domain::person::{KnownPerson, PersonKey};
use crate::domain::session::{Session, SessionHandle};
use crate::domain::stop::Target;
use crate::signin::{Visit, about};
use crate::web::answer;
use crate::web::entrance::{Entered, Entrance};
use crate::web::forms::AdminForm;
use crate::web::links;
use crate::web::navigation;
use crate::web::pages::admin::{PeoplePage, PersonPage, SomebodyAsked, StopForm, StopTrouble};
use crate::web::parameters::{Parameters, Unreadable};
use crate::web::problem::Failure;
use crate::web::visitor::{Visitor, admin, site};

/// The longest text to look for, in bytes.
const LONGEST_QUERY: usize = 256;
const LONGEST_SUBJECT: usize = 1_024;
const LONGEST_FORMAT: usize = 256;

/// `GET /admin/people?q=`.
pub(in crate::web) async fn list(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let parameters = Parameters::read(request.query_string())?;
    let query = parameters.one("q")?.unwrap_or_default();
    if query.len() > LONGEST_QUERY {
        return Err(Unreadable("what to look for is too long").into());
    }
    let entered = entrance.administrator(AdminPage::People, links::idp(&parameters)?);
    let session = match entered.await? {
        Entered::Administrator(session) => session,
        Entered::Elsewhere(answer) => return Ok(answer),
    };
    let (asked, form) = (SomebodyAsked::default(), StopForm::default());
    show(&request, &session, (query, StatusCode::OK), (&asked, &form)).await
}

async fn show(
    request: &HttpRequest,
    session: &Session,
    (query, status): (&str, StatusCode),
    said: (&SomebodyAsked, &StopForm),
) -> Result<HttpResponse, Failure> {
    let people = admin(request).people(query).await?;
    let around = (frame(request, session), &*site(request).idps);
    let template = PeoplePage::new(around, (query, &people), said);
    let expected = template.expected_bytes();
    page(&template, status, expected)
}

/// `POST /admin/people`: blocks somebody who is not listed.
pub(in crate::web) async fn block(
    visitor: Visitor,
    mut form: AdminForm,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let mut said = stops::said(&mut form.fields)?;
    let mut text = |name: &str| {
        let taken = form.fields.take(name).map_err(|_| Failure::NotAForm)?;
        Ok::<_, Failure>(taken.unwrap_or_default())
    };
    let asked = SomebodyAsked {
        idp: text("about_idp")?,
        subject: text("subject")?,
        format: text("format")?,
    };
    let session = &form.session;
    let done = match somebody(&request, &asked) {
        Some((key, person)) => do_block(&request, (&visitor.0, session), person, &said)
            .await?
            .map(|()| key),
        None => Err(StopTrouble::Subject),
    };
    match done {
        Ok(key) => Ok(answer::go_to(&links::admin_person(&key))),
        Err(trouble) => {
            said.trouble = Some(trouble);
            let around = ("", StatusCode::UNPROCESSABLE_ENTITY);
            show(&request, session, around, (&asked, &said)).await
        }
    }
}

/// Who is meant, where that can be somebody.
fn somebody(request: &HttpRequest, asked: &SomebodyAsked) -> Option<(PersonKey, KnownPerson)> {
    let fits = |text: &str, longest| text.len() <= longest && !text.contains(char::is_control);
    if !fits(&asked.subject, LONGEST_SUBJECT) || !fits(&asked.format, LONGEST_FORMAT) {
        return None;
    }
    let subject = Subject {
        format: asked.format.clone(),
        value: asked.subject.clone(),
    };
    let idp = IdpId::parse(&asked.idp).ok()?;
    admin(request).somebody(idp, subject).ok()
}

/// Blocks, or says what the person can put right on the page they are on.
async fn do_block(
    request: &HttpRequest,
    (visit, session): (&Visit, &Session),
    person: KnownPerson,
    said: &StopForm,
) -> Result<Result<(), StopTrouble>, Failure> {
    let until = match until(request, said) {
        Ok(until) => until,
        Err(trouble) => return Ok(Err(trouble)),
    };
    let by = signature(visit, session, &said.note);
    stops::explain(admin(request).block(person, until, by).await)
}

/// `GET /admin/people/{person}`.
pub(in crate::web) async fn one(
    visitor: Visitor,
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let parameters = Parameters::read(request.query_string())?;
    // whoever signs in first comes back to the list: an intent holds no person
    let entered = entrance.administrator(AdminPage::People, links::idp(&parameters)?);
    let session = match entered.await? {
        Entered::Administrator(session) => session,
        Entered::Elsewhere(answer) => return Ok(answer),
    };
    // that somebody looked is written down
    navigation::check_meant(request.headers())?;
    let key = key(&request)?;
    show_one(
        &request,
        (&visitor.0, &session),
        (&key, StatusCode::OK),
        &StopForm::default(),
    )
    .await
}

async fn show_one(
    request: &HttpRequest,
    (visit, session): (&Visit, &Session),
    (key, status): (&PersonKey, StatusCode),
    said: &StopForm,
) -> Result<HttpResponse, Failure> {
    let view = admin(request)
        .person(key, about(visit, &session.identity))
        .await?;
    let is_own =
        view.person.idp == session.identity.idp && view.person.subject == session.identity.subject;
    let template = PersonPage::new(frame(request, session), (&view, is_own), said);
    let expected = template.expected_bytes();
    page(&template, status, expected)
}

/// `POST /admin/people/{person}`: `deed` is `end` (with `session`, a handle or `all`), `block` or `lift`.
pub(in crate::web) async fn change(
    visitor: Visitor,
    mut form: AdminForm,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let key = key(&request)?;
    let said = stops::said(&mut form.fields)?;
    let field = |name: &str| form.fields.one(name).map_err(|_| Failure::NotAForm);
    let by = || about(&visitor.0, &form.session.identity);
    let done = match field("deed")? {
        Some("end") => {
            let one = match field("session")? {
                Some("all") => None,
                Some(handle) => Some(SessionHandle::parse(handle).ok_or(Error::NoSuchSession)?),
                None => return Err(Failure::NotAForm),
            };
            let admin = admin(&request);
            admin.end_sessions(&key, one.as_ref(), by()).await?;
            Ok(())
        }
        Some("lift") => {
            let target = Target::Person(key.clone());
            admin(&request).lift(&target, by()).await?;
            // nothing may be known of them any more
            return Ok(match admin(&request).who(&key).await {
                Ok(_) => answer::go_to(&links::admin_person(&key)),
                Err(_) => answer::go_to(&links::admin_path(AdminPage::People)),
            });
        }
        Some("block") => {
            let person = admin(&request).who(&key).await?;
            let who = (&visitor.0, &form.session);
            do_block(&request, who, person, &said).await?
        }
        _ => return Err(Failure::NotAForm),
    };
    match done {
        Ok(()) => Ok(answer::go_to(&links::admin_person(&key))),
        Err(trouble) => {
            let said = StopForm {
                trouble: Some(trouble),
                ..said
            };
            let at = (&key, StatusCode::UNPROCESSABLE_ENTITY);
            show_one(&request, (&visitor.0, &form.session), at, &said).await
        }
    }
}

/// The person whom an address names by their key, for a form that is about somebody; `None`: it names nobody.
pub(super) async fn named(
    request: &HttpRequest,
    parameters: &Parameters,
) -> Result<Option<(PersonKey, KnownPerson)>, Failure> {
    let Some(text) = parameters.one("person")?.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let key = PersonKey::parse(text).ok_or(Failure::Admin(Error::NoSuchPerson))?;
    let person = admin(request).who(&key).await?;
    Ok(Some((key, person)))
}

/// The person whom the path names. What can be nobody's key is answered like a key that is nobody's.
fn key(request: &HttpRequest) -> Result<PersonKey, Failure> {
    let text = request.match_info().get("person").unwrap_or_default();
    PersonKey::parse(text).ok_or(Failure::Admin(Error::NoSuchPerson))
}
