//! One hand-over, as the audit log has it, and where the sessions that it gave can be cut off.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::LINK;
use super::order::Holder;
use super::sentence::Gap;
use crate::domain::Timestamp;
use crate::domain::access::{Model, OwnCredentials};
use crate::domain::account::Account;
use crate::domain::role::{CredentialsName, RoleKey, RoleName};

/// The longest session of a role, and of what an IAM user's key gives; it may begin when a link is redeemed at the last
/// moment.
pub(super) const LONGEST_OF_A_ROLE: TimeDelta = TimeDelta::hours(12);
pub(super) const LONGEST_OF_A_USER: TimeDelta = TimeDelta::hours(36);

const FEDERATION: &str = "GetFederationToken";
const SESSION: &str = "GetSessionToken";

/// The own credentials of the configuration.
pub type Configured = BTreeMap<CredentialsName, OwnCredentials>;

/// One hand-over, as the audit log has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// The account's id.
    pub account: String,
    /// The role's key, as it was then.
    pub role: String,
    /// The STS operation.
    pub method: String,
    /// The session's name.
    pub session_name: Option<String>,
    /// Its source identity.
    pub source_identity: Option<String>,
    /// The revision of the access model that decided.
    pub revision: Option<i64>,
    /// The own credentials whose user issued it, where that revision says so, and it is not today's.
    pub credentials: Option<CredentialsName>,
    /// When.
    pub at: Timestamp,
}

impl Handover {
    /// How far back sessions can live.
    pub fn since(now: Timestamp) -> Timestamp {
        now - LONGEST_OF_A_USER - LINK
    }

    /// Whether it was had by an IAM user's key.
    pub fn is_of_a_user(&self) -> bool {
        self.method == FEDERATION || self.method == SESSION
    }

    /// Whether its session is over for certain.
    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        let longest = if self.is_of_a_user() {
            LONGEST_OF_A_USER
        } else {
            LONGEST_OF_A_ROLE
        };
        self.at + longest + LINK <= now
    }

    /// Whether there is a name of it that could stand in a policy, where it has one of its own.
    pub(super) fn has_a_name(&self) -> Result<(), Gap> {
        let has_name = self.session_name.as_deref().is_some_and(is_name);
        if self.method == SESSION || has_name {
            return Ok(());
        }
        Err(Gap::Unnamed {
            role: self.role.clone(),
        })
    }

    /// Where its session can be cut off. `configured`: the own credentials that there are.
    pub(super) fn place<'m>(
        &self,
        model: &'m Model,
        configured: &Configured,
    ) -> Result<(&'m Account, Holder), Gap> {
        let account = model.accounts().iter();
        let mut account = account.filter(|account| account.id.as_str() == self.account);
        let account = account.next().ok_or_else(|| Gap::NoAccount {
            account: self.account.clone(),
            role: self.role.clone(),
        })?;
        let name = self.role.split_once('/').map(|(_, name)| name);
        let name = name.and_then(|name| RoleName::parse(name).ok());
        let name = name.ok_or_else(|| Gap::Unnamed {
            role: self.role.clone(),
        })?;
        if !self.is_of_a_user() {
            return Ok((account, Holder::Role(name)));
        }
        let key = RoleKey {
            account: account.alias.clone(),
            name,
        };
        let credentials = self.credentials.clone();
        let credentials = credentials.or_else(|| self.credentials_today(model, &key));
        let credentials = credentials.ok_or_else(|| Gap::NoCredentials {
            role: self.role.clone(),
        })?;
        if !configured.contains_key(&credentials) {
            return Err(Gap::CredentialsGone {
                role: self.role.clone(),
                credentials,
            });
        }
        let holder = if self.method == SESSION {
            Holder::User(credentials)
        } else {
            Holder::Issuing(credentials)
        };
        Ok((account, holder))
    }

    fn credentials_today(&self, model: &Model, key: &RoleKey) -> Option<CredentialsName> {
        let mut roles = model.roles().iter();
        let role = roles.find(|role| role.key == *key)?;
        let same = role.method.operation() == self.method;
        role.method.credentials().filter(|_| same).cloned()
    }
}

/// The alphabet of session names and source identities: what may stand in a policy as it is.
pub(super) fn is_name(text: &str) -> bool {
    (2..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_+=,.@-".contains(&b))
}
