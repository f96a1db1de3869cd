//! Drafts: their table, and what it holds beside.

use super::super::world::{IDLE, World, at, login};
use super::{at_version, rows_of_the_first_version};
use crate::domain::access::DraftId;
use crate::store::{DraftContent, PendingLogin};

/// The schema before drafts and last identities, with a session and a revision in it.
async fn drafts_and_last_identities_come_to_what_was_there(world: World) {
    at_version(&world, 2).await;
    let before = PendingLogin {
        replaces: None,
        ..login("h1", "b")
    };
    rows_of_the_first_version(&world, &before).await;
    world
        .tamper(
            "INSERT INTO access_revisions (number, base, document, author, note, published) \
             VALUES (1, 0, '{}', 'Ada', '', 0)",
        )
        .await;
    world.store.migrate().await.expect("migrated");
    let store = &world.store;
    let found = store.find_session("d1", at(1), IDLE).await;
    assert!(found.expect("an answer").is_some());
    assert_eq!(store.revision_number().await.expect("an answer"), 1);
    assert_eq!(store.drafts().await.expect("an answer"), []);
    assert_eq!(store.count_last_identities().await.expect("an answer"), 0);
    let content = DraftContent {
        base: 1,
        text: String::new(),
        changes: Some(0),
        by: "Ada".to_owned(),
        before: Vec::new(),
    };
    let begun = store.begin_draft((DraftId::new([1; 8]), ""), &content, at(1));
    assert!(begun.await.expect("begun"));
}

/// The schema before drafts knew all their writers, with a draft in it.
async fn a_draft_of_before_knows_who_began_it_and_who_saved_it_last(world: World) {
    at_version(&world, 8).await;
    for (id, last) in [("0101010101010101", "Ada"), ("0202020202020202", "Bob")] {
        let insert = format!(
            "INSERT INTO drafts (id, name, base, document, changes, author, changed_by, began, changed, version) \
             VALUES ('{id}', '', 0, '', 0, 'Ada', '{last}', 0, 0, 2)"
        );
        world.tamper(&insert).await;
    }
    world.store.migrate().await.expect("migrated");
    let writers = async |id| {
        let draft = world.store.draft(DraftId::new([id; 8])).await;
        draft.expect("an answer").expect("a draft").summary.writers
    };
    assert_eq!(writers(1).await, ["Ada"]);
    assert_eq!(writers(2).await, ["Ada", "Bob"]);
    let content = DraftContent {
        base: 0,
        text: String::new(),
        changes: Some(0),
        by: "Cyd".to_owned(),
        before: writers(2).await,
    };
    let saved = world
        .store
        .save_draft((DraftId::new([2; 8]), 2), &content, at(1));
    assert!(saved.await.expect("saved"));
    assert_eq!(writers(2).await, ["Ada", "Bob", "Cyd"]);
}

#[tokio::test]
async fn a_draft_of_before_knows_who_began_it_and_who_saved_it_last_on_sqlite() {
    a_draft_of_before_knows_who_began_it_and_who_saved_it_last(World::empty_sqlite().await).await;
}

#[tokio::test]
async fn a_draft_of_before_knows_who_began_it_and_who_saved_it_last_on_postgres() {
    a_draft_of_before_knows_who_began_it_and_who_saved_it_last(World::empty_postgres().await).await;
}

#[tokio::test]
async fn drafts_and_last_identities_come_to_what_was_there_on_sqlite() {
    drafts_and_last_identities_come_to_what_was_there(World::empty_sqlite().await).await;
}

#[tokio::test]
async fn drafts_and_last_identities_come_to_what_was_there_on_postgres() {
    drafts_and_last_identities_come_to_what_was_there(World::empty_postgres().await).await;
}
