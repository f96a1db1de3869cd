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
/// How many rows are looked at by each search: many sign-ins can share a name, and be none of those that are meant.
const MOST_LOOKED_AT: u32 = 10_000;

/// What is known of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traced {
    /// The rows of the sign-ins that it is of, the newest first.
    pub rows: Vec<Found>,
    /// Whether there are more, or not all was looked at.
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
            let (mut before, mut looked_at) = (None, 0);
            loop {
                let looked = self
                    .0
                    .search(&search, Order::NewestFirst, before, PAGE)
                    .await?;
                unindexed = looked.unindexed;
                looked_at += looked.looked_at;
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
                if rows.len() >= MOST || looked_at >= MOST_LOOKED_AT {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Clock as _, SystemClock};
    use crate::domain::audit::Event;
    use crate::store::tests::world::World;

    #[tokio::test]
    async fn a_name_that_many_share_is_looked_for_among_so_many_rows_and_no_more() {
        let world = World::sqlite().await;
        // nobody needs these to be durable
        world.tamper("PRAGMA synchronous = OFF").await;
        let signin = |role: &str| Event {
            account: Some("111122223333".to_owned()),
            role: Some(format!("prod/{role}")),
            method: Some("AssumeRole".to_owned()),
            session_name: Some("shared".to_owned()),
            ..Event::default()
        };
        let (meant, other) = (signin("Meant"), signin("Other"));
        let writes = async |event: &Event, count: u32| {
            for _ in 0..count / 250 {
                let now = SystemClock.now();
                let append = |_| world.store.append(EventKind::SigninBegun, event, now);
                for row in futures_util::future::join_all((0..250).map(append)).await {
                    row.expect("durable");
                }
            }
        };
        let record = Record::new(world.store.clone());
        let trace = Trace::parse("arn:aws:sts::111122223333:assumed-role/Meant/shared");
        let trace = trace.expect("an ARN");
        writes(&meant, 250).await;
        writes(&other, MOST_LOOKED_AT - 1_000).await;
        let known = record.who(&trace).await.expect("an answer");
        assert_eq!((known.rows.len(), known.more), (250, false));
        writes(&other, 2_000).await;
        let known = record.who(&trace).await.expect("an answer");
        assert_eq!((known.rows.len(), known.more), (0, true));
    }
}
