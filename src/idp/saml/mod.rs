//! SAML 2.0 service provider.
//!
//! Sends people to an identity provider and verifies what they bring back, in three steps that build on one
//! another: `screen` lets only plain documents through, `signature` gives the bytes that two implementations
//! agree were signed, `response` reads those bytes and nothing else. No I/O, no clock and no memory of its own: the
//! time comes in, and who has signed in before is for the caller to know. Encrypted assertions are refused by name.

mod error;
mod metadata;
mod pasted;
mod request;
mod response;
mod screen;
mod signature;
mod status;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod xml;

use std::fmt;

use url::Url;

use super::{Challenge, Verified};
use crate::config::{IdentityProvider, IdpKind, SamlConfig};
use crate::domain::Timestamp;
use crate::domain::identity::IdpId;
use crate::domain::partition::Partitions;
use crate::domain::requires::Demand;
use crate::random::{self, Random};

pub use error::Error;
pub use metadata::{MetadataError, MetadataWarning};
pub use pasted::read_pasted;
pub use response::Said;
pub use signature::warm_up;
pub use status::Status;

use metadata::Provider;
use request::Request;
use response::Expected;
use signature::Verifiers;

/// The entity id in a provider's metadata.
pub fn entity_id(metadata: &str, now: Timestamp) -> Result<String, MetadataError> {
    Provider::read(metadata, now).map(|provider| provider.entity_id)
}

/// We, towards one SAML identity provider.
pub struct ServiceProvider {
    idp: IdpId,
    config: SamlConfig,
    provider: Provider,
    partitions: Partitions,
    verifiers: Verifiers,
    own_metadata: String,
}

impl fmt::Debug for ServiceProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceProvider")
            .field("idp", &self.idp)
            .field("provider", &self.provider.entity_id)
            .finish_non_exhaustive()
    }
}

impl ServiceProvider {
    /// Reads and checks the provider's metadata; refused unless everything needed is there and good.
    pub fn new(
        provider: &IdentityProvider,
        partitions: &Partitions,
        now: Timestamp,
    ) -> Result<Self, MetadataError> {
        let IdpKind::Saml(config) = &provider.kind else {
            return Err(MetadataError::Kind);
        };
        let read = Provider::read(&config.metadata, now)?;
        let verifiers =
            Verifiers::new(&read.keys).map_err(|error| MetadataError::Key(Box::new(error)))?;
        let own_metadata = metadata::write_own(&config.entity_id, config.acs_url.as_str());
        Ok(Self {
            idp: provider.id.clone(),
            config: config.clone(),
            provider: read,
            partitions: partitions.clone(),
            verifiers,
            own_metadata,
        })
    }

    /// A fresh challenge: a request id of 128 random bits.
    pub fn challenge(&self, random: &dyn Random) -> Challenge {
        Challenge::Saml {
            request_id: format!("_{}", random::hex::<16>(random)),
        }
    }

    /// Where to send the browser with `challenge`. The contexts of a demand go along; where the login must be younger
    /// than the one there was, the person has to prove who they are again, for SAML has no word for an age.
    pub fn depart(
        &self,
        challenge: &Challenge,
        relay_state: &str,
        now: Timestamp,
        demand: &Demand,
    ) -> Result<Url, Error> {
        let Challenge::Saml { request_id } = challenge else {
            return Err(Error::Challenge);
        };
        let request = Request {
            id: request_id,
            issuer: &self.config.entity_id,
            acs_url: self.config.acs_url.as_str(),
            destination: &self.provider.location,
            force: demand.anew && demand.requires.login_within_minutes.is_some(),
            contexts: &demand.requires.acr,
            now,
        };
        Ok(request.redirect(relay_state))
    }

    /// Verifies the form field `SAMLResponse` as the answer to `challenge`. CPU-bound: not for an async worker.
    pub fn verify(
        &self,
        saml_response: &str,
        challenge: &Challenge,
        now: Timestamp,
    ) -> Result<Verified, Error> {
        let Challenge::Saml { request_id } = challenge else {
            return Err(Error::Challenge);
        };
        self.ready(now)?;
        let expected = Expected {
            idp: &self.idp,
            config: &self.config,
            provider: &self.provider,
            partitions: &self.partitions,
            request_id,
            now,
        };
        let screened = screen::screen(saml_response)?;
        response::check_envelope(&screened.envelope, &expected)?;
        let signed = self.verifiers.verify(&screened)?;
        response::judge(&signed, screened.base64, &expected)
    }

    /// Whether logins can succeed: the provider's metadata has not passed its `validUntil`.
    pub fn ready(&self, now: Timestamp) -> Result<(), Error> {
        if self.provider.valid_until.is_some_and(|until| until <= now) {
            return Err(Error::MetadataExpired);
        }
        Ok(())
    }

    /// Our metadata, for the provider's administrator.
    pub fn metadata(&self) -> &str {
        &self.own_metadata
    }

    /// What an operator should look at.
    pub fn warnings(&self) -> &[MetadataWarning] {
        &self.provider.warnings
    }

    /// The provider's entity id.
    pub fn provider_entity_id(&self) -> &str {
        &self.provider.entity_id
    }
}
