//! The walk over the rows in order of position, and what it remembers: per chain the last good row, and the rows whose
//! MAC fails until it is known what to call them.

use std::collections::{BTreeMap, BTreeSet};

use aws_lc_rs::hmac;

use super::findings::{Finding, NAMED, Verdict, Verification};
use crate::store::audit::checkpoint::Checkpoint;
use crate::store::audit::row::{Head, Position, Row};
use crate::store::audit::terms::{self, Filed};

/// Rows whose MAC fails that are kept whole, to find out whether they were moved.
const KEPT: usize = 256;

/// The last good row of a chain.
struct Link {
    head: Head,
    /// How many positions before it hold no good row.
    unaccounted: i64,
}

/// The state of a walk.
pub(super) struct Walk {
    key: hmac::Key,
    rows: u64,
    /// Good rows so far, and the position of the last.
    good: i64,
    last_good: i64,
    chains: BTreeMap<String, Link>,
    /// Exported heads not met yet, by position.
    awaited: BTreeMap<i64, Vec<Head>>,
    bad: Vec<Row>,
    /// Positions that hold a row, though not a good one.
    occupied: Vec<i64>,
    /// Gaps between rows that are there.
    gaps: Vec<(i64, i64)>,
    findings: Vec<(i64, Finding)>,
    further: u64,
    /// What the worst of them means.
    verdict: Verdict,
    /// Up to which position rows were dropped.
    purged: i64,
}

impl Walk {
    pub(super) fn new(key: hmac::Key, heads: &[Head]) -> Self {
        let mut awaited: BTreeMap<i64, Vec<Head>> = BTreeMap::new();
        for head in heads {
            awaited.entry(head.position).or_default().push(head.clone());
        }
        Self {
            key,
            rows: 0,
            good: 0,
            last_good: 0,
            chains: BTreeMap::new(),
            awaited,
            bad: Vec::new(),
            occupied: Vec::new(),
            gaps: Vec::new(),
            findings: Vec::new(),
            further: 0,
            verdict: Verdict::Clean,
            purged: 0,
        }
    }

    /// Begins after what was dropped, where every chain stands as the checkpoint says. A head of a dropped row is met if its
    /// chain ended there, or went on after it.
    pub(super) fn begin_after(&mut self, checkpoint: Checkpoint) {
        let position = checkpoint.position;
        (self.good, self.last_good, self.purged) = (position, position, position);
        let later = self.awaited.split_off(&position.saturating_add(1));
        let dropped = std::mem::replace(&mut self.awaited, later);
        for head in dropped.into_values().flatten() {
            let mut chains = checkpoint.chains.iter();
            let met = chains.any(|last| {
                let went_on = last.sequence > head.sequence && last.position > head.position;
                last.chain == head.chain && (*last == head || went_on)
            });
            if !met {
                self.find(head.position, Finding::HeadLost(head));
            }
        }
        for head in checkpoint.chains {
            let link = Link {
                head,
                unaccounted: 0,
            };
            self.chains.insert(link.head.chain.clone(), link);
        }
    }

    /// Up to which position rows were dropped.
    pub(super) fn purged(&self) -> i64 {
        self.purged
    }

    pub(super) fn find(&mut self, position: i64, finding: Finding) {
        self.verdict = self.verdict.max(finding.verdict());
        if self.findings.len() < NAMED {
            self.findings.push((position, finding));
        } else {
            self.further += 1;
        }
    }

    /// A row that cannot be read.
    pub(super) fn unreadable(&mut self, position: Option<i64>) {
        self.rows += 1;
        self.occupied.extend(position);
        self.find(position.unwrap_or(i64::MAX), Finding::Unreadable(position));
    }

    /// The next row. `filed`: what the index has of it, if it must be there.
    pub(super) fn row(&mut self, row: Row, filed: Option<&BTreeSet<Filed>>) {
        self.rows += 1;
        if self.purged > 0 && row.position <= self.purged {
            self.find(row.position, Finding::Inserted(row.place()));
        } else if row.is_sealed(&self.key) {
            let due = filed.and_then(|_| terms::of_row(&row));
            if due.as_ref().is_some_and(|due| Some(due) != filed) {
                self.find(row.position, Finding::Misfiled(row.place()));
            }
            self.good_row(row);
        } else if self.bad.len() < KEPT {
            self.occupied.push(row.position);
            self.bad.push(row);
        } else {
            self.occupied.push(row.position);
            self.find(row.position, Finding::Altered(row.place()));
        }
    }

    fn good_row(&mut self, row: Row) {
        if row.position == self.last_good {
            self.find(row.position, Finding::Inserted(row.place()));
            return;
        }
        self.close_gap(row.position);
        let unaccounted = row.position - 1 - self.good;
        self.good += 1;
        self.last_good = row.position;
        self.occupied.clear();
        if let Some(heads) = self.awaited.get_mut(&row.position) {
            heads.retain(|head| {
                head.mac != row.mac || head.chain != row.chain || head.sequence != row.sequence
            });
        }
        if !self.follows(&row, unaccounted) {
            self.find(row.position, Finding::Unlinked(row.place()));
        }
        let head = row.head();
        self.chains
            .insert(head.chain.clone(), Link { head, unaccounted });
    }

    /// Whether a good row follows on the last good one of its chain, or on rows that are known to be damaged or gone.
    fn follows(&self, row: &Row, unaccounted: i64) -> bool {
        let (sequence, mac, before) = self.chains.get(&row.chain).map_or((0, "", 0), |link| {
            (link.head.sequence, &*link.head.mac, link.unaccounted)
        });
        let between = row.sequence - sequence - 1;
        if between == 0 {
            row.previous == mac
        } else {
            between > 0 && between <= unaccounted - before
        }
    }

    /// Notes the positions between the last good row and this one that hold nothing.
    fn close_gap(&mut self, position: i64) {
        let mut first = self.last_good + 1;
        for occupied in std::mem::take(&mut self.occupied) {
            if occupied < first || occupied >= position {
                continue;
            }
            if first < occupied {
                self.gaps.push((first, occupied - 1));
            }
            first = occupied + 1;
        }
        if first < position {
            self.gaps.push((first, position - 1));
        }
    }

    /// Names what was left open. `given_out` is the last position that the database said was given out before the walk began.
    pub(super) fn finish(mut self, given_out: i64) -> Verification {
        let end = self.last_good.max(given_out);
        if self.last_good < end {
            self.close_gap(end + 1);
        }
        let places: Vec<Position> = self.bad.iter().map(Row::place).collect();
        for row in std::mem::take(&mut self.bad) {
            let found = row.place();
            let finding = if let Some(written) = self.written(row, &places) {
                self.fill(written.position);
                Finding::Moved { found, written }
            } else if (1..=end).contains(&found.position) {
                Finding::Altered(found)
            } else {
                Finding::Inserted(found)
            };
            let position = match &finding {
                Finding::Moved { found, .. }
                | Finding::Altered(found)
                | Finding::Inserted(found) => found.position,
                _ => i64::MAX,
            };
            self.find(position, finding);
        }
        for (first, last) in std::mem::take(&mut self.gaps) {
            self.find(first, Finding::Removed { first, last });
        }
        for head in std::mem::take(&mut self.awaited).into_values().flatten() {
            self.find(head.position, Finding::HeadLost(head));
        }
        self.findings.sort_by_key(|(position, _)| *position);
        Verification {
            rows: self.rows,
            purged: self.purged,
            heads: self.chains.into_values().map(|link| link.head).collect(),
            findings: self.findings.into_iter().map(|(_, f)| f).collect(),
            further_findings: self.further,
            verdict: self.verdict,
        }
    }

    /// Where a row whose MAC fails was written, if it is whole but for its place: at one of the gaps, or where another such row
    /// stands.
    fn written(&self, mut row: Row, places: &[Position]) -> Option<Position> {
        let sequence = row.sequence;
        let gaps = self
            .gaps
            .iter()
            .flat_map(|(first, last)| *first..=*last)
            .take(KEPT)
            .map(|position| (position, sequence));
        let others = places.iter().map(|place| (place.position, place.sequence));
        for (position, sequence) in gaps.chain(others) {
            row.position = position;
            row.sequence = sequence;
            if row.is_sealed(&self.key) {
                return Some(row.place());
            }
        }
        None
    }

    /// Takes a position out of the gaps: its row was found elsewhere.
    fn fill(&mut self, position: i64) {
        let gaps = std::mem::take(&mut self.gaps);
        for (first, last) in gaps {
            if !(first..=last).contains(&position) {
                self.gaps.push((first, last));
                continue;
            }
            if first < position {
                self.gaps.push((first, position - 1));
            }
            if position < last {
                self.gaps.push((position + 1, last));
            }
        }
    }
}
