//! The time, as a value that is handed in.
//!
//! Everything that asks what time it is takes a [`Clock`], so that tests are exact and a clock that
//! jumps is a case one can write down. This file alone may read the machine's clock.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::Timestamp;

/// Tells the time.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The time now, in UTC.
    fn now(&self) -> Timestamp;
}

/// A clock that many hold.
pub type SharedClock = Arc<dyn Clock>;

/// The machine's own clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the machine's clock"
    )]
    fn now(&self) -> Timestamp {
        chrono::Utc::now()
    }
}

/// The machine's clock, moved by hand: what tests turn forward and back, and hold.
#[derive(Debug, Default)]
pub struct ShiftedClock {
    offset_ms: AtomicI64,
    held: Mutex<Option<Timestamp>>,
}

impl ShiftedClock {
    /// Moves the clock by `delta`; a negative one moves it back.
    pub fn advance(&self, delta: chrono::Duration) {
        self.offset_ms
            .fetch_add(delta.num_milliseconds(), Ordering::SeqCst);
    }

    /// Stands still at `moment`, plus whatever it is moved by from now on.
    pub fn hold_at(&self, moment: Timestamp) {
        self.offset_ms.store(0, Ordering::SeqCst);
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = Some(moment);
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        let held = *self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let moment = held.unwrap_or_else(|| SystemClock.now());
        moment + chrono::Duration::milliseconds(self.offset_ms.load(Ordering::SeqCst))
    }
}
