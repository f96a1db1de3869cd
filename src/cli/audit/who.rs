//! `vestibule audit who`: from a name in CloudTrail back to the person.

use clap::Args;
use serde_json::json;

use super::unreadable;
use crate::admin::{Record, Traced};
use crate::cli::{Failure, output};
use crate::domain::audit;
use crate::domain::record::Trace;

/// `vestibule audit who …`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Options {
    /// A session's ARN, a principal id, a session name or source identity, or an access key id
    name: String,
    /// `text`, or `json` with an event a line
    #[arg(long, default_value = "text", value_parser = ["text", "json"])]
    format: String,
}

pub(super) async fn run(record: &Record, options: Options) -> Result<(), Failure> {
    let trace = Trace::parse(&options.name)
        .map_err(|error| Failure::of("nobody can be found by this", &error))?;
    let known = record.who(&trace).await;
    let known = known.map_err(|error| unreadable(&error))?;
    if options.format == "json" {
        for row in known.records() {
            let (position, at, kind) = (row.position, row.at, row.kind);
            let line = json!({"position": position, "at": at, "kind": kind, "event": row.event});
            output::line(&line.to_string());
        }
    } else {
        text(&known);
    }
    if let Some((first, last)) = known.unindexed {
        output::error(&format!(
            "rows {first} to {last} are not in the index yet and were not searched: see `vestibule audit index`"
        ));
    }
    if known.rows.is_empty() && known.more {
        return Err(Failure::new(
            "many sign-ins have this name, and the newest of them are none of those that it could be: there may be earlier ones, \
             which the access key id of the event leads to, or `/admin/record` between two moments",
        ));
    }
    if known.rows.is_empty() {
        return Err(Failure::new(
            "no sign-in in the record shows as this: it was not handed over by this Vestibule, or its rows were purged, or it is a \
             key of a hand-over whose outcome is unknown: its `begun` has no `ended`, which alone names the key, and the server's \
             log does where that could not be written",
        ));
    }
    Ok(())
}

/// Whom it is, and each sign-in in a line.
fn text(known: &Traced) {
    let mut people: Vec<String> = known.records().map(person).collect();
    people.sort();
    people.dedup();
    for person in people {
        output::line(&person);
    }
    for row in known.records() {
        output::line(&signin(row));
    }
    if known.more {
        output::line("and there may be earlier ones");
    }
}

fn person(row: &audit::Record) -> String {
    let event = &row.event;
    let text = |text: &Option<String>| shown(text.as_deref().unwrap_or("?"));
    let (name, subject, idp) = (&event.display_name, &event.subject, &event.idp);
    format!("{} ({} of {})", text(name), text(subject), text(idp))
}

fn signin(row: &audit::Record) -> String {
    let event = &row.event;
    let mut line = format!(
        "  {} {} {}",
        row.at.format("%Y-%m-%d %H:%M:%S UTC"),
        row.kind.name(),
        shown(event.role.as_deref().unwrap_or("?")),
    );
    for (name, value) in [
        ("sign-in", &event.signin_id),
        ("result", &event.result),
        ("until", &event.expires),
        ("key", &event.access_key_id),
        ("from", &event.address),
        ("reason", &event.reason),
    ] {
        if let Some(value) = value {
            line.extend([", ", name, " ", &shown(value)]);
        }
    }
    line
}

/// What somebody wrote, for a terminal.
fn shown(text: &str) -> String {
    let shown = text.escape_debug().to_string();
    shown.replace("\\'", "'").replace("\\\"", "\"")
}
