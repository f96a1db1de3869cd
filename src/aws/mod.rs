//! AWS, as far as a sign-in and its end need it: STS, the federation endpoint and IAM.
//!
//! Owns the HTTP clients, their deadlines and their certificates. Every call that makes credentials for a person
//! takes a [`crate::domain::grant::Grant`]. Nothing here knows sessions, pages or the database, and no error of this
//! folder carries a text of AWS's that could hold a secret.
//!
//! Both kinds of call carry bearer secrets (the unsigned STS calls and the federation endpoint are protected by
//! nothing else), so they go over verified TLS, through no proxy; plain http serves the sandbox's loopback address.

mod error;
mod federation;
mod hosts;
mod iam;
mod own;
mod sts;
mod tls;
mod written;

use std::time::Duration;

pub use error::{Error, Refusal, SetupError};
pub use federation::{Door, Federation};
pub use hosts::{Hosts, PartitionHosts, opt_in_page, sign_out_pages};
pub use iam::{Bearer, Iam};
pub use own::OwnCredentials;
pub use sts::{Ask, RevokerSession, Sts};
pub use written::kinds_written;

use crate::clock::SharedClock;
use crate::config::{AwsConfig, CredentialsConfig};
use crate::domain::credentials::CredentialsKind;
use crate::domain::role::CredentialsName;

/// How long a TCP and TLS handshake may take.
const CONNECT: Duration = Duration::from_secs(2);

/// How long an idle connection is kept for the next click.
const KEEP: Duration = Duration::from_mins(2);

/// Everything a sign-in asks of AWS.
#[derive(Debug, Clone)]
pub struct Aws {
    /// Credentials.
    pub sts: Sts,
    /// Sign-in tokens.
    pub federation: Federation,
    /// Policies that end sessions.
    pub iam: Iam,
}

impl Aws {
    /// What an entry of own credentials was when it was fetched last; nothing is fetched.
    pub fn own_kind_seen(&self, name: &CredentialsName) -> CredentialsKind {
        self.sts.own().kind_seen(name)
    }

    /// Builds both clients; nothing is sent.
    pub fn new(
        config: &AwsConfig,
        credentials: &[CredentialsConfig],
        clock: &SharedClock,
    ) -> Result<Self, SetupError> {
        let hosts = Hosts::new(config);
        let own = OwnCredentials::new(config, &hosts, credentials)?;
        Ok(Self {
            sts: Sts::new(config, &hosts, own, clock)?,
            iam: Iam::new(config, &hosts, clock)?,
            federation: Federation::new(config, hosts)?,
        })
    }
}
