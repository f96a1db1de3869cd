//! How often probes may be made: one role once a minute, few at once, and not too many in all.

use std::collections::HashMap;

use chrono::Duration;

use crate::domain::Timestamp;
use crate::domain::role::RoleKey;

/// How long a role is left alone after a probe.
const BETWEEN: Duration = Duration::seconds(60);

/// How many probes there may be in a minute.
pub const PER_MINUTE: usize = 30;

/// How many may be under way.
const AT_ONCE: usize = 2;

/// What is remembered of the last minute.
#[derive(Debug, Default)]
pub struct Bounds {
    begun: HashMap<RoleKey, Timestamp>,
    under_way: usize,
}

/// It was probed a moment ago, or too many others were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too soon: again in {seconds} seconds")]
pub struct TooSoon {
    /// In how many seconds it can be tried again.
    pub seconds: u16,
    /// Whether it is this very role that was probed.
    pub this_role: bool,
}

impl Bounds {
    /// Notes that a probe begins, if it may.
    pub fn begin(&mut self, key: &RoleKey, now: Timestamp) -> Result<(), TooSoon> {
        // what lies in the future was noted by a clock that has been set back since
        self.begun
            .retain(|_, begun| *begun <= now && now - *begun < BETWEEN);
        if let Some(begun) = self.begun.get(key) {
            return Err(too_soon(*begun, now, true));
        }
        if self.begun.len() >= PER_MINUTE
            && let Some(oldest) = self.begun.values().min()
        {
            return Err(too_soon(*oldest, now, false));
        }
        if self.under_way >= AT_ONCE {
            return Err(TooSoon {
                seconds: 5,
                this_role: false,
            });
        }
        self.begun.insert(key.clone(), now);
        self.under_way += 1;
        Ok(())
    }

    /// Notes that one has ended.
    pub fn end(&mut self) {
        self.under_way = self.under_way.saturating_sub(1);
    }
}

fn too_soon(begun: Timestamp, now: Timestamp, this_role: bool) -> TooSoon {
    let left = begun + BETWEEN - now;
    // a started second counts
    let seconds = u16::try_from(left.num_milliseconds().div_euclid(1000) + 1).unwrap_or(60);
    TooSoon {
        seconds: seconds.clamp(1, 60),
        this_role,
    }
}
