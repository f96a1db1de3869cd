//! One console after another in a real browser: in the place of the first, beside it, by two clicks where AWS does not
//! lead on; and a reason that is asked for on the way.

use crate::chromium::{Chromium, Setup};
use crate::world::World;
use crate::world::accounts::MODEL;

const ADMIN: &str = "/go/payments-prod/Admin";
const CHAINED: &str = "/go/payments-prod/Chained";
const GOV: &str = "/go/gov-prod/GovAdmin";

/// Signs in and chooses how consoles open.
async fn chooses(world: &World, browser: &Chromium, choice: &str, scripts: bool) {
    browser.opens(&world.at("/settings?idp=corp")).await;
    browser.signs_in("erin").await;
    if !scripts {
        browser.clicks("form[action*='/acs'] button").await;
    }
    browser
        .clicks(&format!("input[name=consoles][value={choice}]"))
        .await;
    browser.clicks("form[action='/settings'] button").await;
    browser.sees("#board, #q").await;
}

/// Opens a link of ours and says as whom that ends in the console.
async fn enters(world: &World, browser: &Chromium, link: &str) -> String {
    browser.opens(&world.at(link)).await;
    browser.arrives(world).await
}

async fn replaces(browser: Chromium, scripts: bool) {
    let world = World::start().await;
    chooses(&world, &browser, "replace", scripts).await;
    for (link, role) in [(ADMIN, "Admin"), (CHAINED, "Chained"), (ADMIN, "Admin")] {
        let principal = enters(&world, &browser, link).await;
        assert!(
            principal.contains(&format!(":assumed-role/{role}/")),
            "{principal}"
        );
    }
    // by two clicks where AWS's sign-out does not lead on
    browser.opens(&world.at(GOV)).await;
    browser.sees("ol.steps").await;
    browser.clicks("ol.steps a[href^='/go/']").await;
    let principal = browser.arrives(&world).await;
    assert!(principal.contains(":assumed-role/GovAdmin/"), "{principal}");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_console_takes_the_place_of_another_without_a_question() {
    replaces(Chromium::start().await, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_one_console_takes_the_place_of_another_all_the_same() {
    let browser = Setup::default().without_scripts().start().await;
    replaces(browser, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_opted_in_keeps_one_console_beside_the_other() {
    let world = World::start().await;
    let browser = Chromium::start().await;
    chooses(&world, &browser, "add", true).await;
    browser.opens(&world.at("/settings")).await;
    browser.clicks("a[href*='opt-in']").await;
    browser.sees("body").await;
    let mut consoles = Vec::new();
    for (link, role) in [(ADMIN, "Admin"), (CHAINED, "Chained")] {
        let principal = enters(&world, &browser, link).await;
        assert!(
            principal.contains(&format!(":assumed-role/{role}/")),
            "{principal}"
        );
        consoles.push((browser.stands_at().await, principal));
    }
    for (console, principal) in consoles {
        browser.opens(&console).await;
        assert_eq!(browser.arrives(&world).await, principal);
    }
    world.stop().await;
}

async fn says_why(browser: Chromium, scripts: bool) {
    let named = "name = \"Admin\"\n";
    assert!(MODEL.contains(named));
    let asks = format!("{named}requires = {{ reason = true }}\n");
    let model = MODEL.replacen(named, &asks, 1);
    let world = World::builder().model(&model).start().await;
    browser
        .opens(&world.at(&format!("{ADMIN}?idp=corp&reason=INC-4711")))
        .await;
    browser.signs_in("erin").await;
    if !scripts {
        browser.clicks("form[action*='/acs'] button").await;
    }
    // what the link suggests stands there, and nothing has happened yet
    browser.sees("#reason[value='INC-4711']").await;
    assert_eq!(browser.focus().await.as_deref(), Some("reason"));
    browser.clicks("form.asks button").await;
    let principal = browser.arrives(&world).await;
    assert!(principal.contains(":assumed-role/Admin/"), "{principal}");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reason_is_given_by_a_form_that_ends_in_the_console() {
    says_why(Chromium::start().await, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_a_reason_is_given_all_the_same() {
    let browser = Setup::default().without_scripts().start().await;
    says_why(browser, false).await;
}
