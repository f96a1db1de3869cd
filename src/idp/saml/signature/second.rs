//! The second verifier: libxmlsec, by way of samael.
//!
//! Only documents that the first accepted come here, with only the keys that it needed: what libxmlsec would do to
//! unverified input (fetch references, run transforms, print what it read to standard error) nobody can make it
//! do. `ReduceMode::PreDigest` is samael's strictest and its only linear mode.

use std::sync::Once;

use samael::crypto::{
    AllowedSignatureAlgorithm, CertificateDer, Crypto, CryptoProvider as _, ReduceMode,
};

use crate::idp::saml::Error;
use crate::idp::saml::metadata::SigningKey;

const ALLOWED: [AllowedSignatureAlgorithm; 6] = [
    AllowedSignatureAlgorithm::RsaSha256,
    AllowedSignatureAlgorithm::RsaSha384,
    AllowedSignatureAlgorithm::RsaSha512,
    AllowedSignatureAlgorithm::EcdsaSha256,
    AllowedSignatureAlgorithm::EcdsaSha384,
    AllowedSignatureAlgorithm::EcdsaSha512,
];

pub(super) struct Verifier {
    certificates: Vec<CertificateDer>,
}

impl Verifier {
    pub(super) fn new(keys: &[SigningKey]) -> Self {
        warm_up();
        Self {
            certificates: keys
                .iter()
                .map(|key| CertificateDer::from(key.der.clone()))
                .collect(),
        }
    }

    /// Verifies all signatures with the `keys` named by their index; gives the canonical bytes of the response if
    /// it is signed, else of the assertion.
    pub(super) fn verify(&self, xml: &str, keys: &[usize]) -> Result<String, Error> {
        let certificates: Vec<CertificateDer> = keys
            .iter()
            .filter_map(|index| self.certificates.get(*index).cloned())
            .collect();
        Crypto::reduce_xml_to_signed_with_allowed_algorithms(
            xml,
            &certificates,
            ReduceMode::PreDigest,
            Some(&ALLOWED),
        )
        .map_err(|_| Error::SecondOpinion("it does not verify"))
    }
}

/// Initialises libxml2 and libxmlsec, which is not safe to leave to the first of several threads. Done whenever a
/// provider is loaded; calling it at the start of `main` does no harm.
pub fn warm_up() {
    static DONE: Once = Once::new();
    DONE.call_once(|| {
        let certificate = CertificateDer::from(include_bytes!("warm-up.der").to_vec());
        // without a signature there is nothing to verify: only the libraries are loaded
        let nothing = Crypto::verify_signed_xml("<nothing/>", &certificate, None);
        debug_assert!(nothing.is_err(), "nothing was signed");
    });
}
