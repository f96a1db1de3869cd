//! `vestibule audit export`: rows as lines, the oldest first.

use std::io::Write as _;

use clap::Args;

use super::unreadable;
use crate::admin::{Format, Record};
use crate::cli::Failure;
use crate::domain::record::Search;

/// How many rows are read at a time.
const PAGE: u32 = 1000;

/// `vestibule audit export …`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Options {
    /// Only rows after this position; goes with no other option
    #[arg(long, conflicts_with_all = ["format", "from", "until", "person", "account", "role", "kind", "result", "cause", "signin"])]
    after: Option<i64>,
    /// `jsonl`, or `csv` with cells that a spreadsheet may open
    #[arg(long, default_value = "jsonl", value_parser = ["jsonl", "csv"])]
    format: String,
    /// Only from this moment on: 2026-11-29 or 2026-11-29T16:00:00Z
    #[arg(long)]
    from: Option<String>,
    /// Only before this moment
    #[arg(long)]
    until: Option<String>,
    /// Only of a person: subject, name or session name, in full
    #[arg(long)]
    person: Option<String>,
    /// Only of an account: alias or 12-digit id
    #[arg(long)]
    account: Option<String>,
    /// Only of a role: ACCOUNT/ROLE
    #[arg(long)]
    role: Option<String>,
    /// Only of a kind, such as `signin_ended`
    #[arg(long)]
    kind: Option<String>,
    /// Only with this result
    #[arg(long)]
    result: Option<String>,
    /// Only with this cause
    #[arg(long)]
    cause: Option<String>,
    /// Only of a sign-in, by its id
    #[arg(long)]
    signin: Option<String>,
}

impl Options {
    fn search(&self) -> Result<Search, Failure> {
        let fields = [
            ("from", &self.from),
            ("until", &self.until),
            ("person", &self.person),
            ("account", &self.account),
            ("role", &self.role),
            ("kind", &self.kind),
            ("result", &self.result),
            ("cause", &self.cause),
            ("signin", &self.signin),
        ];
        let given = fields
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.as_deref()?)));
        Search::read(given).map_err(|error| Failure::of("this cannot be searched", &error))
    }
}

pub(super) async fn run(record: &Record, options: Options) -> Result<(), Failure> {
    let search = options.search()?;
    let format = Format::parse(&options.format).unwrap_or(Format::Jsonl);
    if search == Search::default() && format == Format::Jsonl {
        return all(record, options.after.unwrap_or(0)).await;
    }
    let copying = record.copy(search, format).await;
    let mut copying = copying.map_err(|error| Failure::of("this cannot be copied", &error))?;
    loop {
        let lines = copying.next().await;
        let lines = lines.map_err(|error| Failure::of("not everything was copied", &error))?;
        match lines {
            Some(lines) if print(&lines) => {}
            _ => return Ok(()),
        }
    }
}

/// Every row by position, whatever stands in it and whatever the index says.
async fn all(record: &Record, mut after: i64) -> Result<(), Failure> {
    loop {
        let rows = record.rows(after, PAGE).await;
        let rows = rows.map_err(|error| unreadable(&error))?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = last.position;
        let lines: String = rows.into_iter().map(Record::line).collect();
        if !print(&lines) {
            return Ok(());
        }
    }
}

/// False: nobody reads any more, which is no error.
fn print(lines: &str) -> bool {
    std::io::stdout().write_all(lines.as_bytes()).is_ok()
}
