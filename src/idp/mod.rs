//! Proving who someone is.
//!
//! A provider makes a challenge, sends the browser away with it, and verifies what comes back. It knows nothing of
//! sessions, cookies or the database. What it proves is a [`Verified`], which only this folder can make.

mod facts;
pub mod oidc;
mod providers;
pub mod saml;

pub use facts::facts;
pub use providers::{Error, Provider, Providers, SetupError};

use serde::{Deserialize, Serialize};

use crate::domain::Timestamp;
use crate::domain::credentials::ForwardedProof;
use crate::domain::identity::{Identity, IdpId};

/// What we remember of a login sent to an identity provider.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Challenge {
    /// SAML: the `ID` of our `AuthnRequest`.
    Saml {
        /// `_` and 32 hexadecimal digits (128 bits).
        request_id: String,
    },
    /// OpenID Connect. The `state` is the handle of the pending login itself.
    Oidc {
        /// Bound into the ID token.
        nonce: String,
        /// The PKCE verifier (RFC 7636), sent to the token endpoint alone.
        pkce_verifier: String,
    },
}

impl std::fmt::Debug for Challenge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Saml { .. } => "Challenge::Saml(…)",
            Self::Oidc { .. } => "Challenge::Oidc(…)",
        })
    }
}

/// Who somebody is, proved just now. A session can only be started from one.
#[derive(Debug)]
pub struct Verified {
    identity: Identity,
    once: Once,
    proof: Option<ForwardedProof>,
}

/// What must not be accepted a second time, and until when it could be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// The provider that spoke.
    pub idp: IdpId,
    /// The assertion's `ID`, or the SHA-256 of the ID token in hexadecimal.
    pub id: String,
    /// From then on it is refused for its age alone (the leeway included).
    pub until: Timestamp,
}

impl Verified {
    /// For the two verifiers in this folder.
    pub(in crate::idp) fn new(
        identity: Identity,
        once: Once,
        proof: Option<ForwardedProof>,
    ) -> Self {
        Self {
            identity,
            once,
            proof,
        }
    }

    /// Who it is.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// What the replay guard must take first.
    pub fn once(&self) -> &Once {
        &self.once
    }

    /// The proof to forward to STS, if the provider's answer is addressed to AWS as well. Taken, never copied.
    pub fn take_proof(&mut self) -> Option<ForwardedProof> {
        self.proof.take()
    }
}
