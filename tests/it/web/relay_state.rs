//! S24, O11: what comes back beside the proof is a handle or nothing; it never says where to go.

use reqwest::Method;

use crate::world::{OIDC, SAML, World};

/// Where a careless server would send the browser.
const HOSTS: &[&str] = &[
    "evil.example",
    "evil.example:443",
    "evil.example%00",
    "evil%E3%80%82example",
];

/// Ways to write that, or to put it into a header.
const SHAPES: &[&str] = &[
    "https://HOST",
    "http://HOST",
    "//HOST",
    "///HOST",
    "////HOST",
    "/\\HOST",
    "\\\\HOST",
    "\\/HOST",
    "/\t/HOST",
    "/%09/HOST",
    "/%2f%2fHOST",
    "%2f%2fHOST",
    "/..//HOST",
    "/.//HOST",
    "/x/..//HOST",
    "https:HOST",
    "https:/HOST",
    "https:\\\\HOST",
    "HTTPS://HOST",
    "hTTps://u:p@HOST",
    "https://HOST@localhost",
    "https://localhost@HOST",
    "https://localhost.HOST",
    "https://HOST#localhost",
    "https://HOST?localhost",
    "javascript:alert('HOST')",
    "JaVaScRiPt:alert('HOST')",
    "data:text/html,HOST",
    "vbscript:HOST",
    " https://HOST",
    "\thttps://HOST",
    "/\r\nLocation: https://HOST",
    "%0d%0aLocation:%20https://HOST",
    "\u{2028}https://HOST",
    "/;@HOST",
    "/@HOST",
    ".HOST",
    "?next=https://HOST",
    "#https://HOST",
    "$HOST",
    "<>//HOST",
    "https://[::1]@HOST",
    "/go/x?u=//HOST",
];

fn payloads() -> Vec<String> {
    let filled = HOSTS
        .iter()
        .flat_map(|host| SHAPES.iter().map(|shape| shape.replace("HOST", host)));
    filled
        .chain([
            String::new(),
            "A".repeat(80),
            "A".repeat(5000),
            "\u{0}".to_owned(),
        ])
        .collect()
}

#[tokio::test]
async fn no_relay_state_leads_anywhere() {
    let world = World::start().await;
    let browser = world.browser();
    let honest = world
        .saml_answer(&browser, &format!("/sign-in/{SAML}"), "erin")
        .await;
    for payload in payloads() {
        let page = browser
            .submits_once(&honest.clone().with("RelayState", &payload))
            .await;
        assert!(
            (400..500).contains(&page.status),
            "{payload:?}: {}",
            page.status
        );
        assert_eq!(page.header("location"), "", "{payload:?}");
        assert_eq!(page.header("set-cookie"), "", "{payload:?}");
        assert!(!page.body.contains("evil"), "{payload:?} is on the page");
    }
    // the login itself is still there for who began it
    let portal = browser.submits(&honest).await;
    assert_eq!(
        (portal.status, portal.url.path()),
        (200, "/"),
        "{}",
        portal.body
    );
    world.stop().await;
}

#[tokio::test]
async fn no_state_and_no_further_parameter_leads_anywhere() {
    let world = World::start().await;
    let browser = world.browser();
    browser
        .opens_once(&world.at(&format!("/sign-in/{OIDC}")))
        .await;
    for payload in payloads() {
        let mut url: url::Url = world.at(&format!("/oidc/{OIDC}/callback")).parse().unwrap();
        url.query_pairs_mut()
            .append_pair("code", "x")
            .append_pair("state", &payload);
        let page = browser.once(Method::GET, &url, None, &[]).await;
        assert!(
            (400..500).contains(&page.status),
            "{payload:?}: {}",
            page.status
        );
        assert_eq!(page.header("location"), "", "{payload:?}");
        assert!(!page.body.contains("evil"), "{payload:?} is on the page");
        let mut url: url::Url = world.at("/").parse().unwrap();
        for name in [
            "next",
            "redirect",
            "redirect_uri",
            "return_to",
            "url",
            "RelayState",
        ] {
            url.query_pairs_mut().append_pair(name, &payload);
        }
        let page = browser.once(Method::GET, &url, None, &[]).await;
        assert!(page.status < 500);
        assert!(!page.header("location").contains("evil"), "{payload:?}");
    }
    world.stop().await;
}
