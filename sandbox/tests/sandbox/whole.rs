//! The sandbox as a whole: started and stopped together, on loopback alone, with https when wanted.

use std::net::SocketAddr;

use reqwest::tls::Certificate;
use vestibule_sandbox::listener::StartError;
use vestibule_sandbox::tls::Authority;
use vestibule_sandbox::{Broker, Sandbox, Settings};

use crate::support::Browser;

#[actix_web::test]
async fn everything_starts_answers_and_stops() {
    let sandbox = Sandbox::start(Settings::default()).unwrap();
    let broker = Broker::at("http://127.0.0.1:8080/", "corp", "okta", "secret");
    sandbox.welcome(&broker);
    assert_eq!(broker.acs_url, "http://127.0.0.1:8080/saml/corp/acs");
    assert_eq!(
        broker.redirect_uri,
        "http://127.0.0.1:8080/oidc/okta/callback"
    );
    let minted = sandbox.saml_idp.mint(&broker.entity_id, "erin", None);
    assert_eq!(minted.unwrap().acs_url, broker.acs_url);
    let browser = Browser::default();
    let pages = [
        sandbox.saml_idp.entity_id().to_owned(),
        format!(
            "{}/.well-known/openid-configuration",
            sandbox.oidc_idp.issuer()
        ),
        sandbox.aws.request_log_url(),
    ];
    for page in &pages {
        assert_eq!(browser.get(page).await.status, 200, "{page}");
    }
    let home = format!("{}/console.aws.amazon.com/", sandbox.console.origin());
    assert_eq!(browser.get(&home).await.status, 401);
    assert!(sandbox.people().find("erin").is_some());
    assert_eq!(sandbox.clock().now(), sandbox.simulation().clock.now());
    sandbox.stop().await;
    let client = crate::support::http_client();
    for page in pages.iter().chain([&home]) {
        assert!(
            client.get(page).send().await.unwrap_err().is_connect(),
            "{page}"
        );
    }
}

#[actix_web::test]
async fn no_part_of_it_listens_where_others_can_reach_it() {
    let open: SocketAddr = "0.0.0.0:0".parse().unwrap();
    let settings: [fn(&mut Settings, SocketAddr); 4] = [
        |settings, open| settings.aws = open,
        |settings, open| settings.console = open,
        |settings, open| settings.saml_idp = open,
        |settings, open| settings.oidc_idp = open,
    ];
    for change in settings {
        let mut settings = Settings::default();
        change(&mut settings, open);
        let refused = Sandbox::start(settings).err().unwrap();
        assert!(matches!(refused, StartError::NotLoopback(_)));
    }
}

#[actix_web::test]
async fn two_sandboxes_stand_side_by_side_though_they_want_the_same_ports() {
    let first = Sandbox::start(Settings::default()).unwrap();
    let second = Sandbox::start(Settings {
        aws: first.aws.address(),
        ..Settings::default()
    })
    .unwrap();
    assert_ne!(first.aws.address(), second.aws.address());
    second.stop().await;
    first.stop().await;
}

#[actix_web::test]
async fn https_is_trusted_by_those_who_know_the_authority() {
    let authority = Authority::new().unwrap();
    let identity = authority.identity(&["127.0.0.1", "localhost"]).unwrap();
    assert!(identity.certificate_pem.contains(&authority.pem()));
    assert!(identity.key_pem.contains("PRIVATE KEY"));
    assert_eq!(identity.spki_sha256.len(), 44);
    let sandbox = Sandbox::start(Settings {
        aws_tls: Some(identity.server.clone()),
        idp_tls: Some(identity.server),
        ..Settings::default()
    })
    .unwrap();
    let knowing = reqwest::Client::builder()
        .tls_certs_only([Certificate::from_pem(authority.pem().as_bytes()).unwrap()])
        .build()
        .unwrap();
    let unknowing = crate::support::http_client();
    for page in [
        sandbox.saml_idp.entity_id().to_owned(),
        format!("{}/jwks", sandbox.oidc_idp.issuer()),
        sandbox.aws.request_log_url(),
    ] {
        assert!(page.starts_with("https://127.0.0.1:"), "{page}");
        assert_eq!(knowing.get(&page).send().await.unwrap().status(), 200);
        assert!(unknowing.get(&page).send().await.is_err());
    }
    sandbox.stop().await;
}
