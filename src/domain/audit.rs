//! What the audit log says. One event for each thing that matters; no row is ever updated.
//!
//! A sign-in is two rows: `begun`, durable before anything leaves, and `ended`, afterwards. A `begun` without an
//! `ended` reads "outcome unknown". A probe is two rows in the same way, joined by their reference.

use serde::de::IntoDeserializer as _;
use serde::de::value::StrDeserializer;
use serde::{Deserialize, Serialize};

use super::Timestamp;

/// The kinds of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// A console is about to be handed over.
    SigninBegun,
    /// How that ended.
    SigninEnded,
    /// Somebody asked for a role that is not theirs, or that does not exist.
    SigninRefused,
    /// Keys are about to be handed over.
    KeysBegun,
    /// How that ended.
    KeysEnded,
    /// Somebody asked for keys of a role that is not theirs, or that does not exist.
    KeysRefused,
    /// A session with Vestibule began.
    SessionBegan,
    /// It ended by sign-out.
    SessionEnded,
    /// A login at an identity provider failed.
    LoginFailed,
    /// A revision of the access model was published.
    AccessPublished,
    /// Somebody is about to have a role probed.
    ProbeBegun,
    /// What came of that.
    ProbeEnded,
    /// Somebody asked why of a role of which they may not know.
    WhyRefused,
    /// An administrator asked what the rules say about somebody.
    WhyAsked,
}

impl EventKind {
    /// The name in the database and in exports.
    pub fn name(self) -> &'static str {
        match self {
            Self::SigninBegun => "signin_begun",
            Self::SigninEnded => "signin_ended",
            Self::SigninRefused => "signin_refused",
            Self::KeysBegun => "keys_begun",
            Self::KeysEnded => "keys_ended",
            Self::KeysRefused => "keys_refused",
            Self::SessionBegan => "session_began",
            Self::SessionEnded => "session_ended",
            Self::LoginFailed => "login_failed",
            Self::AccessPublished => "access_published",
            Self::ProbeBegun => "probe_begun",
            Self::ProbeEnded => "probe_ended",
            Self::WhyRefused => "why_refused",
            Self::WhyAsked => "why_asked",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        let name: StrDeserializer<'_, serde::de::value::Error> = name.into_deserializer();
        Self::deserialize(name).ok()
    }
}

/// What an event says, beside when and of which kind. Absent means: does not apply, or is not known.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Event {
    /// The sign-in it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signin_id: Option<String>,
    /// The reference shown on the error page, and in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Which identity provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idp: Option<String>,
    /// The subject's format.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_format: Option<String>,
    /// The subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The person's name for readers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The address they came from (`trusted_proxies` applied).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The account's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The role's key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The STS operation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// `RoleSessionName` or the federated user's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_name: Option<String>,
    /// `SourceIdentity`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_identity: Option<String>,
    /// The scope chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The access revision that decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<i64>,
    /// The rule that gave the role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Why they came, in their own words, where the role asks for that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// `handed_over`, `refused`, `failed`; of a probe `works`, `fails`, `unknown`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// Why, as a short code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// When the credentials end (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// The access key id handed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_key_id: Option<String>,
    /// A note a person wrote (publishing).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A row of the audit log, as people read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its place in the whole log: counts from 1 without gaps.
    pub position: i64,
    /// Which process wrote it: one chain per process start.
    pub chain: String,
    /// Its place in its chain: counts from 1 without gaps.
    pub sequence: i64,
    /// When.
    pub at: Timestamp,
    /// What kind of event.
    pub kind: EventKind,
    /// What it says.
    pub event: Event,
}
