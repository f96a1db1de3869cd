//! Which certificates' keys may sign.
//!
//! `use="signing"`; without any such, the ones without `use` (SAML metadata §2.4.1.1). RSA of 2048 to 8192 bits, or
//! EC on P-256 or P-384. A certificate is only the envelope of its key: who signed it and whether it has expired
//! does not matter to SAML, but an expired one is reported.

use std::fmt::Write as _;

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use x509_cert::Certificate;
use x509_cert::der::asn1::{ObjectIdentifier, UintRef};
use x509_cert::der::{Decode as _, Reader as _, SliceReader};

use super::read::KeyDescriptor;
use super::{MetadataWarning, SigningKey};
use crate::domain::Timestamp;

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");

/// More would only slow every failed verification down.
const MAX_KEYS: usize = 8;

/// The keys among `descriptors` that may sign; what is wrong with the others is added to `warnings`.
pub(super) fn signing_keys(
    descriptors: &[KeyDescriptor],
    now: Timestamp,
    warnings: &mut Vec<MetadataWarning>,
) -> Vec<SigningKey> {
    let any_signing = descriptors
        .iter()
        .any(|key| key.purpose.as_deref() == Some("signing"));
    let wanted = any_signing.then_some("signing");
    let mut keys: Vec<SigningKey> = Vec::new();
    for descriptor in descriptors
        .iter()
        .filter(|key| key.purpose.as_deref() == wanted)
    {
        // a second one belongs to a chain, and whoever holds a key of the chain must not sign
        let Some(first) = descriptor.certificates.first() else {
            warnings.push(MetadataWarning::KeyWithoutCertificate);
            continue;
        };
        match check(first, now) {
            Ok((der, expired)) => {
                warnings.extend(expired);
                if keys.len() == MAX_KEYS {
                    warnings.push(not_used(&der, "there are too many"));
                } else if !keys.iter().any(|key| key.der == der) {
                    keys.push(SigningKey { der });
                }
            }
            Err(problem) => warnings.push(problem),
        }
    }
    keys
}

fn check(
    text: &str,
    now: Timestamp,
) -> Result<(Vec<u8>, Option<MetadataWarning>), MetadataWarning> {
    let dense: String = text.split_ascii_whitespace().collect();
    let der = STANDARD
        .decode(&dense)
        .map_err(|_| not_used(dense.as_bytes(), "it is not base64"))?;
    let certificate = Certificate::from_der(&der)
        .map_err(|_| not_used(&der, "it is not an X.509 certificate"))?;
    check_key(&certificate).map_err(|reason| not_used(&der, reason))?;
    let seconds = certificate
        .tbs_certificate
        .validity
        .not_after
        .to_unix_duration()
        .as_secs();
    let at = i64::try_from(seconds)
        .ok()
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
        .unwrap_or(DateTime::UNIX_EPOCH);
    let expired = (at <= now).then(|| MetadataWarning::CertificateExpired {
        fingerprint: fingerprint(&der),
        at,
    });
    Ok((der, expired))
}

fn check_key(certificate: &Certificate) -> Result<(), &'static str> {
    let key = &certificate.tbs_certificate.subject_public_key_info;
    match key.algorithm.oid {
        RSA => {
            let bits =
                rsa_bits(key.subject_public_key.raw_bytes()).ok_or("its RSA key is malformed")?;
            match bits {
                0..2048 => Err("its RSA key has fewer than 2048 bits"),
                2048..=8192 => Ok(()),
                _ => Err("its RSA key has more than 8192 bits"),
            }
        }
        EC => {
            let curve = key
                .algorithm
                .parameters
                .as_ref()
                .and_then(|any| any.decode_as().ok());
            match curve {
                Some(P256 | P384) => Ok(()),
                _ => Err("its EC key is neither on P-256 nor on P-384"),
            }
        }
        _ => Err("its key is neither RSA nor EC"),
    }
}

/// The length of the modulus.
fn rsa_bits(key: &[u8]) -> Option<usize> {
    let mut reader = SliceReader::new(key).ok()?;
    let modulus = reader
        .sequence(|reader| {
            let modulus = UintRef::decode(reader)?;
            UintRef::decode(reader)?;
            Ok(modulus)
        })
        .ok()?;
    let bytes = modulus.as_bytes();
    let first = bytes.first()?;
    Some(bytes.len() * 8 - first.leading_zeros() as usize)
}

fn not_used(der: &[u8], reason: &'static str) -> MetadataWarning {
    MetadataWarning::CertificateNotUsed {
        fingerprint: fingerprint(der),
        reason,
    }
}

/// The first eight bytes of the SHA-256 digest, as `openssl x509 -fingerprint -sha256` begins.
fn fingerprint(der: &[u8]) -> String {
    let digest = digest::digest(&digest::SHA256, der);
    let mut text = String::with_capacity(24);
    for byte in digest.as_ref().iter().take(8) {
        let separator = if text.is_empty() { "" } else { ":" };
        // writing to a String cannot fail
        let _ = write!(text, "{separator}{byte:02X}");
    }
    text
}
