//! How ending sessions in AWS stands: what is still to be done, and what was done or given up lately.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use utoipa::ToSchema;

use super::answer;
use super::caller::Caller;
use super::described::{Content, Endpoint};
use crate::admin::revoke::Waiting;
use crate::domain::Timestamp;
use crate::domain::token::TokenScope;
use crate::web::problem::Failure;
use crate::web::visitor::revocations;

pub(super) const LIST: Endpoint = Endpoint {
    method: "GET",
    path: "/api/v1/revocations",
    id: "revocations",
    summary: "What is to be done in AWS so that sessions end, and what was done or given up lately",
    scope: Some(TokenScope::Revoke),
    parameters: &[],
    body: None,
    answer: (200, Some(Content::json::<UnderWay>())),
};

/// What is under way, and what was done.
#[derive(Debug, Serialize, ToSchema)]
struct UnderWay {
    /// What is to be done, what is due first first.
    under_way: Vec<OneWork>,
    /// What was done or given up, the last first.
    ended: Vec<OneWork>,
}

/// A piece of work.
#[derive(Debug, Serialize, ToSchema)]
struct OneWork {
    /// `asked`; `once_more`: for links; `tidy`: a policy has done its work.
    why: &'static str,
    /// The account’s alias.
    account: String,
    roles: Vec<String>,
    /// Whether everybody is meant, and not one person.
    everybody: bool,
    #[schema(value_type = String)]
    due: Timestamp,
    /// `due`, `done` or `given_up`.
    state: &'static str,
    /// Why it is not done; empty where it is.
    cause: String,
    #[schema(value_type = String)]
    changed: Timestamp,
}

impl From<Waiting> for OneWork {
    fn from(waiting: Waiting) -> Self {
        Self {
            why: waiting.why.word(),
            account: waiting.account,
            roles: waiting.roles,
            everybody: waiting.everybody,
            due: waiting.due,
            state: waiting.state,
            cause: waiting.cause,
            changed: waiting.changed,
        }
    }
}

/// `GET /api/v1/revocations`.
pub(in crate::web) async fn list(
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    caller.administrates(TokenScope::Revoke).await?;
    let (under_way, ended) = revocations(&request).waiting().await?;
    let work = |all: Vec<Waiting>| all.into_iter().map(Into::into).collect();
    let all = UnderWay {
        under_way: work(under_way),
        ended: work(ended),
    };
    Ok(answer::json(StatusCode::OK, &all))
}
