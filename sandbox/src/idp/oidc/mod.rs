//! A demo OpenID provider (OpenID Connect Core, authorization code flow with PKCE S256; RFC 9207).
//!
//! [`OidcIdp`] is the running server. Honest by default; [`OidcIdp::configure`] makes it lie, stall or break in the
//! ways that [`OidcOptions`] lists, and [`OidcIdp::mint`] writes an ID token without a browser. It counts what
//! programs ask of it, so tests can tell a cache from a habit.

mod authorize;
mod endpoints;
mod options;
mod token;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use actix_web::web::Data;
use chrono::{DateTime, Duration, Utc};

pub use options::{
    Client, Endpoint, Fault, Groups, JsonEdit, Latch, Nonce, OidcOptions, ResponseIssuer, Signing,
    TokenEdit,
};

use super::key::{Key, KeyError, KeySet};
use super::session::{Sessions, Vault};
use crate::aws::clock::Clock;
use crate::aws::random::Random;
use crate::listener::{Binding, Running, StartError};
use crate::people::{Directory, Person};

/// How long a code can be redeemed.
const CODE_SECONDS: i64 = 60;
/// How long an access token opens the userinfo endpoint.
const ACCESS_MINUTES: i64 = 60;

/// What the provider needs to start.
pub struct OidcSettings {
    /// Its socket.
    pub binding: Binding,
    /// Its name for readers.
    pub name: String,
    /// Who can sign in.
    pub people: Directory,
    /// The time.
    pub clock: Clock,
    /// Randomness.
    pub random: Random,
    /// Its keys; `None` takes the ones this process keeps for the purpose.
    pub keys: Option<KeySet>,
}

/// Why a token could not be minted.
#[derive(Debug, thiserror::Error)]
pub enum MintError {
    /// No such person.
    #[error("nobody has this username")]
    UnknownPerson,
    /// Signing failed.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// The running provider.
pub struct OidcIdp {
    provider: Arc<Provider>,
    server: Running,
}

/// What the server's handlers share.
struct Provider {
    name: String,
    issuer: String,
    people: Directory,
    clock: Clock,
    sessions: Sessions,
    pending: Vault<AuthorizationRequest>,
    codes: Vault<Code>,
    access_tokens: Vault<Access>,
    state: Mutex<State>,
}

/// What tests change while the server runs.
struct State {
    clients: BTreeMap<String, Client>,
    options: OidcOptions,
    keys: KeySet,
    retired: Vec<Arc<Key>>,
    counts: BTreeMap<Endpoint, usize>,
}

/// What an application asks of a browser that it sends.
#[derive(Debug, Clone)]
struct AuthorizationRequest {
    client_id: String,
    redirect_uri: String,
    scopes: Vec<String>,
    state: Option<String>,
    nonce: Option<String>,
    code_challenge: String,
    /// The context that it will be answered in.
    context: Option<String>,
}

/// What a code stands for.
#[derive(Clone)]
struct Code {
    request: AuthorizationRequest,
    username: String,
    authenticated_at: DateTime<Utc>,
}

/// What an access token stands for.
#[derive(Clone)]
struct Access {
    username: String,
    scopes: Vec<String>,
}

impl OidcIdp {
    /// Starts the provider.
    pub fn start(settings: OidcSettings) -> Result<Self, StartError> {
        static KEYS: OnceLock<KeySet> = OnceLock::new();
        let keys = match settings.keys {
            Some(keys) => keys,
            None => KeySet::of_process(&KEYS)?,
        };
        let (issuer, port, secure) = settings.binding.origin()?;
        let vault_parts = || (settings.clock.clone(), settings.random.clone());
        let (clock, random) = vault_parts();
        let sessions = Sessions::new("oidc", port, secure, clock, random);
        let (clock, random) = vault_parts();
        let pending = Vault::pending(clock, random);
        let (clock, random) = vault_parts();
        let codes = Vault::new(Duration::seconds(CODE_SECONDS), clock, random);
        let (clock, random) = vault_parts();
        let access_tokens = Vault::new(Duration::minutes(ACCESS_MINUTES), clock, random);
        let provider = Arc::new(Provider {
            name: settings.name,
            issuer,
            people: settings.people,
            clock: settings.clock,
            sessions,
            pending,
            codes,
            access_tokens,
            state: Mutex::new(State {
                clients: BTreeMap::new(),
                options: OidcOptions::default(),
                keys,
                retired: Vec::new(),
                counts: BTreeMap::new(),
            }),
        });
        let shared = Data::from(Arc::clone(&provider));
        let server = Running::start(settings.binding, move |services| {
            services.app_data(shared.clone());
            authorize::configure(services);
            endpoints::configure(services);
        })?;
        Ok(Self { provider, server })
    }

    /// Its issuer: `http://127.0.0.1:PORT`.
    pub fn issuer(&self) -> &str {
        &self.provider.issuer
    }

    /// The keys it signs with now.
    pub fn keys(&self) -> KeySet {
        self.provider.lock().keys.clone()
    }

    /// Makes a client known, or replaces the one of that id.
    pub fn register(&self, client: Client) {
        self.provider
            .lock()
            .clients
            .insert(client.id.clone(), client);
    }

    /// Changes how it behaves.
    pub fn configure(&self, change: impl FnOnce(&mut OidcOptions)) {
        change(&mut self.provider.lock().options);
    }

    /// Signs with new keys from now on; the old ones stay published if `keep_old`.
    pub fn rotate(&self, keep_old: bool) -> Result<(), KeyError> {
        let next = KeySet::generate()?;
        let mut state = self.provider.lock();
        let old = std::mem::replace(&mut state.keys, next);
        if keep_old {
            state.retired.extend(old.all().map(Arc::clone));
        } else {
            state.retired.clear();
        }
        Ok(())
    }

    /// How often programs have called `endpoint`.
    pub fn requests(&self, endpoint: Endpoint) -> usize {
        let state = self.provider.lock();
        state.counts.get(&endpoint).copied().unwrap_or_default()
    }

    /// Writes an ID token for `username`, who has just typed the password, without a browser.
    pub fn mint(
        &self,
        client_id: &str,
        username: &str,
        nonce: Option<&str>,
    ) -> Result<String, MintError> {
        let person = self
            .provider
            .people
            .find(username)
            .ok_or(MintError::UnknownPerson)?;
        let scopes = ["openid", "profile", "email", "groups"].map(str::to_owned);
        let now = self.provider.clock.now();
        let facts = token::Facts {
            issuer: &self.provider.issuer,
            client_id,
            scopes: &scopes,
            nonce,
            person: &person,
            authenticated_at: now,
            context: None,
            access_token: None,
            now,
        };
        Ok(self.provider.id_token(&facts)?)
    }

    /// Stops the server.
    pub async fn stop(&self) {
        self.server.stop().await;
    }
}

impl Provider {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn client(&self, id: &str) -> Option<Client> {
        self.lock().clients.get(id).cloned()
    }

    fn options(&self) -> OidcOptions {
        self.lock().options.clone()
    }

    fn id_token(&self, facts: &token::Facts<'_>) -> Result<String, KeyError> {
        let (options, keys) = {
            let state = self.lock();
            (state.options.clone(), state.keys.clone())
        };
        token::write(facts, &options, &keys)
    }

    /// The person behind a session or a token, if they are still there.
    fn person(&self, username: &str) -> Option<Person> {
        self.people.find(username)
    }
}
