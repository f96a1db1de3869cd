//! What is asked for under an `Idempotency-Key` is done once: for whoever lost the answer and asks again.
//!
//! Kept for 24 hours is what was asked for, as a digest, and what came of it; of keys that is the id of the hand-over
//! alone. What failed, or broke off, can be asked for again under the same key.

use actix_web::http::StatusCode;
use actix_web::http::header::HeaderMap;
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::caller::Program;
use super::{Refused, answer};
use crate::signin::{AskedBefore, Error, Signin};
use crate::web::problem::Failure;

const HEADER: &str = "idempotency-key";
const LONGEST: usize = 255;

/// What came of it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    /// This, to be said again.
    Said(Value),
    /// Likewise, under another status than 200.
    SaidAs(u16, Value),
    /// Keys, under this sign-in id.
    Keys(String),
}

/// A request that is done once.
pub(super) struct Once<'a> {
    signin: &'a Signin,
    program: &'a Program,
    /// The program's key; without one, everything is done whenever it is asked for.
    key: Option<String>,
}

impl<'a> Once<'a> {
    /// Begins it; or says what came of it before.
    pub(super) async fn begin(
        signin: &'a Signin,
        program: &'a Program,
        request: &HttpRequest,
        raw: &[u8],
    ) -> Result<Result<Self, HttpResponse>, Failure> {
        let key = key(request.headers())?;
        let this = Self {
            signin,
            program,
            key,
        };
        let Some(key) = &this.key else {
            return Ok(Ok(this));
        };
        let asked = [
            request.method().as_str().as_bytes(),
            request.uri().to_string().as_bytes(),
            raw,
        ]
        .join(&0);
        let session = &this.program.0.session;
        match this.signin.ask_once(session, key, &asked).await? {
            AskedBefore::First => Ok(Ok(this)),
            AskedBefore::UnderWay => Err(Refused::UnderWay.into()),
            AskedBefore::SomethingElse => Err(Refused::KeyOfAnother.into()),
            AskedBefore::Before(outcome) => match serde_json::from_str(&outcome) {
                Ok(Outcome::Said(value)) => Ok(Err(answer::json(StatusCode::OK, &value))),
                Ok(Outcome::SaidAs(status, value)) => {
                    let status = StatusCode::from_u16(status).map_err(|_| Failure::Fault)?;
                    Ok(Err(answer::json(status, &value)))
                }
                Ok(Outcome::Keys(signin_id)) => Err(Refused::MadeBefore { signin_id }.into()),
                Err(_) => Err(Failure::Fault),
            },
        }
    }

    /// The program's key, if it gave one.
    pub(super) fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// The same, where what is asked for is done under a key alone.
    pub(super) async fn begin_under_a_key(
        signin: &'a Signin,
        program: &'a Program,
        request: &HttpRequest,
        raw: &[u8],
    ) -> Result<Result<Self, HttpResponse>, Failure> {
        if !request.headers().contains_key(HEADER) {
            return Err(Refused::KeyNeeded.into());
        }
        Self::begin(signin, program, request, raw).await
    }

    /// Ends it with what is said; of a failure, it is forgotten that it was asked.
    pub(super) async fn end(self, done: Result<Value, Failure>) -> Result<Value, Failure> {
        let done = done.map(|said| (StatusCode::OK, said));
        let ended = self.end_as(done, Value::clone).await;
        ended.map(|(_, said)| said)
    }

    /// Likewise, with the status under which it is said. What cannot be kept as it is, is kept as `smaller` makes it; and
    /// what cannot be kept at all is said all the same, for it was done.
    pub(super) async fn end_as(
        self,
        done: Result<(StatusCode, Value), Failure>,
        smaller: fn(&Value) -> Value,
    ) -> Result<(StatusCode, Value), Failure> {
        let (status, said) = match done {
            Ok(done) => done,
            Err(failure) => return Err(self.failed(failure).await),
        };
        if let Some(key) = &self.key {
            let noted = match self.note(key, status, said.clone()).await {
                Ok(()) => Ok(()),
                Err(_) => self.note(key, status, smaller(&said)).await,
            };
            if let Err(error) = noted {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "what came of a request under a key could not be kept: asked again, it reads as under way"
                );
            }
        }
        Ok((status, said))
    }

    async fn note(&self, key: &str, status: StatusCode, said: Value) -> Result<(), Error> {
        let outcome = match status {
            StatusCode::OK => Outcome::Said(said),
            other => Outcome::SaidAs(other.as_u16(), said),
        };
        let session = &self.program.0.session;
        self.signin
            .note_outcome(session, key, &outcome.written())
            .await
    }

    /// It came to nothing, or broke off: it can be asked for again under the same key.
    pub(super) async fn failed(self, failure: Failure) -> Failure {
        let Some(key) = &self.key else {
            return failure;
        };
        let forgotten = self.signin.forget_asked(&self.program.0.session, key);
        forgotten.await.map_or_else(Failure::from, |()| failure)
    }
}

impl Outcome {
    /// As it is kept.
    pub(super) fn written(&self) -> String {
        // texts and values always have a JSON form
        serde_json::to_string(self).unwrap_or_default()
    }
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Refused> {
    let mut said = headers.get_all(HEADER);
    let (first, second) = (said.next(), said.next());
    let Some(first) = first else {
        return Ok(None);
    };
    let text = first.to_str().map_err(|_| Refused::KeyUnreadable)?;
    let fits = (1..=LONGEST).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    if second.is_some() || !fits {
        return Err(Refused::KeyUnreadable);
    }
    Ok(Some(text.to_owned()))
}
