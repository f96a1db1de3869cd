//! A row as a line: of JSON, or of CSV that a spreadsheet may open.
//!
//! One event is one line, whatever stands in it: what could end a line, move a cursor or turn the direction of text
//! around is escaped. In CSV a backslash is escaped, too, so that reading back gives the same; and a cell that a spreadsheet
//! would take for a formula gets an apostrophe before it, as does one that begins with an apostrophe.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::domain::Timestamp;
use crate::store::audit::Found;

/// What stands on a line before what the event says.
const PLACE: [&str; 5] = ["position", "at", "chain", "sequence", "kind"];

/// What an event can say, in the order of the columns.
const COLUMNS: [&str; 38] = [
    "schema",
    "signin_id",
    "reference",
    "idp",
    "subject_format",
    "subject",
    "display_name",
    "about.idp",
    "about.subject_format",
    "about.subject",
    "about.display_name",
    "address",
    "account",
    "partition",
    "role",
    "method",
    "session_name",
    "source_identity",
    "scope",
    "revision",
    "rule",
    "reason",
    "result",
    "cause",
    "expires",
    "access_key_id",
    "note",
    "until",
    "query",
    "position",
    "count",
    "token",
    "by_token",
    "draft",
    "draft_name",
    "drafted_by",
    "unreadable",
    "mac",
];

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A JSON object a line.
    Jsonl,
    /// Comma-separated, every cell quoted, with a line of headings.
    Csv,
}

impl Format {
    /// Its name in addresses and options.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Jsonl, Self::Csv]
            .into_iter()
            .find(|format| format.name() == name)
    }
}

/// The line before all others; empty: there is none.
pub(super) fn heading(format: Format) -> String {
    match format {
        Format::Jsonl => String::new(),
        Format::Csv => {
            let columns = COLUMNS.iter().map(|name| match *name {
                // the row has one, too
                "position" => "purged_position".to_owned(),
                name => name.replace('.', "_"),
            });
            let place = PLACE.iter().map(|name| (*name).to_owned());
            csv_line(&place.chain(columns).collect::<Vec<_>>())
        }
    }
}

/// A row's line, with its end.
pub(super) fn line(format: Format, found: &Found) -> String {
    match format {
        Format::Jsonl => json_line(found),
        Format::Csv => {
            let (place, event) = cells(found);
            let cells = place.into_iter().chain(event);
            csv_line(&cells.map(|cell| guarded(&cell)).collect::<Vec<_>>())
        }
    }
}

fn moment(millis: i64) -> Option<Timestamp> {
    chrono::DateTime::from_timestamp_millis(millis)
}

fn json_line(found: &Found) -> String {
    let Some(row) = &found.row else {
        let object =
            json!({"at": moment(found.at), "position": found.position, "unreadable": true});
        return object.to_string() + "\n";
    };
    let event: Value =
        serde_json::from_str(&row.event).unwrap_or_else(|_| Value::String(row.event.clone()));
    let object = BTreeMap::from([
        ("position", json!(row.position)),
        ("chain", json!(row.chain)),
        ("sequence", json!(row.sequence)),
        ("at", json!(moment(row.at))),
        ("kind", json!(row.kind)),
        ("event", event),
        ("mac", json!(row.mac)),
    ]);
    let mut line = String::new();
    for c in json!(object).to_string().chars() {
        // outside of texts JSON has none of these
        if is_unseen(c) {
            escape(c, &mut line);
        } else {
            line.push(c);
        }
    }
    line.push('\n');
    line
}

fn cells(found: &Found) -> (Vec<String>, Vec<String>) {
    let at = moment(found.at).map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true));
    let (position, at) = (found.position.to_string(), at.unwrap_or_default());
    let Some(row) = &found.row else {
        let rest = [String::new(), String::new(), String::new()];
        let place = [position, at].into_iter().chain(rest).collect();
        let event = COLUMNS.map(|name| match name {
            "unreadable" => "yes".to_owned(),
            _ => String::new(),
        });
        return (place, event.to_vec());
    };
    let place = vec![
        position,
        at,
        row.chain.clone(),
        row.sequence.to_string(),
        row.kind.clone(),
    ];
    let event: Value = serde_json::from_str(&row.event).unwrap_or_default();
    let said = |name: &str| match name.split_once('.') {
        Some((outer, inner)) => event.get(outer).and_then(|about| about.get(inner)),
        None => event.get(name),
    };
    let event = COLUMNS.map(|name| match name {
        "mac" => row.mac.clone(),
        "unreadable" if found.record.is_none() => row.event.clone(),
        name => match said(name) {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        },
    });
    (place, event.to_vec())
}

fn csv_line(cells: &[String]) -> String {
    let mut writer = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::Always)
        .from_writer(Vec::new());
    // writing into memory cannot fail, and all lines have as many cells
    let _ = writer.write_record(cells);
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// A cell as a spreadsheet may have it.
fn guarded(text: &str) -> String {
    let mut cell = String::with_capacity(text.len() + 1);
    // full-width signs are signs to some
    if text.starts_with([
        '=', '+', '-', '@', '\'', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ]) {
        cell.push('\'');
    }
    for c in text.chars() {
        match c {
            '\\' => cell.push_str("\\\\"),
            c if c.is_control() || is_unseen(c) => escape(c, &mut cell),
            c => cell.push(c),
        }
    }
    cell
}

/// Whether a character ends lines, is not seen, or turns the direction of text around, and JSON leaves it as it is.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

fn escape(c: char, text: &mut String) {
    // writing into a string does not fail
    let _ = write!(text, "\\u{:04x}", u32::from(c));
}

#[cfg(test)]
mod tests;
