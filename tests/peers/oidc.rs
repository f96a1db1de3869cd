//! OpenID providers of other people's: npm oidc-provider, which is certified, and oidc-provider-mock.

use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::peer::{Peer, here, installed};
use crate::site::{DEVELOPER, PEER, Site, developer, me, refused};
use crate::world::World;
use crate::world::browser::{Browser, Form, Page};

const DISCOVERY: &str = "/.well-known/openid-configuration";

/// npm oidc-provider that signs ID tokens by an algorithm, and Vestibule that takes only these.
async fn with_oidc_provider(signs: &str, takes: &str, extra: [&str; 2]) -> (Peer, World) {
    let node = installed("bin/node");
    installed("node/node_modules/oidc-provider");
    let [groups, lines] = extra;
    let site = Site::new();
    let peer = Peer::start(DISCOVERY, |port, _| {
        let mut command = Command::new(&node);
        command
            .arg(here("node/op.mjs"))
            .env("PORT", port.to_string())
            .env("PUBLIC_URL", &site.url)
            .env("IDP", PEER)
            .env("ALG", signs)
            .env("GROUPS", groups);
        command
    })
    .await;
    let world = site.start(&provider(&peer, takes, lines)).await;
    (peer, world)
}

/// oidc-provider-mock with one person, and Vestibule that knows it.
async fn with_oidc_provider_mock(person: &Value) -> (Peer, World) {
    let python = installed("python/bin/python");
    let site = Site::new();
    let peer = Peer::start(DISCOVERY, |port, _| {
        let mut command = Command::new(&python);
        command
            .args(["-m", "oidc_provider_mock", "--host", "127.0.0.1", "--port"])
            .arg(port.to_string())
            .arg("--user-claims")
            .arg(person.to_string());
        command
    })
    .await;
    let world = site.start(&provider(&peer, "RS256", "")).await;
    (peer, world)
}

fn provider(peer: &Peer, algorithm: &str, lines: &str) -> String {
    format!(
        r#"kind = "oidc"
issuer = "{}"
client_id = "vestibule"
client_secret_file = "okta-secret"
scopes = ["openid", "profile", "email", "groups"]
algorithms = ["{algorithm}"]
unique_email_domains = ["example.org"]
{lines}"#,
        peer.url
    )
}

/// Signs in at npm oidc-provider and consents.
async fn signs_in(world: &World, browser: &Browser, username: &str) -> Page {
    world.aws_forgets();
    let mut page = browser.opens(&world.at(DEVELOPER)).await;
    for prompt in ["login", "consent"] {
        let form = page
            .form_with("prompt")
            .unwrap_or_else(|| panic!("no form on {}: {}", page.url, page.body));
        assert_eq!(form.value("prompt"), Some(prompt));
        let form = if prompt == "login" {
            form.with("login", username).with("password", "any")
        } else {
            form
        };
        page = browser.submits(&form).await;
    }
    page
}

/// Signs in at oidc-provider-mock: one post to the address that the browser was sent to.
async fn signs_in_at_mock(world: &World, browser: &Browser, subject: &str) -> Page {
    world.aws_forgets();
    let page = browser.opens(&world.at(DEVELOPER)).await;
    let form = Form {
        action: page.url,
        post: true,
        fields: vec![("sub".to_owned(), subject.to_owned())],
    };
    browser.submits(&form).await
}

async fn eve_reaches_the_console(world: &World) {
    let browser = world.browser();
    let page = signs_in(world, &browser, "eve").await;
    let session = developer(world, &browser, &page).await;
    assert_eq!(session, "eve@example.org");
    let me = me(world, &browser).await;
    assert_eq!(me["idp"], PEER);
    assert_eq!(me["subject"], "eve");
    assert_eq!(me["name"], "Eve");
    assert_eq!(
        me["attributes"]["groups"],
        json!(["cloud-admins", "cloud-viewers"])
    );
    let roles: Vec<String> = serde_json::from_value(me["roles"].clone()).unwrap();
    assert_eq!(roles.len(), 2, "{roles:?}");
    for role in ["gov-prod/GovAdmin", "payments-dev/Developer"] {
        assert!(roles.iter().any(|held| held == role), "{roles:?}");
    }
}

#[tokio::test]
async fn npm_oidc_provider_signs_in_with_rs256_and_groups_in_the_id_token() {
    let (_peer, world) = with_oidc_provider("RS256", "RS256", ["", ""]).await;
    eve_reaches_the_console(&world).await;
    world.stop().await;
}

#[tokio::test]
async fn npm_oidc_provider_signs_in_with_es256_and_groups_in_the_id_token() {
    let (_peer, world) = with_oidc_provider("ES256", "ES256", ["", ""]).await;
    eve_reaches_the_console(&world).await;
    world.stop().await;
}

#[tokio::test]
async fn groups_that_npm_oidc_provider_keeps_for_userinfo_are_asked_for_there() {
    let (_peer, world) =
        with_oidc_provider("RS256", "RS256", ["userinfo", "userinfo = true"]).await;
    eve_reaches_the_console(&world).await;
    world.stop().await;
}

#[tokio::test]
async fn somebody_without_groups_at_npm_oidc_provider_holds_nothing() {
    let (_peer, world) = with_oidc_provider("RS256", "RS256", ["", ""]).await;
    let browser = world.browser();
    let page = signs_in(&world, &browser, "frank").await;
    assert_eq!(page.status, 403, "{}", page.body);
    let me = me(&world, &browser).await;
    assert_eq!(me["subject"], "frank");
    assert_eq!(me["roles"], json!([]));
    assert!(world.aws_saw().is_empty(), "AWS was asked");
    world.stop().await;
}

#[tokio::test]
async fn an_algorithm_that_is_not_listed_is_refused_though_the_signature_is_good() {
    let (_peer, world) = with_oidc_provider("RS256", "ES256", ["", ""]).await;
    let browser = world.browser();
    let page = signs_in(&world, &browser, "eve").await;
    refused(&world, &browser, &page, "oidc.algorithm").await;
    world.stop().await;
}

#[tokio::test]
async fn oidc_provider_mock_signs_in_with_a_token_that_names_no_key() {
    let gina = json!({
        "sub": "gina",
        "email": "gina@example.org",
        "groups": ["cloud-viewers"],
    });
    let (peer, world) = with_oidc_provider_mock(&gina).await;
    let header = id_token_header(&peer, &world).await;
    assert_eq!(header.get("kid"), None, "the peer names its key: {header}");
    let browser = world.browser();
    let page = signs_in_at_mock(&world, &browser, "gina").await;
    // the mock does not say that it has verified the address, so it does not become the session's name
    let session = developer(&world, &browser, &page).await;
    assert!(session.contains('='), "{session}");
    let me = me(&world, &browser).await;
    assert_eq!(me["idp"], PEER);
    assert_eq!(me["subject"], "gina");
    assert_eq!(me["attributes"]["groups"], json!(["cloud-viewers"]));
    assert_eq!(me["roles"], json!(["payments-dev/Developer"]));
    world.stop().await;
}

/// The header of an ID token, fetched from the mock by a client of the test's own.
async fn id_token_header(peer: &Peer, world: &World) -> Value {
    let back = world.at("/oidc/peer/callback");
    let mut url = url::Url::parse(&format!("{}/oauth2/authorize", peer.url)).unwrap();
    url.query_pairs_mut()
        .append_pair("client_id", "another")
        .append_pair("response_type", "code")
        .append_pair("scope", "openid")
        .append_pair("redirect_uri", &back)
        .append_pair("state", "s")
        .append_pair("nonce", "n");
    let form = Form {
        action: url,
        post: true,
        fields: vec![("sub".to_owned(), "gina".to_owned())],
    };
    let answer = world.browser().submits_once(&form).await;
    let code = answer.location().unwrap();
    let code = code.query_pairs().find(|(name, _)| name == "code").unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client
        .post(format!("{}/oauth2/token", peer.url))
        .basic_auth("another", Some("any"))
        .form(&[
            ("grant_type", "authorization_code"),
            ("code", &code.1),
            ("redirect_uri", &back),
        ])
        .send()
        .await
        .unwrap();
    let tokens: Value = answer.json().await.unwrap();
    let header = tokens["id_token"]
        .as_str()
        .unwrap()
        .split('.')
        .next()
        .unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap()
}
