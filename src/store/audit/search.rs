//! Finding rows: a walk along the index, the newest first, a page at a time.
//!
//! Of the terms that have to be there, the one that is rarest around here is walked along; where any of several will do, all of
//! these side by side. Each row that is named is read and judged by itself. A page ends when it is full, or after so many rows
//! that did not fit: then the next goes on there. So no page costs more than another, however long the record is.

use std::collections::BTreeSet;

use super::TABLE;
use super::found::Found;
use crate::domain::identity::{IdpId, Subject};
use crate::domain::person::{KnownPerson, PersonKey};
use crate::domain::record::{Cursor, Search, Term, people, terms};
use crate::store::Store;
use crate::store::database::Statement;
use crate::store::digest;
use crate::store::error::Error;
use crate::store::row::{Reader, millis};
use crate::store::statements::statements;

/// The most rows that one page looks at.
const MOST_LOOKED_AT: u32 = 1024;
/// How many entries of a term are read at a time.
const STRIDE: i64 = 128;
/// How many entries of each term tell which is the rarest.
const PROBE: i64 = 64;
/// How many rows may say who somebody is: the newest that can be read does.
const WHO_LOOKED_AT: i64 = 16;

statements! {
    OF_TERM = "SELECT at, position FROM audit_terms \
               WHERE term = $1 AND (at, position) < ($2, $3) AND at >= $4 ORDER BY at DESC, position DESC LIMIT $5";
    BY_TIME = "SELECT at, position FROM audit \
               WHERE (at, position) < ($1, $2) AND at >= $3 ORDER BY at DESC, position DESC LIMIT $4";
    OF_TERM_ON = "SELECT at, position FROM audit_terms \
                  WHERE term = $1 AND (at, position) > ($2, $3) AND at < $4 ORDER BY at, position LIMIT $5";
    BY_TIME_ON = "SELECT at, position FROM audit \
                  WHERE (at, position) > ($1, $2) AND at < $3 ORDER BY at, position LIMIT $4";
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// For readers.
    NewestFirst,
    /// For copies.
    OldestFirst,
}

/// A page of what was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Looked {
    /// The rows, in order.
    pub rows: Vec<Found>,
    /// Where to go on; `None`: there is nothing more.
    pub next: Option<Cursor>,
    /// How many rows were read and judged.
    pub looked_at: u32,
    /// How many entries of the index were read.
    pub entries: u32,
    /// How many of those looked at are not there any more, or say something else than what they are filed under.
    pub misfiled: u32,
    /// The rows that have no index yet, by first and last position: a search does not find them.
    pub unindexed: Option<(i64, i64)>,
}

/// What is walked along.
enum Along {
    /// Any of these.
    Terms(Vec<Term>),
    Time,
}

/// A walk: along what, in which order, and how far.
struct Walk {
    along: Along,
    order: Order,
    /// The first moment that is not looked at any more (oldest first), or the last that is (newest first).
    end: i64,
}

impl Walk {
    /// Whether a row is not there, or can be read and has no term that led to it.
    fn is_misfiled(&self, found: Option<&Found>) -> bool {
        let Along::Terms(any) = &self.along else {
            return found.is_none();
        };
        let record = found.map(|found| found.record.as_ref());
        record.is_none_or(|record| {
            record.is_some_and(|record| {
                let filed = terms(record.kind.name(), &record.event);
                !any.iter().any(|term| filed.contains(term))
            })
        })
    }
}

impl Store {
    /// A page of at most so many rows that fit, from a cursor on (`None`: from the beginning of the order).
    pub async fn search(
        &self,
        search: &Search,
        order: Order,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<Looked, Error> {
        let mut looked = Looked::default();
        let (mut cursor, end) = bounds(search, order, after);
        let walk = self.walk(search, (order, end), cursor, &mut looked).await?;
        if matches!(walk.along, Along::Terms(_)) {
            looked.unindexed = self.unindexed().await?;
        }
        let limit = limit as usize;
        // one more than fits tells whether there is a next page
        let mut stride = i64::try_from(limit + 1).unwrap_or(STRIDE).min(STRIDE);
        let mut last_shown = cursor;
        loop {
            let entries = self.entries(&walk, cursor, stride, &mut looked).await?;
            let over = i64::try_from(entries.len()).is_ok_and(|count| count < stride);
            let mut rows = self.rows_at(&entries).await?;
            for entry in entries {
                looked.looked_at += 1;
                cursor = entry;
                let found = rows.remove(&entry.position);
                looked.misfiled += u32::from(walk.is_misfiled(found.as_ref()));
                let Some(found) = found.filter(|found| fits(search, found)) else {
                    continue;
                };
                if looked.rows.len() == limit {
                    looked.next = Some(last_shown);
                    return Ok(looked);
                }
                looked.rows.push(found);
                last_shown = entry;
            }
            if over {
                return Ok(looked);
            }
            if looked.looked_at >= MOST_LOOKED_AT {
                looked.next = Some(cursor);
                return Ok(looked);
            }
            stride = STRIDE;
        }
    }

    /// Who a key stands for, by the newest row of the record that is filed under it.
    pub async fn who_is(&self, key: &PersonKey) -> Result<Option<KnownPerson>, Error> {
        let walk = Walk {
            along: Along::Terms(vec![Term::key(key)]),
            order: Order::NewestFirst,
            end: i64::MIN,
        };
        let newest = Cursor {
            at: i64::MAX,
            position: i64::MAX,
        };
        let mut looked = Looked::default();
        let entries = self
            .entries(&walk, newest, WHO_LOOKED_AT, &mut looked)
            .await?;
        let rows = self.rows_at(&entries).await?;
        let mut rows: Vec<Found> = rows.into_values().collect();
        rows.sort_by_key(|found| std::cmp::Reverse((found.at, found.position)));
        let records = rows.iter().filter_map(|found| found.record.as_ref());
        let mut people = records.flat_map(|record| people(&record.event));
        Ok(people
            .find(|person| person.key() == *key)
            .and_then(|person| {
                Some(KnownPerson {
                    idp: IdpId::parse(person.idp).ok()?,
                    subject: Subject {
                        format: person.format.to_owned(),
                        value: person.subject.to_owned(),
                    },
                    display_name: person.name.unwrap_or(person.subject).to_owned(),
                })
            }))
    }

    /// The way that leads past the fewest rows: of several terms, the one whose next entries reach the furthest.
    async fn walk(
        &self,
        search: &Search,
        (order, end): (Order, i64),
        cursor: Cursor,
        looked: &mut Looked,
    ) -> Result<Walk, Error> {
        let walk = |along| Walk { along, order, end };
        let mut terms: Vec<Walk> = search
            .terms()
            .into_iter()
            .map(|any| walk(Along::Terms(any)))
            .collect();
        if terms.len() < 2 {
            return Ok(terms.pop().unwrap_or(walk(Along::Time)));
        }
        let mut rarest: Option<((bool, usize, i128), Walk)> = None;
        for term in terms {
            let entries = self.entries(&term, cursor, PROBE, looked).await?;
            let more = i64::try_from(entries.len()).is_ok_and(|count| count == PROBE);
            let last = i128::from(entries.last().unwrap_or(&cursor).at);
            // the furthest is the least
            let reach = if order == Order::NewestFirst {
                last
            } else {
                -last
            };
            let reach = (more, entries.len(), reach);
            if rarest.as_ref().is_none_or(|(least, _)| reach < *least) {
                rarest = Some((reach, term));
            }
        }
        Ok(rarest.map_or(walk(Along::Time), |(_, term)| term))
    }

    async fn entries(
        &self,
        walk: &Walk,
        after: Cursor,
        limit: i64,
        looked: &mut Looked,
    ) -> Result<Vec<Cursor>, Error> {
        let (of_term, by_time) = match walk.order {
            Order::NewestFirst => (OF_TERM, BY_TIME),
            Order::OldestFirst => (OF_TERM_ON, BY_TIME_ON),
        };
        let Along::Terms(any) = &walk.along else {
            let statement = sqlx::query(by_time);
            return self.read_on(walk, statement, (after, limit), looked).await;
        };
        // the first of all are among the first of each
        let mut merged = BTreeSet::new();
        for term in any {
            let statement = sqlx::query(of_term).bind(digest::term(term));
            let entries = self.read_on(walk, statement, (after, limit), looked);
            merged.extend(entries.await?);
        }
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(match walk.order {
            Order::NewestFirst => merged.into_iter().rev().take(limit).collect(),
            Order::OldestFirst => merged.into_iter().take(limit).collect(),
        })
    }

    async fn read_on(
        &self,
        walk: &Walk,
        statement: Statement<'_>,
        (after, limit): (Cursor, i64),
        looked: &mut Looked,
    ) -> Result<Vec<Cursor>, Error> {
        let statement = statement.bind(after.at).bind(after.position);
        let rows = self
            .database
            .rows(statement.bind(walk.end).bind(limit))
            .await?;
        looked.entries += u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let read = |row| {
            let row = Reader::new(TABLE, row);
            Ok(Cursor {
                at: row.number("at")?,
                position: row.number("position")?,
            })
        };
        rows.iter().map(read).collect()
    }
}

/// Where a page begins, and the moment where all pages end: between the cursor, and the two moments of the search.
fn bounds(search: &Search, order: Order, after: Option<Cursor>) -> (Cursor, i64) {
    let at = |at, position| Cursor { at, position };
    let from = search.from.map_or(i64::MIN, millis);
    let until = search.until.map_or(i64::MAX, millis);
    match order {
        Order::NewestFirst => {
            let first = match search.until {
                Some(_) => at(until, i64::MIN),
                None => at(i64::MAX, i64::MAX),
            };
            (after.unwrap_or(first).min(first), from)
        }
        Order::OldestFirst => {
            let first = at(from, i64::MIN);
            (after.unwrap_or(first).max(first), until)
        }
    }
}

fn fits(search: &Search, found: &Found) -> bool {
    // of one that cannot be read, what the index says is all there is to go by
    let record = found.record.as_ref();
    record.is_none_or(|record| search.matches(record))
}
