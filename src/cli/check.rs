//! `vestibule check`: everything that is wrong with the configuration, or the whole of it with secrets hidden; and, where
//! it is asked for, whether roles work.

use std::path::Path;

use clap::Args;

use super::{Failure, output, probe};
use crate::app;
use crate::config::Config;

/// `vestibule check …`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Then ask AWS for each role of the current revision, with the shortest duration and a policy that denies everything
    #[arg(long)]
    probe: bool,
    /// Only this role, written ACCOUNT/ROLE; may be given several times
    #[arg(long = "role", value_name = "ACCOUNT/ROLE", requires = "probe")]
    roles: Vec<String>,
}

/// Checks, without touching the database or the network unless roles are to be probed.
pub(super) async fn run(path: &Path, arguments: Arguments) -> Result<(), Failure> {
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
    if arguments.probe {
        probe::run(&config, &arguments.roles).await?;
    }
    Ok(())
}
