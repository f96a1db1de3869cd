//! `vestibule check`: everything that is wrong with the configuration, or the whole of it with secrets hidden.

use std::path::Path;

use super::{Failure, output};
use crate::app;
use crate::config::Config;

/// Checks, without touching the database or the network.
pub(super) async fn run(path: &Path) -> Result<(), Failure> {
    let (config, problems) = match Config::load(path) {
        Ok(config) => {
            let problems = app::problems(&config).await;
            (Some(config), problems)
        }
        Err(found) => {
            let mut problems = vec![found.to_string()];
            if let Some(parts) = Config::readable(path) {
                problems.extend(app::problems_of(
                    &parts.identity_providers,
                    &parts.partitions,
                    &parts.administrators,
                ));
            }
            (None, problems)
        }
    };
    let Some(config) = config.filter(|_| problems.is_empty()) else {
        return Err(Failure::new(format!(
            "the configuration {} cannot be used:\n{}",
            path.display(),
            problems.join("\n")
        )));
    };
    output::text(&config.show());
    for warning in &config.warnings {
        output::line(&format!("\nWarning: {warning}"));
    }
    output::line(&format!("\n{} is right.", path.display()));
    Ok(())
}
