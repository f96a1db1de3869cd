//! For how long an answer of the last check counts, and from when on something that was committed is *settled*: nothing
//! that it forbids leaves any more, on any replica.
//!
//! The answer to a question that was asked after a commit knows of it. One that was asked before may not, and what leaves
//! by it leaves within [`COUNTS_FOR`] of the question, by a clock that only goes forward: later, the last check is made
//! again. So whoever waits [`SETTLED_AFTER`] after a commit and says then that it is done, says the truth of every
//! replica, without asking any; the difference is for the way from the check to the wire, which waits for nothing. No
//! clock of the database's or of another machine's comes into it.

use std::time::{Duration, Instant};

/// So long after the question something may leave by its answer.
const COUNTS_FOR: Duration = Duration::from_secs(1);

/// So long after a commit it is settled.
pub const SETTLED_AFTER: Duration = Duration::from_millis(1_500);

/// When a question was asked, from before it was sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked(Instant);

impl Asked {
    pub(super) fn now() -> Self {
        Self(Instant::now())
    }

    pub(super) fn still_counts(self) -> bool {
        self.0.elapsed() < COUNTS_FOR
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_a_moment_ago_counts_and_what_was_asked_longer_ago_does_not() {
        assert!(Asked::now().still_counts());
        let earlier = Instant::now().checked_sub(COUNTS_FOR).unwrap();
        assert!(!Asked(earlier).still_counts());
    }

    #[test]
    fn something_is_settled_only_when_nothing_counts_any_more_that_was_asked_before() {
        assert!(SETTLED_AFTER >= COUNTS_FOR + Duration::from_millis(500));
    }
}
