//! B22, B29: what requests say about our own name is not believed, and forms stay where they belong.

use vestibule::web::ROUTES;

use super::wire::{cookie_line, sends};
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

#[tokio::test]
async fn a_form_that_may_end_at_a_provider_is_held_back_by_no_policy_and_all_others_stay_here() {
    let world = World::start().await;
    let browser = world.browser();
    let portal = world
        .signs_in(&browser, &format!("/sign-in/{SAML}"), "erin")
        .await;
    let policy = "content-security-policy";
    assert!(!portal.header(policy).contains("form-action"));
    for path in ["/nowhere", "/sign-in", "/go/payments-prod/Nothing"] {
        let page = browser.opens_once(&world.at(path)).await;
        assert!(page.header(policy).contains("form-action 'self'"), "{path}");
    }
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
