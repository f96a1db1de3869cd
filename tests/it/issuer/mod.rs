//! Vestibule as an issuer: into the console by its own proofs, through rotations, and what goes wrong.

mod commands;
mod journeys;
mod refusals;
mod rotation;

use serde_json::Value;
use vestibule_sandbox::aws::request_log::Entry;

use crate::world::World;
use crate::world::browser::{Browser, Page};

/// A world whose accounts trust the issuer.
async fn trusted() -> World {
    let world = World::builder().issuing().start().await;
    world.trusts_the_issuer().await;
    world
}

/// Somebody signed in, and in no console yet.
async fn erin(world: &World) -> Browser {
    let browser = world.browser();
    let page = world.signs_in(&browser, "/?idp=corp", "erin").await;
    assert_eq!(page.status, 200, "{}", page.body);
    world.aws_forgets();
    browser
}

/// Follows a link into the console.
async fn goes(world: &World, browser: &Browser, link: &str) -> Value {
    let answer = browser.opens_once(&world.at(link)).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    // a console session of another role would stand in the way
    let console = browser.beside();
    let page = console.opens(answer.location().unwrap().as_str()).await;
    world.console(&console, &page).await
}

/// Follows a link that ends in a page of ours.
async fn fails(world: &World, browser: &Browser, link: &str) -> Page {
    let page = browser.opens_once(&world.at(link)).await;
    assert!(page.status >= 400, "{} {:?}", page.status, page.location());
    assert!(page.body.contains("eference"), "{}", page.body);
    page
}

/// A session tag of whoever arrived at the console.
fn tag<'c>(console: &'c Value, key: &str) -> &'c str {
    let tags = console["tags"].as_array().unwrap();
    let tag = tags.iter().find(|tag| tag[0] == key);
    tag.and_then(|tag| tag[1].as_str())
        .unwrap_or_else(|| panic!("no tag {key}: {console}"))
}

/// What of AWS's was asked, without the sign-in page that the browser opens.
fn asked(world: &World) -> Vec<Entry> {
    let mut saw = world.aws_saw();
    saw.retain(|entry| {
        entry
            .action
            .as_deref()
            .is_some_and(|action| action != "login")
    });
    saw
}
