//! `vestibule serve`: until it is told to stop.

use std::sync::Arc;

use super::{Failure, output};
use crate::app::App;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::random::SystemRandom;
use crate::telemetry;

/// Serves.
pub(super) async fn run(config: Config) -> Result<(), Failure> {
    telemetry::begin_logging(&config.log)
        .map_err(|error| Failure::of("RUST_LOG cannot be used", &error))?;
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    let app = App::start(config, Arc::new(SystemClock), Arc::new(SystemRandom))
        .await
        .map_err(|error| Failure::of("vestibule cannot start", &error))?;
    output::line(&format!("Vestibule serves {}", app.portal_url()));
    output::line(&format!("Health and metrics: {}", app.operations_url()));
    told_to_stop().await;
    tracing::info!("stopping: requests under way finish first");
    app.stop().await;
    Ok(())
}

/// Waits for Ctrl-C or SIGTERM.
async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
