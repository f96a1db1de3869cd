//! Dropping the oldest rows of the record, and writing down that this was done.

use chrono::SecondsFormat;

use super::{Purgeable, Record};
use crate::domain::Timestamp;
use crate::domain::audit::{Event, EventKind};
use crate::store::Error;
use crate::store::audit::Purge;

impl Record {
    /// The rows from the first on that are all older than a moment; `None`: there are none.
    pub async fn purgeable(&self, before: Timestamp) -> Result<Option<Purgeable>, Error> {
        self.0.purgeable(before).await
    }

    /// Drops them, after a row that says so. Gives how many are gone; what is stopped halfway is gone as far as it got, and
    /// the record is whole from there.
    pub async fn purge(
        &self,
        found: Purgeable,
        before: Timestamp,
        now: Timestamp,
    ) -> Result<u64, Error> {
        let event = Event {
            position: Some(found.last),
            count: i64::try_from(found.rows).ok(),
            until: Some(before.to_rfc3339_opts(SecondsFormat::Secs, true)),
            ..Event::default()
        };
        self.0.append(EventKind::RecordPurged, &event, now).await?;
        let mut gone = 0;
        while let Purge::Portion(rows) = self.0.purge_portion(found.last).await? {
            gone += rows;
        }
        Ok(gone)
    }
}
