//! The clock that the limits count by: ours, which never goes back here. A clock that is put back would otherwise shut
//! everybody out for as long as it was put back by.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::clock::Clock;

use crate::clock::SharedClock;
use crate::domain::Timestamp;

/// How much time has gone by, as far as our clock went forward.
#[derive(Debug, Clone)]
pub(super) struct Steady(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    clock: SharedClock,
    read: Mutex<(Timestamp, Duration)>,
}

impl Steady {
    pub(super) fn new(clock: SharedClock) -> Self {
        let read = Mutex::new((clock.now(), Duration::ZERO));
        Self(Arc::new(Inner { clock, read }))
    }
}

impl Clock for Steady {
    type Instant = Duration;

    fn now(&self) -> Duration {
        let mut read = self.0.read.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.0.clock.now();
        let went_by = (now - read.0).to_std().unwrap_or_default();
        *read = (now, read.1 + went_by);
        read.1
    }
}
