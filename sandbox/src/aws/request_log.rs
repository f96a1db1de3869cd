//! What was asked of the simulated AWS, without the secrets.
//!
//! One entry for each request to any simulated host, in order, bounded. Parameters are kept by an
//! allow-list, so a parameter nobody thought of is dropped rather than shown. Counts connections
//! too, for measuring whether callers keep theirs.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

const MAX_ENTRIES: usize = 100_000;
const MAX_VALUE: usize = 8_192;

/// Parameters that carry no secret; list members count by their first part.
const SHOWN: &[&str] = &[
    "Version",
    "RoleArn",
    "RoleSessionName",
    "PrincipalArn",
    "DurationSeconds",
    "SessionDuration",
    "Policy",
    "PolicyArns",
    "Tags",
    "TransitiveTagKeys",
    "SourceIdentity",
    "ExternalId",
    "Name",
    "SerialNumber",
    "MinimumSessionTokenSize",
    "ProviderId",
    "Destination",
    "Issuer",
    "SessionType",
    "redirect_uri",
    "RoleName",
    "UserName",
    "PolicyName",
    "PolicyArn",
    "PolicyDocument",
    "AssumeRolePolicyDocument",
    "Path",
    "PathPrefix",
    "MaxSessionDuration",
    "SAMLProviderArn",
    "OpenIDConnectProviderArn",
    "Url",
    "ClientIDList",
    "ClientID",
];

/// One request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The AWS host.
    pub host: String,
    /// The method.
    pub method: String,
    /// The path at that host.
    pub path: String,
    /// The `Action`, if one was named.
    pub action: Option<String>,
    /// Whether it carried a signature.
    pub signed: bool,
    /// The key id it was signed with or that its session names.
    pub access_key: Option<String>,
    /// The parameters that carry no secret.
    pub parameters: BTreeMap<String, String>,
}

/// The log, shared.
#[derive(Clone, Debug, Default)]
pub struct RequestLog(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    entries: Mutex<VecDeque<Entry>>,
    connections: AtomicUsize,
}

impl RequestLog {
    /// Adds an entry; the oldest goes when there are too many.
    pub fn push(&self, entry: Entry) {
        let mut entries = self
            .0
            .entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if entries.len() == MAX_ENTRIES {
            entries.pop_front();
        }
        entries.push_back(entry);
    }

    /// All entries, oldest first.
    pub fn entries(&self) -> Vec<Entry> {
        let entries = self
            .0
            .entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        entries.iter().cloned().collect()
    }

    /// Forgets all entries.
    pub fn clear(&self) {
        self.0
            .entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    /// How many connections were accepted since the start.
    pub fn connections(&self) -> usize {
        self.0.connections.load(Ordering::Relaxed)
    }

    /// Counts a connection.
    pub fn count_connection(&self) {
        self.0.connections.fetch_add(1, Ordering::Relaxed);
    }
}

/// The parameters that may be shown.
pub fn shown(parameters: &[(String, String)]) -> BTreeMap<String, String> {
    parameters
        .iter()
        .filter(|(name, _)| SHOWN.contains(&name.split('.').next().unwrap_or(name)))
        .map(|(name, value)| (name.clone(), shorten(value)))
        .collect()
}

fn shorten(value: &str) -> String {
    let end = value
        .char_indices()
        .map(|(at, _)| at)
        .nth(MAX_VALUE)
        .unwrap_or(value.len());
    value[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn secrets_and_unknown_parameters_are_dropped() {
        let names = [
            "SAMLAssertion",
            "WebIdentityToken",
            "Session",
            "SigninToken",
            "TokenCode",
            "AuthenticationCode1",
            "SAMLMetadataDocument",
            "AddPrivateKey",
            "SecretAccessKey",
            "X-Amz-Security-Token",
            "X-Amz-Signature",
            "Anything",
            "RoleArn",
            "Tags.member.1.Value",
        ];
        let pairs = names.map(|name| (name.to_owned(), "value".to_owned()));
        let kept: Vec<String> = shown(&pairs).into_keys().collect();
        assert_eq!(kept, ["RoleArn", "Tags.member.1.Value"]);
    }
}
