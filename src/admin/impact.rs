//! Whom a change would concern: everybody who signed in during the last days, by what their provider said then.
//!
//! Portion by portion, so that neither the number of people nor of their groups fills the memory.

use std::sync::Arc;

use super::drafts::aside;
use super::{Admin, Error};
use crate::domain::access::{AccessIndex, Comparison, Impact};
use crate::domain::identity::Identity;
use crate::store::{ImpactKey, SealedIdentity};

/// How many people are read at once.
const PORTION: u32 = 500;

/// How long what providers last said of people is kept, and under which key.
#[derive(Debug, Clone)]
pub struct Remembering {
    /// What seals it.
    pub key: ImpactKey,
    /// For how many days.
    pub days: u32,
}

/// What is known of an impact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// Nothing is kept, as the configuration says.
    Off,
    /// Nothing is known of anybody; so many people's last identities cannot be read.
    Nobody {
        /// How many.
        unreadable: usize,
    },
    /// This is it.
    Impact {
        /// What changes, and for whom.
        impact: Box<Impact>,
        /// Of how many days the people are.
        days: u32,
        /// Of how many people what was kept cannot be read.
        unreadable: usize,
    },
}

impl Known {
    /// The impact, if there is one.
    pub fn impact(&self) -> Option<&Impact> {
        match self {
            Self::Impact { impact, .. } => Some(impact),
            Self::Off | Self::Nobody { .. } => None,
        }
    }
}

impl Admin {
    /// What going from one compiled model to another changes for people; whoever asks has the turn at it. Without people it still says what is given to
    /// everybody.
    pub(super) async fn impact(
        &self,
        before: &Arc<AccessIndex>,
        after: &Arc<AccessIndex>,
    ) -> Result<(Known, Impact), Error> {
        let (before, after) = (Arc::clone(before), Arc::clone(after));
        let (now, mut after_person) = (self.clock.now(), String::new());
        let mut comparison = aside(move || Comparison::new(before, after, now)).await?;
        let Some(Remembering { key, days }) = &self.remembering else {
            return Ok((Known::Off, aside(move || comparison.finish()).await?));
        };
        let since = now - chrono::Duration::days((*days).into());
        let (mut known, mut unreadable) = (0, 0);
        loop {
            let portion = self
                .store
                .last_identities(since, (&after_person, PORTION))
                .await?;
            let Some(last) = portion.last() else {
                break;
            };
            last.person().clone_into(&mut after_person);
            let (key, asked) = (key.clone(), portion.len());
            let taken;
            (comparison, taken) = aside(move || take_in(comparison, &portion, &key)).await?;
            known += taken;
            unreadable += asked - taken;
        }
        let impact = aside(move || comparison.finish()).await?;
        let known = match known {
            0 => Known::Nobody { unreadable },
            _ => Known::Impact {
                impact: Box::new(impact.clone()),
                days: *days,
                unreadable,
            },
        };
        Ok((known, impact))
    }
}

/// Takes a portion of people in; says of how many what was kept could be read.
fn take_in(
    mut comparison: Comparison,
    people: &[SealedIdentity],
    key: &ImpactKey,
) -> (Comparison, usize) {
    let mut taken = 0;
    for person in people.iter().filter_map(|person| person.open(key)) {
        let identity = &person.identity;
        comparison.add(identity, || reader_name(identity));
        taken += 1;
    }
    (comparison, taken)
}

/// A person as readers know them.
pub(super) fn reader_name(identity: &Identity) -> String {
    let (name, idp) = (&identity.display_name, &identity.idp);
    let text = if *name == identity.subject.value {
        format!("{name} ({idp})")
    } else {
        format!("{name} ({idp}: {})", identity.subject.value)
    };
    text.replace(char::is_control, "\u{fffd}")
}
