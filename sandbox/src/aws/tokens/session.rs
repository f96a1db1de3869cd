//! What a set of temporary credentials is: whose, made how, until when, carrying what.
//!
//! Written by the STS operations, sealed into the session token, and read by everything that
//! meets the credentials again. The serialised names are short because the token's size counts.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::aws::partition::Partition;
use crate::aws::policy::Caller;

/// The state behind one set of temporary credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Whose session it is.
    #[serde(rename = "k")]
    pub principal: Principal,
    /// Which call made it.
    #[serde(rename = "m")]
    pub made: Made,
    /// The partition; credentials never leave it.
    #[serde(rename = "p")]
    pub partition: Partition,
    /// The account it acts in.
    #[serde(rename = "a")]
    pub account: String,
    /// When it was made: `aws:TokenIssueTime`.
    #[serde(rename = "i", with = "chrono::serde::ts_seconds")]
    pub issued: DateTime<Utc>,
    /// When it ends.
    #[serde(rename = "e", with = "chrono::serde::ts_seconds")]
    pub expires: DateTime<Utc>,
    /// Session tags, with their keys as they were given.
    #[serde(rename = "t", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    /// The keys among them that pass down a chain.
    #[serde(rename = "x", default, skip_serializing_if = "Vec::is_empty")]
    pub transitive_keys: Vec<String>,
    /// The source identity.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub source_identity: Option<String>,
    /// The inline session policy.
    #[serde(rename = "y", default, skip_serializing_if = "Option::is_none")]
    pub inline_policy: Option<String>,
    /// ARNs of managed session policies.
    #[serde(rename = "n", default, skip_serializing_if = "Vec::is_empty")]
    pub managed_policies: Vec<String>,
    /// Condition keys of the federation that stay with the session (`saml:sub`, …).
    #[serde(rename = "f", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub federation: BTreeMap<String, Vec<String>>,
    /// Whether MFA was given.
    #[serde(rename = "z", default, skip_serializing_if = "std::ops::Not::not")]
    pub mfa: bool,
    /// Whether the global endpoint made it.
    #[serde(rename = "g", default, skip_serializing_if = "std::ops::Not::not")]
    pub global: bool,
}

/// Whose session it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Principal {
    /// A role session.
    #[serde(rename = "r")]
    AssumedRole {
        /// The role's name.
        #[serde(rename = "n")]
        role: String,
        /// The role's path.
        #[serde(rename = "p")]
        path: String,
        /// The role's unique id; a role made anew has another, and this session is void.
        #[serde(rename = "i")]
        role_id: String,
        /// `RoleSessionName`.
        #[serde(rename = "s")]
        session_name: String,
    },
    /// A session of `GetFederationToken`.
    #[serde(rename = "f")]
    FederatedUser {
        /// `Name`.
        #[serde(rename = "n")]
        name: String,
        /// The IAM user whose key called; `None` for root.
        #[serde(rename = "u")]
        user: Option<String>,
    },
    /// A session of `GetSessionToken`: that IAM user, or root when `None`.
    #[serde(rename = "u")]
    User {
        /// The user's name.
        #[serde(rename = "u")]
        user: Option<String>,
        /// The path of the user.
        #[serde(rename = "p")]
        path: String,
        /// The user's unique id.
        #[serde(rename = "i")]
        user_id: String,
    },
}

/// Which call made a session; the federation endpoint judges by this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Made {
    /// `AssumeRole` with an IAM user's long-term key.
    #[serde(rename = "a")]
    AssumeRole,
    /// `AssumeRole` with temporary credentials: role chaining.
    #[serde(rename = "c")]
    Chained,
    /// `AssumeRoleWithSAML`.
    #[serde(rename = "s")]
    Saml,
    /// `AssumeRoleWithWebIdentity`.
    #[serde(rename = "w")]
    WebIdentity,
    /// `GetFederationToken`.
    #[serde(rename = "f")]
    FederationToken,
    /// `GetSessionToken`.
    #[serde(rename = "t")]
    SessionToken,
    /// Handed to an instance by the metadata service, by no STS call anybody saw.
    #[serde(rename = "i")]
    Instance,
}

impl Session {
    /// Whether the session ends here: role chaining caps what follows at an hour, and the
    /// federation endpoint takes no `SessionDuration` for it.
    pub fn is_chained(&self) -> bool {
        self.made == Made::Chained
    }

    /// The session's own ARN, as `GetCallerIdentity` answers it.
    pub fn arn(&self) -> String {
        let (partition, account) = (self.partition.name(), &self.account);
        match &self.principal {
            Principal::AssumedRole {
                role, session_name, ..
            } => {
                format!("arn:{partition}:sts::{account}:assumed-role/{role}/{session_name}")
            }
            Principal::FederatedUser { name, .. } => {
                format!("arn:{partition}:sts::{account}:federated-user/{name}")
            }
            Principal::User {
                user: Some(user),
                path,
                ..
            } => {
                format!("arn:{partition}:iam::{account}:user{path}{user}")
            }
            Principal::User { user: None, .. } => format!("arn:{partition}:iam::{account}:root"),
        }
    }

    /// `aws:PrincipalArn`: for a role session the role, with its path.
    pub fn principal_arn(&self) -> String {
        match &self.principal {
            Principal::AssumedRole { role, path, .. } => {
                format!(
                    "arn:{}:iam::{}:role{path}{role}",
                    self.partition.name(),
                    self.account
                )
            }
            _ => self.arn(),
        }
    }

    /// `aws:userid`, as `GetCallerIdentity` answers it.
    pub fn user_id(&self) -> String {
        match &self.principal {
            Principal::AssumedRole {
                role_id,
                session_name,
                ..
            } => {
                format!("{role_id}:{session_name}")
            }
            Principal::FederatedUser { name, .. } => format!("{}:{name}", self.account),
            Principal::User {
                user: Some(_),
                user_id,
                ..
            } => user_id.clone(),
            Principal::User { user: None, .. } => self.account.clone(),
        }
    }

    /// By which names a trust or resource policy may speak of this session.
    pub fn caller(&self) -> Caller {
        let (session_arn, principal_arn) = match &self.principal {
            Principal::AssumedRole { .. } => (Some(self.arn()), Some(self.principal_arn())),
            Principal::FederatedUser { .. } => (Some(self.arn()), None),
            Principal::User { .. } => (None, Some(self.arn())),
        };
        Caller {
            account: Some(self.account.clone()),
            session_arn,
            principal_arn,
            provider_arn: None,
        }
    }

    /// How long it lives in all.
    pub fn length(&self) -> chrono::TimeDelta {
        self.expires - self.issued
    }
}
