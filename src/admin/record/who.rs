//! From a name in CloudTrail back to the person: whose sign-ins show as that.

use std::collections::BTreeMap;

use super::{Found, Order, Record};
use crate::admin::{Admin, Error as AdminError};
use crate::domain::audit::{self, Event, EventKind};
use crate::domain::record::Trace;
use crate::store::Error;

/// The most rows that are shown.
const MOST: usize = 500;
/// How many rows a page has.
const PAGE: u32 = 200;

/// What is known of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traced {
    /// The rows of the sign-ins that it is of, the newest first.
    pub rows: Vec<Found>,
    /// Whether there are more.
    pub more: bool,
    /// The rows that no search finds yet, by first and last position.
    pub unindexed: Option<(i64, i64)>,
}

impl Traced {
    /// What they say.
    pub fn records(&self) -> impl Iterator<Item = &audit::Record> {
        self.rows.iter().filter_map(|found| found.record.as_ref())
    }
}

impl Admin {
    /// What the record knows of a name, which was written so; `by` says who reads.
    pub async fn trace(
        &self,
        (trace, text): (&Trace, &str),
        by: Event,
    ) -> Result<Traced, AdminError> {
        let query = [("trace", text.to_owned())];
        self.read_by(EventKind::RecordRead, &query, by).await?;
        Ok(Record::new(self.store.clone()).who(trace).await?)
    }
}

impl Record {
    /// What the record knows of a name.
    pub async fn who(&self, trace: &Trace) -> Result<Traced, Error> {
        let mut rows = BTreeMap::new();
        let (mut more, mut unindexed) = (false, None);
        for search in trace.searches() {
            let mut before = None;
            loop {
                let looked = self
                    .0
                    .search(&search, Order::NewestFirst, before, PAGE)
                    .await?;
                unindexed = looked.unindexed;
                let is = |found: &Found| {
                    let record = found.record.as_ref();
                    record.is_some_and(|record| trace.is(&record.event))
                };
                for found in looked.rows.into_iter().filter(is) {
                    rows.insert((found.at, found.position), found);
                }
                before = looked.next;
                if before.is_none() {
                    break;
                }
                if rows.len() >= MOST {
                    more = true;
                    break;
                }
            }
        }
        more |= rows.len() > MOST;
        Ok(Traced {
            rows: rows.into_values().rev().take(MOST).collect(),
            more,
            unindexed,
        })
    }
}
