//! Headers and forms: what a token may say of its key and of itself, and how large it may be.

use std::time::{Duration, Instant};

use serde_json::json;

use super::fake::FakeProvider;
use super::rig::{Rig, sign};
use super::signer::{Signer, base64};

// O6
#[tokio::test]
async fn a_key_id_is_compared_and_nothing_else() {
    let rig = Rig::new().await;
    for kid in [
        "../../../dev/null",
        "k1' OR '1'='1",
        "k1\0",
        "K1",
        "",
        "k",
        &"k".repeat(512),
    ] {
        let token = Signer::rsa().token(&json!({"alg": "RS256", "kid": kid}), &rig.claims());
        assert_eq!(
            rig.login(&token).await.unwrap_err().code(),
            "oidc.key",
            "{kid:?}"
        );
    }
    for kid in [
        json!(1),
        json!(["k1"]),
        json!(null),
        json!({}),
        json!("k".repeat(513)),
    ] {
        let token = Signer::rsa().token(&json!({"alg": "RS256", "kid": kid}), &rig.claims());
        assert_eq!(rig.login(&token).await.unwrap_err().code(), "oidc.header");
    }
}

// O6: keys without an id, or with the same one, as at some providers while they change their keys
#[tokio::test]
async fn absent_and_shared_key_ids_try_every_key_that_fits() {
    let bare = |signer: &Signer| {
        let mut jwk = signer.jwk("");
        jwk.as_object_mut().unwrap().remove("kid");
        jwk
    };
    let (old, new) = (Signer::rsa(), Signer::other_rsa());
    for keys in [
        vec![bare(old)],
        vec![bare(new), Signer::p256().jwk("e"), bare(old)],
        vec![new.jwk("a"), old.jwk("b")],
        vec![new.jwk("k1"), old.jwk("k1")],
    ] {
        let rig = Rig::new().await;
        rig.op.publish(&keys);
        let token = old.token(&json!({"alg": "RS256"}), &rig.claims());
        rig.login(&token).await.unwrap();
    }
    let rig = Rig::new().await;
    rig.op.publish(&[new.jwk("k1"), old.jwk("k1")]);
    rig.login_as(&rig.claims()).await.unwrap();
    // nobody's key
    rig.op.publish(&[new.jwk("k1"), Signer::p256().jwk("k1")]);
    rig.clock.advance(3600);
    let token = old.token(&json!({"alg": "RS256"}), &rig.claims());
    assert_eq!(
        rig.login(&token).await.unwrap_err().code(),
        "oidc.signature"
    );
}

// O6: keys that a token brings along, or points at
#[tokio::test]
async fn keys_from_a_header_are_ignored_and_never_fetched() {
    let rig = Rig::new().await;
    let canary = FakeProvider::start().await;
    let attacker = Signer::other_rsa();
    canary.publish(&[attacker.jwk("k1"), attacker.jwk("k9")]);
    for (kid, code) in [("k1", "oidc.signature"), ("k9", "oidc.key")] {
        for (member, value) in [
            ("jku", json!(format!("{}/jwks", canary.url))),
            ("x5u", json!(format!("{}/jwks", canary.url))),
            ("jwk", attacker.jwk(kid)),
            ("x5c", json!(["MIIB"])),
        ] {
            let mut header = json!({"alg": "RS256", "kid": kid});
            header[member] = value;
            let refused = rig
                .login(&attacker.token(&header, &rig.claims()))
                .await
                .unwrap_err();
            assert_eq!(refused.code(), code, "{member}");
            // an honest provider's ornament does no harm
            header["kid"] = json!("k1");
            rig.login(&Signer::rsa().token(&header, &rig.claims()))
                .await
                .unwrap();
        }
    }
    assert_eq!(canary.count("/jwks"), 0);
}

// O6, O17
#[tokio::test]
async fn headers_that_change_the_meaning_are_refused() {
    let rig = Rig::new().await;
    for (header, code) in [
        (
            r#"{"alg":"RS256","kid":"k1","crit":["exp"],"exp":1}"#,
            "oidc.header",
        ),
        (r#"{"alg":"RS256","kid":"k1","crit":[]}"#, "oidc.header"),
        (
            r#"{"alg":"RS256","kid":"k1","crit":["b64"],"b64":false}"#,
            "oidc.header",
        ),
        (r#"{"alg":"RS256","kid":"k1","b64":false}"#, "oidc.header"),
        (r#"{"alg":"RS256","kid":"k1","zip":"DEF"}"#, "oidc.header"),
        (
            r#"{"alg":"RS256","kid":"k1","enc":"A128GCM"}"#,
            "oidc.header",
        ),
        (r#"{"alg":"none","alg":"RS256","kid":"k1"}"#, "oidc.json"),
        (r#"{"alg":"RS256","kid":"k1","kid":"k1"}"#, "oidc.json"),
        ("\u{feff}{\"alg\":\"RS256\",\"kid\":\"k1\"}", "oidc.json"),
        (r#"{"alg":"RS256","kid":"k1"} "x""#, "oidc.json"),
        (r#"["RS256"]"#, "oidc.json"),
    ] {
        let token = Signer::rsa().raw_token(header, &rig.claims().to_string());
        assert_eq!(
            rig.login(&token).await.unwrap_err().code(),
            code,
            "{header}"
        );
    }
}

// O18: what is too large or not ours is refused before it costs anything
#[tokio::test]
async fn oversized_and_encrypted_tokens_are_refused_fast() {
    let rig = Rig::new().await;
    rig.rp.prepare().await.unwrap();
    let honest = sign(&rig.claims());
    let header = |text: &str| base64(text.as_bytes());
    let jwe =
        header(r#"{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2c":2147483648,"zip":"DEF"}"#);
    let nested = (0..100).fold(honest.clone(), |inner, _| {
        base64(inner.as_bytes())[..].chars().take(8000).collect()
    });
    for (token, code) in [
        ("a".repeat(1_000_000), "oidc.token_size"),
        (".".repeat(60_000), "oidc.token_form"),
        (format!("{}.{}.AA", "e".repeat(5_000), "e"), "oidc.header"),
        (format!("{jwe}.AA.AA.AA.AA"), "oidc.encrypted"),
        (format!("{jwe}.AA.AA.{nested}.AA"), "oidc.encrypted"),
        (String::new(), "oidc.token_form"),
        ("a.b".to_owned(), "oidc.token_form"),
        (format!("{honest}."), "oidc.token_form"),
        (format!("{honest}.."), "oidc.encrypted"),
        (format!("{honest}="), "oidc.token_form"),
        (format!("{honest}\n"), "oidc.token_form"),
        (honest.replacen('e', "%65", 1), "oidc.token_form"),
    ] {
        // a slow token is slow each time, a busy machine is not
        let mut quickest = Duration::MAX;
        for _ in 0..5 {
            let began = Instant::now();
            let refused = rig.login(&token).await.unwrap_err();
            assert_eq!(refused.code(), code);
            quickest = quickest.min(began.elapsed());
        }
        assert!(
            quickest < Duration::from_millis(100),
            "{code}: {quickest:?}"
        );
    }
    // a payload of 64 KB is still read
    let claims = rig.claims_with("x", json!("x".repeat(40_000)));
    rig.login_as(&claims).await.unwrap();
    let claims = rig.claims_with("x", json!("x".repeat(50_000)));
    assert_eq!(rig.refusal_of(&claims).await, "oidc.token_size");
}
