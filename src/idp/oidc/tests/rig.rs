//! A provider, a relying party and a login between them, all set up: each test changes the one thing it is about.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use super::fake::{FakeProvider, Page};
use super::signer::Signer;
use crate::clock::Clock;
use crate::config::{IdentityProvider, IdpKind, OidcConfig};
use crate::domain::Timestamp;
use crate::domain::identity::IdpId;
use crate::idp::oidc::{Callback, Error, RelyingParty};
use crate::idp::{Challenge, Verified};
use crate::random::SystemRandom;

/// When the tests take place.
pub(super) const NOW: i64 = 1_800_000_000;

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub(super) struct StoppedClock(AtomicI64);

impl StoppedClock {
    pub(super) fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_timestamp(self.0.load(Ordering::SeqCst), 0).unwrap()
    }
}

pub(super) struct Rig {
    pub(super) op: FakeProvider,
    pub(super) clock: Arc<StoppedClock>,
    pub(super) rp: RelyingParty,
    pub(super) challenge: Challenge,
}

impl Rig {
    pub(super) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// With a change to the configuration.
    pub(super) async fn with(change: impl FnOnce(&mut OidcConfig)) -> Self {
        Self::within(Duration::from_secs(30), change).await
    }

    /// With a deadline for each request.
    pub(super) async fn within(deadline: Duration, change: impl FnOnce(&mut OidcConfig)) -> Self {
        let op = FakeProvider::start().await;
        op.publish(&[Signer::rsa().jwk("k1")]);
        Self::towards(op, deadline, change)
    }

    /// Towards a provider that is set up already.
    pub(super) fn at(op: FakeProvider, change: impl FnOnce(&mut OidcConfig)) -> Self {
        Self::towards(op, Duration::from_secs(30), change)
    }

    fn towards(op: FakeProvider, deadline: Duration, change: impl FnOnce(&mut OidcConfig)) -> Self {
        let mut config = config(&op.url);
        change(&mut config);
        let clock = Arc::new(StoppedClock(AtomicI64::new(NOW)));
        let shared: Arc<dyn Clock> = Arc::<StoppedClock>::clone(&clock);
        let rp = RelyingParty::with_deadline(&provider(config), shared, deadline).unwrap();
        let challenge = rp.challenge(&SystemRandom);
        Self {
            op,
            clock,
            rp,
            challenge,
        }
    }

    pub(super) fn nonce(&self) -> &str {
        match &self.challenge {
            Challenge::Oidc { nonce, .. } => nonce,
            Challenge::Saml { .. } => panic!("not ours"),
        }
    }

    pub(super) fn verifier(&self) -> &str {
        match &self.challenge {
            Challenge::Oidc { pkce_verifier, .. } => pkce_verifier,
            Challenge::Saml { .. } => panic!("not ours"),
        }
    }

    /// Honest claims for this login.
    pub(super) fn claims(&self) -> Value {
        json!({
            "iss": self.op.url,
            "aud": "vestibule",
            "sub": "248289761001",
            "exp": NOW + 300,
            "iat": NOW,
            "nonce": self.nonce(),
        })
    }

    /// Honest claims with one changed or, with null, removed.
    pub(super) fn claims_with(&self, name: &str, value: Value) -> Value {
        let mut claims = self.claims();
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value;
        }
        claims
    }

    /// Has the token endpoint give this ID token.
    pub(super) fn give(&self, id_token: &str) {
        self.op.put(
            "/token",
            Page::json(&json!({
                "access_token": "access-1",
                "token_type": "Bearer",
                "expires_in": 3600,
                "id_token": id_token,
            })),
        );
    }

    /// Comes back from the provider with a code.
    pub(super) async fn arrive(&self) -> Result<Verified, Error> {
        self.arrive_with("code=code-1&state=s").await
    }

    pub(super) async fn arrive_with(&self, query: &str) -> Result<Verified, Error> {
        let (_, callback) = Callback::parse(query)?;
        self.rp.verify(callback, &self.challenge).await
    }

    /// A whole login that ends with this ID token.
    pub(super) async fn login(&self, id_token: &str) -> Result<Verified, Error> {
        self.give(id_token);
        self.arrive().await
    }

    /// A whole login that ends with these claims, honestly signed.
    pub(super) async fn login_as(&self, claims: &Value) -> Result<Verified, Error> {
        self.login(&sign(claims)).await
    }

    /// The reason code of a login with these claims.
    pub(super) async fn refusal_of(&self, claims: &Value) -> &'static str {
        self.login_as(claims).await.unwrap_err().code()
    }
}

/// Signed by the key that is published.
pub(super) fn sign(claims: &Value) -> String {
    Signer::rsa().token(&json!({"alg": "RS256", "kid": "k1", "typ": "JWT"}), claims)
}

pub(super) fn config(issuer: &str) -> OidcConfig {
    OidcConfig {
        issuer: issuer.to_owned(),
        client_id: "vestibule".to_owned(),
        client_secret: Some(SecretString::from("s:e/cret")),
        scopes: ["openid", "profile", "groups"].map(str::to_owned).to_vec(),
        redirect_uri: Url::parse("https://console.example.com/oidc/okta/callback").unwrap(),
        algorithms: ["RS256", "RS384", "RS512", "ES256", "ES384"]
            .map(str::to_owned)
            .to_vec(),
        userinfo: false,
        leeway_seconds: 60,
        authorities: Vec::new(),
    }
}

pub(super) fn provider(config: OidcConfig) -> IdentityProvider {
    IdentityProvider {
        id: IdpId::parse("okta").unwrap(),
        name: "Okta".to_owned(),
        unique_email_domains: Vec::new(),
        sign_out_url: None,
        kind: IdpKind::Oidc(config),
    }
}

/// What a query string or a form says.
pub(super) fn form(text: &str) -> HashMap<String, String> {
    form_urlencoded::parse(text.as_bytes())
        .into_owned()
        .collect()
}
