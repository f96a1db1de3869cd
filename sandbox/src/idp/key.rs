//! The demo providers' signing keys: RSA-2048, P-256 and P-384, made anew in every process.
//!
//! One key type serves XML signatures and JWTs, and knows its certificate (for metadata) and its JWK (for a JWKS).
//! SHA-1 can be asked for, because refusing it is something that Vestibule's tests must see. Nothing here is ever
//! written to disk.

use std::sync::{Arc, OnceLock};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _,
    RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RsaEncoding, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rcgen::{CertificateParams, DnType, KeyPair};
use serde_json::{Value, json};

/// Why a key could not be made or used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Making the key pair or its certificate failed.
    #[error("a signing key could not be made")]
    Generate(#[from] rcgen::Error),
    /// The library that signs refused the key pair.
    #[error("a signing key was refused")]
    Rejected(#[from] aws_lc_rs::error::KeyRejected),
    /// Signing failed.
    #[error("signing failed")]
    Sign,
    /// An algorithm was asked of a key that cannot serve it.
    #[error("a key of kind {0:?} cannot sign with {1:?}")]
    Mismatch(KeyKind, Algorithm),
}

/// What a key is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA with 2,048 bits.
    Rsa,
    /// The curve P-256.
    P256,
    /// The curve P-384.
    P384,
}

/// A signature algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// RSA PKCS#1 v1.5 with SHA-1: for negative tests.
    RsaSha1,
    /// RSA PKCS#1 v1.5 with SHA-256.
    RsaSha256,
    /// RSA PKCS#1 v1.5 with SHA-384.
    RsaSha384,
    /// RSA PKCS#1 v1.5 with SHA-512.
    RsaSha512,
    /// ECDSA on P-256 with SHA-256.
    EcdsaSha256,
    /// ECDSA on P-384 with SHA-384.
    EcdsaSha384,
}

impl Algorithm {
    /// The kind of key that it needs.
    pub fn key_kind(self) -> KeyKind {
        match self {
            Self::RsaSha1 | Self::RsaSha256 | Self::RsaSha384 | Self::RsaSha512 => KeyKind::Rsa,
            Self::EcdsaSha256 => KeyKind::P256,
            Self::EcdsaSha384 => KeyKind::P384,
        }
    }
}

enum Material {
    Rsa { pair: RsaKeyPair, pkcs8: Vec<u8> },
    Ec(EcdsaKeyPair),
}

/// A signing key with its certificate.
pub struct Key {
    id: String,
    kind: KeyKind,
    material: Material,
    certificate: Vec<u8>,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Key")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl Key {
    /// Makes a key pair and a self-signed certificate for it.
    pub fn generate(kind: KeyKind) -> Result<Arc<Self>, KeyError> {
        let (pair, name) = match kind {
            KeyKind::Rsa => (
                KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048)?,
                "rsa",
            ),
            KeyKind::P256 => (
                KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?,
                "p256",
            ),
            KeyKind::P384 => (
                KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384)?,
                "p384",
            ),
        };
        let mut parameters = CertificateParams::default();
        parameters
            .distinguished_name
            .push(DnType::CommonName, "Vestibule sandbox identity provider");
        let certificate = parameters.self_signed(&pair)?.der().to_vec();
        let pkcs8 = pair.serialized_der();
        let material = match kind {
            KeyKind::Rsa => Material::Rsa {
                pair: RsaKeyPair::from_pkcs8(pkcs8)?,
                pkcs8: pkcs8.to_vec(),
            },
            KeyKind::P256 => Material::Ec(EcdsaKeyPair::from_pkcs8(
                &ECDSA_P256_SHA256_FIXED_SIGNING,
                pkcs8,
            )?),
            KeyKind::P384 => Material::Ec(EcdsaKeyPair::from_pkcs8(
                &ECDSA_P384_SHA384_FIXED_SIGNING,
                pkcs8,
            )?),
        };
        Ok(Arc::new(Self {
            id: format!("{name}-{}", short_id(&certificate)),
            kind,
            material,
            certificate,
        }))
    }

    /// The name under which it stands in a JWKS.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it is made of.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// Its self-signed certificate, in base64.
    pub fn certificate_base64(&self) -> String {
        STANDARD.encode(&self.certificate)
    }

    /// The public key: PKCS#1 for RSA, an uncompressed point for a curve.
    pub fn public_bytes(&self) -> &[u8] {
        match &self.material {
            Material::Rsa { pair, .. } => pair.public_key().as_ref(),
            Material::Ec(pair) => pair.public_key().as_ref(),
        }
    }

    /// Signs `message`. Signatures on a curve are `r || s`, as XML signatures and JWTs want them.
    pub fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        if algorithm.key_kind() != self.kind {
            return Err(KeyError::Mismatch(self.kind, algorithm));
        }
        match &self.material {
            Material::Ec(pair) => pair
                .sign(&SystemRandom::new(), message)
                .map(|signature| signature.as_ref().to_vec())
                .map_err(|_| KeyError::Sign),
            Material::Rsa { pair, pkcs8 } => {
                let encoding: &'static dyn RsaEncoding = match algorithm {
                    Algorithm::RsaSha384 => &RSA_PKCS1_SHA384,
                    Algorithm::RsaSha512 => &RSA_PKCS1_SHA512,
                    Algorithm::RsaSha1 => return sign_sha1(pkcs8, message),
                    _ => &RSA_PKCS1_SHA256,
                };
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(encoding, &SystemRandom::new(), message, &mut signature)
                    .map_err(|_| KeyError::Sign)?;
                Ok(signature)
            }
        }
    }

    /// The public half as a JWK.
    pub fn jwk(&self) -> Value {
        let public = self.public_bytes();
        match self.kind {
            KeyKind::Rsa => {
                let (modulus, exponent) = rsa_components(public);
                json!({
                    "kty": "RSA", "use": "sig", "kid": self.id,
                    "n": URL_SAFE_NO_PAD.encode(modulus), "e": URL_SAFE_NO_PAD.encode(exponent),
                })
            }
            KeyKind::P256 | KeyKind::P384 => {
                let (x, y) = public[1..].split_at((public.len() - 1) / 2);
                let (curve, algorithm) = if self.kind == KeyKind::P256 {
                    ("P-256", "ES256")
                } else {
                    ("P-384", "ES384")
                };
                json!({
                    "kty": "EC", "use": "sig", "kid": self.id, "crv": curve, "alg": algorithm,
                    "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y),
                })
            }
        }
    }
}

/// A name for a key that differs from every other key's.
fn short_id(certificate: &[u8]) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, certificate);
    URL_SAFE_NO_PAD.encode(&digest.as_ref()[..6])
}

/// What AWS-LC does not sign any more, and some identity providers still do.
fn sign_sha1(pkcs8: &[u8], message: &[u8]) -> Result<Vec<u8>, KeyError> {
    use rsa::pkcs8::DecodePrivateKey as _;
    // DigestInfo of SHA-1 (RFC 8017, section 9.2, note 1)
    const PREFIX: [u8; 15] = [
        0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14,
    ];
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, message);
    let padding = rsa::Pkcs1v15Sign {
        hash_len: Some(20),
        prefix: PREFIX.into(),
    };
    rsa::RsaPrivateKey::from_pkcs8_der(pkcs8)
        .map_err(|_| KeyError::Sign)?
        .sign(padding, digest.as_ref())
        .map_err(|_| KeyError::Sign)
}

/// Modulus and exponent of a PKCS#1 public key: a DER sequence of two integers.
fn rsa_components(der: &[u8]) -> (&[u8], &[u8]) {
    fn value(der: &[u8]) -> (&[u8], &[u8]) {
        let (length, header) = match der[1] {
            0x81 => (usize::from(der[2]), 3),
            0x82 => (usize::from(der[2]) << 8 | usize::from(der[3]), 4),
            short => (usize::from(short), 2),
        };
        (&der[header..header + length], &der[header + length..])
    }
    fn unsigned(integer: &[u8]) -> &[u8] {
        integer.strip_prefix(&[0]).unwrap_or(integer)
    }
    let (sequence, _) = value(der);
    let (modulus, rest) = value(sequence);
    let (exponent, _) = value(rest);
    (unsigned(modulus), unsigned(exponent))
}

/// The keys of one demo provider.
#[derive(Debug, Clone)]
pub struct KeySet {
    /// RSA-2048.
    pub rsa: Arc<Key>,
    /// P-256.
    pub p256: Arc<Key>,
    /// P-384.
    pub p384: Arc<Key>,
}

impl KeySet {
    /// Fresh keys.
    pub fn generate() -> Result<Self, KeyError> {
        Ok(Self {
            rsa: Key::generate(KeyKind::Rsa)?,
            p256: Key::generate(KeyKind::P256)?,
            p384: Key::generate(KeyKind::P384)?,
        })
    }

    /// Keys made once in this process for `slot`: test suites start many sandboxes, and RSA keys take long to make.
    pub fn of_process(slot: &'static OnceLock<Self>) -> Result<Self, KeyError> {
        if let Some(keys) = slot.get() {
            return Ok(keys.clone());
        }
        let made = Self::generate()?;
        Ok(slot.get_or_init(|| made).clone())
    }

    /// The key that serves `algorithm`.
    pub fn for_algorithm(&self, algorithm: Algorithm) -> &Arc<Key> {
        match algorithm.key_kind() {
            KeyKind::Rsa => &self.rsa,
            KeyKind::P256 => &self.p256,
            KeyKind::P384 => &self.p384,
        }
    }

    /// All of them.
    pub fn all(&self) -> [&Arc<Key>; 3] {
        [&self.rsa, &self.p256, &self.p384]
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{
        ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
        RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
    };

    use super::*;

    #[test]
    fn signatures_verify_with_the_published_keys() {
        let keys = KeySet::generate().unwrap();
        let message = b"who goes there";
        let signature = keys.rsa.sign(Algorithm::RsaSha256, message).unwrap();
        let jwk = keys.rsa.jwk();
        let decode = |name: &str| URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap()).unwrap();
        let public = RsaPublicKeyComponents {
            n: decode("n"),
            e: decode("e"),
        };
        public
            .verify(&RSA_PKCS1_2048_8192_SHA256, message, &signature)
            .unwrap();
        let sha1 = keys.rsa.sign(Algorithm::RsaSha1, message).unwrap();
        UnparsedPublicKey::new(
            &RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
            keys.rsa.public_bytes(),
        )
        .verify(message, &sha1)
        .unwrap();
        let curve = keys.p256.sign(Algorithm::EcdsaSha256, message).unwrap();
        assert_eq!(curve.len(), 64);
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, keys.p256.public_bytes())
            .verify(message, &curve)
            .unwrap();
        assert_eq!(keys.p384.jwk()["crv"], "P-384");
        assert_eq!(decode("e"), [1, 0, 1]);
    }

    #[test]
    fn a_key_refuses_an_algorithm_of_another_kind() {
        let key = Key::generate(KeyKind::P256).unwrap();
        assert!(matches!(
            key.sign(Algorithm::RsaSha256, b""),
            Err(KeyError::Mismatch(KeyKind::P256, Algorithm::RsaSha256))
        ));
    }
}
