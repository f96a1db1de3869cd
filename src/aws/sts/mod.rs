//! STS: a grant in, temporary credentials out, by the method of the role.
//!
//! Through the AWS SDK, which signs, retries and keeps connections; one HTTP client is shared by all. The two calls
//! that present a proof are unsigned and need no credentials at all. Every answer is held against what was asked: the
//! right role, the right name, an expiry that lies ahead.

mod answer;
mod calls;
mod hop;
mod probe;
mod revoker;
mod user;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_sts::Client;
use aws_sdk_sts::config::{BehaviorVersion, Region, SharedCredentialsProvider};
use aws_smithy_async::time::{SharedTimeSource, TimeSource};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use secrecy::SecretString;

pub use revoker::RevokerSession;

use super::{CONNECT, Error, Hosts, OwnCredentials, SetupError, tls};
use crate::clock::SharedClock;
use crate::config::AwsConfig;
use crate::domain::account::PartitionName;
use crate::domain::credentials::{
    Credentials, CredentialsKind, ForwardedProof, MfaCode, Presented,
};
use crate::domain::grant::Grant;
use crate::domain::role::{CredentialsName, Method, Proof, Role};

/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(3);

/// How long a call may take, its attempts and the pauses between them included.
const DEADLINE: Duration = Duration::from_secs(8);

/// How often a call is tried at most.
const ATTEMPTS: u32 = 3;

/// What is asked of STS beside the role itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ask {
    /// `RoleSessionName`, or the federated user's `Name`. Not sent with a SAML response, which carries it.
    pub session_name: String,
    /// `SourceIdentity`.
    pub source_identity: Option<String>,
    /// `Tags`.
    pub tags: Vec<(String, String)>,
    /// `TransitiveTagKeys`.
    pub transitive_tags: Vec<String>,
    /// `Policy`.
    pub policy: Option<String>,
    /// `PolicyArns`.
    pub policy_arns: Vec<String>,
    /// `DurationSeconds`; `None`: AWS's own default.
    pub duration_seconds: Option<u32>,
}

/// Asks STS for credentials for people.
#[derive(Debug, Clone)]
pub struct Sts {
    hosts: Hosts,
    own: OwnCredentials,
    http: SharedHttpClient,
    unsigned: Arc<HashMap<PartitionName, Client>>,
    clock: SharedClock,
}

/// Our clock, in the SDK's clothes: signatures carry the time that everything else goes by.
#[derive(Debug)]
struct OurTime(SharedClock);

impl TimeSource for OurTime {
    fn now(&self) -> std::time::SystemTime {
        self.0.now().into()
    }
}

impl Sts {
    /// Builds the clients; nothing is sent.
    pub(super) fn new(
        config: &AwsConfig,
        hosts: &Hosts,
        own: OwnCredentials,
        clock: &SharedClock,
    ) -> Result<Self, SetupError> {
        let http = tls::sdk_client(&config.authorities)?;
        let mut sts = Self {
            hosts: hosts.clone(),
            own,
            http,
            unsigned: Arc::default(),
            clock: Arc::clone(clock),
        };
        let unsigned = hosts
            .iter()
            .filter_map(|(partition, _)| Some((partition.clone(), sts.client(partition, None)?)))
            .collect();
        sts.unsigned = Arc::new(unsigned);
        Ok(sts)
    }

    /// What the own credentials behind a method are; `None` for the methods that need none.
    pub async fn own_kind(&self, method: &Method) -> Result<Option<CredentialsKind>, Error> {
        match method.credentials() {
            None => Ok(None),
            Some(name) => self.own.kind(name).await.map(Some),
        }
    }

    /// All entries of own credentials.
    pub(super) fn own(&self) -> &OwnCredentials {
        &self.own
    }

    /// The same as far as it is known without asking anybody.
    pub fn own_kind_seen(&self, method: &Method) -> Option<CredentialsKind> {
        method.credentials().map(|name| self.own.kind_seen(name))
    }

    /// Fetches own credentials that have not been fetched yet, so that what they are is known before the first click.
    pub async fn learn_own_kinds(&self) {
        self.own.learn().await;
    }

    /// Gets credentials for the person whom the grant names, by the method of its role.
    pub async fn credentials(
        &self,
        grant: &Grant,
        ask: &Ask,
        proof: Option<&Presented>,
    ) -> Result<Credentials, Error> {
        let role = grant.role();
        let proof_text = match role.method.proof() {
            Some(_) => Some(text_of(grant, proof)?),
            None => None,
        };
        let code = match proof {
            Some(Presented::Code(code)) => Some(code),
            _ => None,
        };
        let credentials = self.given(role, ask, (proof_text, code)).await?;
        answer::check(&credentials, role, ask, proof, self.clock.now())?;
        Ok(credentials)
    }

    /// The one place where a method becomes a call: with the text of a proof, or the code of a device, where it takes one.
    async fn given(
        &self,
        role: &Role,
        ask: &Ask,
        (proof, code): (Option<&SecretString>, Option<&MfaCode>),
    ) -> Result<Credentials, Error> {
        let partition = &role.account.partition;
        let text = || proof.ok_or(Error::NotConfigured("there is no proof"));
        match &role.method {
            Method::AssumeRoleWithSaml { .. } => {
                let client = self.unsigned_client(partition)?;
                calls::with_saml(client, role, text()?, ask).await
            }
            Method::AssumeRoleWithWebIdentity { .. } => {
                let client = self.unsigned_client(partition)?;
                calls::with_web_identity(client, role, text()?, ask).await
            }
            Method::AssumeRole {
                credentials,
                external_id,
                via,
                mfa_serial,
            } => {
                let device = match (mfa_serial, code) {
                    (None, _) => None,
                    (Some(serial), Some(code)) => Some((serial.as_str(), code)),
                    (Some(_), None) => return Err(Error::NotConfigured("there is no mfa code")),
                };
                let mut client = self.signed_client(partition, credentials).await?;
                if let Some(via) = via {
                    let errand = hop::through(&client, via, role, ask).await?;
                    client = self.signing_with(partition, errand.into_signer())?;
                }
                calls::assume_role(&client, role, external_id.as_deref(), ask, device).await
            }
            Method::GetFederationToken { credentials, .. } => {
                let client = self.signed_client(partition, credentials).await?;
                calls::federation_token(&client, role, ask).await
            }
            Method::GetSessionToken { credentials } => {
                if self.own.kind(credentials).await? != CredentialsKind::LongTerm {
                    return Err(user::of_a_role());
                }
                let client = self.signed_client(partition, credentials).await?;
                user::session_token(&client, role, ask).await
            }
        }
    }

    fn unsigned_client(&self, partition: &PartitionName) -> Result<&Client, Error> {
        self.unsigned
            .get(partition)
            .ok_or(Error::NotConfigured("the partition has no sts host"))
    }

    /// A client with own credentials. Cheap: it shares the HTTP client, and so the connections.
    async fn signed_client(
        &self,
        partition: &PartitionName,
        name: &CredentialsName,
    ) -> Result<Client, Error> {
        let credentials = self.own.get(name).await?;
        self.signing_with(partition, SharedCredentialsProvider::new(credentials))
    }

    fn signing_with(
        &self,
        partition: &PartitionName,
        credentials: SharedCredentialsProvider,
    ) -> Result<Client, Error> {
        self.client(partition, Some(credentials))
            .ok_or(Error::NotConfigured("the partition has no sts host"))
    }

    fn client(
        &self,
        partition: &PartitionName,
        credentials: Option<SharedCredentialsProvider>,
    ) -> Option<Client> {
        let hosts = self.hosts.of(partition)?;
        let mut config = aws_sdk_sts::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .http_client(self.http.clone())
            .region(Region::new(hosts.signing_region.as_str().to_owned()))
            .endpoint_url(&hosts.sts_url)
            .time_source(SharedTimeSource::new(OurTime(Arc::clone(&self.clock))))
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(CONNECT)
                    .operation_attempt_timeout(ATTEMPT)
                    .operation_timeout(DEADLINE)
                    .build(),
            );
        config.set_credentials_provider(credentials);
        Some(Client::from_conf(config.build()))
    }

    /// Opens a connection and leaves it in the pool, by a question that STS answers with a refusal.
    pub async fn keep_warm(&self, partition: &PartitionName) {
        if let Some(client) = self.unsigned.get(partition) {
            calls::touch(client).await;
        }
    }
}

/// What the method presents, if the proof is the one that the role asks for: of that kind, and made for this grant.
fn text_of<'p>(grant: &Grant, proof: Option<&'p Presented>) -> Result<&'p SecretString, Error> {
    let method = &grant.role().method;
    let saml = matches!(method, Method::AssumeRoleWithSaml { .. });
    let text =
        match (method.proof(), proof) {
            (Some(Proof::Issued), Some(Presented::Issued(issued))) => issued.text_for(grant),
            (
                Some(Proof::Forwarded(_)),
                Some(Presented::Forwarded(ForwardedProof::Saml(response))),
            ) if saml => Some(&response.response),
            (
                Some(Proof::Forwarded(_)),
                Some(Presented::Forwarded(ForwardedProof::IdToken(token))),
            ) if !saml => Some(token),
            _ => None,
        };
    text.ok_or(Error::NotConfigured("the proof is of another kind"))
}
