//! Vestibule and the provider on two sites: the provider's form arrives without the session's cookie, and the session
//! that the browser had ends all the same.

use reqwest::Method;
use url::Url;
use vestibule::domain::audit::EventKind;

use crate::world::World;
use crate::world::browser::{Browser, Page};

const SESSION: &str = "__Host-vestibule-session";

/// The cookies that an answer sets: name and the whole line.
fn set(page: &Page) -> Vec<(String, String)> {
    let lines = page.headers.get_all("set-cookie").into_iter();
    lines
        .map(|line| {
            let line = line.to_str().unwrap();
            (line.split('=').next().unwrap().to_owned(), line.to_owned())
        })
        .collect()
}

/// Signs in, sending with the provider's form only those cookies that a browser sends across sites.
async fn signs_in_across(world: &World, browser: &Browser) -> Page {
    let departed = browser.opens_once(&world.at("/sign-in/corp")).await;
    let across: Vec<String> = set(&departed)
        .into_iter()
        .filter(|(_, line)| line.contains("SameSite=None") && line.contains("Secure"))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(across.len(), 1, "the login's cookie alone: {across:?}");
    let page = browser.follows(departed).await;
    let page = match page.form_with("username") {
        Some(form) => {
            let form = form.with("username", "erin").with("password", "erin-pass");
            browser.submits(&form).await
        }
        None => page,
    };
    let form = page.form_with("SAMLResponse").unwrap();
    assert_ne!(page.url.host_str(), form.action.host_str(), "two sites");
    let form_of_another_site = browser.beside();
    for (name, value) in browser.cookies_for(&form.action) {
        if across.contains(&name) {
            form_of_another_site.set_cookie(&form.action, &name, &value);
        }
    }
    let origin = page.url.origin().ascii_serialization();
    let headers = [
        ("origin", origin.as_str()),
        ("sec-fetch-site", "cross-site"),
    ];
    let fields = Some(&form.fields[..]);
    let arrived = form_of_another_site.once(Method::POST, &form.action, fields, &headers);
    arrived.await
}

fn session(page: &Page) -> String {
    let (_, line) = set(page)
        .into_iter()
        .find(|(name, _)| name == SESSION)
        .unwrap();
    assert!(line.contains("SameSite=Lax"), "{line}");
    let value = line.split(['=', ';']).nth(1).unwrap();
    assert_eq!(value.len(), 43);
    value.to_owned()
}

async fn status(world: &World, session: &str) -> u16 {
    let url = Url::parse(&world.at("/api/v1/me")).unwrap();
    let browser = trusting(world);
    browser.set_cookie(&url, SESSION, session);
    browser.opens_once(url.as_str()).await.status
}

fn trusting(world: &World) -> Browser {
    let authority = std::fs::read(world.folder.join("authority.pem")).unwrap();
    Browser::trusting(vec![reqwest::Certificate::from_pem(&authority).unwrap()])
}

#[tokio::test]
async fn a_new_sign_in_ends_the_session_that_the_browser_had_though_no_cookie_names_it() {
    let world = World::builder().https().start().await;
    let (browser, elsewhere) = (trusting(&world), trusting(&world));
    let url = Url::parse(&world.url).unwrap();
    let other = session(&signs_in_across(&world, &elsewhere).await);

    let mut before: Option<String> = None;
    for round in 0..3 {
        let arrived = signs_in_across(&world, &browser).await;
        assert_eq!(arrived.status, 303, "{}", arrived.body);
        let id = session(&arrived);
        assert_eq!(status(&world, &id).await, 200, "{round}");
        if let Some(before) = before.replace(id.clone()) {
            assert_eq!(status(&world, &before).await, 401, "{round}");
        }
        browser.set_cookie(&url, SESSION, &id);
    }
    // the same person's session in another browser is another matter
    assert_eq!(status(&world, &other).await, 200);
    assert_eq!(world.audit(EventKind::SessionBegan).await.len(), 4);
    world.stop().await;
}
