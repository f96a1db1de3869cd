//! B24: too many requests get a 429 that says when to come again; nobody gets past it by a header, and nobody is shut out
//! by what somebody else did.

use std::sync::Arc;

use chrono::TimeDelta;
use reqwest::Method;
use url::Url;
use vestibule::clock::Clock as _;
use vestibule::domain::audit::EventKind;

use crate::api::{Program, made};
use crate::world::browser::{Browser, Form, Page};
use crate::world::{World, WorldBuilder};

/// A world with these limits, in which no time goes by by itself.
async fn limited(limits: &str) -> World {
    limited_on(World::builder(), limits).await
}

async fn limited_on(builder: WorldBuilder, limits: &str) -> World {
    let world = builder
        .with("[aws]\n", &format!("[limits]\n{limits}\n\n[aws]\n"))
        .start()
        .await;
    world.clock.hold_at(world.clock.now());
    world
}

async fn starts(world: &World, browser: &Browser) -> Page {
    browser.opens_once(&world.at("/sign-in/corp")).await
}

/// An answer of a provider's that nobody asked for, by a browser that says nothing of itself.
async fn fails(world: &World, browser: &Browser) -> Page {
    let url = Url::parse(&world.at("/saml/corp/acs")).unwrap();
    let fields = [("SAMLResponse".to_owned(), "eA==".to_owned())];
    browser.once(Method::POST, &url, Some(&fields), &[]).await
}

fn is_too_often(page: &Page, seconds: &str) {
    page.is_refused(429, "too-often");
    assert_eq!(page.header("retry-after"), seconds, "{}", page.body);
}

fn form_to(page: &Page, path: &str) -> Form {
    let mut forms = page.forms().into_iter();
    forms.find(|form| form.action.path() == path).unwrap()
}

#[tokio::test]
async fn b24_a_company_of_1200_comes_in_by_one_address_within_a_minute() {
    let world = World::start().await;
    world.clock.hold_at(world.clock.now());
    let ways_in = world.browser();
    for _ in 0..12 {
        let all = (0..100).map(|_| async { starts(&world, &ways_in.beside()).await.status });
        let all = futures_util::future::join_all(all).await;
        assert!(all.iter().all(|status| *status == 303), "{all:?}");
        let all = (0..100).map(|_| async { fails(&world, &ways_in.beside()).await.status });
        let all = futures_util::future::join_all(all).await;
        assert!(all.iter().all(|status| *status == 400), "{all:?}");
    }
    world.signed_in("erin").await;
    world.stop().await;
}

#[tokio::test]
async fn b24_sign_ins_that_start_too_often_wait_as_long_as_the_answer_says() {
    let world = limited("sign_ins_per_address = { per_minute = 20, burst = 2 }").await;
    let browser = world.browser();
    for _ in 0..2 {
        assert_eq!(starts(&world, &browser).await.status, 303);
    }
    let page = starts(&world, &browser).await;
    is_too_often(&page, "3");
    assert!(page.body.contains("Wait 3 seconds"), "{}", page.body);
    // no header makes it another address: nobody is a trusted proxy
    for header in [
        "x-forwarded-for",
        "forwarded",
        "x-real-ip",
        "cf-connecting-ip",
    ] {
        let other = browser.beside();
        other.always_sends(header, "198.51.100.7");
        is_too_often(&starts(&world, &other).await, "3");
    }
    // links start a sign-in, too, and pages that start none are shown
    let link = world.at("/go/payments-prod/Admin?idp=corp");
    is_too_often(&browser.opens_once(&link).await, "3");
    assert_eq!(browser.opens_once(&world.at("/sign-in")).await.status, 200);
    world.clock.advance(TimeDelta::seconds(3));
    assert_eq!(starts(&world, &browser).await.status, 303);
    is_too_often(&starts(&world, &browser).await, "3");
    let figures = browser
        .opens_once(&format!("{}/metrics", world.app.operations_url()))
        .await;
    let counted = "vestibule_too_often_total{what=\"sign_ins\",whose=\"address\"} 7";
    assert!(figures.body.contains(counted), "{}", figures.body);
    world.stop().await;
}

#[tokio::test]
async fn b24_behind_a_trusted_proxy_each_has_their_own_limit() {
    let builder =
        World::builder().with("trusted_proxies = []", "trusted_proxies = [\"127.0.0.1\"]");
    let world = limited_on(builder, "sign_ins_per_address = { per_minute = 1 }").await;
    let from = |address: &str| {
        let browser = world.browser();
        browser.always_sends("x-forwarded-for", address);
        browser
    };
    assert_eq!(starts(&world, &from("198.51.100.1")).await.status, 303);
    is_too_often(&starts(&world, &from("198.51.100.1")).await, "60");
    // what stands further left was written by somebody nobody vouches for
    is_too_often(
        &starts(&world, &from("203.0.113.1, 198.51.100.1")).await,
        "60",
    );
    assert_eq!(starts(&world, &from("198.51.100.2")).await.status, 303);
    assert_eq!(starts(&world, &from("2001:db8::1")).await.status, 303);
    is_too_often(&starts(&world, &from("2001:db8::2")).await, "60");
    world.stop().await;
}

#[tokio::test]
async fn b24_the_victim_behind_the_attackers_address_still_signs_in() {
    let world = limited(
        "failed_logins_per_address = { per_minute = 6, burst = 3 }\n\
         failed_logins_per_browser = { per_minute = 6, burst = 1 }",
    )
    .await;
    let attacker = Arc::new(world.browser());
    for _ in 0..4 {
        fails(&world, &attacker)
            .await
            .is_refused(400, "unsolicited");
    }
    is_too_often(&fails(&world, &attacker).await, "10");
    // the attempts named her, who signs in from there all the same
    let victim = world.signed_in("erin").await;
    assert_eq!(victim.opens_once(&world.at("/api/v1/me")).await.status, 200);
    is_too_often(&fails(&world, &attacker).await, "10");
    // a browser of the attacker's with a login begun has a limit of its own
    assert_eq!(starts(&world, &attacker).await.status, 303);
    for _ in 0..2 {
        fails(&world, &attacker)
            .await
            .is_refused(400, "unsolicited");
    }
    is_too_often(&fails(&world, &attacker).await, "10");
    world.signed_in("erin").await;
    world.clock.advance(TimeDelta::seconds(60));
    fails(&world, &world.browser())
        .await
        .is_refused(400, "unsolicited");
    world.stop().await;
}

#[tokio::test]
async fn b24_consoles_and_keys_have_a_limit_by_person_that_is_nobody_elses() {
    let world = limited(
        "consoles_per_person = { per_minute = 2, burst = 1 }\n\
         keys_per_person = { per_minute = 2, burst = 1 }",
    )
    .await;
    let (erin, ada) = (world.signed_in("erin").await, world.signed_in("ada").await);
    let link = world.at("/go/payments-prod/Admin");
    assert_eq!(erin.opens_once(&link).await.status, 303);
    let asked = world.sts_calls().len();
    is_too_often(&erin.opens_once(&link).await, "30");
    assert_eq!(world.sts_calls().len(), asked, "AWS was not asked");
    // a second session is the same person
    let again = world.signed_in("erin").await;
    is_too_often(&again.opens_once(&link).await, "30");
    // keys are counted for themselves
    let keys = erin.opens(&world.at("/keys/payments-prod/Admin")).await;
    let form = form_to(&keys, "/keys/payments-prod/Admin");
    assert_eq!(erin.submits_once(&form).await.status, 200);
    is_too_often(&erin.submits_once(&form).await, "30");
    // somebody without the role is told so, and not counted among those who get in
    ada.opens_once(&link).await.is_refused(403, "not-entitled");
    world.clock.advance(TimeDelta::seconds(30));
    assert_eq!(erin.opens_once(&link).await.status, 303);
    world.stop().await;
}

#[tokio::test]
async fn b24_administrators_pages_have_a_limit_by_person_and_by_address() {
    let world = limited(
        "administration_per_person = { per_minute = 6, burst = 2 }\n\
         administration_per_address = { per_minute = 6, burst = 3 }",
    )
    .await;
    let (ada, erin) = (world.signed_in("ada").await, world.signed_in("erin").await);
    let page = ada.opens_once(&world.at("/admin/tokens")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let url = Url::parse(&world.at("/admin/tokens/revoke")).unwrap();
    let token = page.form_with("form_token").unwrap();
    let token = token.value("form_token").unwrap().to_owned();
    let fields = [
        ("form_token".to_owned(), token),
        ("id".to_owned(), "0".repeat(16)),
    ];
    let origin = [("origin", world.url.as_str())];
    let revokes = || ada.once(Method::POST, &url, Some(&fields), &origin);
    revokes().await.is_refused(404, "no-such-token");
    is_too_often(&revokes().await, "10");
    is_too_often(&ada.opens_once(&world.at("/admin/simulate")).await, "10");
    // whoever is no administrator is counted all the same
    let look = world.at("/admin/access");
    erin.opens_once(&look).await.is_refused(403, "not-entitled");
    let page = erin.opens_once(&look).await;
    is_too_often(&page, "10");
    assert!(page.body.contains("from where you are"), "{}", page.body);
    world.stop().await;
}

/// What stands in the record of refusals and of tokens.
async fn rows(world: &World) -> usize {
    let mut rows = 0;
    for kind in [
        EventKind::SigninRefused,
        EventKind::KeysRefused,
        EventKind::WhyRefused,
        EventKind::TokenMade,
    ] {
        rows += world.audit(kind).await.len();
    }
    rows
}

#[tokio::test]
async fn b24_whoever_is_refused_all_the_time_leaves_no_more_rows_and_still_gets_in() {
    let world = limited("refusals_per_person = { per_minute = 6, burst = 3 }").await;
    let erin = world.signed_in("erin").await;
    let refused = [
        "/go/payments-prod/Nope",
        "/keys/payments-prod/Nope",
        "/roles/payments-prod/Nope/why",
    ];
    for path in refused {
        let page = erin.opens_once(&world.at(path)).await;
        page.is_refused(403, "not-entitled");
    }
    assert_eq!(rows(&world).await, 3);
    for path in refused {
        is_too_often(&erin.opens_once(&world.at(path)).await, "10");
        // by programs, too: the same person
        let why = "/api/v1/roles/payments-prod/Nope/why";
        let answer = erin.opens_once(&world.at(why)).await;
        assert_eq!((answer.status, answer.header("retry-after")), (429, "10"));
    }
    assert_eq!(rows(&world).await, 3, "one too many leaves no row");
    // what is theirs opens, and nobody else is concerned
    let page = erin.opens_once(&world.at("/go/payments-prod/Admin")).await;
    assert_eq!(page.status, 303, "{}", page.body);
    let ada = world.signed_in("ada").await;
    let page = ada.opens_once(&world.at(refused[0])).await;
    page.is_refused(403, "not-entitled");
    world.clock.advance(TimeDelta::seconds(10));
    let page = erin.opens_once(&world.at(refused[0])).await;
    page.is_refused(403, "not-entitled");
    world.stop().await;
}

#[tokio::test]
async fn b24_tokens_are_made_so_often_and_revoked_whenever_somebody_wants() {
    let world = limited("tokens_per_person = { per_minute = 6, burst = 2 }").await;
    let erin = world.signed_in("erin").await;
    let page = erin.opens_once(&world.at("/tokens")).await;
    let form = form_to(&page, "/tokens")
        .with("name", "a")
        .with("me:read", "on");
    for _ in 0..2 {
        let made = erin.submits_once(&form).await;
        assert_eq!(made.status, 200, "{}", made.body);
    }
    is_too_often(&erin.submits_once(&form).await, "10");
    assert_eq!(world.audit(EventKind::TokenMade).await.len(), 2);
    let page = erin.opens_once(&world.at("/tokens")).await;
    let mut revoke = form_to(&page, "/tokens/revoke");
    revoke.fields.retain(|(name, _)| name == "form_token");
    let revoked = erin.submits_once(&revoke.with("all", "yes")).await;
    assert_eq!(revoked.status, 303, "{}", revoked.body);
    assert_eq!(world.audit(EventKind::TokenRevoked).await.len(), 2);
    is_too_often(&erin.submits_once(&form).await, "10");
    world.clock.advance(TimeDelta::seconds(10));
    assert_eq!(erin.submits_once(&form).await.status, 200);
    world.stop().await;
}

#[tokio::test]
async fn b24_whoever_has_a_token_goes_on_where_somebody_without_uses_up_the_address() {
    let world = limited("api_per_address = { per_minute = 6, burst = 2 }").await;
    let browser = world.signed_in("erin").await;
    let program = Program::with(&world, Some(&made(&world, &browser, &["me:read"]).await)).await;
    let nobody = Program::with(&world, None).await;
    let unknown = format!("vst_{}", "A".repeat(43));
    let liar = Program::with(&world, Some(&unknown)).await;
    nobody.gets("/me").await.refused(401, "sign-in-needed");
    liar.gets("/me").await.refused(401, "token-unknown");
    for _ in 0..3 {
        for other in [&nobody, &liar] {
            let answer = other.gets("/me").await;
            answer.refused(429, "too-often");
            assert_eq!(answer.header("retry-after"), "10");
        }
        assert_eq!(program.gets("/me").await.status, 200);
        // a session is somebody, too
        let me = browser.opens_once(&world.at("/api/v1/me")).await;
        assert_eq!(me.status, 200, "{}", me.body);
    }
    // a token of theirs that is gone is nobody's
    let page = browser.opens_once(&world.at("/tokens")).await;
    let mut revoke = form_to(&page, "/tokens/revoke");
    revoke.fields.retain(|(name, _)| name == "form_token");
    assert_eq!(
        browser
            .submits_once(&revoke.with("all", "yes"))
            .await
            .status,
        303
    );
    program.gets("/me").await.refused(429, "too-often");
    world.stop().await;
}

#[tokio::test]
async fn b24_programs_have_a_limit_of_their_person_s_that_is_nobody_else_s() {
    let world = limited("api_per_person = { per_minute = 6, burst = 3 }").await;
    let erin = Program::of(&world, "erin", &["me:read"]).await;
    let ada = Program::of(&world, "ada", &["me:read"]).await;
    for _ in 0..3 {
        assert_eq!(erin.gets("/me").await.status, 200);
    }
    erin.gets("/me").await.refused(429, "too-often");
    assert_eq!(ada.gets("/me").await.status, 200);
    world.clock.advance(TimeDelta::seconds(10));
    assert_eq!(erin.gets("/me").await.status, 200);
    world.stop().await;
}

#[tokio::test]
async fn b24_who_signed_in_here_before_signs_in_where_somebody_uses_up_the_address() {
    let world = limited(
        "sign_ins_per_address = { per_minute = 6, burst = 3 }\n\
         sign_ins_per_person = { per_minute = 6, burst = 2 }",
    )
    .await;
    let erin = world.signed_in("erin").await;
    let portal = erin.opens(&world.at("/")).await;
    let out = form_to(&portal, "/sign-out");
    assert_eq!(erin.submits_once(&out).await.status, 200);
    let attacker = world.browser();
    for _ in 0..2 {
        assert_eq!(starts(&world, &attacker).await.status, 303);
    }
    is_too_often(&starts(&world, &attacker).await, "10");
    // she is known here, and has a limit of her own
    let page = world.signs_in(&erin, "/sign-in/corp", "erin").await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert_eq!(starts(&world, &erin).await.status, 303);
    is_too_often(&starts(&world, &erin).await, "10");
    // whoever has a session goes on by it
    let by_okta = world.at("/go/payments-prod/Admin?idp=okta");
    assert_eq!(erin.opens_once(&by_okta).await.status, 303);

    // nobody else says that they are known: not by what they can have without signing in, nor by a word
    let name = |what: &str| {
        let port = Url::parse(&world.url).unwrap().port().unwrap();
        format!("vestibule-{what}-{port}")
    };
    let url = Url::parse(&world.url).unwrap();
    let seal = erin.cookies_for(&url)[&name("known")].clone();
    assert!(!seal.contains("erin"));
    let login = attacker.cookies_for(&url)[&name("login")].clone();
    for said in [login.as_str(), "corp", &seal[1..], &seal.to_lowercase()] {
        let other = world.browser();
        other.set_cookie(&url, &name("known"), said);
        other.set_cookie(&url, &name("idp"), "corp");
        is_too_often(&starts(&world, &other).await, "10");
    }
    // her own, in another browser, is counted as hers
    let other = world.browser();
    other.set_cookie(&url, &name("known"), &seal);
    is_too_often(&starts(&world, &other).await, "10");
    world.clock.advance(TimeDelta::seconds(10));
    assert_eq!(starts(&world, &attacker).await.status, 303);
    assert_eq!(starts(&world, &other).await.status, 303);
    is_too_often(&starts(&world, &erin).await, "10");
    world.stop().await;
}
