//! The command line, one file per command. Every command prints what it did, and exits with 1 and the reason when it
//! could not; words that cannot be read exit with 2.

mod access;
mod audit;
mod backup;
mod check;
mod impact;
mod issuer;
mod migrate;
mod output;
mod probe;
mod revoke;
mod serve;
mod stops;
mod trust;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use access::{apply, apply_at};

use crate::config::Config;

/// A self-hosted console sign-in federation broker for AWS.
#[derive(Debug, Parser)]
#[command(name = "vestibule", version, about, max_term_width = 100)]
struct Arguments {
    /// The configuration file
    #[arg(
        long,
        env = "VESTIBULE_CONFIG",
        default_value = "vestibule.toml",
        global = true
    )]
    config: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve people: creates and migrates the database first
    Serve,
    /// Say everything that is wrong with the configuration, or print it with secrets hidden
    Check(check::Arguments),
    /// Create the database, or bring it up to this version
    Migrate,
    /// Copy the embedded database into a file while people go on
    Backup(backup::Arguments),
    /// Read, check, compare and publish the access model
    Access {
        #[command(subcommand)]
        command: access::Command,
    },
    /// Look after the issuer: Vestibule as an identity provider that AWS accounts trust
    Issuer {
        #[command(subcommand)]
        command: issuer::Command,
    },
    /// Print what an account needs so that people can come in: providers, roles, policies
    Trust(trust::Arguments),
    /// Cut off sessions in AWS: everybody's of a role, or one person's everywhere
    Revoke(revoke::Arguments),
    /// Block people, suspend accounts and roles, and lift that again
    Stops {
        #[command(subcommand)]
        command: stops::Command,
    },
    /// Export the audit log, or verify that nobody changed it
    Audit {
        #[command(subcommand)]
        command: audit::Command,
    },
}

/// Why a command could not do its work: a sentence for people.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    message: String,
}

impl Failure {
    /// A reason of our own.
    fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
        }
    }

    /// What failed, and the whole chain of why.
    fn of(doing: &str, error: &(dyn std::error::Error + 'static)) -> Self {
        let mut message = format!("{doing}: {error}");
        let mut source = error.source();
        while let Some(error) = source {
            message.push_str(": ");
            message.push_str(&error.to_string());
            source = error.source();
        }
        Self { message }
    }
}

/// Runs the command that the process was called with.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            output::error(&format!("the runtime cannot start: {error}"));
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::error(&failure.message);
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Failure> {
    let path = arguments.config;
    match arguments.command {
        Command::Serve => serve::run(load(&path)?).await,
        Command::Check(arguments) => check::run(&path, arguments).await,
        Command::Migrate => migrate::run(&load(&path)?).await,
        Command::Backup(arguments) => backup::run(&load(&path)?, arguments).await,
        Command::Access { command } => access::run(&path, command).await,
        Command::Issuer { command } => issuer::run(&load(&path)?, command),
        Command::Trust(arguments) => trust::run(&load(&path)?, arguments).await,
        Command::Revoke(arguments) => revoke::run(&load(&path)?, arguments).await,
        Command::Stops { command } => stops::run(&load(&path)?, command).await,
        Command::Audit { command } => audit::run(&load(&path)?, command).await,
    }
}

fn load(path: &std::path::Path) -> Result<Config, Failure> {
    Config::load(path).map_err(|problems| {
        Failure::new(format!(
            "the configuration {} cannot be used:\n{problems}",
            path.display()
        ))
    })
}
