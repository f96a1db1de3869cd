//! "Does it work now?": a role is probed.

use actix_web::http::StatusCode;
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::caller::Program;
use super::described::{Content, Endpoint, IDEMPOTENCY_KEY};
use super::idempotent::Once;
use super::{answer, body};
use crate::admin::{Error, Probed};
use crate::domain::role::RoleKey;
use crate::domain::token::TokenScope;
use crate::signin::about;
use crate::web::problem::Failure;
use crate::web::visitor::{prober, signin};

pub(super) const PROBE: Endpoint = Endpoint {
    method: "POST",
    path: "/api/v1/access/probe",
    id: "probe",
    summary: "Asks AWS for a role under a policy that denies everything, and says whether it works",
    scope: Some(TokenScope::RolesProbe),
    parameters: &[IDEMPOTENCY_KEY],
    body: Some(Content::json::<RoleWanted>()),
    answer: (200, Some(Content::json::<ProbedRole>())),
};

/// Which role.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RoleWanted {
    /// `account-alias/name`.
    role: String,
}

/// What came of a probe.
#[derive(Debug, Serialize, ToSchema)]
struct ProbedRole {
    role: String,
    method: &'static str,
    revision: i64,
    /// How often AWS was asked.
    calls: usize,
    /// `works`, `fails`, `unknown` or `not_probed`.
    verdict: &'static str,
    /// Why, as a short code.
    cause: String,
    /// What AWS's answers say for certain.
    known: Vec<String>,
    /// What they can mean, likeliest first.
    supposed: Vec<String>,
    /// What the probe does not show.
    untried: Vec<String>,
}

impl From<Probed> for ProbedRole {
    fn from(probed: Probed) -> Self {
        let finding = probed.finding;
        Self {
            role: probed.role,
            method: probed.method,
            revision: probed.revision,
            calls: probed.calls,
            verdict: finding.verdict.word(),
            cause: finding.cause,
            known: finding.known,
            supposed: finding.supposed,
            untried: finding.untried,
        }
    }
}

/// `POST /api/v1/access/probe`.
pub(in crate::web) async fn probe(
    program: Program,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Failure> {
    let caller = &program.0;
    caller.administrates(TokenScope::RolesProbe).await?;
    let sent = body::json::<RoleWanted>(&request, payload).await?;
    let role = sent.says.role;
    let key = RoleKey::parse(&role).map_err(|_| Error::NoSuchRole(role))?;
    let once = match Once::begin(signin(&request), &program, &request, &sent.raw).await? {
        Ok(once) => once,
        Err(before) => return Ok(before),
    };
    let by = about(&caller.visit, &caller.session.identity);
    let probed = prober(&request).probe(&key, by).await;
    let probed = probed.map(|probed| json!(ProbedRole::from(probed)));
    let ended = once.end(probed.map_err(Failure::from));
    Ok(answer::json(StatusCode::OK, &ended.await?))
}
