//! The configuration, checked: what the rest of the program may rely on.
//!
//! One TOML file, secrets by file. `raw` mirrors the file, `read` reads it, `check` turns it into these types and
//! reports every problem at once, with its key path. Nothing downstream validates again. Only `VESTIBULE_CONFIG` and
//! `RUST_LOG` are read from the environment, by the command line.

mod aws;
mod check;
mod files;
mod idps;
mod issuer;
mod limits;
mod raw;
mod read;
mod show;
#[cfg(test)]
mod tests;
mod tokens;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use url::Url;

pub use aws::{AwsConfig, CredentialsConfig, CredentialsSource, Endpoint, StsChoice};
pub use idps::{IdentityProvider, IdpKind, OidcConfig, SamlConfig};
pub use issuer::{IssuerConfig, unfit_for_iam};
pub use limits::{Limit, LimitsConfig};

use crate::domain::access::ConditionEntry;
use crate::domain::identity::IdpId;
use crate::domain::partition::Partitions;
use crate::domain::request_form::RequestForm;
use crate::domain::token::TokenLife;

/// The whole configuration.
#[derive(Debug)]
pub struct Config {
    /// Where Vestibule listens and what it is called.
    pub server: ServerConfig,
    /// Where it keeps what it must remember.
    pub database: DatabaseConfig,
    /// How long sessions last.
    pub sessions: SessionsConfig,
    /// Where people prove who they are.
    pub identity_providers: Vec<IdentityProvider>,
    /// The access model's file, if one governs.
    pub access_file: Option<PathBuf>,
    /// For how many days what providers last said of people is kept, to tell whom a change concerns; 0: not at all.
    pub impact_days: u32,
    /// The key that seals it: made at the first start.
    pub impact_key_file: PathBuf,
    /// How to reach AWS.
    pub aws: AwsConfig,
    /// Vestibule as an identity provider towards AWS.
    pub issuer: IssuerConfig,
    /// The key of the audit log's chain: made at the first start.
    pub audit_key_file: PathBuf,
    /// For how many days rows of the audit log are kept at least; 0: for ever.
    pub audit_keep_days: u32,
    /// Vestibule's own ways to call AWS.
    pub credentials: Vec<CredentialsConfig>,
    /// Who may see the administrators' pages.
    pub administrators: Vec<AdministratorConfig>,
    /// Where people ask for access that they lack, if the company has a form for it.
    pub request_form: Option<RequestForm>,
    /// How long tokens for programs live.
    pub tokens: TokenLife,
    /// How often what may be asked.
    pub limits: LimitsConfig,
    /// How to log.
    pub log: LogConfig,
    /// What works but should be looked at, in sentences.
    pub warnings: Vec<String>,
}

/// `[server]`.
#[derive(Debug)]
pub struct ServerConfig {
    /// For people.
    pub listen: SocketAddr,
    /// For health checks and metrics.
    pub operations_listen: SocketAddr,
    /// What every absolute URL is built from; without a path, query or trailing slash.
    pub public_url: Url,
    /// Seals the pending login's cookie; at least 32 bytes.
    pub cookie_secret: SecretString,
    /// Networks whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// PEM files to serve https with.
    pub tls: Option<TlsFiles>,
    /// Worker threads; default one for each processor.
    pub workers: Option<u16>,
}

impl ServerConfig {
    /// Whether browsers reach us by https.
    pub fn is_secure(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// An absolute URL below the public one; `path` begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.as_str().trim_end_matches('/'))
    }
}

/// Certificate and key, read and parsed.
#[derive(Debug)]
pub struct TlsFiles {
    /// The chain, PEM.
    pub certificate: Vec<u8>,
    /// The key, PEM.
    pub key: SecretString,
}

/// An address range in CIDR notation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: std::net::IpAddr,
    bits: u8,
}

impl Network {
    /// Reads `10.0.0.0/8`, `::1/128` or a single address.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: std::net::IpAddr = address.parse().ok()?;
        let widest = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            Some(bits) => bits.parse().ok().filter(|bits| *bits <= widest)?,
            None => widest,
        };
        Some(Self { address, bits })
    }

    /// Whether an address lies in it; an `IPv4` address in `IPv6` clothes counts as the `IPv4` address.
    pub fn contains(&self, address: std::net::IpAddr) -> bool {
        use std::net::IpAddr::{V4, V6};
        match (self.address, address.to_canonical()) {
            (V4(network), V4(address)) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.bits)).unwrap_or(0);
                u32::from(network) & mask == u32::from(address) & mask
            }
            (V6(network), V6(address)) => {
                let mask = u128::MAX
                    .checked_shl(128 - u32::from(self.bits))
                    .unwrap_or(0);
                u128::from(network) & mask == u128::from(address) & mask
            }
            _ => false,
        }
    }
}

/// `[database]`.
#[derive(Debug)]
pub struct DatabaseConfig {
    /// `sqlite:FILE` (made absolute) or `postgres://…`; may hold a password.
    pub url: SecretString,
}

/// `[sessions]`.
#[derive(Debug, Clone, Copy)]
pub struct SessionsConfig {
    /// Without a click for so long, a session ends: 5–1,440 minutes.
    pub idle_minutes: u32,
    /// After so long it ends whatever happens: 1–168 hours.
    pub absolute_hours: u32,
}

/// `[[administrators]]`: all conditions must hold for an identity of that provider.
#[derive(Debug, Clone)]
pub struct AdministratorConfig {
    /// Whose word counts.
    pub idp: IdpId,
    /// What must hold.
    pub when: Vec<ConditionEntry>,
}

/// `[log]`.
#[derive(Debug, Clone)]
pub struct LogConfig {
    /// One JSON object a line, instead of text.
    pub json: bool,
    /// A filter such as `info` or `vestibule=debug,warn`; `RUST_LOG` goes before it.
    pub filter: String,
}

/// One thing wrong with the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The key's path, such as `identity_providers[1].issuer`; empty for the file as a whole.
    pub key: String,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// Everything that is wrong with the configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Problems(pub Vec<Problem>);

impl std::fmt::Display for Problems {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            if problem.key.is_empty() {
                f.write_str(&problem.message)?;
            } else {
                write!(f, "{}: {}", problem.key, problem.message)?;
            }
        }
        Ok(())
    }
}

/// Parts of a configuration that can be looked at although others cannot be used.
#[derive(Debug)]
pub struct Readable {
    /// `[[identity_providers]]`.
    pub identity_providers: Vec<IdentityProvider>,
    /// `[[administrators]]`.
    pub administrators: Vec<AdministratorConfig>,
    /// The partitions, with `[aws.partitions]` if that reads well.
    pub partitions: Partitions,
}

impl Config {
    /// Reads and checks the file; relative paths count from its folder.
    pub fn load(path: &Path) -> Result<Self, Problems> {
        let text = files::read_text(path).map_err(|message| {
            Problems(vec![Problem {
                key: String::new(),
                message: format!("{}: {message}", path.display()),
            }])
        })?;
        let folder = path.parent().unwrap_or(Path::new("."));
        Self::parse(&text, folder)
    }

    /// The parts that read well of a file that [`Self::load`] refuses, so that what is wrong with *them* can be said in
    /// the same breath; none if it is no TOML at all.
    pub fn readable(path: &Path) -> Option<Readable> {
        let text = files::read_text(path).ok()?;
        let file = read::read(&text).ok()?;
        let folder = path.parent().unwrap_or(Path::new("."));
        Some(check::readable(file, folder))
    }

    /// Checks a file's text.
    pub fn parse(text: &str, folder: &Path) -> Result<Self, Problems> {
        let file = read::read(text).map_err(|problem| Problems(vec![problem]))?;
        check::check(file, folder)
    }

    /// The effective configuration with secrets hidden, for `vestibule check`.
    pub fn show(&self) -> String {
        show::show(self)
    }
}
