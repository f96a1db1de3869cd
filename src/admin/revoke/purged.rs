//! Whether a purge took rows of hand-overs whose sessions can still live: then nobody knows whom to cut off where.

use super::Revocations;
use crate::admin::Error;
use crate::domain::Timestamp;
use crate::domain::audit::EventKind;
use crate::domain::record::Search;
use crate::domain::revoke::{Gap, Handover, Target};
use crate::store::Store;
use crate::store::audit::{Found, Order};

/// How many rows that tell of purges are looked at.
const LOOKED_AT: u32 = 16;

impl Revocations {
    /// What a purge left unknown of anybody, as a sentence.
    pub async fn left_unknown(&self) -> Result<Option<String>, Error> {
        let gap = gap(&self.0.store, Handover::since(self.0.clock.now())).await?;
        Ok(gap.map(|gap| gap.to_string()))
    }

    /// What a purge left unknown of a person. A role is cut off whoever had it.
    pub(super) async fn purged(
        &self,
        target: &Target,
        now: Timestamp,
    ) -> Result<Option<Gap>, Error> {
        match target {
            Target::Role(_) => Ok(None),
            Target::Person(_) => gap(&self.0.store, Handover::since(now)).await,
        }
    }
}

/// Whether rows of after a moment may have been dropped.
async fn gap(store: &Store, since: Timestamp) -> Result<Option<Gap>, Error> {
    let Some(dropped) = store.dropped().await? else {
        return Ok(None);
    };
    let begins = dropped.first_kept;
    if begins.is_some_and(|at| at <= since) {
        return Ok(None);
    }
    // where nothing was written for long, the row of the purge itself is the first: it says how old the others were
    let purges = Search {
        kind: Some(EventKind::RecordPurged),
        ..Search::default()
    };
    let looked = store
        .search(&purges, Order::NewestFirst, None, LOOKED_AT)
        .await?;
    let says_older = |found: &Found| {
        let event = &found.record.as_ref()?.event;
        let until: Timestamp = event.until.as_ref()?.parse().ok()?;
        Some(event.position? >= dropped.last && until <= since)
    };
    let is_older = looked.rows.iter().filter_map(says_older).any(|older| older);
    Ok((!is_older).then_some(Gap::Purged { begins }))
}

#[cfg(test)]
mod tests {
    use chrono::{SecondsFormat, TimeDelta};

    use super::*;
    use crate::domain::audit::Event;
    use crate::store::tests::world::World;

    fn now() -> Timestamp {
        "2026-03-01T09:00:00Z".parse().expect("a moment")
    }

    async fn writes(store: &Store, ages: &[i64]) {
        for hours in ages {
            let at = now() - TimeDelta::hours(*hours);
            let (kind, event) = (EventKind::SigninBegun, Event::default());
            store.append(kind, &event, at).await.expect("durable");
        }
    }

    /// What the command writes before it drops rows up to one.
    async fn tells(store: &Store, position: i64, hours: i64) {
        let until = now() - TimeDelta::hours(hours);
        let event = Event {
            position: Some(position),
            until: Some(until.to_rfc3339_opts(SecondsFormat::Secs, true)),
            ..Event::default()
        };
        let row = store.append(EventKind::RecordPurged, &event, now());
        row.await.expect("durable");
    }

    async fn gap_now(store: &Store) -> Option<Gap> {
        gap(store, Handover::since(now())).await.expect("an answer")
    }

    #[tokio::test]
    async fn a_purge_of_what_no_session_can_be_of_any_more_leaves_no_gap() {
        let world = World::sqlite().await;
        writes(&world.store, &[900, 800, 40, 3]).await;
        assert_eq!(gap_now(&world.store).await, None, "nothing was dropped");
        world.store.purge_portion(2).await.expect("dropped");
        assert_eq!(gap_now(&world.store).await, None, "row 3 is old enough");
    }

    #[tokio::test]
    async fn a_purge_of_what_sessions_can_be_of_leaves_a_gap() {
        let world = World::sqlite().await;
        writes(&world.store, &[900, 30, 20, 3]).await;
        world.store.purge_portion(2).await.expect("dropped");
        let begins = Some(now() - TimeDelta::hours(20));
        assert_eq!(gap_now(&world.store).await, Some(Gap::Purged { begins }));
        // a purge that told of what it dropped, and reached less far
        tells(&world.store, 1, 800).await;
        assert_eq!(gap_now(&world.store).await, Some(Gap::Purged { begins }));
        tells(&world.store, 2, 20).await;
        assert_eq!(gap_now(&world.store).await, Some(Gap::Purged { begins }));
    }

    #[tokio::test]
    async fn where_nothing_was_written_for_long_the_row_of_the_purge_says_how_old_the_others_were()
    {
        let world = World::sqlite().await;
        writes(&world.store, &[900, 800]).await;
        tells(&world.store, 2, 720).await;
        world.store.purge_portion(2).await.expect("dropped");
        assert_eq!(gap_now(&world.store).await, None);
    }

    #[tokio::test]
    async fn where_a_checkpoint_was_forged_nobody_knows() {
        let world = World::sqlite().await;
        writes(&world.store, &[900, 800, 40]).await;
        world.store.purge_portion(1).await.expect("dropped");
        let forged = "UPDATE audit_checkpoint SET mac = 'x'";
        world.tamper(forged).await;
        assert_eq!(
            gap_now(&world.store).await,
            Some(Gap::Purged { begins: None })
        );
    }
}
