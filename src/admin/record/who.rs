//! From a name in CloudTrail back to the person: whose sign-ins show as that.

use std::collections::BTreeMap;

use super::{Order, Record};
use crate::domain::audit;
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
    pub rows: Vec<audit::Record>,
    /// Whether there are more.
    pub more: bool,
    /// The rows that no search finds yet, by first and last position.
    pub unindexed: Option<(i64, i64)>,
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
                let found = looked.rows.into_iter().filter_map(|found| found.record);
                for record in found.filter(|record| trace.is(&record.event)) {
                    rows.insert((record.at, record.position), record);
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
