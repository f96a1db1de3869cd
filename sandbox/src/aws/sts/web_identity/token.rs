//! The ID token: its form, its signature, and its claims as AWS reads them.
//!
//! Algorithms by allow-list; the key by `kid` from the issuer's key set; times as whole numbers.
//! ES512 is verified here, as the library does not know it. Which claims are right is the business
//! of `rules`.

use aws_lc_rs::signature::{ECDSA_P521_SHA512_FIXED, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{
    AlgorithmParameters, EllipticCurve, Jwk, JwkSet, KeyAlgorithm, PublicKeyUse,
};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use serde_json::{Map, Value};

/// The claims of a token.
pub(super) type Claims = Map<String, Value>;

const ALGORITHMS: &[Algorithm] = &[
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::ES256,
    Algorithm::ES384,
];
/// How many bytes a coordinate on P-521 has.
const P521_BYTES: usize = 66;

/// How a token is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Method {
    Known(Algorithm),
    Es512,
}

/// The header of a token of ES512.
#[derive(Deserialize)]
struct Es512Header {
    alg: String,
    kid: Option<String>,
    crit: Option<Value>,
}

/// Why a token is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum TokenError {
    /// It is not a JWT of a known algorithm.
    #[error("the token is not a JWT")]
    Form,
    /// No key of the issuer verifies it.
    #[error("the token's signature is wrong")]
    Signature,
}

/// A token that looks like one, with nothing verified.
pub(super) struct Unverified<'a> {
    text: &'a str,
    method: Method,
    key_id: Option<String>,
    claims: Claims,
}

impl<'a> Unverified<'a> {
    pub(super) fn read(text: &'a str) -> Result<Self, TokenError> {
        let (method, key_id) = method(text).ok_or(TokenError::Form)?;
        let claims = jsonwebtoken::dangerous::insecure_decode_claims::<Claims>(text);
        Ok(Self {
            text,
            method,
            key_id,
            claims: claims.map_err(|_| TokenError::Form)?,
        })
    }

    /// The issuer it claims: enough to find the provider, and to be believed for nothing else.
    pub(super) fn issuer(&self) -> Option<&str> {
        self.claims.get("iss")?.as_str()
    }

    /// The claims, once a key of the issuer has verified them.
    pub(super) fn verify(self, keys: &JwkSet) -> Result<Claims, TokenError> {
        let wrong = TokenError::Signature;
        let key = self.key(keys).ok_or(wrong)?;
        match self.method {
            Method::Known(algorithm) => {
                let key = DecodingKey::from_jwk(key).map_err(|_| wrong)?;
                let mut validation = Validation::new(algorithm);
                validation.required_spec_claims.clear();
                validation.validate_exp = false;
                validation.validate_nbf = false;
                validation.validate_aud = false;
                let token = decode::<Claims>(self.text, &key, &validation);
                token.map(|token| token.claims).map_err(|_| wrong)
            }
            Method::Es512 => {
                verify_es512(self.text, key).ok_or(wrong)?;
                Ok(self.claims)
            }
        }
    }

    /// The key of the token's `kid`, or the issuer's only key when it names none.
    fn key<'k>(&self, keys: &'k JwkSet) -> Option<&'k Jwk> {
        let fits = |key: &&Jwk| {
            let common = &key.common;
            common
                .public_key_use
                .as_ref()
                .is_none_or(|usage| *usage == PublicKeyUse::Signature)
                && common
                    .key_algorithm
                    .is_none_or(|algorithm| is(algorithm, self.method))
        };
        let mut candidates = keys
            .keys
            .iter()
            .filter(fits)
            .filter(|key| match &self.key_id {
                Some(kid) => key.common.key_id.as_ref() == Some(kid),
                None => true,
            });
        let key = candidates.next()?;
        candidates.next().is_none().then_some(key)
    }
}

/// How a token is signed and by which key, when AWS knows the way.
fn method(text: &str) -> Option<(Method, Option<String>)> {
    if let Ok(header) = decode_header(text) {
        let known = ALGORITHMS.contains(&header.alg) && header.crit.is_none();
        return known.then_some((Method::Known(header.alg), header.kid));
    }
    let header = text.split('.').next()?;
    let header = URL_SAFE_NO_PAD.decode(header).ok()?;
    let header: Es512Header = serde_json::from_slice(&header).ok()?;
    let known = header.alg == "ES512" && header.crit.is_none();
    known.then_some((Method::Es512, header.kid))
}

/// Verifies a token with a key on the curve P-521.
fn verify_es512(text: &str, key: &Jwk) -> Option<()> {
    let AlgorithmParameters::EllipticCurve(parameters) = &key.algorithm else {
        return None;
    };
    if parameters.curve != EllipticCurve::P521 {
        return None;
    }
    let mut point = vec![4];
    for coordinate in [&parameters.x, &parameters.y] {
        let bytes = URL_SAFE_NO_PAD.decode(coordinate).ok()?;
        if bytes.len() != P521_BYTES {
            return None;
        }
        point.extend(bytes);
    }
    let (message, signature) = text.rsplit_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    let key = UnparsedPublicKey::new(&ECDSA_P521_SHA512_FIXED, point);
    key.verify(message.as_bytes(), &signature).ok()
}

fn is(key: KeyAlgorithm, token: Method) -> bool {
    match (key, token) {
        (KeyAlgorithm::RS256, Method::Known(Algorithm::RS256))
        | (KeyAlgorithm::RS384, Method::Known(Algorithm::RS384))
        | (KeyAlgorithm::RS512, Method::Known(Algorithm::RS512))
        | (KeyAlgorithm::ES256, Method::Known(Algorithm::ES256))
        | (KeyAlgorithm::ES384, Method::Known(Algorithm::ES384))
        // the library's name for every algorithm that it does not know; the curve decides
        | (KeyAlgorithm::UNKNOWN_ALGORITHM, Method::Es512) => true,
        _ => false,
    }
}
