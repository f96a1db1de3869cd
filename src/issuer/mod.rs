//! The issuer: Vestibule as an identity provider that AWS accounts trust.
//!
//! It vouches for a person by a SAML response or an ID token of its own, made for one role, for two minutes, and only
//! from a [`Grant`]: who has not passed the access index cannot be vouched for. A probe is vouched for in the one name that
//! is nobody's, and so is whoever revokes. Whoever holds its keys can be anybody in
//! every role that trusts it; so keys are read from files that only their owner can read, are shown to nobody, and
//! nothing that is made with them is stored or logged.
//!
//! Knows neither AWS's endpoints nor sessions nor pages.

mod error;
mod expiry;
pub mod keys;
mod oidc;
mod saml;
#[cfg(test)]
pub(crate) mod testing;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use chrono::Duration;
use secrecy::SecretString;

pub use error::Error;
pub use expiry::{Told, Urgency};

use crate::clock::SharedClock;
use crate::config::IssuerConfig;
use crate::domain::access::Issuance;
use crate::domain::credentials::{IssuedProof, ProbeProof, RevokerProof};
use crate::domain::grant::Grant;
use crate::domain::identity::Authentication;
use crate::domain::partition::Partitions;
use crate::domain::probe::{self, Words};
use crate::domain::revoke;
use crate::domain::role::{Method, Role};
use crate::random::{self, SharedRandom};
use keys::{Folder, Key, KeyLine, KeyProblems, Ring, Stamp, Use};

/// How long what we say is valid: it is used in the very request that it was made in.
const VALID: Duration = Duration::minutes(2);

/// Where the key set stands, below the issuer's address.
pub const KEY_SET_PATH: &str = "/issuer/oidc/jwks";
/// Where discovery stands, below the issuer's address (OpenID Connect Discovery 1.0 §4).
pub const DISCOVERY_PATH: &str = "/.well-known/openid-configuration";
/// The recipient of every SAML response, below the issuer's address: what trust policies pin as `SAML:aud`.
pub const RECIPIENT_PATH: &str = "/issuer/saml";

/// What is said about a person, beside what the grant says.
#[derive(Debug, Clone, Copy)]
pub struct Statement<'a> {
    /// `RoleSessionName`, and the subject.
    pub session_name: &'a str,
    /// `SourceIdentity`.
    pub source_identity: Option<&'a str>,
    /// Session tags.
    pub tags: &'a [(String, String)],
    /// Keys among them that are transitive.
    pub transitive_tags: &'a [String],
    /// How long the console may last; only SAML can say it.
    pub session_seconds: Option<u32>,
}

/// The issuer. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Issuer(Arc<Inner>);

struct Inner {
    config: IssuerConfig,
    folder: Folder,
    partitions: Partitions,
    clock: SharedClock,
    random: SharedRandom,
    ring: ArcSwap<Ring>,
    read: Mutex<Reading>,
}

/// What the last reading of the keys came to.
#[derive(Debug, Default)]
struct Reading {
    stamp: Stamp,
    trouble: Option<String>,
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issuer")
            .field("url", &self.0.config.url)
            .finish_non_exhaustive()
    }
}

impl Issuer {
    /// Reads the keys; without any, it is an issuer that vouches for nobody.
    pub fn open(
        config: &IssuerConfig,
        partitions: &Partitions,
        (clock, random): (&SharedClock, &SharedRandom),
    ) -> Result<Self, KeyProblems> {
        let folder = Folder::new(&config.keys_dir);
        let stamp = folder.stamp();
        let ring = folder.read()?;
        Ok(Self(Arc::new(Inner {
            config: config.clone(),
            folder,
            partitions: partitions.clone(),
            clock: Arc::clone(clock),
            random: Arc::clone(random),
            ring: ArcSwap::from_pointee(ring),
            read: Mutex::new(Reading {
                stamp,
                trouble: None,
            }),
        })))
    }

    /// Reads the keys again when their list has been replaced; says whether they are others now. Keys that cannot be
    /// read change nothing: those known go on. Looks at files, so not for where others wait.
    pub fn follow(&self) -> Result<bool, KeyProblems> {
        let mut read = self.0.read.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = self.0.folder.stamp();
        if stamp == read.stamp {
            return Ok(false);
        }
        read.stamp = stamp;
        match self.0.folder.read() {
            Ok(ring) => {
                read.trouble = None;
                self.0.ring.store(Arc::new(ring));
                Ok(true)
            }
            Err(problems) => {
                read.trouble = Some(problems.to_string());
                Err(problems)
            }
        }
    }

    /// What is wrong with the keys as they lie in their folder, if they could not be read again.
    pub fn trouble(&self) -> Option<String> {
        let read = self.0.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.trouble.clone()
    }

    /// What it can vouch with.
    pub fn issuance(&self) -> Issuance {
        let ring = self.0.ring.load();
        Issuance {
            saml: ring.current(Use::Saml).is_some(),
            oidc: ring.current(Use::Oidc).is_some(),
            oidc_url: self.0.config.unfit_for_iam(),
        }
    }

    /// How it is set up.
    pub fn config(&self) -> &IssuerConfig {
        &self.0.config
    }

    /// Its keys.
    pub fn keys(&self) -> Vec<KeyLine> {
        let ring = self.0.ring.load();
        ring.iter().map(|key| KeyLine::from(key.as_ref())).collect()
    }

    /// Vouches for the person whom the grant names, as the holder of its role.
    pub async fn vouch(
        &self,
        grant: &Grant,
        statement: &Statement<'_>,
    ) -> Result<IssuedProof, Error> {
        let login = &grant.identity().authentication;
        let text = self.text((grant.role(), login), statement).await?;
        Ok(IssuedProof::new(grant, text))
    }

    /// Vouches for nobody, so that a role can be probed: in the fixed name of all probes, with nothing of anybody's.
    pub async fn vouch_for_probe(&self, role: &Role, words: &Words) -> Result<ProbeProof, Error> {
        let statement = Statement {
            session_name: probe::NAME,
            source_identity: words.source_identity(),
            tags: words.tags(),
            transitive_tags: words.transitive_tags(),
            session_seconds: words.seconds(),
        };
        let about = (role, &Authentication::default());
        let text = self.text(about, &statement).await?;
        Ok(ProbeProof::new(role, text))
    }

    /// Vouches for nobody, so that sessions can be ended: in the one name of whoever revokes, for an account's revoker.
    pub async fn vouch_for_revoker(&self, revoker: &Role) -> Result<RevokerProof, Error> {
        let statement = Statement {
            session_name: revoke::NAME,
            source_identity: None,
            tags: &[],
            transitive_tags: &[],
            session_seconds: None,
        };
        let about = (revoker, &Authentication::default());
        let text = self.text(about, &statement).await?;
        Ok(RevokerProof::new(revoker, text))
    }

    async fn text(
        &self,
        (role, login): (&Role, &Authentication),
        statement: &Statement<'_>,
    ) -> Result<SecretString, Error> {
        if !role.method.is_issued() {
            return Err(Error::NotIssued);
        }
        let text = match &role.method {
            Method::AssumeRoleWithSaml { .. } => {
                self.saml_response((role, login), statement).await?
            }
            Method::AssumeRoleWithWebIdentity { .. } => self.id_token(statement).await?,
            Method::AssumeRole { .. }
            | Method::GetFederationToken { .. }
            | Method::GetSessionToken { .. } => {
                return Err(Error::NotIssued);
            }
        };
        Ok(SecretString::from(text.as_str()))
    }

    async fn saml_response(
        &self,
        about: (&Role, &Authentication),
        statement: &Statement<'_>,
    ) -> Result<zeroize::Zeroizing<String>, Error> {
        let inner = &self.0;
        let now = inner.clock.now();
        let key = self.signing_key(Use::Saml)?;
        let certificate = key.certificate.as_ref().ok_or(Error::NoKey(Use::Saml))?;
        let partition = inner.partitions.get(&about.0.account.partition);
        let audience = partition
            .and_then(|partition| partition.saml_audiences().first())
            .ok_or(Error::Partition)?;
        let id = || format!("_{}", random::hex::<16>(inner.random.as_ref()));
        let (response, assertion) = (id(), id());
        let frame = saml::Frame {
            entity_id: &inner.config.saml_entity_id,
            recipient: &inner.config.recipient(),
            audience,
            ids: (&response, &assertion),
            now,
        };
        saml::respond(&frame, about, statement, (key.signer.as_ref(), certificate)).await
    }

    async fn id_token(
        &self,
        statement: &Statement<'_>,
    ) -> Result<zeroize::Zeroizing<String>, Error> {
        let inner = &self.0;
        let key = self.signing_key(Use::Oidc)?;
        let id = random::hex::<16>(inner.random.as_ref());
        let frame = oidc::Frame {
            issuer: &inner.config.url,
            audience: &inner.config.oidc_audience,
            id: &id,
            now: inner.clock.now(),
        };
        oidc::token(&frame, statement, &key).await
    }

    fn signing_key(&self, purpose: Use) -> Result<Arc<Key>, Error> {
        let ring = self.0.ring.load();
        let key = ring.current(purpose).ok_or(Error::NoKey(purpose))?;
        if key.expires().is_some_and(|at| at <= self.0.clock.now()) {
            return Err(Error::Expired(key.id.clone()));
        }
        Ok(Arc::clone(key))
    }

    /// Our SAML metadata; `None` without a key.
    pub fn metadata(&self) -> Option<String> {
        let ring = self.0.ring.load();
        let shown = ring.shown(Use::Saml, self.0.clock.now());
        let certificates: Vec<_> = shown
            .iter()
            .filter_map(|key| key.certificate.as_ref())
            .collect();
        let config = &self.0.config;
        saml::metadata(&config.saml_entity_id, &config.home, &certificates)
            .ok()
            .flatten()
    }

    /// The discovery document; `None` without a key.
    pub fn discovery(&self) -> Option<String> {
        let config = &self.0.config;
        self.with_shown(|keys| oidc::discovery(&config.url, &config.home, keys))
    }

    /// The key set; `None` without a key.
    pub fn key_set(&self) -> Option<String> {
        self.with_shown(oidc::key_set)
    }

    fn with_shown(&self, write: impl Fn(&[&Key]) -> String) -> Option<String> {
        let ring = self.0.ring.load();
        let shown = ring.shown(Use::Oidc, self.0.clock.now());
        let keys: Vec<&Key> = shown.iter().map(AsRef::as_ref).collect();
        (!keys.is_empty()).then(|| write(&keys))
    }
}
