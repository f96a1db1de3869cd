//! Whatever an event says, it is one line, and reads back as it was (B17).

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::*;
use crate::domain::audit::{Event, EventKind, Person, Record};
use crate::store::audit::Row;

/// Texts that break out of cells, lines, terminals and spreadsheets.
const HOSTILE: &[&str] = &[
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1+1)",
    "\t=1",
    "\r=1",
    "'already",
    "''",
    "a\",\"b",
    "a\r\nb,\"=1+1\"",
    "\"\n=1",
    "\u{1b}[2J\u{1b}]0;x\u{7}",
    "a\u{2028}b\u{2029}c\u{85}d",
    "\u{202e}evil\u{202c}\u{2066}x\u{2069}\u{200f}",
    "\\u000a \\\\ \\",
    "\u{ff1d}1+1",
    "\u{0}\u{1f}\u{7f}\u{feff}",
    "é 日本 🦀",
    "\",\"event\":{}}\n{\"position\":1",
];

fn found(text: &str) -> Found {
    let given = || Some(text.to_owned());
    let event = Event {
        subject: given(),
        display_name: given(),
        reason: given(),
        note: given(),
        session_name: given(),
        about: Some(Person {
            subject: given(),
            ..Person::default()
        }),
        ..Event::default()
    };
    let row = Row {
        position: 7,
        chain: "c".to_owned(),
        sequence: 3,
        at: 1_800_000_000_123,
        kind: "signin_ended".to_owned(),
        event: serde_json::to_string(&event).unwrap(),
        previous: String::new(),
        mac: "-mac".to_owned(),
    };
    Found {
        position: 7,
        at: row.at,
        record: Some(Record {
            position: 7,
            chain: "c".to_owned(),
            sequence: 3,
            at: moment(row.at).unwrap(),
            kind: EventKind::SigninEnded,
            event,
        }),
        row: Some(row),
    }
}

fn is_one_line(line: &str) {
    assert!(line.ends_with('\n'));
    let inner = &line[..line.len() - 1];
    let bad = |c: char| c.is_control() || is_unseen(c);
    assert!(!inner.contains(bad), "{inner:?}");
}

#[test]
fn a_line_of_json_is_one_line_and_says_what_the_row_says() {
    for text in HOSTILE {
        let found = found(text);
        let line = line(Format::Jsonl, &found);
        is_one_line(&line);
        let read: Value = serde_json::from_str(&line).unwrap();
        let event: Event = serde_json::from_value(read["event"].clone()).unwrap();
        assert_eq!(event, found.record.unwrap().event);
        assert_eq!(read["position"], 7);
        assert_eq!(read["at"], "2027-01-15T08:00:00.123Z");
    }
}

#[test]
fn a_row_that_cannot_be_read_is_a_line_all_the_same() {
    let mut damaged = found("x");
    damaged.record = None;
    damaged.row.as_mut().unwrap().event = "no\n=JSON\u{1b}".to_owned();
    let gone = Found {
        row: None,
        ..damaged.clone()
    };
    for format in [Format::Jsonl, Format::Csv] {
        for found in [&damaged, &gone] {
            is_one_line(&line(format, found));
        }
    }
}

#[test]
fn every_field_of_an_event_has_a_column() {
    let said = serde_json::to_value(crate::domain::record::fixtures::filled("text")).unwrap();
    for (name, value) in said.as_object().unwrap() {
        match value.as_object() {
            Some(inner) => {
                for part in inner.keys() {
                    assert!(
                        COLUMNS.contains(&&*format!("{name}.{part}")),
                        "{name}.{part}"
                    );
                }
            }
            None => assert!(COLUMNS.contains(&name.as_str()), "{name}"),
        }
    }
}

/// Reads CSV from its input and undoes our guard; prints the cells as JSON.
const READER: &str = r#"
import csv, io, json, re, sys
text = sys.stdin.buffer.read().decode("utf-8")
def undone(cell):
    if cell.startswith("'"):
        cell = cell[1:]
    return re.sub(r"\\(\\|u[0-9a-f]{4})", lambda m: "\\" if m[1] == "\\" else chr(int(m[1][1:], 16)), cell)
rows = list(csv.reader(io.StringIO(text, newline="")))
raw = [cell for row in rows[1:] for cell in row]
assert not any(cell[:1] in "=+-@\t\r\uff1d\uff0b\uff0d\uff20" for cell in raw if cell), raw
print(json.dumps([dict(zip(rows[0], map(undone, row))) for row in rows[1:]]))
"#;

#[test]
fn pythons_csv_reads_back_every_cell_as_it_was_and_none_is_a_formula() {
    let mut text = heading(Format::Csv);
    for hostile in HOSTILE {
        let line = line(Format::Csv, &found(hostile));
        is_one_line(&line);
        text.push_str(&line);
    }
    let mut python = Command::new("python3")
        .args(["-I", "-c", READER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is there");
    let mut input = python.stdin.take().unwrap();
    input.write_all(text.as_bytes()).unwrap();
    drop(input);
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success());
    let rows: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(rows.len(), HOSTILE.len());
    for (row, hostile) in rows.iter().zip(HOSTILE) {
        for column in [
            "subject",
            "display_name",
            "reason",
            "note",
            "about_subject",
            "session_name",
        ] {
            assert_eq!(row[column], *hostile, "{column}");
        }
        assert_eq!(
            (&row["position"], &row["mac"]),
            (&json!("7"), &json!("-mac"))
        );
        assert_eq!(row["at"], "2027-01-15T08:00:00.123Z");
    }
}
