//! `vestibule check`: everything that is wrong with the configuration, or the whole of it with secrets hidden.

use std::path::Path;

use super::{Failure, load, output};
use crate::app;

/// Checks, without touching the database or the network.
pub(super) async fn run(path: &Path) -> Result<(), Failure> {
    let config = load(path)?;
    let problems = app::problems(&config).await;
    if !problems.is_empty() {
        return Err(Failure::new(format!(
            "the configuration {} cannot be used:\n{}",
            path.display(),
            problems.join("\n")
        )));
    }
    output::text(&config.show());
    for warning in &config.warnings {
        output::line(&format!("\nWarning: {warning}"));
    }
    output::line(&format!("\n{} is right.", path.display()));
    Ok(())
}
