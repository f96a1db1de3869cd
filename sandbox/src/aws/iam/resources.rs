//! Identity providers and buckets as the registry holds them.
//!
//! A provider keeps what an administrator registered, unread: the metadata document is parsed and
//! the issuer's keys are fetched when a request needs them.

use crate::aws::policy::Policy;

/// An IAM SAML provider.
#[derive(Clone, Debug)]
pub struct SamlProvider {
    /// Its name.
    pub name: String,
    /// The registered metadata document; it may hold several certificates.
    pub metadata: String,
}

impl SamlProvider {
    /// A provider with this metadata document.
    pub fn new(name: &str, metadata: &str) -> Self {
        Self {
            name: name.to_owned(),
            metadata: metadata.to_owned(),
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
}

impl OidcProvider {
    /// A provider for this issuer and these audiences.
    pub fn new(url: &str, client_ids: &[&str]) -> Self {
        let client_ids = client_ids.iter().map(|id| (*id).to_owned()).collect();
        Self {
            url: url.to_owned(),
            client_ids,
        }
    }

    /// What stands in ARNs and condition keys: the URL without its scheme.
    pub fn key(&self) -> &str {
        self.url
            .split_once("://")
            .map_or(self.url.as_str(), |(_, rest)| rest)
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
