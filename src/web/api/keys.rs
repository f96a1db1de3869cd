//! Keys of one's own roles.

use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use chrono::SecondsFormat;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::Program;
use super::described::{Content, Endpoint, IDEMPOTENCY_KEY};
use super::idempotent::{Once, Outcome};
use super::{Refused, answer, body};
use crate::domain::intent::{AccountRef, KeysIntent};
use crate::domain::role::RoleKey;
use crate::domain::scope::ScopeName;
use crate::domain::token::TokenScope;
use crate::signin::{MadeKeys, OnceKey};
use crate::web::entrance::count_refused_keys;
use crate::web::problem::Failure;
use crate::web::visitor::{signin, site};

/// The longest that any keys last.
const MOST_HOURS: u8 = 36;

pub(super) const MAKE: Endpoint = Endpoint {
    method: "POST",
    path: "/api/v1/keys",
    id: "makeKeys",
    summary: "Temporary keys of one of one’s roles",
    scope: Some(TokenScope::KeysMake),
    parameters: &[IDEMPOTENCY_KEY],
    body: Some(Content::json::<KeysWanted>()),
    answer: (201, Some(Content::json::<Keys>())),
};

/// Which keys.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct KeysWanted {
    /// `account-alias/name`.
    role: String,
    /// A scope of the access model, to hold less than the role gives.
    scope: Option<String>,
    /// For how long, in hours: 1 to 36. AWS may give less, and `expires` says what it gave.
    hours: Option<u8>,
}

/// Keys, said once.
#[derive(Serialize, ToSchema)]
struct Keys {
    /// What the record calls the hand-over.
    signin_id: String,
    role: String,
    account: String,
    access_key_id: String,
    secret_access_key: String,
    session_token: String,
    /// When they end (RFC 3339).
    expires: String,
}

impl Keys {
    fn new(made: &MadeKeys) -> Self {
        let keys = &made.credentials;
        Self {
            signin_id: made.signin_id.clone(),
            role: made.key.to_string(),
            account: made.account_id.clone(),
            access_key_id: keys.access_key_id.clone(),
            secret_access_key: keys.secret_access_key.expose_secret().to_owned(),
            session_token: keys.session_token.expose_secret().to_owned(),
            expires: keys.expires.to_rfc3339_opts(SecondsFormat::Secs, true),
        }
    }
}

/// `POST /api/v1/keys`.
pub(in crate::web) async fn make(
    program: Program,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Failure> {
    program.0.may(TokenScope::KeysMake)?;
    let sent = body::json::<KeysWanted>(&request, payload).await?;
    let asked = asked(&sent.says)?;
    let signin = signin(&request);
    let once = match Once::begin(signin, &program, &request, &sent.raw).await? {
        Ok(once) => once,
        Err(before) => return Ok(before),
    };
    let caller = &program.0;
    let noted = once.key().map(|key| OnceKey { key, outcome });
    let made = signin.keys_for_program(&caller.visit, &caller.session, asked, noted);
    let made = Box::pin(made).await;
    let metrics = &site(&request).metrics;
    match &made {
        Ok(made) => metrics.keys(made.operation, "handed_over"),
        Err(error) => count_refused_keys(site(&request), error),
    }
    match made {
        Ok(made) => Ok(answer::secret(&Keys::new(&made))),
        Err(error) => Err(once.failed(error.into()).await),
    }
}

/// What is said to whoever asks again.
fn outcome(signin_id: &str) -> String {
    Outcome::Keys(signin_id.to_owned()).written()
}

fn asked(wanted: &KeysWanted) -> Result<KeysIntent, Refused> {
    let wrong = |what: &str| Refused::BodyUnreadable(what.to_owned());
    let role = RoleKey::parse(&wanted.role).map_err(|error| wrong(&format!("role: {error}.")))?;
    let scope = wanted.scope.as_deref().map(ScopeName::parse).transpose();
    let hours = wanted.hours;
    if hours.is_some_and(|hours| !(1..=MOST_HOURS).contains(&hours)) {
        return Err(wrong("hours: is between 1 and 36."));
    }
    Ok(KeysIntent {
        account: AccountRef::Alias(role.account),
        role: role.name,
        scope: scope.map_err(|error| wrong(&format!("scope: {error}.")))?,
        hours,
        region: None,
        suggested_reason: None,
    })
}
