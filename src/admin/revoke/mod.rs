//! Revoking: sessions in AWS are cut off by policies, account by account, through the revoker of each.
//!
//! It ends what is there, and by itself keeps nobody from coming in again. Whoever shall not come back is blocked first, or
//! the role suspended or taken away, and then revoked: what was let through until then is of before the moment, or of the
//! quarter of an hour that both ways see to. `stopped` does that first where it is asked for.
//!
//! What is to be done is in the database before AWS is asked for anything, so that it is done whatever happens meanwhile:
//! by whoever asked, or else by any replica. Nothing counts as cut before IAM has read the policy back. `people` and `roles`
//! find what the audit log has of somebody, or of a role, `issued_by` by whose key that was, `open` becomes the revokers, `cut` changes one policy, `earlier` has what was asked for
//! before, `by_hand` makes the policies for another way, `due` does what was left over, `report` says what came of it.

mod by_hand;
mod cause;
mod cut;
mod due;
mod earlier;
mod issued_by;
mod open;
mod people;
mod purged;
mod report;
mod roles;
mod stopped;
mod written;

use std::sync::Arc;

use futures_util::StreamExt as _;

use super::Error;
use crate::aws::{Iam, Sts};
use crate::clock::SharedClock;
use crate::domain::Timestamp;
use crate::domain::access::AccessIndex;
use crate::domain::audit::{self, Event, EventKind};
use crate::domain::revoke::{Gap, Order, PLAN, Target, Way, moment, orders, ways_past};
use crate::issuer::Issuer;
use crate::random::{SharedRandom, hex};
use crate::store::{Access, Store};

pub use due::{OnGivenUp, Waiting, Why};
pub use people::{SeenLately, SeenPeople};
pub use report::{OnceMore, Outcome, Place, Revocation, State};
pub use stopped::{StopFirst, Stopped, is_own};

use cut::Cut;
use due::Noted;
use open::Opened;
use roles::{by_todays_names, is_gone};

/// How many accounts are worked on at once.
const AT_ONCE: usize = 8;

/// Revokes sessions. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Revocations(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    access: Access,
    issuer: Issuer,
    sts: Sts,
    iam: Iam,
    clock: SharedClock,
    random: SharedRandom,
    on_given_up: OnGivenUp,
    /// What is due is done by one at a time in a process.
    one_at_a_time: tokio::sync::Mutex<()>,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Who is cut off.
    pub target: Target,
    /// What is done about links.
    pub way: Way,
    /// Whether they are stopped first: blocked, or the role suspended. A plan only says whether they are.
    pub stop_first: Option<StopFirst>,
}

impl Asked {
    /// Cut off, and stopped by nobody.
    pub fn new(target: Target, way: Way) -> Self {
        Self {
            target,
            way,
            stop_first: None,
        }
    }
}

impl Revocations {
    /// Sets it up; nothing is asked.
    pub fn new(
        (store, access): (Store, Access),
        (sts, iam): (Sts, Iam),
        issuer: Issuer,
        (clock, random): (SharedClock, SharedRandom),
        on_given_up: OnGivenUp,
    ) -> Self {
        Self(Arc::new(Inner {
            store,
            access,
            issuer,
            sts,
            iam,
            clock,
            random,
            on_given_up,
            one_at_a_time: tokio::sync::Mutex::default(),
        }))
    }

    /// What would be done: every policy as it would be put, read from AWS, with nothing changed there.
    pub async fn plan(&self, asked: &Asked, by: Event) -> Result<Revocation, Error> {
        self.revoke(asked, None, false, by).await
    }

    /// Does it. `at`: the moment that a plan named; without one, now. Where somebody was stopped since, for it or by anybody
    /// else, it is now in any case: what was let through between is meant, too. It goes on to its end even if whoever asked goes away.
    pub async fn apply(
        &self,
        asked: &Asked,
        at: Option<Timestamp>,
        by: Event,
    ) -> Result<Revocation, Error> {
        let now = self.0.clock.now();
        // any moment may be said: none is added to
        if at.is_some_and(|at| (at - now).abs() > PLAN) {
            return Err(Error::PlanTooOld);
        }
        let (own, asked) = (self.clone(), asked.clone());
        let done = tokio::spawn(async move { own.revoke(&asked, at, true, by).await });
        done.await.map_err(|_| Error::Interrupted)?
    }

    /// Closes the database's connections.
    pub async fn close(&self) {
        self.0.store.close().await;
    }

    async fn revoke(
        &self,
        asked: &Asked,
        at: Option<Timestamp>,
        apply: bool,
        by: Event,
    ) -> Result<Revocation, Error> {
        self.follow().await?;
        let index = self.0.access.index();
        let asked = &by_todays_names(&index, asked);
        let role_is_gone = is_gone(&index, &asked.target);
        if role_is_gone {
            self.record_has(&index, &asked.target).await?;
        }
        let stopped = if apply {
            self.stop_first(asked, &by).await?
        } else {
            self.stopped(&asked.target).await?
        };
        let at = match at {
            Some(at) if !self.is_recent(&asked.target, at, stopped).await? => None,
            at => at,
        };
        let Wanted {
            orders,
            gaps,
            ways_past,
        } = self.orders(&index, &asked.target).await?;
        let id = hex::<8>(self.0.random.as_ref());
        let by = event(asked, &index, &orders, by);
        self.record(EventKind::RevokeBegun, &by).await?;
        let provisional = at.unwrap_or_else(|| moment(self.0.clock.now()));
        let mut work = Noted::new();
        if apply {
            work = self.note(asked, (&id, provisional), &by, &orders).await?;
        }
        let opened = self.open_all(&index, orders.clone(), apply).await;
        let at = at.unwrap_or_else(|| {
            // the later of both clocks: AWS's decides, and ours says what has been handed over
            let began = opened.iter().filter_map(Opened::began);
            moment(began.fold(self.0.clock.now(), Timestamp::max))
        });
        if apply && at != provisional {
            work = self.note(asked, (&id, at), &by, &orders).await?;
        }
        let cut = Cut {
            cutoff: asked.way.cutoff(at),
            once_more: asked.way.once_more(at),
            apply,
        };
        let mut places = self.work_on_all(opened, cut).await;
        self.all_ended(&by, (&places, &gaps)).await?;
        self.settle_all(work, &mut places).await?;
        let some = |place: &Place| !matches!(place.state, State::NotCut { .. });
        let again = apply && places.iter().any(some);
        Ok(Revocation {
            asked: asked.clone(),
            at,
            applied: apply,
            places,
            gaps: gaps.iter().map(Gap::to_string).collect(),
            once_more: asked.way.once_more(at).filter(|_| again),
            stopped,
            ways_past,
            role_is_gone,
        })
    }

    async fn open_all(&self, index: &AccessIndex, orders: Vec<Order>, apply: bool) -> Vec<Opened> {
        futures_util::stream::iter(by_account(orders))
            .map(|orders| self.open(index, orders, apply))
            .buffered(AT_ONCE)
            .collect()
            .await
    }

    async fn work_on_all(&self, opened: Vec<Opened>, cut: Cut) -> Vec<Place> {
        let worked: Vec<Vec<Place>> = futures_util::stream::iter(opened)
            .map(|opened| self.work_on(opened, cut))
            .buffered(AT_ONCE)
            .collect()
            .await;
        worked.into_iter().flatten().collect()
    }

    async fn orders(&self, index: &AccessIndex, target: &Target) -> Result<Wanted, Error> {
        let now = self.0.clock.now();
        let (mut handovers, unreadable) = match target {
            Target::Role(key) => self.handovers_of_role(index, key, now).await?,
            Target::Person(person) => self.handovers(person, now).await?,
        };
        self.note_credentials(index, &mut handovers).await?;
        let surroundings = self.0.access.surroundings();
        let known = (index.model().as_ref(), &surroundings.credentials);
        let (orders, mut gaps) = orders(known, target, &handovers, now);
        gaps.extend((unreadable > 0).then_some(Gap::Unreadable { rows: unreadable }));
        gaps.extend(self.purged(target, now).await?);
        let before = self.forwarded_before(index, target, &handovers).await?;
        Ok(Wanted {
            orders,
            gaps,
            ways_past: ways_past(index.model(), target, before.as_ref()),
        })
    }

    /// A role that the access model does not have is one only if the record has it.
    async fn record_has(&self, index: &AccessIndex, target: &Target) -> Result<(), Error> {
        match target {
            Target::Role(key) if self.orders(index, target).await?.is_empty() => {
                Err(Error::NoSuchRole(key.to_string()))
            }
            Target::Role(_) | Target::Person(_) => Ok(()),
        }
    }

    async fn follow(&self) -> Result<(), Error> {
        let followed = self.0.access.follow(&self.0.store).await;
        followed.map_err(|error| match error {
            crate::store::AccessError::Store(error) => Error::Store(error),
            unusable @ crate::store::AccessError::Unusable { .. } => {
                Error::Follow(Box::new(unusable))
            }
        })
    }

    async fn record(&self, kind: EventKind, event: &Event) -> Result<(), Error> {
        self.0.store.append(kind, event, self.0.clock.now()).await?;
        Ok(())
    }

    /// The rows that end it, one for each account; one where there is none.
    async fn all_ended(&self, by: &Event, (places, gaps): (&[Place], &[Gap])) -> Result<(), Error> {
        // places of one account lie side by side
        for of_account in places.chunk_by(|one, other| one.account == other.account) {
            self.ended(by, of_account).await?;
        }
        if places.is_empty() {
            let result = if gaps.is_empty() {
                "nothing"
            } else {
                "not_cut"
            };
            let event = Event {
                result: Some(result.to_owned()),
                ..by.clone()
            };
            self.record(EventKind::RevokeEnded, &event).await?;
        }
        Ok(())
    }

    /// The row that ends it for one account.
    async fn ended(&self, by: &Event, places: &[Place]) -> Result<(), Error> {
        let Some(worst) = places.iter().max_by_key(|place| place.state.rank()) else {
            return Ok(());
        };
        let cut = places.iter().filter(|place| place.state == State::Cut);
        let event = Event {
            account: Some(worst.account.to_string()),
            result: Some(worst.state.word().to_owned()),
            cause: worst.state.code().map(str::to_owned),
            count: i64::try_from(cut.count()).ok(),
            ..by.clone()
        };
        self.record(EventKind::RevokeEnded, &event).await
    }
}

/// What there is to do, and what can not be done.
#[derive(Debug)]
struct Wanted {
    orders: Vec<Order>,
    gaps: Vec<Gap>,
    ways_past: Vec<String>,
}

impl Wanted {
    fn is_empty(&self) -> bool {
        self.orders.is_empty() && self.gaps.is_empty()
    }
}

/// Who asks for what, for the audit log.
fn event(asked: &Asked, index: &AccessIndex, orders: &[Order], by: Event) -> Event {
    let by = Event {
        revision: Some(index.revision()),
        ..by
    };
    match &asked.target {
        Target::Role(key) => Event {
            role: Some(key.to_string()),
            account: match (index.role(key), orders) {
                (Some(role), _) => Some(role.account.id.to_string()),
                (None, [first, ..]) => Some(first.account.to_string()),
                (None, []) => None,
            },
            ..by
        },
        Target::Person(person) => Event {
            about: Some(audit::Person {
                idp: Some(person.idp.clone()),
                subject_format: Some(person.format.clone()),
                subject: Some(person.subject.clone()),
                display_name: None,
            }),
            ..by
        },
    }
}

/// Orders of one account lie side by side.
fn by_account(orders: Vec<Order>) -> Vec<Vec<Order>> {
    let mut accounts: Vec<Vec<Order>> = Vec::new();
    for order in orders {
        match accounts
            .iter_mut()
            .find(|known| known[0].account == order.account)
        {
            Some(known) => known.push(order),
            None => accounts.push(vec![order]),
        }
    }
    accounts
}
