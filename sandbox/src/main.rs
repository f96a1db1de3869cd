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
    let told = Told::listen()?;
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
    let stopped = told.wait().await;
    app.stop().await;
    demo.stop().await;
    stopped
}

/// What asks the program to end: Ctrl-C, or the signal for that. It is listened for before anybody is told that the demo is
/// there, so that whoever ends it at once ends it in order.
#[cfg(unix)]
struct Told {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Told {
    fn listen() -> Result<Self, DemoError> {
        use tokio::signal::unix::{SignalKind, signal};
        let listen = |kind| {
            signal(kind).map_err(|source| DemoError::Io {
                doing: "cannot wait for signals",
                source,
            })
        };
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
        })
    }

    async fn wait(mut self) -> Result<(), DemoError> {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
        Ok(())
    }
}

#[cfg(not(unix))]
struct Told;

#[cfg(not(unix))]
impl Told {
    fn listen() -> Result<Self, DemoError> {
        Ok(Self)
    }

    async fn wait(self) -> Result<(), DemoError> {
        let asked = tokio::signal::ctrl_c().await;
        asked.map_err(|source| DemoError::Io {
            doing: "cannot wait for signals",
            source,
        })
    }
}
