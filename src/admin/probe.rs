//! Probing a role: one real call, a few more where it is refused, and what they say together.
//!
//! Done when somebody asks for it, and never else. The audit row `begun` is durable before the first call leaves; nothing
//! that AWS gives is ever seen here.

use std::sync::{Arc, Mutex, PoisonError};

use super::Error;
use crate::aws::{self, Sts};
use crate::clock::SharedClock;
use crate::domain::access::AccessRevision;
use crate::domain::audit::{Event, EventKind};
use crate::domain::probe::{
    self, Answer, Bounds, Finding, IssuerWords, Stage, TooSoon, Trial, Unable, Words,
};
use crate::domain::role::{Role, RoleKey};
use crate::issuer::{self, Issuer};
use crate::store::{Access, Store};

/// Probes roles. Cheap to clone; all clones share their bounds.
#[derive(Debug, Clone)]
pub struct Prober(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    access: Access,
    issuer: Issuer,
    sts: Sts,
    clock: SharedClock,
    bounds: Mutex<Bounds>,
}

/// A role that was probed, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probed {
    /// The role's key.
    pub role: String,
    /// The STS operation behind it.
    pub method: &'static str,
    /// By which revision of the access model.
    pub revision: AccessRevision,
    /// How often AWS was asked for it.
    pub calls: usize,
    /// What came of it.
    pub finding: Finding,
}

/// A probe under way; when it goes, however it ends, there is room for another.
struct Place<'a>(&'a Mutex<Bounds>);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        locked(self.0).end();
    }
}

fn locked(bounds: &Mutex<Bounds>) -> std::sync::MutexGuard<'_, Bounds> {
    bounds.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Prober {
    /// Sets it up; nothing is asked.
    pub fn new(
        (store, access): (Store, Access),
        (sts, issuer): (Sts, Issuer),
        clock: SharedClock,
    ) -> Self {
        Self(Arc::new(Inner {
            store,
            access,
            issuer,
            sts,
            clock,
            bounds: Mutex::default(),
        }))
    }

    /// The keys of all roles of the current revision, by account name, alias and role name.
    pub async fn roles(&self) -> Result<Vec<RoleKey>, Error> {
        self.follow().await?;
        let index = self.0.access.index();
        let roles = index.model().roles().iter();
        Ok(roles.map(|role| role.key.clone()).collect())
    }

    /// Probes a role of the current revision; `by` says who asks.
    pub async fn probe(&self, key: &RoleKey, by: Event) -> Result<Probed, Error> {
        self.follow().await?;
        let index = self.0.access.index();
        let role = index
            .role(key)
            .ok_or_else(|| Error::NoSuchRole(key.to_string()))?;
        let probed = |calls, finding| Probed {
            role: role.key.to_string(),
            method: role.method.operation(),
            revision: index.revision(),
            calls,
            finding,
        };
        if let Some(finding) = probe::nothing_asked(role) {
            return Ok(probed(0, finding));
        }
        let _place = self.begin(key)?;
        let begun = Event {
            account: Some(role.account.id.to_string()),
            role: Some(role.key.to_string()),
            method: Some(role.method.operation().to_owned()),
            session_name: Some(probe::NAME.to_owned()),
            revision: Some(index.revision()),
            ..by
        };
        self.record(EventKind::ProbeBegun, &begun).await?;
        let made = self.ask(role).await;
        let finding = probe::judge(role, &self.issuer_words(), &made);
        let ended = Event {
            result: Some(finding.verdict.word().to_owned()),
            cause: Some(finding.cause.clone()),
            ..begun
        };
        self.record(EventKind::ProbeEnded, &ended).await?;
        Ok(probed(made.len(), finding))
    }

    /// Closes the database's connections.
    pub async fn close(&self) {
        self.0.store.close().await;
    }

    async fn follow(&self) -> Result<(), Error> {
        let followed = self.0.access.follow(&self.0.store).await;
        followed.map_err(|error| match error {
            crate::store::AccessError::Store(error) => Error::Store(error),
            unusable @ crate::store::AccessError::Unusable { .. } => {
                Error::Follow(Box::new(unusable))
            }
        })
    }

    fn begin(&self, key: &RoleKey) -> Result<Place<'_>, TooSoon> {
        let bounds = &self.0.bounds;
        locked(bounds).begin(key, self.0.clock.now())?;
        Ok(Place(bounds))
    }

    async fn record(&self, kind: EventKind, event: &Event) -> Result<(), Error> {
        self.0.store.append(kind, event, self.0.clock.now()).await?;
        Ok(())
    }

    /// Asks for everything, and then for one thing less at a time.
    async fn ask(&self, role: &Role) -> Vec<(Trial, Answer)> {
        let mut made = Vec::new();
        while let Some(trial) = probe::next(role, &made) {
            let answer = self.ask_once(role, trial).await;
            made.push((trial, answer));
        }
        made
    }

    async fn ask_once(&self, role: &Role, trial: Trial) -> Answer {
        let words = Words::of(role, trial);
        let proof = if role.method.is_issued() {
            match self.0.issuer.vouch_for_probe(role, &words).await {
                Ok(proof) => Some(proof),
                Err(error) => return Answer::NotVouched(unable(&error)),
            }
        } else {
            None
        };
        let asked = self.0.sts.probe(role, &words, proof.as_ref()).await;
        asked.map_or_else(
            |error| {
                tracing::info!(
                    error = &error as &dyn std::error::Error,
                    role.key = %role.key,
                    "aws did not give a role to a probe"
                );
                answer(&error, Stage::Role)
            },
            |()| Answer::Given,
        )
    }

    fn issuer_words(&self) -> IssuerWords {
        let config = self.0.issuer.config();
        IssuerWords {
            recipient: config.recipient(),
            entity_id: config.saml_entity_id.clone(),
            url: config.url.clone(),
            audience: config.oidc_audience.clone(),
        }
    }
}

fn answer(error: &aws::Error, at: Stage) -> Answer {
    match error {
        aws::Error::AtHub(error) => answer(error, Stage::Hub),
        aws::Error::Refused { refusal, .. } => Answer::Refused {
            at,
            code: refusal.code.clone(),
        },
        aws::Error::RegionDisabled { .. } => Answer::RegionDisabled { at },
        aws::Error::Busy { .. } => Answer::Away,
        aws::Error::Untrusted { cause, .. } => Answer::Untrusted(cause),
        aws::Error::Unexpected { .. } => Answer::Unexpected,
        aws::Error::OwnCredentials { .. } | aws::Error::Unsuited { .. } => Answer::NoCredentials,
        aws::Error::NotConfigured(_) => Answer::NotConfigured,
    }
}

fn unable(error: &issuer::Error) -> Unable {
    tracing::warn!(
        error = error as &dyn std::error::Error,
        "the issuer did not vouch for a probe"
    );
    match error {
        issuer::Error::NoKey(_) => Unable::NoKey,
        issuer::Error::Expired(_) => Unable::Expired,
        _ => Unable::Broken,
    }
}
