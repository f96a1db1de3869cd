//! Algorithms and keys: what verifies a token, and everything that must not.

use std::sync::Arc;

use aws_lc_rs::hmac;
use serde_json::{Value, json};

use super::rig::{Rig, sign};
use super::signer::{Signer, base64};

fn hmac_token(secret: &[u8], header: &Value, claims: &Value) -> String {
    let message = format!(
        "{}.{}",
        base64(header.to_string().as_bytes()),
        base64(claims.to_string().as_bytes())
    );
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    let tag = hmac::sign(&key, message.as_bytes());
    format!("{message}.{}", base64(tag.as_ref()))
}

#[tokio::test]
async fn every_accepted_algorithm_verifies_with_a_key_of_its_kind() {
    let rig = Rig::new().await;
    rig.op.publish(&[
        Signer::rsa().jwk("r"),
        Signer::p256().jwk("e2"),
        Signer::p384().jwk("e3"),
    ]);
    for (alg, kid, signer) in [
        ("RS256", "r", Signer::rsa()),
        ("RS384", "r", Signer::rsa()),
        ("RS512", "r", Signer::rsa()),
        ("ES256", "e2", Signer::p256()),
        ("ES384", "e3", Signer::p384()),
    ] {
        let header = json!({"alg": alg, "kid": kid});
        rig.login(&signer.token(&header, &rig.claims()))
            .await
            .unwrap();
        // no byte of the signed text, and none of the signature, may differ
        let token = signer.token(&header, &rig.claims());
        let (message, signature) = token.rsplit_once('.').unwrap();
        let other = signer.token(&header, &rig.claims_with("sub", json!("admin")));
        let other = other.rsplit_once('.').unwrap().0;
        let refused = rig
            .login(&format!("{other}.{signature}"))
            .await
            .unwrap_err();
        assert_eq!(refused.code(), "oidc.signature", "{alg}");
        let short = &signer.sign(alg, message.as_bytes())[1..];
        let refused = rig
            .login(&format!("{message}.{}", base64(short)))
            .await
            .unwrap_err();
        assert_eq!(refused.code(), "oidc.signature", "{alg}");
    }
}

// O9: the hash goes with the algorithm
#[tokio::test]
async fn at_hash_is_made_with_the_digest_of_the_signature() {
    use aws_lc_rs::digest::{SHA256, SHA384, SHA512, digest};
    let rig = Rig::new().await;
    for (alg, hash) in [("RS256", &SHA256), ("RS384", &SHA384), ("RS512", &SHA512)] {
        let full = digest(hash, b"access-1");
        let half = base64(&full.as_ref()[..full.as_ref().len() / 2]);
        let header = json!({"alg": alg, "kid": "k1"});
        let token = Signer::rsa().token(&header, &rig.claims_with("at_hash", json!(half)));
        rig.login(&token).await.unwrap();
        let whole = base64(full.as_ref());
        let token = Signer::rsa().token(&header, &rig.claims_with("at_hash", json!(whole)));
        assert_eq!(rig.login(&token).await.unwrap_err().code(), "oidc.hash");
    }
}

// O5
#[tokio::test]
async fn tokens_without_a_real_signature_are_refused() {
    let rig = Rig::new().await;
    let claims = base64(rig.claims().to_string().as_bytes());
    for alg in [
        "none", "None", "NONE", "nOnE", "", "RS255", "rs256", " RS256", "RS256\0",
    ] {
        let header = base64(json!({"alg": alg, "kid": "k1"}).to_string().as_bytes());
        for signature in ["", "AA"] {
            let token = format!("{header}.{claims}.{signature}");
            let refused = rig.login(&token).await.unwrap_err();
            assert_eq!(refused.code(), "oidc.algorithm", "{alg:?}");
        }
    }
    for header in [
        json!({}),
        json!({"alg": null}),
        json!({"alg": ["RS256"]}),
        json!({"alg": 1}),
    ] {
        let header = base64(header.to_string().as_bytes());
        let refused = rig
            .login(&format!("{header}.{claims}.AA"))
            .await
            .unwrap_err();
        assert_eq!(refused.code(), "oidc.algorithm");
    }
    let header = base64(br#"{"alg":"RS256","kid":"k1"}"#);
    let refused = rig.login(&format!("{header}.{claims}.")).await.unwrap_err();
    assert_eq!(refused.code(), "oidc.signature");
}

// O5: the public key, or our own secret, as a symmetric one
#[tokio::test]
async fn what_is_known_to_others_never_serves_as_a_secret() {
    let rig = Rig::new().await;
    let jwk = Signer::rsa().jwk("k1");
    let text = jwk.to_string();
    let n = jwk["n"].as_str().unwrap();
    let secrets: [&[u8]; 5] = [b"s:e/cret", text.as_bytes(), n.as_bytes(), b"", b"k1"];
    for secret in secrets {
        for alg in ["HS256", "HS384", "HS512"] {
            let token = hmac_token(secret, &json!({"alg": alg, "kid": "k1"}), &rig.claims());
            assert_eq!(
                rig.login(&token).await.unwrap_err().code(),
                "oidc.algorithm"
            );
        }
        // and under the name of an accepted algorithm it is but a bad signature
        let token = hmac_token(secret, &json!({"alg": "RS256", "kid": "k1"}), &rig.claims());
        assert_eq!(
            rig.login(&token).await.unwrap_err().code(),
            "oidc.signature"
        );
    }
    // a published symmetric key is no key of ours
    let oct = json!({"kty": "oct", "kid": "k2", "alg": "HS256", "k": base64(b"secret")});
    rig.op.publish(&[jwk, oct]);
    let token = hmac_token(
        b"secret",
        &json!({"alg": "HS256", "kid": "k2"}),
        &rig.claims(),
    );
    assert_eq!(
        rig.login(&token).await.unwrap_err().code(),
        "oidc.algorithm"
    );
}

// O5
#[tokio::test]
async fn only_the_configured_algorithms_are_accepted() {
    let rig = Rig::with(|config| config.algorithms = vec!["ES256".to_owned()]).await;
    rig.op
        .publish(&[Signer::rsa().jwk("k1"), Signer::p256().jwk("e")]);
    assert_eq!(rig.refusal_of(&rig.claims()).await, "oidc.algorithm");
    let token = Signer::p256().token(&json!({"alg": "ES256", "kid": "e"}), &rig.claims());
    rig.login(&token).await.unwrap();
}

// O5: PS256 is never accepted, and the kinds do not mix
#[tokio::test]
async fn a_key_verifies_only_what_it_is_for() {
    let rig = Rig::new().await;
    let token = Signer::rsa().token(&json!({"alg": "PS256", "kid": "k1"}), &rig.claims());
    assert_eq!(
        rig.login(&token).await.unwrap_err().code(),
        "oidc.algorithm"
    );
    // an RSA-PSS signature under the name of RS256
    let message_of = |alg: &str, kid: &str| {
        let header = json!({"alg": alg, "kid": kid}).to_string();
        format!(
            "{}.{}",
            base64(header.as_bytes()),
            base64(rig.claims().to_string().as_bytes())
        )
    };
    let message = message_of("RS256", "k1");
    let pss = Signer::rsa().sign("PS256", message.as_bytes());
    let refused = rig
        .login(&format!("{message}.{}", base64(&pss)))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), "oidc.signature");

    for (member, value) in [
        ("alg", json!("PS256")),
        ("alg", json!("RS512")),
        ("alg", json!("RSA-OAEP")),
        ("alg", json!(7)),
        ("use", json!("enc")),
        ("use", json!(null)),
        ("key_ops", json!(["sign"])),
        ("key_ops", json!("verify")),
        ("kty", json!("EC")),
        ("kty", json!("rsa")),
        ("n", json!("AQAB")),
        ("n", json!("!")),
        ("e", json!("")),
        ("kid", json!(1)),
    ] {
        let rig = Rig::new().await;
        let mut key = Signer::rsa().jwk("k1");
        key[member] = value.clone();
        rig.op.publish(&[key, Signer::p256().jwk("e")]);
        assert_eq!(
            rig.refusal_of(&rig.claims()).await,
            "oidc.key",
            "{member} {value}"
        );
    }
    for (member, value) in [
        ("alg", json!("RS256")),
        ("use", json!("sig")),
        ("key_ops", json!(["verify"])),
        ("x5c", json!(["junk"])),
    ] {
        let rig = Rig::new().await;
        let mut key = Signer::rsa().jwk("k1");
        key[member] = value;
        rig.op.publish(&[key]);
        rig.login_as(&rig.claims()).await.unwrap();
    }
}

// O5
#[tokio::test]
async fn weak_and_broken_elliptic_signatures_are_refused() {
    let rig = Rig::new().await;
    rig.op.publish(&[Signer::p256().jwk("e")]);
    let header = base64(br#"{"alg":"ES256","kid":"e"}"#);
    let message = format!("{header}.{}", base64(rig.claims().to_string().as_bytes()));
    let order = [
        0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc,
        0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
    ];
    let good = Signer::p256().sign("ES256", message.as_bytes());
    let beyond = [&good[..32], &order].concat();
    for signature in [
        vec![0; 64],
        vec![0; 63],
        vec![0xff; 64],
        [order, order].concat(),
        beyond,
        Vec::new(),
    ] {
        let refused = rig
            .login(&format!("{message}.{}", base64(&signature)))
            .await
            .unwrap_err();
        assert_eq!(refused.code(), "oidc.signature");
    }
    // a point that is not on its curve is no key
    let mut key = Signer::p256().jwk("e");
    key["y"] = key["x"].clone();
    let rig = Rig::new().await;
    rig.op.publish(&[key, Signer::rsa().jwk("k1")]);
    let token = Signer::p256().token(&json!({"alg": "ES256", "kid": "e"}), &rig.claims());
    assert_eq!(rig.login(&token).await.unwrap_err().code(), "oidc.key");
    // and a curve verifies its own algorithm only
    rig.op.publish(&[Signer::p384().jwk("e3")]);
    rig.clock.advance(31);
    let token = Signer::p384().token(&json!({"alg": "ES256", "kid": "e3"}), &rig.claims());
    assert_eq!(rig.login(&token).await.unwrap_err().code(), "oidc.key");
}

#[tokio::test]
async fn many_logins_at_once_are_all_verified() {
    let rig = Arc::new(Rig::new().await);
    rig.give(&sign(&rig.claims()));
    let logins = (0..20).map(|_| {
        let rig = Arc::clone(&rig);
        tokio::spawn(async move { rig.arrive().await.is_ok() })
    });
    for login in futures_util::future::join_all(logins).await {
        assert!(login.unwrap());
    }
    assert_eq!(rig.op.count("/.well-known/openid-configuration"), 1);
    assert_eq!(rig.op.count("/jwks"), 1);
}
