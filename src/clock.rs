//! The time, as a value that is handed in.
//!
//! Everything that asks what time it is takes a [`Clock`], so that tests are exact and a clock that
//! jumps is a case one can write down. This file alone may read the machine's clock.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::domain::Timestamp;

/// Tells the time.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The time now, in UTC.
    fn now(&self) -> Timestamp;

    /// Lets so much time pass, by a clock that only goes forward.
    fn wait(&self, span: Duration) -> Wait {
        Box::pin(tokio::time::sleep(span))
    }
}

/// Over when the time has passed.
pub type Wait = Pin<Box<dyn Future<Output = ()> + Send>>;

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

/// The machine's clock, moved by hand: what tests turn forward and back, and hold. Nobody waits by it, unless it is told
/// to let people wait.
#[derive(Debug, Default)]
pub struct ShiftedClock {
    offset_ms: AtomicI64,
    held: Mutex<Option<Timestamp>>,
    lets_wait: AtomicBool,
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

    /// From now on whoever waits by it waits as by the machine's own.
    pub fn let_wait(&self) {
        self.lets_wait.store(true, Ordering::SeqCst);
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        let held = *self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let moment = held.unwrap_or_else(|| SystemClock.now());
        moment + chrono::Duration::milliseconds(self.offset_ms.load(Ordering::SeqCst))
    }

    fn wait(&self, span: Duration) -> Wait {
        if self.lets_wait.load(Ordering::SeqCst) {
            SystemClock.wait(span)
        } else {
            Box::pin(std::future::ready(()))
        }
    }
}
