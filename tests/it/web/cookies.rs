//! B13: sessions fixed, tossed, doubled, forged, oversized.

use futures_util::StreamExt as _;

use super::wire::{cookie_line, sends, session_cookie};
use crate::world::{SAML, World};

const PLANTED: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[tokio::test]
async fn a_session_gets_a_new_id_at_every_sign_in() {
    let world = World::start().await;
    let browser = world.browser();
    let (name, url) = (session_cookie(&world), world.url.parse().unwrap());
    browser.set_cookie(&url, &name, PLANTED);
    let mut ids = vec![PLANTED.to_owned()];
    for _ in 0..2 {
        world
            .signs_in(&browser, &format!("/sign-in/{SAML}"), "erin")
            .await;
        let id = browser.cookies_for(&url)[&name].clone();
        assert!(!ids.contains(&id));
        assert_eq!(id.len(), 43);
        ids.push(id);
    }
    // what was there before, planted or one's own, opens nothing
    for id in &ids[..1] {
        let cookie = format!("Cookie: {name}={id}");
        assert_eq!(
            sends(&world, "GET /api/v1/me", &[&cookie], b"")
                .await
                .status,
            401
        );
    }
    world.stop().await;
}

#[tokio::test]
async fn a_cookie_that_comes_twice_is_refused() {
    let world = World::start().await;
    let browser = world.browser();
    world
        .signs_in(&browser, &format!("/sign-in/{SAML}"), "erin")
        .await;
    let (name, good) = (session_cookie(&world), cookie_line(&world, &browser));
    world.aws_forgets();
    for cookies in [
        vec![format!("{good}; {name}={PLANTED}")],
        vec![format!("Cookie: {name}={PLANTED}; {}", &good[8..])],
        vec![good.clone(), format!("Cookie: {name}={PLANTED}")],
        vec![format!("{good}; {name}=")],
    ] {
        let lines: Vec<&str> = cookies.iter().map(String::as_str).collect();
        let answer = sends(&world, "GET /go/payments-prod/Admin", &lines, b"").await;
        assert_eq!((answer.status, answer.problem()), (400, "cookie-doubled"));
    }
    assert!(world.aws_saw().is_empty());
    world.stop().await;
}

#[tokio::test]
async fn no_mutated_cookie_is_a_session() {
    let world = World::start().await;
    let browser = world.browser();
    world
        .signs_in(&browser, &format!("/sign-in/{SAML}"), "erin")
        .await;
    let name = session_cookie(&world);
    let id = browser.cookies_for(&world.url.parse().unwrap())[&name].clone();
    let mut mutants: Vec<String> = Vec::new();
    for at in 0..id.len() {
        for other in b"AZaz09-_".iter().chain(b"%\"+/=.") {
            let mut bytes = id.clone().into_bytes();
            bytes[at] = *other;
            mutants.push(String::from_utf8(bytes).unwrap());
        }
        mutants.push(id[..at].to_owned());
        mutants.push(format!("{}{}", &id[..at], &id[at + 1..]));
        mutants.push(format!("{}A{}", &id[..at], &id[at..]));
    }
    mutants.extend([
        id.to_uppercase(),
        id.to_lowercase(),
        format!("{id}="),
        format!("\"{id}\""),
        id.repeat(2),
        "' OR 1=1 --".to_owned(),
    ]);
    mutants.retain(|mutant| *mutant != id);
    let world = &world;
    let asked = futures_util::stream::iter(mutants.into_iter().map(|mutant| {
        let cookie = format!("Cookie: {name}={mutant}");
        async move {
            let answer = sends(world, "GET /api/v1/me", &[&cookie], b"").await;
            (cookie, answer.status)
        }
    }));
    let answers: Vec<_> = asked.buffer_unordered(16).collect().await;
    assert!(answers.len() > 600);
    for (cookie, status) in answers {
        assert_eq!(status, 401, "{cookie}");
    }
    let good = cookie_line(world, &browser);
    assert_eq!(
        sends(world, "GET /api/v1/me", &[&good], b"").await.status,
        200
    );
}

#[tokio::test]
async fn more_cookies_than_a_browser_sends_are_refused() {
    let world = World::start().await;
    let name = session_cookie(&world);
    let big = format!("Cookie: {name}={}", "A".repeat(20_000));
    let many = format!("Cookie: {}", "a=bbbbbbbb; ".repeat(2_000));
    for cookie in [big, many] {
        let answer = sends(&world, "GET /", &[&cookie], b"").await;
        assert_eq!(
            (answer.status, answer.problem()),
            (431, "headers-too-large")
        );
    }
    world.stop().await;
}

#[tokio::test]
async fn cookies_say_that_scripts_and_other_sites_get_nothing() {
    let world = World::start().await;
    let browser = world.browser();
    let page = browser
        .opens_once(&world.at(&format!("/sign-in/{SAML}")))
        .await;
    let login = page.header("set-cookie");
    assert!(
        login.contains("; HttpOnly; SameSite=Lax; Path=/; Max-Age="),
        "{login}"
    );
    let form = world
        .saml_answer(&browser, &format!("/sign-in/{SAML}"), "erin")
        .await;
    let page = browser.submits_once(&form).await;
    let set: Vec<_> = page.headers.get_all("set-cookie").iter().collect();
    assert_eq!(set.len(), 2);
    for cookie in set {
        let cookie = cookie.to_str().unwrap();
        assert!(
            cookie.contains("; HttpOnly; SameSite=Lax; Path=/; Max-Age="),
            "{cookie}"
        );
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    world.stop().await;
}
