//! `vestibule backup`: a copy of the embedded database, while people go on.

use std::path::PathBuf;

use super::{Failure, output};
use crate::app;
use crate::config::Config;

/// What the command is told.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The copy: a file that is not there yet
    file: PathBuf,
}

/// Copies.
pub(super) async fn run(config: &Config, arguments: Arguments) -> Result<(), Failure> {
    let store = app::open_store(config)
        .await
        .map_err(|error| Failure::of("the database cannot be opened", &error))?;
    let copied = store.back_up(&arguments.file).await;
    store.close().await;
    copied.map_err(|error| Failure::of("the database was not copied", &error))?;
    output::line(&format!(
        "The database was copied to {}, without sessions: whoever goes back to it signs in again. Keep the audit key, \
         the other files of the configuration and the heads of the audit log as well.",
        arguments.file.display()
    ));
    Ok(())
}
