//! Finding the identity provider in a metadata document.
//!
//! Elements count only where the schema has them: a key inside another role, an extension or a signature is no key
//! of the identity provider. Foreign elements and comments, which real metadata is full of, are passed over.

use quick_xml::NsReader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};

use super::MetadataError;
use crate::domain::Timestamp;
use crate::idp::saml::xml::{DS, MAX_DEPTH, MD, SAMLP};

const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";

/// An entity that is an identity provider.
pub(super) struct Entity {
    pub(super) id: String,
    pub(super) valid_until: Option<Timestamp>,
    pub(super) keys: Vec<KeyDescriptor>,
    pub(super) redirect: Option<String>,
}

/// One `KeyDescriptor`.
#[derive(Default)]
pub(super) struct KeyDescriptor {
    /// `use`, as written.
    pub(super) purpose: Option<String>,
    /// Every `X509Certificate`, still base64.
    pub(super) certificates: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Entities,
    Entity,
    Provider,
    Key,
    KeyInfo,
    X509Data,
    Certificate,
    SingleSignOn,
    Elsewhere,
}

struct Frame {
    place: Place,
    valid_until: Option<Timestamp>,
}

#[derive(Default)]
struct Finder {
    stack: Vec<Frame>,
    entity_id: String,
    found: Vec<Entity>,
}

/// All identity providers of a metadata document.
pub(super) fn entities(text: &str) -> Result<Vec<Entity>, MetadataError> {
    let mut reader = NsReader::from_str(text);
    let mut finder = Finder::default();
    loop {
        let event = reader.read_event();
        let position = reader.buffer_position();
        let broken = || MetadataError::NotXml { position };
        match event.map_err(|_| broken())? {
            Event::Start(tag) => {
                let place = finder.place(&reader, &tag);
                finder
                    .open(place, &tag)
                    .map_err(|e| e.unwrap_or_else(broken))?;
            }
            Event::Empty(tag) => {
                let place = finder.place(&reader, &tag);
                finder
                    .open(place, &tag)
                    .map_err(|e| e.unwrap_or_else(broken))?;
                finder.stack.pop();
            }
            Event::End(_) => {
                finder.stack.pop();
            }
            Event::Text(text) => finder.text(&text.decode().map_err(|_| broken())?),
            Event::GeneralRef(reference) => finder.text(&resolve(&reference).ok_or_else(broken)?),
            Event::DocType(_) => return Err(MetadataError::DocumentType),
            Event::Eof if finder.stack.is_empty() => return Ok(finder.found),
            Event::Eof => return Err(broken()),
            Event::CData(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

impl Finder {
    fn place(&self, reader: &NsReader<&[u8]>, tag: &BytesStart<'_>) -> Place {
        let (namespace, local) = reader.resolver().resolve_element(tag.name());
        let is = |uri: &str| namespace == ResolveResult::Bound(Namespace(uri.as_bytes()));
        let (metadata, signature) = (is(MD), is(DS));
        let parent = self.stack.last().map(|frame| frame.place);
        match (parent, local.as_ref()) {
            (None | Some(Place::Entities), b"EntitiesDescriptor") if metadata => Place::Entities,
            (None | Some(Place::Entities), b"EntityDescriptor") if metadata => Place::Entity,
            (Some(Place::Entity), b"IDPSSODescriptor") if metadata => Place::Provider,
            (Some(Place::Provider), b"KeyDescriptor") if metadata => Place::Key,
            (Some(Place::Provider), b"SingleSignOnService") if metadata => Place::SingleSignOn,
            (Some(Place::Key), b"KeyInfo") if signature => Place::KeyInfo,
            (Some(Place::KeyInfo), b"X509Data") if signature => Place::X509Data,
            (Some(Place::X509Data), b"X509Certificate") if signature => Place::Certificate,
            _ => Place::Elsewhere,
        }
    }

    /// `Err(None)`: not well-formed.
    fn open(&mut self, place: Place, tag: &BytesStart<'_>) -> Result<(), Option<MetadataError>> {
        if self.stack.len() >= MAX_DEPTH {
            return Err(Some(MetadataError::TooDeep));
        }
        let parent = self.stack.last();
        let inherited = parent.and_then(|frame| frame.valid_until);
        let mut valid_until = inherited;
        if matches!(place, Place::Entities | Place::Entity | Place::Provider)
            && let Some(text) = attribute(tag, "validUntil")?
        {
            let own = until(&text).ok_or(MetadataError::ValidUntil)?;
            valid_until = Some(inherited.map_or(own, |outer| outer.min(own)));
        }
        match place {
            Place::Entity => self.entity_id = attribute(tag, "entityID")?.unwrap_or_default(),
            Place::Provider if speaks_saml2(tag)? => self.found.push(Entity {
                id: self.entity_id.clone(),
                valid_until,
                keys: Vec::new(),
                redirect: None,
            }),
            Place::Key => self.key(attribute(tag, "use")?),
            Place::Certificate => {
                if let Some(key) = self.last_key() {
                    key.certificates.push(String::new());
                }
            }
            Place::SingleSignOn => self.endpoint(tag)?,
            _ => {}
        }
        // a role for another protocol is no provider, and neither is anything inside it
        let place = match place {
            Place::Provider if !speaks_saml2(tag)? => Place::Elsewhere,
            place => place,
        };
        self.stack.push(Frame { place, valid_until });
        Ok(())
    }

    fn key(&mut self, purpose: Option<String>) {
        if let Some(entity) = self.found.last_mut() {
            entity.keys.push(KeyDescriptor {
                purpose,
                certificates: Vec::new(),
            });
        }
    }

    fn last_key(&mut self) -> Option<&mut KeyDescriptor> {
        self.found.last_mut()?.keys.last_mut()
    }

    fn endpoint(&mut self, tag: &BytesStart<'_>) -> Result<(), Option<MetadataError>> {
        let is_redirect = attribute(tag, "Binding")?.as_deref() == Some(REDIRECT);
        if let Some(entity) = self.found.last_mut()
            && is_redirect
            && entity.redirect.is_none()
        {
            entity.redirect = attribute(tag, "Location")?;
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        let in_certificate = self
            .stack
            .last()
            .is_some_and(|frame| frame.place == Place::Certificate);
        if in_certificate
            && let Some(certificate) = self.last_key().and_then(|key| key.certificates.last_mut())
        {
            certificate.push_str(text);
        }
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, Option<MetadataError>> {
    let Some(attribute) = tag.try_get_attribute(name).map_err(|_| None)? else {
        return Ok(None);
    };
    let raw = std::str::from_utf8(&attribute.value).map_err(|_| None)?;
    let value = quick_xml::escape::unescape(raw).map_err(|_| None)?;
    Ok(Some(value.into_owned()))
}

fn speaks_saml2(tag: &BytesStart<'_>) -> Result<bool, Option<MetadataError>> {
    let protocols = attribute(tag, "protocolSupportEnumeration")?.unwrap_or_default();
    Ok(protocols
        .split_ascii_whitespace()
        .any(|protocol| protocol == SAMLP))
}

fn until(text: &str) -> Option<Timestamp> {
    chrono::DateTime::parse_from_rfc3339(text.trim())
        .ok()
        .map(|time| time.to_utc())
}

fn resolve(reference: &BytesRef<'_>) -> Option<String> {
    if let Some(c) = reference.resolve_char_ref().ok()? {
        return Some(c.to_string());
    }
    let name = reference.decode().ok()?;
    quick_xml::escape::resolve_predefined_entity(&name).map(str::to_owned)
}
