//! The current revision of the access model, compiled, in memory, and what is suspended beside it; and how a replica
//! follows a change of either.
//!
//! Pages decide from memory. The last check before a hand-over compares with the database's revision number and
//! catches up first when they differ, so that no replica hands over by a revision that is no longer current.

use std::sync::Arc;

use arc_swap::ArcSwap;
use tokio::sync::Mutex;

use super::{Current, Error, Revision, Store};
use crate::domain::Timestamp;
use crate::domain::access::{AccessIndex, Document, Issuance, Surroundings, check};
use crate::domain::role::Role;
use crate::domain::stop::{Suspension, Suspensions};

/// The current revision. Cheap to clone; all clones are one.
#[derive(Debug, Clone)]
pub struct Access(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    index: ArcSwap<AccessIndex>,
    surroundings: ArcSwap<Surroundings>,
    /// What is suspended, and how often stops had changed by then.
    suspended: ArcSwap<(i64, Suspensions)>,
    catching_up: Mutex<()>,
}

/// Why a revision cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// It cannot be read from the database.
    #[error("the current revision cannot be read")]
    Store(#[from] Error),
    /// It is there, but this program cannot use it: it was checked by another version, or the configuration no
    /// longer has what it names.
    #[error("revision {number} cannot be used with this configuration: {problems}")]
    Unusable {
        /// Which.
        number: i64,
        /// Everything that is wrong with it, one a line.
        problems: String,
    },
}

impl Access {
    /// Begins with an empty model.
    pub fn new(surroundings: Surroundings) -> Self {
        let nothing = check(&Document::default(), &surroundings)
            .expect("in a document without entries nothing can be wrong");
        Self(Arc::new(Inner {
            index: ArcSwap::from_pointee(AccessIndex::new(Arc::new(nothing), 0)),
            surroundings: ArcSwap::from_pointee(surroundings),
            suspended: ArcSwap::from_pointee((0, Suspensions::default())),
            catching_up: Mutex::new(()),
        }))
    }

    /// The compiled revision.
    pub fn index(&self) -> Arc<AccessIndex> {
        self.0.index.load_full()
    }

    /// What documents are checked against.
    pub fn surroundings(&self) -> Arc<Surroundings> {
        self.0.surroundings.load_full()
    }

    /// Notes what the issuer can vouch with from now on.
    pub fn note_issuance(&self, issuance: Issuance) {
        let mut surroundings = Surroundings::clone(&self.surroundings());
        surroundings.issuance = issuance;
        self.0.surroundings.store(Arc::new(surroundings));
    }

    /// What is suspended, as far as it is known here: for pages, and to spare AWS a question. The last check asks the
    /// database itself.
    pub fn suspension(&self, role: &Role, now: Timestamp) -> Option<Suspension> {
        self.0.suspended.load().1.on(role, now)
    }

    /// Makes sure that the index is the database's current revision, and that what is suspended is known. Cheap when so.
    pub async fn follow(&self, store: &Store) -> Result<(), AccessError> {
        self.follow_to(store, store.current().await?).await
    }

    /// The same, when it is known already what is current.
    pub async fn follow_to(&self, store: &Store, current: Current) -> Result<(), AccessError> {
        self.catch_up_with_stops(store, current.stops).await?;
        self.catch_up(store, current.revision).await
    }

    async fn catch_up_with_stops(&self, store: &Store, number: i64) -> Result<(), AccessError> {
        if self.0.suspended.load().0 == number {
            return Ok(());
        }
        let _one_at_a_time = self.0.catching_up.lock().await;
        if self.0.suspended.load().0 >= number {
            return Ok(());
        }
        // what is read may be newer than its number: then it is read once more
        let suspensions = store.suspensions().await?;
        self.0.suspended.store(Arc::new((number, suspensions)));
        Ok(())
    }

    /// The same, when the current number is known already.
    pub async fn catch_up(&self, store: &Store, number: i64) -> Result<(), AccessError> {
        if self.index().revision() == number {
            return Ok(());
        }
        let _one_at_a_time = self.0.catching_up.lock().await;
        if self.index().revision() >= number {
            return Ok(());
        }
        let Some(revision) = store.current_revision().await? else {
            return Ok(());
        };
        let number = revision.summary.number;
        let surroundings = self.surroundings();
        let compiled = tokio::task::spawn_blocking(move || compile(&revision, &surroundings)).await;
        let index = compiled.map_err(|_| AccessError::Unusable {
            number,
            problems: "compiling it failed".to_owned(),
        })??;
        self.0.index.store(Arc::new(index));
        Ok(())
    }
}

fn compile(revision: &Revision, surroundings: &Surroundings) -> Result<AccessIndex, AccessError> {
    let number = revision.summary.number;
    let unusable = |problems: String| AccessError::Unusable { number, problems };
    let document =
        Document::from_json(&revision.document_json).map_err(|e| unusable(e.to_string()))?;
    let model =
        check(&document, surroundings).map_err(|problems| unusable(problems.to_string()))?;
    Ok(AccessIndex::new(Arc::new(model), number))
}
