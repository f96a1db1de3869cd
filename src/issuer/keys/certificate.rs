//! The self-signed certificate around a SAML key, which IAM wants in metadata: written, and read back.
//!
//! X.509 v3 (RFC 5280) with two extensions, each once. It certifies nothing: IAM takes the key out of it.

use std::time::Duration;

use chrono::DateTime;
use x509_cert::certificate::{TbsCertificateInner, Version};
use x509_cert::der::asn1::{BitString, GeneralizedTime, ObjectIdentifier, UtcTime};
use x509_cert::der::{self, Any, Decode as _, Encode as _};
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage, KeyUsages};
use x509_cert::ext::{AsExtension as _, Extension};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::time::{Time, Validity};
use x509_cert::{Certificate, TbsCertificate};

use super::signer::LocalKey;
use crate::domain::Timestamp;

/// `sha256WithRSAEncryption` (RFC 4055 §5).
const RSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
/// The first year that `UTCTime` cannot write (RFC 5280 §4.1.2.5).
const FIRST_GENERALIZED: u16 = 2050;

/// What is asked of a certificate.
pub(super) struct Wish<'a> {
    /// Whose: letters, digits and hyphens.
    pub(super) name: &'a str,
    /// Unpredictable.
    pub(super) serial: [u8; 16],
    /// From when on.
    pub(super) from: Timestamp,
    /// Until when.
    pub(super) until: Timestamp,
}

/// What a certificate says.
pub(super) struct Read {
    /// The key in it: a `SubjectPublicKeyInfo` in DER.
    pub(super) public: Vec<u8>,
    /// Until when it is valid.
    pub(super) until: Timestamp,
}

/// Makes one, in DER.
pub(super) fn make(key: &LocalKey, public: &[u8], wish: &Wish<'_>) -> Result<Vec<u8>, der::Error> {
    let algorithm = AlgorithmIdentifierOwned {
        oid: RSA_SHA256,
        parameters: Some(Any::null()),
    };
    let name: Name = format!("CN=Vestibule issuer {}", wish.name).parse()?;
    let mut serial = wish.serial;
    // positive, and of the same length whatever was drawn
    serial[0] = serial[0] & 0x3f | 0x40;
    let tbs: TbsCertificate = TbsCertificateInner {
        version: Version::V3,
        serial_number: SerialNumber::new(&serial)?,
        signature: algorithm.clone(),
        issuer: name.clone(),
        validity: Validity {
            not_before: time(wish.from)?,
            not_after: time(wish.until)?,
        },
        subject: name.clone(),
        subject_public_key_info: SubjectPublicKeyInfoOwned::from_der(public)?,
        issuer_unique_id: None,
        subject_unique_id: None,
        extensions: Some(extensions(&name)?),
    };
    let signature = key
        .sign_here(&tbs.to_der()?)
        .map_err(|_| der::ErrorKind::Failed)?;
    let certificate = Certificate {
        tbs_certificate: tbs,
        signature_algorithm: algorithm,
        signature: BitString::from_bytes(&signature)?,
    };
    certificate.to_der()
}

fn extensions(name: &Name) -> Result<Vec<Extension>, der::Error> {
    let basic = BasicConstraints {
        ca: false,
        path_len_constraint: None,
    };
    let usage = KeyUsage(KeyUsages::DigitalSignature.into());
    let basic = basic.to_extension(name, &[])?;
    let usage = usage.to_extension(name, std::slice::from_ref(&basic))?;
    Ok(vec![basic, usage])
}

/// Reads one.
pub(super) fn read(der: &[u8]) -> Result<Read, der::Error> {
    let certificate = Certificate::from_der(der)?.tbs_certificate;
    let seconds = certificate.validity.not_after.to_unix_duration().as_secs();
    let until = i64::try_from(seconds)
        .ok()
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
        .ok_or(der::ErrorKind::DateTime)?;
    Ok(Read {
        public: certificate.subject_public_key_info.to_der()?,
        until,
    })
}

fn time(at: Timestamp) -> Result<Time, der::Error> {
    let seconds = u64::try_from(at.timestamp()).map_err(|_| der::ErrorKind::DateTime)?;
    let at = der::DateTime::from_unix_duration(Duration::from_secs(seconds))?;
    Ok(if at.year() < FIRST_GENERALIZED {
        Time::UtcTime(UtcTime::from_date_time(at)?)
    } else {
        Time::GeneralTime(GeneralizedTime::from_date_time(at))
    })
}

/// The bits of the key in a `SubjectPublicKeyInfo`: PKCS#1 for RSA, an uncompressed point for a curve.
pub(super) fn key_bits(public: &[u8]) -> Result<Vec<u8>, der::Error> {
    let info = SubjectPublicKeyInfoOwned::from_der(public)?;
    Ok(info.subject_public_key.raw_bytes().to_vec())
}
