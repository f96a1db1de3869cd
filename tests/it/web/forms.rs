//! B12: forms of other sites. Every mutating route of the table is tried, so a new one cannot be forgotten.

use vestibule::domain::audit::EventKind;
use vestibule::web::{Audience, ROUTES};

use super::wire::{cookie_line, sends};
use crate::world::browser::Browser;
use crate::world::{SAML, World};

const FORM: &str = "Content-Type: application/x-www-form-urlencoded";

/// The mutating routes that only a page of ours may use, with something for every placeholder.
fn own_routes() -> Vec<String> {
    let own = ROUTES
        .iter()
        .filter(|row| row.mutating && row.audience != Audience::Returning);
    let placeholder = regex::Regex::new(r"\{[^}]*\}").unwrap();
    own.map(|row| {
        let path = placeholder.replace_all(row.path, "1");
        format!("{} {path}", row.method)
    })
    .collect()
}

async fn is_signed_in(world: &World, cookies: &str) -> bool {
    let answer = sends(world, "GET /api/v1/me", &[cookies], b"").await;
    answer.status == 200
}

async fn token(world: &World, browser: &Browser) -> String {
    let portal = browser.opens(&world.at("/")).await;
    let form = portal.form_with("form_token").unwrap();
    form.value("form_token").unwrap().to_owned()
}

/// A shape's name, its headers and its body.
type Shape = (&'static str, Vec<String>, Vec<u8>);

/// Ways to send a form that is not from a page of ours, or not from this session.
fn shapes(world: &World, right: &str, of_another: &str) -> Vec<Shape> {
    let us = format!("Origin: {}", world.url);
    let form = |token: &str| format!("form_token={token}").into_bytes();
    vec![
        ("nothing said", vec![FORM.to_owned()], form(right)),
        ("a null origin", vec![FORM.to_owned(), "Origin: null".to_owned()], form(right)),
        ("another site", vec![FORM.to_owned(), "Origin: https://evil.example".to_owned()], form(right)),
        ("a sibling", vec![FORM.to_owned(), format!("Origin: {}.evil.example", world.url)], form(right)),
        ("another scheme", vec![FORM.to_owned(), us.replace("http:", "https:")], form(right)),
        ("a referrer alone", vec![FORM.to_owned(), format!("Referer: {}/", world.url)], form(right)),
        (
            "an origin that the browser contradicts",
            vec![FORM.to_owned(), us.clone(), "Sec-Fetch-Site: cross-site".to_owned()],
            form(right),
        ),
        ("no token", vec![FORM.to_owned(), us.clone()], b"x=1".to_vec()),
        ("an empty token", vec![FORM.to_owned(), us.clone()], form("")),
        ("a wrong token", vec![FORM.to_owned(), us.clone()], form("x")),
        ("the token of another session", vec![FORM.to_owned(), us.clone()], form(of_another)),
        ("two tokens", vec![FORM.to_owned(), us.clone()], [form(right), b"&".to_vec(), form(right)].concat()),
        (
            "json",
            vec!["Content-Type: application/json".to_owned(), us.clone()],
            format!("{{\"form_token\":\"{right}\"}}").into_bytes(),
        ),
        (
            "multipart",
            vec!["Content-Type: multipart/form-data; boundary=x".to_owned(), us.clone()],
            format!("--x\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\n{right}\r\n--x--\r\n").into_bytes(),
        ),
        ("plain text", vec!["Content-Type: text/plain".to_owned(), us.clone()], form(right)),
        ("no type", vec![us.clone()], form(right)),
        ("too much", vec![FORM.to_owned(), us.clone()], [form(right), vec![b'&'; 70_000]].concat()),
    ]
}

#[tokio::test]
async fn no_form_of_another_site_changes_anything() {
    let world = World::start().await;
    let (ada, other) = (world.browser(), world.browser());
    world
        .signs_in(&ada, &format!("/sign-in/{SAML}"), "ada")
        .await;
    world
        .signs_in(&other, &format!("/sign-in/{SAML}"), "erin")
        .await;
    let cookies = cookie_line(&world, &ada);
    let (right, of_another) = (token(&world, &ada).await, token(&world, &other).await);
    let us = format!("Origin: {}", world.url);
    let shapes = shapes(&world, &right, &of_another);
    assert!(!own_routes().is_empty());
    let published = world.audit(EventKind::AccessPublished).await;
    for route in own_routes() {
        for (shape, headers, body) in &shapes {
            let mut lines: Vec<&str> = headers.iter().map(String::as_str).collect();
            lines.push(&cookies);
            let answer = sends(&world, &route, &lines, body).await;
            assert!(
                (400..500).contains(&answer.status),
                "{route} with {shape}: {}",
                answer.head
            );
            assert!(is_signed_in(&world, &cookies).await, "{route} with {shape}");
        }
        let overridden = route.replacen("POST", "GET", 1);
        for header in [
            "X-HTTP-Method-Override: POST",
            "X-HTTP-Method: POST",
            "X-Method-Override: POST",
        ] {
            let target = format!("{overridden}?_method=POST&form_token={right}");
            let _ = sends(&world, &target, &[header, &us, &cookies], b"").await;
            assert!(is_signed_in(&world, &cookies).await, "{route} by {header}");
        }
    }
    assert_eq!(world.audit(EventKind::AccessPublished).await, published);
    world.stop().await;
}

#[tokio::test]
async fn our_own_form_signs_out_and_says_what_lives_on() {
    let world = World::start().await;
    let browser = world.browser();
    let portal = world
        .signs_in(&browser, &format!("/sign-in/{SAML}"), "erin")
        .await;
    let cookies = cookie_line(&world, &browser);
    assert!(is_signed_in(&world, &cookies).await);
    let form = portal.form_with("form_token").unwrap();
    let page = browser.submits(&form).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("You are signed out of Vestibule"));
    assert!(page.body.contains("Example Corp"), "the provider lives on");
    assert!(
        page.body.contains("logout"),
        "so do consoles, and there is a link: {}",
        page.body
    );
    // the cookie is gone from the browser, and what it said is worth nothing
    assert!(!cookie_line(&world, &browser).contains("vestibule-session"));
    assert!(!is_signed_in(&world, &cookies).await);
    // once more, as after going back in the browser
    assert_eq!(browser.submits(&form).await.status, 200);
    world.stop().await;
}

#[tokio::test]
async fn the_consumer_service_reads_a_form_of_its_size_and_no_more() {
    let world = World::start().await;
    let acs = format!("POST /saml/{SAML}/acs");
    let cross_site = "Origin: https://idp.example.com";
    let body =
        |length: usize| [b"RelayState=x&SAMLResponse=".to_vec(), vec![b'A'; length]].concat();
    let answer = sends(&world, &acs, &[FORM, cross_site], &body(1_490_000)).await;
    assert!(
        (400..500).contains(&answer.status) && answer.status != 413,
        "{}",
        answer.head
    );
    let answer = sends(&world, &acs, &[FORM, cross_site], &body(1_510_000)).await;
    assert_eq!(answer.status, 413);
    for (kind, body) in [
        ("Content-Type: application/json", &b"{}"[..]),
        (FORM, b"SAMLResponse=a&SAMLResponse=b&RelayState=x"),
        (FORM, b"SAMLResponse=a&RelayState=x&RelayState=y"),
        (FORM, b"SAMLResponse=%zz"),
        (FORM, b"SAMLResponse=\xff"),
    ] {
        let answer = sends(&world, &acs, &[kind], body).await;
        assert_eq!((answer.status, answer.problem()), (400, "form-unreadable"));
    }
    // a form without a response is refused like one with a wrong response, and stands in the record
    let ours = format!("RelayState={}", "A".repeat(43));
    for (body, problem) in [
        (ours.as_bytes(), (403, "other-browser")),
        (b"RelayState=x", (400, "unsolicited")),
        (b"", (400, "unsolicited")),
    ] {
        let answer = sends(&world, &acs, &[FORM], body).await;
        assert_eq!((answer.status, answer.problem()), problem);
    }
    assert_eq!(world.audit(EventKind::LoginFailed).await.len(), 4);
    world.stop().await;
}
