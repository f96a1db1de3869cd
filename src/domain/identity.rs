//! Who somebody is: what an identity provider proved, kept byte for byte.
//!
//! A person is (idp, subject format, subject), compared exactly: no two providers, formats or
//! spellings are ever folded into one person (NIST SP 800-63C, OpenID Connect Core §5.7).

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// The configured name of an identity provider: 1–32 of `a-z`, `0-9`, `-`, beginning with a letter or digit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IdpId(String);

/// The text is no identity-provider id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an identity provider's id is 1 to 32 of a-z, 0-9 and -, beginning with a letter or digit")]
pub struct IdpIdError;

impl IdpId {
    /// Reads an id.
    pub fn parse(text: &str) -> Result<Self, IdpIdError> {
        let fits = (1..=32).contains(&text.len())
            && !text.starts_with('-')
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        fits.then(|| Self(text.to_owned())).ok_or(IdpIdError)
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for IdpId {
    type Error = IdpIdError;
    fn try_from(text: String) -> Result<Self, IdpIdError> {
        Self::parse(&text)
    }
}

impl From<IdpId> for String {
    fn from(id: IdpId) -> Self {
        id.0
    }
}

impl fmt::Display for IdpId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for IdpId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// What an identity provider speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// SAML 2.0.
    Saml,
    /// OpenID Connect.
    Oidc,
}

impl Protocol {
    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Saml => "SAML",
            Self::Oidc => "OpenID Connect",
        }
    }
}

/// The `format` of an OpenID Connect subject.
pub const OIDC_SUBJECT_FORMAT: &str = "sub";

/// Whom the provider means: a SAML `NameID` with its format, or an OpenID Connect `sub`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Subject {
    /// The `NameID`'s `Format` URI as sent (empty when absent), or [`OIDC_SUBJECT_FORMAT`].
    pub format: String,
    /// The value, byte for byte.
    pub value: String,
}

/// The person's attributes: name → values, in the order sent. Values are never trimmed, split or folded.
pub type Attributes = BTreeMap<String, Vec<String>>;

/// What the provider said about the act of authenticating.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Authentication {
    /// When the person proved who they are (`AuthnInstant`, `auth_time`), if said.
    pub at: Option<Timestamp>,
    /// How: `AuthnContextClassRef` values, or `acr` and `amr`. For readers; roles ask for the class.
    pub context: Vec<String>,
    /// The one class that all of it has (`AuthnContextClassRef`, `acr`), if the provider said one.
    #[serde(default)]
    pub class: Option<String>,
    /// When the provider wants sessions built on this to end (`SessionNotOnOrAfter`).
    pub session_ends: Option<Timestamp>,
}

/// What an identity provider proved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Who proved it.
    pub idp: IdpId,
    /// Whom.
    pub subject: Subject,
    /// A name for people to read; never used to decide anything.
    pub display_name: String,
    /// An e-mail address that the provider vouches for (`email_verified`), or a `NameID` of the format
    /// `emailAddress`.
    pub verified_email: Option<String>,
    /// The attributes that rules look at.
    pub attributes: Attributes,
    /// How and when.
    pub authentication: Authentication,
    /// Something the provider could not say, for the portal to tell the person (for example that the
    /// groups were too many to send).
    pub notice: Option<IdentityNotice>,
}

/// What a provider left out, named so that nobody silently loses roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityNotice {
    /// The provider has more groups for the person than it puts into a token (Entra's group overage:
    /// `_claim_names` or `hasgroups`), and sent none.
    GroupOverage,
}

impl Identity {
    /// The values of one attribute; none if it was not sent.
    pub fn values(&self, attribute: &str) -> &[String] {
        self.attributes.get(attribute).map_or(&[], Vec::as_slice)
    }
}
