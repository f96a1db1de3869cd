//! The `vestibule-sandbox` command: demo providers, a simulated AWS and Vestibule itself, started together on
//! loopback and stopped together.
//!
//! The only place where the two crates meet. The order matters: Vestibule's addresses are taken first, because the
//! providers and the trust policies must name them; the simulated accounts are made once the providers' addresses are
//! known; Vestibule starts last, and only when it answers too is the ready file written.

mod bin_parts;

use std::io::Write as _;
use std::process::ExitCode;

use bin_parts::{
    Arguments, DataFolder, Demo, DemoError, Reserved, expect_answers, start_broker, write_whole,
};
use clap::Parser as _;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = EnvFilter::builder()
        .with_default_directive(LevelFilter::WARN.into())
        .from_env_lossy();
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let mut text = error.to_string();
            let mut cause = std::error::Error::source(&error);
            while let Some(error) = cause {
                text = format!("{text}: {error}");
                cause = error.source();
            }
            // nobody is left to tell when this fails
            let _ = writeln!(std::io::stderr(), "vestibule-sandbox: {text}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), DemoError> {
    let reserved = Reserved::take(arguments.listen)?;
    let data = DataFolder::open(arguments.data)?;
    let demo = Demo::start(&data, reserved.addresses()?)?;
    let app = start_broker(demo.configuration(), reserved.into()).await?;
    let ready = demo.ready()?;
    expect_answers(&ready.urls_that_answer()).await?;
    if let Some(file) = &arguments.ready_file {
        write_whole(file, &ready.json()).map_err(|source| DemoError::Io {
            doing: "cannot write the ready file",
            source,
        })?;
    }
    ready.print(data.path()).map_err(|source| DemoError::Io {
        doing: "cannot print",
        source,
    })?;
    let stopped = told_to_stop().await;
    app.stop().await;
    demo.stop().await;
    stopped
}

/// Waits for Ctrl-C, or for the signal that asks programs to end.
async fn told_to_stop() -> Result<(), DemoError> {
    let failed = |source| DemoError::Io {
        doing: "cannot wait for signals",
        source,
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted.map_err(failed),
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await.map_err(failed)
}
