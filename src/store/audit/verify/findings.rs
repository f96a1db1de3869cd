//! What a check of the record can find, in words.

use std::fmt;

use crate::store::audit::row::{Head, Position};

/// How many findings are named; more are counted.
pub(super) const NAMED: usize = 10_000;

/// One thing that is wrong with the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// A row is not as it was written.
    Altered(Position),
    /// A row cannot even be read; its position, if that can.
    Unreadable(Option<i64>),
    /// A row was never written where it stands, or stands there twice.
    Inserted(Position),
    /// A row is as it was written, but not where.
    Moved {
        /// Where it stands.
        found: Position,
        /// Where it was written.
        written: Position,
    },
    /// Rows are missing.
    Removed {
        /// The first missing position.
        first: i64,
        /// The last missing position.
        last: i64,
    },
    /// A row does not follow on the row before it in its chain: what stood between is gone without leaving a gap of positions,
    /// as when the database was put back to an earlier state under a running process.
    Unlinked(Position),
    /// A row that an exported head names is gone, or is another.
    HeadLost(Head),
    /// A row is there, and is not found by what it says, or found by what it does not say: the index is another's.
    Misfiled(Position),
    /// The index names a row that is not there.
    Stray(i64),
    /// Rows have no index yet, and are found by no search.
    Unindexed {
        /// The first of them.
        first: i64,
        /// The last.
        last: i64,
    },
    /// What says where the record begins was not written by whoever has the key.
    ForgedCheckpoint,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Altered(place) => write!(f, "{} is not as it was written", Place(place)),
            Self::Unreadable(Some(position)) => write!(f, "row {position} is unreadable"),
            Self::Unreadable(None) => f.write_str("a row has an unreadable position"),
            Self::Inserted(place) => write!(f, "{} was inserted", Place(place)),
            Self::Moved { found, written } => {
                write!(f, "{} was written as {}", Place(found), Place(written))
            }
            Self::Removed { first, last } if first == last => write!(f, "row {first} was removed"),
            Self::Removed { first, last } => write!(f, "rows {first} to {last} were removed"),
            Self::Unlinked(place) => write!(
                f,
                "{} does not follow on the row before it in its chain: rows between them are gone",
                Place(place)
            ),
            Self::HeadLost(head) => write!(
                f,
                "row {} (chain {}, {}) is not the one that the exported head names",
                head.position, head.chain, head.sequence
            ),
            Self::Misfiled(place) => write!(
                f,
                "{} is filed under something else than it says: searches miss it, or find it wrongly",
                Place(place)
            ),
            Self::Stray(position) => {
                write!(f, "the index names row {position}, which is not there")
            }
            Self::Unindexed { first, last } => write!(
                f,
                "rows {first} to {last} are not in the index yet, so searches miss them: `vestibule serve` and \
                 `vestibule audit index` put them there"
            ),
            Self::ForgedCheckpoint => f.write_str(
                "the checkpoint, which says where the record begins after a purge, was forged or damaged",
            ),
        }
    }
}

/// A place, with what the row itself claims shown safely: a forged row may claim anything.
struct Place<'p>(&'p Position);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chain: String = self.0.chain.escape_debug().take(80).collect();
        write!(
            f,
            "row {} (chain {chain}, {})",
            self.0.position, self.0.sequence
        )
    }
}

/// What all findings together mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing is wrong.
    Clean,
    /// Every row is as it was written, and some are not in the index yet, as right after an upgrade.
    Unindexed,
    /// Every row is as it was written, and the index is not.
    Misfiled,
    /// Rows were changed, or are gone.
    Changed,
}

impl Finding {
    /// What it means by itself.
    pub(super) fn verdict(&self) -> Verdict {
        match self {
            Self::Unindexed { .. } => Verdict::Unindexed,
            Self::Misfiled(_) | Self::Stray(_) => Verdict::Misfiled,
            Self::Altered(_)
            | Self::Unreadable(_)
            | Self::Inserted(_)
            | Self::Moved { .. }
            | Self::Removed { .. }
            | Self::Unlinked(_)
            | Self::HeadLost(_)
            | Self::ForgedCheckpoint => Verdict::Changed,
        }
    }
}

/// What a check of the record came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// How many rows were read.
    pub rows: u64,
    /// The last position that was dropped by a purge; 0: none was.
    pub purged: i64,
    /// The last good row of every chain.
    pub heads: Vec<Head>,
    /// What is wrong, in order of position as far as there is one.
    pub findings: Vec<Finding>,
    /// How many more findings there are than are named.
    pub further_findings: u64,
    /// What all of them mean.
    pub verdict: Verdict,
}

impl Verification {
    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.verdict == Verdict::Clean
    }
}
