//! Arrive: what a provider sent back through the browser becomes a session, or a refusal.
//!
//! The pending login is taken first: once, and only by the browser that began it. A wrong browser's attempt leaves
//! it where it is, so that nobody can end somebody else's login. The replay guard and the new session are one
//! transaction, shared by all replicas.

use chrono::Duration;
use secrecy::{ExposeSecret as _, SecretString};
use tracing::Instrument as _;

use super::depart::Remembered;
use super::proceed::Brought;
use super::{
    Answer, Arrival, Error, Outcome, Signin, StartedSession, Visit, digest, record, step_up,
};
use crate::domain::Timestamp;
use crate::domain::audit::{Event, EventKind, SessionEnd};
use crate::domain::identity::{Identity, IdpId};
use crate::domain::intent::Intent;
use crate::domain::person::PersonKey;
use crate::domain::requires::Demand;
use crate::domain::session::{Session, SessionId};
use crate::idp::Verified;
use crate::random;
use crate::store::{Ending, NewSession, Once, PendingLogin, StartSession, TakeLogin};

/// What came back, with the handle of its pending login read from it.
enum Back {
    Saml(SecretString),
    Oidc(crate::idp::oidc::Callback),
}

/// Who somebody is, the login that brought it, and what that login was asked to be like.
struct Proven {
    verified: Verified,
    login: Box<PendingLogin>,
    demand: Demand,
}

impl Signin {
    /// Takes what a provider sent back. The sessions that this browser had end: the one its login departed with, for
    /// a form of another site brings no session cookie, and the one it names now.
    pub async fn arrive(&self, visit: Visit, answer: Answer) -> Result<Arrival, Error> {
        let idp = answer.idp().clone();
        if self.0.providers.get(&idp).is_none() {
            return Err(Error::IdpUnknown);
        }
        let browser = visit.browser.as_ref().map(super::BrowserKey::expose);
        self.0.limits.may_arrive(visit.address, browser)?;
        let arrived = match self.prove(&visit, answer).await {
            Ok(proven) => self.begin(&visit, proven).await,
            Err(error) => Err(error),
        };
        if arrived
            .as_ref()
            .is_err_and(|error| error.outcome() == Outcome::Refused)
        {
            self.0.limits.failed(visit.address, browser);
        }
        // of whoever is blocked, more is known than that a login failed
        if let Err(error) = &arrived
            && !matches!(error, Error::Blocked { .. })
        {
            self.record_failed_login(&visit, &idp, error).await;
        }
        arrived
    }

    /// From what came back to who it is.
    async fn prove(&self, visit: &Visit, answer: Answer) -> Result<Proven, Error> {
        let (idp, handle, back) = match answer {
            Answer::Saml {
                idp,
                response,
                relay_state,
            } => (idp, relay_state, Back::Saml(response)),
            Answer::Oidc { idp, query } => {
                let (state, callback) = crate::idp::oidc::Callback::parse(query.expose_secret())
                    .map_err(|error| Error::at_idp(&idp, &error.into()))?;
                (idp, state, Back::Oidc(callback))
            }
        };
        let now = self.0.clock.now();
        let login = self.take(visit, &idp, &handle, now).await?;
        let Remembered { challenge, demand } = serde_json::from_str(&login.challenge_json)
            .map_err(|error| Error::Internal(Box::new(error)))?;
        let provider = self.0.providers.get(&idp).ok_or(Error::IdpUnknown)?;
        let verified = match back {
            Back::Saml(response) => provider.verify_response(response, challenge, now).await,
            Back::Oidc(callback) => provider.verify_callback(callback, &challenge).await,
        };
        match verified {
            Ok(verified) => Ok(Proven {
                verified,
                login,
                demand,
            }),
            Err(error) => Err(step_up::not_proven(&idp, &error, &demand)),
        }
    }

    async fn take(
        &self,
        visit: &Visit,
        idp: &IdpId,
        handle: &str,
        now: Timestamp,
    ) -> Result<Box<PendingLogin>, Error> {
        if !random::is_token::<32>(handle) {
            return Err(Error::Unsolicited);
        }
        let Some(browser) = &visit.browser else {
            return Err(if visit.keeps_cookies {
                Error::LoginNotStartedHere
            } else {
                Error::NoCookies
            });
        };
        let taken = self
            .0
            .store
            .take_login(&digest::of(handle), &digest::of(browser.expose()), now)
            .await?;
        match taken {
            TakeLogin::Taken(login) if login.idp == *idp => Ok(login),
            TakeLogin::Taken(_) => Err(Error::ProofRefused {
                idp: idp.clone(),
                code: "login.other_provider",
            }),
            TakeLogin::OtherBrowser => Err(Error::LoginNotStartedHere),
            TakeLogin::Expired => Err(Error::LoginExpired),
            TakeLogin::Unknown => Err(Error::LoginUsed),
        }
    }

    /// Starts the session and goes on with what the person came for.
    async fn begin(&self, visit: &Visit, proven: Proven) -> Result<Arrival, Error> {
        let Proven {
            mut verified,
            login,
            demand,
        } = proven;
        let proof = verified.take_proof();
        let now_named = visit.session.as_ref().map(|id| digest::of(id.expose()));
        let replaces: Vec<String> = login.replaces.into_iter().chain(now_named).collect();
        let replaced = self.replaced(&replaces).await?;
        let (session, started) = match self.start(visit, &verified, replaces).await {
            Err(error @ Error::Blocked { .. }) => {
                self.record_blocked(visit, verified.identity(), &error)
                    .await;
                return Err(error);
            }
            started => started?,
        };
        self.0.store.prove_tokens(&session.identity).await?;
        self.record_begun(visit, &session, &replaced).await?;
        let brought = Brought::Answer(proof, demand);
        let for_keys = matches!(login.intent, Intent::Keys(_) | Intent::ConfirmedKeys(_));
        let outcome = self.proceed(visit, &session, login.intent, brought).await;
        Ok(Arrival {
            session: started,
            for_keys,
            outcome,
        })
    }

    async fn start(
        &self,
        visit: &Visit,
        verified: &Verified,
        replaces: Vec<String>,
    ) -> Result<(Session, StartedSession), Error> {
        let parts = &self.0;
        let now = parts.clock.now();
        let identity: Identity = verified.identity().clone();
        let id = SessionId::new(random::token::<32>(parts.random.as_ref()));
        let ends = ends(now, parts.absolute, &identity);
        let new = NewSession {
            digest: digest::of(id.expose()),
            identity: identity.clone(),
            began: now,
            ends,
            form_token: random::token::<32>(parts.random.as_ref()),
            replaces,
            address: visit.address,
            browser: visit.family.clone(),
        };
        let once = Once {
            idp: verified.once().idp.clone(),
            id: verified.once().id.clone(),
            until: verified.once().until,
        };
        match parts.store.start_session(&new, &once).await? {
            StartSession::Started => {}
            StartSession::Blocked(until) => return Err(Error::Blocked { until }),
            StartSession::Replayed => {
                return Err(Error::ProofRefused {
                    idp: identity.idp,
                    code: "login.replayed",
                });
            }
        }
        self.remember(&identity, now);
        let started = StartedSession {
            id,
            ends,
            idp: identity.idp.clone(),
            person: PersonKey::of(
                identity.idp.as_str(),
                &identity.subject.format,
                &identity.subject.value,
            ),
        };
        let session = Session {
            digest: new.digest,
            identity,
            began: now,
            seen: now,
            ends,
            form_token: new.form_token,
        };
        Ok((session, started))
    }

    /// Somebody proved who they are, and is blocked. It gives nothing, so it need not wait for the record.
    async fn record_blocked(&self, visit: &Visit, identity: &Identity, error: &Error) {
        let event = Event {
            result: Some("refused".to_owned()),
            cause: Some(error.code().to_owned()),
            ..record::about(visit, identity)
        };
        self.append_failed_login(&event).await;
    }

    /// Keeps what the provider said, for administrators who want to know whom a change concerns. The person does not wait
    /// for it, and nothing of theirs depends on it.
    fn remember(&self, identity: &Identity, now: Timestamp) {
        let Some(key) = self.0.impact_key.clone() else {
            return;
        };
        let (this, identity) = (self.clone(), identity.clone());
        let note = async move {
            if let Err(error) = this.0.store.note_identity(&key, &identity, now).await {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "what a provider said of a person could not be kept: reviews go by what it said before"
                );
            }
        };
        let note = note.in_current_span();
        self.0.afterwards.spawn_on(note, &self.0.runtime);
    }

    /// A failed login is written down when it can be; it gives nothing, so it need not wait for the record.
    async fn record_failed_login(&self, visit: &Visit, idp: &IdpId, error: &Error) {
        let event = Event {
            reference: Some(visit.reference.clone()),
            idp: Some(idp.to_string()),
            address: visit.address.map(|address| address.to_string()),
            result: Some("refused".to_owned()),
            cause: Some(error.code().to_owned()),
            ..Event::default()
        };
        self.append_failed_login(&event).await;
    }

    async fn append_failed_login(&self, event: &Event) {
        let now = self.0.clock.now();
        if let Err(error) = self
            .0
            .store
            .append(EventKind::LoginFailed, event, now)
            .await
        {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "a failed login could not be recorded"
            );
        }
    }

    /// Ends a session, with its row if that can be written. What lives on, at the provider and at AWS, is for the page to say.
    pub async fn leave(&self, visit: Visit, session: Session) -> Result<(), Error> {
        let (store, who) = (&self.0.store, &session.identity);
        let key = store.person_key(&who.idp, &who.subject);
        let event = record::about(&visit, who);
        let now = self.0.clock.now();
        // one that is gone has its row
        let ending = Ending::Own(&session.digest);
        if let Err(unwritten) = store.end_sessions(&key, ending, &event, now).await {
            // whoever leaves a shared machine has left it, whatever can be written
            store.end_session(&session.digest).await?;
            return Err(unwritten.into());
        }
        Ok(())
    }

    /// The live sessions that a new one in the same browser takes the place of.
    async fn replaced(&self, digests: &[String]) -> Result<Vec<Session>, Error> {
        let (store, now) = (&self.0.store, self.0.clock.now());
        let mut live = Vec::new();
        for digest in digests {
            live.extend(store.find_session(digest, now, self.0.idle).await?);
        }
        live.dedup_by(|one, other| one.digest == other.digest);
        Ok(live)
    }

    /// The rows of a session that began, and of those whose place it took.
    async fn record_begun(
        &self,
        visit: &Visit,
        session: &Session,
        replaced: &[Session],
    ) -> Result<(), Error> {
        let store = &self.0.store;
        for old in replaced {
            let event = Event {
                cause: Some(SessionEnd::Replaced.word().to_owned()),
                ..record::about(visit, &old.identity)
            };
            store
                .append(EventKind::SessionEnded, &event, session.began)
                .await?;
        }
        let event = record::about(visit, &session.identity);
        store
            .append(EventKind::SessionBegan, &event, session.began)
            .await?;
        Ok(())
    }
}

/// A session ends at our own limit, or when the provider wants it to if that is sooner (`SessionNotOnOrAfter`).
fn ends(now: Timestamp, absolute: Duration, identity: &Identity) -> Timestamp {
    let ours = now + absolute;
    identity
        .authentication
        .session_ends
        .map_or(ours, |theirs| theirs.min(ours))
}
