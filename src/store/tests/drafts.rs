//! Drafts: shared, bounded, and never changed under somebody else's hands.

use super::on_both_engines;
use super::world::at;
use crate::domain::access::DraftId;
use crate::store::{DraftContent, Error, MOST_DRAFTS};

fn id(number: u8) -> DraftId {
    DraftId::new([number; 8])
}

fn content(text: &str, by: &str) -> DraftContent {
    DraftContent {
        base: 3,
        text: text.to_owned(),
        changes: Some(2),
        by: by.to_owned(),
        before: Vec::new(),
    }
}

on_both_engines! {
    async fn a_draft_is_what_was_saved_last_and_by_whom(world) {
        let store = &world.store;
        assert_eq!(store.drafts().await.expect("an answer"), []);
        assert!(store.draft(id(1)).await.expect("an answer").is_none());
        assert!(store.begin_draft((id(1), "for \u{10ffff}"), &content("a", "ada"), at(0)).await.expect("begun"));
        // a text that is no document is kept like any other
        let broken = DraftContent { base: 4, changes: None, ..content("[[rules] é\"\\", "bob") };
        assert!(store.save_draft((id(1), 1), &broken, at(5)).await.expect("saved"));
        let draft = store.draft(id(1)).await.expect("an answer").expect("a draft");
        assert_eq!(draft.text, broken.text);
        let summary = &draft.summary;
        assert_eq!((summary.base, summary.changes, summary.version), (4, None, 2));
        assert_eq!((summary.author.as_str(), summary.changed_by.as_str()), ("ada", "bob"));
        assert_eq!((summary.began, summary.changed), (at(0), at(5)));
        assert_eq!(store.drafts().await.expect("an answer"), [draft.summary]);
    }

    async fn everybody_who_wrote_a_draft_is_known_in_the_order_of_their_first_time(world) {
        let store = &world.store;
        assert!(store.begin_draft((id(1), ""), &content("a", "ada"), at(0)).await.expect("begun"));
        for (version, by) in (1..).zip(["bob", "cyd; \"dee\"", "ada", "bob", "ada"]) {
            let seen = store.draft(id(1)).await.expect("an answer").expect("a draft").summary;
            let next = DraftContent { before: seen.writers, ..content("b", by) };
            assert!(store.save_draft((id(1), version), &next, at(version)).await.expect("saved"));
        }
        let summary = store.drafts().await.expect("an answer").remove(0);
        assert_eq!(summary.writers, ["ada", "bob", "cyd; \"dee\""]);
        assert_eq!((summary.author.as_str(), summary.changed_by.as_str()), ("ada", "ada"));
    }

    async fn whoever_did_not_see_the_last_version_changes_nothing(world) {
        let store = &world.store;
        assert!(store.begin_draft((id(1), ""), &content("a", "ada"), at(0)).await.expect("begun"));
        assert!(store.save_draft((id(1), 1), &content("b", "ada"), at(1)).await.expect("saved"));
        for version in [0, 1, 3, -1, i64::MAX, i64::MIN] {
            assert!(!store.save_draft((id(1), version), &content("c", "eve"), at(2)).await.expect("an answer"));
            assert!(!store.put_draft_away(id(1), version).await.expect("an answer"));
        }
        assert_eq!(store.draft(id(1)).await.expect("an answer").expect("a draft").text, "b");
        assert!(store.put_draft_away(id(1), 2).await.expect("discarded"));
        // what is gone stays gone
        assert!(!store.save_draft((id(1), 2), &content("d", "eve"), at(3)).await.expect("an answer"));
        assert!(store.draft(id(1)).await.expect("an answer").is_none());
    }

    async fn of_many_who_save_at_once_one_does(world) {
        let store = &world.store;
        assert!(store.begin_draft((id(1), ""), &content("a", "ada"), at(0)).await.expect("begun"));
        let mut saves = Vec::new();
        for number in 0..8 {
            let store = world.replica().await;
            saves.push(tokio::spawn(async move {
                let mine = content(&number.to_string(), "x");
                store.save_draft((id(1), 1), &mine, at(1)).await.expect("an answer")
            }));
        }
        let mut saved = 0;
        for save in saves {
            saved += usize::from(save.await.expect("no panic"));
        }
        assert_eq!(saved, 1);
        assert_eq!(store.draft(id(1)).await.expect("an answer").expect("a draft").summary.version, 2);
    }

    async fn drafts_are_few_and_bounded(world) {
        let store = &world.store;
        for number in 0..MOST_DRAFTS {
            let number = id(u8::try_from(number).expect("small"));
            assert!(store.begin_draft((number, ""), &content("a", "ada"), at(0)).await.expect("begun"));
        }
        assert!(!store.begin_draft((id(200), ""), &content("a", "ada"), at(0)).await.expect("an answer"));
        assert!(store.put_draft_away(id(0), 1).await.expect("discarded"));
        assert!(store.begin_draft((id(200), ""), &content("a", "ada"), at(0)).await.expect("begun"));
        let nul = content("a\0b", "ada");
        let refused = store.save_draft((id(200), 1), &nul, at(1)).await.expect_err("NUL");
        assert!(matches!(refused, Error::Unstorable { .. }));
        let refused = store.save_draft((id(200), 1), &content("a", &"x".repeat(5_000)), at(1)).await;
        assert!(matches!(refused, Err(Error::TooLarge { .. })));
    }
}
