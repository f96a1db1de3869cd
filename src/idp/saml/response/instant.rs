//! Times, read strictly.
//!
//! SAML core §1.3.3: `xs:dateTime` in UTC, with `Z`. Years of this century and the next only; no leap seconds, no
//! 24:00, no other zone, nothing before or after.

use chrono::{NaiveDate, NaiveTime};

use crate::domain::Timestamp;
use crate::idp::saml::Error;

/// Reads `text`, the value of the attribute `name`.
pub(super) fn parse(text: &str, name: &'static str) -> Result<Timestamp, Error> {
    read(text).ok_or(Error::Instant(name))
}

/// Reads an attribute that may be missing.
pub(super) fn optional(
    text: Option<&String>,
    name: &'static str,
) -> Result<Option<Timestamp>, Error> {
    text.map(|text| parse(text, name)).transpose()
}

fn read(text: &str) -> Option<Timestamp> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let (time, fraction) = match time.split_once('.') {
        Some((time, fraction)) => (time, Some(fraction)),
        None => (time, None),
    };
    let [year, month, day] = fields(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = fields(time, ':', [2, 2, 2])?;
    if !(2000..2200).contains(&year) {
        return None;
    }
    let nanos = fraction.map_or(Some(0), nanoseconds)?;
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    let time = NaiveTime::from_hms_nano_opt(hour, minute, second, nanos)?;
    Some(date.and_time(time).and_utc())
}

/// Three numbers of exactly so many digits.
fn fields(text: &str, separator: char, widths: [usize; 3]) -> Option<[u32; 3]> {
    let mut parts = text.split(separator);
    let mut numbers = [0; 3];
    for (number, width) in numbers.iter_mut().zip(widths) {
        let part = parts.next().filter(|part| part.len() == width)?;
        *number = digits(part)?;
    }
    parts.next().is_none().then_some(numbers)
}

fn nanoseconds(fraction: &str) -> Option<u32> {
    let width = u32::try_from(fraction.len())
        .ok()
        .filter(|width| (1..=9).contains(width))?;
    Some(digits(fraction)? * 10_u32.pow(9 - width))
}

fn digits(text: &str) -> Option<u32> {
    text.bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_in_utc_is_read_to_the_nanosecond() {
        let time = parse("2026-02-28T23:59:59.1234567Z", "x").unwrap();
        assert_eq!(time.to_rfc3339(), "2026-02-28T23:59:59.123456700+00:00");
        assert_eq!(
            parse("2024-02-29T00:00:00Z", "x").unwrap().timestamp(),
            1_709_164_800
        );
    }

    #[test]
    fn everything_else_is_refused() {
        for bad in [
            "",
            "Z",
            "2026-02-28T23:59:59",
            "2026-02-28T23:59:59+00:00",
            "2026-02-28T23:59:59z",
            "2026-02-28 23:59:59Z",
            "2026-02-28t23:59:59Z",
            " 2026-02-28T23:59:59Z",
            "2026-02-28T23:59:59Z ",
            "2026-02-28T23:59:59ZZ",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T23:59:60Z",
            "2026-01-01T23:60:00Z",
            "2026-1-01T00:00:00Z",
            "02026-01-01T00:00:00Z",
            "-2026-01-01T00:00:00Z",
            "999999999-01-01T00:00:00Z",
            "1999-12-31T23:59:59Z",
            "2200-01-01T00:00:00Z",
            "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00.1234567890Z",
            "2026-01-01T00:00Z",
            "2026-01-01T+1:00:00Z",
            "2026-01-01T00:00:00.+1Z",
            "2026-01-01-01T00:00:00Z",
            "now",
        ] {
            assert_eq!(parse(bad, "x"), Err(Error::Instant("x")), "{bad}");
        }
    }
}
