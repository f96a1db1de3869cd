//! Revisions: numbered without gaps, published on what their author saw, never changed.

use super::audit::write;
use super::on_both_engines;
use super::world::at;
use crate::domain::audit::{Event, EventKind};
use crate::store::{Draft, Error, Publish};

fn draft(base: Option<i64>, document: &str) -> Draft {
    Draft {
        base,
        document_json: document.to_owned(),
        author: "Ada".to_owned(),
        note: "first \u{2028} try".to_owned(),
    }
}

on_both_engines! {
    async fn a_revision_and_the_row_that_says_so_are_written_together_or_not_at_all(world) {
        let event = || Event { note: Some("why".to_owned()), ..Event::default() };
        write(&world.store, 1).await;
        world.tamper("ALTER TABLE audit RENAME TO audit_away").await;
        assert!(world.store.publish(&draft(None, "{}"), event(), at(1)).await.is_err());
        world.tamper("ALTER TABLE audit_away RENAME TO audit").await;
        assert!(world.store.current_revision().await.expect("an answer").is_none());

        world.store.publish(&draft(None, "{}"), event(), at(1)).await.expect("published");
        let overtaken = world.store.publish(&draft(None, "{}"), event(), at(2)).await.expect("an answer");
        assert_eq!(overtaken, Publish::Conflict { current: 1 });
        write(&world.store, 1).await;
        let rows = world.store.recent(None, 10).await.expect("rows");
        let published: Vec<_> = rows.iter().filter(|row| row.kind == EventKind::AccessPublished).collect();
        assert_eq!(rows.len(), 3);
        assert_eq!(published.len(), 1);
        assert_eq!(published[0].event.revision, Some(1));
        assert_eq!(published[0].event.note.as_deref(), Some("why"));
        assert!(world.store.verify(&[]).await.expect("checked").is_clean());
    }

    async fn there_is_no_revision_before_the_first(world) {
        assert_eq!(world.store.revision_number().await.expect("an answer"), 0);
        assert_eq!(world.store.current_revision().await.expect("an answer"), None);
        assert_eq!(world.store.revision(1).await.expect("an answer"), None);
        assert_eq!(world.store.revisions(None, 10).await.expect("an answer"), []);
    }

    async fn a_revision_is_read_as_it_was_published(world) {
        let document = r#"{"a": [1, "é"]}"#;
        assert_eq!(world.store.publish(&draft(None, document), Event::default(), at(1)).await.expect("published"), Publish::Published(1));
        assert_eq!(world.store.publish(&draft(Some(1), "{}"), Event::default(), at(2)).await.expect("published"), Publish::Published(2));
        let first = world.store.revision(1).await.expect("an answer").expect("the first");
        assert_eq!(first.document_json, document);
        assert_eq!((first.summary.number, first.summary.base), (1, None));
        assert_eq!((&*first.summary.author, &*first.summary.note), ("Ada", "first \u{2028} try"));
        assert_eq!(first.summary.published, at(1));
        let current = world.store.current_revision().await.expect("an answer").expect("one");
        assert_eq!((current.summary.number, current.summary.base), (2, Some(1)));
        assert_eq!(world.store.revision_number().await.expect("an answer"), 2);
    }

    async fn publishing_on_an_old_base_is_a_conflict_and_publishes_nothing(world) {
        for base in [None, Some(1), Some(2)] {
            world.store.publish(&draft(base, "{}"), Event::default(), at(1)).await.expect("published");
        }
        for base in [None, Some(1), Some(2), Some(4), Some(-1), Some(i64::MAX)] {
            let answer = world.store.publish(&draft(base, "{}"), Event::default(), at(1)).await.expect("an answer");
            assert_eq!(answer, Publish::Conflict { current: 3 }, "{base:?}");
        }
        assert_eq!(world.store.revision_number().await.expect("an answer"), 3);
    }

    async fn revisions_are_listed_newest_first_page_by_page(world) {
        for n in 0..5 {
            world.store.publish(&draft((n > 0).then_some(n), "{}"), Event::default(), at(n)).await.expect("published");
        }
        let numbers = |before| { let store = world.store.clone(); async move {
            let list = store.revisions(before, 2).await.expect("an answer");
            list.iter().map(|r| r.number).collect::<Vec<_>>()
        }};
        assert_eq!(numbers(None).await, [5, 4]);
        assert_eq!(numbers(Some(4)).await, [3, 2]);
        assert_eq!(numbers(Some(2)).await, [1]);
        assert_eq!(numbers(Some(1)).await, [0; 0]);
    }

    async fn a_document_that_is_no_json_and_a_note_with_a_nul_are_refused(world) {
        let bad = world.store.publish(&draft(None, "{"), Event::default(), at(1)).await.expect_err("no JSON");
        assert!(matches!(bad, Error::Unstorable { .. }));
        let mut nul = draft(None, "{}");
        nul.note = "a\0b".to_owned();
        assert!(matches!(world.store.publish(&nul, Event::default(), at(1)).await.expect_err("a NUL"), Error::Unstorable { .. }));
        assert_eq!(world.store.revision_number().await.expect("an answer"), 0);
    }
}
