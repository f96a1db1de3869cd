//! The outermost middleware: every answer passes through here, and every error becomes a page (or JSON for
//! programs), is logged once with the whole chain of its causes, and carries the reference that the page shows; so does every line
//! that is logged on the way.
//!
//! A panic in a handler ends here too. What a provider or AWS wrote may stand in the chain; it is data: its
//! control characters are escaped and its length is limited.

use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    ALLOW, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE,
};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{Error, HttpMessage as _, HttpResponse, ResponseError};
use futures_util::FutureExt as _;
use tracing::Instrument as _;

use super::{Failure, Problem, Reference, Written, advice};
use crate::domain::intent::Intent;
use crate::signin;
use crate::web::compress;
use crate::web::headers::{self, Kind};
use crate::web::links;
use crate::web::pages::{self, ProblemPage};
use crate::web::site::Site;
use crate::web::texts;

/// The longest address that is looked at.
const LONGEST_ADDRESS: usize = 8 * 1024;
/// The most that all headers together may have.
const LARGEST_HEADERS: usize = 16 * 1024;
/// How much of a chain of causes the log gets.
const LONGEST_CHAIN: usize = 2_000;
/// About how long a problem's page is.
const PAGE_BYTES: usize = 4 * 1024;

/// App data of an application that no person looks at: its problems are JSON.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct ForMachines;

/// What is kept of a request when it is handed on.
struct Asked {
    reference: Reference,
    by_program: bool,
    may_try_again: bool,
    method: String,
    /// What was written to the address, where it is given back.
    written: Option<(String, Written)>,
}

/// Renders what went wrong, and puts the headers on everything.
pub(in crate::web) async fn recover(
    site: Data<Site>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let began = Instant::now();
    let asked = Asked::new(&site, &request);
    request.extensions_mut().insert(asked.reference.clone());
    if let Some((_, written)) = &asked.written {
        request.extensions_mut().insert(written.clone());
    }
    if let Some(failure) = oversized(&request) {
        let answer = HttpResponse::from_error(failure);
        let answered = ServiceResponse::new(request.into_parts().0, answer);
        return Ok(asked.finish(&site, answered));
    }
    // whatever is logged on the way says for which request: a page's reference leads there. Spans of a lower level
    // would go where a filter leaves those lines out.
    let span = tracing::error_span!("request", reference = asked.reference.as_str());
    let called = AssertUnwindSafe(next.call(request)).catch_unwind();
    match called.instrument(span).await {
        Ok(Ok(answered)) => {
            let answered = asked.finish(&site, answered.map_into_boxed_body());
            let route = answered.request().match_pattern();
            let route = route.as_deref().unwrap_or("none");
            let status = answered.status().as_u16();
            site.metrics.request(route, status, began.elapsed());
            Ok(answered)
        }
        // the request went down with the handler: the page travels up inside an error
        Ok(Err(error)) => Err(asked.lost(&site, &error).into()),
        Err(_) => Err(asked.lost(&site, &Panicked).into()),
    }
}

impl Asked {
    fn new(site: &Site, request: &ServiceRequest) -> Self {
        let path = request.path();
        let is_get = request.method() == Method::GET;
        Self {
            reference: Reference::new(site.random.as_ref()),
            by_program: path.starts_with("/api/") || request.app_data::<ForMachines>().is_some(),
            may_try_again: is_get && !path.starts_with("/oidc/"),
            method: request.method().as_str().chars().take(16).collect(),
            written: Written::at(path).map(|written| (path.to_owned(), written)),
        }
    }

    /// Makes a page of an error answer, and puts the headers on any.
    fn finish(&self, site: &Site, answered: ServiceResponse) -> ServiceResponse {
        let (request, mut answer) = answered.into_parts();
        let status = answer.status();
        let is_bare = matches!(answer.body().size(), BodySize::None | BodySize::Sized(0));
        let failed = status.is_client_error() || status.is_server_error();
        if answer.error().is_some() || (failed && is_bare) {
            let other = Failure::of_status(status);
            let error = answer.error();
            let failure = error.and_then(|error| error.as_error()).unwrap_or(&other);
            let problem = self.problem(site, failure);
            let route = request.match_pattern();
            match error {
                Some(error) => self.log(&problem, route.as_deref(), &chain_of(error)),
                None => self.log(&problem, route.as_deref(), &chain(failure)),
            }
            answer = self.render(&problem, answer);
        }
        let kind = answer.extensions().get::<Kind>().copied();
        headers::put(answer.headers_mut(), kind.unwrap_or_default(), site.secure);
        let answer = compress::shrink(request.headers(), answer);
        ServiceResponse::new(request, answer)
    }

    fn lost(&self, site: &Site, error: &dyn std::fmt::Display) -> Finished {
        let problem = self.problem(site, &Failure::Fault);
        self.log(&problem, None, &limited(error.to_string()));
        site.metrics
            .request("none", problem.status.as_u16(), Duration::ZERO);
        let mut answer = self.render(&problem, HttpResponse::new(problem.status));
        let kind = answer.extensions().get::<Kind>().copied();
        headers::put(answer.headers_mut(), kind.unwrap_or_default(), site.secure);
        Finished::new(answer)
    }

    fn problem(&self, site: &Site, failure: &Failure) -> Problem {
        let mut problem = advice::problem(failure, &texts::ENGLISH, |idp| {
            site.idp_name(idp).to_owned()
        });
        if let Failure::Signin(signin::Error::NotEntitled { asked, why, .. }) = failure {
            problem.form = site.request_href(asked);
            let why = why.as_deref().cloned().map(Intent::Why);
            problem.explained = why.map(|why| links::href(&why, None));
        }
        if let Some((path, written)) = &self.written {
            problem = problem.giving_back(written, path, failure);
        }
        if self.may_try_again {
            problem
        } else {
            problem.without_again()
        }
    }

    /// The same answer (what it sets in the browser stays) with the problem as its body.
    fn render(&self, problem: &Problem, mut answer: HttpResponse) -> HttpResponse {
        let (kind, media_type, body) = if self.by_program {
            (
                Kind::Data,
                "application/problem+json",
                problem.to_json(self.reference.as_str()),
            )
        } else {
            let page = ProblemPage::new(problem, self.reference.as_str());
            let body = pages::render(&page, PAGE_BYTES).unwrap_or_default();
            (Kind::Page, "text/html; charset=utf-8", body)
        };
        *answer.status_mut() = problem.status;
        answer.extensions_mut().insert(kind);
        let headers = answer.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        if let Some(seconds) = problem.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(scheme) = problem.authenticate.filter(|_| self.by_program) {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(scheme));
        }
        if let Some(Ok(allow)) = problem.allow.as_deref().map(HeaderValue::from_str) {
            headers.insert(ALLOW, allow);
        }
        answer.set_body(BoxBody::new(body))
    }

    fn log(&self, problem: &Problem, route: Option<&str>, causes: &str) {
        let reference = self.reference.as_str();
        let status = problem.status.as_u16();
        let (code, method) = (problem.code, self.method.as_str());
        let route = route.unwrap_or("none");
        if problem.status.is_server_error() {
            tracing::error!(reference, status, code, method, route, causes = ?causes, "answered with a problem");
        } else {
            tracing::info!(reference, status, code, method, route, causes = ?causes, "answered with a problem");
        }
    }
}

fn oversized(request: &ServiceRequest) -> Option<Failure> {
    let address = request
        .uri()
        .path_and_query()
        .map_or(0, |path| path.as_str().len());
    if address > LONGEST_ADDRESS {
        return Some(Failure::AddressTooLong);
    }
    let headers = request.headers().iter();
    let bytes: usize = headers
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum();
    (bytes > LARGEST_HEADERS).then_some(Failure::HeadersTooLarge)
}

/// An error with all its causes, outermost first.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    limited(text)
}

/// Likewise for the framework's wrapper, whose own `source` is empty.
fn chain_of(error: &Error) -> String {
    error
        .as_error::<Failure>()
        .map_or_else(|| limited(error.to_string()), |failure| chain(failure))
}

fn limited(mut text: String) -> String {
    if let Some((at, _)) = text.char_indices().nth(LONGEST_CHAIN) {
        text.truncate(at);
        text.push('…');
    }
    text
}

/// A handler panicked; the panic's own message is the panic hook's.
#[derive(Debug, thiserror::Error)]
#[error("a handler panicked")]
struct Panicked;

/// An answer that is finished, on its way up as an error.
struct Finished {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Finished {
    fn new(answer: HttpResponse) -> Self {
        let (head, body) = answer.into_parts();
        Self {
            status: head.status(),
            headers: head.headers().clone(),
            body: body.try_into_bytes().unwrap_or_default(),
        }
    }
}

impl std::fmt::Debug for Finished {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Finished({})", self.status)
    }
}

impl std::fmt::Display for Finished {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a fault in the web layer")
    }
}

impl ResponseError for Finished {
    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::new(self.status);
        for (name, value) in &self.headers {
            answer.headers_mut().append(name.clone(), value.clone());
        }
        answer.set_body(BoxBody::new(self.body.clone()))
    }
}
