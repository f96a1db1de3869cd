//! The metadata document of an IAM SAML provider: whose it is and which keys sign.
//!
//! Read when a request needs it, from what an administrator registered. Keys marked for encryption
//! alone do not count; keys without a mark do. A metadata document whose `validUntil` has passed
//! has no keys.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bergshamra::keys::loader::load_x509_cert_der;
use bergshamra::{Key, KeyUsage, KeysManager};
use chrono::{DateTime, Utc};

use super::xml::{BadXml, METADATA, Node, SIGNATURE, parse};

const MAX_KEYS: usize = 10;

/// What a provider's metadata says.
pub(super) struct Metadata {
    pub(super) entity_id: String,
    certificates: Vec<Vec<u8>>,
}

impl Metadata {
    /// Reads a metadata document with exactly one identity provider in it.
    pub(super) fn parse(text: &str, now: DateTime<Utc>) -> Result<Self, BadXml> {
        let doc = parse(text)?;
        let entity = Node::root(&doc)?;
        if !entity.is(METADATA, "EntityDescriptor") {
            return Err(BadXml);
        }
        let entity_id = entity.attribute("entityID").ok_or(BadXml)?.to_owned();
        let role = entity.only(METADATA, "IDPSSODescriptor").ok_or(BadXml)?;
        let expired = [entity, role].iter().any(|node| {
            let until = node
                .attribute("validUntil")
                .map(DateTime::parse_from_rfc3339);
            until.is_some_and(|until| until.map_or(true, |until| until <= now))
        });
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
        if expired || certificates.is_empty() || certificates.len() > MAX_KEYS {
            return Err(BadXml);
        }
        Ok(Self {
            entity_id,
            certificates,
        })
    }

    /// The public keys of its certificates, and nothing else of them.
    pub(super) fn keys(&self) -> KeysManager {
        let mut keys = KeysManager::new();
        for certificate in &self.certificates {
            if let Ok(key) = load_x509_cert_der(certificate) {
                keys.add_key(Key::new(key.data, KeyUsage::Verify));
            }
        }
        keys
    }
}

fn decode(text: &str) -> Result<Vec<u8>, BadXml> {
    let text: String = text
        .chars()
        .filter(|letter| !letter.is_ascii_whitespace())
        .collect();
    STANDARD.decode(text).map_err(|_| BadXml)
}
