//! A JSON tree whose strings are templates: order kept, doubled keys refused.
//!
//! A session policy is read into this tree once; filling it writes the tree again, so that a value can only ever
//! become the inside of one JSON string (RFC 8259). Output is ASCII without white space, for AWS counts characters
//! and takes none above U+00FF.

use std::collections::HashSet;
use std::fmt;
use std::fmt::Write as _;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::{Part, TemplateError, Variables, parse_parts};

/// A JSON value with templates for strings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Json {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    Text(Vec<Part>),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads a text.
    pub(super) fn parse(text: &str) -> Result<Self, TemplateError> {
        let raw: Raw = serde_json::from_str(text)
            .map_err(|error| TemplateError::NotJson(super::JsonError(error.to_string())))?;
        Self::from_raw(raw)
    }

    fn from_raw(raw: Raw) -> Result<Self, TemplateError> {
        Ok(match raw {
            Raw::Null => Self::Null,
            Raw::Bool(value) => Self::Bool(value),
            Raw::Number(value) => Self::Number(value),
            Raw::Text(text) => Self::Text(parse_parts(&text, Variables::Iam)?),
            Raw::List(items) => Self::List(
                items
                    .into_iter()
                    .map(Self::from_raw)
                    .collect::<Result<_, _>>()?,
            ),
            Raw::Object(entries) => Self::Object(
                entries
                    .into_iter()
                    .map(|(key, value)| Ok((key, Self::from_raw(value)?)))
                    .collect::<Result<_, TemplateError>>()?,
            ),
        })
    }

    /// The value of a key, in an object.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(entries) => entries.iter().find(|(k, _)| k == key).map(|(_, v)| v),
            _ => None,
        }
    }

    /// A string without slots.
    pub(super) fn as_plain(&self) -> Option<&str> {
        match self {
            Self::Text(parts) => match parts.as_slice() {
                [] => Some(""),
                [Part::Literal(text)] => Some(text),
                _ => None,
            },
            _ => None,
        }
    }

    /// Every template in it.
    pub(super) fn texts<'a>(&'a self, into: &mut Vec<&'a [Part]>) {
        match self {
            Self::Text(parts) => into.push(parts),
            Self::List(items) => items.iter().for_each(|item| item.texts(into)),
            Self::Object(entries) => entries.iter().for_each(|(_, value)| value.texts(into)),
            Self::Null | Self::Bool(_) | Self::Number(_) => {}
        }
    }

    /// Writes it, with `fill` deciding what stands in a slot.
    pub(super) fn write<E>(
        &self,
        out: &mut String,
        fill: &mut impl FnMut(&Part) -> Result<String, E>,
    ) -> Result<(), E> {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(value) => out.push_str(&value.to_string()),
            Self::Text(parts) => {
                out.push('"');
                for part in parts {
                    escape(&fill(part)?, out);
                }
                out.push('"');
            }
            Self::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    out.push(if index == 0 { '[' } else { ',' });
                    item.write(out, fill)?;
                }
                out.push_str(if items.is_empty() { "[]" } else { "]" });
            }
            Self::Object(entries) => {
                for (index, (key, value)) in entries.iter().enumerate() {
                    out.push_str(if index == 0 { "{\"" } else { ",\"" });
                    escape(key, out);
                    out.push_str("\":");
                    value.write(out, fill)?;
                }
                out.push_str(if entries.is_empty() { "{}" } else { "}" });
            }
        }
        Ok(())
    }
}

/// The inside of a JSON string, in ASCII.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            ' '..='~' => out.push(c),
            _ => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    // Writing to a String cannot fail.
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
}

/// JSON as read, before its strings are looked at.
enum Raw {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    Text(String),
    List(Vec<Raw>),
    Object(Vec<(String, Raw)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Raw, E> {
        serde_json::Number::from_f64(value)
            .map(Raw::Number)
            .ok_or_else(|| E::custom("a number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut keys = HashSet::new();
        let mut entries = Vec::new();
        while let Some((key, value)) = map.next_entry::<String, Raw>()? {
            if !keys.insert(key.clone()) {
                return Err(A::Error::custom("the same key twice in one object"));
            }
            entries.push((key, value));
        }
        Ok(Raw::Object(entries))
    }
}
