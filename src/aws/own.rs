//! Vestibule's own ways to call AWS: named entries of the configuration.
//!
//! What they *are* decides how long a console can last: an IAM user's long-term key is free of the one-hour cap, any
//! role's credentials are not (IAM User Guide, role chaining). So their kind is told before a call is made.

use std::collections::HashMap;
use std::error::Error as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_sdk_sts::config::Region;
use aws_sdk_sts::error::ProvideErrorMetadata;
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_sdk_sts::operation::assume_role_with_web_identity::AssumeRoleWithWebIdentityError;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::result::ConnectorError;
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared, WeakShared};

use super::error::{tame, tame_code};
use super::{Error, Hosts, SetupError, tls};
use crate::config::{AwsConfig, CredentialsConfig, CredentialsSource};
use crate::domain::credentials::CredentialsKind;
use crate::domain::role::CredentialsName;

/// Credentials are fetched again when they have less than this left, in seconds.
const FRESH: u64 = 300;

/// Where none can be fetched, the kept ones serve on while they have so much left, in seconds.
const ALIVE: u64 = 60;

/// How long fetching may take: a program, a file or AWS may be behind it, and somebody waits for the page.
const DEADLINE: Duration = Duration::from_secs(5);

/// All entries.
#[derive(Debug, Clone)]
pub struct OwnCredentials(Arc<HashMap<CredentialsName, Arc<Entry>>>);

#[derive(Debug)]
struct Entry {
    name: CredentialsName,
    source: CredentialsSource,
    region: Option<Region>,
    http: SharedHttpClient,
    kept: Mutex<Option<Credentials>>,
    flight: Mutex<Option<WeakShared<Flight>>>,
}

/// One fetching, awaited by all who came while it lasts; it ends when the last of them leaves.
type Flight = BoxFuture<'static, Result<Credentials, Error>>;

impl OwnCredentials {
    /// Sets the entries up; nothing is fetched yet.
    pub(super) fn new(
        config: &AwsConfig,
        hosts: &Hosts,
        entries: &[CredentialsConfig],
    ) -> Result<Self, SetupError> {
        let http = tls::sdk_client(&config.authorities)?;
        let entry = |about: &CredentialsConfig| {
            let entry = Entry {
                name: about.name.clone(),
                source: about.source.clone(),
                region: hosts
                    .of(&about.partition)
                    .map(|hosts| Region::new(hosts.signing_region.as_str().to_owned())),
                http: http.clone(),
                kept: Mutex::default(),
                flight: Mutex::default(),
            };
            (about.name.clone(), Arc::new(entry))
        };
        Ok(Self(Arc::new(entries.iter().map(entry).collect())))
    }

    /// The credentials of an entry, fetched when the kept ones run out.
    pub async fn get(&self, name: &CredentialsName) -> Result<Credentials, Error> {
        let entry = self.0.get(name).ok_or_else(|| unavailable(name))?;
        if let Some(fresh) = entry.kept(FRESH) {
            return Ok(fresh);
        }
        let fetched = entry.flight().await;
        fetched.or_else(|error| entry.kept(ALIVE).ok_or(error))
    }

    /// What an entry's credentials were when they were fetched last; nothing is fetched.
    pub(super) fn kind_seen(&self, name: &CredentialsName) -> CredentialsKind {
        self.0.get(name).map_or(CredentialsKind::Unknown, |entry| {
            let kept = entry.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.as_ref().map_or(CredentialsKind::Unknown, kind)
        })
    }

    /// What an entry's credentials are.
    pub async fn kind(&self, name: &CredentialsName) -> Result<CredentialsKind, Error> {
        self.get(name).await.map(|credentials| kind(&credentials))
    }

    /// Fetches what has not been fetched yet, so that pages can tell how long consoles last.
    pub(super) async fn learn(&self) {
        for name in self.0.keys() {
            // what cannot be had is logged there, and has its page at the next click
            let _ = self.get(name).await;
        }
    }
}

fn kind(credentials: &Credentials) -> CredentialsKind {
    if credentials.session_token().is_some() {
        CredentialsKind::Role
    } else {
        CredentialsKind::LongTerm
    }
}

impl Entry {
    /// The kept ones, if they live for so many seconds more.
    fn kept(&self, seconds: u64) -> Option<Credentials> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|kept| lasts(kept, seconds)).cloned()
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
        let fetched = async { self.provider().await.provide_credentials().await };
        let credentials = match tokio::time::timeout(DEADLINE, fetched).await {
            Ok(Ok(credentials)) => credentials,
            Ok(Err(error)) => return Err(self.failed(&reason(&error))),
            Err(_) => return Err(self.failed("there was no answer in time")),
        };
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(credentials.clone());
        Ok(credentials)
    }

    fn failed(&self, reason: &str) -> Error {
        tracing::error!(
            credentials.name = %self.name,
            reason,
            "own credentials cannot be had"
        );
        unavailable(&self.name)
    }

    /// A provider for one fetching: the SDK's read a profile once, and would never notice that it changed.
    async fn provider(&self) -> SharedCredentialsProvider {
        // without these the SDK has no region, takes the environment's proxies and knows no authority of ours
        let config = ProviderConfig::without_region()
            .with_region(self.region.clone())
            .with_http_client(self.http.clone());
        let profile = ProfileFileCredentialsProvider::builder().configure(&config);
        match &self.source {
            CredentialsSource::Chain => {
                let mut chain = DefaultCredentialsChain::builder().configure(config);
                chain.set_region(self.region.clone());
                SharedCredentialsProvider::new(chain.build().await)
            }
            CredentialsSource::Profile(name) => {
                SharedCredentialsProvider::new(profile.profile_name(name).build())
            }
            CredentialsSource::File {
                path,
                profile: name,
            } => {
                let files = EnvConfigFiles::builder()
                    .with_file(EnvConfigFileKind::Credentials, path)
                    .build();
                SharedCredentialsProvider::new(
                    profile.profile_files(files).profile_name(name).build(),
                )
            }
        }
    }
}

/// Why there are none, for the log. What AWS or the SDK say of profiles is quoted, tamed; what a program printed and
/// what came over the wire is not: it can be the secret itself.
fn reason(error: &CredentialsError) -> String {
    let chain = || std::iter::successors(error.source(), |&error| error.source());
    let refused = chain().find_map(|error| {
        let about = |operation, error: &dyn ProvideErrorMetadata| {
            let code = tame_code(error.code().unwrap_or_default());
            format!("{operation} was refused: {code}")
        };
        error
            .downcast_ref::<AssumeRoleError>()
            .map(|error| about("AssumeRole", error))
            .or_else(|| {
                error
                    .downcast_ref::<AssumeRoleWithWebIdentityError>()
                    .map(|error| about("AssumeRoleWithWebIdentity", error))
            })
    });
    if let Some(refused) = refused {
        return refused;
    }
    if let Some(why) = tls::distrust(error) {
        return format!("the certificate of the host that gives them is not trusted: {why}");
    }
    if chain().any(<dyn std::error::Error>::is::<ConnectorError>) {
        return "the host that gives them cannot be reached".to_owned();
    }
    match error {
        CredentialsError::CredentialsNotLoaded(_) | CredentialsError::InvalidConfiguration(_) => {
            let said: Vec<_> = chain().map(ToString::to_string).collect();
            if said.is_empty() {
                "there are none where they should be".to_owned()
            } else {
                tame(&said.join(": "), 300)
            }
        }
        CredentialsError::ProviderTimedOut(_) => "there was no answer in time".to_owned(),
        _ => "what gives them failed, or answered something else".to_owned(),
    }
}

fn unavailable(name: &CredentialsName) -> Error {
    Error::OwnCredentials {
        name: name.to_string(),
    }
}

/// Long-term keys are read again at each call; temporary ones are kept while they last.
#[expect(
    clippy::disallowed_methods,
    reason = "an expiry set by AWS is held against the machine's clock, which AWS's own client uses too"
)]
fn lasts(credentials: &Credentials, seconds: u64) -> bool {
    credentials.expiry().is_some_and(|expiry| {
        expiry
            .duration_since(std::time::SystemTime::now())
            .is_ok_and(|left| left.as_secs() > seconds)
    })
}
