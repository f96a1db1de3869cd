//! Roles: what a person can become in an account, and the method that gets them there.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::account::{Account, Alias, checked_text};
use super::console::Destination;
use super::iam_role::IamRoleArn;
use super::identity::IdpId;
use super::requires::Requires;
use super::template::{PolicyTemplate, Template};

checked_text!(
    /// A role's name within its account: 1–64 of `A-Z a-z 0-9 _ + = , . @ -` (the alphabet of IAM role names), but not
    /// `.` or `..`, which no link can carry.
    RoleName,
    RoleNameError,
    "a role's name is 1 to 64 of A-Z, a-z, 0-9 and _+=,.@-, and not just dots",
    |text| (1..=64).contains(&text.len())
        && text != "."
        && text != ".."
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_+=,.@-".contains(&b))
);

checked_text!(
    /// The name of an entry of Vestibule's own credentials: 1–64 of `a-z`, `0-9`, `-`, `_`.
    CredentialsName,
    CredentialsNameError,
    "the name of own credentials is 1 to 64 of a-z, 0-9, - and _",
    |text| (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
);

/// The key of a role: `account-alias/name`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RoleKey {
    /// The account's alias.
    pub account: Alias,
    /// The role's name in it.
    pub name: RoleName,
}

/// The text is no role key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a role is written account-alias/role-name")]
pub struct RoleKeyError;

impl RoleKey {
    /// Reads `alias/name`.
    pub fn parse(text: &str) -> Result<Self, RoleKeyError> {
        let (account, name) = text.split_once('/').ok_or(RoleKeyError)?;
        Ok(Self {
            account: Alias::parse(account).map_err(|_| RoleKeyError)?,
            name: RoleName::parse(name).map_err(|_| RoleKeyError)?,
        })
    }
}

impl TryFrom<String> for RoleKey {
    type Error = RoleKeyError;
    fn try_from(text: String) -> Result<Self, RoleKeyError> {
        Self::parse(&text)
    }
}

impl From<RoleKey> for String {
    fn from(key: RoleKey) -> Self {
        key.to_string()
    }
}

impl fmt::Display for RoleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.account, self.name)
    }
}

impl fmt::Debug for RoleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Who vouches for the person, for the two operations that present a proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// Vestibule itself, as an issuer that the account trusts.
    Issued,
    /// This identity provider: its own proof is used in the request that brought it.
    Forwarded(IdpId),
}

impl Proof {
    /// The word in the access model.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Forwarded(_) => "forwarded",
        }
    }
}

/// A hub role: the own credentials become it, and it becomes the person's role. Nobody ever gets its credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Via {
    /// Its ARN.
    pub role: IamRoleArn,
    /// `ExternalId`, where its trust policy asks for one.
    pub external_id: Option<String>,
}

/// The STS operation behind a role, with what that operation alone needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Method {
    /// `AssumeRoleWithSAML` with a SAML response.
    AssumeRoleWithSaml {
        /// Whose response.
        proof: Proof,
        /// The name of the IAM SAML provider in the account.
        provider: String,
    },
    /// `AssumeRoleWithWebIdentity` with an ID token.
    AssumeRoleWithWebIdentity {
        /// Whose token.
        proof: Proof,
    },
    /// `AssumeRole`, signed with own credentials.
    AssumeRole {
        /// Which own credentials.
        credentials: CredentialsName,
        /// `ExternalId`, where the trust policy asks for one.
        external_id: Option<String>,
        /// The hub role on the way, if there is one.
        via: Option<Via>,
        /// The MFA device of the calling IAM user, where the person types its code.
        mfa_serial: Option<String>,
    },
    /// `GetFederationToken`, signed with the long-term key of an IAM user of that very account.
    GetFederationToken {
        /// Which own credentials.
        credentials: CredentialsName,
        /// No session policy on purpose: the person gets only what resource policies give to `federated-user/NAME`.
        resource_policies_only: bool,
    },
    /// `GetSessionToken`, signed with the long-term key of an IAM user: it *is* that user, whole, and gives keys only.
    GetSessionToken {
        /// Which own credentials; no other role uses them.
        credentials: CredentialsName,
    },
}

impl Method {
    /// The operation's name, as AWS spells it.
    pub fn operation(&self) -> &'static str {
        match self {
            Self::AssumeRoleWithSaml { .. } => "AssumeRoleWithSAML",
            Self::AssumeRoleWithWebIdentity { .. } => "AssumeRoleWithWebIdentity",
            Self::AssumeRole { .. } => "AssumeRole",
            Self::GetFederationToken { .. } => "GetFederationToken",
            Self::GetSessionToken { .. } => "GetSessionToken",
        }
    }

    /// The own credentials that sign, if any do.
    pub fn credentials(&self) -> Option<&CredentialsName> {
        match self {
            Self::AssumeRole { credentials, .. }
            | Self::GetFederationToken { credentials, .. }
            | Self::GetSessionToken { credentials } => Some(credentials),
            Self::AssumeRoleWithSaml { .. } | Self::AssumeRoleWithWebIdentity { .. } => None,
        }
    }

    /// Whether the signing user's own account is the only one that the method reaches.
    pub fn is_of_a_user(&self) -> bool {
        matches!(
            self,
            Self::GetFederationToken { .. } | Self::GetSessionToken { .. }
        )
    }

    /// Who vouches for the person, if the method presents a proof.
    pub fn proof(&self) -> Option<&Proof> {
        match self {
            Self::AssumeRoleWithSaml { proof, .. } | Self::AssumeRoleWithWebIdentity { proof } => {
                Some(proof)
            }
            Self::AssumeRole { .. }
            | Self::GetFederationToken { .. }
            | Self::GetSessionToken { .. } => None,
        }
    }

    /// The provider whose fresh proof the method needs in the very request, if it forwards one.
    pub fn forwards(&self) -> Option<&IdpId> {
        match self.proof() {
            Some(Proof::Forwarded(idp)) => Some(idp),
            Some(Proof::Issued) | None => None,
        }
    }

    /// Whether no console comes of it: AWS's sign-in takes no credentials of `GetSessionToken`.
    pub fn is_keys_only(&self) -> bool {
        matches!(self, Self::GetSessionToken { .. })
    }

    /// The hub role on the way.
    pub fn via(&self) -> Option<&Via> {
        match self {
            Self::AssumeRole { via, .. } => via.as_ref(),
            _ => None,
        }
    }

    /// The MFA device whose code the person types.
    pub fn mfa_serial(&self) -> Option<&str> {
        match self {
            Self::AssumeRole { mfa_serial, .. } => mfa_serial.as_deref(),
            _ => None,
        }
    }

    /// Whether Vestibule itself vouches for the person.
    pub fn is_issued(&self) -> bool {
        self.proof() == Some(&Proof::Issued)
    }
}

/// A role of the access model, checked.
#[derive(Debug, Clone)]
pub struct Role {
    /// Its key.
    pub key: RoleKey,
    /// Its account.
    pub account: std::sync::Arc<Account>,
    /// The IAM path, `/` or `/…/`.
    pub path: String,
    /// What it is for, in a sentence.
    pub description: String,
    /// How to become it.
    pub method: Method,
    /// How long a console should last, in seconds: 900–43,200 (up to 129,600 for `GetFederationToken`, and for the keys
    /// of `GetSessionToken`).
    pub console_seconds: u32,
    /// Where its console opens, when the link does not say.
    pub destination: Option<Destination>,
    /// Session tags: key → value, filled in from the identity.
    pub tags: Vec<(String, Template)>,
    /// Keys among `tags` that follow the person through role chains.
    pub transitive_tags: Vec<String>,
    /// Set `SourceIdentity` to the person.
    pub source_identity: bool,
    /// An inline session policy, as JSON text with placeholders.
    pub session_policy: Option<PolicyTemplate>,
    /// Managed policies put on the session, by ARN.
    pub managed_policies: Vec<String>,
    /// Shown, with whom to ask, to people who do not hold it.
    pub discoverable: bool,
    /// What it asks of the login itself.
    pub requires: Requires,
}

impl Role {
    /// What it asks of the person before it opens, to stand after "asks for"; `None` for nothing.
    pub fn asks_in_words(&self) -> Option<String> {
        let reason = self.requires.reason.then(|| "a reason".to_owned());
        let code = self.method.mfa_serial();
        let code = code.map(|_| "the code of an AWS MFA device".to_owned());
        let all = [reason, self.requires.login_in_words(), code];
        let mut all: Vec<String> = all.into_iter().flatten().collect();
        let last = all.pop()?;
        Some(if all.is_empty() {
            last
        } else {
            format!("{} and {last}", all.join(", "))
        })
    }

    /// The ARN of the account's IAM SAML provider, for the method that names one.
    pub fn saml_provider_arn(&self) -> Option<String> {
        let Method::AssumeRoleWithSaml { provider, .. } = &self.method else {
            return None;
        };
        let (partition, account) = (&self.account.partition, &self.account.id);
        Some(format!(
            "arn:{partition}:iam::{account}:saml-provider/{provider}"
        ))
    }

    /// The IAM role's ARN.
    pub fn arn(&self) -> String {
        format!(
            "arn:{}:iam::{}:role{}{}",
            self.account.partition, self.account.id, self.path, self.key.name
        )
    }

    /// Whether credentials made for this role are just what they would be for the other one.
    pub fn same_power_as(&self, other: &Self) -> bool {
        self.arn() == other.arn()
            && self.method == other.method
            && self.session_policy == other.session_policy
            && self.managed_policies == other.managed_policies
            && self.tags == other.tags
            && self.transitive_tags == other.transitive_tags
            && self.source_identity == other.source_identity
    }
}
