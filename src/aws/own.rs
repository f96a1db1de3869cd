//! Vestibule's own ways to call AWS: named entries of the configuration.
//!
//! What they *are* decides how long a console can last: an IAM user's long-term key is free of the one-hour cap, any
//! role's credentials are not (IAM User Guide, role chaining). So their kind is told before a call is made.

use std::collections::HashMap;
use std::sync::Arc;

use aws_config::BehaviorVersion;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use tokio::sync::Mutex;

use super::{Error, SetupError, tls};
use crate::config::{AwsConfig, CredentialsConfig, CredentialsSource};
use crate::domain::credentials::CredentialsKind;
use crate::domain::role::CredentialsName;

/// Credentials are fetched again when they have less than this left, in seconds.
const FRESH: u64 = 300;

/// All entries.
#[derive(Debug, Clone)]
pub struct OwnCredentials(Arc<HashMap<CredentialsName, Entry>>);

#[derive(Debug)]
struct Entry {
    provider: SharedCredentialsProvider,
    kept: Mutex<Option<Credentials>>,
}

impl OwnCredentials {
    /// Sets the entries up; nothing is fetched yet.
    pub async fn new(
        config: &AwsConfig,
        entries: &[CredentialsConfig],
    ) -> Result<Self, SetupError> {
        let mut own = HashMap::new();
        for entry in entries {
            let provider = provider(config, &entry.source).await?;
            own.insert(
                entry.name.clone(),
                Entry {
                    provider,
                    kept: Mutex::new(None),
                },
            );
        }
        Ok(Self(Arc::new(own)))
    }

    /// The credentials of an entry, fetched when the kept ones run out.
    pub async fn get(&self, name: &CredentialsName) -> Result<Credentials, Error> {
        let unavailable = || Error::OwnCredentials {
            name: name.to_string(),
        };
        let entry = self.0.get(name).ok_or_else(unavailable)?;
        let mut kept = entry.kept.lock().await;
        if let Some(credentials) = kept.as_ref().filter(|credentials| is_fresh(credentials)) {
            return Ok(credentials.clone());
        }
        let credentials = entry
            .provider
            .provide_credentials()
            .await
            .map_err(|_| unavailable())?;
        *kept = Some(credentials.clone());
        Ok(credentials)
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
