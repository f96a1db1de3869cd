//! Where others are at work as well: two administrators at once, and a file that governs.

use std::sync::Arc;

use reqwest::Method;
use url::Url;
use vestibule::app::App;
use vestibule::random::SystemRandom;

use super::*;
use crate::world::accounts::MODEL;
use crate::world::listen;

#[tokio::test]
async fn of_two_who_publish_on_one_revision_neither_loses() {
    let world = World::start().await;
    let (ada, page) = administrator(&world, DOCUMENT).await;
    let (other, same) = administrator(&world, DOCUMENT).await;
    let theirs = NORA.replace("nora may look", "oncall may look");
    publishes(&other, &same, &theirs, "for whoever is on call").await;

    let mine = format!("{}{NORA}", text_of(&page));
    let form = document_form(&page)
        .with("document", &mine)
        .with("note", "mine");
    let conflict = ada.submits(&publishing(form.clone())).await;
    assert_eq!((conflict.status, finding(&conflict)), (409, "conflict"));
    assert_eq!(revision(&world).await, 2);
    for part in [
        "Revision 2 was published meanwhile",
        "ada@example.com (corp)",
        "for whoever is on call",
        "rule oncall may look: added",
        "rule oncall may look: removed",
        "rule nora may look: added",
    ] {
        assert!(conflict.body.contains(part), "{part}: {}", conflict.body);
    }
    assert_eq!(text_of(&conflict), mine);
    assert!(conflict.body.contains("value=\"mine\""));
    assert_eq!(conflict.form_with("base").unwrap().value("base"), Some("2"));
    // checking tells the same before anything is tried
    let checked = ada.submits(&form).await;
    assert_eq!((checked.status, finding(&checked)), (200, "conflict"));

    // with both in it, it goes on top of theirs
    let both = publishes(&ada, &conflict, &theirs, "both").await;
    assert_eq!(both.url.path(), "/admin/access/revisions/3");
    assert!(both.body.contains("rule nora may look: added"));
    assert!(!both.body.contains("rule oncall may look"));
    world.stop().await;
}

#[tokio::test]
async fn going_back_from_a_page_that_is_out_of_date_shows_what_it_would_do_now() {
    let world = World::start().await;
    let (ada, page) = administrator(&world, DOCUMENT).await;
    publishes(&ada, &page, NORA, "").await;
    let first = ada.opens(&world.at("/admin/access/revisions/1")).await;
    let stale = first.form_with("base").unwrap().with("note", "quickly");
    let page = ada.opens(&world.at(DOCUMENT)).await;
    publishes(&ada, &page, &NORA.replace("nora may look", "more"), "").await;

    let overtaken = ada.submits(&stale).await;
    assert_eq!((overtaken.status, finding(&overtaken)), (409, "conflict"));
    assert!(overtaken.body.contains("rule more: removed"));
    assert_eq!(revision(&world).await, 3);
    let again = overtaken.form_with("base").unwrap();
    assert_eq!(
        (again.value("base"), again.value("note")),
        (Some("3"), Some("quickly"))
    );
    let back = ada.submits(&again).await;
    assert_eq!(back.url.path(), "/admin/access/revisions/4");

    // a revision that says what the current one says has nothing to go back to
    let first = ada.opens(&world.at("/admin/access/revisions/1")).await;
    assert!(first.form_with("base").is_none());
    let nothing = ada.submits(&again.with("base", "4")).await;
    assert_eq!((nothing.status, finding(&nothing)), (200, "same"));
    assert_eq!(revision(&world).await, 4);
    world.stop().await;
}

#[tokio::test]
async fn where_a_file_governs_the_pages_are_read_only() {
    let world = World::start().await;
    let file = world.folder.join("access.toml");
    std::fs::write(&file, MODEL).unwrap();
    let mut configuration = world.configuration();
    configuration.access_file = Some(file);
    let listener = listen();
    let there = format!("http://{}", listener.local_addr().unwrap());
    let clock = Arc::clone(&world.clock);
    let governed = App::start_on(
        configuration,
        (listener, listen()),
        clock,
        Arc::new(SystemRandom),
    )
    .await
    .unwrap();
    let (ada, page) = administrator(&world, DOCUMENT).await;
    publishes(&ada, &page, NORA, "").await;

    for path in [LISTS, DOCUMENT, REVISIONS, "/admin/access/revisions/1"] {
        let page = ada.opens(&format!("{there}{path}")).await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains("These pages are read-only"), "{path}");
        assert!(page.body.contains("access.toml"), "{path}");
        assert!(page.form_with("base").is_none(), "{path}");
    }
    for action in ["check", "publish", "revisions/1/restore"] {
        let url = Url::parse(&format!("{there}/admin/access/{action}")).unwrap();
        let form = document_form(&page).with("base", "2");
        let origin = [("origin", world.url.as_str())];
        let answer = ada
            .once(Method::POST, &url, Some(&form.fields), &origin)
            .await;
        assert_eq!(
            (answer.status, problem(&answer)),
            (409, "governed-by-a-file"),
            "{action}"
        );
    }
    assert_eq!(revision(&world).await, 2);
    governed.stop().await;
    world.stop().await;
}
