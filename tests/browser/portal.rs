//! The portal, with and without scripts, wide and narrow.

use std::time::{Duration, Instant};

use fantoccini::key::Key;

use crate::chromium::{Chromium, Setup, TELEPHONE};
use crate::world::World;

/// The roles on the board that can be seen: each row's first link; others lead to keys and to why.
const ROLES: &str = "#board .roles > li > a:first-child";
/// What was found, by the script and by the server.
const FOUND: &str = "#found .hit > a:first-child, #found li > a:first-child";
const FAVOURITES: &str = ".tiles > li > a:first-child";

async fn portal(world: &World, browser: &Chromium) {
    browser.opens(&world.at("/?idp=corp")).await;
    browser.signs_in("erin").await;
    browser.sees("#board").await;
}

/// Without scripts the provider's answer does not post itself.
async fn portal_without_scripts(world: &World) -> Chromium {
    let browser = Setup::default().without_scripts().start().await;
    browser.opens(&world.at("/?idp=corp")).await;
    browser.signs_in("erin").await;
    browser.clicks("form[action*='/acs'] button").await;
    browser.sees("#board").await;
    browser
}

/// Waits for the page to say something.
async fn comes_true(browser: &Chromium, expression: &str) {
    let patience = Instant::now() + Duration::from_secs(30);
    while browser.asks(expression).await != true {
        assert!(Instant::now() < patience, "never true: {expression}");
        tokio::task::yield_now().await;
    }
}

fn star(role: &str) -> String {
    format!("#board button[value$='/{role}']")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_search_has_the_focus_typing_finds_and_marks_and_a_role_opens_its_console() {
    let world = World::start().await;
    let browser = Chromium::start().await;
    portal(&world, &browser).await;
    assert_eq!(browser.focus().await.as_deref(), Some("q"));
    assert_eq!(browser.lists(ROLES).await.len(), 10);
    let all = browser.reads("#count").await;
    browser.types("#q", "develop").await;
    assert_eq!(browser.lists(FOUND).await, ["Developer"]);
    assert_eq!(browser.lists("#found mark").await, ["Develop"]);
    assert_eq!(browser.reads("#count").await, "1 role in 1 account");
    assert!(
        browser.lists(ROLES).await.is_empty(),
        "the board is still there"
    );
    // nothing was asked of the server
    assert!(browser.stands_at().await.ends_with('/'));
    browser.presses(Key::Escape).await;
    assert_eq!(browser.lists(ROLES).await.len(), 10);
    assert_eq!(browser.reads("#count").await, all);
    browser.types("#q", "develop").await;
    browser.clicks(FOUND).await;
    let principal = browser.arrives(&world).await;
    assert!(
        principal.contains(":assumed-role/Developer/"),
        "{principal}"
    );
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_found_and_opened_without_leaving_the_keyboard() {
    let world = World::start().await;
    let browser = Chromium::start().await;
    portal(&world, &browser).await;
    browser.types("#q", "no such thing").await;
    assert!(browser.lists(FOUND).await.is_empty());
    assert_eq!(browser.lists("#none").await.len(), 1);
    browser.presses(Key::Escape).await;
    assert!(browser.lists("#none").await.is_empty());
    // `/` and Ctrl-K lead back to the field from anywhere
    for (held, key) in [(vec![], '/'), (vec![Key::Control], 'k')] {
        browser.tabs_to("#board summary").await;
        browser.presses_with(&held, key).await;
        assert!(browser.is_at("#q").await);
    }
    browser.writes("gov").await;
    let roles = browser.lists(FOUND).await;
    assert_eq!(roles.len(), 2, "{roles:?}");
    let current = "document.querySelector('#found [aria-selected=true] a').textContent";
    assert_eq!(browser.asks(current).await, roles[0].as_str());
    browser.presses(Key::Down).await;
    browser.presses(Key::Down).await;
    assert_eq!(browser.asks(current).await, roles[1].as_str());
    let announced = "document.getElementById(document.getElementById('q').getAttribute('aria-activedescendant'))\
                     .firstChild.textContent";
    assert_eq!(browser.asks(announced).await, roles[1].as_str());
    browser.presses(Key::Enter).await;
    let principal = browser.arrives(&world).await;
    assert!(
        principal.contains(&format!(":assumed-role/{}/", roles[1])),
        "{principal}"
    );
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn arrows_walk_over_the_roles_while_nothing_is_looked_for() {
    let world = World::start().await;
    let browser = Chromium::start().await;
    portal(&world, &browser).await;
    let roles = browser.lists(ROLES).await;
    for role in &roles[..2] {
        browser.presses(Key::Down).await;
        assert_eq!(
            browser.asks("document.activeElement.textContent").await,
            role.as_str()
        );
        browser.shows_the_focus().await;
    }
    browser.presses(Key::Up).await;
    browser.presses(Key::Up).await;
    assert!(browser.is_at("#q").await);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn control_and_enter_open_a_role_in_another_tab_and_the_portal_stays() {
    let world = World::start().await;
    let browser = Chromium::start().await;
    portal(&world, &browser).await;
    let here = browser.client().window().await.unwrap();
    browser.types("#q", "developer").await;
    browser.presses_with(&[Key::Control], Key::Enter).await;
    let patience = Instant::now() + Duration::from_secs(30);
    let tabs = loop {
        let tabs = browser.client().windows().await.unwrap();
        assert!(Instant::now() < patience, "no tab opened");
        if tabs.len() == 2 {
            break tabs;
        }
    };
    assert_eq!(browser.lists(FOUND).await, ["Developer"]);
    let other = tabs.into_iter().find(|tab| *tab != here).unwrap();
    browser.client().switch_to_window(other).await.unwrap();
    let principal = browser.arrives(&world).await;
    assert!(
        principal.contains(":assumed-role/Developer/"),
        "{principal}"
    );
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_star_keeps_a_role_at_the_top_in_every_browser_with_scripts_and_without() {
    let world = World::start().await;
    let browser = Chromium::start().await;
    portal(&world, &browser).await;
    browser.types("#q", "developer").await;
    browser.clicks("#found button[name=add]").await;
    browser.sees("#found button[aria-pressed=true]").await;
    // where it stood: what was typed, what was found, the focus on the star
    assert_eq!(browser.lists(FOUND).await, ["Developer"]);
    assert!(browser.is_at("#found button[aria-pressed=true]").await);
    browser.presses('/').await;
    browser.presses(Key::Escape).await;
    assert_eq!(browser.lists(FAVOURITES).await, ["Developer"]);
    let there = portal_without_scripts(&world).await;
    assert_eq!(there.lists(FAVOURITES).await, ["Developer"]);
    there.clicks(&star("GovSaml")).await;
    there
        .sees(&format!("{}[aria-pressed=true]", star("GovSaml")))
        .await;
    assert_eq!(there.lists(FAVOURITES).await, ["Developer", "GovSaml"]);
    there.clicks(".tiles button[value$='/Developer']").await;
    there
        .sees(&format!("{}[aria-pressed=false]", star("Developer")))
        .await;
    assert_eq!(there.lists(FAVOURITES).await, ["GovSaml"]);
    browser.opens(&world.at("/")).await;
    assert_eq!(browser.lists(FAVOURITES).await, ["GovSaml"]);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn copy_link_copies_the_plain_link_and_says_so() {
    let world = World::start().await;
    let browser = Chromium::start().await;
    portal(&world, &browser).await;
    browser.types("#q", "developer").await;
    browser.clicks("#found .copy").await;
    comes_true(
        &browser,
        "document.getElementById('said').textContent !== ''",
    )
    .await;
    assert!(
        browser
            .reads("#found .copy")
            .await
            .starts_with("Link copied")
    );
    browser.presses('/').await;
    browser.presses_with(&[Key::Control], 'v').await;
    let link = world.at("/go/payments-dev/Developer");
    assert_eq!(
        browser.asks("document.getElementById('q').value").await,
        link.as_str()
    );
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_the_server_finds_and_every_step_has_a_button() {
    let world = World::start().await;
    let browser = portal_without_scripts(&world).await;
    assert!(browser.lists(".copy").await.is_empty());
    browser.types("#q", "develop").await;
    assert_eq!(browser.lists(ROLES).await.len(), 10, "a script ran");
    browser.clicks(".search button").await;
    browser.sees("#q[value=develop]").await;
    assert!(browser.stands_at().await.ends_with("/?q=develop"));
    assert_eq!(browser.lists(FOUND).await, ["Developer"]);
    assert_eq!(browser.lists("mark").await, ["Develop"]);
    // a star keeps what was looked for
    browser.clicks("#found button[name=add]").await;
    browser.sees("#found button[aria-pressed=true]").await;
    assert!(browser.stands_at().await.ends_with("/?q=develop"));
    browser.clicks(FOUND).await;
    let principal = browser.arrives(&world).await;
    assert!(
        principal.contains(":assumed-role/Developer/"),
        "{principal}"
    );
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_found_is_opened_by_enter_and_other_words_are_its_business() {
    let world = World::start().await;
    let browser = Chromium::start().await;
    portal(&world, &browser).await;
    browser.opens(&world.at("/?q=gov")).await;
    let roles = browser.lists(FOUND).await;
    assert_eq!(roles.len(), 2);
    browser.presses(Key::Down).await;
    assert_eq!(
        browser.asks("document.activeElement.textContent").await,
        roles[0].as_str()
    );
    browser.presses(Key::Up).await;
    browser.presses(Key::End).await;
    browser.writes("saml").await;
    browser.presses(Key::Enter).await;
    browser.sees("#q[value=govsaml]").await;
    assert_eq!(browser.lists(FOUND).await, ["GovSaml"]);
    browser.presses(Key::Enter).await;
    let principal = browser.arrives(&world).await;
    assert!(principal.contains(":assumed-role/GovSaml/"), "{principal}");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_pasted_into_the_search_is_opened_by_enter() {
    let world = World::start().await;
    let browser = Chromium::start().await;
    portal(&world, &browser).await;
    let pasted = world.at("/go/payments-dev/Developer");
    browser.types("#q", &pasted).await;
    browser.presses(Key::Enter).await;
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
    browser.types("#q", "payments").await;
    fits(&browser, "#found").await;
    browser.opens(&world.at("/?q=payments")).await;
    fits(&browser, "#found").await;
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
