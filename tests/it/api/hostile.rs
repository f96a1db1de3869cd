//! What a program must not get away with.

use serde_json::json;
use vestibule::domain::audit::EventKind;
use vestibule::web::{Audience, ROUTES};

use super::{Program, made};
use crate::web::wire::{cookie_line, sends};
use crate::world::World;

const JSON: &str = "Content-Type: application/json";

/// Bodies that are no wish for keys.
const BODIES: &[&str] = &[
    "",
    "null",
    "[]",
    "{}",
    "{\"role\":1}",
    "{\"role\":\"payments-dev/Developer\"",
    "{\"role\":\"payments-dev/Developer\"}{}",
    "{\"role\":\"payments-dev/Developer\",\"x\":1}",
    "{\"role\":\"a/B\",\"role\":\"payments-dev/Developer\"}",
    "{\"role\":\"payments-dev/Developer\",\"hours\":0}",
    "{\"role\":\"payments-dev/Developer\",\"hours\":37}",
    "{\"role\":\"payments-dev/Developer\",\"hours\":256}",
    "{\"role\":\"payments-dev/../Developer\"}",
    "{\"role\":\"payments-dev/Developer\",\"scope\":\"a b\"}",
    "\u{feff}{\"role\":\"payments-dev/Developer\"}",
];

/// What is for administrators alone.
const ADMINISTRATORS: &[(&str, &str)] = &[
    ("GET", "/access/rules"),
    ("GET", "/access/roles"),
    ("GET", "/access/accounts"),
    ("GET", "/access/document"),
    ("GET", "/access/compare?from=0&to=1"),
    ("GET", "/access/revisions"),
    ("GET", "/access/revisions/1"),
    ("GET", "/issuer"),
    ("GET", "/admin/tokens"),
    ("POST", "/access/check"),
    ("POST", "/access/publish"),
    ("POST", "/access/why"),
    ("POST", "/access/probe"),
    ("POST", "/access/revisions/1/restore"),
    ("DELETE", "/admin/tokens/0123456789abcdef"),
    ("GET", "/record"),
    ("GET", "/record/export?format=csv"),
    ("GET", "/record/person?idp=corp&subject=ada"),
    ("GET", "/record/role?role=payments-prod/Admin"),
    ("GET", "/record/who?trace=ada"),
    ("GET", "/people"),
    ("GET", "/people/nobody"),
    ("GET", "/stops"),
    ("DELETE", "/people/nobody/sessions"),
    ("DELETE", "/people/nobody/sessions/nothing"),
    ("POST", "/people/block"),
    ("PUT", "/people/nobody/block"),
    ("DELETE", "/people/nobody/block"),
    ("PUT", "/accounts/payments-prod/suspension"),
    ("DELETE", "/accounts/payments-prod/suspension"),
    ("PUT", "/roles/payments-prod/Admin/suspension"),
    ("DELETE", "/roles/payments-prod/Admin/suspension"),
    ("GET", "/drafts"),
    ("POST", "/drafts"),
    ("GET", "/drafts/0123456789abcdef"),
    ("PUT", "/drafts/0123456789abcdef"),
    ("DELETE", "/drafts/0123456789abcdef"),
    ("GET", "/drafts/0123456789abcdef/review"),
    ("POST", "/drafts/0123456789abcdef/rebase"),
    ("POST", "/drafts/0123456789abcdef/publish"),
    ("GET", "/drafts/0123456789abcdef/entries/rules"),
    ("POST", "/drafts/0123456789abcdef/entries/rules"),
    ("GET", "/drafts/0123456789abcdef/entries/rules/entry?name=a"),
    ("PUT", "/drafts/0123456789abcdef/entries/rules/entry?name=a"),
    (
        "DELETE",
        "/drafts/0123456789abcdef/entries/rules/entry?name=a",
    ),
    ("POST", "/simulate"),
    ("GET", "/revocations"),
    ("POST", "/revocations"),
    ("POST", "/revocations/plan"),
    ("POST", "/revocations/people"),
];

fn is_refused(answer: &crate::web::wire::Answer, status: u16, code: &str, what: &str) {
    let json: serde_json::Value = serde_json::from_str(&answer.body).unwrap_or_default();
    assert_eq!(answer.status, status, "{what}: {}", answer.body);
    assert_eq!(json["code"], code, "{what}: {}", answer.body);
    assert_eq!(
        answer.header("content-type"),
        "application/problem+json",
        "{what}"
    );
}

#[tokio::test]
async fn b12_a_session_changes_nothing_by_the_api_whatever_it_sends_along() {
    let world = World::start().await;
    let ada = world.signed_in("ada").await;
    let token = made(&world, &ada, &["tokens"]).await;
    let cookies = cookie_line(&world, &ada);
    let us = format!("Origin: {}", world.url);
    let rows = ROUTES
        .iter()
        .filter(|row| row.mutating && row.audience == Audience::Program);
    let rows: Vec<_> = rows.collect();
    assert!(rows.len() > 8, "the routes were found");
    for row in rows {
        let path = row
            .path
            .replace("{number}", "1")
            .replace("{id}", "0123456789abcdef")
            .replace("{handle}", &"0".repeat(32))
            .replace("{person}", &"0".repeat(64))
            .replace("{account}", "payments-prod")
            .replace("{role}", "Admin")
            .replace("{section}", "rules");
        let line = format!("{} {path}", row.method);
        for headers in [
            &[JSON, cookies.as_str()][..],
            &[JSON, &cookies, &us, "Sec-Fetch-Site: same-origin"],
            &[JSON, &cookies, &us, "X-HTTP-Method-Override: GET"],
            &[JSON],
        ] {
            let answer = sends(&world, &line, headers, b"{}").await;
            is_refused(&answer, 401, "token-needed", &line);
            assert!(answer.header("www-authenticate").starts_with("Bearer"));
        }
    }
    for kind in [
        EventKind::TokenRevoked,
        EventKind::KeysBegun,
        EventKind::ProbeBegun,
        EventKind::SessionEnded,
        EventKind::PersonBlocked,
        EventKind::AccountSuspended,
        EventKind::RoleSuspended,
        EventKind::WhyAsked,
        EventKind::RevokeBegun,
    ] {
        assert!(world.audit(kind).await.is_empty());
    }
    assert_eq!(world.app.store().revision_number().await.unwrap(), 1);
    assert!(world.app.store().drafts().await.unwrap().is_empty());
    Program::with(&world, Some(&token))
        .await
        .gets("/tokens")
        .await
        .ok(200);
    world.stop().await;
}

#[tokio::test]
async fn b20_only_the_token_itself_in_its_header_says_who_one_is() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let token = made(&world, &browser, &["me:read"]).await;
    let cookies = cookie_line(&world, &browser);
    let good = format!("Authorization: Bearer {token}");
    let get = "GET /api/v1/me";
    assert_eq!(sends(&world, get, &[&good], b"").await.status, 200);
    let lower = format!("authorization: bearer {token}");
    assert_eq!(sends(&world, get, &[&lower], b"").await.status, 200);
    let digest = {
        let sum = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, token.as_bytes());
        sum.as_ref()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let other = format!("vst_{}", "A".repeat(43));
    for wrong in [
        format!("Authorization: Basic {token}"),
        format!("Authorization: {token}"),
        "Authorization: Bearer".to_owned(),
        "Authorization: Bearer ".to_owned(),
        format!("Authorization: Bearer {other}"),
        format!("Authorization: Bearer {digest}"),
        format!("Authorization: Bearer {}", &token[..46]),
        format!("Authorization: Bearer {token}x"),
        format!("Authorization: Bearer {}", token.to_uppercase()),
        format!("{good}\r\nAuthorization: Bearer {other}"),
        format!("{good}\r\n{good}"),
    ] {
        // a session beside it does not help
        for headers in [&[wrong.as_str()][..], &[&wrong, &cookies]] {
            let answer = sends(&world, get, headers, b"").await;
            is_refused(&answer, 401, "token-unknown", &wrong);
        }
    }
    for query in ["access_token", "token", "x"] {
        let line = format!("{get}?{query}={token}");
        for headers in [&[][..], &[cookies.as_str()], &[good.as_str()]] {
            let answer = sends(&world, &line, headers, b"").await;
            is_refused(&answer, 400, "token-in-address", query);
            assert!(!answer.body.contains(&token[4..]));
        }
    }
    world.stop().await;
}

#[tokio::test]
async fn bodies_that_are_not_what_belongs_there_are_refused() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let token = made(&world, &browser, &["me:read", "keys:make"]).await;
    let good = format!("Authorization: Bearer {token}");
    let post = "POST /api/v1/keys";
    let deep = format!("{{\"role\":{}{}}}", "[".repeat(5_000), "]".repeat(5_000));
    let large = format!("{{\"role\":\"{}\"}}", "x".repeat(70_000));
    world.aws_forgets();
    let rest = [
        (deep.as_str(), 400, "body-unreadable"),
        (&large, 413, "too-large"),
    ];
    let bodies = BODIES.iter().map(|body| (*body, 400, "body-unreadable"));
    for (body, status, code) in bodies.chain(rest) {
        let answer = sends(&world, post, &[JSON, &good], body.as_bytes()).await;
        let what: String = body.chars().take(60).collect();
        is_refused(&answer, status, code, &what);
    }
    assert!(world.sts_calls().is_empty(), "AWS was asked for nothing");
    world.stop().await;
}

#[tokio::test]
async fn headers_that_are_not_what_belongs_there_are_refused() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let token = made(&world, &browser, &["me:read", "keys:make"]).await;
    let good = format!("Authorization: Bearer {token}");
    let post = "POST /api/v1/keys";
    world.aws_forgets();
    let body = json!({"role": "payments-dev/Developer"}).to_string();
    for kind in [
        "X: y",
        "Content-Type: text/plain",
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Type: application/toml",
        "Content-Type: application/json\r\nContent-Type: application/json",
    ] {
        let answer = sends(&world, post, &[kind, &good], body.as_bytes()).await;
        is_refused(&answer, 415, "media-type", kind);
    }
    let tab = format!("Idempotency-Key: {}", "k".repeat(256));
    for key in [
        "Idempotency-Key: a b",
        "Idempotency-Key: a\tb",
        "Idempotency-Key: ",
        "Idempotency-Key: \u{e9}",
        tab.as_str(),
        "Idempotency-Key: a\r\nIdempotency-Key: b",
    ] {
        let answer = sends(&world, post, &[JSON, &good, key], body.as_bytes()).await;
        is_refused(&answer, 400, "idempotency-key-unreadable", key);
    }
    let html = sends(&world, "GET /api/v1/me", &[&good, "Accept: text/html"], b"").await;
    is_refused(&html, 406, "not-acceptable", "html");
    let put = sends(&world, "PUT /api/v1/keys", &[JSON, &good], b"{}").await;
    is_refused(&put, 405, "method-not-allowed", "PUT");
    assert_eq!(put.header("allow"), "POST");
    is_refused(
        &sends(&world, "GET /api/v1/nothing", &[&good], b"").await,
        404,
        "not-found",
        "nothing",
    );
    assert!(world.sts_calls().is_empty(), "AWS was asked for nothing");
    world.stop().await;
}

#[tokio::test]
async fn nobody_but_administrators_gets_at_what_is_theirs() {
    let world = World::start().await;
    let all = [
        "access:read",
        "access:write",
        "roles:probe",
        "revoke",
        "record:read",
    ];
    let erin = Program::of(&world, "erin", &all).await;
    let weak = ["me:read", "sessions", "tokens"];
    let weak = Program::of(&world, "ada", &weak).await;
    for (method, path) in ADMINISTRATORS.iter().copied() {
        let headers = [
            ("content-type", "application/json"),
            ("if-match", "\"revision-1\""),
            ("idempotency-key", "a"),
        ];
        let body = ["POST", "PUT"].contains(&method).then(|| "{}".to_owned());
        let answer = erin.sends(method, path, &headers, body.clone()).await;
        answer.refused(403, "not-entitled");
        weak.sends(method, path, &headers, body)
            .await
            .refused(403, "scope-lacking");
    }
    assert_eq!(world.app.store().revision_number().await.unwrap(), 1);
    for kind in [EventKind::RecordRead, EventKind::RecordExported] {
        assert!(world.audit(kind).await.is_empty());
    }
    world.stop().await;
}

#[tokio::test]
async fn who_may_read_the_record_ends_nothing_and_who_may_end_reads_nothing() {
    let world = World::start().await;
    let reads = Program::of(&world, "ada", &["record:read"]).await;
    let ends = Program::of(&world, "ada", &["revoke"]).await;
    for (method, path) in [
        ("DELETE", "/people/nobody/sessions"),
        ("POST", "/people/block"),
        ("PUT", "/people/nobody/block"),
        ("DELETE", "/people/nobody/block"),
        ("PUT", "/roles/payments-prod/Admin/suspension"),
        ("DELETE", "/accounts/payments-prod/suspension"),
    ] {
        let refused = reads.sends(method, path, &[], None).await;
        refused.refused(403, "scope-lacking");
        assert_eq!(refused.json["scope"], "revoke");
    }
    for path in [
        "/record",
        "/record/who?trace=ada",
        "/people",
        "/people/nobody",
        "/stops",
    ] {
        let refused = ends.gets(path).await;
        refused.refused(403, "scope-lacking");
        assert_eq!(refused.json["scope"], "record:read");
    }
    world.stop().await;
}
