//! What the identity providers are towards AWS, for accounts that take their word: from the configuration and the
//! metadata in it, without asking anybody.

use std::collections::BTreeMap;

use super::saml;
use crate::config::{IdentityProvider, IdpKind, unfit_for_iam};
use crate::domain::Timestamp;
use crate::domain::identity::IdpId;
use crate::domain::trust::{IdpFacts, OidcFacts};

/// The facts; a provider whose metadata cannot be used is left out.
pub fn facts(providers: &[IdentityProvider], now: Timestamp) -> BTreeMap<IdpId, IdpFacts> {
    let known = providers.iter().filter_map(|provider| {
        let facts = match &provider.kind {
            IdpKind::Saml(config) => IdpFacts::Saml {
                entity_id: saml::entity_id(&config.metadata, now).ok()?,
                acs: config.acs_url.to_string(),
                metadata: config.metadata.clone(),
            },
            IdpKind::Oidc(config) => IdpFacts::Oidc(OidcFacts {
                issuer: config.issuer.clone(),
                audience: config.client_id.clone(),
                unfit: unfit_for_iam(&config.issuer),
            }),
        };
        Some((provider.id.clone(), facts))
    });
    known.collect()
}
