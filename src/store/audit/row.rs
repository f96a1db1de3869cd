//! A row of the record, and its MAC.
//!
//! The MAC is HMAC-SHA-256 over the MAC before it in the chain and every other column, each preceded by its length,
//! so that no two rows have the same bytes. A row carries the MAC before it too: it can be checked on its own, and a damaged
//! row does not cast doubt on the next.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::store::error::Error;
use crate::store::row::Reader;

/// Set before the columns, so that a MAC made for anything else, or by another version of this, is none.
const VERSION: &str = "vestibule audit row 1";

/// Where a row stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Over all chains.
    pub position: i64,
    /// Which chain.
    pub chain: String,
    /// Within the chain.
    pub sequence: i64,
}

/// A row as it stands in the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its place over all chains, from 1 without gaps.
    pub position: i64,
    /// Its chain.
    pub chain: String,
    /// Its place in the chain, from 1 without gaps.
    pub sequence: i64,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// What kind of event.
    pub kind: String,
    /// The event, as the JSON that the MAC covers.
    pub event: String,
    /// The MAC before it in its chain; empty for the first.
    pub previous: String,
    /// Its MAC.
    pub mac: String,
}

/// The last row of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Which chain.
    pub chain: String,
    /// The last row's place in it.
    pub sequence: i64,
    /// The last row's place over all chains.
    pub position: i64,
    /// The last row's MAC.
    pub mac: String,
}

impl Row {
    pub(super) fn read(row: &Reader<'_>) -> Result<Self, Error> {
        Ok(Self {
            position: row.number("position")?,
            chain: row.text("chain")?,
            sequence: row.number("sequence")?,
            at: row.number("at")?,
            kind: row.text("kind")?,
            event: row.text("event")?,
            previous: row.text("previous")?,
            mac: row.text("mac")?,
        })
    }

    fn bytes(&self) -> Vec<u8> {
        let numbers = [self.position, self.sequence, self.at];
        let texts = [
            VERSION,
            &self.previous,
            &self.chain,
            &self.kind,
            &self.event,
        ];
        let mut bytes = Vec::with_capacity(256 + self.event.len());
        for text in texts {
            bytes.extend_from_slice(&(text.len() as u64).to_be_bytes());
            bytes.extend_from_slice(text.as_bytes());
        }
        for number in numbers {
            bytes.extend_from_slice(&number.to_be_bytes());
        }
        bytes
    }

    /// Computes the MAC and puts it into the row.
    pub(in crate::store) fn seal(&mut self, key: &hmac::Key) {
        self.mac = URL_SAFE_NO_PAD.encode(hmac::sign(key, &self.bytes()));
    }

    /// Whether the row is as it was written, at the place it was written to.
    pub(super) fn is_sealed(&self, key: &hmac::Key) -> bool {
        URL_SAFE_NO_PAD
            .decode(&self.mac)
            .is_ok_and(|mac| hmac::verify(key, &self.bytes(), &mac).is_ok())
    }

    pub(super) fn place(&self) -> Position {
        Position {
            position: self.position,
            chain: self.chain.clone(),
            sequence: self.sequence,
        }
    }

    pub(super) fn head(self) -> Head {
        Head {
            chain: self.chain,
            sequence: self.sequence,
            position: self.position,
            mac: self.mac,
        }
    }
}
