//! The signer: one call from bytes to a signature.
//!
//! A seam on purpose: a key that lives in a hardware module or a key service is another implementation of [`Signer`].
//! Here is the one whose key lies in a file. Private keys never leave this file's types, and `Debug` shows none.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use futures_util::future::BoxFuture;
use zeroize::Zeroizing;

use super::Algorithm;

/// The fewest bits of an RSA key, as AWS's own advice and ours is.
const FEWEST_RSA_BYTES: usize = 256;

/// A key that signs, wherever it lies.
pub trait Signer: Send + Sync + fmt::Debug {
    /// Signs `message`: RSA PKCS#1 v1.5 or ECDSA on P-256 (as `r || s`), both with SHA-256.
    fn sign<'a>(&'a self, message: &'a [u8]) -> BoxFuture<'a, Result<Vec<u8>, SignError>>;
}

/// The key did not sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the key did not sign")]
pub struct SignError;

/// A private key that cannot be used, without a word of what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    /// Another kind of key, or none.
    #[error("the private key is not of the algorithm that the list of keys names")]
    Kind,
    /// Too few bits.
    #[error("the RSA key has fewer than 2048 bits")]
    Weak,
    /// None could be made.
    #[error("no key could be made")]
    Unmade,
}

/// A private key in this process's memory, which AWS-LC wipes when it goes.
#[derive(Clone)]
pub(super) struct LocalKey(Arc<Pair>);

enum Pair {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
}

impl fmt::Debug for LocalKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LocalKey(…)")
    }
}

impl LocalKey {
    /// Makes one. The randomness is AWS-LC's own: a key is never made from anything that could be handed in.
    pub(super) fn generate(algorithm: Algorithm) -> Result<Self, BadKey> {
        let pair = match algorithm {
            Algorithm::Rs256 => RsaKeyPair::generate(KeySize::Rsa3072).map(Pair::Rsa),
            Algorithm::Es256 => {
                EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map(Pair::P256)
            }
        };
        pair.map(|pair| Self(Arc::new(pair)))
            .map_err(|_| BadKey::Unmade)
    }

    /// Reads PKCS#8.
    pub(super) fn from_pkcs8(algorithm: Algorithm, pkcs8: &[u8]) -> Result<Self, BadKey> {
        let pair = match algorithm {
            Algorithm::Rs256 => {
                let pair = RsaKeyPair::from_pkcs8(pkcs8).map_err(|_| BadKey::Kind)?;
                if pair.public_modulus_len() < FEWEST_RSA_BYTES {
                    return Err(BadKey::Weak);
                }
                Pair::Rsa(pair)
            }
            Algorithm::Es256 => {
                let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8);
                Pair::P256(pair.map_err(|_| BadKey::Kind)?)
            }
        };
        Ok(Self(Arc::new(pair)))
    }

    /// Gives the private key up, to be written to its file.
    pub(super) fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, BadKey> {
        match self.0.as_ref() {
            Pair::Rsa(pair) => {
                let der: Result<Pkcs8V1Der<'_>, _> = pair.as_der();
                der.map(|der| Zeroizing::new(der.as_ref().to_vec()))
            }
            Pair::P256(pair) => pair
                .to_pkcs8v1()
                .map(|document| Zeroizing::new(document.as_ref().to_vec())),
        }
        .map_err(|_| BadKey::Unmade)
    }

    /// The public half: a `SubjectPublicKeyInfo` in DER.
    pub(super) fn public(&self) -> Result<Vec<u8>, BadKey> {
        let der: Result<PublicKeyX509Der<'_>, _> = match self.0.as_ref() {
            Pair::Rsa(pair) => pair.public_key().as_der(),
            Pair::P256(pair) => pair.public_key().as_der(),
        };
        der.map(|der| der.as_ref().to_vec())
            .map_err(|_| BadKey::Kind)
    }

    /// Signs on this thread: some milliseconds.
    pub(super) fn sign_here(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let random = SystemRandom::new();
        match self.0.as_ref() {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .map_err(|_| SignError)?;
                Ok(signature)
            }
            Pair::P256(pair) => pair
                .sign(&random, message)
                .map(|signature| signature.as_ref().to_vec())
                .map_err(|_| SignError),
        }
    }
}

impl Signer for LocalKey {
    fn sign<'a>(&'a self, message: &'a [u8]) -> BoxFuture<'a, Result<Vec<u8>, SignError>> {
        let (key, message) = (self.clone(), message.to_vec());
        Box::pin(async move {
            // nobody else's request waits for it
            tokio::task::spawn_blocking(move || key.sign_here(&message))
                .await
                .map_err(|_| SignError)?
        })
    }
}
