//! B13: sessions fixed, tossed, doubled, forged, oversized.

use super::wire::{Line, cookie_line, sends, session_cookie};
use crate::world::browser::Form;
use crate::world::{SAML, World};

const PLANTED: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[tokio::test]
async fn b13_a_session_gets_a_new_id_at_every_sign_in_and_the_old_one_opens_nothing() {
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
    for id in &ids[..2] {
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

/// How many mutants are asked for over one connection.
const A_LINE: usize = 1_000;

/// The characters that a session's id or a seal may hold, and some that neither holds.
const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_%\"+/=.";

/// Everything that differs from `text` in one place, and much that differs in more.
fn mutants(text: &str, alphabet: &[u8]) -> Vec<String> {
    let mut mutants = Vec::new();
    for at in 0..text.len() {
        for other in alphabet {
            let (before, after) = (&text[..at], &text[at + 1..]);
            let other = char::from(*other);
            mutants.push(format!("{before}{other}{after}"));
            mutants.push(format!("{before}{other}{}", &text[at..]));
            let behind = after.get(1..).unwrap_or_default();
            mutants.push(format!("{before}{other}{other}{behind}"));
        }
        for bit in 0..8 {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] ^= 1 << bit;
            // what is no text is no header of a client's, and `;` ends a cookie
            if let Ok(flipped) = String::from_utf8(bytes) {
                let is_sent = flipped.bytes().all(|b| b.is_ascii_graphic() && b != b';');
                mutants.extend(is_sent.then_some(flipped));
            }
        }
        let rest = &text[at + 1..];
        mutants.push(text[..at].to_owned());
        mutants.push(format!("{}{rest}", &text[..at]));
        // two neighbours change places
        if let Some(next) = rest.chars().next() {
            let this = &text[at..=at];
            mutants.push(format!("{}{next}{this}{}", &text[..at], &rest[1..]));
        }
        mutants.push(format!("{}{}", &text[at..], &text[..at]));
    }
    mutants.extend([
        text.to_uppercase(),
        text.to_lowercase(),
        format!("{text}="),
        format!("\"{text}\""),
        text.repeat(2),
        text.chars().rev().collect(),
        "' OR 1=1 --".to_owned(),
        "%00".to_owned(),
        "null".to_owned(),
    ]);
    mutants.retain(|mutant| mutant != text);
    mutants.sort();
    mutants.dedup();
    mutants
}

#[tokio::test]
async fn b13_ten_thousand_mutants_of_a_cookie_are_no_session() {
    let world = World::builder().unlimited().start().await;
    let browser = world.browser();
    let link = format!("/sign-in/{SAML}");
    let honest = world.saml_answer(&browser, &link, "erin").await;
    let sealed = login_cookie(&world, &browser);
    let of_logins = no_mutant_of_a_login_opens_it(&world, &sealed, &honest).await;
    world.signs_in(&browser, &link, "erin").await;
    let name = session_cookie(&world);
    let id = browser.cookies_for(&world.url.parse().unwrap())[&name].clone();
    let all = mutants(&id, ALPHABET);
    assert!(
        all.len() + of_logins >= 10_000,
        "{} and {of_logins}",
        all.len()
    );
    for portion in all.chunks(A_LINE) {
        let mut line = Line::new(&world.url);
        for mutant in portion {
            let cookie = format!("Cookie: {name}={mutant}");
            let answer = line.asks("GET /api/v1/me", &[cookie.as_bytes()], b"").await;
            assert_eq!(answer.status, 401, "{cookie}");
        }
    }
    let good = cookie_line(&world, &browser);
    let answer = sends(&world, "GET /api/v1/me", &[&good], b"").await;
    assert_eq!(answer.status, 200);
    world.stop().await;
}

/// The sealed cookie of a login under way, as `name=value`.
fn login_cookie(world: &World, browser: &crate::world::browser::Browser) -> String {
    let cookies = browser.cookies_for(&world.url.parse().unwrap());
    let login = cookies.iter().find(|(name, _)| name.contains("-login"));
    let (name, value) = login.expect("a login is under way");
    format!("{name}={value}")
}

fn posted(form: &Form) -> Vec<u8> {
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(&form.fields);
    body.finish().into_bytes()
}

/// Posts an honest answer with each mutant of the cookie that the login is bound to; says how many there were.
async fn no_mutant_of_a_login_opens_it(world: &World, cookie: &str, honest: &Form) -> usize {
    let (name, sealed) = cookie.split_once('=').unwrap();
    let body = posted(honest);
    let line_text = format!("POST {}", honest.action.path());
    let kind = b"Content-Type: application/x-www-form-urlencoded";
    let all = mutants(sealed, b"A+");
    for portion in all.chunks(A_LINE) {
        let mut line = Line::new(&world.url);
        for mutant in portion {
            let cookie = format!("Cookie: {name}={mutant}");
            let answer = line
                .asks(&line_text, &[cookie.as_bytes(), kind], &body)
                .await;
            assert_eq!(answer.problem(), "other-browser", "{cookie}");
            assert_eq!(
                (answer.status, answer.header("set-cookie")),
                (403, ""),
                "{cookie}"
            );
        }
    }
    all.len()
}

#[tokio::test]
async fn b13_a_login_sealed_under_an_old_key_is_nobodys() {
    let world = World::start().await;
    let browser = world.browser();
    let link = format!("/sign-in/{SAML}");
    let signed_in = world.browser();
    world.signs_in(&signed_in, &link, "carl").await;
    let honest = world.saml_answer(&browser, &link, "erin").await;
    std::fs::write(
        world.folder.join("cookie-secret"),
        "another secret of forty-eight characters, or so",
    )
    .unwrap();
    let world = world.restarted().await;
    let page = browser.submits_once(&honest).await;
    assert_eq!(page.status, 403, "{}", page.body);
    assert!(page.body.contains("data-problem=\"other-browser\""));
    assert_eq!(
        browser.opens_once(&world.at("/api/v1/me")).await.status,
        401
    );
    // sessions are not sealed: they live in the database
    assert_eq!(
        signed_in.opens_once(&world.at("/api/v1/me")).await.status,
        200
    );
    world.stop().await;
}

/// White space that a careless reader trims, and a browser does not.
const SPACES: &[&str] = &[
    "\u{2000}", "\u{2003}", "\u{a0}", "\u{3000}", "\u{85}", "\u{feff}", "\u{200b}", "\u{1680}",
    "\u{2028}", "\u{202f}",
];

#[tokio::test]
async fn b13_a_name_with_other_white_space_around_it_is_another_cookies() {
    let world = World::start().await;
    let browser = world.browser();
    world
        .signs_in(&browser, &format!("/sign-in/{SAML}"), "erin")
        .await;
    let name = session_cookie(&world);
    let id = browser.cookies_for(&world.url.parse().unwrap())[&name].clone();
    let mut line = Line::new(&world.url);
    for space in SPACES {
        for other in [
            format!("{space}{name}"),
            format!("{name}{space}"),
            format!("{space}{name}{space}"),
        ] {
            let alone = format!("Cookie: {other}={id}");
            let answer = line.asks("GET /api/v1/me", &[alone.as_bytes()], b"").await;
            assert_eq!(answer.status, 401, "{other:?} was taken for ours");
            // planted beside the real one it neither replaces it nor counts as a second one
            for both in [
                format!("Cookie: {other}={PLANTED}; {name}={id}"),
                format!("Cookie: {name}={id}; {other}={PLANTED}"),
            ] {
                let answer = line.asks("GET /api/v1/me", &[both.as_bytes()], b"").await;
                assert_eq!(answer.status, 200, "{other:?} stood in the way");
            }
        }
    }
    world.stop().await;
}

#[tokio::test]
async fn b13_on_https_no_name_that_only_looks_bound_to_the_host_is_read() {
    let world = World::builder().https().start().await;
    let pem = std::fs::read(world.folder.join("authority.pem")).unwrap();
    let authority = reqwest::Certificate::from_pem(&pem).unwrap();
    let browser = crate::world::browser::Browser::trusting(vec![authority.clone()]);
    world
        .signs_in(&browser, &format!("/sign-in/{SAML}"), "erin")
        .await;
    let name = "__Host-vestibule-session";
    let id = browser.cookies_for(&world.url.parse().unwrap())[name].clone();
    let client = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_merge([authority])
        .build()
        .unwrap();
    let me = world.at("/api/v1/me");
    let asks = async |cookie: String| {
        let cookie = reqwest::header::HeaderValue::from_bytes(cookie.as_bytes()).unwrap();
        client
            .get(&me)
            .header("cookie", cookie)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    assert_eq!(asks(format!("{name}={id}")).await, 200);
    let names = SPACES.iter().map(|space| format!("{space}{name}"));
    let others = [
        "vestibule-session",
        "__host-vestibule-session",
        "__Secure-vestibule-session",
        "_Host-vestibule-session",
        "__Host-vestibule-session-443",
        "__Host-vestibule-session[]",
        "__Host-vestibule_session",
        "\"__Host-vestibule-session\"",
    ];
    for other in names.chain(others.map(str::to_owned)) {
        assert_eq!(asks(format!("{other}={id}")).await, 401, "{other:?}");
        assert_eq!(
            asks(format!("{other}={PLANTED}; {name}={id}")).await,
            200,
            "{other:?}"
        );
    }
    world.stop().await;
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
    assert_eq!(set.len(), 3);
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
