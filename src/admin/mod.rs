//! The use-cases of administrators: check a document, publish it, compare revisions, go back to one.
//!
//! Who is an administrator is decided before anything here is called. A document is checked whole before it is
//! published; a published one is a revision, numbered and immutable, and publishing on top of somebody else's
//! revision is a conflict that loses neither.

mod alarm;
mod drafts;
mod entries;
mod error;
mod impact;
mod issuer;
mod look;
mod people;
mod probe;
mod record;
mod review;
pub mod revoke;
mod simulate;
mod stops;
mod tokens;
mod trust;
mod turns;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

pub use crate::store::{DraftSummary, MOST_DRAFTS, RevisionSummary, SharedDraft};
pub use alarm::Alarm;
pub use drafts::{Examined, LONGEST_NAME, Saved, Source};
pub use entries::{Edit, Edited, EntryLine, EntryList, EntryView, MOST_ENTRIES};
pub use error::Error;
pub use impact::{Known, Remembering};
pub use issuer::{IssuerView, KeyView, Pressing};
pub use look::{AccountLine, Count, Lines, MOST_LINES, Overview, RoleLine, RuleLine, Section};
pub use people::{People, PersonLine, PersonView};
pub use probe::{Probed, Prober};
pub use record::{
    Copying, Format, Found, Head, Looked, MOST_ROWS, OfPerson, OfRole, Purgeable, Record, Row,
    Section as RecordSection, Traced, Verdict, Verification,
};
pub use review::{Clash, Published, Ready, Review, Seen, Stale, Stands, Unconfirmed, Why};
pub use revoke::Revocations;
pub use simulate::{
    ConditionLine, Explained, HeldLine, Question, ReadingLine, Simulated, Simulation, SpellingLine,
    Told, Whence, Which, WhoLine, Whom,
};
pub use stops::{Place, StopLine, StopList};
pub use trust::{Choices, Said};

use turns::Turns;

use crate::aws::Aws;
use crate::clock::SharedClock;
use crate::domain::access::{AccessRevision, Document, Surroundings, differences};
use crate::domain::audit::Event;
use crate::domain::credentials::CredentialsKind;
use crate::domain::identity::IdpId;
use crate::domain::trust::IdpFacts;
use crate::issuer::Issuer;
use crate::random::{SharedRandom, SystemRandom};
use crate::store::{Access, Draft, Publish, Revision, Store};

/// How many documents are checked at once.
const CHECKS: usize = 2;
/// The longest note that goes with a revision, in characters.
pub const LONGEST_NOTE: usize = 1000;

/// The use-cases of administrators. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Admin {
    store: Store,
    access: Access,
    aws: Aws,
    issuer: Issuer,
    idps: Arc<BTreeMap<IdpId, IdpFacts>>,
    clock: SharedClock,
    governed_by: Option<PathBuf>,
    idle: chrono::Duration,
    random: SharedRandom,
    remembering: Option<Remembering>,
    /// Reviews take memory and time: one is made after the other.
    reviewing: Turns,
    /// So do checks: a few at once, whoever asks.
    checking: Turns,
}

/// A document that would be published as it stands.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The document.
    pub document: Document,
    /// What it would change against the current revision, in sentences.
    pub changes: Vec<String>,
    /// The revision that it was compared with; 0 before the first.
    pub base: AccessRevision,
}

/// Who publishes, and why.
#[derive(Debug, Clone)]
pub struct Signature {
    /// A person, or the file or command that stands for one.
    pub author: String,
    /// Why.
    pub note: String,
    /// From where, for the audit log.
    pub event: Event,
}

impl Admin {
    /// `governed_by`: the file that governs, in which case nothing is published here.
    pub fn new(
        (store, access): (Store, Access),
        (aws, issuer): (Aws, Issuer),
        clock: SharedClock,
        governed_by: Option<PathBuf>,
    ) -> Self {
        Self {
            store,
            access,
            aws,
            issuer,
            idps: Arc::default(),
            clock,
            governed_by,
            idle: chrono::Duration::zero(),
            random: Arc::new(SystemRandom),
            remembering: None,
            reviewing: Turns::new(1),
            checking: Turns::new(CHECKS),
        }
    }

    /// The same, knowing what the identity providers are towards AWS.
    #[must_use]
    pub fn with_idps(mut self, idps: BTreeMap<IdpId, IdpFacts>) -> Self {
        self.idps = Arc::new(idps);
        self
    }

    /// The same, making drafts' ids, and knowing what providers last said of people.
    #[must_use]
    pub fn with_drafts(mut self, random: SharedRandom, remembering: Option<Remembering>) -> Self {
        self.random = random;
        self.remembering = remembering;
        self
    }

    /// The file that governs the access model, if one does: the pages are then read-only.
    pub fn governed_by(&self) -> Option<&std::path::Path> {
        self.governed_by.as_deref()
    }

    /// The current revision; `None` before the first.
    pub async fn current(&self) -> Result<Option<(RevisionSummary, Document)>, Error> {
        self.store.current_revision().await?.map(read).transpose()
    }

    /// A revision by its number.
    pub async fn revision(&self, number: i64) -> Result<(RevisionSummary, Document), Error> {
        let revision = self.store.revision(number).await?;
        read(revision.ok_or(Error::NoSuchRevision(number))?)
    }

    /// The revisions before one (`None`: from the newest), the newest first.
    pub async fn revisions(
        &self,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<RevisionSummary>, Error> {
        Ok(self.store.revisions(before, limit).await?)
    }

    /// What sets two revisions apart, in sentences.
    pub async fn compare(&self, old: i64, new: i64) -> Result<Vec<String>, Error> {
        let (_, old) = self.revision_or_empty(old).await?;
        let (_, new) = self.revision_or_empty(new).await?;
        drafts::aside(move || differences(&old, &new)).await
    }

    async fn revision_or_empty(&self, number: i64) -> Result<(i64, Document), Error> {
        if number == 0 {
            return Ok((0, Document::default()));
        }
        Ok((number, self.revision(number).await?.1))
    }

    /// Reads and checks a document, and says what it would change.
    pub async fn check(&self, text: &str) -> Result<Checked, Error> {
        let document = self.read_aside(text).await?;
        let (base, current) = match self.current().await? {
            Some((summary, current)) => (summary.number, current),
            None => (0, Document::default()),
        };
        let compare = move || (differences(&current, &document), document);
        let (changes, document) = drafts::aside(compare).await?;
        Ok(Checked {
            document,
            changes,
            base,
        })
    }

    /// Like [`Self::read`], where it keeps nobody waiting: a large document takes a while.
    async fn read_aside(&self, text: &str) -> Result<Document, Error> {
        let (admin, text) = (self.clone(), text.to_owned());
        self.checking.aside(move || admin.read(&text)).await?
    }

    /// Reads and checks a document against the configuration alone.
    pub fn read(&self, text: &str) -> Result<Document, Error> {
        let document = Document::from_toml(text).map_err(Error::Unreadable)?;
        crate::domain::access::check(&document, &self.surroundings()).map_err(Error::Problems)?;
        Ok(document)
    }

    /// What documents are checked against before they are published: beside what the configuration says, what own
    /// credentials turned out to be.
    fn surroundings(&self) -> Surroundings {
        let mut surroundings = Surroundings::clone(&self.access.surroundings());
        for (name, about) in &mut surroundings.credentials {
            match self.aws.own_kind_seen(name) {
                CredentialsKind::Unknown => {}
                seen => about.kind = seen,
            }
        }
        surroundings
    }

    /// Publishes a document that was written on top of revision `base`. When it returns it is settled: nothing leaves any
    /// more that it forbids, on any replica.
    pub async fn publish(
        &self,
        text: &str,
        base: AccessRevision,
        signature: Signature,
    ) -> Result<AccessRevision, Error> {
        if let Some(file) = &self.governed_by {
            return Err(Error::Governed(file.clone()));
        }
        let document = self.read_aside(text).await?;
        let number = self.publish_document(&document, base, signature).await?;
        // before the first revision nobody could get anywhere
        if base > 0 {
            self.settle().await;
        }
        Ok(number)
    }

    /// Publishes what the governing file says when it differs from what is current; `None` when it does not.
    pub async fn follow_file(&self, text: &str) -> Result<Option<AccessRevision>, Error> {
        let document = self.read(text)?;
        loop {
            let (base, current) = match self.current().await? {
                Some((summary, current)) => (summary.number, current),
                None => (0, Document::default()),
            };
            if current == document && base > 0 {
                return Ok(None);
            }
            let file = self
                .governed_by
                .as_ref()
                .map_or_else(|| "a file".to_owned(), |file| file.display().to_string());
            let signature = Signature {
                author: "the configuration".to_owned(),
                note: format!("as {file} says"),
                event: Event::default(),
            };
            match self.publish_document(&document, base, signature).await {
                // another replica was quicker, perhaps with the same file
                Err(Error::Conflict { .. }) => {}
                other => return other.map(Some),
            }
        }
    }

    async fn publish_document(
        &self,
        document: &Document,
        base: AccessRevision,
        signature: Signature,
    ) -> Result<AccessRevision, Error> {
        if !is_note(&signature.note) {
            return Err(Error::Note);
        }
        let draft = Draft {
            base: (base > 0).then_some(base),
            document_json: document.to_json(),
            author: signature.author.clone(),
            note: signature.note.clone(),
        };
        let now = self.clock.now();
        let event = Event {
            display_name: signature.event.display_name.or(Some(signature.author)),
            note: Some(signature.note),
            ..signature.event
        };
        let number = match self.store.publish(&draft, event, now).await? {
            Publish::Published(number) => number,
            Publish::Conflict { current } => return Err(Error::Conflict { current }),
        };
        self.access
            .follow(&self.store)
            .await
            .map_err(|error| Error::Follow(Box::new(error)))?;
        Ok(number)
    }
}

fn read(revision: Revision) -> Result<(RevisionSummary, Document), Error> {
    let document = Document::from_json(&revision.document_json).map_err(Error::Stored)?;
    Ok((revision.summary, document))
}

/// Whether a text can stand beside a revision: of bounded length, of one or more lines.
fn is_note(text: &str) -> bool {
    let invisible = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    text.chars().count() <= LONGEST_NOTE && !text.contains(invisible)
}
