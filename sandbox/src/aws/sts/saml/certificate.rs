//! What IAM looks at in a certificate of a provider's metadata: its key, its extensions, its end.
//!
//! Nothing of it is trusted: only the public key counts, whoever issued the certificate.

use chrono::{DateTime, Utc};
use rsa::pkcs1::RsaPublicKey;
use x509_cert::der::Decode as _;
use x509_cert::der::oid::ObjectIdentifier;

use crate::aws::switches::SamlSwitches;

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const LEAST_BITS: usize = 1024;

/// A certificate.
pub(super) struct Certificate(x509_cert::Certificate);

impl Certificate {
    pub(super) fn read(der: &[u8]) -> Option<Self> {
        x509_cert::Certificate::from_der(der).ok().map(Self)
    }

    /// An RSA key of at least 1,024 bits, and no extension twice.
    pub(super) fn may_be_registered(&self, switches: &SamlSwitches) -> bool {
        let strong = match self.rsa_bits() {
            Some(bits) => bits >= LEAST_BITS,
            None => switches.ecdsa,
        };
        strong && !self.repeats_an_extension()
    }

    /// Whether it has ended.
    pub(super) fn is_over(&self, now: DateTime<Utc>) -> bool {
        let end = self.0.tbs_certificate.validity.not_after.to_unix_duration();
        let end = i64::try_from(end.as_secs()).unwrap_or(i64::MAX);
        now.timestamp() > end
    }

    fn rsa_bits(&self) -> Option<usize> {
        let info = &self.0.tbs_certificate.subject_public_key_info;
        if info.algorithm.oid != RSA {
            return None;
        }
        let bytes = info.subject_public_key.as_bytes()?;
        let key = RsaPublicKey::try_from(bytes).ok()?;
        let modulus = key.modulus.as_bytes();
        let leading = modulus.first().map_or(0, |byte| byte.leading_zeros());
        Some(modulus.len() * 8 - usize::try_from(leading).unwrap_or(0))
    }

    fn repeats_an_extension(&self) -> bool {
        let extensions = self.0.tbs_certificate.extensions.as_deref();
        let extensions = extensions.unwrap_or_default();
        extensions.iter().enumerate().any(|(at, one)| {
            let earlier = &extensions[..at];
            earlier.iter().any(|other| other.extn_id == one.extn_id)
        })
    }
}
