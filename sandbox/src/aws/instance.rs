//! Credentials as an instance gets them from its metadata service: a role's, by no STS call.
//!
//! Whether they count as a link of a chain is uncertain and a switch; that they are temporary
//! credentials of the role is not.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::simulation::Simulation;
use super::tokens::{Credentials, Made, Principal, Session, TokenError};

/// How long such credentials live.
const LIFE: TimeDelta = TimeDelta::hours(6);

/// Why an instance gets no credentials.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InstanceError {
    /// There is no such role.
    #[error("there is no role {role} in account {account}")]
    NoRole {
        /// The account.
        account: String,
        /// The role.
        role: String,
    },
    /// They could not be issued.
    #[error(transparent)]
    Token(#[from] TokenError),
}

impl Simulation {
    /// Credentials of `role` as the instance `instance` holds them.
    pub fn instance_credentials(
        &self,
        account: &str,
        role: &str,
        instance: &str,
    ) -> Result<Credentials, InstanceError> {
        let session = {
            let registry = self.iam.read();
            let found = registry.account(account);
            let found = found.and_then(|account| Some((account, account.role(role)?)));
            let (account, role) = found.ok_or_else(|| InstanceError::NoRole {
                account: account.to_owned(),
                role: role.to_owned(),
            })?;
            let now = self.clock.now();
            Session {
                principal: Principal::AssumedRole {
                    role: role.name.clone(),
                    path: role.path.clone(),
                    role_id: role.id.clone(),
                    session_name: instance.to_owned(),
                },
                made: Made::Instance,
                partition: account.partition,
                account: account.id.clone(),
                issued: now,
                expires: now + LIFE,
                tags: BTreeMap::new(),
                transitive_keys: Vec::new(),
                source_identity: None,
                inline_policy: None,
                managed_policies: Vec::new(),
                federation: BTreeMap::new(),
                mfa: false,
                global: false,
            }
        };
        Ok(self.tokens.issue(session, 0)?)
    }
}
