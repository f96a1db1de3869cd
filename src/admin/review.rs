//! The review of a draft before it is published: what it changes, in sentences; for whom; and whether it needs a second
//! thought, confirmed by typing.
//!
//! Publishing names the review that it rests on: the draft's version and the revision that was current. When either is
//! another one by then, nothing is published, and the review is made again.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::drafts::{aside, of_draft};
use super::{Admin, Error, Known, Signature};
use crate::domain::access::{
    AccessIndex, AccessRevision, Document, DraftId, EntryName, Impact, Problems, RuleEntry,
    Surroundings, alone, check, differences, merge,
};
use crate::domain::role::RoleKey;
use crate::store::{DraftSummary, RevisionSummary, SharedDraft};

/// From so many people who lose their last role on, a change needs a second thought.
const MANY: usize = 10;
/// Likewise from this share of all people known, one in so many, …
const MANY_SHARE: usize = 20;
/// … but not for one or two.
const MANY_AT_LEAST: usize = 3;

/// The review that somebody looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The draft's version.
    pub version: i64,
    /// The revision that was current; 0: none.
    pub revision: AccessRevision,
}

/// A draft, reviewed.
#[derive(Debug)]
pub struct Review {
    /// The draft.
    pub draft: DraftSummary,
    /// The revision that is current; 0: none.
    pub current: AccessRevision,
    /// How the draft stands.
    pub stands: Stands,
}

/// How a draft stands.
#[derive(Debug)]
pub enum Stands {
    /// It has no text.
    Empty,
    /// It cannot be read: why, and where.
    Unreadable(String),
    /// Another revision was published since it was begun.
    Stale(Box<Stale>),
    /// Everything that is wrong with it, and its text.
    Problems(Problems, String),
    /// It says what the current revision says.
    Same,
    /// It can be published.
    Ready(Box<Ready>),
}

/// A draft that can be published.
#[derive(Debug)]
pub struct Ready {
    /// What it changes, in sentences.
    pub changes: Vec<String>,
    /// For whom.
    pub known: Known,
    /// What needs a second thought.
    pub alarms: Vec<Alarm>,
}

/// What needs a second thought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Alarm {
    /// Production roles are given to everybody.
    ProductionToEverybody(Vec<RoleKey>),
    /// Many people lose their last role.
    LastRoleFromMany {
        /// How many.
        count: usize,
        /// Of how many.
        known: usize,
    },
    /// No rule gives anything any more.
    NothingForAnybody,
}

impl Alarm {
    /// What is typed to confirm it: an account's alias, or a number.
    fn word(&self) -> String {
        match self {
            Self::ProductionToEverybody(roles) => match roles.first() {
                Some(first) if roles.iter().all(|role| role.account == first.account) => {
                    first.account.to_string()
                }
                _ => roles.len().to_string(),
            },
            Self::LastRoleFromMany { count, .. } => count.to_string(),
            Self::NothingForAnybody => "0".to_owned(),
        }
    }
}

impl Ready {
    /// What must be typed before it is published; empty: nothing.
    pub fn phrase(&self) -> String {
        let words: Vec<String> = self.alarms.iter().map(Alarm::word).collect();
        words.join(" ")
    }
}

/// A draft whose base is no longer current.
#[derive(Debug)]
pub struct Stale {
    /// The revision that came between.
    pub newest: RevisionSummary,
    /// What changed since the draft's base.
    pub theirs: Vec<String>,
    /// What the draft changes against its base.
    pub yours: Vec<String>,
    /// The entries that both changed differently.
    pub clashes: Vec<Clash>,
}

/// An entry that both changed differently.
#[derive(Debug)]
pub struct Clash {
    /// Which.
    pub entry: EntryName,
    /// What the draft did to it.
    pub mine: Vec<String>,
    /// What was published.
    pub theirs: Vec<String>,
}

/// What became of publishing.
#[derive(Debug)]
pub enum Published {
    /// It is the current revision now, under this number.
    Done(AccessRevision),
    /// Nothing was published: why, and the review as it is now.
    Again(Why, Box<Review>),
}

/// Why nothing was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The draft or the current revision is another one than the review was about.
    Changed,
    /// What needs a second thought was not confirmed.
    Unconfirmed,
    /// The note cannot be kept.
    Note,
    /// It cannot be published as it stands.
    Unfit,
}

impl Admin {
    /// Reviews a draft against what is current now.
    pub async fn review(&self, id: DraftId) -> Result<Review, Error> {
        let draft = self.draft(id).await?;
        self.review_of(draft).await.map(|(review, _)| review)
    }

    /// Publishes a draft as it was reviewed; `typed` confirms what needs a second thought.
    pub async fn publish_draft(
        &self,
        (id, seen): (DraftId, Seen),
        typed: &str,
        signature: Signature,
    ) -> Result<Published, Error> {
        self.check_ungoverned()?;
        let (review, document) = self.review_of(self.draft(id).await?).await?;
        let again = |why, review| Ok(Published::Again(why, Box::new(review)));
        let now = Seen {
            version: review.draft.version,
            revision: review.current,
        };
        if now != seen {
            return again(Why::Changed, review);
        }
        let (Stands::Ready(ready), Some(document)) = (&review.stands, document) else {
            return again(Why::Unfit, review);
        };
        if typed
            .split_whitespace()
            .ne(ready.phrase().split_whitespace())
        {
            return again(Why::Unconfirmed, review);
        }
        let mut signature = signature;
        signature.event = of_draft(&review.draft, signature.event);
        let number = seen.revision;
        match self.publish_document(&document, number, signature).await {
            Ok(number) => {
                // before the first revision nobody could get anywhere
                if seen.revision > 0 {
                    self.settle().await;
                }
                // what is published is no draft any more; one that somebody saved meanwhile stays
                if let Err(error) = self.store.put_draft_away(id, seen.version).await {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "a draft was published and could not be put away"
                    );
                }
                Ok(Published::Done(number))
            }
            Err(Error::Conflict { .. }) => again(Why::Changed, self.review(id).await?),
            Err(Error::Note) => again(Why::Note, review),
            Err(Error::Follow(source)) => {
                let _ = self.store.put_draft_away(id, seen.version).await;
                Err(Error::Follow(source))
            }
            Err(error) => Err(error),
        }
    }

    /// The review, and the draft's document where it can be published.
    async fn review_of(&self, draft: SharedDraft) -> Result<(Review, Option<Document>), Error> {
        let SharedDraft { summary, text } = draft;
        let (current, before) = self.current_or_empty().await?;
        let review = |stands| Review {
            draft: summary.clone(),
            current,
            stands,
        };
        if text.trim().is_empty() {
            return Ok((review(Stands::Empty), None));
        }
        let read = aside(move || (Document::from_toml(&text), text));
        let (document, text) = match read.await? {
            (Ok(document), text) => (document, text),
            (Err(error), _) => return Ok((review(Stands::Unreadable(error.to_string())), None)),
        };
        if summary.base != current {
            let stale = self.stale(summary.base, (document, before)).await?;
            return Ok((review(Stands::Stale(Box::new(stale))), None));
        }
        let surroundings = self.surroundings();
        let known = self.compiled(current).await;
        let (before, after) = (Arc::new(before), Arc::new(document));
        let (old, new) = (Arc::clone(&before), Arc::clone(&after));
        let compiled = aside(move || {
            let after = AccessIndex::new(Arc::new(check(&new, &surroundings)?), current + 1);
            let before = match known {
                Some(index) => index,
                None => compile_leniently(&old, &surroundings, current)?,
            };
            Ok(((before, Arc::new(after)), differences(&old, &new)))
        })
        .await?;
        let ((old, new), changes) = match compiled {
            Ok(compiled) => compiled,
            Err(problems) => return Ok((review(Stands::Problems(problems, text)), None)),
        };
        if changes.is_empty() && current > 0 {
            return Ok((review(Stands::Same), None));
        }
        let (known, impact) = self.impact(&old, &new).await?;
        let ready = Ready {
            alarms: alarms(&impact, (&before, &after)),
            changes,
            known,
        };
        let document = Arc::unwrap_or_clone(after);
        Ok((review(Stands::Ready(Box::new(ready))), Some(document)))
    }

    /// The current revision as it decides here, if this replica has come to it.
    pub(super) async fn compiled(&self, current: AccessRevision) -> Option<Arc<AccessIndex>> {
        self.access.follow(&self.store).await.ok()?;
        let index = self.access.index();
        (index.revision() == current).then_some(index)
    }

    async fn stale(
        &self,
        base: AccessRevision,
        (mine, theirs): (Document, Document),
    ) -> Result<Stale, Error> {
        let (_, base) = self.revision_or_empty(base).await?;
        let newest = self.store.revisions(None, 1).await?.pop();
        let newest = newest.ok_or(Error::NoSuchRevision(0))?;
        aside(move || {
            let merged = merge(&base, (&mine, &theirs), &BTreeMap::new());
            let clashes = merged.conflicts.into_iter().map(|entry| {
                let was = alone(&base, &entry);
                Clash {
                    mine: differences(&was, &alone(&mine, &entry)),
                    theirs: differences(&was, &alone(&theirs, &entry)),
                    entry,
                }
            });
            Stale {
                newest,
                theirs: differences(&base, &theirs),
                yours: differences(&base, &mine),
                clashes: clashes.collect(),
            }
        })
        .await
    }
}

/// A revision that another version published may not pass: it gives nothing, as everywhere.
pub(super) fn compile_leniently(
    document: &Document,
    surroundings: &Surroundings,
    number: AccessRevision,
) -> Result<Arc<AccessIndex>, Problems> {
    let model =
        check(document, surroundings).or_else(|_| check(&Document::default(), surroundings))?;
    Ok(Arc::new(AccessIndex::new(Arc::new(model), number)))
}

/// What needs a second thought.
fn alarms(impact: &Impact, (before, after): (&Document, &Document)) -> Vec<Alarm> {
    let mut alarms = Vec::new();
    if !impact.to_everybody.is_empty() {
        alarms.push(Alarm::ProductionToEverybody(impact.to_everybody.clone()));
    }
    let (count, known) = (impact.left_without.count, impact.known);
    let share = count >= MANY_AT_LEAST && count * MANY_SHARE >= known;
    if count >= MANY || share {
        alarms.push(Alarm::LastRoleFromMany { count, known });
    }
    let gives = |document: &Document| {
        let mut rules = document.rules.iter();
        rules.any(|rule: &RuleEntry| !rule.grant.is_empty())
    };
    if gives(before) && !gives(after) {
        alarms.push(Alarm::NothingForAnybody);
    }
    alarms
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::access::People;

    fn left_without(count: usize, known: usize) -> Vec<Alarm> {
        let impact = Impact {
            known,
            left_without: People {
                count,
                names: Vec::new(),
                keys: Vec::new(),
            },
            ..Impact::default()
        };
        let document = Document::default();
        alarms(&impact, (&document, &document))
    }

    #[test]
    fn the_last_role_of_ten_people_or_of_one_in_twenty_needs_a_second_thought() {
        for (count, known, is_many) in [
            (0, 0, false),
            (0, 100, false),
            (1, 1, false),
            (1, 20, false),
            (2, 2, false),
            (3, 60, true),
            (3, 61, false),
            (3, 3, true),
            (9, 1_000, false),
            (10, 1_000_000, true),
        ] {
            let found = left_without(count, known);
            assert_eq!(!found.is_empty(), is_many, "{count} of {known}");
        }
    }

    #[test]
    fn what_is_typed_names_the_account_or_a_number() {
        let role = |key| RoleKey::parse(key).unwrap();
        let ready = |alarms| Ready {
            changes: Vec::new(),
            known: Known::Off,
            alarms,
        };
        let one = Alarm::ProductionToEverybody(vec![role("prod/A"), role("prod/B")]);
        let two = Alarm::ProductionToEverybody(vec![role("prod/A"), role("other/B")]);
        let many = Alarm::LastRoleFromMany {
            count: 14,
            known: 20,
        };
        assert_eq!(ready(vec![]).phrase(), "");
        assert_eq!(ready(vec![one, many]).phrase(), "prod 14");
        assert_eq!(ready(vec![two, Alarm::NothingForAnybody]).phrase(), "2 0");
    }
}
