//! Metadata: the identity provider's, read; ours, written.
//!
//! SAML metadata §2. A provider's metadata is text from the configuration: at most 1 MB, no DTD, exactly one entity
//! that is an identity provider, still valid, with a signing certificate strong enough and a place to send people
//! to over https. Everything that is wrong is said; nothing is fetched.

mod certificate;
mod own;
mod read;

use url::{Host, Url};

use crate::domain::Timestamp;

pub(super) use own::write as write_own;

/// A provider's metadata may be this large.
const MAX_METADATA: usize = 1_048_576;

/// What the configuration knows of an identity provider.
#[derive(Debug)]
pub(super) struct Provider {
    /// The `entityID`: the issuer of everything it says.
    pub(super) entity_id: String,
    /// Where people are sent by redirect.
    pub(super) location: Url,
    /// From when on the metadata must not be relied on.
    pub(super) valid_until: Option<Timestamp>,
    /// The keys that it may sign with.
    pub(super) keys: Vec<SigningKey>,
    /// What an operator should look at.
    pub(super) warnings: Vec<MetadataWarning>,
}

/// A certificate whose key may sign.
#[derive(Debug, Clone)]
pub(super) struct SigningKey {
    /// The certificate.
    pub(super) der: Vec<u8>,
}

/// Why a provider's metadata cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MetadataError {
    /// Larger than 1 MB.
    #[error("the metadata is larger than 1 MB")]
    TooLarge,
    /// Not well-formed.
    #[error("the metadata is not well-formed XML (byte {position})")]
    NotXml {
        /// Where.
        position: u64,
    },
    /// A document type declaration.
    #[error("the metadata has a document type declaration, which is refused")]
    DocumentType,
    /// Nested too deeply.
    #[error("the metadata is nested too deeply")]
    TooDeep,
    /// No entity with an `IDPSSODescriptor` for SAML 2.0.
    #[error("the metadata describes no SAML 2.0 identity provider (no IDPSSODescriptor)")]
    NoProvider,
    /// More than one.
    #[error("the metadata describes {count} identity providers; keep only the one meant")]
    SeveralProviders {
        /// How many.
        count: usize,
    },
    /// No usable `entityID`.
    #[error("the metadata's entityID is missing, empty or longer than 1024 characters")]
    EntityId,
    /// A `validUntil` that is no time.
    #[error("the metadata's validUntil is not a time with a zone")]
    ValidUntil,
    /// Its `validUntil` has passed.
    #[error("the metadata expired at {0}; load it anew from the identity provider")]
    Expired(Timestamp),
    /// No certificate that may verify signatures.
    #[error("the metadata has no usable signing certificate{}", list(.0))]
    NoSigningCertificate(Vec<MetadataWarning>),
    /// No `SingleSignOnService` with the HTTP-Redirect binding.
    #[error("the metadata has no SingleSignOnService with the HTTP-Redirect binding")]
    NoRedirect,
    /// Its location is not https.
    #[error(
        "the SingleSignOnService's Location must be an https URL (http on loopback only) without user, password or fragment"
    )]
    Location,
    /// A certificate that one of the verifiers does not read.
    #[error("a signing certificate cannot be used")]
    Key(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The provider is not a SAML one.
    #[error("the identity provider's kind is not saml")]
    Kind,
}

/// Something about a provider's metadata that an operator should look at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MetadataWarning {
    /// The certificate has expired; its key is still accepted, as SAML counts on the metadata for that.
    #[error("certificate {fingerprint} expired at {at}")]
    CertificateExpired {
        /// The beginning of its SHA-256 digest.
        fingerprint: String,
        /// When.
        at: Timestamp,
    },
    /// Its key is not accepted.
    #[error("certificate {fingerprint} is not used: {reason}")]
    CertificateNotUsed {
        /// The beginning of its SHA-256 digest.
        fingerprint: String,
        /// Why.
        reason: &'static str,
    },
    /// A signing `KeyDescriptor` without certificate.
    #[error("a signing key without certificate is not used")]
    KeyWithoutCertificate,
    /// The metadata expires within 30 days.
    #[error("the metadata expires at {0}")]
    ExpiresSoon(Timestamp),
}

fn list(warnings: &[MetadataWarning]) -> String {
    let texts = warnings.iter().map(ToString::to_string);
    texts.fold(String::new(), |list, text| list + "; " + &text)
}

impl Provider {
    /// Reads and checks a provider's metadata.
    pub(super) fn read(text: &str, now: Timestamp) -> Result<Self, MetadataError> {
        if text.len() > MAX_METADATA {
            return Err(MetadataError::TooLarge);
        }
        let mut entities = read::entities(text)?;
        let entity = match entities.len() {
            0 => return Err(MetadataError::NoProvider),
            1 => entities.remove(0),
            count => return Err(MetadataError::SeveralProviders { count }),
        };
        if entity.id.trim().is_empty() || entity.id.chars().count() > 1024 {
            return Err(MetadataError::EntityId);
        }
        let valid_until = entity.valid_until;
        let mut warnings = Vec::new();
        match valid_until {
            Some(until) if until <= now => return Err(MetadataError::Expired(until)),
            Some(until) if until <= now + chrono::TimeDelta::days(30) => {
                warnings.push(MetadataWarning::ExpiresSoon(until));
            }
            _ => {}
        }
        let keys = certificate::signing_keys(&entity.keys, now, &mut warnings);
        if keys.is_empty() {
            return Err(MetadataError::NoSigningCertificate(warnings));
        }
        let location = entity.redirect.ok_or(MetadataError::NoRedirect)?;
        Ok(Self {
            entity_id: entity.id,
            location: check_location(&location)?,
            valid_until,
            keys,
            warnings,
        })
    }
}

fn check_location(text: &str) -> Result<Url, MetadataError> {
    let url = Url::parse(text).map_err(|_| MetadataError::Location)?;
    let loopback = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => return Err(MetadataError::Location),
    };
    let secure = url.scheme() == "https" || (url.scheme() == "http" && loopback);
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    if secure && plain {
        Ok(url)
    } else {
        Err(MetadataError::Location)
    }
}

#[cfg(test)]
mod tests;
