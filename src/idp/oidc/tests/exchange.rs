//! The token and userinfo endpoints: what they are sent, and what is made of their answers.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::fake::Page;
use super::rig::{Rig, form, sign};

// O3: the verifier goes to the token endpoint, and nowhere else
#[tokio::test]
async fn the_code_is_exchanged_with_the_verifier_and_our_secret() {
    let rig = Rig::new().await;
    rig.login_as(&rig.claims()).await.unwrap();
    let [request] = &rig.op.seen("/token")[..] else {
        panic!("not one request")
    };
    assert!(request.head.starts_with("POST /token HTTP/1.1"));
    let sent = form(&request.body);
    for (name, value) in [
        ("grant_type", "authorization_code"),
        ("code", "code-1"),
        (
            "redirect_uri",
            "https://console.example.com/oidc/okta/callback",
        ),
        ("code_verifier", rig.verifier()),
    ] {
        assert_eq!(sent.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert!(!sent.contains_key("client_secret"));
    // RFC 6749 §2.3.1: both halves are form-encoded first
    let basic = format!(
        "authorization: Basic {}",
        STANDARD.encode("vestibule:s%3Ae%2Fcret")
    );
    assert!(
        request.head.to_lowercase().contains(&basic.to_lowercase()),
        "{}",
        request.head
    );
    assert!(!request.head.contains(rig.verifier()));
}

#[tokio::test]
async fn the_secret_goes_into_the_body_only_where_the_provider_wants_it() {
    let rig = Rig::new().await;
    rig.op.discover_with(
        "token_endpoint_auth_methods_supported",
        json!(["client_secret_post"]),
    );
    rig.login_as(&rig.claims()).await.unwrap();
    let request = &rig.op.seen("/token")[0];
    let sent = form(&request.body);
    assert_eq!(
        sent.get("client_secret").map(String::as_str),
        Some("s:e/cret")
    );
    assert_eq!(sent.get("client_id").map(String::as_str), Some("vestibule"));
    assert!(!request.head.to_lowercase().contains("authorization:"));
}

#[tokio::test]
async fn a_public_client_sends_its_id_and_no_secret() {
    let rig = Rig::with(|config| config.client_secret = None).await;
    rig.login_as(&rig.claims()).await.unwrap();
    let request = &rig.op.seen("/token")[0];
    let sent = form(&request.body);
    assert_eq!(sent.get("client_id").map(String::as_str), Some("vestibule"));
    assert!(!sent.contains_key("client_secret"));
    assert!(!request.head.to_lowercase().contains("authorization:"));
}

// O10: a code that was used, or belongs to another login
#[tokio::test]
async fn what_the_token_endpoint_says_decides_who_can_help() {
    let rig = Rig::new().await;
    for (status, body, code, unreachable) in [
        (400, r#"{"error":"invalid_grant"}"#, "oidc.code", false),
        (401, r#"{"error":"invalid_client"}"#, "oidc.client", false),
        (
            400,
            r#"{"error":"unauthorized_client"}"#,
            "oidc.client",
            false,
        ),
        (
            400,
            r#"{"error":"invalid_request"}"#,
            "oidc.token_endpoint",
            false,
        ),
        (
            400,
            r#"{"error":"invalid_grant","error":"x"}"#,
            "oidc.token_endpoint",
            false,
        ),
        (400, "", "oidc.token_endpoint", false),
        (200, "{}", "oidc.token_endpoint", false),
        (200, "[]", "oidc.token_endpoint", false),
        (
            200,
            r#"{"access_token":"a","token_type":"Bearer"}"#,
            "oidc.token_endpoint",
            false,
        ),
        (
            200,
            r#"{"access_token":"a","token_type":"Bearer","id_token":7}"#,
            "oidc.token_endpoint",
            false,
        ),
        (
            500,
            r#"{"error":"invalid_grant"}"#,
            "oidc.unreachable",
            true,
        ),
        (503, "busy", "oidc.unreachable", true),
    ] {
        rig.op
            .put("/token", Page::typed(status, "application/json", body));
        let refused = rig.arrive().await.unwrap_err();
        assert_eq!(
            (refused.code(), refused.is_unreachable()),
            (code, unreachable),
            "{body}"
        );
        assert_eq!(refused.is_expired_login(), code == "oidc.code");
    }
}

#[tokio::test]
async fn a_token_answer_that_is_a_page_is_refused() {
    let rig = Rig::new().await;
    rig.op
        .put("/token", Page::typed(200, "text/html", "<p>sign in</p>"));
    assert_eq!(
        rig.arrive().await.unwrap_err().code(),
        "oidc.token_endpoint"
    );
}

// O17: the token endpoint's JSON is read as strictly as a token's
#[tokio::test]
async fn a_token_answer_with_two_id_tokens_is_refused() {
    let rig = Rig::new().await;
    let token = sign(&rig.claims());
    let body = format!(
        r#"{{"access_token":"a","token_type":"bearer","id_token":"{token}","id_token":"{token}"}}"#
    );
    rig.op
        .put("/token", Page::typed(200, "application/json", body));
    assert_eq!(
        rig.arrive().await.unwrap_err().code(),
        "oidc.token_endpoint"
    );
}

// No message of ours repeats what was received or sent.
#[tokio::test]
async fn failures_tell_nothing_that_was_secret() {
    let rig = Rig::new().await;
    let secret = "code_verifier s:e/cret access-1 code-1";
    rig.op.put(
        "/token",
        Page::json(&json!({"error": "invalid_request", "error_description": secret})),
    );
    let mut messages = vec![rig.arrive().await.unwrap_err()];
    rig.op.put(
        "/token",
        Page::typed(
            400,
            "application/json",
            json!({"error": {"x": secret}}).to_string(),
        ),
    );
    messages.push(rig.arrive().await.unwrap_err());
    messages.push(
        rig.login_as(&rig.claims_with("nonce", json!("n-1")))
            .await
            .unwrap_err(),
    );
    messages.push(rig.login("access-1.code-1.x").await.unwrap_err());
    for error in messages {
        let mut all = format!("{error} {error:?}");
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            let _ = write!(all, " {cause} {cause:?}");
            source = cause.source();
        }
        for part in [
            "s:e/cret",
            "access-1",
            "code-1",
            "n-1",
            rig.verifier(),
            rig.nonce(),
        ] {
            assert!(!all.contains(part), "{part} in {all}");
        }
    }
    let rp = format!("{:?}", rig.rp);
    assert!(!rp.contains("s:e/cret"), "{rp}");
}

// O9
#[tokio::test]
async fn userinfo_fills_gaps_only_and_only_for_the_same_person() {
    let rig = Rig::with(|config| config.userinfo = true).await;
    let claims = rig.claims_with("department", json!("from the token"));
    let answer = |value: Value| rig.op.put("/userinfo", Page::json(&value));

    answer(json!({
        "sub": "248289761001", "department": "other", "groups": ["a"], "name": "Eve", "iss": "x", "nonce": "y"
    }));
    let verified = rig.login_as(&claims).await.unwrap();
    let identity = verified.identity();
    assert_eq!(identity.values("department"), ["from the token"]);
    assert_eq!(identity.values("groups"), ["a"]);
    assert_eq!(identity.display_name, "Eve");
    assert!(!identity.attributes.contains_key("nonce"));
    let request = &rig.op.seen("/userinfo")[0];
    assert!(
        request
            .head
            .to_lowercase()
            .contains("authorization: bearer access-1")
    );

    for other in [
        json!({"sub": "248289761002", "groups": ["a"]}),
        json!({"sub": "248289761001 ", "groups": ["a"]}),
        json!({"groups": ["a"]}),
        json!({"sub": 248_289_761_001_i64}),
    ] {
        answer(other);
        assert_eq!(rig.refusal_of(&claims).await, "oidc.userinfo");
    }
    // signed answers are not read at all
    rig.op.put(
        "/userinfo",
        Page::typed(200, "application/jwt", sign(&claims)),
    );
    assert_eq!(rig.refusal_of(&claims).await, "oidc.userinfo");
    rig.op.put(
        "/userinfo",
        Page::typed(
            200,
            "application/json",
            r#"{"sub":"248289761001","sub":"248289761001"}"#,
        ),
    );
    assert_eq!(rig.refusal_of(&claims).await, "oidc.userinfo");
    rig.op
        .put("/userinfo", Page::typed(401, "application/json", "{}"));
    assert_eq!(rig.refusal_of(&claims).await, "oidc.userinfo");
    rig.op
        .put("/userinfo", Page::typed(500, "application/json", "{}"));
    assert_eq!(rig.refusal_of(&claims).await, "oidc.unreachable");
}

#[tokio::test]
async fn userinfo_is_asked_only_if_configured_and_must_then_exist() {
    let rig = Rig::new().await;
    rig.login_as(&rig.claims()).await.unwrap();
    assert_eq!(rig.op.count("/userinfo"), 0);

    let rig = Rig::with(|config| config.userinfo = true).await;
    rig.op.discover_with("userinfo_endpoint", Value::Null);
    assert_eq!(rig.rp.prepare().await.unwrap_err().code(), "oidc.discovery");
}
