//! From the file's text to its mirror: where it cannot be read, and what was expected there.
//!
//! No value is ever quoted: whoever writes a secret without its quotation marks must not find it in a log.

use serde::de::Error as _;

use super::{Problem, raw};
use crate::domain::account::RegionError;

/// Reads the text.
pub(super) fn read(text: &str) -> Result<raw::File, Problem> {
    // what is wrong with the TOML itself is said in the parser's fixed words
    let toml = toml::Deserializer::parse(text).map_err(|error| Problem {
        key: String::new(),
        message: format!("line {}: {}", line(&error, text), error.message()),
    })?;
    serde_path_to_error::deserialize(toml).map_err(|error| {
        let path = error.path().to_string();
        let error = error.into_inner();
        Problem {
            // the file as a whole has no path
            key: if path == "." { String::new() } else { path },
            message: format!("line {}: {}", line(&error, text), expected(error.message())),
        }
    })
}

fn line(error: &toml::de::Error, text: &str) -> usize {
    error.span().map_or(1, |span| {
        text.get(..span.start)
            .map_or(1, |before| before.matches('\n').count() + 1)
    })
}

/// What was expected, of an error that may quote what was found. An allow-list: names of keys, and what `serde` and we
/// wrote ourselves.
fn expected(message: &str) -> String {
    let names_a_key = ["unknown field `", "missing field `", "duplicate field `"];
    if names_a_key.iter().any(|start| message.starts_with(start)) {
        return message.to_owned();
    }
    let ours = toml::de::Error::custom(RegionError).to_string();
    if message == ours.trim() || message.starts_with("expected a text") {
        return message.to_owned();
    }
    match message.rsplit_once(", expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None => "is not what belongs here".to_owned(),
    }
}
