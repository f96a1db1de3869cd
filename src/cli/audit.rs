//! `vestibule audit`: the record as JSON lines, and whether anybody changed it.

use std::collections::BTreeMap;

use clap::Subcommand;

use super::{Failure, output};
use crate::admin::{Head, Record};
use crate::app;
use crate::config::Config;

/// How many rows are read at a time.
const PAGE: u32 = 1000;

/// `vestibule audit …`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Print every row as a JSON object a line, oldest first, with its place in its chain
    Export {
        /// Only rows after this position
        #[arg(long, default_value_t = 0)]
        after: i64,
    },
    /// Check every chain, and name each row that was changed, inserted, moved or removed
    Verify {
        /// Heads printed earlier by `vestibule audit heads`: rows newer than any in the log were lost
        #[arg(long)]
        heads: Option<std::path::PathBuf>,
    },
    /// Print the last row of every chain: kept elsewhere, it shows the loss of the newest rows
    Heads,
}

/// Runs it.
pub(super) async fn run(config: &Config, command: Command) -> Result<(), Failure> {
    let record = app::open_record(config)
        .await
        .map_err(|error| Failure::of("the database cannot be opened", &error))?;
    let done = match command {
        Command::Export { after } => export(&record, after).await,
        Command::Verify { heads } => verify(&record, heads.as_deref()).await,
        Command::Heads => heads(&record).await,
    };
    record.close().await;
    done
}

async fn export(record: &Record, mut after: i64) -> Result<(), Failure> {
    loop {
        let rows = record
            .rows(after, PAGE)
            .await
            .map_err(|error| Failure::of("the audit log cannot be read", &error))?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = last.position;
        for row in &rows {
            let event: serde_json::Value = serde_json::from_str(&row.event)
                .unwrap_or_else(|_| serde_json::Value::String(row.event.clone()));
            let mut object = BTreeMap::from([
                ("position", serde_json::json!(row.position)),
                ("chain", serde_json::json!(row.chain)),
                ("sequence", serde_json::json!(row.sequence)),
                ("kind", serde_json::json!(row.kind)),
                ("event", event),
                ("mac", serde_json::json!(row.mac)),
            ]);
            let at = chrono::DateTime::from_timestamp_millis(row.at);
            object.insert("at", serde_json::json!(at));
            output::line(&serde_json::json!(object).to_string());
        }
    }
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
    if report.is_clean() {
        output::line(&format!(
            "{} rows in {} chains: every one is as it was written.",
            report.rows,
            report.heads.len()
        ));
        return Ok(());
    }
    Err(Failure::new(format!(
        "the audit log was changed: {} findings",
        report.findings.len() as u64 + report.further_findings
    )))
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
