//! One policy: read what stands, put it together with what is wanted, put it, and read it back.

use std::time::Duration;

use super::Revocations;
use super::by_hand::ByHand;
use super::cause::Stop;
use super::earlier::Earlier;
use super::open::{Found, Job, Opened, Part, called};
use super::report::{OnceMore, Place, State};
use crate::aws::{Bearer, Error as AwsError, RevokerSession};
use crate::domain::Timestamp;
use crate::domain::revoke::{
    Entry, Match, Merged, Order, POLICY, Widening, aims, characters, merge,
};
use crate::random::hex;

/// How often somebody else may get in between.
const ROUNDS: usize = 3;

/// How long IAM is given to read back what it took: it is only consistent in the end.
const READ_BACK: [Duration; 3] = [
    Duration::ZERO,
    Duration::from_millis(200),
    Duration::from_millis(800),
];

/// How long to wait for another who is at work in the account.
const WAITS: [Duration; 4] = [
    Duration::ZERO,
    Duration::from_millis(200),
    Duration::from_millis(600),
    Duration::from_millis(1_500),
];

/// For how long an account is taken.
const TAKEN: chrono::TimeDelta = chrono::TimeDelta::minutes(5);

/// Up to when is cut.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut {
    /// Sessions that began before this.
    pub(super) cutoff: Timestamp,
    /// When it is done once more, up to that moment.
    pub(super) once_more: Option<Timestamp>,
    /// Whether it is done, and not only looked at.
    pub(super) apply: bool,
}

/// What stands on a role or user.
pub(super) struct Standing {
    pub(super) ours: Option<String>,
    /// The characters of all others.
    pub(super) others: usize,
}

/// What was found out of a place, whatever came of it.
#[derive(Default)]
pub(super) struct Known {
    /// The role's unique id.
    pub(super) id: Option<String>,
    pub(super) standing: Option<Standing>,
}

/// What was found out, or done.
struct Done {
    merged: Merged,
    /// The role's id could not be had, and a star stands for it.
    starred: bool,
}

/// Who works where: a session of the account's revoker, and what it is about.
struct Hand<'a> {
    session: &'a RevokerSession,
    found: &'a Found,
}

impl Revocations {
    /// Works on one account: its places one after the other, while nobody else does.
    pub(super) async fn work_on(&self, opened: Opened, cut: Cut) -> Vec<Place> {
        let account = opened.orders().next().map(|order| order.account.clone());
        let Some(account) = account else {
            return Vec::new();
        };
        let holder = hex::<8>(self.0.random.as_ref());
        let mut taken = if cut.apply {
            self.take(account.as_str(), &holder).await
        } else {
            Ok(())
        };
        let mut places = Vec::new();
        for part in &opened.parts {
            for job in &part.jobs {
                let earlier = self.earlier(&account).await;
                let mut known = Known::default();
                let done = match (&taken, &earlier) {
                    (Ok(()), Ok(earlier)) => {
                        self.work((part, job), (earlier, cut), &mut known).await
                    }
                    (Err(stop), _) | (_, Err(stop)) => Err(stop.clone()),
                };
                if cut.apply && taken.is_ok() {
                    // where AWS is slow, the next one takes as long again
                    taken = self.keep(account.as_str(), &holder).await;
                }
                let mut place = self.place(job, cut, done);
                if let Ok(earlier) = &earlier {
                    let (order, known) = (&job.order, &known);
                    let by_hand = ByHand {
                        order,
                        earlier,
                        known,
                    };
                    self.for_another_way(&mut place, &by_hand, cut);
                }
                places.push(place);
            }
        }
        if cut.apply && taken.is_ok() {
            // what is not left is free again after a while
            let _ = self.0.store.leave_account(account.as_str(), &holder).await;
        }
        places
    }

    async fn take(&self, account: &str, holder: &str) -> Result<(), Stop> {
        for wait in WAITS {
            tokio::time::sleep(wait).await;
            let now = self.0.clock.now();
            let taken = self.0.store.take_account(account, holder, now + TAKEN, now);
            match taken.await {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                Err(_) => return Err(Stop::no_database()),
            }
        }
        Err(Stop::for_now(
            "taken",
            "Somebody else is changing policies in this account at this moment.",
        ))
    }

    /// Goes on having the account. Whoever does not have it any more stops: another may be at work there.
    async fn keep(&self, account: &str, holder: &str) -> Result<(), Stop> {
        let now = self.0.clock.now();
        let kept = self.0.store.take_account(account, holder, now + TAKEN, now);
        match kept.await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Stop::for_now(
                "taken",
                "It took so long that somebody else is changing policies in this account by now.",
            )),
            Err(_) => Err(Stop::no_database()),
        }
    }

    async fn work(
        &self,
        (part, job): (&Part, &Job),
        (earlier, cut): (&Earlier, Cut),
        known: &mut Known,
    ) -> Result<Done, Stop> {
        let found = job.found.as_ref().map_err(Clone::clone)?;
        let session = part.session.as_ref().map_err(Clone::clone)?;
        let hand = Hand { session, found };
        let by_id = needs_id(earlier, (&job.order, cut.cutoff), self.0.clock.now());
        known.id = self.role_id(&hand, by_id).await?;
        let starred = known.id.is_none() && by_id;
        let id = known.id.as_deref();
        // what IAM says stands there can be older than what another has just put
        let wanted = earlier.wanted((&job.order, cut.cutoff), self.0.clock.now(), id);
        for _ in 0..ROUNDS {
            let standing = &*known.standing.insert(self.standing(&hand).await?);
            let kind = job.order.kind();
            let room = kind.room().saturating_sub(standing.others);
            let ours = standing.ours.as_deref();
            let merged = merge(ours, &wanted, (&kind, room), self.0.clock.now())?;
            let same = same(ours, merged.document.as_deref());
            if !cut.apply || same || self.put(&hand, ours, &merged).await? {
                return Ok(Done { merged, starred });
            }
        }
        Err(Stop::for_now(
            "read_back",
            "IAM reads back another policy than was put: somebody else changes it, or it has not reached everything yet.",
        ))
    }

    /// The unique id of a role whose sessions are meant by it; `None` where that is not allowed.
    async fn role_id(&self, hand: &Hand<'_>, by_id: bool) -> Result<Option<String>, Stop> {
        let (Bearer::Role(name), true) = (&hand.found.bearer, by_id) else {
            return Ok(None);
        };
        match self.0.iam.role_id(hand.session, name).await {
            Ok(id) => Ok(Some(id)),
            Err(AwsError::Refused { refusal, .. }) if refusal.code == "AccessDenied" => Ok(None),
            Err(error) => Err(stop(&error)),
        }
    }

    async fn standing(&self, hand: &Hand<'_>) -> Result<Standing, Stop> {
        let (iam, bearer) = (&self.0.iam, &hand.found.bearer);
        let names = iam.policy_names(hand.session, bearer).await;
        let names = names.map_err(|error| stop(&error))?;
        let mut standing = Standing {
            ours: None,
            others: 0,
        };
        for name in names {
            let document = iam.policy(hand.session, bearer, &name).await;
            match document {
                Ok(document) if name == POLICY => standing.ours = Some(document),
                Ok(document) => standing.others += characters(&document),
                // it went while the list was read
                Err(AwsError::Refused { refusal, .. }) if refusal.code == "NoSuchEntity" => {}
                Err(error) => return Err(stop(&error)),
            }
        }
        Ok(standing)
    }

    /// Puts the policy, or takes it away; says whether IAM reads it back.
    async fn put(
        &self,
        hand: &Hand<'_>,
        standing: Option<&str>,
        merged: &Merged,
    ) -> Result<bool, Stop> {
        let (iam, bearer) = (&self.0.iam, &hand.found.bearer);
        let put = match &merged.document {
            Some(document) => {
                iam.put_policy(hand.session, bearer, (POLICY, document))
                    .await
            }
            None if standing.is_some() => iam.delete_policy(hand.session, bearer, POLICY).await,
            None => Ok(()),
        };
        put.map_err(|error| stop(&error))?;
        for wait in READ_BACK {
            tokio::time::sleep(wait).await;
            let read = self.standing(hand).await?;
            if same(read.ours.as_deref(), merged.document.as_deref()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What is said of it.
    fn place(&self, job: &Job, cut: Cut, done: Result<Done, Stop>) -> Place {
        let order = &job.order;
        let mut place = Place {
            account: order.account.clone(),
            alias: order.alias.clone(),
            holder: called(order, job.found.as_ref().ok()),
            roles: order.roles.iter().cloned().collect(),
            aims: aims(order, cut.cutoff),
            document: None,
            once_more: None,
            notes: Vec::new(),
            state: if cut.apply {
                State::Cut
            } else {
                State::Planned
            },
            order: order.clone(),
            until: None,
        };
        match done {
            Ok(done) => {
                place.notes = notes(&done);
                place.until = done.merged.until;
                place.document = done.merged.document;
            }
            Err(Stop { cause, code, again }) => {
                place.state = if again {
                    let again = self.0.clock.now() + super::due::SOON;
                    State::Pending { cause, code, again }
                } else {
                    State::NotCut { cause, code }
                };
            }
        }
        place
    }

    /// Adds the policies for whoever puts them in another way.
    fn for_another_way(&self, place: &mut Place, by_hand: &ByHand<'_>, cut: Cut) {
        if place.state == State::Cut {
            return;
        }
        if place.state != State::Planned {
            let drafted = by_hand.policy(cut.cutoff, self.0.clock.now());
            place
                .notes
                .extend(drafted.as_ref().map(|drafted| drafted.note().to_owned()));
            place.document = drafted.map(|drafted| drafted.document);
        }
        place.once_more = cut.once_more.and_then(|at| {
            let document = by_hand.policy(at, at)?.document;
            Some(OnceMore { at, document })
        });
    }
}

fn stop(error: &AwsError) -> Stop {
    tracing::warn!(
        error = error as &dyn std::error::Error,
        "iam did not do what ends sessions"
    );
    Stop::from(error)
}

/// Whether some sessions are meant by the role's unique id: what is wanted then depends on it.
fn needs_id(earlier: &Earlier, order: (&Order, Timestamp), at: Timestamp) -> bool {
    let entries = earlier.wanted(order, at, None);
    let by_id = |entry: &Entry| {
        let only = entry.only.as_ref();
        only.is_some_and(|only| only.by == Match::UserIdLike && !only.undated)
    };
    let counts = |entry: &&Entry| {
        let covers = |other: &Entry| other.only.is_none() && other.covers(entry);
        !entry.is_over(at) && !entries.iter().any(covers)
    };
    entries.iter().filter(counts).any(by_id)
}

/// Whether two documents say the same, however they are written.
fn same(one: Option<&str>, other: Option<&str>) -> bool {
    let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
    match (one, other) {
        (None, None) => true,
        (Some(one), Some(other)) => {
            one == other || read(one).is_some_and(|one| Some(one) == read(other))
        }
        _ => false,
    }
}

fn notes(done: &Done) -> Vec<String> {
    let mut notes = Vec::new();
    match done.merged.widened {
        None => {}
        Some(Widening::Later) => notes.push(
            "There is not enough room for each moment: whoever was cut off here before is cut off up to the newest one, so sessions that they began since end as well.".to_owned(),
        ),
        Some(Widening::Everybody) => notes.push(
            "There is not enough room for names: all sessions that began before are cut off, everybody's.".to_owned(),
        ),
    }
    if done.starred {
        notes.push(
            "AWS did not tell the role's unique id, so a star stands for it. It means the same sessions.".to_owned(),
        );
    }
    if done.merged.kept > 0 {
        notes.push(format!(
            "{} of the statements under this name were not written by Vestibule. They stay.",
            done.merged.kept
        ));
    }
    notes
}
