//! What becomes true together with its row of the record, or not at all: each is written in the transaction that writes
//! the row.

use super::access_revisions::Publication;
use super::database::Transaction;
use super::drafts::Discard;
use super::error::Error;
use super::people::End;
use super::stops::Change;
use super::tokens::Revoke;

/// Something that is done in the row's transaction.
#[derive(Debug)]
pub(super) enum Deed {
    /// A revision is published.
    Publish(Publication),
    /// A stop is set or lifted.
    Stop(Change),
    /// Sessions are ended.
    End(End),
    /// A draft is discarded.
    Discard(Discard),
    /// A token is revoked.
    Revoke(Revoke),
}

impl Deed {
    /// Does it. [`Error::Overtaken`]: there is nothing to be done any more.
    pub(super) async fn write(&self, transaction: &mut Transaction) -> Result<(), Error> {
        match self {
            Self::Publish(publication) => publication.write(transaction).await,
            Self::Stop(change) => change.write(transaction).await,
            Self::End(end) => end.write(transaction).await,
            Self::Discard(discard) => discard.write(transaction).await,
            Self::Revoke(revoke) => revoke.write(transaction).await,
        }
    }
}
