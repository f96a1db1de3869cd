//! `getSigninToken`: three parts of temporary credentials become a token that is good for fifteen minutes.
//!
//! Which credentials take a `SessionDuration` depends on how they were made; whatever is wrong, the answer is the same.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use serde::Deserialize;

use super::{Request, SigninSwitches, pages};
use crate::aws::http::Answer;
use crate::aws::random::Random;
use crate::aws::tokens::{Made, Session};

/// How long a sign-in token can be redeemed.
const LIFETIME_MINUTES: i64 = 15;
/// The least and the most of `SessionDuration`, in seconds.
const DURATION: std::ops::RangeInclusive<u32> = 900..=43_200;
/// How many tokens are kept at most; the oldest go first.
const KEPT: usize = 10_000;

/// What a sign-in token stands for.
#[derive(Clone)]
pub(super) struct Ticket {
    /// The credentials' session.
    pub(super) session: Session,
    /// How long the console session shall last, if that was said.
    pub(super) duration: Option<Duration>,
    /// The host that gave the token.
    pub(super) host: String,
    /// When it can no longer be redeemed.
    pub(super) expires: DateTime<Utc>,
}

/// The sign-in tokens given so far.
#[derive(Default)]
pub(super) struct Tickets {
    by_token: BTreeMap<String, Ticket>,
    in_order: VecDeque<String>,
}

impl Tickets {
    fn put(&mut self, token: String, ticket: Ticket) {
        if self.in_order.len() == KEPT
            && let Some(oldest) = self.in_order.pop_front()
        {
            self.by_token.remove(&oldest);
        }
        self.in_order.push_back(token.clone());
        self.by_token.insert(token, ticket);
    }

    /// The ticket of that token, while it can be redeemed.
    pub(super) fn get(&self, token: &str, now: DateTime<Utc>) -> Option<Ticket> {
        self.by_token
            .get(token)
            .filter(|ticket| now < ticket.expires)
            .cloned()
    }

    /// Makes the token worthless.
    pub(super) fn spend(&mut self, token: &str) {
        self.by_token.remove(token);
    }
}

/// The `Session` parameter: exactly these three members.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SessionParameter {
    #[serde(rename = "sessionId")]
    id: String,
    #[serde(rename = "sessionKey")]
    key: String,
    #[serde(rename = "sessionToken")]
    token: String,
}

impl fmt::Debug for SessionParameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionParameter")
    }
}

pub(super) fn answer(request: &Request<'_>) -> Answer {
    let Some(ticket) = ticket(request) else {
        return pages::error(
            request.switches().bad_credentials_status,
            "Invalid credentials parameter",
        );
    };
    let token = opaque(&request.simulation.random);
    request
        .simulation
        .signin
        .lock()
        .tickets
        .put(token.clone(), ticket);
    let body = serde_json::json!({ "SigninToken": token });
    Answer::new(200, "application/json", body.to_string())
}

fn ticket(request: &Request<'_>) -> Option<Ticket> {
    let parameters = request.parameters;
    if parameters
        .get("SessionType")
        .is_some_and(|kind| kind != "json")
    {
        return None;
    }
    let switches = request.switches();
    if parameters.get("DurationSeconds").is_some() && !switches.takes_duration_seconds {
        return None;
    }
    let presented: SessionParameter = serde_json::from_str(parameters.get("Session")?).ok()?;
    let now = request.simulation.clock.now();
    let session = request
        .simulation
        .tokens
        .verify(&presented.id, &presented.key, &presented.token, now)
        .ok()?;
    if session.partition != request.host.partition || session.made == Made::SessionToken {
        return None;
    }
    let duration = match parameters.get("SessionDuration") {
        None => None,
        Some(text) => Some(duration(text, &session, &switches)?),
    };
    Some(Ticket {
        session,
        duration,
        host: request.incoming.host.clone(),
        expires: now + Duration::minutes(LIFETIME_MINUTES),
    })
}

/// The duration asked for, if it can be asked for these credentials.
fn duration(text: &str, session: &Session, switches: &SigninSwitches) -> Option<Duration> {
    let takes_one = match session.made {
        Made::AssumeRole | Made::Saml | Made::WebIdentity => switches.roles_take_duration,
        Made::Instance => switches.instance_role_takes_duration,
        Made::Chained | Made::FederationToken | Made::SessionToken => false,
    };
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = text
        .parse()
        .ok()
        .filter(|seconds| digits && DURATION.contains(seconds));
    seconds
        .filter(|_| takes_one)
        .map(|seconds| Duration::seconds(seconds.into()))
}

/// Over a thousand characters that mean nothing, as AWS's are.
fn opaque(random: &Random) -> String {
    let mut bytes = [0; 810];
    random.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}
