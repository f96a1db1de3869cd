//! The issuer's keys: what each is for, in which state it is, and when its certificate ends.
//!
//! A key goes from *next* (shown to accounts, signing nothing) to *current* (signs) to *retired* (signs no more, and is
//! still shown where something that it signed may be under way). So accounts can learn of a key before it signs.

mod certificate;
mod files;
mod folder;
mod manifest;
mod problem;
mod signer;
mod table;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::sync::Arc;

use aws_lc_rs::digest;
use chrono::Duration;
use serde::{Deserialize, Serialize};

pub use folder::{Folder, Order, Stamp};
pub use problem::{KeyProblem, KeyProblems};
pub use signer::{SignError, Signer};
pub use table::KeyLine;

use crate::domain::Timestamp;

/// A retired key of ID tokens stays in the key set for so long: tokens live two minutes, and replicas and static hosts
/// follow a rotation when their operators get to it.
const SHOWN_AFTER_RETIRING: Duration = Duration::hours(24);

/// What a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Use {
    /// SAML assertions.
    Saml,
    /// ID tokens.
    Oidc,
}

impl Use {
    /// The word in the list of keys and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Saml => "saml",
            Self::Oidc => "oidc",
        }
    }
}

/// How a key signs, by its name in JSON Web Signatures (RFC 7518 §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Algorithm {
    /// RSA PKCS#1 v1.5 with SHA-256.
    #[serde(rename = "RS256")]
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    #[serde(rename = "ES256")]
    Es256,
}

impl Algorithm {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
        }
    }
}

/// Where a key stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Shown, and signs nothing yet.
    Next,
    /// Signs.
    Current,
    /// Signs no more.
    Retired,
}

impl State {
    /// The word in the list of keys.
    pub fn word(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Current => "current",
            Self::Retired => "retired",
        }
    }
}

/// A self-signed certificate.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// In DER.
    pub der: Vec<u8>,
    /// Until when it is valid.
    pub until: Timestamp,
}

/// A key, with everything about it that may be shown; the private half is behind the signer.
#[derive(Debug, Clone)]
pub struct Key {
    /// Its name: in the list, in the key set (`kid`), of its file.
    pub id: String,
    /// What it signs.
    pub purpose: Use,
    /// How.
    pub algorithm: Algorithm,
    /// Where it stands.
    pub state: State,
    /// When it was made.
    pub created: Timestamp,
    /// Since when it is in its state.
    pub since: Timestamp,
    /// The public half: a `SubjectPublicKeyInfo` in DER.
    pub public: Vec<u8>,
    /// The certificate around it, for SAML.
    pub certificate: Option<Certificate>,
    /// What signs with it.
    pub signer: Arc<dyn Signer>,
}

impl Key {
    /// When it can sign no longer.
    pub fn expires(&self) -> Option<Timestamp> {
        self.certificate
            .as_ref()
            .map(|certificate| certificate.until)
    }

    /// SHA-256 over the certificate, or over the public key where there is none: as `openssl x509 -fingerprint
    /// -sha256` writes it.
    pub fn fingerprint(&self) -> String {
        let certificate = self.certificate.as_ref();
        let der = certificate.map_or(&self.public, |certificate| &certificate.der);
        let digest = digest::digest(&digest::SHA256, der);
        let mut text = String::with_capacity(95);
        for byte in digest.as_ref() {
            let separator = if text.is_empty() { "" } else { ":" };
            // writing to a String cannot fail
            let _ = write!(text, "{separator}{byte:02X}");
        }
        text
    }

    /// The bits of the public key: PKCS#1 for RSA, an uncompressed point for a curve.
    pub fn public_bits(&self) -> Option<Vec<u8>> {
        certificate::key_bits(&self.public).ok()
    }
}

/// All keys, as one reading of the folder found them.
#[derive(Debug, Clone, Default)]
pub struct Ring(Vec<Arc<Key>>);

impl Ring {
    /// All of them, in the order in which they were made.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Key>> {
        self.0.iter()
    }

    /// The one that signs.
    pub fn current(&self, purpose: Use) -> Option<&Arc<Key>> {
        self.in_state(purpose, State::Current)
    }

    /// The one that will sign.
    pub fn next(&self, purpose: Use) -> Option<&Arc<Key>> {
        self.in_state(purpose, State::Next)
    }

    fn in_state(&self, purpose: Use, state: State) -> Option<&Arc<Key>> {
        self.0
            .iter()
            .find(|key| key.purpose == purpose && key.state == state)
    }

    /// The keys to show to accounts, current first.
    ///
    /// SAML metadata is kept by the accounts for years, so a retired key has no place in it; a key set is fetched for
    /// every token or nearly so, and keeps one until nothing that it signed can be under way.
    pub fn shown(&self, purpose: Use, now: Timestamp) -> Vec<&Arc<Key>> {
        let late = self.0.iter().filter(|key| {
            purpose == Use::Oidc
                && key.purpose == purpose
                && key.state == State::Retired
                && now - key.since < SHOWN_AFTER_RETIRING
        });
        let living = [self.current(purpose), self.next(purpose)];
        living.into_iter().flatten().chain(late).collect()
    }
}
