//! Keys in a real browser: what its policies let happen, and what fits on a telephone.

use crate::chromium::{Chromium, Setup, TELEPHONE};
use crate::world::World;

const SHOW: &str = "form[action^='/keys/'] button";

#[tokio::test(flavor = "multi_thread")]
async fn across_two_sites_the_form_leads_through_the_provider_to_the_keys_and_a_reload_to_none() {
    let world = World::builder().https().start().await;
    let browser = Chromium::for_https(&world).await;
    browser
        .opens(&world.at("/keys/payments-prod/SamlReader?idp=corp"))
        .await;
    browser.signs_in("erin").await;
    // the page's policy lets its form end at the provider, which lets them straight through
    browser.clicks(SHOW).await;
    let shown = browser.reads("details[open] pre").await;
    assert!(
        shown.starts_with("export AWS_ACCESS_KEY_ID=ASIA"),
        "{shown}"
    );
    let acs = world.at("/saml/corp/acs");
    assert_eq!(browser.stands_at().await, acs);
    // the address as such shows nothing
    browser.opens(&acs).await;
    browser.sees("[data-problem='method-not-allowed']").await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_keys_scrolls_sideways_on_a_telephone() {
    let world = World::start().await;
    let browser = Setup::default().telephone().start().await;
    browser.opens(&world.at("/?idp=corp")).await;
    browser.signs_in("erin").await;
    browser.clicks("a[href='/keys/payments-prod/Admin']").await;
    fits(&browser, SHOW).await;
    browser.clicks(SHOW).await;
    fits(&browser, "details[open] pre").await;
    for at in [2, 3, 4] {
        let summary = format!("details:nth-of-type({at}) summary");
        browser.clicks(&summary).await;
    }
    fits(&browser, "details[open] pre").await;
    assert_eq!(browser.lists("pre").await.len(), 4);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_keys_are_had_all_the_same() {
    let world = World::start().await;
    let browser = Setup::default().without_scripts().start().await;
    browser.opens(&world.at("/?idp=corp")).await;
    browser.signs_in("erin").await;
    browser.clicks("form[action*='/acs'] button").await;
    browser.clicks("a[href='/keys/payments-prod/Admin']").await;
    browser.clicks(SHOW).await;
    let shown = browser.reads("details[open] pre").await;
    assert!(
        shown.starts_with("export AWS_ACCESS_KEY_ID=ASIA"),
        "{shown}"
    );
    world.stop().await;
}

/// The page is there and no wider than the screen.
async fn fits(browser: &Chromium, css: &str) {
    browser.sees(css).await;
    let width = browser.asks("document.scrollingElement.scrollWidth").await;
    let at = browser.stands_at().await;
    assert!(width.as_u64().unwrap() <= TELEPHONE, "{at}: {width} wide");
}
