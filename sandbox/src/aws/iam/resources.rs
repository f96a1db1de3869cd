//! Identity providers, managed policies and buckets as the registry holds them.
//!
//! A provider keeps what an administrator registered, unread: the metadata document is parsed and
//! the issuer's keys are fetched when a request needs them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::principals::stable_id;
use super::seeded;
use crate::aws::policy::Policy;

/// An IAM SAML provider.
#[derive(Clone, Debug)]
pub struct SamlProvider {
    /// Its name.
    pub name: String,
    /// The registered metadata document; it may hold several certificates.
    pub metadata: String,
    /// Its unique id, `SAMLSP…`.
    pub uuid: String,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// When the metadata says that it ends, if it does.
    pub valid_until: Option<DateTime<Utc>>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
}

impl SamlProvider {
    /// A provider with this metadata document.
    pub fn new(name: &str, metadata: &str) -> Self {
        Self {
            name: name.to_owned(),
            metadata: metadata.to_owned(),
            uuid: stable_id("SAMLSP", name),
            created: seeded(),
            valid_until: None,
            tags: BTreeMap::new(),
        }
    }
}

/// An IAM OpenID Connect provider.
#[derive(Clone, Debug)]
pub struct OidcProvider {
    /// The issuer's URL, exactly as it stands in `iss`.
    pub url: String,
    /// The audiences it accepts.
    pub client_ids: Vec<String>,
    /// SHA-1 hashes of certificates, in hexadecimal, as they were registered.
    pub thumbprints: Vec<String>,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
}

impl OidcProvider {
    /// A provider for this issuer and these audiences.
    pub fn new(url: &str, client_ids: &[&str]) -> Self {
        let client_ids = client_ids.iter().map(|id| (*id).to_owned()).collect();
        Self {
            url: url.to_owned(),
            client_ids,
            thumbprints: Vec::new(),
            created: seeded(),
            tags: BTreeMap::new(),
        }
    }

    /// What stands in ARNs and condition keys: the URL without its scheme.
    pub fn key(&self) -> &str {
        self.url
            .split_once("://")
            .map_or(self.url.as_str(), |(_, rest)| rest)
    }
}

/// A managed policy of an account's own.
#[derive(Clone, Debug)]
pub struct ManagedPolicy {
    /// Its only version.
    pub policy: Policy,
    /// What it is for.
    pub description: Option<String>,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// Its unique id, `ANPA…`.
    pub id: String,
}

impl ManagedPolicy {
    /// A managed policy; the id follows from the ARN.
    pub fn new(arn: &str, policy: Policy) -> Self {
        Self {
            policy,
            description: None,
            created: seeded(),
            id: stable_id("ANPA", arn),
        }
    }
}

/// A bucket with an optional resource policy.
#[derive(Clone, Debug)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// Its policy.
    pub policy: Option<Policy>,
}

impl Bucket {
    /// A bucket with this policy.
    pub fn new(name: &str, policy: Option<Policy>) -> Self {
        Self {
            name: name.to_owned(),
            policy,
        }
    }
}
