//! For operators: is it alive, is it ready and if not what is missing, and the figures.

use actix_web::http::header::{CONTENT_TYPE, ContentType};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::headers::Kind;
use super::visitor::{signin, site};

/// `GET /healthz`: the process answers.
pub(super) async fn health() -> HttpResponse {
    text("ok\n".to_owned())
}

#[derive(Debug, Serialize)]
struct Readiness {
    ready: bool,
    missing: Vec<Missing>,
}

#[derive(Debug, Serialize)]
struct Missing {
    what: String,
    why: String,
}

impl Readiness {
    fn new(checks: Vec<(String, Result<(), String>)>) -> Self {
        let missing = checks
            .into_iter()
            .filter_map(|(what, outcome)| outcome.err().map(|why| Missing { what, why }));
        let missing: Vec<_> = missing.collect();
        Self {
            ready: missing.is_empty(),
            missing,
        }
    }
}

/// `GET /readyz`: everything that a sign-in needs is there, or a list of what is not.
pub(super) async fn readiness(request: HttpRequest) -> HttpResponse {
    let readiness = Readiness::new(signin(&request).ready().await);
    let mut answer = if readiness.ready {
        HttpResponse::Ok()
    } else {
        HttpResponse::ServiceUnavailable()
    };
    let mut answer = answer.json(readiness);
    answer.extensions_mut().insert(Kind::Data);
    answer
}

/// `GET /metrics`: in the Prometheus text format.
pub(super) async fn figures(request: HttpRequest) -> HttpResponse {
    let mut answer = HttpResponse::Ok()
        .insert_header((
            CONTENT_TYPE,
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
        ))
        .body(site(&request).metrics.render());
    answer.extensions_mut().insert(Kind::Data);
    answer
}

fn text(text: String) -> HttpResponse {
    let mut answer = HttpResponse::Ok()
        .content_type(ContentType::plaintext())
        .body(text);
    answer.extensions_mut().insert(Kind::Data);
    answer
}
