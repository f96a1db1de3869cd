//! Discovery and keys over time and over a hostile network: what is fetched, how often, and from where.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::fake::{FakeProvider, Page};
use super::rig::{NOW, Rig, sign};
use super::signer::{Signer, base64};

const DISCOVERY: &str = "/.well-known/openid-configuration";

fn rotated(rig: &Rig, kid: &str) -> String {
    Signer::other_rsa().token(&json!({"alg": "RS256", "kid": kid}), &rig.claims())
}

#[tokio::test]
async fn nothing_is_fetched_before_it_is_needed_and_then_once() {
    let rig = Rig::new().await;
    assert!(!rig.rp.is_ready());
    assert_eq!(rig.op.count(DISCOVERY), 0);
    rig.rp.prepare().await.unwrap();
    assert!(rig.rp.is_ready());
    rig.rp.prepare().await.unwrap();
    rig.login_as(&rig.claims()).await.unwrap();
    assert_eq!((rig.op.count(DISCOVERY), rig.op.count("/jwks")), (1, 1));
    rig.clock.advance(3_599);
    rig.rp.prepare().await.unwrap();
    assert_eq!(rig.op.count(DISCOVERY), 1);
    rig.clock.advance(1);
    rig.rp.prepare().await.unwrap();
    assert_eq!((rig.op.count(DISCOVERY), rig.op.count("/jwks")), (2, 2));
}

// O12: rotation
#[tokio::test]
async fn a_new_key_works_with_one_more_request() {
    let rig = Rig::new().await;
    rig.login_as(&rig.claims()).await.unwrap();
    rig.op
        .publish(&[Signer::rsa().jwk("k1"), Signer::other_rsa().jwk("k2")]);
    rig.login(&rotated(&rig, "k2")).await.unwrap();
    assert_eq!((rig.op.count(DISCOVERY), rig.op.count("/jwks")), (1, 2));
    rig.login(&rotated(&rig, "k2")).await.unwrap();
    rig.login_as(&rig.claims()).await.unwrap();
    assert_eq!(rig.op.count("/jwks"), 2);
}

// O12: some providers make a new key under the old name
#[tokio::test]
async fn a_new_key_under_an_old_name_works_too() {
    let rig = Rig::new().await;
    rig.login_as(&rig.claims()).await.unwrap();
    rig.op.publish(&[Signer::other_rsa().jwk("k1")]);
    rig.login(&rotated(&rig, "k1")).await.unwrap();
    assert_eq!(rig.op.count("/jwks"), 2);
}

// O12: a flood of unknown keys
#[tokio::test]
async fn unknown_keys_are_looked_for_once_in_thirty_seconds() {
    let rig = Rig::new().await;
    rig.login_as(&rig.claims()).await.unwrap();
    // a key is looked for before a signature is: one serves for all
    let signature = rotated(&rig, "x").rsplit_once('.').unwrap().1.to_owned();
    let claims = base64(rig.claims().to_string().as_bytes());
    for n in 0..10_000 {
        let header = base64(format!(r#"{{"alg":"RS256","kid":"x{n}"}}"#).as_bytes());
        let refused = rig.login(&format!("{header}.{claims}.{signature}")).await;
        assert_eq!(refused.unwrap_err().code(), "oidc.key");
    }
    assert_eq!(rig.op.count("/jwks"), 2);
    rig.clock.advance(29);
    rig.login(&rotated(&rig, "y")).await.unwrap_err();
    assert_eq!(rig.op.count("/jwks"), 2);
    rig.clock.advance(1);
    rig.login(&rotated(&rig, "y")).await.unwrap_err();
    assert_eq!(rig.op.count("/jwks"), 3);
    // honest people were never in the way
    rig.login_as(&rig.claims()).await.unwrap();
}

// O12
#[tokio::test]
async fn many_who_wait_for_a_new_key_share_one_request() {
    let rig = Arc::new(Rig::new().await);
    rig.rp.prepare().await.unwrap();
    rig.op.publish(&[Signer::other_rsa().jwk("k2")]);
    rig.give(&rotated(&rig, "k2"));
    let logins = (0..20).map(|_| {
        let rig = Arc::clone(&rig);
        tokio::spawn(async move { rig.arrive().await.is_ok() })
    });
    for login in futures_util::future::join_all(logins).await {
        assert!(login.unwrap());
    }
    assert_eq!(rig.op.count("/jwks"), 2);
}

// O12: a key that was withdrawn is refused when what we know is an hour old
#[tokio::test]
async fn a_withdrawn_key_is_refused_within_the_hour() {
    let rig = Rig::new().await;
    rig.login_as(&rig.claims()).await.unwrap();
    rig.op.publish(&[Signer::other_rsa().jwk("k2")]);
    rig.clock.advance(3_600);
    let token = Signer::rsa().token(
        &json!({"alg": "RS256", "kid": "k1"}),
        &rig.claims_with("iat", json!(NOW + 3_600)),
    );
    assert!(rig.login(&token).await.is_err());
}

// O12: the provider is away
#[tokio::test]
async fn what_is_known_serves_for_a_day_while_the_provider_is_away() {
    let rig = Rig::new().await;
    rig.rp.prepare().await.unwrap();
    for page in [Page::Broken, Page::typed(500, "application/json", "{}")] {
        rig.op.put(DISCOVERY, page);
        rig.clock.advance(7_200);
        rig.rp.prepare().await.unwrap();
        assert!(rig.rp.is_ready());
    }
    let asked = rig.op.count(DISCOVERY);
    // and is not asked again for a while
    rig.rp.prepare().await.unwrap();
    assert_eq!(rig.op.count(DISCOVERY), asked);
    rig.clock.advance(30);
    rig.rp.prepare().await.unwrap();
    assert!(rig.op.count(DISCOVERY) > asked);
    rig.clock.advance(86_400);
    assert!(!rig.rp.is_ready());
    let refused = rig.rp.prepare().await.unwrap_err();
    assert_eq!(refused.code(), "oidc.unreachable");
    assert!(refused.is_unreachable());
    // back again
    rig.op.put(DISCOVERY, Page::json(&rig.op.discovery()));
    rig.rp.prepare().await.unwrap();
    assert!(rig.rp.is_ready());
}

#[tokio::test]
async fn a_clock_that_is_turned_back_makes_everything_old_and_nothing_stuck() {
    let rig = Rig::new().await;
    rig.login_as(&rig.claims()).await.unwrap();
    rig.login(&rotated(&rig, "x")).await.unwrap_err();
    rig.clock.advance(-100);
    rig.op.publish(&[Signer::other_rsa().jwk("k2")]);
    let claims = rig.claims_with("iat", json!(NOW - 100));
    let token = Signer::other_rsa().token(&json!({"alg": "RS256", "kid": "k2"}), &claims);
    rig.login(&token).await.unwrap();
}

// O12, O13: sizes
#[tokio::test]
async fn key_sets_without_end_are_refused() {
    let rig = Rig::new().await;
    let pad = |bytes: usize| json!({"keys": [Signer::rsa().jwk("k1")], "pad": "x".repeat(bytes)});
    rig.op.put("/jwks", Page::json(&pad(50 * 1024 * 1024)));
    assert_eq!(
        rig.rp.prepare().await.unwrap_err().code(),
        "oidc.unreachable"
    );
    rig.op.put("/jwks", Page::Endless);
    assert_eq!(
        rig.rp.prepare().await.unwrap_err().code(),
        "oidc.unreachable"
    );
    rig.op.put("/jwks", Page::json(&pad(1_000_000)));
    rig.rp.prepare().await.unwrap();
}

// O12: ten thousand keys
#[tokio::test]
async fn only_the_first_hundred_keys_are_used() {
    let rig = Rig::new().await;
    let mut keys: Vec<Value> = (0..99)
        .map(|n| Signer::p256().jwk(&format!("e{n}")))
        .collect();
    keys.extend((0..500).map(|_| json!({"kty": "oct", "k": "AA"})));
    keys.push(Signer::rsa().jwk("k1"));
    keys.push(Signer::other_rsa().jwk("k2"));
    rig.op.publish(&keys);
    rig.login_as(&rig.claims()).await.unwrap();
    let refused = rig.login(&rotated(&rig, "k2")).await.unwrap_err();
    assert_eq!(refused.code(), "oidc.key");
    let many: Vec<Value> = (0..10_000)
        .map(|n| Signer::rsa().jwk(&n.to_string()))
        .collect();
    rig.op.publish(&many);
    rig.clock.advance(3_600);
    // more than 1 MB: refused whole, and what is known serves on
    rig.rp.prepare().await.unwrap();
    assert!(rig.rp.is_ready());
}

#[tokio::test]
async fn key_sets_that_cannot_be_used_are_refused_by_name() {
    let rig = Rig::new().await;
    for keys in [
        json!({}),
        json!({"keys": {}}),
        json!({"keys": []}),
        json!({"keys": [1, "x", {"kty": "oct"}]}),
    ] {
        rig.op.put("/jwks", Page::json(&keys));
        assert_eq!(rig.rp.prepare().await.unwrap_err().code(), "oidc.keys");
    }
}

#[tokio::test]
async fn discovery_documents_that_cannot_be_used_are_refused_by_name() {
    let rig = Rig::new().await;
    for (member, value) in [
        ("token_endpoint", Value::Null),
        ("authorization_endpoint", Value::Null),
        ("jwks_uri", Value::Null),
        ("issuer", Value::Null),
        ("jwks_uri", json!("not a url")),
        ("token_endpoint", json!(["https://op.example"])),
        (
            "authorization_response_iss_parameter_supported",
            json!("true"),
        ),
    ] {
        rig.op.discover_with(member, value);
        assert_eq!(
            rig.rp.prepare().await.unwrap_err().code(),
            "oidc.discovery",
            "{member}"
        );
    }
    let doubled = rig
        .op
        .discovery()
        .to_string()
        .replacen('{', "{\"issuer\":\"x\",", 1);
    for body in ["", "[]", "<html>", &doubled] {
        rig.op
            .put(DISCOVERY, Page::typed(200, "application/json", body));
        assert_eq!(
            rig.rp.prepare().await.unwrap_err().code(),
            "oidc.unreachable"
        );
    }
    let honest = rig.op.discovery().to_string();
    for (status, kind) in [
        (200, "text/html"),
        (404, "application/json"),
        (204, "application/json"),
    ] {
        rig.op
            .put(DISCOVERY, Page::typed(status, kind, honest.clone()));
        assert_eq!(
            rig.rp.prepare().await.unwrap_err().code(),
            "oidc.unreachable"
        );
    }
    // what we do not use may be missing or odd
    let mut odd = rig.op.discovery();
    odd.as_object_mut()
        .unwrap()
        .remove("response_types_supported");
    odd["op_policy_uri"] = json!("");
    odd["claims_supported"] = json!(7);
    rig.op.put(DISCOVERY, Page::json(&odd));
    rig.rp.prepare().await.unwrap();
}

// O13: redirects, wherever they lead
#[tokio::test]
async fn no_redirect_is_followed() {
    let rig = Rig::new().await;
    let canary = FakeProvider::start().await;
    canary.publish(&[Signer::rsa().jwk("k1")]);
    let targets = [
        format!("{}/jwks", canary.url),
        format!("{}{DISCOVERY}", rig.op.url),
        "http://169.254.169.254/latest/meta-data".to_owned(),
        "http://[::]/".to_owned(),
        "http://localhost/".to_owned(),
        "file:///etc/passwd".to_owned(),
    ];
    for to in &targets {
        rig.op.put(DISCOVERY, Page::redirect(to));
        assert_eq!(
            rig.rp.prepare().await.unwrap_err().code(),
            "oidc.unreachable"
        );
    }
    rig.op.put(DISCOVERY, Page::json(&rig.op.discovery()));
    for to in &targets {
        rig.op.put("/jwks", Page::redirect(to));
        assert_eq!(
            rig.rp.prepare().await.unwrap_err().code(),
            "oidc.unreachable"
        );
    }
    rig.op.publish(&[Signer::rsa().jwk("k1")]);
    for to in &targets {
        rig.op.put("/token", Page::redirect(to));
        assert_eq!(rig.arrive().await.unwrap_err().code(), "oidc.unreachable");
    }
    assert_eq!(canary.count("/jwks"), 0);
    assert_eq!(canary.count("/token"), 0);
}

// O13: an endpoint without TLS, or in a place that nobody named
#[tokio::test]
async fn endpoints_without_tls_are_refused_before_a_request() {
    let rig = Rig::new().await;
    for member in [
        "token_endpoint",
        "jwks_uri",
        "userinfo_endpoint",
        "authorization_endpoint",
    ] {
        for url in [
            "http://169.254.169.254/latest",
            "http://op.example/x",
            "http://localhost/x",
            "http://127.0.0.2/x",
            "http://[::1]/x",
            "http://0.0.0.0/x",
            "file:///etc/passwd",
            "gopher://127.0.0.1/x",
            "https://user:password@op.example/x",
        ] {
            rig.op.discover_with(member, json!(url));
            let refused = rig.rp.prepare().await.unwrap_err();
            assert_eq!(refused.code(), "oidc.discovery", "{member} {url}");
        }
    }
    assert_eq!(rig.op.count("/jwks"), 0);
}

// O12, O13: slow answers
#[tokio::test]
async fn nobody_waits_longer_than_the_deadline() {
    for page in [Page::Silent, Page::Stalled] {
        let rig = Rig::within(Duration::from_millis(200), |_| {}).await;
        rig.op.put(DISCOVERY, page.clone());
        assert_eq!(
            rig.rp.prepare().await.unwrap_err().code(),
            "oidc.unreachable"
        );
        rig.op.put(DISCOVERY, Page::json(&rig.op.discovery()));
        rig.op.put("/jwks", page.clone());
        assert_eq!(
            rig.rp.prepare().await.unwrap_err().code(),
            "oidc.unreachable"
        );
    }
}

// Those who waited for an attempt that failed do not each make their own.
#[tokio::test]
async fn many_who_wait_share_a_failure() {
    let rig = Arc::new(Rig::within(Duration::from_millis(200), |_| {}).await);
    rig.op.put(DISCOVERY, Page::Silent);
    let waiting = (0..20).map(|_| {
        let rig = Arc::clone(&rig);
        tokio::spawn(async move { rig.rp.prepare().await.is_err() })
    });
    for failed in futures_util::future::join_all(waiting).await {
        assert!(failed.unwrap());
    }
    assert_eq!(rig.op.count(DISCOVERY), 1);
}

#[tokio::test]
async fn a_provider_that_is_away_is_named_unreachable() {
    let rig = Rig::new().await;
    for page in [Page::Broken, Page::typed(502, "text/html", "<h1>")] {
        rig.op.put("/token", page);
        let refused = rig.arrive().await.unwrap_err();
        assert_eq!(refused.code(), "oidc.unreachable");
        assert!(refused.is_unreachable());
    }
    // the code is used up either way: one request each, never a second try
    assert_eq!(rig.op.count("/token"), 2);
    rig.login(&sign(&rig.claims())).await.unwrap();
}
