//! Why the issuer vouches for nobody.

use super::keys::{SignError, Use};
use super::saml::Unwritable;

/// Why there is no proof.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The role's method does not ask for one of ours.
    #[error("the role asks for no proof of ours")]
    NotIssued,
    /// No key signs for this.
    #[error("the issuer has no current key for {}", .0.word())]
    NoKey(Use),
    /// The key that signs has come to its end.
    #[error("the certificate of the issuer's current key {0} has expired")]
    Expired(String),
    /// A name, a tag or an address cannot stand in XML.
    #[error("a text of the assertion cannot be written")]
    Unwritable,
    /// The session name is too short to be a token's subject.
    #[error("the session name is too short for a subject")]
    Subject,
    /// More than STS takes.
    #[error("the proof is longer than STS takes")]
    TooLong,
    /// The partition is not known, or has no SAML audience.
    #[error("the role's partition has no audience")]
    Partition,
    /// What was written could not be canonicalised.
    #[error("the assertion could not be canonicalised")]
    Canonical,
    /// The key did not sign.
    #[error(transparent)]
    Sign(#[from] SignError),
}

impl From<Unwritable> for Error {
    fn from(_: Unwritable) -> Self {
        Self::Unwritable
    }
}
