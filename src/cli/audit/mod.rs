//! `vestibule audit`: the record copied out, whether anybody changed it, whom a name in CloudTrail is, and its end.

mod export;
mod purge;
mod who;

use clap::{Args, Subcommand};
use secrecy::SecretString;

use super::{Failure, output};
use crate::admin::{Head, Record, Verdict};
use crate::app;
use crate::config::Config;

/// `vestibule audit …`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Print the rows that fit, oldest first, as JSON or CSV, a line each; without any option every row by position
    Export(export::Options),
    /// Check every chain and the index, and name each row that was changed, inserted, moved, removed or hidden
    Verify {
        /// Heads printed earlier by `vestibule audit heads`: rows newer than any in the log were lost
        #[arg(long)]
        heads: Option<std::path::PathBuf>,
    },
    /// Print the last row of every chain: kept elsewhere, it shows the loss of the newest rows
    Heads,
    /// Say whose sign-ins show in CloudTrail as this: a session's ARN, a session name, an access key id
    Who(who::Options),
    /// Put the index right by which rows are found
    Index(OtherDatabase),
    /// Drop rows older than `[audit] keep_days`, from the first on, and leave the rest verifiable
    Purge(purge::Options),
}

/// Another way to the database than the configuration's.
#[derive(Debug, Default, Args)]
pub(super) struct OtherDatabase {
    /// A file with another database URL: of a role that may delete, where the server's may not
    #[arg(long, value_name = "FILE")]
    database_url_file: Option<std::path::PathBuf>,
}

impl OtherDatabase {
    fn url(&self) -> Result<Option<SecretString>, Failure> {
        let Some(path) = &self.database_url_file else {
            return Ok(None);
        };
        let text = std::fs::read_to_string(path)
            .map_err(|error| Failure::of(&format!("{} cannot be read", path.display()), &error))?;
        Ok(Some(SecretString::from(text.trim().to_owned())))
    }
}

/// Runs it.
pub(super) async fn run(config: &Config, command: Command) -> Result<(), Failure> {
    let url = match &command {
        Command::Purge(options) => options.database.url()?,
        Command::Index(database) => database.url()?,
        _ => None,
    };
    let record = app::open_record(config, url)
        .await
        .map_err(|error| Failure::of("the database cannot be opened", &error))?;
    let done = match command {
        Command::Export(options) => export::run(&record, options).await,
        Command::Verify { heads } => verify(&record, heads.as_deref()).await,
        Command::Heads => heads(&record).await,
        Command::Who(options) => who::run(&record, options).await,
        Command::Index(_) => index(&record).await,
        Command::Purge(options) => purge::run(&record, config, options).await,
    };
    record.close().await;
    done
}

fn unreadable(error: &(dyn std::error::Error + 'static)) -> Failure {
    Failure::of("the audit log cannot be read", error)
}

async fn index(record: &Record) -> Result<(), Failure> {
    let wrong = record.reindex().await;
    let wrong = wrong.map_err(|error| Failure::of("the index cannot be put right", &error))?;
    output::line(&format!("The index is right; {wrong} entries were not."));
    Ok(())
}

async fn verify(record: &Record, heads: Option<&std::path::Path>) -> Result<(), Failure> {
    let heads = heads.map_or_else(|| Ok(Vec::new()), read_heads)?;
    let report = record
        .verify(&heads)
        .await
        .map_err(|error| Failure::of("the audit log cannot be read", &error))?;
    for finding in &report.findings {
        output::line(&finding.to_string());
    }
    let findings = report.findings.len() as u64 + report.further_findings;
    Err(Failure::new(match report.verdict {
        Verdict::Clean => {
            let (rows, chains) = (report.rows, report.heads.len());
            output::line(&format!(
                "{rows} rows in {chains} chains: every one is as it was written."
            ));
            if report.purged > 0 {
                output::line(&format!("Rows 1 to {} were purged.", report.purged));
            }
            return Ok(());
        }
        Verdict::Unindexed => "every row is as it was written, and nothing was changed; not all are in the index yet, as after \
                               an upgrade: `vestibule audit index` files them"
            .to_owned(),
        Verdict::Misfiled => format!(
            "every row is as it was written, but the index by which they are found is not right: {findings} findings. \
             `vestibule audit index` puts it right"
        ),
        Verdict::Changed => format!("the audit log was changed: {findings} findings"),
    }))
}

/// What `vestibule audit heads` printed.
fn read_heads(path: &std::path::Path) -> Result<Vec<Head>, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::of(&format!("{} cannot be read", path.display()), &error))?;
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| {
            let head: WrittenHead = serde_json::from_str(line).map_err(|error| {
                Failure::of(&format!("{} holds no heads", path.display()), &error)
            })?;
            Ok(Head {
                chain: head.chain,
                sequence: head.sequence,
                position: head.position,
                mac: head.mac,
            })
        })
        .collect()
}

/// A head as JSON.
#[derive(serde::Serialize, serde::Deserialize)]
struct WrittenHead {
    chain: String,
    sequence: i64,
    position: i64,
    mac: String,
}

async fn heads(record: &Record) -> Result<(), Failure> {
    let heads = record
        .heads()
        .await
        .map_err(|error| Failure::of("the audit log cannot be read", &error))?;
    for head in heads {
        let head = WrittenHead {
            chain: head.chain,
            sequence: head.sequence,
            position: head.position,
            mac: head.mac,
        };
        output::line(&serde_json::json!(head).to_string());
    }
    Ok(())
}
