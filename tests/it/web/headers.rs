//! B22, B29: what requests say about our own name is not believed, and every answer carries its headers.

use vestibule::web::ROUTES;

use super::wire::{Answer, cookie_line, sends};
use crate::world::{OIDC, SAML, World};

/// Every row as somebody would ask for it, for both providers.
fn everything() -> Vec<String> {
    let mut lines = Vec::new();
    for row in ROUTES {
        for idp in [SAML, OIDC, "nobody"] {
            let path = row
                .path
                .replace("{idp}", idp)
                .replace("{account}", "payments-prod")
                .replace("{role}", "Admin")
                .replace("{text:.+}", "prod")
                .replace("{file}", "vestibule.css");
            lines.push(format!("{} {path}", row.method));
        }
    }
    lines.extend(
        [
            "GET /nowhere",
            "HEAD /",
            "DELETE /sign-out",
            "GET /go?account_id=payments-prod",
            "GET /go?account_id=%zz",
            "GET /go/payments-prod/Admin?destination=https%3A%2F%2Fevil.example",
            "GET /go/payments-prod/Admin?hours=99",
        ]
        .map(str::to_owned),
    );
    lines.sort();
    lines.dedup();
    lines
}

fn carries(line: &str, answer: &Answer) {
    for (name, parts) in [
        (
            "content-security-policy",
            &[
                "default-src 'none'",
                "frame-ancestors 'none'",
                "base-uri 'none'",
            ][..],
        ),
        ("x-content-type-options", &["nosniff"]),
        ("x-frame-options", &["DENY"]),
        ("referrer-policy", &["no-referrer", "same-origin"]),
        ("cross-origin-opener-policy", &["same-origin"]),
        ("cross-origin-resource-policy", &["same-origin"]),
        ("permissions-policy", &["camera=()"]),
        ("cache-control", &["no-store", "immutable"]),
    ] {
        let value = answer.header(name);
        let fits = |part: &&str| value.contains(*part);
        let holds = match name {
            "content-security-policy" => parts.iter().all(fits),
            _ => parts.iter().any(fits),
        };
        assert!(holds, "{line}: {name}: {value}");
    }
    let policy = answer.header("content-security-policy");
    assert!(!policy.contains("unsafe"), "{line}: {policy}");
    assert_eq!(
        answer.header("strict-transport-security"),
        "",
        "{line} is plain http"
    );
    if answer.status == 303 {
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{line}");
    }
}

#[tokio::test]
async fn every_answer_carries_its_headers() {
    let world = World::start().await;
    let browser = world.browser();
    let portal = world
        .signs_in(&browser, &format!("/sign-in/{SAML}"), "erin")
        .await;
    let stylesheet = regex::Regex::new("/static/vestibule-[0-9a-f]+.css").unwrap();
    let stylesheet = stylesheet.find(&portal.body).unwrap().as_str();
    let cookies = cookie_line(&world, &browser);
    for line in everything() {
        for cookie in ["X: y", cookies.as_str()] {
            let answer = sends(&world, &line, &[cookie], b"").await;
            assert!(
                answer.status >= 200 && answer.status < 500,
                "{line}: {}",
                answer.status
            );
            carries(&line, &answer);
        }
    }
    let answer = sends(&world, &format!("GET {stylesheet}"), &[], b"").await;
    carries(stylesheet, &answer);
    assert_eq!(
        answer.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    // a form that may end at a provider is held back by no policy of ours; all others stay here
    let page = sends(&world, "GET /nowhere", &[], b"").await;
    assert!(
        page.header("content-security-policy")
            .contains("form-action 'self'")
    );
    let portal = sends(&world, "GET /", &[&cookies], b"").await;
    assert!(
        !portal
            .header("content-security-policy")
            .contains("form-action")
    );
    world.stop().await;
}

#[tokio::test]
async fn no_header_names_us() {
    let world = World::start().await;
    let browser = world.browser();
    world
        .signs_in(&browser, &format!("/sign-in/{SAML}"), "erin")
        .await;
    let cookies = cookie_line(&world, &browser);
    for header in [
        "Host: evil.example",
        "X-Forwarded-Host: evil.example",
        "X-Forwarded-Server: evil.example",
        "X-Forwarded-Proto: evil.example",
        "X-Forwarded-Scheme: evil.example",
        "X-Forwarded-Port: evil.example",
        "X-Forwarded-Prefix: /evil.example",
        "X-Original-Host: evil.example",
        "X-Original-URL: //evil.example/",
        "X-Rewrite-URL: //evil.example/",
        "X-Host: evil.example",
        "Forwarded: host=evil.example;proto=https",
        "Origin: https://evil.example",
        "Referer: https://evil.example/",
    ] {
        for line in everything() {
            if line.contains("evil") {
                continue;
            }
            for cookie in ["X: y", cookies.as_str()] {
                let answer = sends(&world, &line, &[header, cookie], b"").await;
                let says = format!("{}\r\n\r\n{}", answer.head, answer.body);
                assert!(
                    !says.contains("evil.example"),
                    "{line} with {header}: {says}"
                );
            }
        }
    }
    world.stop().await;
}

#[tokio::test]
async fn an_address_is_believed_only_from_a_proxy_that_is_trusted() {
    use vestibule::domain::audit::EventKind;
    for (trusted, expected) in [("[]", "127.0.0.1"), ("[\"127.0.0.0/8\"]", "203.0.113.7")] {
        let world = World::builder()
            .with(
                "trusted_proxies = []",
                &format!("trusted_proxies = {trusted}"),
            )
            .start()
            .await;
        let browser = world.browser();
        browser.always_sends("x-forwarded-for", "198.51.100.1, 203.0.113.7");
        world
            .signs_in(&browser, &format!("/sign-in/{SAML}"), "erin")
            .await;
        let events = world.audit(EventKind::SessionBegan).await;
        assert_eq!(events[0].address.as_deref(), Some(expected));
        world.stop().await;
    }
}
