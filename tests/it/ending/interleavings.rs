//! B14: blocks, suspensions, ended sessions, publishing and hand-overs in every order that seeds find, on two replicas of
//! one database, with STS holding its answers back. Nothing leaves after the confirmation of what forbids it, and
//! whatever nobody forbade leaves.
//!
//! Clicks and acts run at once; only their order is the seed's. What waits, waits for an answer and never for a time.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use futures_util::future::join_all;
use tokio::sync::watch;
use vestibule::clock::ShiftedClock;
use vestibule_sandbox::aws::faults::{Fault, HostKind, Latch};

use super::{Somebody, cookie_name, hands_over, identity};
use crate::postgres::Cluster;
use crate::world::accounts::{DEV, MODEL, PROD};
use crate::world::browser::Page;
use crate::world::{World, counts};

/// How many hand-overs run at once.
const CLICKS: usize = 50;

/// The roles that are asked for.
const ROLES: [&str; 3] = [
    "payments-dev/Developer",
    "payments-prod/Admin",
    "payments-prod/Narrow",
];

/// The next number of a seed (splitmix64).
pub(crate) struct Seeded(pub(crate) u64);

impl Seeded {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap()
    }

    pub(crate) fn shuffle<T>(&mut self, all: &mut [T]) {
        for at in (1..all.len()).rev() {
            all.swap(at, self.below(at + 1));
        }
    }
}

/// What takes access away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Act {
    /// A person is blocked.
    Block(usize),
    /// An administrator ends all sessions of a person.
    EndAll(usize),
    /// A person ends their other sessions.
    EndOthers(usize),
    /// A role is suspended.
    SuspendRole,
    /// An account is suspended.
    SuspendAccount,
    /// A revision is published that takes the roles from some.
    Publish,
}

/// A click.
struct Click {
    role: &'static str,
    keys: bool,
    replica: usize,
    own: Option<Act>,
}

impl Click {
    fn of(at: usize, seeded: &mut Seeded) -> Self {
        Self {
            role: ROLES[seeded.below(ROLES.len())],
            keys: seeded.below(3) == 0,
            replica: seeded.below(2),
            own: match seeded.below(8) {
                0 => Some(Act::Block(at)),
                1 => Some(Act::EndAll(at)),
                2 => Some(Act::EndOthers(at)),
                3 => Some(Act::Publish),
                _ => None,
            },
        }
    }

    fn is_forbidden_by(&self, act: Act) -> bool {
        self.own == Some(act)
            || (act == Act::SuspendRole && self.role == ROLES[2])
            || (act == Act::SuspendAccount && self.role == ROLES[0])
    }
}

/// A step of the driver's.
enum Step {
    Click(usize),
    Release(usize),
    Act(Act),
    /// Waits until so many acts have been confirmed.
    Await(usize),
}

/// How a click stands.
#[derive(Debug, Clone, Copy, Default)]
struct Standing {
    done: bool,
    /// Something that forbids it was confirmed while it was not done.
    too_late: bool,
}

struct Wave<'w> {
    world: &'w World,
    replicas: [&'w str; 2],
    admin: &'w Somebody,
    people: Vec<(Somebody, Somebody)>,
    clicks: Vec<Click>,
    latches: Vec<Latch>,
    standing: Mutex<Vec<Standing>>,
    confirmed: watch::Sender<usize>,
    base: i64,
    seed: u64,
}

/// The model in which each of the first `slots` groups has all the roles, but for some.
fn model(slots: usize, without: &BTreeSet<usize>) -> String {
    let rules = (0..slots).filter(|slot| !without.contains(slot));
    let rules = rules.map(|slot| {
        format!(
            "\n[[rules]]\nname = \"slot {slot}\"\nwhen = [{{ attribute = \"groups\", is = \"slot-{slot}\" }}]\n\
             grant = [\"payments-prod/*\", \"payments-dev/*\"]\n"
        )
    });
    rules.fold(MODEL.to_owned(), |model, rule| model + &rule)
}

impl Wave<'_> {
    fn acts(&self, seeded: &mut Seeded) -> Vec<Act> {
        let own = self.clicks.iter().filter_map(|click| click.own);
        let mut acts: BTreeSet<Act> = own.collect();
        for act in [Act::SuspendRole, Act::SuspendAccount] {
            if seeded.below(2) == 0 {
                acts.insert(act);
            }
        }
        acts.into_iter().collect()
    }

    fn steps(&self, acts: &[Act], seeded: &mut Seeded) -> Vec<Step> {
        let clicks = (0..self.clicks.len()).map(Step::Click);
        let releases = (0..self.latches.len()).map(Step::Release);
        let acts_done = acts.iter().copied().map(Step::Act);
        let mut steps: Vec<Step> = clicks.chain(releases).chain(acts_done).collect();
        seeded.shuffle(&mut steps);
        // some of what comes later, comes after confirmations
        for _ in 0..2 {
            let at = seeded.below(steps.len() + 1);
            let before = steps[..at].iter();
            let begun = before.filter(|step| matches!(step, Step::Act(_))).count();
            if begun > 0 {
                steps.insert(at, Step::Await(1 + seeded.below(begun)));
            }
        }
        steps
    }

    async fn click(&self, at: usize) -> Page {
        let click = &self.clicks[at];
        let replica = self.replicas[click.replica];
        let page = self.people[at]
            .0
            .goes(self.world, replica, click.role, click.keys);
        let page = page.await;
        self.standing.lock().unwrap()[at].done = true;
        page
    }

    async fn act(&self, act: Act, replica: &str, without: &BTreeSet<usize>) {
        let of = |at: usize| format!("/admin/people/{}", self.people[at].0.key(self.world));
        let posts = async |path: &str, fields: &[(&str, &str)]| {
            self.admin.posts(self.world, replica, path, fields).await
        };
        let page = match act {
            Act::Block(at) => posts(&of(at), &[("deed", "block"), ("note", "a test")]).await,
            Act::EndAll(at) => posts(&of(at), &[("deed", "end"), ("session", "all")]).await,
            Act::EndOthers(at) => {
                let other = &self.people[at].1;
                let fields = [("end", "others")];
                other.posts(self.world, replica, "/sessions", &fields).await
            }
            Act::SuspendRole => {
                posts("/admin/stops", &[("deed", "suspend"), ("place", ROLES[2])]).await
            }
            Act::SuspendAccount => {
                posts("/admin/stops", &[("deed", "suspend"), ("place", DEV)]).await
            }
            Act::Publish => {
                let document = model(self.clicks.len(), without);
                let begun = posts("/admin/drafts", &[("name", ""), ("from", "")]).await;
                let draft = begun.location().expect("a draft").path().to_owned();
                let fields = [("version", "1"), ("document", &document), ("then", "stay")];
                let saved = posts(&draft, &fields).await;
                assert_eq!(saved.status, 303, "{}", saved.body);
                let base = self.base.to_string();
                let fields = [("version", "2"), ("revision", &base), ("note", "a test")];
                posts(&format!("{draft}/publish"), &fields).await
            }
        };
        assert_eq!(page.status, 303, "{act:?}: {}", page.body);
        // whatever has left by now has been received, and only has to be looked at
        for _ in 0..200 {
            tokio::task::yield_now().await;
        }
        let mut standing = self.standing.lock().unwrap();
        for (click, standing) in self.clicks.iter().zip(standing.iter_mut()) {
            standing.too_late |= click.is_forbidden_by(act) && !standing.done;
        }
        self.confirmed.send_modify(|count| *count += 1);
    }

    /// Runs it; says how many hand-overs happened and how many came too late.
    async fn run(&self, mut seeded: Seeded) -> (usize, usize) {
        let acts = self.acts(&mut seeded);
        let without =
            (0..self.clicks.len()).filter(|at| self.clicks[*at].own == Some(Act::Publish));
        let without: BTreeSet<usize> = without.collect();
        let faults = &self.world.sandbox.simulation().faults;
        for latch in &self.latches {
            let hold = Fault::HoldAnswer(latch.clone());
            faults.plan(HostKind::Sts, Some("AssumeRole"), hold);
        }
        let steps = self.steps(&acts, &mut seeded);
        let (began, _) = watch::channel(0_usize);
        let mut clicks = Vec::new();
        let mut done = Vec::new();
        for (number, step) in steps.iter().enumerate() {
            // each begins when the driver has come so far
            match *step {
                Step::Click(at) => clicks.push(self.at(number, &began, self.click(at), at)),
                Step::Act(act) => {
                    let replica = self.replicas[seeded.below(2)];
                    let act = self.act(act, replica, &without);
                    done.push(self.at(number, &began, act, 0));
                }
                Step::Release(_) | Step::Await(_) => {}
            }
        }
        let drive = async {
            let mut confirmed = self.confirmed.subscribe();
            for (number, step) in steps.iter().enumerate() {
                began.send_replace(number + 1);
                match step {
                    Step::Release(at) => self.latches[*at].release(),
                    Step::Await(count) => {
                        confirmed.wait_for(|now| now >= count).await.unwrap();
                    }
                    Step::Click(_) | Step::Act(_) => {}
                }
                for _ in 0..seeded.below(24) {
                    tokio::task::yield_now().await;
                }
            }
            self.latches.iter().for_each(Latch::release);
        };
        let (pages, _, ()) = tokio::join!(join_all(clicks), join_all(done), drive);
        faults.clear();
        self.judged(&acts, &pages)
    }

    /// Something that begins when the driver comes to a step.
    async fn at<T>(
        &self,
        number: usize,
        began: &watch::Sender<usize>,
        what: impl Future<Output = T>,
        tag: usize,
    ) -> (usize, T) {
        let mut began = began.subscribe();
        let begins = began.wait_for(|begun| *begun > number);
        drop(begins.await.unwrap());
        (tag, what.await)
    }

    fn judged(&self, acts: &[Act], pages: &[(usize, Page)]) -> (usize, usize) {
        let standing = self.standing.lock().unwrap();
        let (mut handed, mut late) = (0, 0);
        for (at, page) in pages {
            let click = &self.clicks[*at];
            let told = || {
                format!(
                    "seed {}, click {at}: {} {}",
                    self.seed, page.status, page.body
                )
            };
            let is_over = hands_over(page);
            assert!(page.status < 500, "{}", told());
            if standing[*at].too_late {
                assert!(!is_over, "left after the confirmation: {}", told());
                late += 1;
            }
            if !acts.iter().any(|act| click.is_forbidden_by(*act)) {
                assert!(is_over, "nobody forbade it: {}", told());
            }
            handed += usize::from(is_over);
        }
        (handed, late)
    }
}

/// Puts everything back, without waiting for what takes nothing away.
async fn restored(world: &World, admin: &Somebody, replicas: [&str; 2], model: &str) {
    for (kind, target) in [
        ("account", DEV.to_owned()),
        ("role", format!("{PROD}/Narrow")),
    ] {
        let fields = [("deed", "lift"), ("kind", kind), ("target", &target)];
        let lifted = admin
            .posts(world, replicas[0], "/admin/stops", &fields)
            .await;
        assert!([303, 404].contains(&lifted.status), "{}", lifted.body);
    }
    let clock = Arc::new(ShiftedClock::default());
    vestibule::cli::apply_at(&world.configuration(), (model, "back"), clock)
        .await
        .unwrap();
    for replica in replicas {
        // a portal shows the newest revision, so its replica knows it then
        let portal = admin.browser.opens_once(&format!("{replica}/")).await;
        assert_eq!(portal.status, 200, "{}", portal.body);
    }
}

#[tokio::test]
async fn b14_nothing_leaves_after_the_confirmation_of_what_forbids_it_whatever_the_order() {
    let waves = if counts::are_full() {
        10_000 / CLICKS
    } else {
        2
    };
    let database = Cluster::shared().database();
    let model = model(CLICKS, &BTreeSet::new());
    let world = World::builder().database(&database).model(&model);
    let world = world.start().await;
    let (other, url) = world.replica().await;
    world.clock.let_wait();
    let replicas = [world.url.as_str(), url.as_str()];
    let cookie = cookie_name(&world);
    let like = world.browser();
    let admin = identity("ada", &["cloud-admins"]);
    let admin = Somebody::begins(&world, &cookie, &like, admin).await;
    let (mut handed, mut late) = (0, 0);
    for seed in 0..waves as u64 {
        restored(&world, &admin, replicas, &model).await;
        let mut seeded = Seeded(seed);
        let mut people = Vec::new();
        for at in 0..CLICKS {
            let who = identity(&format!("p-{seed}-{at}"), &[&format!("slot-{at}")]);
            let one = Somebody::begins(&world, &cookie, &like, who.clone()).await;
            people.push((one, Somebody::begins(&world, &cookie, &like, who).await));
        }
        let wave = Wave {
            world: &world,
            replicas,
            admin: &admin,
            people,
            clicks: (0..CLICKS).map(|at| Click::of(at, &mut seeded)).collect(),
            latches: (0..CLICKS).map(|_| Latch::new()).collect(),
            standing: Mutex::new(vec![Standing::default(); CLICKS]),
            confirmed: watch::Sender::new(0),
            base: world.app.store().revision_number().await.unwrap(),
            seed,
        };
        let (of_wave, too_late) = wave.run(seeded).await;
        handed += of_wave;
        late += too_late;
    }
    assert!(handed > waves * CLICKS / 4, "{handed} were handed over");
    assert!(late > waves, "{late} came too late");
    other.stop().await;
    world.stop().await;
}
