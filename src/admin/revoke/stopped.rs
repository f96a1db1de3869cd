//! Who is cut off can come in again, unless they are blocked or the role is suspended: whether that is so, and seeing to it
//! before anything is cut.
//!
//! A stop that lasts long enough already stays as it is; nobody's is made shorter here.

use chrono::TimeDelta;

use super::roles::is_gone;
use super::{Asked, Revocations};
use crate::admin::stops::{Place, Stopping, acts};
use crate::admin::{Error, Signature};
use crate::domain::Timestamp;
use crate::domain::audit::Event;
use crate::domain::identity::{IdpId, Subject};
use crate::domain::intent::AccountRef;
use crate::domain::person::{KnownPerson, PersonKey};
use crate::domain::preferences::LastingKey;
use crate::domain::revoke::{LINK, Person, Target};
use crate::domain::role::RoleKey;
use crate::domain::stop::{self, Stop, Until};
use crate::store::SETTLED_AFTER;

/// For how long after the last link is worthless a role stays suspended: until the second cut has reached everything.
const AFTER_LINKS: TimeDelta = TimeDelta::minutes(5);

/// That whoever is cut off is stopped first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StopFirst {
    /// Until when; without one a person stays blocked until somebody lifts it, and a role suspended until the links that
    /// were handed out before have died.
    pub until: Option<Until>,
    /// Who says so, for others to read.
    pub author: String,
}

/// That whoever is cut off cannot come in anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stopped {
    /// Until when.
    pub until: Until,
    /// Of a role: with its whole account.
    pub whole_account: bool,
    /// Whether it was stopped for this revocation.
    pub just_now: bool,
}

impl Revocations {
    /// What keeps those whom a target means from coming in anew, now.
    pub async fn stopped(&self, target: &Target) -> Result<Option<Stopped>, Error> {
        self.follow().await?;
        let now = self.0.clock.now();
        let stopped = |until, whole_account| Stopped {
            until,
            whole_account,
            just_now: false,
        };
        Ok(match target {
            Target::Role(key) => {
                let index = self.0.access.index();
                let role = index.role(key);
                let found = role.and_then(|role| self.0.access.suspension(role, now));
                found.map(|found| stopped(found.until, found.whole_account))
            }
            Target::Person(person) => {
                let blocked = self.0.store.blocked(&key_of(person), now).await?;
                blocked.map(|until| stopped(until, false))
            }
        })
    }

    /// Stops whoever is asked for, where that is asked for, and they are not stopped for as long already. When it returns it
    /// is settled.
    pub(super) async fn stop_first(
        &self,
        asked: &Asked,
        by: &Event,
    ) -> Result<Option<Stopped>, Error> {
        let before = self.stopped(&asked.target).await?;
        let Some(first) = &asked.stop_first else {
            return Ok(before);
        };
        if is_gone(&self.0.access.index(), &asked.target) {
            return Ok(before);
        }
        let until = first.until.unwrap_or_else(|| self.until(&asked.target));
        if before.is_some_and(|before| before.until.lasts_as_long_as(until)) {
            return Ok(before);
        }
        let by = Signature {
            author: first.author.clone(),
            note: by.note.clone().unwrap_or_default(),
            event: by.clone(),
        };
        let stopping = Stopping {
            store: &self.0.store,
            access: &self.0.access,
            clock: &self.0.clock,
        };
        match &asked.target {
            Target::Role(key) => stopping.suspend(&place(key), until, by).await?,
            Target::Person(person) => {
                let person = self.somebody(person).await?;
                stopping.block(person, until, by).await?
            }
        };
        let stopped = self.stopped(&asked.target).await?;
        Ok(stopped.map(|stopped| Stopped {
            just_now: true,
            ..stopped
        }))
    }

    /// Whether a plan's moment is late enough. Whoever cannot come in any more may have come in between the plan and the stop,
    /// and nobody expects that this goes on.
    pub(super) async fn is_recent(
        &self,
        target: &Target,
        at: Timestamp,
        stopped: Option<Stopped>,
    ) -> Result<bool, Error> {
        let Some(stopped) = stopped else {
            return Ok(true);
        };
        if stopped.just_now {
            return Ok(false);
        }
        let on = match target {
            Target::Person(person) => vec![stop::Target::Person(key_of(person))],
            Target::Role(key) => match self.0.access.index().role(key) {
                Some(role) => vec![
                    stop::Target::Account(role.account.id.clone()),
                    stop::Target::Role(LastingKey::of(role)),
                ],
                None => Vec::new(),
            },
        };
        let now = self.0.clock.now();
        for target in on {
            let stop = self.0.store.stop(&target).await?;
            let settled = |stop: Stop| stop.until.holds(now) && stop.at + SETTLED_AFTER <= at;
            if stop.is_some_and(settled) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Until when it is stopped where nobody says.
    fn until(&self, target: &Target) -> Until {
        Until(match target {
            Target::Person(_) => None,
            Target::Role(_) => Some(self.0.clock.now() + LINK + AFTER_LINKS),
        })
    }

    /// Whom the audit log names, with their name as it was last.
    async fn somebody(&self, person: &Person) -> Result<KnownPerson, Error> {
        let idp = IdpId::parse(&person.idp).map_err(|_| Error::NoSuchPerson)?;
        let named = self.people_called(&person.idp, &person.subject, Some(&person.format));
        let named = named.await?.pop().map(|known| known.name);
        let named = named.filter(|name| !name.is_empty());
        Ok(KnownPerson {
            idp,
            subject: Subject {
                format: person.format.clone(),
                value: person.subject.clone(),
            },
            display_name: named.unwrap_or_else(|| person.subject.clone()),
        })
    }
}

/// Whether whoever asks would stop themself: nobody can.
pub fn is_own(target: &Target, by: &Event) -> bool {
    match target {
        Target::Role(_) => false,
        Target::Person(person) => acts(by, (&person.idp, &person.format, &person.subject)),
    }
}

fn key_of(person: &Person) -> PersonKey {
    PersonKey::of(&person.idp, &person.format, &person.subject)
}

fn place(key: &RoleKey) -> Place {
    Place {
        account: AccountRef::Alias(key.account.clone()),
        role: Some(key.name.clone()),
    }
}
