//! What comes back through the browser: state, issuer, codes, errors, and everything twice.

use std::sync::Arc;

use reqwest::Method;
use url::Url;
use vestibule_sandbox::aws::clock::Clock;
use vestibule_sandbox::aws::random::Random;
use vestibule_sandbox::idp::oidc::{Client, Endpoint, OidcIdp, OidcSettings, ResponseIssuer};
use vestibule_sandbox::listener::Binding;
use vestibule_sandbox::people::Directory;

use super::scene::{MARKUP, Scene, WHO, parameter, with_parameter};
use crate::corpus;
use crate::world::{OIDC, SAML, World, listen};

/// The second provider.
const SECOND: &str = "second";

// O1
#[tokio::test]
async fn without_its_own_state_an_answer_never_reaches_the_token_endpoint() {
    let scene = Scene::start().await;
    let browser = scene.browser();
    let callback = scene.answer(&browser).await;
    let other = scene.browser();
    let others = scene.answer(&other).await;
    let saml = browser
        .opens_once(&scene.world.at(&format!("/sign-in/{SAML}")))
        .await;
    let saml = parameter(&saml.location().unwrap(), "RelayState");
    let own = parameter(&callback, "state");
    let cut = &own[..own.len() - 1];
    for (state, code) in [
        (None, "oidc.state"),
        (Some(""), "oidc.state"),
        (Some("x"), "login.unsolicited"),
        (Some(cut), "login.unsolicited"),
        (Some(&*own.to_uppercase()), "login.used"),
        (Some(&*parameter(&others, "state")), "login.other_browser"),
        (Some(&saml), "login.other_provider"),
    ] {
        let url = with_parameter(&callback, "state", state);
        let page = browser.opens_once(url.as_str()).await;
        let what = format!("state {state:?}");
        scene.refused(&what, &browser, &page, code).await;
    }
    assert_eq!(scene.calls(Endpoint::Token), 0);
    let page = browser.opens_once(callback.as_str()).await;
    assert_eq!(page.status, 303, "the login was not harmed: {}", page.body);
    assert_eq!(scene.calls(Endpoint::Token), 1);
    scene.ends().await;
}

// O1
#[tokio::test]
async fn an_answer_in_another_browser_never_reaches_the_token_endpoint() {
    let scene = Scene::start().await;
    let browser = scene.browser();
    let callback = scene.answer(&browser).await;
    let stranger = scene.browser();
    let page = stranger.opens_once(callback.as_str()).await;
    scene
        .refused("a stranger", &stranger, &page, "login.no_cookies")
        .await;
    scene.answer(&stranger).await;
    let page = stranger.opens_once(callback.as_str()).await;
    scene
        .refused("one with a login", &stranger, &page, "login.other_browser")
        .await;
    assert_eq!(scene.calls(Endpoint::Token), 0);
    let page = browser.opens_once(callback.as_str()).await;
    assert_eq!(page.status, 303, "{}", page.body);
    scene.ends().await;
}

// O1, O10
#[tokio::test]
async fn an_answer_counts_once() {
    let scene = Scene::start().await;
    let browser = scene.browser();
    let callback = scene.answer(&browser).await;
    assert_eq!(browser.opens_once(callback.as_str()).await.status, 303);
    let url = Url::parse(&scene.world.url).unwrap();
    let cookies = browser.cookies_for(&url);
    let again = scene.browser();
    for (name, value) in cookies.iter().filter(|(name, _)| !name.contains("session")) {
        again.set_cookie(&url, name, value);
    }
    let page = again.opens_once(callback.as_str()).await;
    scene.refused("again", &again, &page, "login.used").await;
    assert_eq!(scene.calls(Endpoint::Token), 1);
    scene.ends().await;
}

// O1
#[tokio::test]
async fn an_answer_to_a_login_of_eleven_minutes_ago_is_refused() {
    let scene = Scene::start().await;
    let browser = scene.browser();
    let callback = scene.answer(&browser).await;
    scene.world.clock.advance(chrono::Duration::minutes(11));
    let page = browser.opens_once(callback.as_str()).await;
    scene
        .refused("late", &browser, &page, "login.expired")
        .await;
    assert_eq!(scene.calls(Endpoint::Token), 0);
    scene.ends().await;
}

// O1
#[tokio::test]
async fn two_tabs_sign_in_side_by_side() {
    let scene = Scene::start().await;
    let browser = scene.browser();
    let first = scene.answer(&browser).await;
    let second = scene.answer(&browser).await;
    for callback in [second, first] {
        let page = browser.opens_once(callback.as_str()).await;
        assert_eq!(page.status, 303, "{}", page.body);
        assert!(scene.me(&browser).await.is_some());
    }
    scene.ends().await;
}

/// A world with a second provider, which can be lied to like the first.
async fn with_two() -> (Scene, Arc<OidcIdp>) {
    let second = OidcIdp::start(OidcSettings {
        binding: Binding::plain(listen()),
        name: "Second Id".to_owned(),
        people: Directory::demo(),
        clock: Clock::system(),
        random: Random::system(),
        keys: None,
    })
    .unwrap();
    let aws = "[aws]\nregion";
    let entry = format!(
        "[[identity_providers]]\nid = \"{SECOND}\"\nname = \"Second Id\"\nkind = \"oidc\"\n\
         issuer = \"{}\"\nclient_id = \"vestibule\"\nclient_secret_file = \"second-secret\"\n\
         scopes = [\"openid\", \"groups\"]\n\n{aws}",
        second.issuer()
    );
    let builder = World::builder()
        .file("second-secret", "second-only")
        .with(aws, &entry);
    let scene = Scene::of(builder).await;
    let redirect_uri = scene.world.at(&format!("/oidc/{SECOND}/callback"));
    second.register(Client::new("vestibule", "second-only", &redirect_uri));
    (scene, Arc::new(second))
}

// O4
#[tokio::test]
async fn one_providers_code_never_reaches_the_others_token_endpoint() {
    let (scene, second) = with_two().await;
    let at = |idp: &str| scene.world.at(&format!("/oidc/{idp}/callback"));
    for (asked, posed) in [(OIDC, SECOND), (SECOND, OIDC)] {
        let browser = scene.browser();
        let callback = scene.answer_at(asked, &browser, WHO).await;
        assert!(callback.as_str().starts_with(&at(asked)), "{callback}");
        let mut moved = Url::parse(&at(posed)).unwrap();
        moved.set_query(callback.query());
        let page = browser.opens_once(moved.as_str()).await;
        let what = format!("{asked}'s answer at {posed}");
        scene
            .refused(&what, &browser, &page, "login.other_provider")
            .await;
    }
    // a login at the second whose state the first one's answer carries
    let browser = scene.browser();
    let honest = scene.answer_at(OIDC, &browser, WHO).await;
    let state = scene.answer_at(SECOND, &browser, WHO).await;
    let state = parameter(&state, "state");
    let mixed = with_parameter(&honest, "state", Some(&state));
    let page = browser.opens_once(mixed.as_str()).await;
    scene
        .refused("mixed up", &browser, &page, "login.other_provider")
        .await;
    assert_eq!(scene.calls(Endpoint::Token), 0);
    assert_eq!(second.requests(Endpoint::Token), 0);
    scene.ends().await;
    second.stop().await;
}

// O4: RFC 9207
#[tokio::test]
async fn an_answer_that_names_another_issuer_never_reaches_the_token_endpoint() {
    let scene = Scene::start().await;
    let issuer = scene.provider().issuer().to_owned();
    let slash = format!("{issuer}/");
    let upper = issuer.to_uppercase();
    for iss in [
        "",
        "https://evil.example",
        &slash,
        &upper,
        &issuer[..issuer.len() - 1],
    ] {
        let other = iss.to_owned();
        scene
            .refuses(&format!("iss {iss:?}"), "oidc.iss", |options| {
                options.response_issuer = ResponseIssuer::Other(other);
            })
            .await;
    }
    scene
        .refuses("no iss", "oidc.iss_missing", |options| {
            options.response_issuer = ResponseIssuer::Absent;
        })
        .await;
    assert_eq!(scene.calls(Endpoint::Token), 0);
    scene.accepts("its own iss", |_| ()).await;
    scene.ends().await;
}

// O4
#[tokio::test]
async fn a_provider_that_does_not_promise_to_name_itself_need_not() {
    let scene = Scene::start().await;
    scene
        .accepts("no iss, none promised", |options| {
            options.response_issuer = ResponseIssuer::Absent;
            options.edit_discovery = Some(Arc::new(|document| {
                document.remove("authorization_response_iss_parameter_supported");
            }));
        })
        .await;
    scene
        .refuses("a wrong iss all the same", "oidc.iss", |options| {
            options.response_issuer = ResponseIssuer::Other("https://evil.example".to_owned());
        })
        .await;
    scene.ends().await;
}

// O3, O10: the code is the victim's, the state and the verifier are the attacker's
#[tokio::test]
async fn a_code_of_another_login_is_worth_nothing() {
    let scene = Scene::start().await;
    let (victim, attacker) = (scene.browser(), scene.browser());
    let stolen = scene.answer(&victim).await;
    let own = scene.answer_at(OIDC, &attacker, "carl").await;
    let injected = with_parameter(&own, "code", Some(&parameter(&stolen, "code")));
    let page = attacker.opens_once(injected.as_str()).await;
    scene
        .refused("an injected code", &attacker, &page, "oidc.code")
        .await;
    // it was spent in the attempt
    let page = victim.opens_once(stolen.as_str()).await;
    scene
        .refused("a spent code", &victim, &page, "oidc.code")
        .await;
    scene.ends().await;
}

// O10
#[tokio::test]
async fn an_answer_that_can_be_read_in_two_ways_never_reaches_the_token_endpoint() {
    let scene = Scene::start().await;
    let browser = scene.browser();
    let callback = scene.answer(&browser).await;
    let own = |name: &str| parameter(&callback, name);
    for (further, code) in [
        ("&error=access_denied".to_owned(), "oidc.callback"),
        (format!("&code={}", own("code")), "oidc.callback"),
        ("&code=other".to_owned(), "oidc.callback"),
        ("&co%64e=other".to_owned(), "oidc.callback"),
        (format!("&state={}", own("state")), "oidc.callback"),
        ("&state=other".to_owned(), "oidc.callback"),
        (
            "&iss=https%3A%2F%2Fevil.example".to_owned(),
            "oidc.callback",
        ),
        ("&id_token=x".to_owned(), "oidc.callback"),
        (
            "&access_token=x&token_type=bearer".to_owned(),
            "oidc.callback",
        ),
        ("&response=x".to_owned(), "oidc.callback"),
    ] {
        let page = browser.opens_once(&format!("{callback}{further}")).await;
        scene.refused(&further, &browser, &page, code).await;
    }
    for (query, code) in [
        ("", "oidc.state"),
        ("code=x", "oidc.state"),
        ("error=access_denied", "oidc.state"),
        ("code=x&state=%ff", "oidc.state"),
    ] {
        let mut url = callback.clone();
        url.set_query(Some(query));
        let page = browser.opens_once(url.as_str()).await;
        scene.refused(query, &browser, &page, code).await;
    }
    // the answer in a form, and in the fragment, which no server sees
    let fields: Vec<(String, String)> = callback
        .query_pairs()
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    let mut bare = callback.clone();
    bare.set_query(None);
    let page = browser.once(Method::POST, &bare, Some(&fields), &[]).await;
    assert_eq!(page.status, 405);
    bare.set_fragment(callback.query());
    let page = browser.opens_once(bare.as_str()).await;
    scene
        .refused("fragment", &browser, &page, "oidc.state")
        .await;
    assert_eq!(scene.calls(Endpoint::Token), 0);
    let page = browser.opens_once(callback.as_str()).await;
    assert_eq!(page.status, 303, "the login was not harmed: {}", page.body);
    scene.ends().await;
}

// O10
#[tokio::test]
async fn a_providers_words_for_its_no_are_not_on_the_page() {
    let scene = Scene::start().await;
    for (name, code) in [
        ("access_denied", "oidc.refused"),
        ("login_required", "oidc.refused"),
        (MARKUP, "oidc.refused"),
        ("temporarily_unavailable", "idp.unreachable"),
    ] {
        let error = (name.to_owned(), Some(MARKUP.to_owned()));
        scene
            .refuses(name, code, |options| options.authorize_error = Some(error))
            .await;
    }
    assert_eq!(scene.calls(Endpoint::Token), 0);
    scene.ends().await;
}

// O11
#[tokio::test]
async fn whatever_a_link_carries_a_sign_in_ends_at_home() {
    let scene = Scene::start().await;
    let browser = scene.browser();
    scene.answer(&browser).await;
    for payload in corpus::payloads(&scene.world.url) {
        let mut link = Url::parse(&scene.world.at(&format!("/sign-in/{OIDC}"))).unwrap();
        for name in ["next", "redirect", "redirect_uri", "return_to", "url", "rd"] {
            link.query_pairs_mut().append_pair(name, &payload);
        }
        let page = browser.opens(link.as_str()).await;
        assert!(
            page.url.as_str() == scene.world.at("/") || (400..500).contains(&page.status),
            "{payload:?}: {} {}",
            page.status,
            page.url
        );
        assert!(
            page.url.as_str().starts_with(&scene.world.url),
            "{payload:?}"
        );
    }
    scene.ends().await;
}
