//! What the audit log has of somebody: the sign-ins whose sessions can still live, and the names that AWS has for them.

use std::collections::{BTreeMap, BTreeSet};

use super::Revocations;
use crate::admin::Error;
use crate::domain::Timestamp;
use crate::domain::audit::{EventKind, Record};
use crate::domain::revoke::{Handover, Person};
use crate::store;

/// How many rows are read at a time.
const PAGE: u32 = 1_000;

/// How many people are told of at most.
const MOST_PEOPLE: usize = 50;

/// Somebody of whom there is a sign-in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Known {
    /// Who.
    pub person: Person,
    /// Their name for people, as it was last.
    pub name: String,
}

impl Revocations {
    /// The people with sign-ins whose sessions can still live, of whom some name has this text, whatever its case.
    pub async fn people(&self, text: &str) -> Result<Vec<Known>, Error> {
        let text = text.to_lowercase();
        let has = |name: &str| name.to_lowercase().contains(&text);
        self.known(|person, name| {
            let written = format!("{}:{}", person.idp, person.subject);
            has(&written) || has(name)
        })
        .await
    }

    /// Those whom a provider knows by this subject: one, but for providers that use it in several formats.
    pub async fn people_called(
        &self,
        idp: &str,
        subject: &str,
        format: Option<&str>,
    ) -> Result<Vec<Known>, Error> {
        self.known(|person, _| {
            person.idp == idp
                && person.subject == subject
                && format.is_none_or(|format| format == person.format)
        })
        .await
    }

    async fn known(&self, is_meant: impl Fn(&Person, &str) -> bool) -> Result<Vec<Known>, Error> {
        let mut found: BTreeMap<Person, String> = BTreeMap::new();
        let since = Handover::since(self.0.clock.now());
        self.back_to(since, |record| {
            let (Some(person), true) = (person(&record), is_begun(record.kind)) else {
                return;
            };
            let name = record.event.display_name.unwrap_or_default();
            if found.len() < MOST_PEOPLE && is_meant(&person, &name) {
                found.entry(person).or_insert(name);
            }
        })
        .await?;
        let known = |(person, name)| Known { person, name };
        Ok(found.into_iter().map(known).collect())
    }

    /// The hand-overs to a person whose sessions can still live. One of which the log says that nothing was handed over is
    /// none; one whose end is not known is one. And how many rows cannot be read.
    pub(super) async fn handovers(
        &self,
        wanted: &Person,
        now: Timestamp,
    ) -> Result<(Vec<Handover>, usize), Error> {
        let mut found = Vec::new();
        let mut failed: BTreeSet<String> = BTreeSet::new();
        let since = Handover::since(now);
        let each = |record: Record| {
            if person(&record).as_ref() != Some(wanted) {
                return;
            }
            let event = record.event;
            let ended = [EventKind::SigninEnded, EventKind::KeysEnded].contains(&record.kind);
            if ended
                && event
                    .result
                    .as_deref()
                    .is_some_and(|said| said != "handed_over")
            {
                failed.extend(event.signin_id);
            } else if is_begun(record.kind)
                && let (Some(account), Some(role)) = (event.account, event.role)
                && event.signin_id.is_none_or(|id| !failed.contains(&id))
            {
                found.push(Handover {
                    account,
                    role,
                    method: event.method.unwrap_or_default(),
                    session_name: event.session_name,
                    source_identity: event.source_identity,
                    at: record.at,
                });
            }
        };
        let unreadable = self.back_to(since, each).await?;
        Ok((found, unreadable))
    }

    /// Every row of the log since a moment, the newest first; says how many cannot be read.
    async fn back_to(
        &self,
        since: Timestamp,
        mut each: impl FnMut(Record),
    ) -> Result<usize, Error> {
        let mut before = None;
        let mut unreadable = 0;
        loop {
            let page = match self.0.store.recent(before, PAGE).await {
                Err(store::Error::Inconsistent { .. }) => {
                    let (page, lost) = self.one_by_one(before).await?;
                    unreadable += lost;
                    page
                }
                page => page?,
            };
            let Some(last) = page.last() else {
                return Ok(unreadable);
            };
            before = Some(last.position);
            // one row of a clock that was wrong must not hide what stands behind it: only a page without any ends the walk
            let mut is_over = true;
            for record in page.into_iter().filter(|record| record.at >= since) {
                is_over = false;
                each(record);
            }
            if is_over {
                return Ok(unreadable);
            }
        }
    }

    /// The rows before a position that can be read, down to one at least, and how many of those passed cannot: somebody
    /// changed them, and nobody shall be out of reach for that.
    async fn one_by_one(&self, before: Option<i64>) -> Result<(Vec<Record>, usize), Error> {
        let heads = self.0.store.heads().await?;
        let newest = heads.iter().map(|head| head.position).max().unwrap_or(0);
        let mut position = before.unwrap_or(newest + 1);
        let (mut found, mut unreadable) = (Vec::new(), 0);
        while position > 1 && (found.is_empty() || found.len() < PAGE as usize) {
            match self.0.store.recent(Some(position), 1).await {
                Ok(row) => found.extend(row),
                Err(store::Error::Inconsistent { .. }) => unreadable += 1,
                Err(error) => return Err(error.into()),
            }
            position -= 1;
        }
        Ok((found, unreadable))
    }
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
