//! People, as far as anything is known of them here: by their live sessions, and by their blocks.
//!
//! There is no table of people. A search looks at those who were seen last, so many of them, and at those who are blocked;
//! a subject that is typed whole is found however long ago it was seen.

use std::collections::HashSet;

use super::simulate::FORMATS;
use super::stops::{StopLine, about};
use super::{Admin, Error};
use crate::domain::Timestamp;
use crate::domain::audit::{Event, EventKind, SessionEnd};
use crate::domain::identity::{IdpId, Subject};
use crate::domain::person::{KnownPerson, PersonKey};
use crate::domain::record::Search;
use crate::domain::session::{LiveSession, SessionHandle};
use crate::domain::stop::{Stop, Target, Until};
use crate::store::Ending;
use crate::store::audit::Order;

/// How many sessions a search looks at.
const LOOKED_AT: u32 = 5_000;
/// How many rows of the record.
const ROWS: u32 = 200;
/// How many blocks are read at once.
const BLOCKS: u32 = 1_000;
/// How many people a page lists.
const MOST_PEOPLE: usize = 200;

/// Somebody in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonLine {
    /// By what they are named.
    pub key: PersonKey,
    /// Who they are.
    pub person: KnownPerson,
    /// When they were last seen, where they have a live session.
    pub seen: Option<Timestamp>,
    /// Until when they are blocked, if they are.
    pub blocked: Option<Until>,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct People {
    /// Those who are listed.
    pub lines: Vec<PersonLine>,
    /// There were more than are listed.
    pub more: bool,
    /// There are live sessions that were not looked at.
    pub partial: bool,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonView {
    /// By what they are named.
    pub key: PersonKey,
    /// Who they are.
    pub person: KnownPerson,
    /// Their live sessions, the newest first.
    pub sessions: Vec<LiveSession>,
    /// Their block, in force or ended lately.
    pub block: Option<Stop>,
    /// Whether it is in force.
    pub is_blocked: bool,
}

impl Admin {
    /// The people whom a text finds, by name or subject; an empty one finds everybody.
    pub async fn people(&self, text: &str) -> Result<People, Error> {
        let text = text.trim();
        let now = self.clock.now();
        let (seen, all) = self.store.seen_last(LOOKED_AT, now, self.idle).await?;
        let mut found = Vec::new();
        let mut known = HashSet::new();
        for seen in seen {
            if seen.person.is_meant_by(text) && known.insert(seen.key.clone()) {
                found.push(PersonLine {
                    key: seen.key,
                    person: seen.person,
                    seen: Some(seen.seen),
                    blocked: None,
                });
            }
        }
        self.add_blocked(text, (&mut found, &mut known)).await?;
        if !all && !text.is_empty() {
            for line in self.exactly(text, now).await? {
                if known.insert(line.key.clone()) {
                    found.insert(0, line);
                }
            }
        }
        let more = found.len() > MOST_PEOPLE;
        found.truncate(MOST_PEOPLE);
        Ok(People {
            lines: found,
            more,
            partial: !all,
        })
    }

    /// Adds the blocked whom a text finds, as long as they still stand on the page.
    async fn add_blocked(
        &self,
        text: &str,
        (found, known): (&mut Vec<PersonLine>, &mut HashSet<PersonKey>),
    ) -> Result<(), Error> {
        let mut after = None;
        while found.len() <= MOST_PEOPLE {
            let list = self.stops(after.as_ref(), BLOCKS).await?;
            for StopLine { stop, in_force, .. } in list.lines {
                let (Target::Person(key), Some(person)) = (stop.target, stop.person) else {
                    continue;
                };
                if in_force && person.is_meant_by(text) && known.insert(key.clone()) {
                    found.push(PersonLine {
                        key,
                        person,
                        seen: None,
                        blocked: Some(stop.until),
                    });
                }
            }
            after = list.next;
            if after.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// Those whose subject a text is, by whichever provider and in whichever format.
    async fn exactly(&self, subject: &str, now: Timestamp) -> Result<Vec<PersonLine>, Error> {
        let mut lines = Vec::new();
        for idp in self.idps.keys() {
            for format in FORMATS {
                let subject = Subject {
                    format: format.to_owned(),
                    value: subject.to_owned(),
                };
                let key = self.store.person_key(idp, &subject);
                let mut sessions = self.store.sessions_of(&key, now, self.idle).await?;
                if !sessions.is_empty() {
                    let newest = sessions.remove(0);
                    lines.push(PersonLine {
                        key,
                        person: newest.person,
                        seen: Some(newest.seen),
                        blocked: None,
                    });
                }
            }
        }
        Ok(lines)
    }

    /// Those whom a provider knows by this subject, one for each format of it: as far as they have a live session, are blocked
    /// or stand in the record.
    pub async fn called(&self, idp: &IdpId, subject: &str) -> Result<Vec<KnownPerson>, Error> {
        let mut found: Vec<KnownPerson> = Vec::new();
        for format in FORMATS {
            let subject = Subject {
                format: format.to_owned(),
                value: subject.to_owned(),
            };
            match self.who(&self.store.person_key(idp, &subject)).await {
                Ok(known) => found.push(known),
                Err(Error::NoSuchPerson) => {}
                Err(error) => return Err(error),
            }
        }
        let search = Search {
            idp: Some(idp.to_string()),
            subject: Some(subject.to_owned()),
            ..Search::default()
        };
        let looked = self.store.search(&search, Order::NewestFirst, None, ROWS);
        let records = looked.await?.rows.into_iter().filter_map(|row| row.record);
        for Event {
            idp: of,
            subject: who,
            subject_format,
            display_name,
            ..
        } in records.map(|record| record.event)
        {
            // others' rows that are about them
            if of.as_deref() != Some(idp.as_str()) || who.as_deref() != Some(subject) {
                continue;
            }
            let format = subject_format.unwrap_or_default();
            if found.iter().all(|known| known.subject.format != format) {
                found.push(KnownPerson {
                    idp: idp.clone(),
                    subject: Subject {
                        format,
                        value: subject.to_owned(),
                    },
                    display_name: display_name.unwrap_or_else(|| subject.to_owned()),
                });
            }
        }
        Ok(found)
    }

    /// Somebody of whom anything is known. That somebody looked stands in the record before it is shown.
    pub async fn person(&self, key: &PersonKey, by: Event) -> Result<PersonView, Error> {
        let view = self.known_person(key).await?;
        let event = Event {
            about: Some(about(&view.person)),
            query: Some("sessions".to_owned()),
            ..by
        };
        let now = self.clock.now();
        self.store
            .append(EventKind::RecordRead, &event, now)
            .await?;
        Ok(view)
    }

    async fn known_person(&self, key: &PersonKey) -> Result<PersonView, Error> {
        let now = self.clock.now();
        let sessions = self.store.sessions_of(key, now, self.idle).await?;
        let block = self.store.stop(&Target::Person(key.clone())).await?;
        let of_block = block.as_ref().and_then(|stop| stop.person.clone());
        let newest = sessions.first().map(|session| session.person.clone());
        let person = if let Some(person) = newest.or(of_block) {
            person
        } else {
            // neither here now nor blocked: the record knows whoever was here
            let known = self.store.who_is(key).await?;
            known.ok_or(Error::NoSuchPerson)?
        };
        Ok(PersonView {
            key: key.clone(),
            person,
            is_blocked: block.as_ref().is_some_and(|stop| stop.until.holds(now)),
            sessions,
            block,
        })
    }

    /// Who a key names, if anything is known of them.
    pub async fn who(&self, key: &PersonKey) -> Result<KnownPerson, Error> {
        self.known_person(key).await.map(|view| view.person)
    }

    /// Somebody by what their provider says, seen here or not: for a block before they come.
    pub fn somebody(
        &self,
        idp: IdpId,
        subject: Subject,
    ) -> Result<(PersonKey, KnownPerson), Error> {
        if !self.idps.contains_key(&idp) || subject.value.is_empty() {
            return Err(Error::NoSuchPerson);
        }
        let person = KnownPerson {
            display_name: subject.value.clone(),
            idp,
            subject,
        };
        Ok((self.store.person_key(&person.idp, &person.subject), person))
    }

    /// Ends all of a person's sessions, whether there are any or not. When it returns it is settled.
    pub async fn end_all_sessions(&self, key: &PersonKey, by: Event) -> Result<(), Error> {
        let now = self.clock.now();
        let live = self.store.sessions_of(key, now, self.idle).await?;
        if live.is_empty() {
            // who asks again has lost the answer, and what was ended then may not have settled
            self.settle().await;
            return Ok(());
        }
        self.end_sessions(key, None, by).await
    }

    /// Ends one of a person's sessions, or all. When it returns it is settled.
    pub async fn end_sessions(
        &self,
        key: &PersonKey,
        one: Option<&SessionHandle>,
        by: Event,
    ) -> Result<(), Error> {
        let person = match self.who(key).await {
            Ok(person) => person,
            Err(error) => {
                // the last of theirs may have been ended just now
                self.settle().await;
                return Err(error);
            }
        };
        let event = Event {
            about: Some(about(&person)),
            cause: Some(SessionEnd::ByAdministrator.word().to_owned()),
            ..by
        };
        let which = one.map_or(Ending::All, Ending::One);
        let now = self.clock.now();
        let found = self.store.end_sessions(key, which, &event, now).await?;
        self.settle().await;
        found.then_some(()).ok_or(Error::NoSuchSession)
    }
}
