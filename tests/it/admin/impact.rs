//! Whom a change would concern: told before it is published, by name; and what needs a second thought.

use std::sync::Arc;

use vestibule::app::App;
use vestibule::clock::Clock as _;
use vestibule::random::SystemRandom;
use vestibule_sandbox::people::Person;

use super::*;
use crate::commands::{does, vestibule};
use crate::world::accounts::MODEL;
use crate::world::listen;

/// Rules for the groups of this file's people.
const RULES: &str = r#"
[[rules]]
name = "readers read"
when = [{ attribute = "groups", is = "readers" }]
grant = ["payments-prod/Narrow", "payments-dev/Developer"]
"#;

const AUDITORS: &str = r#"
[[rules]]
name = "auditors"
when = [{ attribute = "groups", is = "auditors" }]
grant = ["payments-prod/Admin"]
"#;

/// A world in which 14 auditors and 3 readers have signed in, and an administrator's browser there.
async fn company(world: World) -> (World, Browser, Page) {
    let groups = (0..14).map(|_| "auditors").chain((0..3).map(|_| "readers"));
    for (at, group) in groups.enumerate() {
        let person = Person::new(&format!("p{at}"), &format!("Person {at}")).in_groups([group]);
        world.sandbox.people().put(person);
        world.signed_in(&format!("p{at}")).await;
    }
    let (ada, page) = drafting(&world).await;
    world.remembers(18).await;
    (world, ada, page)
}

async fn reviews(browser: &Browser, page: &Page, text: &str) -> Page {
    let form = reviewing(draft_form(page).with("document", text));
    browser.submits(&form).await
}

/// What the command line says of a text.
async fn told_by_command(world: &World, text: &str) -> String {
    let file = world.folder.join("next.toml");
    std::fs::write(&file, text).unwrap();
    let diff = ["access", "diff", file.to_str().unwrap()];
    does(&vestibule(&world.folder, &diff).await)
}

#[tokio::test]
async fn fourteen_people_gain_a_role_and_three_lose_one_by_name() {
    let model = format!("{MODEL}{RULES}");
    let (world, ada, page) = company(World::builder().model(&model).start().await).await;
    let text = text_of(&page).replace("\"payments-prod/Narrow\", ", "") + AUDITORS;
    let review = reviews(&ada, &page, &text).await;
    for part in [
        "rests on the 18 people who signed in during the last 90 days",
        "14 people gain payments-prod/Admin",
        "3 people lose payments-prod/Narrow",
        "rule auditors: added",
    ] {
        assert!(review.body.contains(part), "{part}: {}", review.body);
    }
    let told = told_by_command(&world, &text).await;
    for part in [
        "of the 18 people who signed in during the last 90 days",
        "3 people lose payments-prod/Narrow (production): p1",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let gain = "  14 people gain payments-prod/Admin (production): ";
    let gain = told.lines().find_map(|line| line.strip_prefix(gain));
    let (names, more) = gain.unwrap().split_once(" and ").unwrap();
    assert_eq!(
        (names.matches("@example.com (corp)").count(), more),
        (10, "4 more")
    );
    for at in 0..17 {
        let name = format!("p{at}@example.com (corp)");
        assert!(review.body.contains(&name), "{name}: {}", review.body);
    }
    assert!(!review.body.contains("loses their last role"));
    assert_eq!(publishing(&review).value("typed"), None, "{}", review.body);
    let published = ada.submits(&publishing(&review)).await;
    assert_eq!(published.url.path(), "/admin/access/revisions/2");
    // and it is so: one of them gains it without signing in again
    let p0 = world.signed_in("p0").await;
    let portal = p0.opens(&world.at("/")).await;
    assert!(
        portal
            .links()
            .contains(&"/go/payments-prod/Admin".to_owned())
    );
    world.stop().await;
}

#[tokio::test]
async fn production_for_everybody_is_confirmed_by_typing() {
    let world = World::start().await;
    let (ada, page) = drafting(&world).await;
    let all = "[[rules]]\nname = \"all\"\nwhen = [{ idp = \"corp\" }]\ngrant = [\"payments-prod/Admin\"]\n";
    let review = reviews(&ada, &page, &format!("{}\n{all}", text_of(&page))).await;
    assert_eq!(finding(&review), "alarm");
    assert!(
        review
            .body
            .contains("everybody who signs in: payments-prod/Admin")
    );
    let form = publishing(&review);
    for typed in ["", "payments", "payments-prod x", "PAYMENTS-PROD", "yes"] {
        let refused = ada.submits(&form.clone().with("typed", typed)).await;
        assert_eq!(
            (refused.status, again(&refused)),
            (422, "unconfirmed"),
            "{typed}"
        );
        assert_eq!(revision(&world).await, 1);
    }
    let published = ada.submits(&form.with("typed", " payments-prod ")).await;
    assert_eq!(published.url.path(), "/admin/access/revisions/2");
    world.stop().await;
}

#[tokio::test]
async fn the_last_role_of_many_is_confirmed_by_their_number() {
    let model = format!("{MODEL}{RULES}{AUDITORS}");
    let (world, ada, page) = company(World::builder().model(&model).start().await).await;
    let text = text_of(&page).replace("is = \"auditors\"", "is = \"inspectors\"");
    let review = reviews(&ada, &page, &text).await;
    assert!(review.body.contains("14 people lose their last role"));
    assert!(
        review
            .body
            .contains("It takes their last role from 14 of 18 people.")
    );
    assert!(review.body.contains("Nobody of them holds afterwards:"));
    let form = publishing(&review);
    let refused = ada.submits(&form.clone().with("typed", "13")).await;
    assert_eq!((refused.status, again(&refused)), (422, "unconfirmed"));
    let published = ada.submits(&form.with("typed", "14")).await;
    assert_eq!(published.url.path(), "/admin/access/revisions/2");

    // going back to it is reviewed in the same way
    let first = ada.opens(&world.at("/admin/access/revisions/1")).await;
    let review = ada.submits(&form_to(&first, "/restore").unwrap()).await;
    assert!(
        review.body.contains("14 people gain payments-prod/Admin"),
        "{}",
        review.body
    );
    world.stop().await;
}

#[tokio::test]
async fn what_a_rule_takes_from_tomorrow_on_is_told_and_confirmed_today() {
    let model = format!("{MODEL}{RULES}{AUDITORS}");
    let (world, ada, page) = company(World::builder().model(&model).start().await).await;
    let tomorrow = world.clock.now() + chrono::TimeDelta::days(1);
    let out = format!(
        "[[rules]]\nname = \"out\"\nfrom = {}\nwhen = [{{ attribute = \"groups\", is = \"auditors\" }}]\ndeny = [\"*\"]\n",
        tomorrow.format("%Y-%m-%dT%H:%M:%SZ")
    );
    let text = format!("{}\n{out}", text_of(&page));
    let review = reviews(&ada, &page, &text).await;
    let from = tomorrow.format("From %Y-%m-%d %H:%M UTC on").to_string();
    for part in [
        "Nobody of them gains or loses a role now.",
        from.as_str(),
        "14 people lose payments-prod/Admin",
        "14 people lose their last role",
        "It takes their last role from 14 of 18 people.",
    ] {
        assert!(review.body.contains(part), "{part}: {}", review.body);
    }
    let told = told_by_command(&world, &text).await;
    for part in [
        "Nobody of them gains or loses a role now.",
        from.as_str(),
        "14 people lose payments-prod/Admin (production): ",
        "--confirm \"14\"",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let refused = ada.submits(&publishing(&review).with("typed", "")).await;
    assert_eq!((refused.status, again(&refused)), (422, "unconfirmed"));
    let published = ada.submits(&publishing(&review).with("typed", "14")).await;
    assert_eq!(published.url.path(), "/admin/access/revisions/2");
    world.stop().await;
}

#[tokio::test]
async fn with_zero_days_nothing_is_kept_and_the_impact_is_unknown() {
    let off = "[access]\nimpact_days = 0\n\n[aws]\n";
    let world = World::builder().with("[aws]\n", off).start().await;
    let (ada, page) = drafting(&world).await;
    let review = reviews(&ada, &page, &format!("{}{NORA}", text_of(&page))).await;
    assert!(
        review.body.contains("Unknown: nothing is kept"),
        "{}",
        review.body
    );
    assert!(!review.body.contains("id=\"gains\""));
    let kept = world.app.store().count_last_identities().await.unwrap();
    assert_eq!(kept, 0);
    assert!(!world.folder.join("impact-key").exists());
    let published = ada.submits(&publishing(&review)).await;
    assert_eq!(published.url.path(), "/admin/access/revisions/2");
    world.stop().await;
}

#[tokio::test]
async fn with_another_key_what_was_kept_is_unknown_and_nothing_breaks() {
    let world = World::start().await;
    world.signed_in("erin").await;
    world.remembers(1).await;
    let key = world.folder.join("impact-key");
    std::fs::remove_file(&key).unwrap();
    let world = world.restarted().await;
    let (ada, page) = drafting(&world).await;
    world.remembers(2).await;
    let review = reviews(&ada, &page, &format!("{}{NORA}", text_of(&page))).await;
    for part in [
        "rests on the 1 person who signed in",
        "kept of 1 person cannot be read with this key",
    ] {
        assert!(review.body.contains(part), "{part}: {}", review.body);
    }
    world.stop().await;
}

#[tokio::test]
async fn people_are_forgotten_after_the_days_that_are_configured() {
    let world = World::start().await;
    world.signed_in("erin").await;
    world.remembers(1).await;
    world.clock.advance(chrono::TimeDelta::days(91));
    let (ada, page) = drafting(&world).await;
    world.remembers(2).await;
    let review = reviews(&ada, &page, &format!("{}{NORA}", text_of(&page))).await;
    assert!(
        review.body.contains("rests on the 1 person"),
        "{}",
        review.body
    );
    world.stop().await;
}

#[tokio::test]
async fn what_was_kept_is_dropped_where_nothing_is_to_be_kept_any_more() {
    let world = World::start().await;
    world.signed_in("erin").await;
    world.remembers(1).await;
    let mut configuration = world.configuration();
    configuration.impact_days = 0;
    let clock = Arc::clone(&world.clock);
    let listeners = (listen(), listen());
    let other = App::start_on(configuration, listeners, clock, Arc::new(SystemRandom));
    let other = other.await.unwrap();
    world.forgets_everybody().await;
    other.stop().await;
    world.stop().await;
}
