//! For a tired person, in a real browser: cookies off, a tab whose session ended in another, a step back.

use crate::chromium::{Chromium, Setup};
use crate::world::World;

const LINK: &str = "/go/payments-prod/Admin?idp=okta";

async fn is_told(browser: &Chromium, problem: &str) {
    browser.sees(&format!("[data-problem='{problem}']")).await;
    assert_eq!(browser.lists(".problem h2").await.len(), 2);
    assert!(!browser.lists(".problem .choices a").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_keeps_no_cookies_is_told_how_to() {
    let world = World::start().await;
    let browser = Setup::default().without_cookies().start().await;
    browser.opens(&world.at(LINK)).await;
    browser.signs_in("erin").await;
    is_told(&browser, "cookies-off").await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_a_tab_whose_session_ended_in_another_says_so_and_leads_on() {
    let world = World::start().await;
    let browser = Chromium::start().await;
    browser.opens(&world.at("/settings?idp=corp")).await;
    browser.signs_in("erin").await;
    browser.sees("form[action='/settings']").await;
    // another tab signs out
    let client = browser.client();
    let first = client.window().await.unwrap();
    let second = client.new_window(true).await.unwrap();
    client.switch_to_window(second.handle).await.unwrap();
    browser.opens(&world.at("/")).await;
    browser.clicks("form[action='/sign-out'] button").await;
    browser.sees("a[href='/sign-in']").await;
    client.switch_to_window(first).await.unwrap();
    browser.clicks("form[action='/settings'] button").await;
    is_told(&browser, "signed-out-elsewhere").await;
    browser.clicks(".problem .choices a").await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_back_after_a_sign_in_says_that_it_counts_once_and_leads_on() {
    let world = World::start().await;
    let browser = Chromium::start().await;
    browser.opens(&world.at("/?idp=okta")).await;
    browser.signs_in("erin").await;
    browser.sees("#q").await;
    // the provider still knows them, and answers the same question again
    browser.client().back().await.unwrap();
    is_told(&browser, "login-used").await;
    browser.clicks(".problem .choices a[href='/']").await;
    browser.sees("#q").await;
    world.stop().await;
}
