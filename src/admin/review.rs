//! The review of a draft before it is published: what it changes, in sentences; for whom; and whether it needs a second
//! thought, confirmed by typing.
//!
//! Publishing names the review that it rests on: the draft's version and the revision that was current. When either is
//! another one by then, nothing is published, and the review is made again.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::alarm::{Alarm, alarms, phrase};
use super::drafts::{aside, of_draft};
use super::{Admin, Error, Known, Signature};
use crate::domain::access::{
    AccessIndex, AccessRevision, ByName, Document, DraftId, EntryName, Problems, Surroundings,
    check, check_sizes, differences, merge,
};
use crate::store::{DraftSummary, RevisionSummary, SharedDraft};

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

impl Ready {
    /// What must be typed before it is published; empty: nothing.
    pub fn phrase(&self) -> String {
        phrase(&self.alarms)
    }

    /// Whether that is what was typed.
    fn is_confirmed_by(&self, typed: &str) -> bool {
        let phrase = self.phrase();
        typed.split_whitespace().eq(phrase.split_whitespace())
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

/// Something needs a second thought that was not confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unconfirmed {
    /// What.
    pub alarms: Vec<Alarm>,
    /// What confirms it.
    pub phrase: String,
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
        if !ready.is_confirmed_by(typed) {
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

    /// What it means to put a document in the place of the current revision.
    pub async fn weigh(&self, text: &str) -> Result<Ready, Error> {
        let document = self.read_aside(text).await?;
        let current = self.current_or_empty().await?;
        let weighed = self.weighed(current, document).await?;
        weighed.map(|(ready, _)| ready).map_err(Error::Problems)
    }

    /// Publishes a document that was written on top of revision `base`, like a draft of it: where something needs a second
    /// thought and `typed` does not confirm it, nothing is published, and this says what does.
    pub async fn publish_reviewed(
        &self,
        (text, base): (&str, AccessRevision),
        typed: &str,
        signature: Signature,
    ) -> Result<Result<AccessRevision, Unconfirmed>, Error> {
        self.check_ungoverned()?;
        let document = self.read_aside(text).await?;
        let (current, before) = self.current_or_empty().await?;
        if base != current {
            return Err(Error::Conflict { current });
        }
        let weighed = self.weighed((current, before), document).await?;
        let (ready, document) = weighed.map_err(Error::Problems)?;
        if !ready.is_confirmed_by(typed) {
            let phrase = ready.phrase();
            let alarms = ready.alarms;
            return Ok(Err(Unconfirmed { alarms, phrase }));
        }
        let number = self.publish_document(&document, base, signature).await?;
        // before the first revision nobody could get anywhere
        if base > 0 {
            self.settle().await;
        }
        Ok(Ok(number))
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
            if let Err(problems) = check_sizes(&document) {
                return Ok((review(Stands::Problems(problems, text)), None));
            }
            let stale = self.stale(summary.base, (document, before)).await?;
            return Ok((review(Stands::Stale(Box::new(stale))), None));
        }
        let (ready, document) = match self.weighed((current, before), document).await? {
            Ok(weighed) => weighed,
            Err(problems) => return Ok((review(Stands::Problems(problems, text)), None)),
        };
        if ready.changes.is_empty() && current > 0 {
            return Ok((review(Stands::Same), None));
        }
        Ok((review(Stands::Ready(Box::new(ready))), Some(document)))
    }

    /// What it means to put a document in the place of the current one; or everything that is wrong with it.
    async fn weighed(
        &self,
        (current, before): (AccessRevision, Document),
        after: Document,
    ) -> Result<Result<(Ready, Document), Problems>, Error> {
        // what is compiled takes memory until it was compared
        let turn = self.reviewing.next().await?;
        let surroundings = self.surroundings();
        let known = self.compiled(current).await;
        let (before, after) = (Arc::new(before), Arc::new(after));
        let (old, new) = (Arc::clone(&before), Arc::clone(&after));
        let work = move || {
            let after = AccessIndex::new(Arc::new(check(&new, &surroundings)?), current + 1);
            let before = match known {
                Some(index) => index,
                None => compile_leniently(&old, &surroundings, current)?,
            };
            Ok(((before, Arc::new(after)), differences(&old, &new)))
        };
        // one that nobody waits for any more keeps its turn to its end
        let (_turn, compiled) = aside(move || (turn, work())).await?;
        let ((old, new), changes) = match compiled {
            Ok(compiled) => compiled,
            Err(problems) => return Ok(Err(problems)),
        };
        let (known, impact) = self.impact(&old, &new).await?;
        let ready = Ready {
            alarms: alarms(&impact, (&before, &after)),
            changes,
            known,
        };
        Ok(Ok((ready, Arc::unwrap_or_clone(after))))
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
            let (was, my) = (ByName::of(&base), ByName::of(&mine));
            let their = ByName::of(&theirs);
            let clashes = merged.conflicts.into_iter().map(|entry| {
                let was = was.alone(&entry);
                Clash {
                    mine: differences(&was, &my.alone(&entry)),
                    theirs: differences(&was, &their.alone(&entry)),
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
