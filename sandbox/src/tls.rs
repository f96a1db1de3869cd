//! A certificate authority for tests: https on loopback, so that faults which plain http hides can be seen.
//!
//! It is made anew each time and trusted by nobody who was not told to.

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, PublicKeyData as _,
};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// Why no certificate could be made.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// Making a key or a certificate failed.
    #[error("a certificate could not be made")]
    Certificate(#[from] rcgen::Error),
    /// The certificate does not make a server.
    #[error("a certificate was refused")]
    Server(#[from] rustls::Error),
}

/// A certificate authority.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

/// What a server shows.
pub struct Identity {
    /// Ready to serve with.
    pub server: ServerConfig,
    /// The certificate and the authority's, as PEM.
    pub certificate_pem: String,
    /// Its private key, as PEM.
    pub key_pem: String,
    /// The SHA-256 of its public key in base64, as Chromium's `--ignore-certificate-errors-spki-list` wants it.
    pub spki_sha256: String,
}

impl Authority {
    /// A new authority.
    pub fn new() -> Result<Self, TlsError> {
        let mut parameters = CertificateParams::default();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters
            .distinguished_name
            .push(DnType::CommonName, "Vestibule sandbox authority");
        Ok(Self {
            issuer: CertifiedIssuer::self_signed(parameters, KeyPair::generate()?)?,
        })
    }

    /// Its certificate, as PEM.
    pub fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// A server's certificate for `names`: host names and addresses.
    pub fn identity(&self, names: &[&str]) -> Result<Identity, TlsError> {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let key = KeyPair::generate()?;
        let certificate = CertificateParams::new(names)?.signed_by(&key, &self.issuer)?;
        let chain = vec![certificate.der().clone(), self.issuer.der().clone()];
        let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = std::sync::Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let server = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, private)?;
        let spki = digest::digest(&digest::SHA256, &key.subject_public_key_info());
        Ok(Identity {
            server,
            certificate_pem: format!("{}{}", certificate.pem(), self.pem()),
            key_pem: key.serialize_pem(),
            spki_sha256: STANDARD.encode(spki),
        })
    }
}
