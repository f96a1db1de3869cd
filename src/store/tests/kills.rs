//! A process that is killed while it publishes, blocks and revokes leaves nothing half done: whatever became true stands in
//! the record, and whatever stands there as done is done (B19).

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Command, Stdio};

use super::on_both_engines;
use super::world::{World, at, idp, open, subject};
use crate::domain::access::DraftId;
use crate::domain::audit::{Event, EventKind};
use crate::domain::properties::count;
use crate::domain::stop::{Stop, Target, Until};
use crate::store::{Draft, DraftContent, DueState, Publish, Store};

/// How many lines the longest life is told in.
const LONGEST: u64 = 40;

/// Says what is durable.
fn tell(line: &str) {
    // whoever listened is gone when nobody does
    let _ = std::io::stdout().write_all(format!("\ntold {line}\n").as_bytes());
}

/// Not a test of its own: the process that is killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the process that the tests beside it start and kill"]
async fn does_deeds_until_it_is_killed() {
    let mut url = String::new();
    std::io::stdin().read_line(&mut url).expect("an input");
    if url.trim().is_empty() {
        return;
    }
    let store = open(url.trim()).await;
    let publishes = tokio::spawn(publishes(store.clone()));
    let blocks = tokio::spawn(blocks(store.clone()));
    let revokes = tokio::spawn(revokes(store));
    for deeds in [publishes, blocks, revokes] {
        deeds.await.expect("no panic");
    }
}

/// Drafts begun, saved, published and discarded, one after the other.
async fn publishes(store: Store) {
    for left in store.drafts().await.expect("drafts") {
        assert!(
            store
                .put_draft_away(left.id, left.version)
                .await
                .expect("discarded")
        );
    }
    let mut number = store.revision_number().await.expect("a number");
    loop {
        let id = DraftId::new(number.to_be_bytes());
        let content = DraftContent {
            base: number,
            text: "# nothing".to_owned(),
            changes: Some(0),
            by: "ada".to_owned(),
            before: Vec::new(),
        };
        let begun = store.begin_draft((id, ""), &content, at(0)).await;
        assert!(begun.expect("begun"));
        let saved = store.save_draft((id, 1), &content, at(1)).await;
        assert!(saved.expect("saved"));
        let draft = Draft {
            base: (number > 0).then_some(number),
            document_json: "{}".to_owned(),
            author: "ada".to_owned(),
            note: String::new(),
        };
        let published = store.publish(&draft, Event::default(), at(2)).await;
        number += 1;
        assert_eq!(published.expect("published"), Publish::Published(number));
        tell(&format!("published {number}"));
        assert!(store.put_draft_away(id, 2).await.expect("discarded"));
    }
}

/// One person blocked and let in again.
async fn blocks(store: Store) {
    let target = whom(&store);
    loop {
        let is_blocked = store.stop(&target).await.expect("an answer").is_some();
        let event = Event::default();
        if is_blocked {
            let lifted = store.lift_stop(&target, (EventKind::PersonUnblocked, &event), at(1));
            assert!(lifted.await.expect("lifted"));
        } else {
            let stop = Stop {
                target: target.clone(),
                person: None,
                until: Until(None),
                note: String::new(),
                author: "ada".to_owned(),
                at: at(0),
            };
            let set = store.set_stop(stop, (EventKind::PersonBlocked, &event), at(0));
            set.await.expect("set");
        }
        let changes = store.current().await.expect("numbers").stops;
        tell(&format!("stops {changes}"));
    }
}

fn whom(store: &Store) -> Target {
    Target::Person(store.person_key(&idp("corp"), &subject("eve")))
}

/// Revocations as they are done: the row, what is to be done, and how it ended.
async fn revokes(store: Store) {
    loop {
        let event = Event::default();
        let row = store.append(EventKind::RevokeBegun, &event, at(0)).await;
        let position = row.expect("durable").position;
        tell(&format!("begun {position}"));
        let id = position.to_string();
        let added = store.add_revocation(&id, "{}", at(0), at(0)).await;
        added.expect("added");
        tell(&format!("due {position}"));
        // what an earlier life left is taken as well as what was just added
        while let Some(due) = store
            .claim_revocation(at(1), at(0))
            .await
            .expect("an answer")
        {
            let settled = store.settle_revocation(&due.id, (DueState::Done, at(1)), "", at(1));
            settled.await.expect("settled");
            let event = Event {
                reference: Some(due.id),
                ..Event::default()
            };
            let row = store.append(EventKind::RevokeEnded, &event, at(1)).await;
            let position = row.expect("durable").position;
            tell(&format!("ended {position}"));
        }
    }
}

fn start(url: &str) -> Child {
    let this = std::env::current_exe().expect("the tests' program");
    let mut child = Command::new(this)
        .args([
            "--exact",
            "store::tests::kills::does_deeds_until_it_is_killed",
        ])
        .args(["--ignored", "--nocapture"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the process starts");
    let mut input = child.stdin.take().expect("an input");
    writeln!(input, "{url}").expect("it listens");
    child
}

/// Lets the process live for so many lines and a moment, and gives the greatest number that it told of each thing.
fn kill_after(url: &str, lines: u64, moment: u64) -> BTreeMap<String, BTreeSet<i64>> {
    let mut child = start(url);
    let mut output = BufReader::new(child.stdout.take().expect("an output"));
    let mut text = String::new();
    let mut told = 0;
    while told < lines {
        let from = text.len();
        let read = output.read_line(&mut text).expect("lines");
        assert!(read > 0, "it ended by itself: {text}");
        told += u64::from(text[from..].starts_with("told "));
    }
    for _ in 0..moment {
        std::hint::spin_loop();
    }
    child.kill().expect("killed");
    output.read_to_string(&mut text).expect("the rest");
    child.wait().expect("gone");
    // the last line may be cut off
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    let mut said: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
    for line in whole.lines() {
        if let Some((what, number)) = line
            .strip_prefix("told ")
            .and_then(|line| line.split_once(' '))
        {
            let number = number.trim().parse().expect("a number");
            said.entry(what.to_owned()).or_default().insert(number);
        }
    }
    said
}

/// What the record says was done, read on from where it was left.
#[derive(Default)]
struct Recorded {
    last: i64,
    revisions: Vec<i64>,
    stops: i64,
    is_blocked: bool,
    begun: BTreeSet<i64>,
    ended: BTreeSet<i64>,
    done: BTreeSet<String>,
}

impl Recorded {
    async fn read_on(&mut self, world: &World) {
        loop {
            let page = world.store.export(self.last, 1000).await.expect("rows");
            let Some(last) = page.last() else {
                return;
            };
            self.last = last.position;
            for row in &page {
                let event: Event = serde_json::from_str(&row.event).expect("an event");
                match row.kind.as_str() {
                    "access_published" => self.revisions.extend(event.revision),
                    "person_blocked" | "person_unblocked" => {
                        self.stops += 1;
                        self.is_blocked = row.kind == "person_blocked";
                    }
                    "revoke_begun" => assert!(self.begun.insert(row.position)),
                    "revoke_ended" => {
                        self.ended.insert(row.position);
                        self.done.extend(event.reference);
                    }
                    other => panic!("{other}"),
                }
            }
        }
    }

    /// The database is as the record says, and all that was told is there.
    async fn fits(&self, world: &World, told: &BTreeMap<String, BTreeSet<i64>>) {
        let store = &world.store;
        let current = store.current().await.expect("numbers");
        assert_eq!(
            self.revisions,
            (1..=current.revision).collect::<Vec<_>>(),
            "each revision has its row, and each row its revision"
        );
        assert_eq!(self.stops, current.stops, "and so has each stop");
        let stop = store.stop(&whom(store)).await.expect("an answer");
        assert_eq!(stop.is_some(), self.is_blocked);
        let open = store.open_revocations(10_000).await.expect("an answer");
        let ended = store.ended_revocations(10_000).await.expect("an answer");
        for due in open.iter().chain(&ended) {
            let position = due.id.parse().expect("a position");
            assert!(self.begun.contains(&position), "{due:?} has no row");
        }
        let ended: BTreeSet<&String> = ended.iter().map(|due| &due.id).collect();
        for id in &self.done {
            assert!(ended.contains(id), "{id} is said to be done, and is not");
        }
        assert!(
            store.drafts().await.expect("drafts").len() <= 1,
            "one at a time"
        );
        let greatest = |what| told.get(what).and_then(BTreeSet::last).copied();
        assert!(greatest("published").unwrap_or(0) <= current.revision);
        assert!(greatest("stops").unwrap_or(0) <= current.stops);
        let known = |what, rows: &BTreeSet<i64>| {
            let told = told.get(what).cloned().unwrap_or_default();
            assert!(told.is_subset(rows), "{what}: {:?}", told.difference(rows));
        };
        known("begun", &self.begun);
        known("ended", &self.ended);
        let due = open.iter().map(|due| &due.id).chain(ended);
        known("due", &due.filter_map(|id| id.parse().ok()).collect());
    }
}

on_both_engines! {
    async fn a_process_that_is_killed_while_it_publishes_blocks_and_revokes_leaves_nothing_half_done(world) {
        let mut recorded = Recorded::default();
        let mut seed: u64 = 20_261_129;
        // on each of two engines
        let kills = count(6, 500);
        for kill in 1..=kills {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let (lines, moment) = (1 + (seed >> 40) % LONGEST, (seed >> 20) % 100_000);
            let url = world.url.clone();
            let told = tokio::task::spawn_blocking(move || kill_after(&url, lines, moment)).await.expect("no panic");
            recorded.read_on(&world).await;
            recorded.fits(&world, &told).await;
            if kill % 50 == 0 || kill == kills {
                let checked = world.store.verify(&[]).await.expect("checked");
                assert!(checked.is_clean(), "{:?}", checked.findings);
            }
        }
        assert!(recorded.revisions.len() > 1 && recorded.stops > 1 && recorded.done.len() > 1, "all of it was done");
    }
}
