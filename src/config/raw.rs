//! The configuration file as written: a mirror of the TOML, with unknown keys refused. What it means is
//! decided in `check`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::limits::LimitsConfig;
use super::tokens::Tokens;
use crate::domain::access::ConditionEntry;
use crate::domain::account::Region;
use crate::domain::partition::PartitionOverrides;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) server: Server,
    pub(super) database: Database,
    #[serde(default)]
    pub(super) sessions: Sessions,
    #[serde(default)]
    pub(super) identity_providers: Vec<IdentityProvider>,
    #[serde(default)]
    pub(super) access: Access,
    pub(super) aws: Aws,
    #[serde(default)]
    pub(super) audit: Audit,
    #[serde(default)]
    pub(super) issuer: Issuer,
    #[serde(default)]
    pub(super) credentials: Vec<Credentials>,
    #[serde(default)]
    pub(super) administrators: Vec<Administrator>,
    #[serde(default)]
    pub(super) portal: Portal,
    #[serde(default)]
    pub(super) tokens: Tokens,
    #[serde(default)]
    pub(super) limits: LimitsConfig,
    #[serde(default)]
    pub(super) log: Log,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Server {
    #[serde(default = "default_listen")]
    pub(super) listen: String,
    #[serde(default = "default_operations_listen")]
    pub(super) operations_listen: String,
    pub(super) public_url: String,
    pub(super) cookie_secret_file: String,
    #[serde(default)]
    pub(super) trusted_proxies: Vec<String>,
    pub(super) tls_certificate_file: Option<String>,
    pub(super) tls_key_file: Option<String>,
    pub(super) workers: Option<u16>,
}

fn default_listen() -> String {
    "127.0.0.1:8080".to_owned()
}

fn default_operations_listen() -> String {
    "127.0.0.1:9090".to_owned()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Database {
    pub(super) url: Option<String>,
    pub(super) url_file: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Sessions {
    pub(super) idle_minutes: u32,
    pub(super) absolute_hours: u32,
}

impl Default for Sessions {
    fn default() -> Self {
        Self {
            idle_minutes: 60,
            absolute_hours: 12,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IdentityProvider {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) kind: Kind,
    #[serde(default)]
    pub(super) unique_email_domains: Vec<String>,
    pub(super) leeway_seconds: Option<u32>,
    pub(super) ca_file: Option<String>,
    pub(super) sign_out_url: Option<String>,
    // SAML
    pub(super) metadata_file: Option<String>,
    pub(super) entity_id: Option<String>,
    pub(super) audience: Option<OneOrMany>,
    pub(super) name_attribute: Option<String>,
    pub(super) max_age_seconds: Option<u32>,
    // OpenID Connect
    pub(super) issuer: Option<String>,
    pub(super) client_id: Option<String>,
    pub(super) client_secret: Option<String>,
    pub(super) client_secret_file: Option<String>,
    pub(super) scopes: Option<Vec<String>>,
    pub(super) algorithms: Option<Vec<String>>,
    pub(super) userinfo: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Saml,
    Oidc,
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a text or a list of texts")]
pub(super) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    pub(super) fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(text) => vec![text],
            Self::Many(texts) => texts,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Access {
    pub(super) file: Option<String>,
    pub(super) impact_days: u32,
    pub(super) impact_key_file: String,
}

impl Default for Access {
    fn default() -> Self {
        Self {
            file: None,
            impact_days: 90,
            impact_key_file: "impact-key".to_owned(),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Aws {
    pub(super) region: String,
    pub(super) endpoint: Option<String>,
    pub(super) ca_file: Option<String>,
    pub(super) keep_warm_seconds: Option<u32>,
    #[serde(default)]
    pub(super) partitions: BTreeMap<String, Partition>,
}

/// The keys of [`PartitionOverrides`], and `region`: which regional hosts to use in that partition.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Partition {
    pub(super) region: Option<String>,
    pub(super) region_prefixes: Option<Vec<String>>,
    pub(super) default_region: Option<Region>,
    pub(super) sts_suffix: Option<String>,
    pub(super) sts_global_host: Option<String>,
    pub(super) iam_host: Option<String>,
    pub(super) signin_host: Option<String>,
    pub(super) signin_bare_region: Option<Region>,
    pub(super) console_host: Option<String>,
    pub(super) console_bare_region: Option<Region>,
    pub(super) saml_audiences: Option<Vec<String>>,
}

impl Partition {
    /// What it lays over the table of partitions.
    pub(super) fn overrides(&self) -> PartitionOverrides {
        PartitionOverrides {
            region_prefixes: self.region_prefixes.clone(),
            default_region: self.default_region.clone(),
            sts_suffix: self.sts_suffix.clone(),
            sts_global_host: self.sts_global_host.clone(),
            iam_host: self.iam_host.clone(),
            signin_host: self.signin_host.clone(),
            signin_bare_region: self.signin_bare_region.clone(),
            console_host: self.console_host.clone(),
            console_bare_region: self.console_bare_region.clone(),
            saml_audiences: self.saml_audiences.clone(),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Audit {
    pub(super) key_file: String,
    pub(super) keep_days: u32,
}

impl Default for Audit {
    fn default() -> Self {
        Self {
            key_file: "audit-key".to_owned(),
            keep_days: 0,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Issuer {
    pub(super) url: Option<String>,
    pub(super) keys_dir: String,
    pub(super) saml_entity_id: Option<String>,
    pub(super) oidc_audience: String,
}

impl Default for Issuer {
    fn default() -> Self {
        Self {
            url: None,
            keys_dir: "issuer-keys".to_owned(),
            saml_entity_id: None,
            oidc_audience: "sts.amazonaws.com".to_owned(),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Credentials {
    pub(super) name: String,
    pub(super) source: Source,
    #[serde(default)]
    pub(super) partition: Option<String>,
    pub(super) profile: Option<String>,
    pub(super) file: Option<String>,
    #[serde(default)]
    pub(super) may_not_assume_roles: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Source {
    Chain,
    Profile,
    File,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Administrator {
    pub(super) idp: String,
    pub(super) when: Vec<ConditionEntry>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Portal {
    pub(super) request_url: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Log {
    pub(super) format: LogFormat,
    pub(super) level: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum LogFormat {
    #[default]
    Text,
    Json,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            format: LogFormat::Text,
            level: "info".to_owned(),
        }
    }
}
