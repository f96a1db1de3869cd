//! Drafts of the access model: several, shared among administrators.
//!
//! A draft is a text that somebody saved, whether or not it can be read, on top of a revision. Whoever saves names the
//! version that they saw; of two who saw the same, the second is told, and neither loses anything.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Admin, Error};
use crate::domain::access::{
    AccessRevision, Document, DraftId, EntryName, Pick, Problems, check_sizes, differences, merge,
};
use crate::domain::audit::Event;
use crate::random::bytes;
use crate::store::{DraftContent, DraftSummary, MOST_DRAFTS, SharedDraft};

/// The longest text that says what a draft is for, in characters.
pub const LONGEST_NAME: usize = 200;
/// How much of a row of the record names may take, in bytes.
const LONGEST_NAMES: usize = 8 * 1024;

/// What a new draft begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The current revision.
    Current,
    /// The content of another one, on top of the current.
    Revision(AccessRevision),
}

/// What became of saving.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// It is saved, under this version.
    Saved(i64),
    /// Somebody saved it meanwhile: this is what stands there now.
    Overtaken(Box<SharedDraft>),
}

/// What can be said of a draft's text.
#[derive(Debug)]
pub enum Examined {
    /// There is none.
    Empty,
    /// It cannot be read: why, and where.
    Unreadable(String),
    /// Everything that is wrong with it.
    Problems(Problems),
    /// Nothing is wrong with it; what it changes against its base.
    Right(Vec<String>),
}

impl Admin {
    /// All drafts, the last saved first.
    pub async fn drafts(&self) -> Result<Vec<DraftSummary>, Error> {
        Ok(self.store.drafts().await?)
    }

    /// One draft.
    pub async fn draft(&self, id: DraftId) -> Result<SharedDraft, Error> {
        self.store.draft(id).await?.ok_or(Error::NoSuchDraft)
    }

    /// Begins a draft on top of the current revision; `name` says what it is for, and may be empty.
    pub async fn begin_draft(
        &self,
        source: Source,
        name: &str,
        by: &str,
    ) -> Result<DraftId, Error> {
        self.check_ungoverned()?;
        let named = name.chars().count() <= LONGEST_NAME && !name.contains(char::is_control);
        if !named {
            return Err(Error::DraftName);
        }
        let (base, current) = self.current_or_empty().await?;
        let document = match source {
            Source::Current => current.clone(),
            Source::Revision(number) => self.revision(number).await?.1,
        };
        let (changes, text) =
            aside(move || (differences(&current, &document).len(), document.to_toml())).await?;
        let content = DraftContent {
            base,
            changes: Some(changes),
            text,
            by: by.to_owned(),
            before: Vec::new(),
        };
        self.begin(name, &content).await
    }

    /// Saves a text in place of the version that was seen.
    pub async fn save_draft(
        &self,
        (id, version): (DraftId, i64),
        text: String,
        by: &str,
    ) -> Result<Saved, Error> {
        self.check_ungoverned()?;
        let draft = self.draft(id).await?;
        if draft.summary.version != version {
            return Ok(Saved::Overtaken(Box::new(draft)));
        }
        let base = draft.summary.base;
        self.save(draft.summary, (base, text), by).await
    }

    /// Keeps a text that was written for a draft as a draft of its own: beside that one, or, where it is gone, on the
    /// current revision.
    pub async fn keep_apart(&self, id: DraftId, text: String, by: &str) -> Result<DraftId, Error> {
        self.check_ungoverned()?;
        let draft = self.store.draft(id).await?;
        let (name, base, from) = if let Some(SharedDraft { summary, .. }) = draft {
            let (_, from) = self.revision_or_empty(summary.base).await?;
            (summary.name, summary.base, from)
        } else {
            let (number, current) = self.current_or_empty().await?;
            (String::new(), number, current)
        };
        let content = content((from, base), text, by).await?;
        self.begin(&name, &content).await
    }

    async fn begin(&self, name: &str, content: &DraftContent) -> Result<DraftId, Error> {
        let id = DraftId::new(bytes(self.random.as_ref()));
        let now = self.clock.now();
        if self.store.begin_draft((id, name), content, now).await? {
            Ok(id)
        } else {
            Err(Error::TooManyDrafts(MOST_DRAFTS))
        }
    }

    /// Saves a draft, as it was seen, on a base that it may not have had before.
    async fn save(
        &self,
        DraftSummary {
            id,
            version,
            writers,
            ..
        }: DraftSummary,
        (base, text): (AccessRevision, String),
        by: &str,
    ) -> Result<Saved, Error> {
        let (_, from) = self.revision_or_empty(base).await?;
        let mut content = content((from, base), text, by).await?;
        content.before = writers;
        let now = self.clock.now();
        if self.store.save_draft((id, version), &content, now).await? {
            Ok(Saved::Saved(version + 1))
        } else {
            Ok(Saved::Overtaken(Box::new(self.draft(id).await?)))
        }
    }

    /// Brings a draft onto the current revision: what either side did to an entry is kept, and `picks` decides where both
    /// did. False: something is undecided, and it stays where it is.
    pub async fn rebase_draft(
        &self,
        (id, version): (DraftId, i64),
        onto: AccessRevision,
        (picks, by): (BTreeMap<EntryName, Pick>, &str),
    ) -> Result<bool, Error> {
        self.check_ungoverned()?;
        let draft = self.draft(id).await?;
        if draft.summary.version != version {
            return Err(Error::DraftOvertaken);
        }
        let (_, base) = self.revision_or_empty(draft.summary.base).await?;
        let summary = draft.summary;
        let (_, theirs) = self.revision_or_empty(onto).await?;
        let merged = aside(move || {
            let mine = Document::from_toml(&draft.text)?;
            let merged = merge(&base, (&mine, &theirs), &picks);
            Ok::<_, crate::domain::access::DocumentError>(
                merged
                    .conflicts
                    .is_empty()
                    .then(|| merged.document.to_toml()),
            )
        })
        .await?;
        let Some(text) = merged.map_err(Error::Unreadable)? else {
            return Ok(false);
        };
        match self.save(summary, (onto, text), by).await? {
            Saved::Saved(_) => Ok(true),
            Saved::Overtaken(_) => Err(Error::DraftOvertaken),
        }
    }

    /// Discards a draft, if nobody saved it meanwhile. The record says who did, and whose it was.
    pub async fn discard_draft(&self, id: DraftId, version: i64, by: Event) -> Result<(), Error> {
        self.check_ungoverned()?;
        // one that is gone is discarded
        let Some(draft) = self.store.draft(id).await? else {
            return Ok(());
        };
        let (event, now) = (of_draft(&draft.summary, by), self.clock.now());
        if self.store.discard_draft((id, version), &event, now).await? {
            return Ok(());
        }
        match self.store.draft(id).await? {
            Some(_) => Err(Error::DraftOvertaken),
            None => Ok(()),
        }
    }

    /// What can be said of a draft's text, against a revision.
    pub async fn examine(&self, text: &str, base: AccessRevision) -> Result<Examined, Error> {
        if text.trim().is_empty() {
            return Ok(Examined::Empty);
        }
        match self.read_aside(text).await {
            Ok(document) => {
                let (_, from) = self.revision_or_empty(base).await?;
                let changes = aside(move || differences(&from, &document)).await?;
                Ok(Examined::Right(changes))
            }
            Err(Error::Unreadable(reason)) => Ok(Examined::Unreadable(reason.to_string())),
            Err(Error::Problems(problems)) => Ok(Examined::Problems(problems)),
            Err(error) => Err(error),
        }
    }

    /// A revision as text; 0: none.
    pub async fn text_of(&self, revision: AccessRevision) -> Result<String, Error> {
        Ok(self.revision_or_empty(revision).await?.1.to_toml())
    }

    /// What sets two texts apart, in sentences; none where one of them cannot be read, or is larger than it may be.
    pub async fn compare_texts(&self, from: String, to: String) -> Result<Vec<String>, Error> {
        aside(move || match (comparable(&from), comparable(&to)) {
            (Some(from), Some(to)) => differences(&from, &to),
            _ => Vec::new(),
        })
        .await
    }

    pub(super) async fn current_or_empty(&self) -> Result<(AccessRevision, Document), Error> {
        Ok(match self.current().await? {
            Some((summary, current)) => (summary.number, current),
            None => (0, Document::default()),
        })
    }

    pub(super) fn check_ungoverned(&self) -> Result<(), Error> {
        match &self.governed_by {
            Some(file) => Err(Error::Governed(file.clone())),
            None => Ok(()),
        }
    }
}

/// What the record says of a draft: which it is, what it was for, and who had part in it.
pub(super) fn of_draft(draft: &DraftSummary, event: Event) -> Event {
    Event {
        draft: Some(draft.id.to_string()),
        draft_name: Some(draft.name.clone()).filter(|name| !name.is_empty()),
        drafted_by: Some(named(&draft.writers)),
        ..event
    }
}

/// Names in a row, as many as it can hold; the others are counted.
fn named(names: &[String]) -> String {
    let mut text = String::new();
    for (at, name) in names.iter().enumerate() {
        if text.len() + name.len() > LONGEST_NAMES && at > 0 {
            // writing to a String cannot fail
            let _ = write!(text, "; {} more", names.len() - at);
            break;
        }
        if at > 0 {
            text.push_str("; ");
        }
        text.push_str(name);
    }
    text
}

/// What a draft is to hold, with how much that changes.
async fn content(
    (from, base): (Document, AccessRevision),
    text: String,
    by: &str,
) -> Result<DraftContent, Error> {
    let (text, changes) = aside(move || {
        let changes = comparable(&text).map(|document| differences(&from, &document).len());
        (text, changes)
    })
    .await?;
    Ok(DraftContent {
        base,
        text,
        changes,
        by: by.to_owned(),
        before: Vec::new(),
    })
}

/// A text as a document that can be compared with another: it can be read, and has no more of anything than it may.
fn comparable(text: &str) -> Option<Document> {
    let document = Document::from_toml(text).ok()?;
    check_sizes(&document).is_ok().then_some(document)
}

/// Does something that takes a while where it keeps nobody waiting.
pub(super) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Error::Interrupted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_larger_than_a_document_may_be_is_compared_with_nothing() {
        let rule = |grants: usize| {
            let grants = "\"*\",".repeat(grants);
            format!("[[rules]]\nname = \"r\"\nwhen = []\ngrant = [{grants}]\n")
        };
        assert!(comparable(&rule(1_000)).is_some());
        assert!(comparable(&rule(1_001)).is_none());
        assert!(comparable("[[rules]").is_none());
    }

    #[test]
    fn names_are_all_there_until_a_row_would_be_too_long() {
        let names = |many, long| vec!["n".repeat(long); many];
        assert_eq!(named(&[]), "");
        assert_eq!(named(&["Ada".to_owned(), "Bob".to_owned()]), "Ada; Bob");
        assert_eq!(named(&names(1, 9_000)).len(), 9_000);
        let text = named(&names(100, 1_000));
        assert!(text.ends_with("; 92 more"), "{}", &text[text.len() - 20..]);
        assert!(text.len() < LONGEST_NAMES + 100);
    }
}
