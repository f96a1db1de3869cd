//! O5: the classes of bad published keys that public collections of test vectors know, made here case by case.

use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use serde_json::{Map, Value, json};

use super::classes::refused;
use super::rig::Rig;
use super::signer::{Signer, base64};

/// Changes a member of a key, or takes it away.
fn with(mut key: Value, name: &str, value: Value) -> Value {
    let members: &mut Map<String, Value> = key.as_object_mut().unwrap();
    if value.is_null() {
        members.remove(name);
    } else {
        members.insert(name.to_owned(), value);
    }
    key
}

fn rsa() -> Value {
    Signer::rsa().jwk("k1")
}

fn curve() -> Value {
    Signer::p256().jwk("k1")
}

fn bad_rsa_keys() -> Vec<Value> {
    let n = rsa()["n"].as_str().unwrap().to_owned();
    let even = format!("{}A", &n[..n.len() - 1]);
    vec![
        with(rsa(), "kty", Value::Null),
        with(rsa(), "kty", json!("oct")),
        with(rsa(), "kty", json!("OKP")),
        with(rsa(), "kty", json!("EC")),
        with(rsa(), "use", json!("enc")),
        with(rsa(), "use", json!("SIG")),
        with(rsa(), "use", json!(["sig"])),
        with(rsa(), "key_ops", json!(["sign"])),
        with(rsa(), "key_ops", json!(["encrypt", "wrapKey"])),
        with(rsa(), "key_ops", json!([])),
        with(rsa(), "key_ops", json!("verify")),
        with(rsa(), "alg", json!("RS512")),
        with(rsa(), "alg", json!("PS256")),
        with(rsa(), "alg", json!("RSA-OAEP")),
        with(rsa(), "alg", json!("none")),
        with(rsa(), "alg", json!("")),
        with(rsa(), "n", Value::Null),
        with(rsa(), "n", json!("")),
        with(rsa(), "n", json!(n[..n.len() / 2])),
        with(rsa(), "n", json!(even)),
        with(rsa(), "n", json!(format!("{n}="))),
        with(rsa(), "n", json!(n.replace(['-', '_'], "+"))),
        with(rsa(), "n", json!(7)),
        with(rsa(), "e", Value::Null),
        with(rsa(), "e", json!("")),
        with(rsa(), "e", json!("AA")),
        with(rsa(), "e", json!("AQ")),
        with(rsa(), "e", json!("Ag")),
        with(rsa(), "e", json!("BA")),
        with(rsa(), "e", json!("AQAA")),
        with(rsa(), "e", json!(65_537)),
    ]
}

fn other_bad_keys() -> Vec<Value> {
    let x = curve()["x"].as_str().unwrap().to_owned();
    vec![
        with(curve(), "crv", Value::Null),
        with(curve(), "crv", json!("P-384")),
        with(curve(), "crv", json!("P-521")),
        with(curve(), "crv", json!("secp256k1")),
        with(curve(), "crv", json!("p-256")),
        with(curve(), "x", Value::Null),
        with(curve(), "y", Value::Null),
        with(curve(), "y", json!(x)),
        with(curve(), "x", json!("AA")),
        with(curve(), "x", json!(base64(&[0; 32]))),
        with(curve(), "x", json!(base64(&[0xff; 32]))),
        with(curve(), "y", json!(base64(&[0; 33]))),
        with(curve(), "alg", json!("RS256")),
        with(curve(), "alg", json!("ES384")),
        with(curve(), "kty", json!("RSA")),
        with(curve(), "use", json!("enc")),
        json!({"kty": "oct", "kid": "k1", "k": "AAAA", "alg": "HS256"}),
        json!({"kty": "OKP", "kid": "k1", "crv": "Ed25519", "x": base64(&[9; 32])}),
        json!("k1"),
        json!(null),
        json!([]),
        json!({}),
    ]
}

#[tokio::test]
async fn o5_keys_that_are_malformed_weak_or_for_something_else_verify_nothing() {
    for key in bad_rsa_keys().into_iter().chain(other_bad_keys()) {
        let rig = Rig::new().await;
        // another key, so that the set is not refused as a whole
        rig.op.publish(&[key.clone(), Signer::p384().jwk("e3")]);
        for (alg, signer) in [("RS256", Signer::rsa()), ("ES256", Signer::p256())] {
            let token = signer.token(&json!({"alg": alg, "kid": "k1"}), &rig.claims());
            refused(
                &rig,
                &format!("{alg}: {key}"),
                &token,
                &["oidc.key", "oidc.signature"],
            )
            .await;
        }
    }
    for size in [1024, 1536] {
        small_modulus(size).await;
    }
    for right in [
        rsa(),
        curve(),
        with(rsa(), "d", json!("AQAB")),
        with(rsa(), "key_ops", json!(["verify"])),
    ] {
        let rig = Rig::new().await;
        let (alg, signer) = if right["kty"] == "RSA" {
            ("RS256", Signer::rsa())
        } else {
            ("ES256", Signer::p256())
        };
        rig.op.publish(&[right]);
        let token = signer.token(&json!({"alg": alg, "kid": "k1"}), &rig.claims());
        rig.login(&token).await.unwrap();
    }
}

/// A modulus below 2,048 bits: the high half of a real one, which is as good as any for being refused by its length.
async fn small_modulus(bits: usize) {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let whole = pair
        .public_key()
        .modulus()
        .big_endian_without_leading_zero()
        .to_vec();
    let mut n = whole[..bits / 8].to_vec();
    *n.last_mut().unwrap() |= 1;
    let padded = [vec![0; 32 - 1 + (2048 - bits) / 8], n.clone()].concat();
    for modulus in [n, padded] {
        let rig = Rig::new().await;
        let key = json!({"kty": "RSA", "kid": "k1", "e": "AQAB", "n": base64(&modulus)});
        rig.op.publish(&[key, Signer::p384().jwk("e3")]);
        let token = Signer::rsa().token(&json!({"alg": "RS256", "kid": "k1"}), &rig.claims());
        refused(&rig, &format!("{bits} bits"), &token, &["oidc.key"]).await;
    }
}
