//! Audit rows of many sign-ins at once share one wait for the disk.

use std::sync::Arc;

use futures_util::future::join_all;
use vestibule::clock::{Clock as _, SystemClock};
use vestibule::domain::audit::{Event, EventKind};

use crate::world::World;

const AT_ONCE: u64 = 32;
const ROWS: u64 = 20;

#[tokio::test]
async fn rows_of_thirty_two_sign_ins_at_once_share_a_tenth_as_many_transactions() {
    let world = World::start().await;
    let store = Arc::new(world.app.store().clone());
    let before = store.audit_batches();
    let writers = (0..AT_ONCE).map(|_| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            let event = Event::default();
            for _ in 0..ROWS {
                let row = store.append(EventKind::SigninBegun, &event, SystemClock.now());
                row.await.unwrap();
            }
        })
    });
    for writer in join_all(writers).await {
        writer.unwrap();
    }
    let transactions = store.audit_batches() - before;
    assert!(
        transactions * 10 <= AT_ONCE * ROWS,
        "{transactions} transactions for {} rows",
        AT_ONCE * ROWS
    );
    let check = store.verify(&[]).await.unwrap();
    assert!(check.is_clean(), "in order");
    drop(store);
    world.stop().await;
}
