//! Keeps the connections to AWS ready while people go in, so that a click never waits for a TLS handshake.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::Duration;

use super::Signin;
use crate::domain::Timestamp;
use crate::domain::account::PartitionName;

/// A partition is kept warm for so long after its last sign-in.
const AFTER_USE: Duration = Duration::minutes(15);

/// When each partition was used last.
#[derive(Debug, Default)]
pub(super) struct Used(Mutex<HashMap<PartitionName, Timestamp>>);

impl Used {
    /// Notes a sign-in.
    pub(super) fn note(&self, partition: &PartitionName, now: Timestamp) {
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        used.insert(partition.clone(), now);
    }

    fn lately(&self, now: Timestamp) -> Vec<PartitionName> {
        let used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        used.iter()
            .filter(|(_, at)| now - **at < AFTER_USE)
            .map(|(partition, _)| partition.clone())
            .collect()
    }
}

impl Signin {
    /// Gets to know what the own credentials are: the portal tells by it how long consoles last.
    pub async fn learn_own_kinds(self) {
        self.0.aws.sts.learn_own_kinds().await;
    }

    /// Runs for as long as the server does.
    pub async fn keep_warm(self) {
        let Some(every) = self.0.keep_warm else {
            return;
        };
        let mut every = tokio::time::interval(every);
        every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            every.tick().await;
            for partition in self.0.used.lately(self.0.clock.now()) {
                tokio::join!(
                    self.0.aws.sts.keep_warm(&partition),
                    self.0.aws.federation.keep_warm(&partition)
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partition_is_kept_warm_for_a_while_after_its_last_sign_in_and_no_other_is() {
        let used = Used::default();
        let began = Timestamp::UNIX_EPOCH;
        let partition = PartitionName::parse("aws").unwrap();
        assert_eq!(used.lately(began), []);
        used.note(&partition, began);
        let last = began + AFTER_USE - Duration::seconds(1);
        assert_eq!(used.lately(last), std::slice::from_ref(&partition));
        assert_eq!(used.lately(began + AFTER_USE), []);
        used.note(&partition, began + AFTER_USE);
        assert_eq!(used.lately(began + AFTER_USE), [partition]);
    }
}
