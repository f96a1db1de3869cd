//! Cutting sessions off in AWS: first looked at, then done.
//!
//! A GET shows the form, what is under way and what was done. Everything that asks AWS is a form's: no link, no prefetch
//! and no reload without asking reads a policy or changes one. What was looked at is what is done: the form that does it
//! carries the moment that the policies name, and is good for a quarter of an hour.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use chrono::DateTime;

use super::{author, frame, page, people};
use crate::admin::Error;
use crate::admin::revoke::{Asked, SeenLately, StopFirst};
use crate::domain::Timestamp;
use crate::domain::audit::Event;
use crate::domain::intent::AdminPage;
use crate::domain::revoke::{Person, Target, Way};
use crate::domain::role::RoleKey;
use crate::domain::session::Session;
use crate::domain::stop::{Until, UntilError};
use crate::signin::about;
use crate::web::entrance::{Entered, Entrance};
use crate::web::forms::AdminForm;
use crate::web::links;
use crate::web::pages::admin::{RevokeAsked, RevokeOutcome, RevokePage, RevokeTrouble};
use crate::web::parameters::{Parameters, Unreadable};
use crate::web::problem::Failure;
use crate::web::visitor::{Visitor, revocations, site};

/// The longest text that is searched for, and the longest subject, in bytes.
const LONGEST: usize = 1_024;

/// `GET /admin/revoke?role=&person=`: a person's key chooses them.
pub(in crate::web) async fn show(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let parameters = Parameters::read(request.query_string())?;
    let role = parameters.one("role")?.unwrap_or_default().to_owned();
    let entered = entrance.administrator(AdminPage::Revoke, links::idp(&parameters)?);
    let session = match entered.await? {
        Entered::Administrator(session) => session,
        Entered::Elsewhere(answer) => return Ok(answer),
    };
    let mut asked = RevokeAsked {
        role,
        ..RevokeAsked::default()
    };
    let outcome = match people::named(&request, &parameters).await? {
        None => RevokeOutcome::Nothing,
        Some((_, person)) => {
            asked.idp = person.idp.to_string();
            asked.format = person.subject.format;
            asked.subject = person.subject.value;
            chosen(&request, &asked, person.display_name).await?
        }
    };
    answer(&request, &session, (&asked, &outcome)).await
}

/// Somebody who is chosen, and whether they can come in anew.
async fn chosen(
    request: &HttpRequest,
    asked: &RevokeAsked,
    name: String,
) -> Result<RevokeOutcome, Failure> {
    let person = whom(asked);
    let target = Target::Person(person.clone());
    let stopped = revocations(request).stopped(&target).await?;
    Ok(RevokeOutcome::Chosen {
        who: SeenLately { person, name },
        stopped,
    })
}

async fn answer(
    request: &HttpRequest,
    session: &Session,
    (asked, outcome): (&RevokeAsked, &RevokeOutcome),
) -> Result<HttpResponse, Failure> {
    let waiting = revocations(request).waiting().await?;
    let around = (frame(request, session), &*site(request).idps);
    let own = (session.identity.idp.as_str(), &session.identity.subject);
    let template = RevokePage::new(around, (asked, outcome), (&waiting, own));
    page(&template, StatusCode::OK, template.expected_bytes())
}

/// `POST /admin/revoke`.
pub(in crate::web) async fn act(
    visitor: Visitor,
    mut form: AdminForm,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let (step, asked) = read(&mut form.fields).map_err(|_| Failure::NotAForm)?;
    let stops = Stops {
        now: site(&request).clock.now(),
        author: author(&form.session),
    };
    let outcome = match wanted(&step, &asked, stops) {
        Err(trouble) => RevokeOutcome::Trouble(trouble),
        Ok(wanted) => {
            let by = Event {
                note: Some(asked.note.clone()).filter(|note| !note.is_empty()),
                ..about(&visitor.0, &form.session.identity)
            };
            does(&request, wanted, by).await?
        }
    };
    answer(&request, &form.session, (&asked, &outcome)).await
}

/// What it takes to say that somebody is stopped first.
struct Stops {
    now: Timestamp,
    author: String,
}

/// Which button was pressed.
enum Step {
    Find,
    Plan,
    Apply(Timestamp),
}

/// What that means.
enum Wanted {
    Find { idp: String, text: String },
    Plan(Asked),
    Apply(Asked, Timestamp),
}

async fn does(request: &HttpRequest, wanted: Wanted, by: Event) -> Result<RevokeOutcome, Failure> {
    let revocations = revocations(request);
    let done = match wanted {
        Wanted::Find { idp, text } => {
            let found = revocations.people((Some(&idp), &text), by).await?;
            return Ok(RevokeOutcome::Found(found));
        }
        Wanted::Plan(asked) => revocations.plan(&asked, by).await,
        Wanted::Apply(asked, at) => revocations.apply(&asked, Some(at), by).await,
    };
    match done {
        Ok(revocation) => Ok(RevokeOutcome::Report(Box::new(revocation))),
        Err(Error::NoSuchRole(_)) => Ok(RevokeOutcome::Trouble(RevokeTrouble::NoSuchRole)),
        Err(Error::OwnBlock) => Ok(RevokeOutcome::Trouble(RevokeTrouble::Own)),
        Err(Error::PastEnd) => Ok(RevokeOutcome::Trouble(RevokeTrouble::Until(
            UntilError::Past,
        ))),
        Err(other) => Err(Failure::Admin(other)),
    }
}

/// The person whom a form means.
fn whom(asked: &RevokeAsked) -> Person {
    Person {
        idp: asked.idp.clone(),
        format: asked.format.clone(),
        subject: asked.subject.clone(),
    }
}

/// The form, as written.
fn read(fields: &mut Parameters) -> Result<(Step, RevokeAsked), Unreadable> {
    let mut text = |name: &str| Ok(fields.take(name)?.unwrap_or_default());
    let step = match text("step")?.as_str() {
        "find" => Step::Find,
        "plan" => Step::Plan,
        "apply" => {
            let at = text("at")?.parse().ok();
            let at = at.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
            Step::Apply(at.ok_or(Unreadable("it names no moment"))?)
        }
        _ => return Err(Unreadable("it is none of our forms")),
    };
    let asked = RevokeAsked {
        role: text("role")?.trim().to_owned(),
        idp: text("about_idp")?,
        format: text("format")?,
        subject: text("subject")?,
        search: text("search")?.trim().to_owned(),
        ahead: text("links")? == Way::Ahead.word(),
        note: text("note")?.trim().to_owned(),
        stop_first: text("stop_first")? == "yes",
        until: text("until")?.trim().to_owned(),
    };
    Ok((step, asked))
}

/// The same, as what it means.
fn wanted(step: &Step, asked: &RevokeAsked, stops: Stops) -> Result<Wanted, RevokeTrouble> {
    let texts = [&asked.subject, &asked.search, &asked.format, &asked.role];
    if texts.iter().any(|text| text.len() > LONGEST) {
        return Err(RevokeTrouble::TooLong);
    }
    if asked.note.chars().count() > crate::admin::LONGEST_NOTE
        || asked.note.contains(char::is_control)
    {
        return Err(RevokeTrouble::Note);
    }
    if let Step::Find = step {
        return Ok(Wanted::Find {
            idp: asked.idp.clone(),
            text: asked.search.clone(),
        });
    }
    let target = if asked.subject.is_empty() {
        let key = RoleKey::parse(&asked.role);
        Target::Role(key.map_err(|_| RevokeTrouble::Role)?)
    } else {
        Target::Person(whom(asked))
    };
    let way = if asked.ahead { Way::Ahead } else { Way::Again };
    let until = Until::parse(&asked.until, stops.now).map_err(RevokeTrouble::Until)?;
    let wanted = Asked {
        stop_first: asked.stop_first.then_some(StopFirst {
            // without an end: what suits the target
            until: Some(until).filter(|until| until.0.is_some()),
            author: stops.author,
        }),
        ..Asked::new(target, way)
    };
    Ok(match step {
        Step::Apply(at) => Wanted::Apply(wanted, *at),
        Step::Find | Step::Plan => Wanted::Plan(wanted),
    })
}
