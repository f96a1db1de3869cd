//! Mail domains whose addresses name one person only, over all identity providers.
//!
//! An operator lists such domains per provider. Two providers that both list one could each call another person by the
//! same address, so a domain counts only where exactly one provider lists it, whatever its case.

use std::collections::BTreeMap;

use crate::domain::identity::IdpId;

/// The domains that one provider alone vouches for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UniqueDomains {
    /// Domain, exactly as listed → the one provider.
    owners: BTreeMap<String, IdpId>,
    /// Domains that several providers list, in lower case.
    disputed: Vec<String>,
}

impl UniqueDomains {
    /// From what each provider lists.
    pub fn new<'a>(listed: impl IntoIterator<Item = (&'a IdpId, &'a [String])>) -> Self {
        let mut by_folded: BTreeMap<String, Vec<(&IdpId, &String)>> = BTreeMap::new();
        for (idp, domains) in listed {
            for domain in domains {
                by_folded
                    .entry(domain.to_ascii_lowercase())
                    .or_default()
                    .push((idp, domain));
            }
        }
        let mut unique = Self::default();
        for (folded, entries) in by_folded {
            let first = entries[0].0;
            if entries.iter().any(|(idp, _)| *idp != first) {
                unique.disputed.push(folded);
                continue;
            }
            for (idp, domain) in entries {
                unique.owners.insert(domain.clone(), idp.clone());
            }
        }
        unique
    }

    /// Domains listed by several providers, which therefore count for none: worth a warning.
    pub fn disputed(&self) -> &[String] {
        &self.disputed
    }

    /// Whether the address is of a domain that this provider alone vouches for. The domain is compared exactly.
    pub(super) fn covers(&self, idp: &IdpId, address: &str) -> bool {
        address.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && self.owners.get(domain).is_some_and(|owner| owner == idp)
        })
    }
}
