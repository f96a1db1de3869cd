//! The configured identity providers, whatever they speak.

use std::sync::Arc;

use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;
use url::Url;

use super::oidc::{self, RelyingParty};
use super::saml::{self, ServiceProvider};
use super::{Challenge, Verified};
use crate::clock::SharedClock;
use crate::config::{IdentityProvider, IdpKind};
use crate::domain::Timestamp;
use crate::domain::identity::IdpId;
use crate::domain::partition::Partitions;
use crate::domain::requires::Demand;
use crate::random::Random;

/// How many SAML responses are verified at once: it is CPU work, and the pages go on meanwhile.
const VERIFICATIONS: usize = 4;

/// All providers, in the order of the configuration.
#[derive(Debug, Clone)]
pub struct Providers(Arc<[Provider]>);

/// One provider.
#[derive(Debug)]
pub struct Provider {
    id: IdpId,
    name: String,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Saml(Arc<ServiceProvider>, Arc<Semaphore>),
    Oidc(Box<RelyingParty>),
}

/// A provider's configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The SAML metadata.
    #[error("the identity provider {idp} cannot be used")]
    Saml {
        /// Which.
        idp: IdpId,
        /// Why.
        #[source]
        source: saml::MetadataError,
    },
    /// The OpenID Connect settings.
    #[error("the identity provider {idp} cannot be used")]
    Oidc {
        /// Which.
        idp: IdpId,
        /// Why.
        #[source]
        source: oidc::Error,
    },
}

/// Why a login at a provider did not succeed, or could not begin.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// By SAML.
    #[error("saml")]
    Saml(#[from] saml::Error),
    /// By OpenID Connect.
    #[error("openid connect")]
    Oidc(#[from] oidc::Error),
    /// The answer is of another kind than the provider.
    #[error("the answer is of another kind than the provider")]
    OtherKind,
    /// The verification did not run to its end.
    #[error("the verification broke off")]
    BrokeOff,
}

impl Error {
    /// Our code for it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Saml(error) => error.code(),
            Self::Oidc(error) => error.code(),
            Self::OtherKind => "idp.other_kind",
            Self::BrokeOff => "idp.broke_off",
        }
    }

    /// Whether the provider is away, so that trying again may help.
    pub fn is_unreachable(&self) -> bool {
        match self {
            Self::Oidc(error) => error.is_unreachable(),
            Self::Saml(_) | Self::OtherKind | Self::BrokeOff => false,
        }
    }

    /// Whether the provider said that it cannot authenticate the person as it was asked to.
    pub fn is_beyond_it(&self) -> bool {
        match self {
            Self::Saml(saml::Error::IdpRefused(status)) => {
                status.codes().contains(&"NoAuthnContext")
            }
            Self::Oidc(oidc::Error::Refused(refusal)) => {
                refusal.error == "unmet_authentication_requirements"
            }
            Self::Saml(_) | Self::Oidc(_) | Self::OtherKind | Self::BrokeOff => false,
        }
    }

    /// Whether the provider itself said no.
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::Saml(error) => matches!(error, saml::Error::IdpRefused(_)),
            Self::Oidc(error) => matches!(error, oidc::Error::Refused(_)),
            Self::OtherKind | Self::BrokeOff => false,
        }
    }
}

impl Providers {
    /// Sets them up; nothing is sent.
    pub fn new(
        entries: &[IdentityProvider],
        partitions: &Partitions,
        clock: &SharedClock,
    ) -> Result<Self, Vec<SetupError>> {
        let verifications = Arc::new(Semaphore::new(VERIFICATIONS));
        let mut providers = Vec::with_capacity(entries.len());
        let mut problems = Vec::new();
        for entry in entries {
            match Provider::new(entry, partitions, clock, &verifications) {
                Ok(provider) => providers.push(provider),
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() {
            Ok(Self(providers.into()))
        } else {
            Err(problems)
        }
    }

    /// The provider of an id.
    pub fn get(&self, id: &IdpId) -> Option<&Provider> {
        self.0.iter().find(|provider| provider.id == *id)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Provider> {
        self.0.iter()
    }
}

impl Provider {
    fn new(
        entry: &IdentityProvider,
        partitions: &Partitions,
        clock: &SharedClock,
        verifications: &Arc<Semaphore>,
    ) -> Result<Self, SetupError> {
        let idp = entry.id.clone();
        let kind = match &entry.kind {
            IdpKind::Saml(_) => {
                let provider = ServiceProvider::new(entry, partitions, clock.now())
                    .map_err(|source| SetupError::Saml { idp, source })?;
                for warning in provider.warnings() {
                    tracing::warn!(idp.id = %entry.id, "{warning}");
                }
                Kind::Saml(Arc::new(provider), Arc::clone(verifications))
            }
            IdpKind::Oidc(_) => Kind::Oidc(Box::new(
                RelyingParty::new(entry, Arc::clone(clock))
                    .map_err(|source| SetupError::Oidc { idp, source })?,
            )),
        };
        Ok(Self {
            id: entry.id.clone(),
            name: entry.name.clone(),
            kind,
        })
    }

    /// Its id.
    pub fn id(&self) -> &IdpId {
        &self.id
    }

    /// Its name for people.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Our metadata towards it, if it speaks SAML.
    pub fn saml_metadata(&self) -> Option<String> {
        match &self.kind {
            Kind::Saml(provider, _) => Some(provider.metadata().to_owned()),
            Kind::Oidc(_) => None,
        }
    }

    /// What to remember of a login that begins now.
    pub fn challenge(&self, random: &dyn Random) -> Challenge {
        match &self.kind {
            Kind::Saml(provider, _) => provider.challenge(random),
            Kind::Oidc(provider) => provider.challenge(random),
        }
    }

    /// Where to send the browser; `handle` comes back with it (`RelayState`, `state`), and `demand` is what the login must
    /// be like. Whether it is, is for whoever reads the answer to judge.
    pub async fn depart(
        &self,
        challenge: &Challenge,
        handle: &str,
        demand: &Demand,
        now: Timestamp,
    ) -> Result<Url, Error> {
        match &self.kind {
            Kind::Saml(provider, _) => Ok(provider.depart(challenge, handle, now, demand)?),
            Kind::Oidc(provider) => {
                let requires = &demand.requires;
                Ok(provider.depart(challenge, handle, requires).await?)
            }
        }
    }

    /// Verifies a SAML response, on a thread of its own.
    pub async fn verify_response(
        &self,
        response: SecretString,
        challenge: Challenge,
        now: Timestamp,
    ) -> Result<Verified, Error> {
        let Kind::Saml(provider, verifications) = &self.kind else {
            return Err(Error::OtherKind);
        };
        let provider = Arc::clone(provider);
        let verify = move || provider.verify(response.expose_secret(), &challenge, now);
        Ok(in_turn(verifications, verify).await??)
    }

    /// Verifies what an OpenID Connect provider sent back.
    pub async fn verify_callback(
        &self,
        callback: oidc::Callback,
        challenge: &Challenge,
    ) -> Result<Verified, Error> {
        match &self.kind {
            Kind::Oidc(provider) => Ok(provider.verify(callback, challenge).await?),
            Kind::Saml(..) => Err(Error::OtherKind),
        }
    }

    /// Whether logins can begin.
    pub async fn ready(&self, now: Timestamp) -> Result<(), String> {
        match &self.kind {
            Kind::Saml(provider, _) => provider.ready(now).map_err(|error| error.to_string()),
            Kind::Oidc(provider) if provider.is_ready() => Ok(()),
            Kind::Oidc(provider) => provider.prepare().await.map_err(|error| error.to_string()),
        }
    }
}

/// CPU work on a thread of its own, when its turn comes. The turn ends with the work and not with whoever waits for it:
/// a browser that goes away does not stop the thread.
async fn in_turn<T: Send + 'static>(
    turns: &Arc<Semaphore>,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    let turn = Arc::clone(turns).acquire_owned().await;
    let turn = turn.map_err(|_| Error::BrokeOff)?;
    let done = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        work()
    });
    done.await.map_err(|_| Error::BrokeOff)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn a_turn_lasts_as_long_as_the_work_even_when_nobody_waits_for_it_any_more() {
        let turns = Arc::new(Semaphore::new(1));
        let (begun, has_begun) = tokio::sync::oneshot::channel();
        let (go_on, may_go_on) = mpsc::channel::<()>();
        let mut waiting = Box::pin(in_turn(&turns, move || {
            begun.send(()).unwrap();
            may_go_on.recv()
        }));
        assert!(waiting.as_mut().now_or_never().is_none());
        has_begun.await.unwrap();
        drop(waiting);
        assert_eq!(turns.available_permits(), 0, "the thread is at work");
        let next = in_turn(&turns, || ());
        go_on.send(()).unwrap();
        next.await.unwrap();
    }
}
