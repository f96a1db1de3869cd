//! The ways in which the demo OpenID provider can be made to lie, stall and break.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use vestibule_sandbox::idp::key::{Algorithm, Key, KeyKind};
use vestibule_sandbox::idp::oidc::{Endpoint, Fault, Groups, Latch, Nonce, OidcIdp, Signing};
use vestibule_sandbox::people::{Directory, Person};

use crate::support::{Browser, CLIENT, oidc_idp, oidc_idp_with, standing_clock};

fn parts(token: &str) -> (Value, Value) {
    let mut parts = token.split('.').map(|part| {
        let decoded = URL_SAFE_NO_PAD.decode(part).unwrap();
        serde_json::from_slice(&decoded).unwrap_or(Value::Null)
    });
    (parts.next().unwrap(), parts.next().unwrap())
}

fn mint(idp: &OidcIdp) -> (Value, Value) {
    parts(&idp.mint(CLIENT, "erin", Some("nonce-1")).unwrap())
}

async fn get(idp: &OidcIdp, path: &str) -> (u16, String) {
    let page = Browser::default()
        .get(format!("{}{path}", idp.issuer()))
        .await;
    (page.status.as_u16(), page.body)
}

const DISCOVERY: &str = "/.well-known/openid-configuration";

#[actix_web::test]
async fn header_claims_and_the_token_itself_can_be_changed() {
    let idp = oidc_idp(standing_clock().0);
    idp.configure(|options| {
        options.edit_header = Some(Arc::new(|header| {
            header.insert("kid".to_owned(), json!("../x"));
        }));
        options.edit_claims = Some(Arc::new(|claims| {
            claims.remove("sub");
        }));
        options.audience = Some(vec![CLIENT.to_owned(), "other".to_owned()]);
        options.azp = Some("other".to_owned());
        options.nonce = Nonce::Other("replayed".to_owned());
    });
    let (header, claims) = mint(&idp);
    assert_eq!(header["kid"], "../x");
    assert_eq!(claims.get("sub"), None);
    assert_eq!(claims["aud"], json!([CLIENT, "other"]));
    assert_eq!(
        (&claims["azp"], &claims["nonce"]),
        (&json!("other"), &json!("replayed"))
    );
    idp.configure(|options| options.edit_token = Some(Arc::new(|_| "no.token.here".to_owned())));
    assert_eq!(idp.mint(CLIENT, "erin", None).unwrap(), "no.token.here");
    assert!(idp.mint(CLIENT, "nobody", None).is_err());
    idp.stop().await;
}

#[actix_web::test]
async fn tokens_can_be_signed_with_anything_or_nothing() {
    let idp = oidc_idp(standing_clock().0);
    let stranger = Key::generate(KeyKind::P256).unwrap();
    for (signing, name) in [
        (Signing::Own(Algorithm::RsaSha384), "RS384"),
        (Signing::Own(Algorithm::RsaSha512), "RS512"),
        (Signing::Own(Algorithm::EcdsaSha256), "ES256"),
        (Signing::Own(Algorithm::EcdsaSha384), "ES384"),
        (
            Signing::Key(Arc::clone(&stranger), Algorithm::EcdsaSha256),
            "ES256",
        ),
        (Signing::Hmac(b"secret".to_vec()), "HS256"),
        (Signing::Unsigned, "none"),
    ] {
        let unsigned = matches!(signing, Signing::Unsigned);
        idp.configure(|options| options.signing = signing);
        let token = idp.mint(CLIENT, "erin", None).unwrap();
        assert_eq!(parts(&token).0["alg"], name);
        assert_eq!(token.ends_with('.'), unsigned);
    }
    assert_ne!(idp.keys().p256.id(), stranger.id());
    idp.stop().await;
}

#[actix_web::test]
async fn keys_can_be_rotated_with_and_without_mercy() {
    let idp = oidc_idp(standing_clock().0);
    let old = idp.keys().rsa.id().to_owned();
    idp.rotate(true).unwrap();
    let published = get(&idp, "/jwks").await.1;
    assert!(published.contains(&old) && published.contains(idp.keys().rsa.id()));
    let (header, _) = mint(&idp);
    assert_eq!(header["kid"], idp.keys().rsa.id());
    assert_ne!(header["kid"], old.as_str());
    idp.rotate(false).unwrap();
    let published = get(&idp, "/jwks").await.1;
    assert!(!published.contains(&old));
    assert_eq!(published.matches("\"kid\"").count(), 3);
    idp.stop().await;
}

#[actix_web::test]
async fn documents_can_be_changed_and_requests_are_counted() {
    let idp = oidc_idp(standing_clock().0);
    let honest: Value = serde_json::from_str(&get(&idp, DISCOVERY).await.1).unwrap();
    assert_eq!(honest["issuer"], idp.issuer());
    assert_eq!(honest["jwks_uri"], format!("{}/jwks", idp.issuer()));
    let set = |name: &'static str| {
        move |object: &mut Map<String, Value>| {
            object.insert(name.to_owned(), json!("changed"));
        }
    };
    idp.configure(|options| {
        options.edit_discovery = Some(Arc::new(set("issuer")));
        options.edit_jwks = Some(Arc::new(set("keys")));
    });
    assert!(
        get(&idp, DISCOVERY)
            .await
            .1
            .contains("\"issuer\":\"changed\"")
    );
    assert!(get(&idp, "/jwks").await.1.contains("\"keys\":\"changed\""));
    assert_eq!(idp.requests(Endpoint::Discovery), 2);
    assert_eq!(idp.requests(Endpoint::Jwks), 1);
    assert_eq!(idp.requests(Endpoint::Token), 0);
    idp.stop().await;
}

#[actix_web::test]
async fn endpoints_fail_in_the_ways_that_endpoints_fail() {
    let idp = oidc_idp(standing_clock().0);
    let fault = |fault: Fault| {
        idp.configure(|options| {
            options.faults.insert(Endpoint::Jwks, fault);
        });
    };
    fault(Fault::Status(503, "busy".to_owned()));
    assert_eq!(get(&idp, "/jwks").await, (503, "busy".to_owned()));
    fault(Fault::Body("not json".to_owned()));
    assert_eq!(get(&idp, "/jwks").await, (200, "not json".to_owned()));
    fault(Fault::Huge(3 << 20));
    let huge = get(&idp, "/jwks").await.1;
    assert_eq!(huge.len(), (3 << 20) + 2);
    assert_eq!(huge.trim_matches(['{', '}']).trim(), "");
    fault(Fault::Redirect("https://elsewhere.example/".to_owned()));
    assert_eq!(get(&idp, "/jwks").await.0, 302);
    let latch = Latch::default();
    fault(Fault::Hang(latch.clone()));
    let (hanging, ()) = futures_util::future::join(get(&idp, "/jwks"), async {
        // another endpoint answers while this one hangs
        assert_eq!(get(&idp, DISCOVERY).await.0, 200);
        latch.open();
    })
    .await;
    assert_eq!(hanging.0, 200);
    assert_eq!(get(&idp, "/jwks").await.0, 200, "an open latch stays open");
    assert_eq!(idp.requests(Endpoint::Jwks), 6);
    idp.stop().await;
}

#[actix_web::test]
async fn groups_can_be_elsewhere() {
    let idp = oidc_idp(standing_clock().0);
    for (groups, in_token) in [
        (Groups::Everywhere, true),
        (Groups::IdToken, true),
        (Groups::Userinfo, false),
        (Groups::Overage, false),
    ] {
        idp.configure(|options| options.groups = groups);
        let (_, claims) = mint(&idp);
        assert_eq!(claims.get("groups").is_some(), in_token, "{groups:?}");
        assert_eq!(
            claims["_claim_names"]["groups"] == "src1",
            groups == Groups::Overage
        );
    }
    idp.stop().await;
}

#[actix_web::test]
async fn people_with_tags_bring_awss_claims() {
    let people = Directory::default();
    let mut person = Person::new("tara", "Tara");
    person
        .aws
        .principal_tags
        .insert("team".to_owned(), "x".to_owned());
    person.aws.transitive_tag_keys = vec!["team".to_owned()];
    person.aws.source_identity = Some("tara".to_owned());
    people.put(person);
    let idp = oidc_idp_with(people, standing_clock().0);
    let claims = parts(&idp.mint(CLIENT, "tara", None).unwrap()).1;
    assert_eq!(
        claims["https://aws.amazon.com/tags"],
        json!({ "principal_tags": { "team": ["x"] }, "transitive_tag_keys": ["team"] })
    );
    assert_eq!(claims["https://aws.amazon.com/source_identity"], "tara");
    idp.configure(|options| options.aws_claims = false);
    let claims = parts(&idp.mint(CLIENT, "tara", None).unwrap()).1;
    assert_eq!(claims.get("https://aws.amazon.com/tags"), None);
    idp.stop().await;
}
