//! Journeys of people who use no mouse.

use fantoccini::key::Key;

use crate::chromium::Chromium;
use crate::world::World;

async fn signs_in(browser: &Chromium, world: &World) {
    browser.opens(&world.at("/sign-in")).await;
    browser.tabs_to("a[href='/sign-in/corp']").await;
    browser.presses(Key::Enter).await;
    browser.tabs_to("#username").await;
    browser.writes("erin").await;
    browser.tabs_to("#password").await;
    browser.writes("erin-pass").await;
    browser.presses(Key::Enter).await;
    browser.sees("#board").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keyboard_alone_leads_from_the_sign_in_page_to_the_console_and_to_keys() {
    let world = World::start().await;
    let browser = Chromium::start().await;
    signs_in(&browser, &world).await;
    // the search has the focus already
    assert!(browser.is_at("#q").await);
    browser.shows_the_focus().await;
    browser.writes("developer").await;
    browser.presses(Key::Enter).await;
    let principal = browser.arrives(&world).await;
    assert!(
        principal.contains(":assumed-role/Developer/"),
        "{principal}"
    );
    browser.opens(&world.at("/")).await;
    browser.tabs_to("a[href='/keys/payments-prod/Admin']").await;
    browser.presses(Key::Enter).await;
    browser.tabs_to("form[action^='/keys/'] button").await;
    browser.presses(Key::Enter).await;
    let shown = browser.reads("details[open] pre").await;
    assert!(
        shown.starts_with("export AWS_ACCESS_KEY_ID=ASIA"),
        "{shown}"
    );
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_stop_of_every_page_leads_past_the_bar_to_the_content() {
    let world = World::start().await;
    let browser = Chromium::start().await;
    browser.opens(&world.at("/sign-in")).await;
    browser.presses(Key::Tab).await;
    assert!(browser.is_at(".skip").await);
    browser.shows_the_focus().await;
    browser.presses(Key::Enter).await;
    browser.presses(Key::Tab).await;
    assert!(browser.is_at("main a").await, "not past the bar");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_stop_on_the_portal_can_be_seen_forwards_and_backwards() {
    let world = World::start().await;
    let browser = Chromium::start().await;
    signs_in(&browser, &world).await;
    browser.tabs_to(".roles > li:last-child a").await;
    browser.tabs_back_to("#q").await;
    browser.tabs_back_to(".brand").await;
    world.stop().await;
}
