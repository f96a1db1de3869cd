//! The oldest rows go, and what is left can be checked from where it begins (B18).

use super::audit::{event, write};
use super::on_both_engines;
use super::world::at;
use crate::domain::audit::EventKind;
use crate::store::audit::{Finding, Purge, Purgeable};
use crate::store::{Error, Store};

async fn purge(store: &Store, to: i64) -> u64 {
    let mut gone = 0;
    while let Purge::Portion(rows) = store.purge_portion(to).await.expect("dropped") {
        gone += rows;
    }
    gone
}

on_both_engines! {
    async fn what_is_left_after_a_purge_is_clean_and_goes_on(world) {
        let other = world.replica().await;
        write(&world.store, 600).await;
        write(&other, 5).await;
        write(&world.store, 10).await;
        let found = world.store.purgeable(at(599)).await.expect("an answer");
        assert_eq!(found, Some(Purgeable { first: 1, last: 599, rows: 599 }), "row 600 is not older");
        assert_eq!(purge(&world.store, 599).await, 599);
        let checked = world.store.verify(&[]).await.expect("checked");
        assert!(checked.is_clean(), "{:?}", checked.findings);
        assert_eq!((checked.rows, checked.purged), (16, 599));
        write(&world.store, 3).await;
        write(&other, 3).await;
        // rows 601 on say earlier moments than 600, which is younger: it is a prefix that goes
        assert_eq!(world.store.purgeable(at(599)).await.expect("an answer"), None);
        assert_eq!(purge(&world.store, 607).await, 8);
        let checked = world.store.verify(&[]).await.expect("checked");
        assert!(checked.is_clean(), "{:?}", checked.findings);
        assert_eq!(world.store.purgeable(at(99)).await.expect("an answer").map(|found| found.first), Some(608));
    }

    async fn heads_from_before_a_purge_are_met_and_another_is_not(world) {
        let other = world.replica().await;
        write(&world.store, 3).await;
        let early = world.store.heads().await.expect("heads");
        write(&other, 3).await;
        write(&world.store, 3).await;
        let late = world.store.heads().await.expect("heads");
        purge(&world.store, 8).await;
        assert_eq!(world.store.heads().await.expect("heads").len(), 2, "a chain whose rows are gone is still listed");
        let heads: Vec<_> = early.iter().chain(&late).cloned().collect();
        assert!(world.store.verify(&heads).await.expect("checked").is_clean());
        let dropped = late.iter().find(|head| head.position == 6).expect("the other's");
        for wrong in [
            crate::store::audit::Head { mac: "x".to_owned(), ..dropped.clone() },
            crate::store::audit::Head { chain: "x".to_owned(), ..dropped.clone() },
            crate::store::audit::Head { sequence: 4, position: 7, ..dropped.clone() },
        ] {
            let findings = world.store.verify(std::slice::from_ref(&wrong)).await.expect("checked").findings;
            assert_eq!(findings, [Finding::HeadLost(wrong)]);
        }
    }

    async fn a_checkpoint_that_is_forged_moved_or_taken_away_is_found(world) {
        write(&world.store, 10).await;
        world.tamper("CREATE TABLE before_it AS SELECT * FROM audit_checkpoint").await;
        purge(&world.store, 4).await;
        world.tamper("CREATE TABLE kept AS SELECT * FROM audit_checkpoint").await;
        purge(&world.store, 6).await;
        world.tamper("CREATE TABLE latest AS SELECT * FROM audit_checkpoint").await;
        let put = |table: &str| format!("DELETE FROM audit_checkpoint; INSERT INTO audit_checkpoint SELECT * FROM {table}");
        let removed = |first, last| Finding::Removed { first, last };
        for (tampering, found) in [
            (put("before_it"), vec![removed(1, 6)]),
            (put("kept"), vec![removed(5, 6)]),
            ("UPDATE audit_checkpoint SET position = 7".to_owned(), vec![Finding::ForgedCheckpoint, removed(1, 6)]),
            ("UPDATE audit_checkpoint SET chains = '[]'".to_owned(), vec![Finding::ForgedCheckpoint, removed(1, 6)]),
            ("UPDATE audit_checkpoint SET mac = 'x'".to_owned(), vec![Finding::ForgedCheckpoint, removed(1, 6)]),
        ] {
            world.tamper(&tampering).await;
            let findings = world.store.verify(&[]).await.expect("checked").findings;
            assert!(findings.starts_with(&found), "{tampering}: {findings:?}");
            world.tamper(&put("latest")).await;
            assert!(world.store.verify(&[]).await.expect("checked").is_clean(), "{tampering}");
        }
        world.tamper("UPDATE audit_checkpoint SET mac = 'x'").await;
        assert!(world.store.purge_portion(9).await.is_err(), "nothing is built on a forged one");
    }

    async fn rows_taken_away_after_a_purge_show_as_ever(world) {
        write(&world.store, 10).await;
        purge(&world.store, 4).await;
        world.tamper("CREATE TABLE kept AS SELECT * FROM audit").await;
        for (gone, first, last) in [("position = 5", 5, 5), ("position = 7", 7, 7), ("position > 8", 9, 10), ("position > 0", 5, 10)] {
            world.tamper(&format!("DELETE FROM audit WHERE {gone}")).await;
            let findings = world.store.verify(&[]).await.expect("checked").findings;
            assert_eq!(findings[..1], [Finding::Removed { first, last }], "{gone}");
            world.tamper("DELETE FROM audit; INSERT INTO audit SELECT * FROM kept").await;
        }
        world.tamper("INSERT INTO audit SELECT 3, 'forged', 3, at, kind, event, previous, mac FROM audit WHERE position = 5").await;
        let findings = world.store.verify(&[]).await.expect("checked").findings;
        assert!(matches!(&findings[0], Finding::Inserted(place) if place.position == 3), "{findings:?}");
    }

    async fn a_row_that_was_changed_is_not_dropped_nor_is_any_after_it(world) {
        write(&world.store, 10).await;
        for tampering in ["UPDATE audit SET at = at + 1 WHERE position = 3", "DELETE FROM audit WHERE position = 3"] {
            world.tamper(tampering).await;
            let refused = world.store.purge_portion(8).await.expect_err("evidence stays");
            assert!(matches!(refused, Error::Damaged { position: 3 }), "{refused:?}");
            assert_eq!(world.store.export(0, 1).await.expect("rows")[0].position, 1);
        }
    }

    async fn a_row_that_stands_where_none_can_is_not_dropped_either(world) {
        write(&world.store, 10).await;
        for purged in [0, 4] {
            purge(&world.store, purged).await;
            for position in [-5, 0, 3].into_iter().filter(|position| *position <= purged) {
                world.tamper(&format!("INSERT INTO audit SELECT {position}, 'forged', 3, at, kind, event, previous, mac FROM audit WHERE position = 6")).await;
                let refused = world.store.purge_portion(8).await.expect_err("evidence stays");
                assert!(matches!(refused, Error::Damaged { position: there } if there == position), "{refused:?}");
                let refused = world.store.purgeable(at(9)).await.expect_err("likewise");
                assert!(matches!(refused, Error::Damaged { position: there } if there == position), "{refused:?}");
                let findings = world.store.verify(&[]).await.expect("checked").findings;
                assert!(matches!(&findings[..], [Finding::Inserted(place)] if place.position == position), "{findings:?}");
                world.tamper("DELETE FROM audit WHERE chain = 'forged'").await;
            }
        }
        // nor is a term of a row that is not there
        world.tamper("INSERT INTO audit_terms (term, at, position) VALUES ('rforged', 1, 3)").await;
        assert_eq!(purge(&world.store, 8).await, 4);
        let findings = world.store.verify(&[]).await.expect("checked").findings;
        assert_eq!(findings, [Finding::Stray(3)]);
    }

    async fn a_purge_takes_the_index_of_its_rows_along_and_searches_go_on(world) {
        write(&world.store, 10).await;
        purge(&world.store, 9).await;
        let looked = world.store.search(&crate::domain::record::Search::default(), crate::store::audit::Order::NewestFirst, None, 50).await.expect("a page");
        assert_eq!((looked.rows.len(), looked.next), (1, None));
        let findings = world.store.verify(&[]).await.expect("checked").findings;
        assert_eq!(findings, [], "no term of a dropped row is left");
    }

    async fn writers_and_a_purge_at_once_leave_a_clean_record(world) {
        write(&world.store, 50).await;
        let (store, other) = (world.store.clone(), world.replica().await);
        let writes = tokio::spawn(async move { super::audit::write_at_once(&other, 200).await });
        let gone = purge(&store, 40).await;
        writes.await.expect("no panic");
        assert_eq!(gone, 40);
        let checked = store.verify(&[]).await.expect("checked");
        assert!(checked.is_clean(), "{:?}", checked.findings);
        store.append(EventKind::RecordPurged, &event(1), at(1)).await.expect("durable");
    }
}
