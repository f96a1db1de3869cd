//! Blocking people, suspending accounts and roles, and lifting that again.
//!
//! What returns from here is settled: nothing that it forbids leaves any more, on any replica. What stands in AWS already
//! goes on: ending that is another matter.

use super::{Admin, Error, Signature};
use crate::clock::SharedClock;
use crate::domain::audit::{Event, EventKind, Person};
use crate::domain::intent::AccountRef;
use crate::domain::person::KnownPerson;
use crate::domain::preferences::LastingKey;
use crate::domain::role::{Role, RoleKey, RoleName};
use crate::domain::stop::{Cursor, Stop, Target, Until, is_note};
use crate::store::{Access, SETTLED_AFTER, Store};

/// A stop as a list has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StopLine {
    /// The stop.
    pub stop: Stop,
    /// What readers know its target by: a name, an account's alias, a role's key. The target itself, where the access
    /// model knows it no more.
    pub name: String,
    /// Whether it is in force; if not, it has ended by itself.
    pub in_force: bool,
}

/// A page of stops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StopList {
    /// The newest first.
    pub lines: Vec<StopLine>,
    /// After which the next ones stand; `None`: these are the last.
    pub next: Option<Cursor>,
}

/// An account, or one of its roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The account.
    pub account: AccountRef,
    /// The role; `None` is the whole account.
    pub role: Option<RoleName>,
}

impl Admin {
    /// So many of the stops that were set last, in force or ended lately, or of those after one of them.
    pub async fn stops(&self, after: Option<&Cursor>, limit: u32) -> Result<StopList, Error> {
        let mut stops = self
            .store
            .newest_stops(after, limit.saturating_add(1))
            .await?;
        let more = stops.len() > limit as usize;
        stops.truncate(limit as usize);
        let next = stops.last().filter(|_| more).map(|last| Cursor {
            at: last.at.timestamp_millis(),
            target: last.target.clone(),
        });
        Ok(StopList {
            lines: stops.into_iter().map(|stop| self.line_of(stop)).collect(),
            next,
        })
    }

    /// The stop of a target, in force or ended lately.
    pub async fn stop(&self, target: &Target) -> Result<StopLine, Error> {
        let stop = self.store.stop(target).await?.ok_or(Error::NoSuchStop)?;
        Ok(self.line_of(stop))
    }

    fn line_of(&self, stop: Stop) -> StopLine {
        StopLine {
            name: self.name_of(&stop),
            in_force: stop.until.holds(self.clock.now()),
            stop,
        }
    }

    /// What a stop of a place stands on. An account that has gone from the access model is known by its id alone.
    pub async fn stopped_at(&self, place: &Place) -> Result<Target, Error> {
        let account = match &place.account {
            AccountRef::Id(id) => id.clone(),
            alias @ AccountRef::Alias(_) => {
                self.stopping().follow().await?;
                let index = self.access.index();
                let account = index.find(alias).ok_or(Error::NoSuchPlace)?;
                account.id.clone()
            }
        };
        Ok(match &place.role {
            Some(name) => Target::Role(LastingKey {
                account,
                name: name.clone(),
            }),
            None => Target::Account(account),
        })
    }

    /// Blocks a person, in place of any block there is; gives on what it stands. Their sessions end.
    pub async fn block(
        &self,
        person: KnownPerson,
        until: Until,
        by: Signature,
    ) -> Result<Target, Error> {
        self.stopping().block(person, until, by).await
    }

    /// Suspends an account or a role of the current revision, in place of any suspension there is; gives on what it stands.
    pub async fn suspend(
        &self,
        place: &Place,
        until: Until,
        by: Signature,
    ) -> Result<Target, Error> {
        self.stopping().suspend(place, until, by).await
    }

    fn stopping(&self) -> Stopping<'_> {
        Stopping {
            store: &self.store,
            access: &self.access,
            clock: &self.clock,
        }
    }

    /// Lifts a stop, one that has ended by itself too.
    pub async fn lift(&self, target: &Target, by: Event) -> Result<(), Error> {
        let stop = self.store.stop(target).await?.ok_or(Error::NoSuchStop)?;
        let kind = match target {
            Target::Person(_) => EventKind::PersonUnblocked,
            Target::Account(_) => EventKind::AccountResumed,
            Target::Role(_) => EventKind::RoleResumed,
        };
        let event = Event {
            about: stop.person.as_ref().map(about),
            ..self.stopping().about_target(target, by)
        };
        let now = self.clock.now();
        if !self.store.lift_stop(target, (kind, &event), now).await? {
            return Err(Error::NoSuchStop);
        }
        self.stopping().follow().await
    }

    /// Waits until a change that was committed is settled.
    pub(super) async fn settle(&self) {
        self.clock.wait(SETTLED_AFTER).await;
    }

    fn name_of(&self, stop: &Stop) -> String {
        let name = match &stop.target {
            Target::Person(_) => stop
                .person
                .as_ref()
                .map(|person| person.display_name.clone()),
            Target::Account(id) => {
                let index = self.access.index();
                let account = index.find(&AccountRef::Id(id.clone()));
                account.map(|account| format!("{} ({})", account.name, account.alias))
            }
            Target::Role(key) => self
                .stopping()
                .role_of(key)
                .map(|role| role.key.to_string()),
        };
        name.unwrap_or_else(|| stop.target.to_string())
    }
}

/// What it takes to stop somebody or something.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stopping<'a> {
    pub(super) store: &'a Store,
    pub(super) access: &'a Access,
    pub(super) clock: &'a SharedClock,
}

impl Stopping<'_> {
    /// Blocks a person, in place of any block there is. Their sessions end.
    pub(super) async fn block(
        &self,
        person: KnownPerson,
        until: Until,
        by: Signature,
    ) -> Result<Target, Error> {
        // whoever blocks themself cannot lift it, and there may be nobody else who can
        let (format, subject) = (&person.subject.format, &person.subject.value);
        if acts(&by.event, (person.idp.as_str(), format, subject)) {
            return Err(Error::OwnBlock);
        }
        let target = Target::Person(self.store.person_key(&person.idp, &person.subject));
        self.set(target, Some(person), until, by).await
    }

    /// Suspends an account or a role of the current revision, in place of any suspension there is.
    pub(super) async fn suspend(
        &self,
        place: &Place,
        until: Until,
        by: Signature,
    ) -> Result<Target, Error> {
        let target = self.target(place).await?;
        self.set(target, None, until, by).await
    }

    /// What a suspension of a place of the current revision is of.
    async fn target(&self, place: &Place) -> Result<Target, Error> {
        self.follow().await?;
        let index = self.access.index();
        let account = index.find(&place.account).ok_or(Error::NoSuchPlace)?;
        let Some(name) = &place.role else {
            return Ok(Target::Account(account.id.clone()));
        };
        let key = RoleKey {
            account: account.alias.clone(),
            name: name.clone(),
        };
        let role = index.role(&key).ok_or(Error::NoSuchPlace)?;
        Ok(Target::Role(LastingKey::of(role)))
    }

    async fn set(
        &self,
        target: Target,
        person: Option<KnownPerson>,
        until: Until,
        by: Signature,
    ) -> Result<Target, Error> {
        let now = self.clock.now();
        if !until.holds(now) {
            return Err(Error::PastEnd);
        }
        if !is_note(&by.note) {
            return Err(Error::Note);
        }
        let kind = match &target {
            Target::Person(_) => EventKind::PersonBlocked,
            Target::Account(_) => EventKind::AccountSuspended,
            Target::Role(_) => EventKind::RoleSuspended,
        };
        let event = Event {
            about: person.as_ref().map(about),
            note: Some(by.note.clone()).filter(|note| !note.is_empty()),
            until: until.0.map(|until| until.to_rfc3339()),
            ..self.about_target(&target, by.event)
        };
        let stop = Stop {
            target: target.clone(),
            person,
            until,
            note: by.note,
            author: by.author,
            at: now,
        };
        self.store.set_stop(stop, (kind, &event), now).await?;
        self.follow().await?;
        self.clock.wait(SETTLED_AFTER).await;
        Ok(target)
    }

    /// Pages of this replica know of the change at once.
    async fn follow(&self) -> Result<(), Error> {
        let followed = self.access.follow(self.store).await;
        followed.map_err(|error| Error::Follow(Box::new(error)))
    }

    /// An event about an account or a role; who a person is, the caller knows.
    fn about_target(&self, target: &Target, event: Event) -> Event {
        match target {
            Target::Person(_) => event,
            Target::Account(id) => Event {
                account: Some(id.to_string()),
                ..event
            },
            Target::Role(key) => Event {
                account: Some(key.account.to_string()),
                role: Some(
                    self.role_of(key)
                        .map_or_else(|| key.to_string(), |role| role.key.to_string()),
                ),
                ..event
            },
        }
    }

    fn role_of(&self, key: &LastingKey) -> Option<std::sync::Arc<Role>> {
        let index = self.access.index();
        let account = index.find(&AccountRef::Id(key.account.clone()))?;
        let key = RoleKey {
            account: account.alias.clone(),
            name: key.name.clone(),
        };
        index.role(&key).cloned()
    }
}

/// Whether an event's actor is this person: provider, format, subject.
pub(super) fn acts(event: &Event, (idp, format, subject): (&str, &str, &str)) -> bool {
    event.idp.as_deref() == Some(idp)
        && event.subject_format.as_deref() == Some(format)
        && event.subject.as_deref() == Some(subject)
}

/// Whom a row of the record is about.
pub(super) fn about(person: &KnownPerson) -> Person {
    Person {
        idp: Some(person.idp.to_string()),
        subject_format: Some(person.subject.format.clone()),
        subject: Some(person.subject.value.clone()),
        display_name: Some(person.display_name.clone()),
    }
}
