//! Vestibule's own ways to call AWS: named entries of the configuration.
//!
//! What they *are* decides how long a console can last: an IAM user's long-term key is free of the one-hour cap, any
//! role's credentials are not (IAM User Guide, role chaining). So their kind is told before a call is made.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared, WeakShared};

use super::{Error, SetupError, tls};
use crate::config::{AwsConfig, CredentialsConfig, CredentialsSource};
use crate::domain::credentials::CredentialsKind;
use crate::domain::role::CredentialsName;

/// Credentials are fetched again when they have less than this left, in seconds.
const FRESH: u64 = 300;

/// How long fetching may take: a program, a file or AWS may be behind it, and somebody waits for the page.
const DEADLINE: Duration = Duration::from_secs(5);

/// All entries.
#[derive(Debug, Clone)]
pub struct OwnCredentials(Arc<HashMap<CredentialsName, Arc<Entry>>>);

#[derive(Debug)]
struct Entry {
    name: CredentialsName,
    provider: SharedCredentialsProvider,
    kept: Mutex<Option<Credentials>>,
    flight: Mutex<Option<WeakShared<Flight>>>,
}

/// One fetching, awaited by all who came while it lasts; it ends when the last of them leaves.
type Flight = BoxFuture<'static, Result<Credentials, Error>>;

impl OwnCredentials {
    /// Sets the entries up; nothing is fetched yet.
    pub async fn new(
        config: &AwsConfig,
        entries: &[CredentialsConfig],
    ) -> Result<Self, SetupError> {
        let mut own = HashMap::new();
        for entry in entries {
            let provider = provider(config, &entry.source).await?;
            let about = Entry {
                name: entry.name.clone(),
                provider,
                kept: Mutex::default(),
                flight: Mutex::default(),
            };
            own.insert(entry.name.clone(), Arc::new(about));
        }
        Ok(Self(Arc::new(own)))
    }

    /// The credentials of an entry, fetched when the kept ones run out.
    pub async fn get(&self, name: &CredentialsName) -> Result<Credentials, Error> {
        let entry = self.0.get(name).ok_or_else(|| unavailable(name))?;
        match entry.kept() {
            Some(kept) => Ok(kept),
            None => entry.flight().await,
        }
    }

    /// What an entry's credentials are.
    pub async fn kind(&self, name: &CredentialsName) -> Result<CredentialsKind, Error> {
        let credentials = self.get(name).await?;
        Ok(if credentials.session_token().is_some() {
            CredentialsKind::Role
        } else {
            CredentialsKind::LongTerm
        })
    }
}

impl Entry {
    fn kept(&self) -> Option<Credentials> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|kept| is_fresh(kept)).cloned()
    }

    /// The fetching under way, or a new one: no lock is held while anybody waits.
    fn flight(self: &Arc<Self>) -> Shared<Flight> {
        let mut current = self.flight.lock().unwrap_or_else(PoisonError::into_inner);
        let under_way = current.as_ref().and_then(WeakShared::upgrade);
        if let Some(flight) = under_way.filter(|flight| flight.peek().is_none()) {
            return flight;
        }
        let flight = Arc::clone(self).fetch().boxed().shared();
        *current = flight.downgrade();
        flight
    }

    async fn fetch(self: Arc<Self>) -> Result<Credentials, Error> {
        let fetched = tokio::time::timeout(DEADLINE, self.provider.provide_credentials()).await;
        let Ok(Ok(credentials)) = fetched else {
            return Err(unavailable(&self.name));
        };
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(credentials.clone());
        Ok(credentials)
    }
}

fn unavailable(name: &CredentialsName) -> Error {
    Error::OwnCredentials {
        name: name.to_string(),
    }
}

/// Long-term keys are read again at each call (a rotated file is noticed); temporary ones are kept while they last.
#[expect(
    clippy::disallowed_methods,
    reason = "an expiry set by AWS is held against the machine's clock, which AWS's own client uses too"
)]
fn is_fresh(credentials: &Credentials) -> bool {
    credentials.expiry().is_some_and(|expiry| {
        expiry
            .duration_since(std::time::SystemTime::now())
            .is_ok_and(|left| left.as_secs() > FRESH)
    })
}

async fn provider(
    config: &AwsConfig,
    source: &CredentialsSource,
) -> Result<SharedCredentialsProvider, SetupError> {
    Ok(match source {
        CredentialsSource::Chain => {
            let loaded = aws_config::defaults(BehaviorVersion::latest())
                .http_client(tls::sdk_client(&config.authorities)?)
                .load()
                .await;
            match loaded.credentials_provider() {
                Some(provider) => provider,
                None => SharedCredentialsProvider::new(
                    ProfileFileCredentialsProvider::builder().build(),
                ),
            }
        }
        CredentialsSource::Profile(profile) => SharedCredentialsProvider::new(
            ProfileFileCredentialsProvider::builder()
                .profile_name(profile)
                .build(),
        ),
        CredentialsSource::File { path, profile } => SharedCredentialsProvider::new(
            ProfileFileCredentialsProvider::builder()
                .profile_files(
                    EnvConfigFiles::builder()
                        .with_file(EnvConfigFileKind::Credentials, path)
                        .build(),
                )
                .profile_name(profile)
                .build(),
        ),
    })
}
