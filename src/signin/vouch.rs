//! Where the role asks for a proof of ours: the issuer vouches, with the very words that other methods send to STS.

use super::{Error, IssuerCause, Signin};
use crate::aws::Ask;
use crate::domain::credentials::Presented;
use crate::domain::duration::Plan;
use crate::domain::grant::Grant;
use crate::issuer::{self, Statement};

impl Signin {
    /// The proof for a grant, if its role asks for one of ours.
    pub(super) async fn vouch(
        &self,
        grant: &Grant,
        ask: &Ask,
        plan: &Plan,
    ) -> Result<Option<Presented>, Error> {
        if !grant.role().method.is_issued() {
            return Ok(None);
        }
        let statement = Statement {
            session_name: &ask.session_name,
            source_identity: ask.source_identity.as_deref(),
            tags: &ask.tags,
            transitive_tags: &ask.transitive_tags,
            session_seconds: plan.signin_session_duration,
        };
        let vouched = self.0.issuer.vouch(grant, &statement).await;
        vouched
            .map(|proof| Some(Presented::Issued(proof)))
            .map_err(|error| unable(&error))
    }

    /// Our metadata as a SAML identity provider towards AWS; `None` without a key.
    pub fn issuer_metadata(&self) -> Option<String> {
        self.0.issuer.metadata()
    }

    /// Our discovery document towards AWS; `None` without a key.
    pub fn issuer_discovery(&self) -> Option<String> {
        self.0.issuer.discovery()
    }

    /// Our key set towards AWS; `None` without a key.
    pub fn issuer_key_set(&self) -> Option<String> {
        self.0.issuer.key_set()
    }
}

/// What it means for the person that the issuer did not vouch.
fn unable(error: &issuer::Error) -> Error {
    tracing::warn!(
        error = error as &dyn std::error::Error,
        "the issuer did not vouch"
    );
    match error {
        issuer::Error::Expired(_) => Error::IssuerUnable(IssuerCause::Expired),
        issuer::Error::NoKey(_) => Error::IssuerUnable(IssuerCause::NoKey),
        issuer::Error::Unwritable => Error::ClaimUnusable {
            what: "assertion".to_owned(),
        },
        issuer::Error::Subject => Error::ClaimUnusable {
            what: "subject".to_owned(),
        },
        issuer::Error::TooLong => Error::ClaimUnusable {
            what: "session tags, all together".to_owned(),
        },
        issuer::Error::Sign(_)
        | issuer::Error::NotIssued
        | issuer::Error::Partition
        | issuer::Error::Canonical => Error::IssuerUnable(IssuerCause::Broken),
    }
}
