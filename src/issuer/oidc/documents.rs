//! The two documents that AWS fetches: discovery (OpenID Connect Discovery 1.0 §3) and the key set (RFC 7517 §5).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use x509_cert::der::asn1::UintRef;
use x509_cert::der::{Decode as _, Reader as _, SliceReader};

use crate::issuer::KEY_SET_PATH;
use crate::issuer::keys::{Algorithm, Key};

/// Says where the keys are; `home` is where people begin.
pub(in crate::issuer) fn discovery(issuer: &str, home: &str, keys: &[&Key]) -> String {
    let mut algorithms: Vec<&str> = keys.iter().map(|key| key.algorithm.name()).collect();
    algorithms.sort_unstable();
    algorithms.dedup();
    let document = json!({
        "issuer": issuer,
        "jwks_uri": format!("{issuer}{KEY_SET_PATH}"),
        "authorization_endpoint": home,
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": algorithms,
        "claims_supported": ["iss", "sub", "aud", "iat", "nbf", "exp", "jti"],
    });
    pretty(&document)
}

/// The public halves of the keys.
pub(in crate::issuer) fn key_set(keys: &[&Key]) -> String {
    let keys: Vec<Value> = keys.iter().filter_map(|key| public_key(key)).collect();
    pretty(&json!({ "keys": keys }))
}

fn pretty(document: &Value) -> String {
    // the alternate form is the indented one
    format!("{document:#}\n")
}

/// A key as RFC 7518 §6 writes it; `None` if its bits are not those of its kind, which reading has ruled out.
fn public_key(key: &Key) -> Option<Value> {
    let bits = key.public_bits()?;
    let mut jwk = json!({
        "use": "sig",
        "kid": key.id,
        "alg": key.algorithm.name(),
    });
    let encoded = |bytes: &[u8]| Value::from(URL_SAFE_NO_PAD.encode(bytes));
    match key.algorithm {
        Algorithm::Rs256 => {
            let (modulus, exponent) = rsa_numbers(&bits)?;
            jwk["kty"] = "RSA".into();
            jwk["n"] = encoded(modulus);
            jwk["e"] = encoded(exponent);
        }
        Algorithm::Es256 => {
            let (x, y) = bits.strip_prefix(&[4])?.split_at_checked(32)?;
            jwk["kty"] = "EC".into();
            jwk["crv"] = "P-256".into();
            jwk["x"] = encoded(x);
            jwk["y"] = encoded(y);
        }
    }
    Some(jwk)
}

/// Modulus and exponent of a PKCS#1 public key.
fn rsa_numbers(bits: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut reader = SliceReader::new(bits).ok()?;
    reader
        .sequence(|reader| {
            let modulus = UintRef::decode(reader)?;
            let exponent = UintRef::decode(reader)?;
            Ok((modulus.as_bytes(), exponent.as_bytes()))
        })
        .ok()
}
