//! The ID token: its form, its signature, and its claims as AWS reads them.
//!
//! Algorithms by allow-list; the key by `kid` from the issuer's key set; times as whole numbers.
//! Which claims are right is the business of `rules`.

use jsonwebtoken::jwk::{Jwk, JwkSet, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header};
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
    header: Header,
    claims: Claims,
}

impl<'a> Unverified<'a> {
    pub(super) fn read(text: &'a str) -> Result<Self, TokenError> {
        let header = decode_header(text).map_err(|_| TokenError::Form)?;
        let known = ALGORITHMS.contains(&header.alg) && header.crit.is_none();
        let claims = jsonwebtoken::dangerous::insecure_decode_claims::<Claims>(text);
        let claims = claims.map_err(|_| TokenError::Form)?;
        if known {
            Ok(Self {
                text,
                header,
                claims,
            })
        } else {
            Err(TokenError::Form)
        }
    }

    /// The issuer it claims: enough to find the provider, and to be believed for nothing else.
    pub(super) fn issuer(&self) -> Option<&str> {
        self.claims.get("iss")?.as_str()
    }

    /// The claims, once a key of the issuer has verified them.
    pub(super) fn verify(&self, keys: &JwkSet) -> Result<Claims, TokenError> {
        let key = self.key(keys).ok_or(TokenError::Signature)?;
        let key = DecodingKey::from_jwk(key).map_err(|_| TokenError::Signature)?;
        let mut validation = Validation::new(self.header.alg);
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.validate_aud = false;
        let token = decode::<Claims>(self.text, &key, &validation);
        token
            .map(|token| token.claims)
            .map_err(|_| TokenError::Signature)
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
                    .is_none_or(|algorithm| is(algorithm, self.header.alg))
        };
        let mut candidates = keys
            .keys
            .iter()
            .filter(fits)
            .filter(|key| match &self.header.kid {
                Some(kid) => key.common.key_id.as_ref() == Some(kid),
                None => true,
            });
        let key = candidates.next()?;
        candidates.next().is_none().then_some(key)
    }
}

fn is(key: KeyAlgorithm, token: Algorithm) -> bool {
    matches!(
        (key, token),
        (KeyAlgorithm::RS256, Algorithm::RS256)
            | (KeyAlgorithm::RS384, Algorithm::RS384)
            | (KeyAlgorithm::RS512, Algorithm::RS512)
            | (KeyAlgorithm::ES256, Algorithm::ES256)
            | (KeyAlgorithm::ES384, Algorithm::ES384)
    )
}
