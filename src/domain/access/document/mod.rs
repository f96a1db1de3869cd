//! The access model as people write it: TOML for files and version control, JSON of the same structure in the
//! database.
//!
//! Owns the shape alone: which keys there are and of which kind. Whether what they say makes sense is for `check`.
//! Unknown keys are errors, and texts over [`LONGEST_DOCUMENT`] are not read.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

/// The most bytes of a document.
const LONGEST_DOCUMENT: usize = 64 * 1024 * 1024;

/// An access model as written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Document {
    /// AWS accounts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<AccountEntry>,
    /// What people can become there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<RoleEntry>,
    /// Named session policies to hold less.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<ScopeEntry>,
    /// Who gets what.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleEntry>,
}

/// `[[accounts]]`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AccountEntry {
    /// Its 12 digits.
    pub id: String,
    /// Its name in links.
    pub alias: String,
    /// Names that it had in links before: links with them lead on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub former_aliases: Vec<String>,
    /// Its name for people.
    pub name: String,
    /// `production`, `staging`, `development` or `sandbox`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// Where it lives; `aws` if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition: Option<String>,
    /// Whom to ask about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Free labels, for rules.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// The role by which Vestibule ends sessions there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoker: Option<RevokerEntry>,
}

/// `revoker = { … }` of an account.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RevokerEntry {
    /// The IAM role's name.
    pub role: String,
    /// The IAM role's path, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The STS operation; where it presents a proof, the proof is Vestibule's own.
    pub method: String,
    /// The IAM SAML or OIDC provider's name in the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Which own credentials sign the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credentials: Option<String>,
    /// `ExternalId`, where the trust policy asks for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// The hub role to go through.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub via: Option<ViaEntry>,
}

/// `[[roles]]`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RoleEntry {
    /// The account's alias.
    pub account: String,
    /// The IAM role's name, or the name of what a federated user may do.
    pub name: String,
    /// The IAM role's path, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// What it is for, in a sentence.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The STS operation.
    pub method: String,
    /// `issued` or `forwarded`, for the two methods that present one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
    /// Whose proof is forwarded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idp: Option<String>,
    /// The IAM SAML or OIDC provider's name in the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Which own credentials sign the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credentials: Option<String>,
    /// `ExternalId`, where the trust policy asks for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// The hub role to go through.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub via: Option<ViaEntry>,
    /// The MFA device of the calling IAM user, whose code the person types.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mfa_serial: Option<String>,
    /// No session policy on purpose (`GetFederationToken`).
    #[serde(skip_serializing_if = "is_false")]
    pub resource_policies_only: bool,
    /// How long a console should last, in hours; 12 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub console_hours: Option<u32>,
    /// Where its console opens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination: Option<String>,
    /// Session tags.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    /// Keys among `tags` that follow the person through role chains.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub transitive_tags: Vec<String>,
    /// Set `SourceIdentity` to the person.
    #[serde(skip_serializing_if = "is_false")]
    pub source_identity: bool,
    /// An inline session policy, as JSON text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_policy: Option<String>,
    /// Managed policies put on the session, by ARN.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub managed_policies: Vec<String>,
    /// Shown, with whom to ask, to people who do not hold it.
    #[serde(skip_serializing_if = "is_false")]
    pub discoverable: bool,
    /// What a person must do first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requires: Option<RequiresEntry>,
}

/// `via = { … }` of a role.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ViaEntry {
    /// The hub role's ARN.
    pub role_arn: String,
    /// `ExternalId`, where its trust policy asks for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
}

/// `requires = { … }` of a role.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RequiresEntry {
    /// A reason must be given.
    #[serde(skip_serializing_if = "is_false")]
    pub reason: bool,
    /// The login must be this young.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login_within_minutes: Option<u32>,
    /// The login must have been of one of these kinds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acr: Option<Vec<String>>,
}

/// `[[scopes]]`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ScopeEntry {
    /// Its name in links.
    pub name: String,
    /// What it leaves, in a sentence.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// An inline session policy, as JSON text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_policy: Option<String>,
    /// Managed policies put on the session, by ARN.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub managed_policies: Vec<String>,
}

/// `[[rules]]`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RuleEntry {
    /// Its name.
    pub name: String,
    /// Conditions that must all hold.
    pub when: Vec<ConditionEntry>,
    /// What it gives.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub grant: Vec<String>,
    /// What it takes away, whatever else gives it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub deny: Vec<String>,
    /// From when on it counts.
    #[serde(
        skip_serializing_if = "Option::is_none",
        deserialize_with = "read_moment"
    )]
    pub from: Option<String>,
    /// Until when it counts; a bare date counts to its end.
    #[serde(
        skip_serializing_if = "Option::is_none",
        deserialize_with = "read_moment"
    )]
    pub until: Option<String>,
}

/// One condition: `idp`, or `attribute` and one operator, or `not`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConditionEntry {
    /// The identity provider is this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idp: Option<String>,
    /// Which attribute the operator looks at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// One of its values is this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is: Option<String>,
    /// One of its values is one of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_one_of: Option<Vec<String>>,
    /// One of its values begins with this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starts_with: Option<String>,
    /// One of its values matches this regular expression.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matches: Option<String>,
    /// It has a value at all (`true`), or none (`false`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub present: Option<bool>,
    /// The condition inside does not hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not: Option<Box<ConditionEntry>>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
fn is_false(value: &bool) -> bool {
    !*value
}

/// A date or a moment, as a text or in TOML's own notation; kept as text.
fn read_moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Moment {
        Text(String),
        Toml(toml::value::Datetime),
    }
    Option::<Moment>::deserialize(deserializer).map(|moment| {
        moment.map(|moment| match moment {
            Moment::Text(text) => text,
            Moment::Toml(datetime) => datetime.to_string(),
        })
    })
}

/// Why a text is no document.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// Too many bytes.
    #[error("an access model has at most 64 MiB")]
    TooLong,
    /// Not TOML, or with keys that an access model does not have.
    #[error("the access model cannot be read: {0}")]
    Toml(#[source] Box<toml::de::Error>),
    /// Not JSON, or with keys that an access model does not have.
    #[error("the stored access model cannot be read: {0}")]
    Json(#[source] serde_json::Error),
}

impl Document {
    /// Reads what people write.
    pub fn from_toml(text: &str) -> Result<Self, DocumentError> {
        if text.len() > LONGEST_DOCUMENT {
            return Err(DocumentError::TooLong);
        }
        toml::from_str(text).map_err(|error| DocumentError::Toml(Box::new(error)))
    }

    /// Reads what the database keeps.
    pub fn from_json(text: &str) -> Result<Self, DocumentError> {
        if text.len() > LONGEST_DOCUMENT {
            return Err(DocumentError::TooLong);
        }
        serde_json::from_str(text).map_err(DocumentError::Json)
    }

    /// What the database keeps.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("texts, numbers and lists always have a JSON form")
    }

    /// What people read: TOML, in the order of the document.
    pub fn to_toml(&self) -> String {
        super::export::to_toml(self)
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
