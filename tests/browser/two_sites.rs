//! On https, with Vestibule and everybody else on different sites: what cookies do across them.
//!
//! A provider's answer is a POST from another site, which carries no `Lax` cookie; a link from another site is a
//! navigation, which does. On plain loopback http neither shows: there every port is one site.

use cookie::SameSite;

use crate::chromium::Chromium;
use crate::world::World;
use crate::world::accounts::PROD;

const SESSION: &str = "__Host-vestibule-session";
const LOGIN: &str = "__Host-vestibule-login";

#[tokio::test(flavor = "multi_thread")]
async fn a_saml_answer_from_another_site_opens_the_console() {
    let world = World::builder().https().start().await;
    let browser = Chromium::for_https(&world).await;
    assert!(world.url.starts_with("https://localhost:"), "{}", world.url);
    browser
        .opens(&world.at("/go/payments-prod/SamlReader?idp=corp"))
        .await;
    browser.sees("#username").await;
    let at = browser.stands_at().await;
    assert!(
        at.starts_with("https://127.0.0.1:"),
        "not another site: {at}"
    );
    browser.signs_in("erin").await;
    assert_eq!(
        browser.arrives(&world).await,
        format!("arn:aws:sts::{PROD}:assumed-role/SamlReader/erin@example.com")
    );
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_openid_answer_from_another_site_opens_the_console() {
    let world = World::builder().https().start().await;
    let browser = Chromium::for_https(&world).await;
    browser
        .opens(&world.at("/go/payments-prod/WebReader?idp=okta"))
        .await;
    browser.signs_in("erin").await;
    let principal = browser.arrives(&world).await;
    assert!(
        principal.starts_with(&format!("arn:aws:sts::{PROD}:assumed-role/WebReader/")),
        "{principal}"
    );
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pending_login_travels_across_sites_and_the_session_only_with_navigations() {
    let world = World::builder().https().start().await;
    let browser = Chromium::for_https(&world).await;
    browser.opens(&world.at("/?idp=corp")).await;
    browser.sees("#username").await;
    let form = browser.stands_at().await;
    browser.opens(&world.at("/healthz")).await;
    let login = browser.cookie(LOGIN).await.expect("a login is pending");
    assert_eq!(login.same_site(), Some(SameSite::None));
    assert_eq!(login.secure(), Some(true));
    assert_eq!(login.http_only(), Some(true));
    assert!(browser.cookie(SESSION).await.is_none());
    browser.opens(&form).await;
    browser.signs_in("erin").await;
    browser.sees("#board").await;
    let session = browser.cookie(SESSION).await.expect("a session");
    assert_eq!(session.same_site(), Some(SameSite::Lax));
    assert_eq!(session.secure(), Some(true));
    assert_eq!(session.http_only(), Some(true));
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_on_another_sites_page_uses_the_session() {
    let world = World::builder().https().start().await;
    let browser = Chromium::for_https(&world).await;
    browser
        .opens(&world.at("/go/payments-prod/Admin?idp=corp"))
        .await;
    browser.signs_in("erin").await;
    let principal = browser.arrives(&world).await;
    // a way through a provider would end nowhere now
    world.sandbox.saml_idp.stop().await;
    world.sandbox.oidc_idp.stop().await;
    world.aws_forgets();
    let before = browser.reads("#began").await;
    world.clock.advance(chrono::TimeDelta::minutes(5));
    // the console's page links back to where one came from, as AWS's page for expired sessions does
    browser.clicks("#issuer").await;
    browser.sees("#began").await;
    assert_eq!(browser.arrives(&world).await, principal);
    assert_ne!(browser.reads("#began").await, before, "the same arrival");
    let asked = world.aws_saw();
    let asked: Vec<_> = asked.iter().filter_map(|e| e.action.as_deref()).collect();
    assert_eq!(asked, ["AssumeRole", "getSigninToken", "login"]);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_on_another_sites_page_to_the_record_asks_first() {
    let world = World::builder().https().start().await;
    let browser = Chromium::for_https(&world).await;
    let record = world.at("/admin/record?kind=session_began");
    browser.opens(&world.at("/admin/access?idp=corp")).await;
    browser.sees("#username").await;
    let elsewhere = url::Url::parse(&browser.stands_at().await).unwrap();
    let elsewhere = elsewhere.join("/").unwrap();
    browser.signs_in("ada").await;
    browser.sees("nav.tabs").await;
    // typed, and from a page of ours
    browser.opens(&record).await;
    browser.sees("#found .plate code").await;
    let read = || world.audit(vestibule::domain::audit::EventKind::RecordRead);
    assert_eq!(read().await.len(), 1);
    browser.opens(elsewhere.as_str()).await;
    let lure = format!("<a id=\"lure\" href=\"{record}\">x</a>");
    let lure = format!("document.body.insertAdjacentHTML('beforeend', '{lure}')");
    browser.asks(&lure).await;
    browser.clicks("#lure").await;
    browser.sees("[data-problem='led-from-elsewhere']").await;
    assert_eq!(read().await.len(), 1);
    browser.clicks(".choices a").await;
    browser.sees("#found .plate code").await;
    assert_eq!(browser.stands_at().await, record);
    assert_eq!(read().await.len(), 2);
    world.stop().await;
}
