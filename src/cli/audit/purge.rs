//! `vestibule audit purge`: drops rows that are older than they are kept.

use chrono::TimeDelta;
use clap::Args;

use super::{OtherDatabase, unreadable};
use crate::admin::Record;
use crate::cli::{Failure, output};
use crate::clock::{Clock as _, SystemClock};
use crate::config::Config;
use crate::domain::Timestamp;
use crate::domain::record::Search;

/// For how many days rows are kept, whatever the configuration says: so that no slip of the finger drops what happened last
/// week, nor what tells of sessions in AWS that still live, without which nobody can be cut off there.
const LEAST_DAYS: u32 = 30;

/// `vestibule audit purge …`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Options {
    /// Drop what is older than this moment instead: 2026-11-29 or 2026-11-29T16:00:00Z. It lies before what `keep_days` keeps,
    /// and 30 days ago at least
    #[arg(long)]
    before: Option<String>,
    /// Only say what would go
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    pub(super) database: OtherDatabase,
}

impl Options {
    /// Up to when rows go.
    fn until(&self, keep_days: u32, now: Timestamp) -> Result<Timestamp, Failure> {
        let kept = keep_days.max(LEAST_DAYS);
        let oldest = now - TimeDelta::days(i64::from(kept));
        let Some(text) = &self.before else {
            return if keep_days == 0 {
                Err(Failure::new(
                    "rows are kept for ever: set `keep_days` under [audit], or say --before",
                ))
            } else {
                Ok(oldest)
            };
        };
        let search = Search::read([("until", &**text)]);
        let before = search.ok().and_then(|search| search.until);
        let before = before.ok_or_else(|| {
            Failure::new("--before is a date (2026-11-29) or a moment (2026-11-29T16:00:00Z)")
        })?;
        if before > oldest {
            let why = if keep_days < LEAST_DAYS {
                format!(
                    "those of the last {LEAST_DAYS} days always are, for they tell of sessions that can still live"
                )
            } else {
                format!("`keep_days` under [audit] is {keep_days}")
            };
            return Err(Failure::new(format!(
                "--before is {before}, and rows from {oldest} on are kept: {why}"
            )));
        }
        Ok(before)
    }
}

pub(super) async fn run(record: &Record, config: &Config, options: Options) -> Result<(), Failure> {
    let now = SystemClock.now();
    let before = options.until(config.audit_keep_days, now)?;
    let ready = record.ping().await;
    ready.map_err(|error| Failure::of("the audit log cannot be purged", &error))?;
    let found = record.purgeable(before).await;
    let Some(found) = found.map_err(|error| unreadable(&error))? else {
        output::line(&format!(
            "No row is older than {before}, from the first on."
        ));
        return Ok(());
    };
    let (first, last, rows) = (found.first, found.last, found.rows);
    if options.dry_run {
        output::line(&format!(
            "{rows} rows would be dropped: {first} to {last}, all older than {before}. Nothing was changed."
        ));
        return Ok(());
    }
    let gone = record.purge(found, before, now).await;
    let gone = gone.map_err(|error| Failure::of("not all was dropped", &error))?;
    output::line(&format!(
        "{gone} rows were dropped: {first} to {last}, all older than {before}."
    ));
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::Utc;

    use super::*;

    fn until(before: Option<&str>, keep_days: u32) -> Result<String, String> {
        let now = chrono::DateTime::parse_from_rfc3339("2026-11-29T12:00:00Z").unwrap();
        let options = Options {
            before: before.map(str::to_owned),
            dry_run: false,
            database: OtherDatabase::default(),
        };
        let until = options.until(keep_days, now.with_timezone(&Utc));
        until
            .map(|at| at.to_rfc3339())
            .map_err(|failure| failure.to_string())
    }

    #[test]
    fn what_is_to_be_kept_is_never_dropped() {
        assert_eq!(until(None, 30).unwrap(), "2026-10-30T12:00:00+00:00");
        assert_eq!(
            until(Some("2026-10-30"), 30).unwrap(),
            "2026-10-30T00:00:00+00:00"
        );
        assert!(
            until(Some("2026-10-31"), 30)
                .unwrap_err()
                .contains("`keep_days`")
        );
        assert!(until(None, 0).unwrap_err().contains("for ever"));
        assert!(
            until(Some("yesterday"), 0)
                .unwrap_err()
                .contains("--before is a date")
        );
    }

    #[test]
    fn the_last_thirty_days_are_never_dropped_whatever_the_configuration_says() {
        for keep_days in [0, 5, 29, 30] {
            assert_eq!(
                until(Some("2026-10-30"), keep_days).unwrap(),
                "2026-10-30T00:00:00+00:00"
            );
            for young in ["2026-10-31", "2026-11-29", "2026-11-30"] {
                let refused = until(Some(young), keep_days).unwrap_err();
                assert!(refused.contains("rows from 2026-10-30"), "{refused}");
                let always = refused.contains("of the last 30 days always are");
                assert_eq!(always, keep_days < 30, "{refused}");
            }
        }
        assert_eq!(until(None, 5).unwrap(), "2026-10-30T12:00:00+00:00");
    }
}
