//! What a provider publishes and answers: PKCE, discovery, keys, the token endpoint. O3, O4, O5, O13, O17.

use std::sync::Arc;

use serde_json::{Value, json};
use vestibule_sandbox::idp::oidc::{Endpoint, Fault, OidcOptions};

use super::scene::{Scene, parameter};
use crate::world::OIDC;

// O3
#[tokio::test]
async fn every_login_has_a_challenge_of_its_own_whatever_the_provider_says() {
    let scene = Scene::start().await;
    let mut challenges = Vec::new();
    for methods in [None, Some(json!(["plain"])), Some(json!([]))] {
        scene.provider().configure(|options| {
            options.edit_discovery = Some(Arc::new(move |document| {
                document.remove("code_challenge_methods_supported");
                if let Some(methods) = &methods {
                    let name = "code_challenge_methods_supported".to_owned();
                    document.insert(name, methods.clone());
                }
            }));
        });
        // what is known of a provider is asked for again after an hour
        scene.world.clock.advance(chrono::Duration::minutes(61));
        let browser = scene.browser();
        let link = scene.world.at(&format!("/sign-in/{OIDC}"));
        let there = browser.opens_once(&link).await.location().unwrap();
        assert_eq!(parameter(&there, "code_challenge_method"), "S256");
        assert_eq!(parameter(&there, "response_type"), "code");
        let redirect_uri = scene.world.at(&format!("/oidc/{OIDC}/callback"));
        assert_eq!(parameter(&there, "redirect_uri"), redirect_uri);
        assert!(!there.as_str().contains("verifier"), "{there}");
        let challenge = parameter(&there, "code_challenge");
        assert_eq!(challenge.len(), 43);
        challenges.push(challenge);
        // the provider compares challenge and verifier
        let callback = scene.answer(&browser).await;
        assert_eq!(browser.opens_once(callback.as_str()).await.status, 303);
    }
    assert_eq!(scene.calls(Endpoint::Discovery), 3);
    challenges.sort();
    challenges.dedup();
    assert_eq!(challenges.len(), 3);
    scene.ends().await;
}

/// While the provider behaves so, no login begins.
async fn begins_nothing(scene: &Scene, what: &str, change: impl FnOnce(&mut OidcOptions)) {
    scene.provider().configure(change);
    let browser = scene.browser();
    let link = scene.world.at(&format!("/sign-in/{OIDC}"));
    let page = browser.opens_once(&link).await;
    scene
        .provider()
        .configure(|options| *options = OidcOptions::default());
    assert_eq!(page.status, 502, "{what}: {:?}", page.location());
    assert!(
        page.body.contains("data-problem=\"idp-unreachable\""),
        "{what}"
    );
    assert!(!page.body.contains("evil.example"), "{what}");
    assert!(scene.me(&browser).await.is_none(), "{what}");
}

/// Gives a member of the discovery document a value.
fn discovered(name: &'static str, value: Value) -> impl FnOnce(&mut OidcOptions) {
    move |options| {
        options.edit_discovery = Some(Arc::new(move |document| {
            document.insert(name.to_owned(), value.clone());
        }));
    }
}

// O4, O13
#[tokio::test]
async fn discovery_that_leads_elsewhere_is_refused_and_nobody_is_contacted() {
    let scene = Scene::start().await;
    // another name for the same machine: not the host that the configuration names
    let canary = scene.canary.url().replace("127.0.0.1", "localhost");
    let issuer = scene.provider().issuer().to_owned();
    for name in [
        "token_endpoint",
        "jwks_uri",
        "authorization_endpoint",
        "userinfo_endpoint",
    ] {
        for to in [
            canary.clone(),
            "http://169.254.169.254/latest/meta-data/".to_owned(),
            "http://[::]/".to_owned(),
            "http://127.0.0.2/".to_owned(),
            "http://evil.example/".to_owned(),
            "file:///etc/passwd".to_owned(),
            "ftp://127.0.0.1/".to_owned(),
            "javascript:alert(1)".to_owned(),
            issuer.replace("http://", "http://user:word@"),
            format!("{issuer}/x#y"),
            String::new(),
        ] {
            let what = format!("{name} {to:?}");
            begins_nothing(&scene, &what, discovered(name, json!(to))).await;
        }
    }
    for other in [
        json!("https://evil.example"),
        json!(format!("{issuer}/")),
        json!(issuer.to_uppercase()),
        json!(""),
        json!(null),
        json!(1),
    ] {
        let what = format!("issuer {other}");
        begins_nothing(&scene, &what, discovered("issuer", other)).await;
    }
    assert_eq!(scene.calls(Endpoint::Jwks), 0);
    assert_eq!(scene.calls(Endpoint::Token), 0);
    scene.accepts("honest again", |_| ()).await;
    scene.ends().await;
}

/// What an endpoint does instead of its work.
fn broken(endpoint: Endpoint, fault: Fault) -> impl FnOnce(&mut OidcOptions) {
    move |options| {
        options.faults.insert(endpoint, fault);
    }
}

// O13, O17
#[tokio::test]
async fn redirects_and_answers_without_form_or_end_are_not_followed_nor_read() {
    let scene = Scene::start().await;
    let issuer = scene.provider().issuer();
    let twice = format!(
        r#"{{"issuer":"{issuer}","issuer":"{issuer}","authorization_endpoint":"{issuer}/authorize",
            "token_endpoint":"{issuer}/token","jwks_uri":"{issuer}/jwks"}}"#
    );
    let faults = [
        Fault::Redirect(scene.canary.url()),
        Fault::Redirect(format!("{issuer}/.well-known/openid-configuration")),
        Fault::Redirect("file:///etc/passwd".to_owned()),
        Fault::Huge(50 * 1024 * 1024),
        Fault::Status(500, String::new()),
        Fault::Status(404, "{}".to_owned()),
        Fault::Status(200, twice.clone()),
        Fault::Body(twice),
        Fault::Body("{}".to_owned()),
        Fault::Body("[]".to_owned()),
        Fault::Body(String::new()),
        Fault::Body("{\"keys\":[]}".to_owned()),
        Fault::Body("{\"keys\":{}}".to_owned()),
        Fault::Body("<html>".to_owned()),
    ];
    for endpoint in [Endpoint::Discovery, Endpoint::Jwks] {
        for fault in &faults {
            let what = format!("{endpoint:?} {fault:?}");
            begins_nothing(&scene, &what, broken(endpoint, fault.clone())).await;
        }
    }
    scene.accepts("honest again", |_| ()).await;
    scene.ends().await;
}

// O10, O13, O17
#[tokio::test]
async fn a_token_endpoint_that_answers_otherwise_signs_nobody_in() {
    let scene = Scene::start().await;
    let token = scene.provider().mint("vestibule", "carl", None).unwrap();
    let twice = format!(
        r#"{{"access_token":"a","token_type":"Bearer","id_token":"{token}","id_token":"{token}"}}"#
    );
    for (fault, code) in [
        (Fault::Redirect(scene.canary.url()), "idp.unreachable"),
        (
            Fault::Redirect("http://169.254.169.254/".to_owned()),
            "idp.unreachable",
        ),
        (Fault::Huge(50 * 1024 * 1024), "idp.unreachable"),
        (Fault::Status(503, String::new()), "idp.unreachable"),
        (
            Fault::Status(200, format!("id_token={token}")),
            "oidc.token_endpoint",
        ),
        (Fault::Body(twice), "oidc.token_endpoint"),
        (Fault::Body("{}".to_owned()), "oidc.token_endpoint"),
        (
            Fault::Body("<script>evil.example</script>".to_owned()),
            "oidc.token_endpoint",
        ),
        (
            Fault::Body(r#"{"access_token":"a","token_type":"Bearer"}"#.to_owned()),
            "oidc.token_endpoint",
        ),
    ] {
        let what = format!("{fault:?}");
        let what = what.chars().take(60).collect::<String>();
        scene
            .refuses(&what, code, broken(Endpoint::Token, fault))
            .await;
    }
    for (name, value) in [
        ("id_token", json!(null)),
        ("id_token", json!(1)),
        ("id_token", json!([token])),
        ("access_token", json!(null)),
        ("token_type", json!(null)),
    ] {
        let what = format!("{name} {value}");
        scene
            .refuses(&what, "oidc.token_endpoint", |options| {
                options.edit_token_answer = Some(Arc::new(move |answer| {
                    answer.insert(name.to_owned(), value.clone());
                }));
            })
            .await;
    }
    scene.ends().await;
}

/// Changes the provider's RSA key as it is published.
fn published(name: &'static str, value: Value) -> impl FnOnce(&mut OidcOptions) {
    move |options| {
        options.edit_jwks = Some(Arc::new(move |set| {
            let keys = set.get_mut("keys").and_then(Value::as_array_mut).unwrap();
            for key in keys.iter_mut().filter(|key| key["kty"] == "RSA") {
                key[name] = value.clone();
            }
        }));
    }
}

// O5: what a key says of itself binds it
#[tokio::test]
async fn a_key_verifies_only_what_it_is_published_for() {
    let scene = Scene::start().await;
    for (name, value) in [
        ("use", json!("enc")),
        ("alg", json!("PS256")),
        ("alg", json!("RS512")),
        ("alg", json!("HS256")),
        ("alg", json!(1)),
        ("key_ops", json!(["encrypt"])),
        ("kty", json!("oct")),
        ("kty", json!("EC")),
        ("n", json!("AQAB")),
        ("kid", json!(7)),
    ] {
        let what = format!("{name} {value}");
        scene.world.clock.advance(chrono::Duration::minutes(61));
        scene
            .refuses(&what, "oidc.key", published(name, value))
            .await;
    }
    for (name, value) in [("alg", json!("RS256")), ("key_ops", json!(["verify"]))] {
        let what = format!("{name} {value}");
        scene.world.clock.advance(chrono::Duration::minutes(61));
        scene.accepts(&what, published(name, value)).await;
    }
    scene.ends().await;
}
