//! Roles, users and long-term keys as the registry holds them.
//!
//! Plain data with builders; who may become whom is decided in `trust`.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};

use super::{Account, seeded};
use crate::aws::mfa::MfaDevice;
use crate::aws::policy::Policy;

/// An IAM role.
#[derive(Clone, Debug)]
pub struct Role {
    /// Its path, `/` or `/team/`.
    pub path: String,
    /// Its name.
    pub name: String,
    /// Its unique id, `AROA…`.
    pub id: String,
    /// What it is for.
    pub description: Option<String>,
    /// `MaxSessionDuration`, in seconds.
    pub max_session_duration: u32,
    /// Who may assume it.
    pub trust: Policy,
    /// Its inline policies, by name.
    pub policies: BTreeMap<String, Policy>,
    /// ARNs of its managed policies.
    pub attached: Vec<String>,
    /// Its permissions boundary.
    pub boundary: Option<Policy>,
    /// The ARN of the managed policy that its boundary is, when it is one.
    pub boundary_arn: Option<String>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// When it was made.
    pub created: DateTime<Utc>,
}

impl Role {
    /// A role without permissions, with sessions of at most an hour. The id follows from the name.
    pub fn new(name: &str, trust: Policy) -> Self {
        Self {
            path: "/".to_owned(),
            name: name.to_owned(),
            id: stable_id("AROA", name),
            description: None,
            max_session_duration: 3600,
            trust,
            policies: BTreeMap::new(),
            attached: Vec::new(),
            boundary: None,
            boundary_arn: None,
            tags: BTreeMap::new(),
            created: seeded(),
        }
    }

    /// Puts it under a path such as `/team/`.
    #[must_use]
    pub fn with_path(mut self, path: &str) -> Self {
        path.clone_into(&mut self.path);
        self
    }

    /// Gives it a unique id of its own.
    #[must_use]
    pub fn with_id(mut self, id: &str) -> Self {
        id.clone_into(&mut self.id);
        self
    }

    /// Sets `MaxSessionDuration`.
    #[must_use]
    pub fn with_max_session_duration(mut self, seconds: u32) -> Self {
        self.max_session_duration = seconds;
        self
    }

    /// Adds or replaces an inline policy.
    #[must_use]
    pub fn with_policy(mut self, name: &str, policy: Policy) -> Self {
        self.policies.insert(name.to_owned(), policy);
        self
    }

    /// Attaches a managed policy.
    #[must_use]
    pub fn with_attached(mut self, arn: &str) -> Self {
        self.attached.push(arn.to_owned());
        self
    }

    /// Sets its permissions boundary.
    #[must_use]
    pub fn with_boundary(mut self, policy: Policy) -> Self {
        self.boundary = Some(policy);
        self
    }

    /// Its ARN, with its path.
    pub fn arn(&self, account: &Account) -> String {
        account.arn("iam", &format!("role{}{}", self.path, self.name))
    }
}

/// An IAM user.
#[derive(Clone, Debug)]
pub struct User {
    /// Its path.
    pub path: String,
    /// Its name.
    pub name: String,
    /// Its unique id, `AIDA…`.
    pub id: String,
    /// Its long-term keys.
    pub access_keys: Vec<AccessKey>,
    /// Its inline policies, by name.
    pub policies: BTreeMap<String, Policy>,
    /// ARNs of its managed policies.
    pub attached: Vec<String>,
    /// Its permissions boundary.
    pub boundary: Option<Policy>,
    /// The ARN of the managed policy that its boundary is, when it is one.
    pub boundary_arn: Option<String>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// Its virtual MFA device.
    pub mfa: Option<MfaDevice>,
}

impl User {
    /// A user without keys or permissions. The id follows from the name.
    pub fn new(name: &str) -> Self {
        Self {
            path: "/".to_owned(),
            name: name.to_owned(),
            id: stable_id("AIDA", name),
            access_keys: Vec::new(),
            policies: BTreeMap::new(),
            attached: Vec::new(),
            boundary: None,
            boundary_arn: None,
            tags: BTreeMap::new(),
            created: seeded(),
            mfa: None,
        }
    }

    /// Adds a long-term key.
    #[must_use]
    pub fn with_key(mut self, key: AccessKey) -> Self {
        self.access_keys.push(key);
        self
    }

    /// Adds or replaces an inline policy.
    #[must_use]
    pub fn with_policy(mut self, name: &str, policy: Policy) -> Self {
        self.policies.insert(name.to_owned(), policy);
        self
    }

    /// Attaches a managed policy.
    #[must_use]
    pub fn with_attached(mut self, arn: &str) -> Self {
        self.attached.push(arn.to_owned());
        self
    }

    /// Its ARN, with its path.
    pub fn arn(&self, account: &Account) -> String {
        account.arn("iam", &format!("user{}{}", self.path, self.name))
    }
}

/// A long-term key.
#[derive(Clone)]
pub struct AccessKey {
    /// `AKIA…`.
    pub id: String,
    /// The secret, 40 characters.
    pub secret: String,
    /// Whether it may be used.
    pub active: bool,
    /// When it was made.
    pub created: DateTime<Utc>,
}

impl AccessKey {
    /// An active key.
    pub fn new(id: &str, secret: &str) -> Self {
        Self {
            id: id.to_owned(),
            secret: secret.to_owned(),
            active: true,
            created: seeded(),
        }
    }
}

impl fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessKey")
            .field("id", &self.id)
            .field("active", &self.active)
            .finish_non_exhaustive()
    }
}

/// Whom a long-term key belongs to.
#[derive(Clone, Copy, Debug)]
pub enum Owner<'a> {
    /// The account's root user.
    Root,
    /// An IAM user.
    User(&'a User),
}

/// An id of AWS's shape that is the same in every run.
pub(super) fn stable_id(prefix: &str, name: &str) -> String {
    use aws_lc_rs::digest;
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let hash = digest::digest(&digest::SHA256, name.as_bytes());
    let letters = hash.as_ref().iter().take(17);
    let letters = letters.map(|byte| char::from(ALPHABET[usize::from(byte & 31)]));
    prefix.chars().chain(letters).collect()
}
