//! What is read of the record about somebody, and how much of it: that nothing of theirs is missed, whatever else stands there.

use chrono::TimeDelta;

use super::*;
use crate::store::tests::world::World;

fn now() -> Timestamp {
    "2026-03-01T09:00:00Z".parse().expect("a moment")
}

fn signin(subject: &str, id: String) -> Event {
    Event {
        signin_id: Some(id),
        idp: Some("corp".to_owned()),
        subject_format: Some("sub".to_owned()),
        subject: Some(subject.to_owned()),
        account: Some("111122223333".to_owned()),
        role: Some("dev/Admin".to_owned()),
        method: Some("AssumeRole".to_owned()),
        session_name: Some(subject.to_owned()),
        ..Event::default()
    }
}

/// Adds sign-ins of somebody, a second apart, up to a moment.
async fn fill(store: &Store, subject: &str, count: i64, until: Timestamp) {
    for portion in (0..count).collect::<Vec<_>>().chunks(200) {
        let rows = portion.iter().map(|n| async move {
            let event = signin(subject, format!("{subject}-{n}"));
            let at = until - TimeDelta::seconds(count - n);
            store.append(EventKind::SigninBegun, &event, at).await
        });
        for row in futures_util::future::join_all(rows).await {
            row.expect("durable");
        }
    }
}

async fn of_erin(store: &Store) -> (ReadBack, Vec<Record>) {
    let (search, mut records) = (of_person("corp", "erin"), Vec::new());
    let since = Handover::since(now());
    let read = read_back(store, &[search], since, |record| records.push(record)).await;
    (read.expect("rows"), records)
}

#[tokio::test]
async fn somebody_is_found_among_ten_thousand_rows_by_reading_their_own_alone() {
    let world = World::sqlite().await;
    fill(&world.store, "erin", 3, now() - TimeDelta::hours(30)).await;
    fill(&world.store, "otto", 10_000, now()).await;
    // longer ago than any session lives
    fill(&world.store, "erin", 40, now() - TimeDelta::days(30)).await;
    let (read, records) = of_erin(&world.store).await;
    assert_eq!(handed_over(records).len(), 3);
    assert_eq!((read.looked_at, read.unreadable), (3, 0));
}

#[tokio::test]
async fn a_thousand_rows_of_a_wrong_clock_hide_nothing_before_them() {
    let world = World::sqlite().await;
    fill(&world.store, "erin", 1, now() - TimeDelta::hours(1)).await;
    fill(&world.store, "otto", 1_100, now() - TimeDelta::days(400)).await;
    fill(&world.store, "otto", 1_100, now() + TimeDelta::days(400)).await;
    assert_eq!(handed_over(of_erin(&world.store).await.1).len(), 1);
}

#[tokio::test]
async fn rows_that_have_no_index_yet_are_read_one_after_the_other() {
    let world = World::sqlite().await;
    fill(&world.store, "otto", 1_300, now() - TimeDelta::days(400)).await;
    fill(&world.store, "erin", 2, now() - TimeDelta::hours(1)).await;
    fill(&world.store, "otto", 1_300, now() - TimeDelta::days(400)).await;
    fill(&world.store, "erin", 1, now()).await;
    let unfiled = "DELETE FROM audit_terms WHERE position <= 2602; \
                   UPDATE audit_indexing SET done = 0, goal = 2602";
    world.tamper(unfiled).await;
    assert_eq!(handed_over(of_erin(&world.store).await.1).len(), 3);
    // one that spoils its neighbours is counted, and hides none of them
    world
        .tamper("UPDATE audit SET event = X'FF00' WHERE position = 1000")
        .await;
    let (read, records) = of_erin(&world.store).await;
    assert_eq!(read.unreadable, 1);
    assert_eq!(handed_over(records).len(), 3);
}

#[tokio::test]
async fn a_row_of_theirs_that_somebody_changed_is_counted_and_keeps_nobody_out_of_reach() {
    let world = World::sqlite().await;
    fill(&world.store, "erin", 5, now()).await;
    for (position, change) in [
        (1, "event = 'nothing'"),
        (2, "event = X'FF00'"),
        (3, "kind = 'signin_begged'"),
        (4, "at = 'long ago'"),
    ] {
        let sql = format!("UPDATE audit SET {change} WHERE position = {position}");
        world.tamper(&sql).await;
    }
    let (read, records) = of_erin(&world.store).await;
    assert_eq!(read.unreadable, 4);
    assert_eq!(handed_over(records).len(), 1);
}

#[test]
fn what_came_to_nothing_is_no_hand_over_and_what_has_no_end_is_one() {
    let record = |position, kind, id: &str, result: Option<&str>| Record {
        position,
        chain: "chain".to_owned(),
        sequence: position,
        at: now(),
        kind,
        event: Event {
            result: result.map(str::to_owned),
            ..signin("erin", id.to_owned())
        },
    };
    let begun = |position, id| record(position, EventKind::SigninBegun, id, None);
    let ended = |position, id, result| record(position, EventKind::SigninEnded, id, Some(result));
    // in no order: clocks differ
    let rows = vec![
        begun(1, "refused"),
        ended(2, "refused", "refused"),
        ended(3, "let-in", "handed_over"),
        begun(4, "let-in"),
        begun(5, "unknown"),
    ];
    assert_eq!(handed_over(rows).len(), 2);
}
