//! The issuer beside the running server: follows its keys, and says in time when one must be replaced.

use std::time::Duration;

use crate::clock::SharedClock;
use crate::issuer::keys::KeyLine;
use crate::issuer::{Issuer, Told, Urgency};
use crate::store::{Access, Store};
use crate::telemetry::Metrics;

/// How often it is looked whether the keys' list is another one.
const FOLLOW: Duration = Duration::from_secs(2);

/// The issuer, and who must know what becomes of it. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Watched {
    pub(super) issuer: Issuer,
    pub(super) access: Access,
    pub(super) store: Store,
    pub(super) metrics: Metrics,
    pub(super) clock: SharedClock,
}

impl Watched {
    /// Takes a rotation in, if there was one.
    pub(super) async fn follow(&self) {
        let issuer = self.issuer.clone();
        // files may lie on a slow disk
        let followed = tokio::task::spawn_blocking(move || issuer.follow()).await;
        match followed {
            Ok(Ok(true)) => {
                self.access.note_issuance(self.issuer.issuance());
                tracing::info!("the issuer's keys were read again");
                // a revision that needs them may have been published before they were seen; when the database is away,
                // whoever follows the revisions says so
                let _ = self.access.follow(&self.store).await;
            }
            Ok(Err(problems)) => tracing::error!(
                error = &problems as &dyn std::error::Error,
                "the issuer's keys cannot be read again: those known go on"
            ),
            Ok(Ok(false)) | Err(_) => {}
        }
    }

    /// Runs for as long as the server does.
    pub(super) async fn run(self) {
        let mut every = tokio::time::interval(FOLLOW);
        every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut told = Told::default();
        loop {
            every.tick().await;
            self.follow().await;
            let (keys, now) = (self.issuer.keys(), self.clock.now());
            self.metrics.issuer_keys(keys.iter().filter_map(|key| {
                let left = key.seconds_left(now)?;
                Some((
                    [key.id.as_str(), key.purpose.word(), key.state.word()],
                    left,
                ))
            }));
            for (key, urgency) in told.due(&keys, now) {
                tell(key, urgency);
            }
        }
    }
}

fn tell(key: &KeyLine, urgency: Urgency) {
    let expires = key
        .expires
        .map(|at| at.format("%Y-%m-%d").to_string())
        .unwrap_or_default();
    let (key, state) = (key.id.as_str(), key.state.word());
    match urgency {
        Urgency::Soon => tracing::warn!(
            key,
            state,
            expires,
            "an issuer's key ends within 90 days: make the next one and give every account the new metadata"
        ),
        Urgency::Urgent => tracing::warn!(
            key,
            state,
            expires,
            "an issuer's key ends within 30 days: nobody gets into its roles after that"
        ),
        Urgency::Ended => tracing::error!(
            key,
            state,
            expires,
            "an issuer's key has ended: it signs no more, and nobody gets into its roles"
        ),
    }
}
