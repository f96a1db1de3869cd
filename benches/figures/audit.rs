//! How many durable audit rows a second, at 32 sign-ins at once beside one at a time.
//!
//! Both engines wait for the disk, as in production. The ratio is what counts: rows that arrive together share one wait.

use std::sync::Arc;
use std::time::Instant;

use vestibule::clock::{Clock as _, SystemClock};
use vestibule::domain::audit::{Event, EventKind};
use vestibule::random::SystemRandom;
use vestibule::store::{AuditKey, Store};

use crate::postgres::Cluster;
use crate::report::{Line, Trouble};
use crate::scratch::{Scratch, runtime};

/// Sign-ins at once.
const CLIENTS: u32 = 32;

/// Rows that each of them writes, one after the other.
const ROWS: u32 = 250;

pub(crate) fn run() -> Result<(), Trouble> {
    runtime().block_on(async {
        let folder = Scratch::new();
        let file = folder.path().join("vestibule.db");
        measure("sqlite", &format!("sqlite:{}", file.display())).await;

        let cluster = Cluster::shared();
        for setting in ["fsync", "full_page_writes", "synchronous_commit"] {
            cluster.sql(&format!("ALTER SYSTEM SET {setting} = on"));
        }
        cluster.sql("SELECT pg_reload_conf()");
        measure("postgres", &cluster.database()).await;
        Ok(())
    })
}

async fn measure(engine: &str, url: &str) {
    let store = Store::open(url, AuditKey::new([7; 32]), Arc::new(SystemRandom))
        .await
        .expect("the database opens");
    store.migrate().await.expect("the schema");
    let one = rows_per_second(&store, 1).await;
    let before = store.audit_batches();
    let many = rows_per_second(&store, CLIENTS).await;
    let batches = store.audit_batches() - before;
    let check = store.verify(&[]).await.expect("checked");
    Line::about("durable audit rows")
        .with("engine", engine)
        .with("at_once", CLIENTS)
        .with("rows", CLIENTS * ROWS)
        .with("transactions", batches)
        .number(
            "rows_per_transaction",
            f64::from(CLIENTS * ROWS) / whole(batches),
        )
        .number("one_at_a_time_rows_per_s", one)
        .number("at_once_rows_per_s", many)
        .at_least("ratio", many / one, 10.0)
        .must("in_order", check.is_clean())
        .print();
    store.close().await;
}

async fn rows_per_second(store: &Store, clients: u32) -> f64 {
    let start = Instant::now();
    let writers: Vec<_> = (0..clients)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                let event = event();
                for _ in 0..ROWS {
                    let row = store.append(EventKind::SigninBegun, &event, SystemClock.now());
                    row.await.expect("durable");
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.expect("no panic");
    }
    f64::from(clients * ROWS) / start.elapsed().as_secs_f64()
}

/// As much as a sign-in writes.
fn event() -> Event {
    let text = |text: &str| Some(text.to_owned());
    Event {
        signin_id: text("0123456789abcdef0123456789abcdef"),
        idp: text("corp"),
        subject_format: text("urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"),
        subject: text("ada@example.com"),
        display_name: text("Ada Lovelace"),
        address: text("192.0.2.7"),
        account: text("111122223333"),
        role: text("payments-prod/ReadOnly"),
        method: text("AssumeRoleWithSAML"),
        session_name: text("ada@example.com"),
        revision: Some(17),
        rule: text("payments engineers"),
        ..Event::default()
    }
}

/// For dividing by: a count that is far from losing digits.
fn whole(count: u64) -> f64 {
    f64::from(u32::try_from(count).expect("few"))
}
