//! Where the record begins after its oldest rows were dropped: the last dropped position, and the last dropped row of
//! every chain, under a MAC of their own.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::row::Head;
use crate::store::Store;
use crate::store::database::Transaction;
use crate::store::error::Error;
use crate::store::row::{Reader, to_json};
use crate::store::statements::statements;

pub(super) const TABLE: &str = "audit_checkpoint";

/// Set before the rest, so that a MAC made for anything else is none.
const VERSION: &str = "vestibule audit checkpoint 1";

statements! {
    READ = "SELECT position, chains, mac FROM audit_checkpoint WHERE id = 1";
    WRITE = "INSERT INTO audit_checkpoint (id, position, chains, mac) VALUES (1, $1, $2, $3) \
             ON CONFLICT (id) DO UPDATE SET position = excluded.position, chains = excluded.chains, mac = excluded.mac";
}

/// Where the record begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Checkpoint {
    /// The last position that was dropped.
    pub(super) position: i64,
    /// The last dropped row of every chain, in order of the chains' names.
    pub(super) chains: Vec<Head>,
}

/// What stands in the database, and whether it is ours.
#[derive(Debug)]
pub(super) enum Kept {
    /// Nothing was dropped.
    Nothing,
    /// This was written by whoever has the key.
    Sealed(Checkpoint),
    /// This was not.
    Forged,
}

impl Checkpoint {
    fn mac(position: i64, chains: &str, key: &hmac::Key) -> hmac::Tag {
        let mut bytes = Vec::with_capacity(VERSION.len() + chains.len() + 24);
        for text in [VERSION, chains] {
            bytes.extend_from_slice(&(text.len() as u64).to_be_bytes());
            bytes.extend_from_slice(text.as_bytes());
        }
        bytes.extend_from_slice(&position.to_be_bytes());
        hmac::sign(key, &bytes)
    }

    fn read(row: &Reader<'_>, key: &hmac::Key) -> Option<Self> {
        let (position, chains) = (row.number("position").ok()?, row.text("chains").ok()?);
        let mac = URL_SAFE_NO_PAD.decode(row.text("mac").ok()?).ok()?;
        let right = Self::mac(position, &chains, key);
        aws_lc_rs::constant_time::verify_slices_are_equal(right.as_ref(), &mac).ok()?;
        Some(Self {
            position,
            chains: serde_json::from_str(&chains).ok()?,
        })
    }

    /// Puts it in the place of the one before.
    pub(super) async fn write(
        &self,
        transaction: &mut Transaction,
        key: &hmac::Key,
    ) -> Result<(), Error> {
        let chains = to_json("a checkpoint", &self.chains)?;
        let mac = Self::mac(self.position, &chains, key);
        sqlx::query(WRITE)
            .bind(self.position)
            .bind(&*chains)
            .bind(URL_SAFE_NO_PAD.encode(mac))
            .execute(transaction.connection())
            .await?;
        Ok(())
    }

    /// The one that stands, within a transaction.
    pub(super) async fn within(
        transaction: &mut Transaction,
        key: &hmac::Key,
    ) -> Result<Option<Self>, Error> {
        let rows = sqlx::query(READ)
            .fetch_all(transaction.connection())
            .await?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        let read = Self::read(&Reader::new(TABLE, row), key);
        read.map(Some).ok_or(FORGED)
    }
}

/// What a checkpoint that is not ours is to all but `verify`.
const FORGED: Error = Error::Inconsistent {
    table: TABLE,
    column: "mac",
};

impl Store {
    /// What stands in the database.
    pub(super) async fn kept(&self) -> Result<Kept, Error> {
        let row = match self.database.row(sqlx::query(READ)).await {
            Err(Error::Inconsistent { .. }) => return Ok(Kept::Forged),
            row => row?,
        };
        let Some(row) = row else {
            return Ok(Kept::Nothing);
        };
        let read = Checkpoint::read(&Reader::new(TABLE, &row), &self.audit_key.hmac());
        Ok(read.map_or(Kept::Forged, Kept::Sealed))
    }

    /// Where the record begins; `None`: at its first row.
    pub(super) async fn checkpoint(&self) -> Result<Option<Checkpoint>, Error> {
        match self.kept().await? {
            Kept::Nothing => Ok(None),
            Kept::Sealed(checkpoint) => Ok(Some(checkpoint)),
            Kept::Forged => Err(FORGED),
        }
    }
}
