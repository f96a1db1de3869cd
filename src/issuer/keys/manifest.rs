//! The list of keys: one small TOML file beside them, `keys.toml`.
//!
//! It alone says which keys there are and in which state, and it is replaced whole. So a rotation is one rename: whoever
//! reads meanwhile sees the keys before or after it, and a machine that stops in the middle leaves either.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Algorithm, State, Use};
use crate::domain::Timestamp;

/// What the file begins with.
const HEADING: &str =
    "# The issuer's keys. Written by `vestibule issuer keys`: change it there.\n\n";

/// The whole list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    #[serde(default)]
    pub(super) keys: Vec<Entry>,
}

/// One key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub(super) id: String,
    #[serde(rename = "use")]
    pub(super) purpose: Use,
    pub(super) algorithm: Algorithm,
    pub(super) state: State,
    #[serde(serialize_with = "write", deserialize_with = "read")]
    pub(super) created: Timestamp,
    #[serde(serialize_with = "write", deserialize_with = "read")]
    pub(super) since: Timestamp,
}

impl Manifest {
    /// Reads the file's text; the message says where it broke.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let manifest: Self = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        let mut seen = std::collections::HashSet::new();
        for entry in &manifest.keys {
            if !is_id(&entry.id) {
                return Err("a key's id is 1 to 64 of a-z, 0-9 and -".to_owned());
            }
            if !seen.insert(&entry.id) {
                return Err(format!("{} stands twice", entry.id));
            }
            let alone = entry.state == State::Retired
                || manifest.with(entry.purpose, entry.state).count() == 1;
            if !alone {
                let (word, state) = (entry.purpose.word(), entry.state.word());
                return Err(format!("more than one key for {word} is {state}"));
            }
        }
        Ok(manifest)
    }

    /// As the file is written.
    pub(super) fn to_text(&self) -> Result<String, toml::ser::Error> {
        toml::to_string(self).map(|text| format!("{HEADING}{text}"))
    }

    /// The keys of a use in a state.
    pub(super) fn with(&self, purpose: Use, state: State) -> impl Iterator<Item = &Entry> {
        self.keys
            .iter()
            .filter(move |entry| entry.purpose == purpose && entry.state == state)
    }
}

/// A key's id is also its file's name: nothing in it leads elsewhere.
pub(super) fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn write<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.to_rfc3339_opts(SecondsFormat::Secs, true))
}

fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let text = String::deserialize(deserializer)?;
    DateTime::parse_from_rfc3339(&text)
        .map(|at| at.with_timezone(&Utc))
        .map_err(serde::de::Error::custom)
}
