//! The audit log for those who answer for it: read it whole, and see whether anybody changed it.

use crate::store::{Error, Store};

pub use crate::store::audit::{Head, Row, Verification};

/// The audit log.
#[derive(Debug, Clone)]
pub struct Record(Store);

impl Record {
    /// Of a database, whatever its schema: nothing is migrated for a look.
    pub fn new(store: Store) -> Self {
        Self(store)
    }

    /// The rows after a position (0: from the first), in order, as they stand in the database.
    pub async fn rows(&self, after: i64, limit: u32) -> Result<Vec<Row>, Error> {
        self.0.export(after, limit).await
    }

    /// The last row of every chain.
    pub async fn heads(&self) -> Result<Vec<Head>, Error> {
        self.0.heads().await
    }

    /// Checks every row, and that the log still holds what `heads`, printed earlier, say it did.
    pub async fn verify(&self, heads: &[Head]) -> Result<Verification, Error> {
        self.0.verify(heads).await
    }

    /// Closes the connections.
    pub async fn close(&self) {
        self.0.close().await;
    }
}
