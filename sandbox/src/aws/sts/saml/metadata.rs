//! The metadata document of an IAM SAML provider: who may assert, and which keys sign for them.
//!
//! Checked when an administrator registers it, and read again when a request needs it. Keys marked
//! for encryption alone do not count; keys without a mark do. A document may describe several
//! identity providers; each has its own keys.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bergshamra::keys::loader::load_x509_cert_der;
use bergshamra::{Key, KeyUsage, KeysManager};
use chrono::{DateTime, Utc};

use super::certificate::Certificate;
use super::xml::{BadXml, METADATA, Node, SIGNATURE, parse};
use crate::aws::switches::SamlSwitches;

const MAX_PROVIDERS: usize = 10;
const MAX_KEYS: usize = 10;

/// What a provider's metadata says.
pub(in crate::aws) struct Metadata {
    entities: Vec<Entity>,
    /// The earliest end that the document names.
    pub(in crate::aws) valid_until: Option<DateTime<Utc>>,
}

/// One identity provider of a document.
struct Entity {
    id: String,
    certificates: Vec<Vec<u8>>,
}

impl Metadata {
    /// Reads a metadata document.
    pub(in crate::aws) fn parse(text: &str) -> Result<Self, BadXml> {
        let doc = parse(text)?;
        let root = Node::root(&doc)?;
        let mut ends = Vec::new();
        let entities = if root.is(METADATA, "EntitiesDescriptor") {
            ends.extend(valid_until(root)?);
            root.children(METADATA, "EntityDescriptor")
        } else if root.is(METADATA, "EntityDescriptor") {
            vec![root]
        } else {
            return Err(BadXml);
        };
        let entities: Vec<Entity> = entities
            .into_iter()
            .map(|entity| Entity::read(entity, &mut ends))
            .collect::<Result<_, _>>()?;
        let certificates: usize = entities.iter().map(|one| one.certificates.len()).sum();
        if !(1..=MAX_PROVIDERS).contains(&entities.len()) || certificates > MAX_KEYS {
            return Err(BadXml);
        }
        Ok(Self {
            entities,
            valid_until: ends.into_iter().min(),
        })
    }

    /// Whether its `validUntil` has passed.
    pub(in crate::aws) fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.valid_until.is_some_and(|until| until <= now)
    }

    /// Whether every certificate is one that IAM registers.
    pub(in crate::aws) fn has_good_keys(&self, switches: &SamlSwitches) -> bool {
        let mut certificates = self.entities.iter().flat_map(|one| &one.certificates);
        certificates.all(|der| {
            let read = Certificate::read(der);
            read.is_some_and(|certificate| certificate.may_be_registered(switches))
        })
    }

    /// The public keys that sign for an issuer, and nothing else of their certificates.
    pub(super) fn keys(
        &self,
        issuer: &str,
        now: DateTime<Utc>,
        switches: &SamlSwitches,
    ) -> Option<KeysManager> {
        let entity = self.entities.iter().find(|entity| entity.id == issuer)?;
        let mut keys = KeysManager::new();
        for der in &entity.certificates {
            let over = Certificate::read(der).is_none_or(|certificate| certificate.is_over(now));
            if over && !switches.expired_certificates {
                continue;
            }
            if let Ok(key) = load_x509_cert_der(der) {
                keys.add_key(Key::new(key.data, KeyUsage::Verify));
            }
        }
        Some(keys)
    }
}

impl Entity {
    fn read(entity: Node<'_>, ends: &mut Vec<DateTime<Utc>>) -> Result<Self, BadXml> {
        let id = entity.attribute("entityID").ok_or(BadXml)?.to_owned();
        let role = entity.only(METADATA, "IDPSSODescriptor").ok_or(BadXml)?;
        for node in [entity, role] {
            ends.extend(valid_until(node)?);
        }
        let mut certificates = Vec::new();
        for key in role.children(METADATA, "KeyDescriptor") {
            if key.attribute("use").is_some_and(|usage| usage != "signing") {
                continue;
            }
            let info = key.only(SIGNATURE, "KeyInfo").ok_or(BadXml)?;
            for data in info.children(SIGNATURE, "X509Data") {
                for certificate in data.children(SIGNATURE, "X509Certificate") {
                    certificates.push(decode(&certificate.text().ok_or(BadXml)?)?);
                }
            }
        }
        if certificates.is_empty() || id.is_empty() {
            return Err(BadXml);
        }
        Ok(Self { id, certificates })
    }
}

fn valid_until(node: Node<'_>) -> Result<Option<DateTime<Utc>>, BadXml> {
    let Some(text) = node.attribute("validUntil") else {
        return Ok(None);
    };
    let time = DateTime::parse_from_rfc3339(text).map_err(|_| BadXml)?;
    Ok(Some(time.with_timezone(&Utc)))
}

fn decode(text: &str) -> Result<Vec<u8>, BadXml> {
    let text: String = text
        .chars()
        .filter(|letter| !letter.is_ascii_whitespace())
        .collect();
    STANDARD.decode(text).map_err(|_| BadXml)
}
