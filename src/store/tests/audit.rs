//! The record: rows in order, durable, chained, and clean when nobody has touched them.

use super::on_both_engines;
use super::world::at;
use crate::domain::audit::{Event, EventKind};
use crate::store::audit::Position;
use crate::store::{Error, Store};

/// An event that tells `n`.
pub(super) fn event(n: i64) -> Event {
    Event {
        subject: Some(format!("person \0 {n} é")),
        revision: Some(n),
        ..Event::default()
    }
}

/// Adds rows one after the other.
pub(super) async fn write(store: &Store, count: i64) -> Vec<Position> {
    let mut places = Vec::new();
    for n in 0..count {
        let place = store.append(EventKind::SigninBegun, &event(n), at(n)).await;
        places.push(place.expect("durable"));
    }
    places
}

/// Adds rows all at once.
pub(super) async fn write_at_once(store: &Store, count: i64) -> Vec<Position> {
    let tasks: Vec<_> = (0..count)
        .map(|n| {
            let store = store.clone();
            tokio::spawn(
                async move { store.append(EventKind::SigninEnded, &event(n), at(n)).await },
            )
        })
        .collect();
    let mut places = Vec::new();
    for task in tasks {
        places.push(task.await.expect("no panic").expect("durable"));
    }
    places
}

on_both_engines! {
    async fn rows_are_numbered_without_gaps_and_read_back_as_written(world) {
        let places = write(&world.store, 5).await;
        assert_eq!(places.iter().map(|p| p.position).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
        assert_eq!(places.iter().map(|p| p.sequence).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
        let recent = world.store.recent(None, 10).await.expect("rows");
        assert_eq!(recent.len(), 5);
        for (record, n) in recent.iter().rev().zip(0..) {
            assert_eq!(record.position, n + 1);
            assert_eq!((record.kind, record.at, &record.event), (EventKind::SigninBegun, at(n), &event(n)));
        }
    }

    async fn recent_rows_and_exports_come_page_by_page(world) {
        write(&world.store, 7).await;
        let recent = |before| { let store = world.store.clone(); async move {
            let rows = store.recent(before, 3).await.expect("rows");
            rows.iter().map(|r| r.position).collect::<Vec<_>>()
        }};
        assert_eq!(recent(None).await, [7, 6, 5]);
        assert_eq!(recent(Some(5)).await, [4, 3, 2]);
        assert_eq!(recent(Some(2)).await, [1]);
        let export = |after| { let store = world.store.clone(); async move {
            let rows = store.export(after, 3).await.expect("rows");
            rows.iter().map(|r| r.position).collect::<Vec<_>>()
        }};
        assert_eq!(export(0).await, [1, 2, 3]);
        assert_eq!(export(3).await, [4, 5, 6]);
        assert_eq!(export(6).await, [7]);
        assert_eq!(export(7).await, [0; 0]);
    }

    async fn rows_written_at_once_by_two_replicas_are_two_clean_chains_in_one_order(world) {
        let other = world.replica().await;
        let (here, there) = tokio::join!(write_at_once(&world.store, 300), write_at_once(&other, 300));
        let mut positions: Vec<_> = here.iter().chain(&there).map(|p| p.position).collect();
        positions.sort_unstable();
        assert_eq!(positions, (1..=600).collect::<Vec<_>>());
        assert_ne!(here[0].chain, there[0].chain);
        let checked = world.store.verify(&[]).await.expect("checked");
        assert!(checked.is_clean(), "{:?}", checked.findings);
        assert_eq!(checked.rows, 600);
        assert_eq!(checked.heads.iter().map(|h| h.sequence).collect::<Vec<_>>(), [300, 300]);
        let mut heads = world.store.heads().await.expect("heads");
        heads.sort_by(|a, b| a.chain.cmp(&b.chain));
        assert_eq!(heads, checked.heads);
    }

    async fn a_check_finds_nothing_wrong_wherever_writers_come_between_its_statements(world) {
        write_at_once(&world.store, 1990).await;
        let other = world.replica().await;
        let mut came = 0;
        let checked = world.store.verify_beside(&[], async || {
            write(&other, 3).await;
            write(&world.store, 1).await;
            came += 1;
        }).await.expect("checked");
        assert!(checked.is_clean(), "{:?}", checked.findings);
        assert!(came > 3 * 3, "three strides, and between all their statements: {came}");
        assert!(checked.rows > 2000, "{}", checked.rows);
    }

    async fn a_check_finds_nothing_wrong_wherever_a_purge_comes_between_its_statements(world) {
        for moment in 0..6 {
            write(&world.store, 10).await;
            let (mut now, from) = (0, moment * 4);
            let checked = world.store.verify_beside(&[], async || {
                if now == moment {
                    world.store.purge_portion(from + 4).await.expect("dropped");
                }
                now += 1;
            }).await.expect("checked");
            assert!(checked.is_clean(), "{moment}: {:?}", checked.findings);
        }
    }

    async fn checks_beside_writers_at_full_speed_find_nothing_wrong(world) {
        let other = world.replica().await;
        let (here, there) = (world.store.clone(), other);
        let mut writers = tokio::spawn(async move {
            for _ in 0..3 {
                tokio::join!(write_at_once(&here, 400), write_at_once(&there, 400));
            }
        });
        loop {
            let checked = world.store.verify(&[]).await.expect("checked");
            assert!(checked.is_clean(), "{:?}", checked.findings);
            if writers.is_finished() {
                break;
            }
        }
        (&mut writers).await.expect("no panic");
        assert_eq!(world.store.verify(&[]).await.expect("checked").rows, 2400);
    }

    async fn every_start_of_the_process_writes_a_chain_of_its_own(world) {
        for _ in 0..3 {
            write(&world.replica().await, 2).await;
        }
        let heads = world.store.heads().await.expect("heads");
        assert_eq!(heads.len(), 3);
        assert!(world.store.verify(&heads).await.expect("checked").is_clean());
    }

    async fn an_empty_record_is_clean(world) {
        assert!(world.store.verify(&[]).await.expect("checked").is_clean());
        assert_eq!(world.store.heads().await.expect("heads"), []);
    }

    async fn rows_of_one_caller_stand_in_the_order_of_its_calls(world) {
        write_at_once(&world.store, 40).await;
        let first = write(&world.store, 1).await;
        let second = write(&world.store, 1).await;
        assert!(first[0].position < second[0].position);
    }

    async fn an_event_that_is_too_large_is_refused_and_the_next_goes_through(world) {
        let large = Event { note: Some("x".repeat(100_000)), ..Event::default() };
        let refused = world.store.append(EventKind::LoginFailed, &large, at(0)).await.expect_err("too large");
        assert!(matches!(refused, Error::TooLarge { .. }));
        write(&world.store, 1).await;
    }

    async fn a_caller_that_goes_away_leaves_the_others_alone(world) {
        let gone = tokio::spawn({
            let store = world.store.clone();
            async move { write(&store, 1000).await }
        });
        write(&world.store, 3).await;
        gone.abort();
        let _ = gone.await;
        write(&world.store, 3).await;
        assert!(world.store.verify(&[]).await.expect("checked").is_clean());
    }

    async fn rows_that_arrive_together_share_transactions_and_keep_their_order(world) {
        let clients: Vec<_> = (0..32).map(|_| {
            let store = world.store.clone();
            tokio::spawn(async move { write(&store, 50).await })
        }).collect();
        for client in clients {
            let places = client.await.expect("no panic");
            assert!(places.is_sorted_by(|a, b| a.position < b.position));
        }
        let batches = world.store.audit_batches();
        assert!(batches <= 1600 / 10, "1,600 rows in {batches} transactions");
        assert!(world.store.verify(&[]).await.expect("checked").is_clean());
    }
}
