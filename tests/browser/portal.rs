//! The portal, with and without scripts, wide and narrow.

use crate::chromium::{Chromium, Setup, TELEPHONE};
use crate::world::World;

/// The roles that can be seen: each row's first link, the second leads to keys.
const ROLES: &str = ".roles > li > a:first-child";

async fn portal(world: &World, browser: &Chromium) {
    browser.opens(&world.at("/?idp=corp")).await;
    browser.signs_in("erin").await;
    browser.sees("#board").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_search_has_the_focus_typing_filters_and_a_role_opens_its_console() {
    let world = World::start().await;
    let browser = Chromium::start().await;
    portal(&world, &browser).await;
    assert_eq!(browser.focus().await.as_deref(), Some("q"));
    assert_eq!(browser.lists(ROLES).await.len(), 10);
    browser.types("#q", "dev").await;
    assert_eq!(browser.lists(ROLES).await, ["Developer"]);
    assert_eq!(browser.reads("#count").await, "1 role in 1 account");
    // nothing was asked of the server
    assert!(browser.stands_at().await.ends_with('/'));
    browser
        .clicks("li.account:not([hidden]) .roles > li:not([hidden]) > a:first-child")
        .await;
    let principal = browser.arrives(&world).await;
    assert!(
        principal.contains(":assumed-role/Developer/"),
        "{principal}"
    );
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_found_and_opened_without_leaving_the_keyboard() {
    const DOWN: &str = "\u{e015}";
    const ENTER: &str = "\u{e007}";
    const ESCAPE: &str = "\u{e00c}";
    let world = World::start().await;
    let browser = Chromium::start().await;
    portal(&world, &browser).await;
    browser.types("#q", "no such thing").await;
    assert!(browser.lists(ROLES).await.is_empty());
    assert_eq!(browser.lists("#none").await.len(), 1);
    browser.types("#q", ESCAPE).await;
    assert_eq!(browser.lists(ROLES).await.len(), 10);
    browser.types("#q", "gov").await;
    let roles = browser.lists(ROLES).await;
    assert_eq!(roles.len(), 2, "{roles:?}");
    let second = roles[1].clone();
    browser.types("#q", &format!("{DOWN}{ENTER}")).await;
    let principal = browser.arrives(&world).await;
    assert!(
        principal.contains(&format!(":assumed-role/{second}/")),
        "{principal}"
    );
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_the_server_filters_and_every_step_has_a_button() {
    let world = World::start().await;
    let browser = Setup::default().without_scripts().start().await;
    browser.opens(&world.at("/?idp=corp")).await;
    browser.signs_in("erin").await;
    // the answer does not post itself
    browser.clicks("form[action*='/acs'] button").await;
    browser.sees("#board").await;
    browser.types("#q", "dev").await;
    assert_eq!(browser.lists(ROLES).await.len(), 10, "a script ran");
    browser.clicks(".search button").await;
    browser.sees("#q[value=dev]").await;
    assert!(browser.stands_at().await.ends_with("/?q=dev"));
    assert_eq!(browser.lists(ROLES).await, ["Developer"]);
    browser
        .clicks("li.account:not([hidden]) .roles > li:not([hidden]) > a:first-child")
        .await;
    let principal = browser.arrives(&world).await;
    assert!(
        principal.contains(":assumed-role/Developer/"),
        "{principal}"
    );
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_scrolls_sideways_on_a_telephone() {
    let world = World::start().await;
    let browser = Setup::default().telephone().start().await;
    browser.opens(&world.at("/sign-in")).await;
    fits(&browser, ".choices").await;
    portal(&world, &browser).await;
    fits(&browser, "#board").await;
    browser.opens(&world.at("/?q=payments")).await;
    fits(&browser, "#board").await;
    browser.opens(&world.at("/go/no-such-account/Admin")).await;
    fits(&browser, ".problem").await;
    browser.opens(&world.at("/")).await;
    browser.clicks("form[action='/sign-out'] button").await;
    fits(&browser, "a[href='/sign-in']").await;
    world.stop().await;
}

/// The page is there and no wider than the screen.
async fn fits(browser: &Chromium, css: &str) {
    browser.sees(css).await;
    let screen = browser.asks("document.documentElement.clientWidth").await;
    assert_eq!(screen, TELEPHONE, "not a telephone");
    let width = browser.asks("document.scrollingElement.scrollWidth").await;
    let at = browser.stands_at().await;
    assert!(width.as_u64().unwrap() <= TELEPHONE, "{at}: {width} wide");
}
