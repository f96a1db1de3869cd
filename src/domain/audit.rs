//! What the audit log says. One event for each thing that matters; no row is ever updated.
//!
//! A sign-in is two rows: `begun`, durable before anything leaves, and `ended`, afterwards. A `begun` without an
//! `ended` reads "outcome unknown". A probe is two rows in the same way, joined by their reference.
//!
//! Events say in which version of the schema they are written ([`Schema`]).

use serde::{Deserialize, Serialize};

use super::Timestamp;
use super::identity::Identity;

/// Declares the kinds with their names in the database and in exports.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal,)+) => {
        /// The kinds of events.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum EventKind {
            $($(#[$doc])* #[serde(rename = $name)] $kind,)+
        }

        impl EventKind {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$kind),+];

            /// The name in the database and in exports.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)+
                }
            }
        }
    };
}

kinds! {
    /// A console is about to be handed over.
    SigninBegun = "signin_begun",
    /// How that ended.
    SigninEnded = "signin_ended",
    /// Somebody asked for a role that is not theirs, or that does not exist.
    SigninRefused = "signin_refused",
    /// Keys are about to be handed over.
    KeysBegun = "keys_begun",
    /// How that ended.
    KeysEnded = "keys_ended",
    /// Somebody asked for keys of a role that is not theirs, or that does not exist.
    KeysRefused = "keys_refused",
    /// A session with Vestibule began.
    SessionBegan = "session_began",
    /// It was ended: by sign-out, or as the cause says ([`SessionEnd`]).
    SessionEnded = "session_ended",
    /// A login at an identity provider failed.
    LoginFailed = "login_failed",
    /// A revision of the access model was published.
    AccessPublished = "access_published",
    /// Somebody is about to have a role probed.
    ProbeBegun = "probe_begun",
    /// What came of that.
    ProbeEnded = "probe_ended",
    /// Somebody asked why of a role of which they may not know.
    WhyRefused = "why_refused",
    /// An administrator asked what the rules say about somebody.
    WhyAsked = "why_asked",
    /// Nobody lets this person in any more, until a date or until somebody says otherwise.
    PersonBlocked = "person_blocked",
    /// The block was taken back.
    PersonUnblocked = "person_unblocked",
    /// Nobody gets into this role any more, likewise.
    RoleSuspended = "role_suspended",
    /// The role is open again.
    RoleResumed = "role_resumed",
    /// Nobody gets into this account any more, likewise.
    AccountSuspended = "account_suspended",
    /// The account is open again.
    AccountResumed = "account_resumed",
    /// Sessions in AWS are about to be revoked.
    RevokeBegun = "revoke_begun",
    /// What came of that in one account.
    RevokeEnded = "revoke_ended",
    /// An administrator is about to read the record of others.
    RecordRead = "record_read",
    /// The record, or a part of it, is about to be copied out.
    RecordExported = "record_exported",
    /// The oldest rows of the record were dropped.
    RecordPurged = "record_purged",
    /// A token for the API was made.
    TokenMade = "token_made",
    /// It was revoked.
    TokenRevoked = "token_revoked",
    /// A draft of the access model was discarded.
    DraftDiscarded = "draft_discarded",
    /// Somebody who is no administrator asked for what is theirs alone.
    AdministrationRefused = "administration_refused",
}

impl EventKind {
    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        let mut all = Self::ALL.iter();
        all.find(|kind| kind.name() == name).copied()
    }
}

/// How a session was ended otherwise than by sign-out: the cause of a [`EventKind::SessionEnded`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SessionEnd {
    /// By the same person, from another session.
    Elsewhere,
    /// By an administrator.
    ByAdministrator,
    /// Another one began in the same browser.
    Replaced,
}

impl SessionEnd {
    /// The word in the audit log.
    pub fn word(self) -> &'static str {
        match self {
            Self::Elsewhere => "ended_elsewhere",
            Self::ByAdministrator => "ended_by_administrator",
            Self::Replaced => "replaced",
        }
    }
}

/// Which version of the schema an event is written in. A version only ever adds kinds and fields; what a field means never
/// changes. Rows stay as they were written, so every version there was stays readable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Schema(u32);

impl Schema {
    /// The first, whose events do not say their version.
    pub const FIRST: Self = Self(1);
    /// The one that is written.
    pub const CURRENT: Self = Self(2);

    /// Its number.
    pub fn number(self) -> u32 {
        self.0
    }

    fn first() -> Self {
        Self::FIRST
    }

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde hands over a reference"
    )]
    fn is_first(&self) -> bool {
        *self == Self::FIRST
    }
}

impl Default for Schema {
    fn default() -> Self {
        Self::CURRENT
    }
}

/// Whom an event is about, where that is somebody else than who acts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Person {
    /// Which identity provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idp: Option<String>,
    /// The subject's format, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_format: Option<String>,
    /// The subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Their name for readers, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
}

impl Person {
    /// Somebody who is known.
    pub fn of(identity: &Identity) -> Self {
        Self {
            idp: Some(identity.idp.to_string()),
            subject_format: Some(identity.subject.format.clone()),
            subject: Some(identity.subject.value.clone()),
            display_name: Some(identity.display_name.clone()),
        }
    }
}

/// What an event says, beside when and of which kind. Absent means: does not apply, or is not known.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Event {
    /// The version of the schema it is written in.
    #[serde(default = "Schema::first", skip_serializing_if = "Schema::is_first")]
    pub schema: Schema,
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
    /// Whom it is about, where that is somebody else than who acts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<Person>,
    /// The address they came from (`trusted_proxies` applied).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The account's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The partition of AWS that the account is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition: Option<String>,
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
    /// `handed_over`, `refused`, `failed`; of a probe `works`, `fails`, `unknown`; of a revocation, account by account,
    /// `planned`, `cut`, `pending`, `not_cut`, and `nothing` where there was nobody to cut off.
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
    /// A note a person wrote: about a revision, a block, a suspension.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Until when what was done holds: a block, a suspension, a token (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// What was searched in the record, read or exported: as the query of the page's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// The last position of the record that was purged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<i64>,
    /// How many it came to: sessions, rows, roles and users on which a policy cuts sessions off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<i64>,
    /// The id of a token for the API, never the token: the one by which it came; of a token that was made or revoked, that
    /// one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The token by which it came, where `token` is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_token: Option<String>,
    /// The id of a draft of the access model: of the one that was published or discarded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draft: Option<String>,
    /// What the draft was for, in the words of whoever began it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draft_name: Option<String>,
    /// Who began the draft, and who saved it last where that is somebody else: their names for readers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drafted_by: Option<String>,
}

impl Event {
    /// The same, about a token that was made or revoked; the one by which that came stands beside it.
    #[must_use]
    pub fn about_token(self, id: &str) -> Self {
        Self {
            by_token: self.token,
            token: Some(id.to_owned()),
            ..self
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_of_the_first_schema_reads_and_is_written_again_as_it_was() {
        for old in [
            "{}",
            r#"{"signin_id":"s","idp":"corp","subject":"ada","result":"handed_over"}"#,
            r#"{"idp":"corp","subject":"root","role":"dev/Admin","note":"about ada of corp"}"#,
        ] {
            let event: Event = serde_json::from_str(old).unwrap();
            assert_eq!(event.schema, Schema::FIRST);
            assert_eq!(serde_json::to_string(&event).unwrap(), old);
        }
    }

    #[test]
    fn a_revoked_token_stands_beside_the_one_that_asked_and_rows_without_that_stay_as_they_are() {
        let old = r#"{"schema":2,"subject":"ada","token":"00000000000000aa"}"#;
        let event: Event = serde_json::from_str(old).unwrap();
        assert_eq!((event.token.is_some(), &event.by_token), (true, &None));
        assert_eq!(serde_json::to_string(&event).unwrap(), old);
        let gone = "00000000000000bb";
        assert_eq!(
            serde_json::to_string(&event.about_token(gone)).unwrap(),
            r#"{"schema":2,"subject":"ada","token":"00000000000000bb","by_token":"00000000000000aa"}"#
        );
        // on a page nobody's token asks
        assert_eq!(Event::default().about_token(gone).by_token, None);
    }

    #[test]
    fn a_new_event_says_which_schema_it_is_written_in() {
        let text = serde_json::to_string(&Event::default()).unwrap();
        assert_eq!(text, r#"{"schema":2}"#);
        let read: Event = serde_json::from_str(&text).unwrap();
        assert_eq!(read, Event::default());
    }

    #[test]
    fn every_kind_is_read_back_by_its_name_and_by_nothing_else() {
        for kind in EventKind::ALL {
            assert_eq!(EventKind::parse(kind.name()), Some(*kind));
            let json = serde_json::to_string(kind).unwrap();
            assert_eq!(json, format!("\"{}\"", kind.name()));
        }
        for other in ["", "Signin_begun", "signin_begun ", "SigninBegun"] {
            assert_eq!(EventKind::parse(other), None);
        }
    }
}
