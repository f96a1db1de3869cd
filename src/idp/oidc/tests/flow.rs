//! A login from departure to identity, and what the browser can bring back instead.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use aws_lc_rs::digest;
use secrecy::ExposeSecret as _;
use serde_json::json;
use tracing_subscriber::util::SubscriberInitExt as _;
use url::Url;

use super::fake::FakeProvider;
use super::rig::{NOW, Rig, config, form, provider, sign};
use super::signer::base64;
use crate::clock::SystemClock;
use crate::config::OidcConfig;
use crate::domain::credentials::ForwardedProof;
use crate::domain::requires::Requires;
use crate::idp::Challenge;
use crate::idp::oidc::{Callback, Error, RelyingParty, sha256_hex};
use crate::random::SystemRandom;

fn parameters(url: &Url) -> HashMap<String, String> {
    form(url.query().unwrap_or(""))
}

#[tokio::test]
async fn an_honest_login_proves_an_identity() {
    let rig = Rig::new().await;
    let mut claims = rig.claims();
    claims["name"] = json!("Eve Example");
    claims["groups"] = json!(["cloud-admins", "cloud-viewers"]);
    claims["auth_time"] = json!(NOW - 30);
    claims["acr"] = json!("urn:mfa");
    claims["amr"] = json!(["pwd", "otp"]);
    let token = sign(&claims);
    let mut verified = rig.login(&token).await.unwrap();

    let identity = verified.identity();
    assert_eq!(identity.idp.as_str(), "okta");
    assert_eq!(identity.subject.format, "sub");
    assert_eq!(identity.subject.value, "248289761001");
    assert_eq!(identity.display_name, "Eve Example");
    assert_eq!(identity.values("groups"), ["cloud-admins", "cloud-viewers"]);
    assert_eq!(
        identity.authentication.at.map(|at| at.timestamp()),
        Some(NOW - 30)
    );
    assert_eq!(identity.authentication.context, ["urn:mfa", "pwd", "otp"]);
    assert_eq!(identity.authentication.class.as_deref(), Some("urn:mfa"));
    assert_eq!(identity.notice, None);

    let once = verified.once();
    assert_eq!(once.id, sha256_hex(&token));
    assert_eq!(once.id.len(), 64);
    assert_eq!(once.until.timestamp(), NOW + 300 + 60);
    match verified.take_proof() {
        Some(ForwardedProof::IdToken(proof)) => assert_eq!(proof.expose_secret(), token),
        other => panic!("no ID token: {other:?}"),
    }
    assert!(!format!("{verified:?}").contains(&token));
}

// O3: what the browser takes along
#[tokio::test]
async fn the_departure_asks_for_exactly_this_login() {
    let rig = Rig::new().await;
    let url = rig
        .rp
        .depart(&rig.challenge, "the-state", &Requires::default())
        .await
        .unwrap();
    assert!(url.as_str().starts_with(&format!("{}/auth?", rig.op.url)));
    let sent = parameters(&url);
    let challenge = digest::digest(&digest::SHA256, rig.verifier().as_bytes());
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "vestibule"),
        ("state", "the-state"),
        ("nonce", rig.nonce()),
        (
            "redirect_uri",
            "https://console.example.com/oidc/okta/callback",
        ),
        ("code_challenge", &base64(challenge.as_ref())),
        ("code_challenge_method", "S256"),
        ("scope", "openid profile groups"),
    ] {
        assert_eq!(sent.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert_eq!(sent.len(), 8);
    assert!(!url.as_str().contains(rig.verifier()));

    let requires = Requires {
        login_within_minutes: Some(15),
        acr: vec!["phr".to_owned(), "urn:a&b".to_owned()],
        reason: false,
    };
    let departure = rig.rp.depart(&rig.challenge, "s", &requires).await;
    let sent = parameters(&departure.unwrap());
    assert_eq!(sent.get("max_age").map(String::as_str), Some("900"));
    let asked = sent.get("acr_values").map(String::as_str);
    assert_eq!(asked, Some("phr urn:a&b"));
    assert_eq!(sent.len(), 10, "nothing else is asked for: {sent:?}");
}

/// A log in memory.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

// O3: the verifier that the token endpoint saw stands in no line of the log and in no address
#[tokio::test]
async fn the_verifier_reaches_the_token_endpoint_alone() {
    let kept = Kept::default();
    let writer = kept.clone();
    // other people's crates never log below `info`
    let _guard = tracing_subscriber::fmt()
        .json()
        .with_env_filter("vestibule=trace,info")
        .with_writer(move || writer.clone())
        .set_default();
    let rig = Rig::new().await;
    let departure = rig
        .rp
        .depart(&rig.challenge, "s", &Requires::default())
        .await
        .unwrap();
    rig.login_as(&rig.claims()).await.unwrap();
    rig.login("x").await.unwrap_err();
    let sent = rig.op.seen("/token");
    assert_eq!(sent.len(), 2);
    let verifier = form(&sent[0].body)["code_verifier"].clone();
    assert_eq!(verifier, rig.verifier());
    tracing::trace!("the log is kept at this level");
    let log = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("\"level\":\"TRACE\""), "{log}");
    assert!(!log.contains(&verifier), "{log}");
    assert!(!departure.as_str().contains(&verifier));
    for request in rig.op.all_seen() {
        assert!(!request.path.contains(&verifier), "{request:?}");
        assert!(!request.head.contains(&verifier), "{request:?}");
        let is_told = request.path == "/token";
        assert_eq!(request.body.contains(&verifier), is_told, "{request:?}");
    }
}

#[tokio::test]
async fn an_authorization_endpoint_keeps_its_own_parameters() {
    let rig = Rig::new().await;
    let endpoint = format!("{}/auth?tenant=a", rig.op.url);
    rig.op
        .discover_with("authorization_endpoint", json!(endpoint));
    let url = rig
        .rp
        .depart(&rig.challenge, "s", &Requires::default())
        .await
        .unwrap();
    assert_eq!(
        parameters(&url).get("tenant").map(String::as_str),
        Some("a")
    );
}

// O1, O2: nothing of one login serves another
#[tokio::test]
async fn every_challenge_is_its_own() {
    let rig = Rig::new().await;
    let other = rig.rp.challenge(&SystemRandom);
    let Challenge::Oidc {
        nonce,
        pkce_verifier,
    } = &other
    else {
        panic!("not ours")
    };
    assert_ne!(nonce, rig.nonce());
    assert_ne!(pkce_verifier, rig.verifier());
    assert_ne!(nonce, pkce_verifier);
    assert_eq!((nonce.len(), pkce_verifier.len()), (43, 43));
    assert!(!format!("{other:?}").contains(pkce_verifier.as_str()));
}

// O4: mix-up
#[tokio::test]
async fn an_answer_of_another_issuer_never_reaches_the_token_endpoint() {
    let rig = Rig::new().await;
    rig.give(&sign(&rig.claims()));
    for iss in ["https://evil.example", "", &format!("{}/", rig.op.url)] {
        let query = format!("code=c&state=s&iss={iss}");
        let refused = rig.arrive_with(&query).await.unwrap_err();
        assert_eq!(refused.code(), "oidc.iss");
    }
    assert_eq!(rig.op.count("/token"), 0);
    let right = format!("code=c&state=s&iss={}", rig.op.url);
    rig.arrive_with(&right).await.unwrap();
}

// O4
#[tokio::test]
async fn an_issuer_that_promises_to_name_itself_must() {
    let rig = Rig::new().await;
    rig.op.discover_with(
        "authorization_response_iss_parameter_supported",
        json!(true),
    );
    rig.give(&sign(&rig.claims()));
    let refused = rig.arrive().await.unwrap_err();
    assert_eq!(refused.code(), "oidc.iss_missing");
    let refused = rig
        .arrive_with("error=access_denied&state=s")
        .await
        .unwrap_err();
    assert_eq!(refused.code(), "oidc.iss_missing");
    assert_eq!(rig.op.count("/token"), 0);
    let right = format!("code=c&state=s&iss={}", rig.op.url);
    rig.arrive_with(&right).await.unwrap();
}

// O4: the issuer in the discovery document, byte for byte
#[tokio::test]
async fn a_discovery_document_of_another_issuer_is_refused() {
    let rig = Rig::new().await;
    for issuer in [
        format!("{}/", rig.op.url),
        rig.op.url.to_uppercase(),
        "https://evil.example".to_owned(),
    ] {
        rig.op.discover_with("issuer", json!(issuer));
        let refused = rig.rp.prepare().await.unwrap_err();
        assert_eq!(refused.code(), "oidc.discovery");
        assert!(!rig.rp.is_ready());
    }
}

// O10
#[tokio::test]
async fn a_refusal_is_passed_on_as_data_and_asks_nothing_further() {
    let rig = Rig::new().await;
    let refused = rig
        .arrive_with("error=access_denied&error_description=%3Cb%3Eno%3C/b%3E&state=s")
        .await
        .unwrap_err();
    assert_eq!(refused.code(), "oidc.refused");
    assert!(!refused.is_unreachable());
    let said = refused.refusal().unwrap();
    assert_eq!(said.error, "access_denied");
    assert_eq!(said.description.as_deref(), Some("<b>no</b>"));
    assert!(!refused.to_string().contains("<b>"));
    assert_eq!(rig.op.count("/token"), 0);
    let busy = rig
        .arrive_with("error=temporarily_unavailable&state=s")
        .await
        .unwrap_err();
    assert!(busy.is_unreachable());
}

#[tokio::test]
async fn a_challenge_of_another_kind_or_shape_is_refused_without_a_request() {
    let rig = Rig::new().await;
    for challenge in [
        Challenge::Saml {
            request_id: "_1".to_owned(),
        },
        Challenge::Oidc {
            nonce: "n".to_owned(),
            pkce_verifier: "short".to_owned(),
        },
        Challenge::Oidc {
            nonce: String::new(),
            pkce_verifier: "v".repeat(43),
        },
        Challenge::Oidc {
            nonce: "n".to_owned(),
            pkce_verifier: "v".repeat(129),
        },
    ] {
        let (_, callback) = Callback::parse("code=c&state=s").unwrap();
        let refused = rig.rp.verify(callback, &challenge).await.unwrap_err();
        assert_eq!(refused.code(), "oidc.challenge");
        let refused = rig
            .rp
            .depart(&challenge, "s", &Requires::default())
            .await
            .unwrap_err();
        assert_eq!(refused.code(), "oidc.challenge");
    }
    assert_eq!(rig.op.count("/.well-known/openid-configuration"), 0);
}

#[test]
fn a_configuration_that_cannot_work_is_refused_at_once() {
    let refuse = |issuer: &str, change: fn(&mut OidcConfig)| {
        let mut config = config(issuer);
        change(&mut config);
        RelyingParty::new(&provider(config), Arc::new(SystemClock)).unwrap_err()
    };
    for issuer in [
        "http://op.example",
        "op.example",
        "https://op.example?x=1",
        "https://op.example#x",
        "https://user@op.example",
        "file:///op",
    ] {
        assert!(
            matches!(refuse(issuer, |_| {}), Error::Configuration(_)),
            "{issuer}"
        );
    }
    for algorithm in ["none", "HS256", "PS256", "EdDSA", "rs256", ""] {
        let mut config = config("https://op.example");
        config.algorithms = vec!["RS256".to_owned(), algorithm.to_owned()];
        let refused = RelyingParty::new(&provider(config), Arc::new(SystemClock));
        assert_eq!(
            refused.unwrap_err().code(),
            "oidc.configuration",
            "{algorithm}"
        );
    }
    let refused = refuse("https://op.example", |config| config.algorithms.clear());
    assert_eq!(refused.code(), "oidc.configuration");
    let refused = refuse("https://op.example", |config| {
        config.authorities = vec![b"no certificate".to_vec()];
    });
    assert_eq!(refused.code(), "oidc.configuration");
}

// O4: the code of one provider is of no use at another
#[tokio::test]
async fn each_provider_has_its_own_keys_and_issuer() {
    let rig = Rig::new().await;
    let other = FakeProvider::start().await;
    let claims = rig.claims_with("iss", json!(other.url));
    assert_eq!(rig.refusal_of(&claims).await, "oidc.issuer");
    assert_eq!(other.count("/jwks"), 0);
}
