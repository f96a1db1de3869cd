//! A process that is killed at any moment loses no row that it was told is durable, and leaves a clean record (B19).

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Command, Stdio};

use super::audit::event;
use super::on_both_engines;
use super::world::{World, at, open};
use crate::domain::audit::EventKind;

/// Not a test of its own: the process that is killed. It reads the database's URL from its input and writes rows until it dies,
/// telling each position once the row is durable.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the process that the tests beside it start and kill"]
async fn writes_until_it_is_killed() {
    let mut url = String::new();
    std::io::stdin().read_line(&mut url).expect("an input");
    if url.trim().is_empty() {
        return;
    }
    let store = open(url.trim()).await;
    let writers: Vec<_> = (0..8)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                loop {
                    let place = store.append(EventKind::SigninBegun, &event(1), at(1)).await;
                    let position = place.expect("durable").position;
                    let line = format!("\ndurable {position}\n");
                    if std::io::stdout().write_all(line.as_bytes()).is_err() {
                        return;
                    }
                }
            })
        })
        .collect();
    for writer in writers {
        let _ = writer.await;
    }
}

/// Starts the process, kills it once it has told `rows` positions, and gives all that it told.
fn kill_after(url: &str, rows: usize) -> BTreeSet<i64> {
    let this = std::env::current_exe().expect("the tests' program");
    let mut child = Command::new(this)
        .args([
            "--exact",
            "store::tests::crashes::writes_until_it_is_killed",
        ])
        .args(["--ignored", "--nocapture"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the process starts");
    let mut input = child.stdin.take().expect("an input");
    writeln!(input, "{url}").expect("it listens");
    let mut output = BufReader::new(child.stdout.take().expect("an output"));
    let position = |line: &str| {
        line.strip_prefix("durable ")
            .and_then(|n| n.trim().parse::<i64>().ok())
    };
    let mut told = BTreeSet::new();
    let mut line = String::new();
    while told.len() < rows && output.read_line(&mut line).expect("lines") > 0 {
        told.extend(position(&line));
        line.clear();
    }
    child.kill().expect("killed");
    let mut rest = String::new();
    output.read_to_string(&mut rest).expect("the rest");
    child.wait().expect("gone");
    // the last line may be cut off
    let whole = rest.rfind('\n').map_or("", |end| &rest[..end]);
    told.extend(whole.lines().filter_map(position));
    told
}

on_both_engines! {
    async fn a_process_that_is_killed_loses_no_durable_row(world) {
        for rows in [1, 7, 60, 200] {
            let url = world.url.clone();
            let told = tokio::task::spawn_blocking(move || kill_after(&url, rows)).await.expect("no panic");
            assert!(told.len() >= rows, "{} rows", told.len());
            let mut kept = BTreeSet::new();
            loop {
                let page = world.store.export(kept.last().copied().unwrap_or(0), 1000).await.expect("rows");
                if page.is_empty() {
                    break;
                }
                kept.extend(page.iter().map(|row| row.position));
            }
            assert!(told.is_subset(&kept), "{:?} are lost", told.difference(&kept));
            let checked = world.store.verify(&[]).await.expect("checked");
            assert!(checked.is_clean(), "{:?}", checked.findings);
        }
        assert_eq!(world.store.heads().await.expect("heads").len(), 4, "one chain per process");
    }
}

#[tokio::test]
async fn a_database_file_with_damaged_pages_gives_errors_and_no_panic() {
    let world = World::sqlite().await;
    super::audit::write_at_once(&world.store, 500).await;
    world.store.close().await;
    let path = world.url.trim_start_matches("sqlite:").to_owned();
    let whole = std::fs::read(&path).expect("the file");
    assert!(whole.len() > 30 * 4096, "{} bytes", whole.len());
    for page in [0, 1, 7, 12, 20, 29] {
        let mut damaged = whole.clone();
        for byte in &mut damaged[page * 4096 + 8..(page + 1) * 4096] {
            *byte ^= 0xa5;
        }
        std::fs::write(&path, damaged).expect("written");
        let _ = std::fs::remove_file(format!("{path}-wal"));
        let _ = std::fs::remove_file(format!("{path}-shm"));
        let key = crate::store::AuditKey::new(super::world::KEY);
        let random = std::sync::Arc::new(crate::random::SystemRandom);
        let Ok(store) = crate::store::Store::open(&world.url, key, random).await else {
            continue;
        };
        let _ = store.ping().await;
        let _ = store.append(EventKind::SigninBegun, &event(1), at(1)).await;
        let _ = store.find_session("d", at(1), super::world::IDLE).await;
        let clean = store
            .verify(&[])
            .await
            .is_ok_and(|checked| checked.is_clean());
        let rows = store.export(0, 1000).await.map(|rows| rows.len());
        assert!(
            !clean || rows.is_ok_and(|rows| rows >= 500),
            "page {page} hides rows"
        );
        store.close().await;
    }
}
