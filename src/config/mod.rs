//! The configuration, checked: what the rest of the program may rely on.
//!
//! One TOML file, secrets by file. `raw` mirrors the file, `check` turns it into these types and reports every
//! problem at once, with its key path. Nothing downstream validates again.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use secrecy::SecretString;
use url::Url;

use crate::domain::identity::IdpId;

/// An identity provider of the configuration.
#[derive(Debug, Clone)]
pub struct IdentityProvider {
    /// Its name in URLs, in the access model and in the audit log.
    pub id: IdpId,
    /// Its name for people.
    pub name: String,
    /// Mail domains whose addresses name one person only, so that they may stand as session names unchanged.
    pub unique_email_domains: Vec<String>,
    /// What it speaks.
    pub kind: IdpKind,
}

/// What an identity provider speaks.
#[derive(Debug, Clone)]
pub enum IdpKind {
    /// SAML 2.0.
    Saml(SamlConfig),
    /// OpenID Connect.
    Oidc(OidcConfig),
}

/// A SAML identity provider.
#[derive(Debug, Clone)]
pub struct SamlConfig {
    /// The contents of `metadata_file`.
    pub metadata: String,
    /// Our entity id towards it; default `{public_url}/saml/{id}/metadata`.
    pub entity_id: String,
    /// Our assertion consumer service: `{public_url}/saml/{id}/acs`.
    pub acs_url: Url,
    /// Further audiences to accept, for proofs that are forwarded to AWS.
    pub audiences: Vec<String>,
    /// The attribute whose first value is the person's name for readers.
    pub name_attribute: Option<String>,
    /// How far the provider's clock may be off, in seconds: 0–180, default 60.
    pub leeway_seconds: u32,
    /// How old an assertion may be at most, in seconds from its `IssueInstant`: 30–600, default 300.
    pub max_age_seconds: u32,
}

/// An OpenID Connect provider.
#[derive(Debug, Clone)]
pub struct OidcConfig {
    /// Exactly as in its discovery document and its tokens.
    pub issuer: String,
    /// Who we are there.
    pub client_id: String,
    /// Our secret there; `None` for a public client.
    pub client_secret: Option<SecretString>,
    /// What we ask for; contains `openid`.
    pub scopes: Vec<String>,
    /// `{public_url}/oidc/{id}/callback`.
    pub redirect_uri: Url,
    /// Accepted signature algorithms, of `RS256 RS384 RS512 ES256 ES384`.
    pub algorithms: Vec<String>,
    /// Ask the userinfo endpoint too, and take the claims that the ID token lacks from there.
    pub userinfo: bool,
    /// How far its clock may be off, in seconds: 0–60, default 60.
    pub leeway_seconds: u32,
    /// Further certificate authorities (DER) for its https endpoints, beside the public ones.
    pub authorities: Vec<Vec<u8>>,
}
