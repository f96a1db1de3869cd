//! `vestibule migrate`: creates the database, or brings it up to this version.

use super::{Failure, output};
use crate::app;
use crate::config::Config;

/// Migrates.
pub(super) async fn run(config: &Config) -> Result<(), Failure> {
    let store = app::open_store(config)
        .await
        .map_err(|error| Failure::of("the database cannot be opened", &error))?;
    let migrated = store.migrate().await;
    store.close().await;
    migrated.map_err(|error| Failure::of("the database cannot be migrated", &error))?;
    output::line("The database is up to date.");
    Ok(())
}
