//! Revocations and hand-overs in every order that seeds find, with STS holding its answers back: after the confirmation
//! nothing leaves for whoever was blocked first, and whatever had left before is cut off in AWS; nobody else notices.

use std::sync::Mutex;

use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::sync::watch;
use vestibule_sandbox::aws::faults::{Fault, HostKind, Latch};

use super::{builder, set_up};
use crate::api::Program;
use crate::ending::interleavings::Seeded;
use crate::ending::{Somebody, cookie_name, hands_over, identity};
use crate::world::browser::Page;
use crate::world::{World, counts};

/// Handed over by `AssumeRole`, which is held back; its account's revoker comes in otherwise.
const ROLE: &str = "payments-prod/Admin";
/// How many people there are, each with two browsers' clicks; every second one is revoked.
const PEOPLE: usize = 12;
/// How often somebody asks again whose account is taken.
const MOST_ROUNDS: usize = 50;

#[derive(Debug, Clone, Copy)]
enum Step {
    /// Somebody clicks, for the first or the second time.
    Click(usize),
    Revoke(usize),
    Release(usize),
    /// Waits until so many revocations have been confirmed.
    Await(usize),
}

/// How somebody stands.
#[derive(Debug, Clone, Copy, Default)]
struct Standing {
    /// Their clicks that were answered.
    answered: usize,
    /// How many of them were when their revocation was confirmed.
    at_confirmation: Option<usize>,
}

struct Wave<'w> {
    world: &'w World,
    admin: &'w Program,
    people: Vec<Somebody>,
    latches: Vec<Latch>,
    standing: Mutex<Vec<Standing>>,
    confirmed: watch::Sender<usize>,
}

fn is_revoked(who: usize) -> bool {
    who.is_multiple_of(2)
}

impl Wave<'_> {
    /// Clicks; says whether it was answered after the confirmation.
    async fn clicks(&self, who: usize) -> (usize, Page, bool) {
        let somebody = &self.people[who];
        let page = somebody
            .goes(self.world, &self.world.url, ROLE, false)
            .await;
        let standing = &mut self.standing.lock().unwrap()[who];
        standing.answered += 1;
        (who, page, standing.at_confirmation.is_some())
    }

    async fn revokes(&self, who: usize) {
        let asked = json!({
            "person": {"idp": "corp", "subject": format!("p{who}")},
            "stop_first": true,
        });
        let mut done = self.asks(&asked, &format!("p{who}")).await;
        // they are blocked by now, whatever became of the rest
        self.is_confirmed(who).await;
        // where many are cut off in one account at once, some find it taken and are told so
        for round in 0..MOST_ROUNDS {
            if done == 200 {
                return;
            }
            assert_eq!(done, 202, "round {round}");
            done = self.asks(&asked, &format!("p{who}-{round}")).await;
        }
        panic!("p{who} was not cut off");
    }

    /// Asks for a revocation; only one that is done is answered by 200.
    async fn asks(&self, asked: &Value, key: &str) -> u16 {
        let key = [("idempotency-key", key)];
        let said = self.admin.posts_with("/revocations", asked, &key).await;
        assert_eq!(
            said.json["outcome"] == "done",
            said.status == 200,
            "{}",
            said.json
        );
        said.status
    }

    /// Somebody has been told that it is settled.
    async fn is_confirmed(&self, who: usize) {
        // whatever has left by now has been received, and only has to be looked at
        for _ in 0..200 {
            tokio::task::yield_now().await;
        }
        let standing = &mut self.standing.lock().unwrap()[who];
        standing.at_confirmation = Some(standing.answered);
        self.confirmed.send_modify(|count| *count += 1);
    }

    fn steps(&self, seeded: &mut Seeded) -> Vec<Step> {
        let clicks = (0..PEOPLE).flat_map(|who| [Step::Click(who); 2]);
        let revocations = (0..PEOPLE).filter(|who| is_revoked(*who)).map(Step::Revoke);
        let releases = (0..self.latches.len()).map(Step::Release);
        let mut steps: Vec<Step> = clicks.chain(revocations).chain(releases).collect();
        seeded.shuffle(&mut steps);
        // some of what comes later, comes after confirmations
        for _ in 0..2 {
            let at = seeded.below(steps.len() + 1);
            let before = steps[..at].iter();
            let begun = before
                .filter(|step| matches!(step, Step::Revoke(_)))
                .count();
            if begun > 0 {
                steps.insert(at, Step::Await(1 + seeded.below(begun)));
            }
        }
        steps
    }

    /// Does it all in an order; gives on what the clicks were answered, and whether that was after the confirmation.
    async fn run(&self, seeded: &mut Seeded) -> Vec<(usize, Page, bool)> {
        let faults = &self.world.sandbox.simulation().faults;
        for latch in &self.latches {
            let hold = Fault::HoldAnswer(latch.clone());
            faults.plan(HostKind::Sts, Some("AssumeRole"), hold);
        }
        let steps = self.steps(seeded);
        let begun = watch::Sender::new(0_usize);
        let comes_to = async |number: usize| {
            let mut begun = begun.subscribe();
            drop(begun.wait_for(|begun| *begun > number).await.unwrap());
        };
        let (mut clicks, mut revocations) = (Vec::new(), Vec::new());
        for (number, step) in steps.iter().enumerate() {
            match *step {
                Step::Click(who) => clicks.push(async move {
                    comes_to(number).await;
                    self.clicks(who).await
                }),
                Step::Revoke(who) => revocations.push(async move {
                    comes_to(number).await;
                    self.revokes(who).await;
                }),
                Step::Release(_) | Step::Await(_) => {}
            }
        }
        let drive = async {
            let mut confirmed = self.confirmed.subscribe();
            for (number, step) in steps.iter().enumerate() {
                begun.send_replace(number + 1);
                match step {
                    Step::Release(at) => self.latches[*at].release(),
                    Step::Await(count) => {
                        confirmed.wait_for(|now| now >= count).await.unwrap();
                    }
                    Step::Click(_) | Step::Revoke(_) => {}
                }
                for _ in 0..seeded.below(24) {
                    tokio::task::yield_now().await;
                }
            }
        };
        let (pages, _, ()) = tokio::join!(join_all(clicks), join_all(revocations), drive);
        faults.clear();
        pages
    }

    /// Says how many hand-overs were cut off, and how many clicks came too late.
    async fn judged(&self, pages: Vec<(usize, Page, bool)>, seed: u64) -> (usize, usize) {
        let (mut cut, mut late) = (0, 0);
        for (who, page, after) in pages {
            let told = || format!("seed {seed}, p{who}: {} {}", page.status, page.body);
            assert!(page.status < 500, "{}", told());
            late += usize::from(after);
            let is_over = hands_over(&page);
            assert!(
                !(after && is_over),
                "left after the confirmation: {}",
                told()
            );
            if !is_revoked(who) {
                assert!(is_over, "nobody forbade it: {}", told());
            }
            if is_over {
                let browser = self.people[who].browser.beside();
                let inside = browser.opens(page.header("location")).await;
                self.world.console(&browser, &inside).await;
                let may =
                    self.world
                        .may(&browser, &inside, "s3:GetObject", "arn:aws:s3:::any/thing");
                assert_eq!(may.await, !is_revoked(who), "{}", told());
                cut += usize::from(is_revoked(who));
            }
        }
        (cut, late)
    }
}

#[tokio::test]
async fn b14_what_left_before_a_revocation_is_cut_off_and_nothing_leaves_after_it() {
    let waves = if counts::are_full() { 40 } else { 2 };
    let (mut cut, mut late) = (0, 0);
    for seed in 0..waves {
        let world = set_up(builder().start().await).await;
        world.clock.let_wait();
        let admin = Program::of(&world, "ada", &["revoke"]).await;
        let (cookie, like) = (cookie_name(&world), world.browser());
        let mut people = Vec::new();
        for at in 0..PEOPLE {
            let who = identity(&format!("p{at}"), &["payments-eng"]);
            people.push(Somebody::begins(&world, &cookie, &like, who).await);
        }
        let wave = Wave {
            world: &world,
            admin: &admin,
            people,
            latches: (0..PEOPLE).map(|_| Latch::new()).collect(),
            standing: Mutex::new(vec![Standing::default(); PEOPLE]),
            confirmed: watch::Sender::new(0),
        };
        let mut seeded = Seeded(seed);
        let pages = wave.run(&mut seeded).await;
        let (of_wave, too_late) = wave.judged(pages, seed).await;
        cut += of_wave;
        late += too_late;
        world.stop().await;
    }
    assert!(cut > 0, "something had left before");
    assert!(late > 0, "something came too late");
}
