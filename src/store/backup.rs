//! A copy of an `SQLite` database while it is in use. `PostgreSQL` has tools of its own for that.
//!
//! The copy lets nobody in: sessions and logins under way are left out of it, so that what was ended between the copy
//! and the day somebody goes back to it stays ended.

use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::str::FromStr as _;
use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, Connection as _, Executor as _};

use super::Store;
use super::database::Engine;
use super::error::Error;

/// For this engine alone: not one of the statements that run on both.
const COPY: &str = "VACUUM INTO $1";
const LEAVE_OUT: &str =
    "PRAGMA secure_delete = ON; DELETE FROM sessions; DELETE FROM pending_logins";

const IN_A_PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'.')
    .remove(b'-')
    .remove(b'_');

impl Store {
    /// Writes a copy of the database as it is at one moment into a file that is not there yet, for this user's eyes only.
    /// People and other processes go on meanwhile.
    pub async fn back_up(&self, to: &Path) -> Result<(), Error> {
        if self.database.engine != Engine::Sqlite {
            return Err(Error::BackUpElsewhere);
        }
        let text = to
            .to_str()
            .ok_or(Error::Url("the copy's path is not UTF-8"))?;
        let file = |source| Error::File {
            path: to.to_owned(),
            source: Arc::new(source),
        };
        std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(to)
            .map_err(file)?;
        let copied = self.copy(text).await;
        let kept = copied.and_then(|()| {
            let copy = std::fs::File::open(to).map_err(file)?;
            copy.sync_all().map_err(file)
        });
        if kept.is_err() {
            // half a copy must not be taken for one; that it was none is what the caller is told
            let _ = std::fs::remove_file(to);
        }
        kept
    }

    async fn copy(&self, to: &str) -> Result<(), Error> {
        let mut connection = self.database.dedicated().await?;
        sqlx::query(COPY).bind(to).execute(&mut connection).await?;
        connection.close().await?;
        let url = format!("sqlite:{}", utf8_percent_encode(to, IN_A_PATH));
        let options =
            AnyConnectOptions::from_str(&url).map_err(|_| Error::Url("the text is no URL"))?;
        let mut copy = AnyConnection::connect_with(&options).await?;
        copy.execute(LEAVE_OUT).await?;
        Ok(copy.close().await?)
    }
}
