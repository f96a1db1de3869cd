//! Reading rows: one column at a time, each failure named by its table and column and by nothing of its content.

use chrono::DateTime;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::error::Error;
use crate::domain::Timestamp;

/// A row of a known table.
pub(super) struct Reader<'r> {
    table: &'static str,
    row: &'r AnyRow,
}

impl<'r> Reader<'r> {
    pub(super) fn new(table: &'static str, row: &'r AnyRow) -> Self {
        Self { table, row }
    }

    fn inconsistent(&self, column: &'static str) -> Error {
        Error::Inconsistent {
            table: self.table,
            column,
        }
    }

    pub(super) fn text(&self, column: &'static str) -> Result<String, Error> {
        self.row
            .try_get::<String, _>(column)
            .map_err(|_| self.inconsistent(column))
    }

    pub(super) fn number(&self, column: &'static str) -> Result<i64, Error> {
        self.row
            .try_get::<i64, _>(column)
            .map_err(|_| self.inconsistent(column))
    }

    pub(super) fn time(&self, column: &'static str) -> Result<Timestamp, Error> {
        DateTime::from_timestamp_millis(self.number(column)?)
            .ok_or_else(|| self.inconsistent(column))
    }

    pub(super) fn json<T: DeserializeOwned>(&self, column: &'static str) -> Result<T, Error> {
        serde_json::from_str(&self.text(column)?).map_err(|_| self.inconsistent(column))
    }

    /// A text that a checked type reads.
    pub(super) fn parsed<T>(
        &self,
        column: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, Error> {
        parse(&self.text(column)?).ok_or_else(|| self.inconsistent(column))
    }
}

/// Milliseconds since 1970: how times stand in the database.
pub(super) fn millis(at: Timestamp) -> i64 {
    at.timestamp_millis()
}

/// A value as the JSON that a column holds.
pub(super) fn to_json<T: Serialize>(what: &'static str, value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|_| Error::Unstorable { what })
}

/// A text as a column can hold it: bounded, and without the NUL character, which PostgreSQL refuses.
pub(super) fn checked<'t>(
    what: &'static str,
    text: &'t str,
    limit: usize,
) -> Result<&'t str, Error> {
    if text.len() > limit {
        return Err(Error::TooLarge { what, limit });
    }
    if text.contains('\0') {
        return Err(Error::Unstorable { what });
    }
    Ok(text)
}

/// Like [`checked`], for a text that must be JSON.
pub(super) fn checked_json<'t>(
    what: &'static str,
    text: &'t str,
    limit: usize,
) -> Result<&'t str, Error> {
    let text = checked(what, text, limit)?;
    serde_json::from_str::<serde::de::IgnoredAny>(text).map_err(|_| Error::Unstorable { what })?;
    Ok(text)
}
