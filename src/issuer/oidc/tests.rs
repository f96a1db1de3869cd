//! Tokens and documents, as AWS reads them.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

use super::*;
use crate::issuer::testing::{Scratch, URL, Words, grant, issuer, now, said};

fn json(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn key_of(set: &Value, kid: &Value) -> Vec<u8> {
    let keys = set["keys"].as_array().unwrap();
    let key = keys.iter().find(|key| key["kid"] == *kid).unwrap();
    assert_eq!(
        (
            key["kty"].as_str(),
            key["crv"].as_str(),
            key["alg"].as_str(),
            key["use"].as_str()
        ),
        (Some("EC"), Some("P-256"), Some("ES256"), Some("sig"))
    );
    let part = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap();
    [vec![4], part("x"), part("y")].concat()
}

#[tokio::test]
async fn a_token_says_who_it_is_and_verifies_with_the_published_key() {
    let scratch = Scratch::with_keys();
    let (issuer, _) = issuer(&scratch.0);
    let token = said(&issuer, &grant("prod/Web", None), &Words::default()).await;
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, signature] = parts[..] else {
        panic!("not three parts");
    };
    let header = json(header);
    assert_eq!(
        (header["alg"].as_str(), header["typ"].as_str()),
        (Some("ES256"), Some("JWT"))
    );
    let set: Value = serde_json::from_str(&issuer.key_set().unwrap()).unwrap();
    let signed = token.rsplit_once('.').unwrap().0;
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key_of(&set, &header["kid"]))
        .verify(
            signed.as_bytes(),
            &URL_SAFE_NO_PAD.decode(signature).unwrap(),
        )
        .unwrap();
    let mut claims = json(claims);
    let id = claims["jti"].take();
    assert_eq!(id.as_str().unwrap().len(), 32, "128 bits");
    let time = now().timestamp();
    assert_eq!(
        claims,
        json!({
            "iss": URL, "sub": "erin@example.com", "aud": "sts.amazonaws.com", "jti": null,
            "iat": time, "nbf": time - 60, "exp": time + 120,
            TAGS: {
                "principal_tags": { "team": ["payments"], "cost centre": ["42"] },
                "transitive_tag_keys": ["team"],
            },
            SOURCE_IDENTITY: "erin@example.com",
        })
    );
}

#[tokio::test]
async fn a_token_without_tags_has_no_claim_of_them_and_two_tokens_have_two_ids() {
    let scratch = Scratch::with_keys();
    let (issuer, _) = issuer(&scratch.0);
    let words = Words {
        source: None,
        tags: Vec::new(),
        transitive: Vec::new(),
        ..Words::default()
    };
    let grant = grant("prod/Web", None);
    let mut ids = Vec::new();
    for _ in 0..2 {
        let token = said(&issuer, &grant, &words).await;
        let claims = json(token.split('.').nth(1).unwrap());
        assert_eq!(claims.as_object().unwrap().len(), 7, "{claims}");
        ids.push(claims["jti"].clone());
    }
    assert_ne!(ids[0], ids[1]);
}

#[tokio::test]
async fn what_sts_would_not_take_is_not_sent() {
    let scratch = Scratch::with_keys();
    let (issuer, _) = issuer(&scratch.0);
    let grant = grant("prod/Web", None);
    let short = Words {
        name: "a@b.c".to_owned(),
        ..Words::default()
    };
    let refused = issuer.vouch(&grant, &short.statement()).await.unwrap_err();
    assert!(matches!(refused, Error::Subject));
    let tags = (0..60).map(|n| (format!("{n}"), "x".repeat(400))).collect();
    let long = Words {
        tags,
        ..Words::default()
    };
    let refused = issuer.vouch(&grant, &long.statement()).await.unwrap_err();
    assert!(matches!(refused, Error::TooLong));
}

#[test]
fn discovery_leads_to_the_key_set() {
    let scratch = Scratch::with_keys();
    let (issuer, _) = issuer(&scratch.0);
    let discovery: Value = serde_json::from_str(&issuer.discovery().unwrap()).unwrap();
    assert_eq!(discovery["issuer"], URL);
    assert_eq!(discovery["jwks_uri"], format!("{URL}/issuer/oidc/jwks"));
    assert_eq!(
        discovery["id_token_signing_alg_values_supported"],
        json!(["ES256"])
    );
    let empty = Scratch::new();
    let (nobody, _) = crate::issuer::testing::issuer(&empty.0);
    assert_eq!(
        (nobody.discovery(), nobody.key_set(), nobody.metadata()),
        (None, None, None)
    );
}

#[test]
fn the_key_set_of_an_rsa_key_has_modulus_and_exponent() {
    use crate::issuer::keys::{Algorithm, Folder, Use};
    let scratch = Scratch::new();
    let order = crate::issuer::testing::order(Use::Oidc, Algorithm::Rs256);
    let folder = Folder::new(&scratch.0);
    folder
        .add(order, now(), &crate::random::SystemRandom)
        .unwrap();
    let (issuer, _) = issuer(&scratch.0);
    let set: Value = serde_json::from_str(&issuer.key_set().unwrap()).unwrap();
    let key = &set["keys"][0];
    assert_eq!(
        (key["kty"].as_str(), key["e"].as_str()),
        (Some("RSA"), Some("AQAB"))
    );
    let modulus = URL_SAFE_NO_PAD.decode(key["n"].as_str().unwrap()).unwrap();
    assert_eq!(modulus.len(), 384);
    assert!(modulus[0] >= 0x80, "no leading zero");
}
