//! What an account can be made to have.

use super::facts::{Signer, SignerKind};
use super::policy::Policy;

/// One thing of an account's IAM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resource {
    /// A SAML provider.
    SamlProvider(SamlProvider),
    /// An `OpenID` Connect provider.
    OidcProvider(OidcProvider),
    /// A user.
    User(User),
    /// A role.
    Role(Role),
    /// A policy that stands on its holder.
    Inline(HeldPolicy),
    /// A policy that is attached to its holder.
    Managed(HeldPolicy),
}

/// A SAML provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SamlProvider {
    /// Its name.
    pub name: String,
    /// Its metadata.
    pub metadata: String,
}

/// An `OpenID` Connect provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcProvider {
    /// Its URL.
    pub url: String,
    /// The URL without its scheme.
    pub key: String,
    /// The audiences that it takes.
    pub client_ids: Vec<String>,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its name.
    pub name: String,
    /// Its path.
    pub path: String,
    /// Managed policies attached to it.
    pub attached: Vec<String>,
}

/// A role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// Its path.
    pub path: String,
    /// What it is for.
    pub description: String,
    /// The longest session of its credentials, in seconds.
    pub max_session_seconds: u32,
    /// Whom it trusts.
    pub trust: Policy,
}

/// A policy of somebody's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldPolicy {
    /// Whose.
    pub holder: Holder,
    /// Its name.
    pub name: String,
    /// What it allows.
    pub policy: Policy,
}

/// Whose policy it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// A user or a role.
    pub kind: SignerKind,
    /// Its name.
    pub name: String,
}

impl From<&Signer> for Holder {
    fn from(signer: &Signer) -> Self {
        Self {
            kind: signer.kind,
            name: signer.name.clone(),
        }
    }
}

impl Holder {
    /// Whether it is that thing.
    fn is(&self, resource: &Resource) -> bool {
        match (self.kind, resource) {
            (SignerKind::User, Resource::User(user)) => user.name == self.name,
            (SignerKind::Role, Resource::Role(role)) => role.name == self.name,
            _ => false,
        }
    }
}

impl Resource {
    /// What its ARN ends in, if it has one.
    pub fn arn_end(&self) -> Option<String> {
        match self {
            Self::SamlProvider(provider) => Some(format!("saml-provider/{}", provider.name)),
            Self::OidcProvider(provider) => Some(format!("oidc-provider/{}", provider.key)),
            Self::User(user) => Some(format!("user{}{}", user.path, user.name)),
            Self::Role(role) => Some(format!("role{}{}", role.path, role.name)),
            Self::Managed(policy) => Some(format!("policy/{}", policy.name)),
            Self::Inline(_) => None,
        }
    }

    /// What it is, in a word or two, and its name: for templates' own names of things.
    pub fn label(&self) -> (&'static str, &str) {
        match self {
            Self::SamlProvider(provider) => ("saml provider", &provider.name),
            Self::OidcProvider(provider) => ("oidc provider", &provider.key),
            Self::User(user) => ("user", &user.name),
            Self::Role(role) => ("role", &role.name),
            Self::Inline(policy) => match policy.holder.kind {
                SignerKind::User => ("policy of user", &policy.holder.name),
                SignerKind::Role => ("policy of role", &policy.holder.name),
            },
            Self::Managed(policy) => ("policy", &policy.name),
        }
    }

    /// Whether `other` has to be there before this can be made: whom a trust policy names, and whose policy it is.
    pub fn needs(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Role(role), Self::SamlProvider(_) | Self::OidcProvider(_) | Self::User(_)) => {
                other.arn_end().is_some_and(|end| role.trust.names(&end))
            }
            (Self::Inline(policy) | Self::Managed(policy), _) => policy.holder.is(other),
            _ => false,
        }
    }
}
