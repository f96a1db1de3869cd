//! The provider's public keys: its JWK Set, read once and kept ready for verifying.
//!
//! RFC 7517 and RFC 7518. A key that we cannot or must not use (encryption, symmetric, RSA below 2,048 bits, a
//! curve or an algorithm that is not ours) is left out, for providers publish such keys for others. What a key says
//! of itself (`kty`, `use`, `key_ops`, `alg`) binds it: it verifies nothing else. Knows nothing of HTTP or tokens.

use std::fmt;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RsaParameters, RsaPublicKeyComponents,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::json::Object;

/// How many usable keys are taken; the rest are not looked at.
const KEYS: usize = 100;
/// The smallest RSA modulus, in bytes.
const RSA_BYTES: usize = 2048 / 8;

/// A signature algorithm that we verify (RFC 7518 §3.1). There is no `none`, no HMAC and no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
}

impl Algorithm {
    /// By its name, which is case-sensitive.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "RS256" => Self::Rs256,
            "RS384" => Self::Rs384,
            "RS512" => Self::Rs512,
            "ES256" => Self::Es256,
            "ES384" => Self::Es384,
            _ => return None,
        })
    }

    fn rsa(self) -> Option<&'static RsaParameters> {
        match self {
            Self::Rs256 => Some(&RSA_PKCS1_2048_8192_SHA256),
            Self::Rs384 => Some(&RSA_PKCS1_2048_8192_SHA384),
            Self::Rs512 => Some(&RSA_PKCS1_2048_8192_SHA512),
            Self::Es256 | Self::Es384 => None,
        }
    }
}

/// Why a key set was refused as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeysError {
    /// There is no array `keys`.
    #[error("the key set has no array of keys")]
    Form,
    /// None of the keys verifies an accepted algorithm.
    #[error("the key set has no key for an accepted algorithm")]
    None,
}

/// The keys of one provider, ready for use.
pub struct KeySet {
    keys: Vec<Key>,
}

impl fmt::Debug for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeySet({} keys)", self.keys.len())
    }
}

struct Key {
    kid: Option<String>,
    verifiers: Vec<(Algorithm, ParsedPublicKey)>,
}

/// What a key set says to a token's header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// A key verifies the signature.
    Good,
    /// Keys were tried and none verifies it.
    Bad,
    /// No key has this `kid`, or none is for this algorithm.
    NoKey,
}

impl KeySet {
    /// Reads a JWK Set, keeping the keys that verify one of `accepted`.
    pub fn read(set: &Object, accepted: &[Algorithm]) -> Result<Self, KeysError> {
        let Some(Value::Array(listed)) = set.get("keys") else {
            return Err(KeysError::Form);
        };
        let keys: Vec<Key> = listed
            .iter()
            .filter_map(|key| Key::read(key.as_object()?, accepted))
            .take(KEYS)
            .collect();
        if keys.is_empty() {
            return Err(KeysError::None);
        }
        Ok(Self { keys })
    }

    /// Verifies with the keys of this `kid`, or, for a token that names none, with every key for the algorithm.
    pub fn verify(
        &self,
        (algorithm, kid): (Algorithm, Option<&str>),
        message: &[u8],
        signature: &[u8],
    ) -> Verdict {
        let mut verdict = Verdict::NoKey;
        let named = |key: &&Key| kid.is_none() || key.kid.as_deref() == kid;
        for key in self.keys.iter().filter(named) {
            for (_, verifier) in key.verifiers.iter().filter(|(a, _)| *a == algorithm) {
                if verifier.verify_sig(message, signature).is_ok() {
                    return Verdict::Good;
                }
                verdict = Verdict::Bad;
            }
        }
        verdict
    }
}

impl Key {
    fn read(jwk: &Object, accepted: &[Algorithm]) -> Option<Self> {
        let kid = match jwk.get("kid") {
            None => None,
            Some(kid) => Some(kid.as_str()?.to_owned()),
        };
        if !is_for_verifying(jwk) {
            return None;
        }
        let own = match jwk.get("alg") {
            None => None,
            Some(name) => Some(Algorithm::parse(name.as_str()?)?),
        };
        let usable = |algorithm: &Algorithm| {
            accepted.contains(algorithm) && own.is_none_or(|own| own == *algorithm)
        };
        let verifiers: Vec<_> = match jwk.get("kty")?.as_str()? {
            "RSA" => rsa_verifiers(jwk)?
                .into_iter()
                .filter(|(algorithm, _)| usable(algorithm))
                .collect(),
            "EC" => Some(ec_verifier(jwk)?)
                .into_iter()
                .filter(|(algorithm, _)| usable(algorithm))
                .collect(),
            _ => return None,
        };
        (!verifiers.is_empty()).then_some(Self { kid, verifiers })
    }
}

/// What `use` and `key_ops` say, if they say anything.
fn is_for_verifying(jwk: &Object) -> bool {
    let by_use = jwk.get("use").is_none_or(|value| value == "sig");
    let by_operations = jwk.get("key_ops").is_none_or(|value| {
        value
            .as_array()
            .is_some_and(|operations| operations.iter().any(|operation| operation == "verify"))
    });
    by_use && by_operations
}

fn rsa_verifiers(jwk: &Object) -> Option<Vec<(Algorithm, ParsedPublicKey)>> {
    let mut n = number(jwk, "n")?;
    let e = number(jwk, "e")?;
    // some providers write the sign byte of a signed big integer
    while n.first() == Some(&0) {
        n.remove(0);
    }
    if n.len() < RSA_BYTES
        || n.first()
            .is_none_or(|top| n.len() == RSA_BYTES && *top < 0x80)
    {
        return None;
    }
    let components = RsaPublicKeyComponents { n, e };
    [Algorithm::Rs256, Algorithm::Rs384, Algorithm::Rs512]
        .into_iter()
        .map(|algorithm| {
            let key = components.to_parsed_public_key(algorithm.rsa()?).ok()?;
            Some((algorithm, key))
        })
        .collect()
}

fn ec_verifier(jwk: &Object) -> Option<(Algorithm, ParsedPublicKey)> {
    let (x, y) = (number(jwk, "x")?, number(jwk, "y")?);
    let (algorithm, verification, length): (
        _,
        &'static dyn aws_lc_rs::signature::VerificationAlgorithm,
        _,
    ) = match jwk.get("crv")?.as_str()? {
        "P-256" => (Algorithm::Es256, &ECDSA_P256_SHA256_FIXED, 32),
        "P-384" => (Algorithm::Es384, &ECDSA_P384_SHA384_FIXED, 48),
        _ => return None,
    };
    if x.len() != length || y.len() != length {
        return None;
    }
    // SEC 1 §2.3.3, uncompressed
    let point = [&[4_u8][..], &x, &y].concat();
    Some((algorithm, ParsedPublicKey::new(verification, point).ok()?))
}

fn number(jwk: &Object, name: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(jwk.get(name)?.as_str()?).ok()
}
