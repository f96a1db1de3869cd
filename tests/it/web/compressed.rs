//! Compressed answers: which are, for whom, and that their lengths tell nothing.

use std::io::Read as _;

use flate2::read::GzDecoder;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING, COOKIE, VARY};

use crate::world::browser::{Browser, Form};
use crate::world::{SAML, World};

/// What a portal of 5,000 roles may take on the wire.
const MOST: usize = 250_000;

/// An answer as it came.
struct Raw {
    bytes: Vec<u8>,
    is_gzip: bool,
    varies: bool,
}

impl Raw {
    fn text(&self) -> String {
        let mut text = String::new();
        if self.is_gzip {
            GzDecoder::new(&*self.bytes)
                .read_to_string(&mut text)
                .unwrap();
        } else {
            text.push_str(std::str::from_utf8(&self.bytes).unwrap());
        }
        text
    }
}

async fn asks(world: &World, browser: &Browser, path: &str, encodings: &str) -> Raw {
    let url = world.at(path).parse().unwrap();
    let cookies = browser.cookies_for(&url);
    let cookies: Vec<String> = cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client
        .get(url)
        .header("sec-fetch-mode", "navigate")
        .header("sec-fetch-dest", "document")
        .header(COOKIE, cookies.join("; "))
        .header(ACCEPT_ENCODING, encodings);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    let says = |name| answer.headers().get(name).cloned();
    let (is_gzip, varies) = (
        says(CONTENT_ENCODING).is_some_and(|value| value == "gzip"),
        says(VARY).is_some(),
    );
    Raw {
        is_gzip,
        varies,
        bytes: answer.bytes().await.unwrap().to_vec(),
    }
}

/// What the portal's forms carry.
fn token(page: &str) -> String {
    let (_, star) = page.split_once("<form id=\"star\"").unwrap();
    let (_, value) = star.split_once("name=\"form_token\" value=\"").unwrap();
    value.split_once('"').unwrap().0.to_owned()
}

#[tokio::test]
async fn the_portal_and_the_files_beside_it_are_compressed_for_browsers_that_take_it() {
    let world = World::start().await;
    let browser = world.browser();
    let page = world
        .signs_in(&browser, &format!("/?idp={SAML}"), "erin")
        .await;
    let mut paths = vec!["/".to_owned()];
    for start in ["href=\"/static/", "src=\"/static/"] {
        let files = page.body.split(start).skip(1);
        paths.extend(files.map(|rest| format!("/static/{}", rest.split('"').next().unwrap())));
    }
    assert!(paths.len() >= 5, "{paths:?}");
    for path in &paths {
        let plain = asks(&world, &browser, path, "identity").await;
        let small = asks(&world, &browser, path, "gzip, br").await;
        assert!(!plain.is_gzip && small.is_gzip, "{path}");
        assert!(plain.varies && small.varies, "{path}");
        assert!(small.bytes.len() < plain.bytes.len(), "{path}");
        if path != "/" {
            assert_eq!(small.text(), plain.text(), "{path}");
        }
    }
    world.stop().await;
}

#[tokio::test]
async fn a_page_that_says_what_a_visitor_wrote_is_not_compressed() {
    let world = World::start().await;
    let browser = world.browser();
    world
        .signs_in(&browser, &format!("/?idp={SAML}"), "erin")
        .await;
    for path in [
        "/?q=a",
        "/?q=form_token",
        "/role/nothing",
        "/settings",
        "/role/x?redirect=https://console.aws.amazon.com/x",
    ] {
        let page = asks(&world, &browser, path, "gzip").await;
        assert!(!page.is_gzip, "{path}");
    }
    world.stop().await;
}

#[tokio::test]
async fn the_portal_s_token_is_another_each_time_and_each_is_good() {
    let world = World::start().await;
    let browser = world.browser();
    world
        .signs_in(&browser, &format!("/?idp={SAML}"), "erin")
        .await;
    let mut tokens = Vec::new();
    for _ in 0..3 {
        let page = browser.opens(&world.at("/")).await;
        let own = page.form_with("form_token").unwrap();
        assert_eq!(own.value("form_token").unwrap(), token(&page.body));
        tokens.push(token(&page.body));
    }
    let settings = browser.opens(&world.at("/settings")).await;
    let bare = settings.form_with("region").unwrap();
    let bare = bare.value("form_token").unwrap().to_owned();
    assert!(tokens.iter().all(|token| !token.contains(&bare)));
    tokens.sort();
    tokens.dedup();
    assert_eq!(tokens.len(), 3);
    let star = |token: String| Form {
        action: world.at("/favourites").parse().unwrap(),
        post: true,
        fields: vec![
            ("form_token".to_owned(), token),
            ("add".to_owned(), "444455556666/Developer".to_owned()),
        ],
    };
    for token in &tokens {
        assert_eq!(browser.submits_once(&star(token.clone())).await.status, 303);
    }
    // one that is not this session's, however it is masked
    let other = world.browser();
    world
        .signs_in(&other, &format!("/?idp={SAML}"), "erin")
        .await;
    let theirs = token(&other.opens(&world.at("/")).await.body);
    for (token, problem) in [
        (theirs, "other-session"),
        ("A".repeat(tokens[0].len()), "form-refused"),
        (String::new(), "form-refused"),
    ] {
        let page = browser.submits_once(&star(token)).await;
        let says = format!("data-problem=\"{problem}\"");
        assert!(page.body.contains(&says), "{}", page.body);
    }
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_of_five_thousand_roles_stays_small_on_the_wire() {
    let world = World::builder().company().start().await;
    let browser = world.browser();
    let page = world.signs_in(&browser, "/?idp=corp", "grace").await;
    assert_eq!(page.status, 200);
    let small = asks(&world, &browser, "/", "gzip").await;
    assert!(small.is_gzip);
    let roles = small.text().matches("href=\"/go/").count();
    assert_eq!(roles, vestibule_sandbox::company::ROLES);
    assert!(small.bytes.len() < MOST, "{} bytes", small.bytes.len());
    // what a text finds is small as it is
    let found = asks(&world, &browser, "/?q=prod", "gzip").await;
    assert!(found.bytes.len() < MOST, "{} bytes", found.bytes.len());
    world.stop().await;
}
