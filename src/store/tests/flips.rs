//! Each byte of each row, flipped: found, and in the right row (B18). The rows are judged in memory by what `verify` walks
//! with; `tampering` does the same through the database.

use aws_lc_rs::hmac;

use super::world::{KEY, at};
use crate::domain::audit::{Event, EventKind};
use crate::domain::properties;
use crate::store::audit::{Finding, Row, Verification, check_rows};

/// A chain of so many rows, as the writer makes them.
fn chain(key: &hmac::Key, rows: i64) -> Vec<Row> {
    let mut previous = String::new();
    (1..=rows)
        .map(|n| {
            let event = Event {
                signin_id: Some(format!("signin-{n}")),
                subject: Some(format!("person {n} é")),
                role: Some("payments-prod/Admin".to_owned()),
                revision: Some(n),
                ..Event::default()
            };
            let mut row = Row {
                position: n,
                chain: "c0ffee".to_owned(),
                sequence: n,
                at: at(n).timestamp_millis(),
                kind: EventKind::SigninEnded.name().to_owned(),
                event: serde_json::to_string(&event).expect("JSON"),
                previous: previous.clone(),
                mac: String::new(),
            };
            row.seal(key);
            previous.clone_from(&row.mac);
            row
        })
        .collect()
}

/// The row with each of its bytes flipped in turn, but for those that leave no text or a place that is taken.
fn flipped(row: &Row, last: i64) -> Vec<Row> {
    let mut all = Vec::new();
    let texts: [fn(&mut Row) -> &mut String; 5] = [
        |row| &mut row.chain,
        |row| &mut row.kind,
        |row| &mut row.event,
        |row| &mut row.previous,
        |row| &mut row.mac,
    ];
    for text in texts {
        let mut copy = row.clone();
        let bytes = text(&mut copy).clone().into_bytes();
        for n in 0..bytes.len() {
            let mut bytes = bytes.clone();
            bytes[n] ^= 1;
            let mut other = row.clone();
            *text(&mut other) = String::from_utf8(bytes).expect("still text");
            all.push(other);
        }
    }
    let numbers: [fn(&mut Row) -> &mut i64; 3] = [
        |row| &mut row.position,
        |row| &mut row.sequence,
        |row| &mut row.at,
    ];
    for number in numbers {
        for byte in 0..8 {
            let mut other = row.clone();
            *number(&mut other) ^= 1 << (byte * 8);
            all.push(other);
        }
    }
    all.retain(|other| other.position == row.position || !(1..=last).contains(&other.position));
    all
}

/// The row and its neighbours, judged in the order in which a database gives them.
fn judged(key: &hmac::Key, rows: &[Row], n: usize, other: Row) -> Verification {
    let from = n.saturating_sub(1);
    let until = rows.len().min(n + 2);
    let mut window = rows[from..until].to_vec();
    window[n - from] = other;
    window.sort_by_key(|row| row.position);
    let before = from.checked_sub(1).map(|before| rows[before].clone());
    check_rows(key, before, window, rows[until - 1].position)
}

#[test]
fn every_byte_of_every_row_that_is_flipped_is_found_in_its_row() {
    let key = hmac::Key::new(hmac::HMAC_SHA256, &KEY);
    let count = i64::from(properties::count(60, 10_000));
    let rows = chain(&key, count);
    assert!(check_rows(&key, None, rows.clone(), count).is_clean());
    let mut flips = 0_u64;
    for (n, row) in rows.iter().enumerate() {
        for other in flipped(row, count) {
            flips += 1;
            let moved = other.position != row.position;
            let found = judged(&key, &rows, n, other).findings;
            let right = found.iter().any(|finding| match finding {
                Finding::Altered(place) => !moved && place.position == row.position,
                Finding::Moved { written, .. } => moved && written.position == row.position,
                Finding::Removed { first, last } => {
                    moved && (*first, *last) == (row.position, row.position)
                }
                _ => false,
            });
            assert!(right && found.len() <= 2, "row {}: {found:?}", row.position);
        }
    }
    assert!(flips > count.unsigned_abs() * 200, "{flips} flips");
}
