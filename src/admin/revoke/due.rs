//! What is left over: a second cut, a cut that AWS did not take, and policies that have done their work. Any replica does
//! it, whoever asked for it; it is tried a bounded number of times, and that it was given up is said.

use std::fmt;
use std::sync::Arc;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::cut::Cut;
use super::report::{Place, State};
use super::{Asked, Revocations};
use crate::admin::Error;
use crate::domain::Timestamp;
use crate::domain::audit::{Event, EventKind};
use crate::domain::revoke::{Holder, Order, Whom};
use crate::store::{Due, DueState};

/// When what could not be done is tried again first; then after twice as long each time.
pub(super) const SOON: TimeDelta = TimeDelta::minutes(1);
/// And after so long at most.
const LATEST: TimeDelta = TimeDelta::hours(1);
/// How often it is tried.
const MOST_TRIES: i64 = 12;
/// How often a second cut is tried that AWS refuses, whatever it says: the first was taken, so it is likelier to pass.
const MOST_REFUSALS: i64 = 4;
/// For how long a replica has a piece of work.
const CLAIMED: TimeDelta = TimeDelta::minutes(5);
/// How long after a policy's last statement it is tidied.
const AFTER: TimeDelta = TimeDelta::minutes(1);
/// How many pieces of work are listed.
const LISTED: u32 = 100;

/// Why something is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It was asked for.
    Asked,
    /// It is the second time, when the last link is worthless.
    OnceMore,
    /// A policy has done its work.
    Tidy,
}

impl Why {
    /// The word for programs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::OnceMore => "once_more",
            Self::Tidy => "tidy",
        }
    }
}

/// Who hears of work that is not tried any more. Cheap to clone.
#[derive(Clone)]
pub struct OnGivenUp(Arc<dyn Fn(Why) + Send + Sync>);

impl OnGivenUp {
    /// Calls this each time.
    pub fn new(hears: impl Fn(Why) + Send + Sync + 'static) -> Self {
        Self(Arc::new(hears))
    }
}

impl fmt::Debug for OnGivenUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnGivenUp")
    }
}

/// A piece of work, as it lies in the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Work {
    pub(super) why: Why,
    pub(super) order: Order,
    /// Sessions that began before this.
    pub(super) cutoff: Timestamp,
    /// Who asked.
    pub(super) by: Event,
}

/// A piece of work, as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Why it is to be done.
    pub why: Why,
    /// In which account, by its alias.
    pub account: String,
    /// The roles whose sessions are meant.
    pub roles: Vec<String>,
    /// Whether all sessions are meant, and not those of one person.
    pub everybody: bool,
    /// When.
    pub due: Timestamp,
    /// How it stands: `due`, `done`, `given_up`.
    pub state: &'static str,
    /// Why it is not done.
    pub cause: String,
    /// When it changed last.
    pub changed: Timestamp,
}

/// The ids of the pieces of work of one order: now, and once more.
pub(super) type Noted = Vec<(Order, String, Option<String>)>;

impl Revocations {
    /// Notes what is to be done, before anything is; noted again, it is to be done by the later moment.
    pub(super) async fn note(
        &self,
        asked: &Asked,
        (id, at): (&str, Timestamp),
        by: &Event,
        orders: &[Order],
    ) -> Result<Noted, Error> {
        let mut noted = Vec::new();
        let now = self.0.clock.now();
        for (number, order) in orders.iter().enumerate() {
            let work = |why, cutoff| Work {
                why,
                order: order.clone(),
                cutoff,
                by: by.clone(),
            };
            // an account's work is found by how its ids begin
            let first = format!("{}-{id}-{number}", order.account);
            self.add(
                &first,
                &work(Why::Asked, asked.way.cutoff(at)),
                now + CLAIMED,
            )
            .await?;
            let second = match asked.way.once_more(at) {
                Some(again) => {
                    let second = format!("{first}-again");
                    self.add(&second, &work(Why::OnceMore, again), again)
                        .await?;
                    Some(second)
                }
                None => None,
            };
            noted.push((order.clone(), first, second));
        }
        Ok(noted)
    }

    /// Says of each piece of work how it stands after the first try.
    pub(super) async fn settle_all(&self, noted: Noted, places: &mut [Place]) -> Result<(), Error> {
        for (order, first, second) in noted {
            let Some(place) = places.iter().find(|place| place.order == order) else {
                continue;
            };
            self.settle((&first, Why::Asked), place, 0).await?;
            // where nothing can be put, nothing can be put later
            if let (Some(second), State::NotCut { cause, .. }) = (second, &place.state) {
                let now = self.0.clock.now();
                self.give_up((&second, Why::OnceMore), cause, now).await?;
            }
        }
        Ok(())
    }

    /// Does everything that is due, and says how much that was.
    pub async fn do_what_is_due(&self) -> Result<usize, Error> {
        let _one = self.0.one_at_a_time.lock().await;
        let mut done = 0;
        loop {
            let now = self.0.clock.now();
            let claimed = self.0.store.claim_revocation(now + CLAIMED, now).await?;
            let Some(due) = claimed else {
                return Ok(done);
            };
            self.perform(&due).await?;
            done += 1;
        }
    }

    async fn perform(&self, due: &Due) -> Result<(), Error> {
        let now = self.0.clock.now();
        let Ok(work) = serde_json::from_str::<Work>(&due.work) else {
            let cause = "it cannot be read";
            return self.give_up((&due.id, Why::Asked), cause, now).await;
        };
        self.follow().await?;
        let index = self.0.access.index();
        let by = Event {
            account: Some(work.order.account.to_string()),
            ..work.by.clone()
        };
        self.record(EventKind::RevokeBegun, &by).await?;
        let opened = self.open(&index, vec![work.order.clone()], true).await;
        let cut = Cut {
            cutoff: work.cutoff,
            once_more: None,
            apply: true,
        };
        let places = self.work_on(opened, cut).await;
        self.ended(&by, &places).await?;
        if let Some(place) = places.first() {
            self.settle((&due.id, work.why), place, due.tries).await?;
        }
        Ok(())
    }

    /// Says how a piece of work stands after a try.
    async fn settle(&self, (id, why): (&str, Why), place: &Place, tries: i64) -> Result<(), Error> {
        let now = self.0.clock.now();
        let (state, cause) = match &place.state {
            State::Planned | State::Cut => ((DueState::Done, now), ""),
            State::Pending { cause, .. } if tries < MOST_TRIES => {
                ((DueState::Due, now + backoff(tries)), cause.as_str())
            }
            State::NotCut { cause, .. } if why == Why::OnceMore && tries < MOST_REFUSALS => {
                ((DueState::Due, now + backoff(tries)), cause.as_str())
            }
            State::Pending { cause, .. } | State::NotCut { cause, .. } => {
                return self.give_up((id, why), cause, now).await;
            }
        };
        self.0
            .store
            .settle_revocation(id, state, cause, now)
            .await?;
        if let (State::Cut, Some(until)) = (&place.state, place.until) {
            self.tidy_later(place, until).await?;
        }
        Ok(())
    }

    /// Says that a piece of work is not tried any more, where people read it and where it is counted.
    async fn give_up(
        &self,
        (id, why): (&str, Why),
        cause: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let given_up = (DueState::GivenUp, now);
        let store = &self.0.store;
        store.settle_revocation(id, given_up, cause, now).await?;
        (self.0.on_given_up.0)(why);
        Ok(())
    }

    /// Has the policy looked at again when its last statement has done its work: one piece of work for each role or user.
    async fn tidy_later(&self, place: &Place, until: Timestamp) -> Result<(), Error> {
        let order = Order {
            whom: Whom::Nobody,
            ..place.order.clone()
        };
        let holder = match &order.holder {
            Holder::Role(name) => format!("role-{name}"),
            Holder::Issuing(name) | Holder::User(name) => format!("user-{name}"),
        };
        let id = format!("tidy-{}-{holder}", order.account);
        let work = Work {
            why: Why::Tidy,
            order,
            cutoff: until,
            by: Event {
                display_name: Some("Vestibule".to_owned()),
                ..Event::default()
            },
        };
        self.add(&id, &work, until + AFTER).await
    }

    async fn add(&self, id: &str, work: &Work, due: Timestamp) -> Result<(), Error> {
        let json = serde_json::to_string(work).map_err(|_| Error::Interrupted)?;
        let now = self.0.clock.now();
        self.0.store.add_revocation(id, &json, due, now).await?;
        Ok(())
    }

    /// What is to be done, and what was done lately.
    pub async fn waiting(&self) -> Result<(Vec<Waiting>, Vec<Waiting>), Error> {
        let open = self.0.store.open_revocations(LISTED).await?;
        let ended = self.0.store.ended_revocations(LISTED).await?;
        let read = |rows: Vec<Due>| rows.iter().filter_map(waiting).collect();
        Ok((read(open), read(ended)))
    }
}

fn waiting(due: &Due) -> Option<Waiting> {
    let work: Work = serde_json::from_str(&due.work).ok()?;
    Some(Waiting {
        why: work.why,
        account: work.order.alias.to_string(),
        roles: work.order.roles.into_iter().collect(),
        everybody: work.order.whom == Whom::Everybody,
        due: due.due,
        state: due.state.word(),
        cause: due.cause.clone(),
        changed: due.changed,
    })
}

/// Twice as long each time.
fn backoff(tries: i64) -> TimeDelta {
    let doubled = u32::try_from(tries).unwrap_or(u32::MAX).min(6);
    (SOON * (1 << doubled)).min(LATEST)
}
