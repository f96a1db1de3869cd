//! What the audit log has of somebody: the sign-ins whose sessions can still live, and the names that AWS has for them.
//!
//! It is found by the index of the record, so it costs what the person did and not what everybody did, and a row that a
//! wrong clock wrote hides no other. Rows that the index does not have yet are read one after the other.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use super::Revocations;
use crate::admin::Error;
use crate::domain::Timestamp;
use crate::domain::audit::{Event, EventKind, Record};
use crate::domain::record::Search;
use crate::domain::revoke::{Handover, Person};
use crate::store::audit::Order;
use crate::store::{self, Store};

/// How many rows are read at a time.
const PAGE: u32 = 512;

/// How many people are told of at most.
const MOST_PEOPLE: usize = 50;

/// Somebody of whom there is a sign-in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SeenLately {
    /// Who.
    pub person: Person,
    /// Their name for people, as it was last.
    pub name: String,
}

/// Whom a text finds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SeenPeople {
    /// Those who are told of.
    pub people: Vec<SeenLately>,
    /// There are more.
    pub more: bool,
}

impl Revocations {
    /// The people with sign-ins whose sessions can still live, of one provider or of any, of whom some name has this text,
    /// whatever its case. The record says first that it is read.
    pub async fn people(
        &self,
        (idp, text): (Option<&str>, &str),
        by: Event,
    ) -> Result<SeenPeople, Error> {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(idp.map(|idp| ("idp", idp)))
            .append_pair("revocable", text)
            .finish();
        let event = Event {
            query: Some(query),
            ..by
        };
        self.record(EventKind::RecordRead, &event).await?;
        let text = text.to_lowercase();
        let has = |name: &str| name.to_lowercase().contains(&text);
        let searches = [EventKind::SigninBegun, EventKind::KeysBegun].map(|kind| Search {
            kind: Some(kind),
            ..Search::default()
        });
        self.seen(&searches, |person, name| {
            let written = format!("{}:{}", person.idp, person.subject);
            idp.is_none_or(|idp| idp == person.idp) && (has(&written) || has(name))
        })
        .await
    }

    /// Those whom a provider knows by this subject: one, but for providers that use it in several formats.
    pub async fn people_called(
        &self,
        idp: &str,
        subject: &str,
        format: Option<&str>,
    ) -> Result<Vec<SeenLately>, Error> {
        let search = [of_person(idp, subject)];
        let seen = self.seen(&search, |person, _| {
            person.idp == idp
                && person.subject == subject
                && format.is_none_or(|format| format == person.format)
        });
        Ok(seen.await?.people)
    }

    async fn seen(
        &self,
        searches: &[Search],
        is_meant: impl Fn(&Person, &str) -> bool,
    ) -> Result<SeenPeople, Error> {
        let mut found: BTreeMap<Person, String> = BTreeMap::new();
        let mut more = false;
        let since = Handover::since(self.0.clock.now());
        read_back(&self.0.store, searches, since, |record| {
            let (Some(person), true) = (person(&record), is_begun(record.kind)) else {
                return;
            };
            let name = record.event.display_name.unwrap_or_default();
            if found.contains_key(&person) || !is_meant(&person, &name) {
                return;
            }
            if found.len() < MOST_PEOPLE {
                found.insert(person, name);
            } else {
                more = true;
            }
        })
        .await?;
        let seen = |(person, name)| SeenLately { person, name };
        Ok(SeenPeople {
            people: found.into_iter().map(seen).collect(),
            more,
        })
    }

    /// The hand-overs to a person whose sessions can still live. One of which the log says that nothing was handed over is
    /// none; one whose end is not known is one. And how many rows cannot be read.
    pub(super) async fn handovers(
        &self,
        wanted: &Person,
        now: Timestamp,
    ) -> Result<(Vec<Handover>, usize), Error> {
        let search = [of_person(&wanted.idp, &wanted.subject)];
        let mut own = Vec::new();
        let read = read_back(&self.0.store, &search, Handover::since(now), |record| {
            own.extend(Some(record).filter(|record| person(record).as_ref() == Some(wanted)));
        });
        let unreadable = read.await?.unreadable;
        Ok((handed_over(own), unreadable))
    }
}

/// Everything that somebody did, and that was done about them.
fn of_person(idp: &str, subject: &str) -> Search {
    Search {
        idp: Some(idp.to_owned()),
        subject: Some(subject.to_owned()),
        ..Search::default()
    }
}

/// What the rows of one person, or of one role, say was handed over.
pub(super) fn handed_over(records: Vec<Record>) -> Vec<Handover> {
    let is_ended = |kind| [EventKind::SigninEnded, EventKind::KeysEnded].contains(&kind);
    let came_to_nothing = |event: &Event| {
        let result = event.result.as_deref();
        result.is_some_and(|said| said != "handed_over")
    };
    let failed: BTreeSet<String> = records
        .iter()
        .filter(|record| is_ended(record.kind) && came_to_nothing(&record.event))
        .filter_map(|record| record.event.signin_id.clone())
        .collect();
    let begun = records
        .into_iter()
        .filter(|record| is_begun(record.kind))
        .filter(|record| {
            let id = record.event.signin_id.as_ref();
            id.is_none_or(|id| !failed.contains(id))
        });
    begun
        .filter_map(|Record { event, at, .. }| {
            Some(Handover {
                account: event.account?,
                role: event.role?,
                method: event.method.unwrap_or_default(),
                session_name: event.session_name,
                source_identity: event.source_identity,
                revision: event.revision,
                credentials: None,
                at,
            })
        })
        .collect()
}

/// What was read of the record.
#[derive(Debug, Default)]
pub(super) struct ReadBack {
    /// How many cannot be, or are not there or not about them any more though the index has them: somebody changed them, and
    /// nobody shall be out of reach for that.
    pub(super) unreadable: usize,
    /// How many rows were looked at.
    looked_at: u64,
}

/// Takes the rows since a moment that one of the searches finds, the newest first, and then all that the index does not have
/// yet.
pub(super) async fn read_back(
    store: &Store,
    searches: &[Search],
    since: Timestamp,
    mut take: impl FnMut(Record),
) -> Result<ReadBack, Error> {
    let mut read = ReadBack::default();
    // what is filed meanwhile is found twice, and nothing is missed
    let unindexed = store.unindexed().await?;
    for search in searches {
        let search = Search {
            from: Some(since),
            ..search.clone()
        };
        let mut after = None;
        loop {
            let order = Order::NewestFirst;
            let page = store.search(&search, order, after, PAGE).await?;
            read.looked_at += u64::from(page.looked_at);
            read.unreadable += page.misfiled as usize;
            for found in page.rows {
                match found.record {
                    Some(record) => take(record),
                    None => read.unreadable += 1,
                }
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
    }
    if let Some(range) = unindexed {
        read_through(store, (range, since), &mut read, &mut take).await?;
    }
    Ok(read)
}

/// Every row between two positions, whatever it says and in whatever order their times are.
async fn read_through(
    store: &Store,
    ((first, last), since): ((i64, i64), Timestamp),
    read: &mut ReadBack,
    take: &mut impl FnMut(Record),
) -> Result<(), Error> {
    let mut before = last + 1;
    while before > first {
        let records = match store.recent(Some(before), PAGE).await {
            Err(store::Error::Inconsistent { .. }) => {
                // the one that spoils the others is passed by itself
                match store.recent(Some(before), 1).await {
                    Err(store::Error::Inconsistent { .. }) => {
                        read.unreadable += 1;
                        read.looked_at += 1;
                        before -= 1;
                        continue;
                    }
                    one => one?,
                }
            }
            records => records?,
        };
        let Some(oldest) = records.last() else {
            return Ok(());
        };
        before = oldest.position;
        let within = records
            .into_iter()
            .filter(|record| record.position >= first);
        for record in within {
            read.looked_at += 1;
            if record.at >= since {
                take(record);
            }
        }
    }
    Ok(())
}

fn is_begun(kind: EventKind) -> bool {
    [EventKind::SigninBegun, EventKind::KeysBegun].contains(&kind)
}

fn person(record: &Record) -> Option<Person> {
    let event = &record.event;
    Some(Person {
        idp: event.idp.clone()?,
        format: event.subject_format.clone().unwrap_or_default(),
        subject: event.subject.clone()?,
    })
}
