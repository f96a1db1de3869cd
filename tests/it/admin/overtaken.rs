//! Where others are at work as well: what came between a review and its publishing, and a file that governs.

use std::sync::Arc;

use reqwest::Method;
use url::Url;
use vestibule::app::App;
use vestibule::random::SystemRandom;

use super::*;
use crate::world::accounts::MODEL;
use crate::world::listen;

#[tokio::test]
async fn going_back_from_a_review_that_is_out_of_date_shows_what_it_would_do_now() {
    let world = World::start().await;
    let (ada, page) = drafting(&world).await;
    publishes(&ada, &page, NORA, "").await;
    let first = ada.opens(&world.at("/admin/access/revisions/1")).await;
    let review = ada.submits(&form_to(&first, "/restore").unwrap()).await;
    let stale = publishing(&review).with("note", "quickly");
    let page = begins_another(&world, &ada).await;
    publishes(&ada, &page, &NORA.replace("nora may look", "more"), "").await;

    let overtaken = ada.submits(&stale).await;
    assert_eq!((overtaken.status, again(&overtaken)), (409, "changed"));
    assert_eq!(finding(&overtaken), "stale");
    assert!(overtaken.body.contains("rule more: added"));
    assert_eq!(revision(&world).await, 3);
    // brought up to date it takes away what it is about, and leaves what came between
    let review = ada.submits(&form_to(&overtaken, "/rebase").unwrap()).await;
    assert!(review.body.contains("rule nora may look: removed"));
    assert!(!review.body.contains("rule more"), "{}", review.body);
    let back = ada.submits(&publishing(&review)).await;
    assert_eq!(back.url.path(), "/admin/access/revisions/4");

    // a revision that says what the current one says has nothing to go back to
    let fourth = ada.opens(&world.at("/admin/access/revisions/4")).await;
    assert!(form_to(&fourth, "/restore").is_none());
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
    let (ada, page) = drafting(&world).await;
    publishes(&ada, &page, NORA, "").await;
    let page = begins_another(&world, &ada).await;
    let text = text_of(&page).replace("nora may look", "nora may");
    let form = draft_form(&page).with("document", &text);
    let review = ada.submits(&reviewing(form.clone())).await;
    let draft = page.url.path();
    let reviewed = format!("{draft}/review");

    for path in [
        LISTS,
        DRAFTS,
        draft,
        &reviewed,
        REVISIONS,
        "/admin/access/revisions/1",
    ] {
        let page = ada.opens(&format!("{there}{path}")).await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains("These pages are read-only"), "{path}");
        assert!(page.body.contains("access.toml"), "{path}");
        let changing = page.forms().into_iter().filter(|form| {
            let path = form.action.path();
            form.post && path != "/sign-out" && path != "/admin/access/probe"
        });
        assert_eq!(changing.count(), 0, "{path}");
    }
    nothing_is_sent(
        &ada,
        (&world.url, &there),
        (draft, &form, &publishing(&review)),
    )
    .await;
    let drafts = world.app.store().drafts().await.unwrap();
    assert_eq!((drafts.len(), drafts[0].version), (1, 2));
    assert_eq!(revision(&world).await, 2);
    governed.stop().await;
    world.stop().await;
}

/// Every form that would change something, sent to where a file governs.
async fn nothing_is_sent(
    ada: &Browser,
    (ours, there): (&str, &str),
    (draft, form, publish): (&str, &Form, &Form),
) {
    for (action, form) in [
        (DRAFTS.to_owned(), form),
        (draft.to_owned(), &form.clone().with("version", "2")),
        (format!("{draft}/publish"), publish),
        (
            format!("{draft}/rebase"),
            &publish.clone().with("onto", "2"),
        ),
        ("/admin/access/revisions/1/restore".to_owned(), publish),
    ] {
        let url = Url::parse(&format!("{there}{action}")).unwrap();
        let origin = [("origin", ours)];
        let answer = ada
            .once(Method::POST, &url, Some(&form.fields), &origin)
            .await;
        assert_eq!(
            (answer.status, problem(&answer)),
            (409, "governed-by-a-file"),
            "{action}"
        );
        // what was written for a draft is given back
        let written = action.starts_with(draft) && form.value("document").is_some();
        assert_eq!(answer.body.contains("<textarea"), written, "{action}");
        if written {
            let text = form.value("document").unwrap().replace("\r\n", "\n");
            assert_eq!(text_of(&answer), text);
        }
    }
}
