//! What a correctly signed token must say.

use serde_json::{Value, json};

use super::rig::{NOW, Rig, sign};
use super::signer::{Signer, base64};

// O2
#[tokio::test]
async fn a_token_of_another_login_is_refused() {
    let rig = Rig::new().await;
    for nonce in [
        Value::Null,
        json!(""),
        json!("another"),
        json!(rig.nonce().to_uppercase()),
        json!(&rig.nonce()[..42]),
        json!([rig.nonce()]),
        json!(0),
    ] {
        let claims = rig.claims_with("nonce", nonce);
        assert_eq!(rig.refusal_of(&claims).await, "oidc.nonce");
    }
}

// O7
#[tokio::test]
async fn the_issuer_is_compared_byte_for_byte() {
    let rig = Rig::new().await;
    let url = rig.op.url.clone();
    for issuer in [
        Value::Null,
        json!(format!("{url}/")),
        json!(url.replace("http", "HTTP")),
        json!(format!("{url}\u{200b}")),
        json!(format!(" {url}")),
        json!([url]),
        json!("https://evil.example"),
    ] {
        let claims = rig.claims_with("iss", issuer);
        assert_eq!(rig.refusal_of(&claims).await, "oidc.issuer");
    }
}

// O7
#[tokio::test]
async fn a_token_for_somebody_else_is_refused() {
    let rig = Rig::new().await;
    for (audience, party, code) in [
        (Value::Null, Value::Null, "oidc.audience"),
        (json!("other"), Value::Null, "oidc.audience"),
        (json!("other"), json!("vestibule"), "oidc.audience"),
        (json!("Vestibule"), Value::Null, "oidc.audience"),
        (json!([]), Value::Null, "oidc.audience"),
        (json!(["other"]), Value::Null, "oidc.audience"),
        (json!([["vestibule"]]), Value::Null, "oidc.audience"),
        (json!({"vestibule": 1}), Value::Null, "oidc.audience"),
        (json!(["vestibule", "other"]), Value::Null, "oidc.audience"),
        (json!(["vestibule", 7]), Value::Null, "oidc.audience"),
        (json!(["vestibule", "other"]), json!("other"), "oidc.azp"),
        (json!("vestibule"), json!("other"), "oidc.azp"),
        (json!("vestibule"), json!(""), "oidc.azp"),
        (json!("vestibule"), json!(["vestibule"]), "oidc.azp"),
    ] {
        let mut claims = rig.claims_with("aud", audience);
        if !party.is_null() {
            claims["azp"] = party;
        }
        assert_eq!(rig.refusal_of(&claims).await, code, "{claims}");
    }
    for (audience, party) in [
        (json!(["vestibule"]), None),
        (json!("vestibule"), Some("vestibule")),
        (json!(["other", "vestibule"]), Some("vestibule")),
    ] {
        let mut claims = rig.claims_with("aud", audience);
        if let Some(party) = party {
            claims["azp"] = json!(party);
        }
        rig.login_as(&claims).await.unwrap();
    }
}

// O8
#[tokio::test]
async fn times_are_held_to_the_leeway_and_to_the_second() {
    let rig = Rig::new().await;
    for (name, at, refused) in [
        ("exp", NOW - 59, None),
        ("exp", NOW - 60, Some("oidc.expired")),
        ("exp", 1, Some("oidc.expired")),
        ("iat", NOW + 60, None),
        ("iat", NOW + 61, Some("oidc.not_yet_valid")),
        ("iat", NOW - 659, None),
        ("iat", NOW - 660, Some("oidc.too_old")),
        ("nbf", NOW + 60, None),
        ("nbf", NOW + 61, Some("oidc.not_yet_valid")),
        ("nbf", NOW - 100_000, None),
        ("auth_time", NOW + 60, None),
        ("auth_time", NOW + 61, Some("oidc.not_yet_valid")),
        ("auth_time", NOW - 100_000, None),
    ] {
        let claims = rig.claims_with(name, json!(at));
        let code = rig.login_as(&claims).await.err().map(|error| error.code());
        assert_eq!(code, refused, "{name} {}", at - NOW);
    }
}

// O8
#[tokio::test]
async fn without_leeway_the_very_second_counts() {
    let rig = Rig::with(|config| config.leeway_seconds = 0).await;
    rig.login_as(&rig.claims_with("exp", json!(NOW + 1)))
        .await
        .unwrap();
    let claims = rig.claims_with("exp", json!(NOW));
    assert_eq!(rig.refusal_of(&claims).await, "oidc.expired");
    let claims = rig.claims_with("iat", json!(NOW + 1));
    assert_eq!(rig.refusal_of(&claims).await, "oidc.not_yet_valid");
}

// O8
#[tokio::test]
async fn times_that_are_no_whole_seconds_are_refused() {
    let rig = Rig::new().await;
    for name in ["exp", "iat", "nbf", "auth_time"] {
        for value in [
            "1800000000.0",
            "18e8",
            "\"1800000000\"",
            "-1",
            "0",
            "true",
            "null",
            "[1800000000]",
            "1800000000000",
            "9223372036854775808",
            "123456789012345678901234567890",
        ] {
            let mut claims = rig.claims();
            claims[name] = json!("@");
            let text = claims.to_string().replace("\"@\"", value);
            let token = Signer::rsa().raw_token(r#"{"alg":"RS256","kid":"k1"}"#, &text);
            let refused = rig.login(&token).await.unwrap_err();
            assert_eq!(refused.code(), "oidc.time", "{name} {value}");
        }
    }
    for name in ["exp", "iat"] {
        let claims = rig.claims_with(name, Value::Null);
        assert_eq!(rig.refusal_of(&claims).await, "oidc.time");
    }
}

// A token that claims a long life is remembered no longer than it could be used.
#[tokio::test]
async fn replay_is_guarded_until_the_token_is_refused_for_its_age() {
    let rig = Rig::new().await;
    let claims = rig.claims_with("exp", json!(NOW + 86_400));
    let verified = rig.login_as(&claims).await.unwrap();
    let until = verified.once().until.timestamp();
    assert_eq!(until, NOW + 600 + 60);
    rig.clock.advance(until - NOW - 1);
    rig.login_as(&claims).await.unwrap();
    rig.clock.advance(1);
    assert_eq!(rig.refusal_of(&claims).await, "oidc.too_old");
}

// O9
#[tokio::test]
async fn hashes_must_fit_what_came_with_the_token() {
    let rig = Rig::new().await;
    let half = |text: &str| {
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
        base64(&digest.as_ref()[..16])
    };
    let mut claims = rig.claims();
    claims["at_hash"] = json!(half("access-1"));
    claims["c_hash"] = json!(half("code-1"));
    rig.login_as(&claims).await.unwrap();
    for name in ["at_hash", "c_hash"] {
        for wrong in [json!(half("another")), json!(""), json!(7), json!("!")] {
            let claims = rig.claims_with(name, wrong);
            assert_eq!(rig.refusal_of(&claims).await, "oidc.hash");
        }
    }
}

// O17
#[tokio::test]
async fn claims_that_stand_twice_are_refused() {
    let rig = Rig::new().await;
    let honest = rig.claims().to_string();
    for (text, code) in [
        (honest.replacen('{', r#"{"sub":"admin","#, 1), "oidc.json"),
        (
            honest.replacen('{', r#"{"groups":["a"],"groups":["b"],"#, 1),
            "oidc.json",
        ),
        (format!("\u{feff}{honest}"), "oidc.json"),
        (format!("{honest}{honest}"), "oidc.json"),
        (format!("{honest}\n}}"), "oidc.json"),
        (format!("[{honest}]"), "oidc.json"),
        (honest.replacen('{', r#"{"exp":1e400,"#, 1), "oidc.json"),
        (
            honest.replacen(
                '{',
                &format!(r#"{{"x":{}1{},"#, "[".repeat(9000), "]".repeat(9000)),
                1,
            ),
            "oidc.json",
        ),
        (String::new(), "oidc.json"),
    ] {
        let token = Signer::rsa().raw_token(r#"{"alg":"RS256","kid":"k1"}"#, &text);
        assert_eq!(rig.login(&token).await.unwrap_err().code(), code);
    }
    // a name from another language's object model changes nothing
    let odd = honest.replacen('{', r#"{"__proto__":{"sub":"admin"},"#, 1);
    let token = Signer::rsa().raw_token(r#"{"alg":"RS256","kid":"k1"}"#, &odd);
    let login = rig.login(&token).await.unwrap();
    assert_eq!(login.identity().subject.value, "248289761001");
}

// O16's cases that would reach a login: the same key signs other kinds of tokens, too
#[tokio::test]
async fn other_kinds_of_tokens_are_no_id_tokens() {
    let rig = Rig::new().await;
    for typ in [
        "logout+jwt",
        "at+jwt",
        "application/at+jwt",
        "secevent+jwt",
        "",
    ] {
        let token = Signer::rsa().token(
            &json!({"alg": "RS256", "kid": "k1", "typ": typ}),
            &rig.claims(),
        );
        assert_eq!(
            rig.login(&token).await.unwrap_err().code(),
            "oidc.header",
            "{typ}"
        );
    }
    let token = sign(&rig.claims()).replace('.', ". ");
    assert_eq!(
        rig.login(&token).await.unwrap_err().code(),
        "oidc.token_form"
    );
}
