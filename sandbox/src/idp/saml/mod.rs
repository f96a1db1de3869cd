//! A demo identity provider that speaks SAML 2.0 (web browser SSO: redirect or POST in, POST out).
//!
//! [`SamlIdp`] is the running server. Honest by default; [`SamlIdp::configure`] makes it lie in the ways that
//! [`ResponseOptions`] lists, and [`SamlIdp::mint`] writes a response without a browser. It knows nothing of sessions
//! anywhere else, and nothing of who may do what.

mod metadata;
mod options;
mod request;
mod response;
mod signature;
mod web;
mod xml;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use actix_web::web::Data;

pub use options::{
    AttributeEdit, Edit, InResponseTo, NameId, PASSWORD_CONTEXT, Refusal, ResponseOptions,
    ServiceProvider, Signed,
};
pub use request::{AuthnRequest, RequestError};
pub use response::Minted;
pub use signature::SignError;

use super::key::{Key, KeySet};
use super::session::{Sessions, SignedIn, Vault, hex};
use crate::aws::clock::Clock;
use crate::aws::random::Random;
use crate::listener::{Binding, Running, StartError};
use crate::people::{Directory, Person};

/// How many requests are remembered for tests to look at.
const REMEMBERED: usize = 100;

/// What the provider needs to start.
pub struct SamlSettings {
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

/// Why a response could not be minted.
#[derive(Debug, thiserror::Error)]
pub enum MintError {
    /// No such service provider.
    #[error("no service provider has this entity id")]
    UnknownServiceProvider,
    /// No such person.
    #[error("nobody has this username")]
    UnknownPerson,
    /// Signing failed.
    #[error(transparent)]
    Sign(#[from] SignError),
}

/// The running provider.
pub struct SamlIdp {
    provider: Arc<Provider>,
    server: Running,
}

/// What the server's handlers share.
struct Provider {
    name: String,
    origin: String,
    entity_id: String,
    people: Directory,
    clock: Clock,
    random: Random,
    keys: KeySet,
    sessions: Sessions,
    pending: Vault<Pending>,
    state: Mutex<State>,
}

/// What tests change while the server runs.
#[derive(Default)]
struct State {
    service_providers: BTreeMap<String, ServiceProvider>,
    published: Option<Vec<Arc<Key>>>,
    requests: Vec<AuthnRequest>,
    last: Option<Minted>,
}

/// A request that waits for a password.
#[derive(Clone)]
struct Pending {
    service_provider: String,
    request_id: Option<String>,
    relay_state: Option<String>,
}

impl SamlIdp {
    /// Starts the provider.
    pub fn start(settings: SamlSettings) -> Result<Self, StartError> {
        static KEYS: OnceLock<KeySet> = OnceLock::new();
        let keys = match settings.keys {
            Some(keys) => keys,
            None => KeySet::of_process(&KEYS)?,
        };
        let (origin, port, secure) = settings.binding.origin()?;
        let provider = Arc::new(Provider {
            entity_id: format!("{origin}/metadata"),
            sessions: Sessions::new(
                "saml",
                port,
                secure,
                settings.clock.clone(),
                settings.random.clone(),
            ),
            pending: Vault::pending(settings.clock.clone(), settings.random.clone()),
            name: settings.name,
            origin,
            people: settings.people,
            clock: settings.clock,
            random: settings.random,
            keys,
            state: Mutex::default(),
        });
        let shared = Data::from(Arc::clone(&provider));
        let server = Running::start(settings.binding, move |services| {
            web::configure(services, shared.clone());
        })?;
        Ok(Self { provider, server })
    }

    /// `http://127.0.0.1:PORT`.
    pub fn origin(&self) -> &str {
        &self.provider.origin
    }

    /// Its entity id, which is where its metadata can be had.
    pub fn entity_id(&self) -> &str {
        &self.provider.entity_id
    }

    /// Its metadata.
    pub fn metadata(&self) -> String {
        self.provider.metadata()
    }

    /// Its keys.
    pub fn keys(&self) -> &KeySet {
        &self.provider.keys
    }

    /// Publishes these keys in the metadata, and not the ones it signs with.
    pub fn publish_keys(&self, keys: Vec<Arc<Key>>) {
        self.provider.lock().published = Some(keys);
    }

    /// Makes a service provider known, or replaces the one of that entity id.
    pub fn register(&self, service_provider: ServiceProvider) {
        self.provider
            .lock()
            .service_providers
            .insert(service_provider.entity_id.clone(), service_provider);
    }

    /// Changes what every service provider gets.
    pub fn configure(&self, change: impl Fn(&mut ResponseOptions)) {
        for service_provider in self.provider.lock().service_providers.values_mut() {
            change(&mut service_provider.options);
        }
    }

    /// Changes what one service provider gets.
    pub fn configure_for(&self, entity_id: &str, change: impl FnOnce(&mut ResponseOptions)) {
        if let Some(service_provider) = self.provider.lock().service_providers.get_mut(entity_id) {
            change(&mut service_provider.options);
        }
    }

    /// The requests that came, oldest first; the last hundred of them.
    pub fn requests(&self) -> Vec<AuthnRequest> {
        self.provider.lock().requests.clone()
    }

    /// The response written last.
    pub fn last_response(&self) -> Option<Minted> {
        self.provider.lock().last.clone()
    }

    /// Writes a response for `username`, who has just typed the password, without a browser.
    pub fn mint(
        &self,
        service_provider: &str,
        username: &str,
        request_id: Option<&str>,
    ) -> Result<Minted, MintError> {
        let service_provider = self
            .provider
            .service_provider(service_provider)
            .ok_or(MintError::UnknownServiceProvider)?;
        let person = self
            .provider
            .people
            .find(username)
            .ok_or(MintError::UnknownPerson)?;
        let session = SignedIn {
            username: person.username.clone(),
            at: self.provider.clock.now(),
            index: format!("_{}", hex::<16>(&self.provider.random)),
        };
        Ok(self
            .provider
            .respond(&service_provider, request_id, &person, &session)?)
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

    fn service_provider(&self, entity_id: &str) -> Option<ServiceProvider> {
        self.lock().service_providers.get(entity_id).cloned()
    }

    fn remember(&self, request: AuthnRequest) {
        let requests = &mut self.lock().requests;
        if requests.len() == REMEMBERED {
            requests.remove(0);
        }
        requests.push(request);
    }

    fn metadata(&self) -> String {
        let published = self.lock().published.clone();
        // P-384 is left out: AWS and most service providers know no XML signature with it
        let own = || vec![Arc::clone(&self.keys.rsa), Arc::clone(&self.keys.p256)];
        let keys = published.unwrap_or_else(own);
        let keys: Vec<&Key> = keys.iter().map(AsRef::as_ref).collect();
        metadata::write(&self.entity_id, &self.origin, &keys)
    }

    /// Writes the response to `service_provider`, and remembers it.
    fn respond(
        &self,
        service_provider: &ServiceProvider,
        request_id: Option<&str>,
        person: &Person,
        session: &SignedIn,
    ) -> Result<Minted, SignError> {
        let facts = response::Facts {
            issuer: &self.entity_id,
            service_provider,
            request_id,
            person,
            authenticated_at: session.at,
            session_index: &session.index,
            now: self.clock.now(),
            ids: (
                format!("_{}", hex::<16>(&self.random)),
                format!("_{}", hex::<16>(&self.random)),
            ),
        };
        let minted = response::write(&facts, &self.keys)?;
        self.lock().last = Some(minted.clone());
        Ok(minted)
    }
}
