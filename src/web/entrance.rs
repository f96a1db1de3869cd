//! What all handlers for people have in common: the way in, and the way back from a provider.
//!
//! Handlers read what was asked for. [`Entrance`] has checked that a person opened the page, knows the visit and
//! the session, and hands the intent to `signin`; [`Return`] does the same for what a provider sent back.

use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::SET_COOKIE;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse};

use super::answer;
use super::links::{self, Link};
use super::navigation::TopLevel;
use super::problem::Failure;
use super::site::Site;
use super::visitor::{Visitor, looked_up, signin, site};
use crate::domain::identity::IdpId;
use crate::domain::intent::{AdminPage, Intent};
use crate::domain::session::Session;
use crate::limits::What;
use crate::signin::{Answer, Error, Filled, Signin, Step, Visit};

/// A person at the door.
pub(super) struct Entrance {
    site: Data<Site>,
    signin: Data<Signin>,
    top_level: TopLevel,
    visit: Visit,
    session: Option<Session>,
}

impl FromRequest for Entrance {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let top_level = TopLevel::from_request(request, &mut Payload::None);
        let (site, signin) = (site(request).clone(), signin(request).clone());
        let request = request.clone();
        Box::pin(async move {
            let top_level = top_level.await?;
            let (visit, session) = looked_up(&request).await?;
            Ok(Self {
                site,
                signin,
                top_level,
                visit,
                session,
            })
        })
    }
}

impl Entrance {
    /// Goes on with what a link asks for.
    pub(super) async fn open(self, link: Link) -> Result<HttpResponse, Failure> {
        self.open_narrowed(link, "").await
    }

    /// Likewise; if the portal comes of it, `query` hides what it does not match.
    pub(super) async fn open_narrowed(
        self,
        link: Link,
        query: &str,
    ) -> Result<HttpResponse, Failure> {
        let Link { intent, idp } = link;
        let opened = self
            .signin
            .open(self.visit, self.session, intent.clone(), idp.clone());
        let opened = opened.await;
        if let Ok(Step::Moved(moved)) = &opened {
            return Ok(answer::go_to(&links::href(moved, idp.as_ref())));
        }
        if let (Err(error), true) = (&opened, leads_to_console(&intent)) {
            count_refused(&self.site, error);
        }
        if let (Err(error), Intent::Keys(_)) = (&opened, &intent) {
            count_refused_keys(&self.site, error);
        }
        answer::show(&self.site, opened?, &intent, query, self.top_level)
    }

    /// Goes on with a form that brings what a role asks of the person.
    pub(super) async fn open_with_form(
        self,
        intent: Intent,
        filled: Filled,
    ) -> Result<HttpResponse, Failure> {
        let opened = self
            .signin
            .open_with_form(self.visit, self.session, intent.clone(), filled)
            .await;
        if let Err(error) = &opened {
            count_refused(&self.site, error);
        }
        answer::show(&self.site, opened?, &intent, "", self.top_level)
    }

    /// Lets an administrator in; anybody else gets the answer that is theirs.
    pub(super) async fn administrator(
        self,
        page: AdminPage,
        idp: Option<IdpId>,
    ) -> Result<Entered, Failure> {
        let intent = Intent::Admin(page);
        let session = self.session.clone();
        if let Some(session) = &session {
            let (limits, who) = (&self.site.limits, &session.identity);
            limits.take(What::Administration, self.visit.address, Some(who))?;
        }
        let opened = self
            .signin
            .open(self.visit, self.session, intent.clone(), idp);
        match (opened.await?, session) {
            (Step::Admin(_), Some(session)) => Ok(Entered::Administrator(session)),
            (step, _) => {
                let answer = answer::show(&self.site, step, &intent, "", self.top_level)?;
                Ok(Entered::Elsewhere(answer))
            }
        }
    }

    /// Sends the person to a provider whatever session there is; without `idp` they choose, if there is a choice.
    pub(super) async fn sign_in(mut self, link: Link) -> Result<HttpResponse, Failure> {
        self.session = None;
        self.visit.last_idp = None;
        self.open(link).await
    }
}

/// What came of a person at an administrators' door.
pub(super) enum Entered {
    /// They are one.
    Administrator(Session),
    /// They have to sign in first.
    Elsewhere(HttpResponse),
}

/// A person whom a provider sent back.
pub(super) struct Return {
    site: Data<Site>,
    signin: Data<Signin>,
    top_level: TopLevel,
    visit: Visit,
}

impl FromRequest for Return {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let top_level = TopLevel::from_request(request, &mut Payload::None);
        let visitor = Visitor::from_request(request, &mut Payload::None);
        let (site, signin) = (site(request).clone(), signin(request).clone());
        Box::pin(async move {
            Ok(Self {
                top_level: top_level.await?,
                visit: visitor.await?.0,
                site,
                signin,
            })
        })
    }
}

impl Return {
    /// Takes in what the provider says. The session begins even if what the person came for fails.
    pub(super) async fn arrive(self, answer: Answer) -> Result<HttpResponse, Failure> {
        let idp = answer.idp().clone();
        let arrived = self.signin.arrive(self.visit, answer).await;
        count_login(&self.site, &idp, arrived.as_ref().err());
        let arrival = arrived?;
        let mut response = match arrival.outcome {
            Ok(step) => answer::lead_on(&self.site, step, self.top_level)?,
            Err(error) => {
                if arrival.for_keys {
                    count_refused_keys(&self.site, &error);
                } else {
                    count_refused(&self.site, &error);
                }
                HttpResponse::from_error(Failure::from(error))
            }
        };
        let (cookies, now) = (&self.site.cookies, self.site.clock.now());
        let session = cookies.start_session(&arrival.session, now);
        let idp = cookies.remember_idp(&arrival.session.idp);
        let known = cookies.remember_person(&arrival.session.person, now);
        for cookie in [session, idp, known] {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        Ok(response)
    }
}

/// Counts a login; one at a provider that is not configured is nobody's, and its name is a visitor's text.
fn count_login(site: &Site, idp: &IdpId, error: Option<&Error>) {
    if site.idps.iter().any(|known| known.id == *idp) {
        let result = error.map_or("signed_in", Error::code);
        site.metrics.login(idp.as_str(), result);
    }
}

/// Whether a console is what comes of an intent when nothing is in the way.
fn leads_to_console(intent: &Intent) -> bool {
    matches!(
        intent,
        Intent::Console(_) | Intent::Choose(_) | Intent::Search(_) | Intent::Open(_)
    )
}

/// Counts a console that was asked for and not handed over.
fn count_refused(site: &Site, error: &Error) {
    site.metrics.signin(operation(error), error.code());
}

/// Counts keys that were asked for and not handed over.
pub(super) fn count_refused_keys(site: &Site, error: &Error) {
    site.metrics.keys(operation(error), error.code());
}

fn operation(error: &Error) -> &'static str {
    match error {
        Error::AwsRefused(cause) | Error::CodeRefused(cause) | Error::HubRefused { cause, .. } => {
            cause.operation
        }
        Error::SessionTooLarge(large) => large.cause.operation,
        _ => "none",
    }
}
