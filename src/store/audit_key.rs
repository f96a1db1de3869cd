//! The key of the audit log's MACs: 32 random bytes in a file beside the configuration, never in the database.
//!
//! Whoever has both the key and the database can rewrite the record.

use std::fmt;
use std::path::Path;

use aws_lc_rs::hmac;
use zeroize::Zeroizing;

use super::error::Error;
use super::key_file::{self, Bytes, LENGTH};
use crate::random::Random;

/// Its name in messages.
const WHAT: &str = "audit key";

/// The key of the audit log.
#[derive(Clone)]
pub struct AuditKey(Bytes);

impl AuditKey {
    /// A key of these bytes.
    pub fn new(bytes: [u8; LENGTH]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(super) fn hmac(&self) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, self.0.as_ref())
    }
}

impl fmt::Debug for AuditKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuditKey(…)")
    }
}

/// Reads the key, or makes it if there is no file yet.
pub fn load_or_create(path: &Path, random: &dyn Random) -> Result<AuditKey, Error> {
    key_file::load_or_create(path, WHAT, random).map(AuditKey)
}

/// Reads the key; `None` if there is no file.
pub fn load(path: &Path) -> Result<Option<AuditKey>, Error> {
    Ok(key_file::load(path, WHAT)?.map(AuditKey))
}
