//! Signing out, and what the pages' own policies let a browser do.

use crate::chromium::Chromium;
use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_session_and_says_what_lives_on() {
    let world = World::start().await;
    let browser = Chromium::start().await;
    browser.opens(&world.at("/?idp=corp")).await;
    browser.signs_in("erin").await;
    browser.sees("#board").await;
    browser.clicks("form[action='/sign-out'] button").await;
    browser.sees("dl").await;
    assert_eq!(browser.reads("h1").await, "You are signed out of Vestibule");
    let lives_on = browser.lists("dt").await;
    assert_eq!(lives_on, ["Example Corp", "AWS consoles"]);
    assert!(!browser.lists("dd a").await.is_empty(), "no way on");
    // neither a reload nor the way back shows the portal again
    browser.opens(&world.at("/sign-in")).await;
    browser.sees(".choices").await;
    assert!(browser.lists("#board").await.is_empty());
    // the provider's own session lives on, and lets the person straight in
    browser.opens(&world.at("/?idp=corp")).await;
    browser.sees("#board").await;
    world.stop().await;
}
