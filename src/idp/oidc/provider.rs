//! What the provider publishes about itself: its discovery document and its keys, fetched when first needed.
//!
//! OpenID Connect Discovery 1.0. Kept for an hour; when the provider is away, what is known serves for a day. One
//! request at a time however many people wait. An unknown key may mean a new one, so the keys are fetched again for
//! it, at most once in 30 seconds, however many such tokens come.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::ArcSwapOption;
use chrono::Duration;
use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType,
    CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm,
    CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType,
};
use openidconnect::{AdditionalProviderMetadata, AuthUrl, ProviderMetadata, TokenUrl};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::Mutex;
use url::Url;

use super::error::Error;
use super::http::Http;
use super::json::Object;
use super::keys::{Algorithm, KeySet};
use crate::clock::SharedClock;
use crate::domain::Timestamp;

/// How long what is known is not asked for again.
const FRESH: Duration = Duration::hours(1);
/// How long it serves while the provider is away.
const USABLE: Duration = Duration::hours(24);
/// Between two attempts that something failed or a key is unknown.
const PAUSE: Duration = Duration::seconds(30);

/// The members of RFC 9207 that openidconnect does not know.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Further {
    authorization_response_iss_parameter_supported: Option<bool>,
}
impl AdditionalProviderMetadata for Further {}

type Document = ProviderMetadata<
    Further,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// What we use of the discovery document, checked.
#[derive(Debug, Clone)]
pub(super) struct Metadata {
    pub(super) authorization_endpoint: AuthUrl,
    pub(super) token_endpoint: TokenUrl,
    pub(super) userinfo_endpoint: Option<Url>,
    /// The token endpoint takes the secret in the body only.
    pub(super) secret_in_body: bool,
    /// Every answer carries `iss`.
    pub(super) names_itself: bool,
    jwks_uri: Url,
}

/// Metadata and keys that go together.
#[derive(Debug)]
pub(super) struct Discovered {
    pub(super) metadata: Metadata,
    pub(super) keys: KeySet,
    fetched: Timestamp,
}

/// One provider, as known so far.
#[derive(Debug)]
pub(super) struct Provider {
    pub(super) issuer: String,
    pub(super) algorithms: Vec<Algorithm>,
    pub(super) wants_userinfo: bool,
    pub(super) http: Http,
    clock: SharedClock,
    known: ArcSwapOption<Discovered>,
    attempts: AtomicU64,
    flight: Mutex<Flight>,
}

/// What only the one who fetches looks at.
#[derive(Debug, Default)]
struct Flight {
    failed: Option<(Timestamp, Error)>,
    keys_fetched: Option<Timestamp>,
}

impl Provider {
    pub(super) fn new(
        (issuer, algorithms, wants_userinfo): (String, Vec<Algorithm>, bool),
        http: Http,
        clock: SharedClock,
    ) -> Self {
        Self {
            issuer,
            algorithms,
            wants_userinfo,
            http,
            clock,
            known: ArcSwapOption::empty(),
            attempts: AtomicU64::new(0),
            flight: Mutex::default(),
        }
    }

    /// What is known and still usable, without asking.
    pub(super) fn known(&self) -> Option<Arc<Discovered>> {
        let known = self.known.load_full()?;
        self.within(known.fetched, USABLE).then_some(known)
    }

    /// What is known, asked for again when it is old.
    pub(super) async fn current(&self) -> Result<Arc<Discovered>, Error> {
        let attempt = self.attempts.load(Ordering::Acquire);
        if let Some(known) = self.fresh() {
            return Ok(known);
        }
        let mut flight = self.flight.lock().await;
        if let Some(known) = self.fresh() {
            return Ok(known);
        }
        let stale = self.known();
        if let Some((at, error)) = &flight.failed {
            let shared = self.attempts.load(Ordering::Acquire) != attempt;
            let recent = self.within(*at, PAUSE);
            match stale {
                Some(known) if shared || recent => return Ok(known),
                None if shared => return Err(error.clone()),
                _ => {}
            }
        }
        let fetched = self.fetch().await;
        self.attempts.fetch_add(1, Ordering::AcqRel);
        match fetched {
            Ok(known) => {
                let known = Arc::new(known);
                self.known.store(Some(Arc::clone(&known)));
                flight.failed = None;
                Ok(known)
            }
            Err(error) => {
                flight.failed = Some((self.clock.now(), error.clone()));
                let known = stale.ok_or_else(|| error.clone())?;
                // nobody else hears of it
                let cause: &(dyn std::error::Error + 'static) = &error;
                tracing::warn!(
                    issuer = self.issuer,
                    code = error.code(),
                    error = cause,
                    "the provider cannot be asked; what is known serves on"
                );
                Ok(known)
            }
        }
    }

    /// Newer keys than those of `used`, if there are any to be had now.
    pub(super) async fn newer_keys(
        &self,
        used: &Arc<Discovered>,
    ) -> Result<Option<Arc<Discovered>>, Error> {
        let mut flight = self.flight.lock().await;
        if let Some(known) = self.known().filter(|known| !Arc::ptr_eq(known, used)) {
            return Ok(Some(known));
        }
        if flight.keys_fetched.is_some_and(|at| self.within(at, PAUSE)) {
            return Ok(None);
        }
        flight.keys_fetched = Some(self.clock.now());
        let keys = self.fetch_keys(&used.metadata.jwks_uri).await?;
        let known = Arc::new(Discovered {
            metadata: used.metadata.clone(),
            keys,
            fetched: used.fetched,
        });
        self.known.store(Some(Arc::clone(&known)));
        Ok(Some(known))
    }

    fn fresh(&self) -> Option<Arc<Discovered>> {
        let known = self.known.load_full()?;
        self.within(known.fetched, FRESH).then_some(known)
    }

    /// Whether `moment` lies less than `span` back. A clock that was turned back makes everything old.
    fn within(&self, moment: Timestamp, span: Duration) -> bool {
        let age = self.clock.now() - moment;
        Duration::zero() <= age && age < span
    }

    async fn fetch(&self) -> Result<Discovered, Error> {
        let metadata = self.fetch_metadata().await?;
        let keys = self.fetch_keys(&metadata.jwks_uri).await?;
        Ok(Discovered {
            metadata,
            keys,
            fetched: self.clock.now(),
        })
    }

    async fn fetch_metadata(&self) -> Result<Metadata, Error> {
        let base = self.issuer.strip_suffix('/').unwrap_or(&self.issuer);
        let url = Url::parse(&format!("{base}/.well-known/openid-configuration"))
            .map_err(|_| Error::Configuration("the issuer is no URL"))?;
        let document = self
            .http
            .object(&url, None)
            .await
            .map_err(Error::unreachable("discovery document"))?;
        self.check_metadata(document)
    }

    async fn fetch_keys(&self, url: &Url) -> Result<KeySet, Error> {
        let set = self
            .http
            .object(url, None)
            .await
            .map_err(Error::unreachable("key set"))?;
        Ok(KeySet::read(&set, &self.algorithms)?)
    }

    fn check_metadata(&self, document: Object) -> Result<Metadata, Error> {
        let document: Document = serde_json::from_value(Value::Object(needed(document)))
            .map_err(|_| Error::Discovery("a member is missing or of the wrong kind"))?;
        if document.issuer().as_str() != self.issuer {
            return Err(Error::Discovery("it is another issuer's"));
        }
        let token_endpoint = document
            .token_endpoint()
            .ok_or(Error::Discovery("it names no token endpoint"))?;
        let userinfo = document.userinfo_endpoint().map(|url| url.url().clone());
        if self.wants_userinfo && userinfo.is_none() {
            return Err(Error::Discovery("it names no userinfo endpoint"));
        }
        let endpoints = [
            document.authorization_endpoint().url(),
            token_endpoint.url(),
            document.jwks_uri().url(),
        ];
        if !endpoints
            .into_iter()
            .chain(&userinfo)
            .all(|url| self.http.may_reach(url))
        {
            return Err(Error::Discovery(
                "it names an endpoint that may not be used",
            ));
        }
        let methods = document.token_endpoint_auth_methods_supported();
        let secret_in_body = methods.is_some_and(|methods| {
            !methods.contains(&CoreClientAuthMethod::ClientSecretBasic)
                && methods.contains(&CoreClientAuthMethod::ClientSecretPost)
        });
        Ok(Metadata {
            authorization_endpoint: document.authorization_endpoint().clone(),
            token_endpoint: token_endpoint.clone(),
            userinfo_endpoint: userinfo,
            secret_in_body,
            names_itself: document
                .additional_metadata()
                .authorization_response_iss_parameter_supported
                .unwrap_or(false),
            jwks_uri: document.jwks_uri().url().clone(),
        })
    }
}

/// The members we use. What a provider writes elsewhere in its document, rightly or not, is not our concern, and
/// those that the specification requires and we do without need not be there.
fn needed(document: Object) -> Object {
    const USED: [&str; 7] = [
        "issuer",
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
        "token_endpoint_auth_methods_supported",
        "authorization_response_iss_parameter_supported",
    ];
    let mut needed: Object = document
        .into_iter()
        .filter(|(name, _)| USED.contains(&name.as_str()))
        .collect();
    for required in [
        "response_types_supported",
        "subject_types_supported",
        "id_token_signing_alg_values_supported",
    ] {
        needed.insert(required.to_owned(), json!([]));
    }
    needed
}
