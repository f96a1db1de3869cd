//! JSON, read strictly.
//!
//! Two readers that differ on a document are two opinions on who somebody is. So a member that stands twice, text
//! after the value, a byte-order mark and deep nesting are refused (RFC 8725 §2.4, RFC 7519 §4); how often a claim
//! may stand is not left to a parser's taste. Knows nothing of tokens. No message carries a byte of the document.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// How deep arrays and objects may nest: far more than any claim needs.
const DEPTH: usize = 16;

/// The members of a JSON object.
pub type Object = Map<String, Value>;

/// Why a document was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// Not JSON (RFC 8259), or not UTF-8, or something follows it.
    #[error("it is not a JSON document")]
    Malformed,
    /// A member stands twice in one object.
    #[error("a member stands twice in its JSON")]
    Duplicate,
    /// It nests deeper than 16 levels.
    #[error("its JSON nests too deeply")]
    TooDeep,
    /// It is not an object.
    #[error("it is not a JSON object")]
    NotAnObject,
}

/// Reads a document whose outermost value is an object.
pub fn object(bytes: &[u8]) -> Result<Object, JsonError> {
    let fault = Cell::new(JsonError::Malformed);
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let seed = Strict {
        left: DEPTH,
        fault: &fault,
    };
    let value = seed.deserialize(&mut reader).map_err(|_| fault.get())?;
    reader.end().map_err(|_| JsonError::Malformed)?;
    match value {
        Value::Object(members) => Ok(members),
        _ => Err(JsonError::NotAnObject),
    }
}

/// Reads one value, with so many levels left below it.
#[derive(Clone, Copy)]
struct Strict<'f> {
    left: usize,
    fault: &'f Cell<JsonError>,
}

impl Strict<'_> {
    fn below<E: serde::de::Error>(self) -> Result<Self, E> {
        match self.left.checked_sub(1) {
            Some(left) => Ok(Self { left, ..self }),
            None => Err(self.refuse(JsonError::TooDeep)),
        }
    }

    fn refuse<E: serde::de::Error>(self, fault: JsonError) -> E {
        self.fault.set(fault);
        E::custom(fault)
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("not a finite number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let below = self.below()?;
        let mut values = Vec::new();
        while let Some(value) = items.next_element_seed(below)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let below = self.below()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.contains_key(&name) {
                return Err(self.refuse(JsonError::Duplicate));
            }
            let value = members.next_value_seed(below)?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_honest_object_reads_as_it_was_written() {
        let read = object(br#" {"a":["x",1,-2,2.5,true,null],"b":{"c":"\u00e9"}} "#).unwrap();
        assert_eq!(
            Value::Object(read),
            serde_json::json!({"a": ["x", 1, -2, 2.5, true, null], "b": {"c": "é"}})
        );
    }

    // O17: what two parsers could read differently.
    #[test]
    fn members_that_stand_twice_are_refused_at_any_level() {
        for text in [
            r#"{"sub":"a","sub":"b"}"#,
            r#"{"sub":"a","s\u0075b":"a"}"#,
            r#"{"a":{"b":1,"b":1}}"#,
            r#"{"a":[{"b":1,"b":1}]}"#,
        ] {
            assert_eq!(object(text.as_bytes()), Err(JsonError::Duplicate), "{text}");
        }
    }

    // O17
    #[test]
    fn nesting_is_bounded() {
        let deep =
            |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
        assert!(object(deep(15).as_bytes()).is_ok());
        assert_eq!(object(deep(16).as_bytes()), Err(JsonError::TooDeep));
        assert_eq!(object(deep(100_000).as_bytes()), Err(JsonError::TooDeep));
        assert_eq!(
            object("{\"a\":".repeat(100_000).as_bytes()),
            Err(JsonError::TooDeep)
        );
    }

    // O17
    #[test]
    fn marks_trailing_text_and_numbers_without_end_are_refused() {
        for text in [
            "\u{feff}{}",
            "{} {}",
            "{}x",
            "{}\0",
            "{\"a\":1e400}",
            "{\"a\":NaN}",
            "{\"a\":01}",
            "{'a':1}",
            "{\"a\":1,}",
            "{\"a\":\"\u{1}\"}",
            "{\"a\":\"\\ud800\"}",
            "",
            "{",
        ] {
            assert_eq!(
                object(text.as_bytes()),
                Err(JsonError::Malformed),
                "{text:?}"
            );
        }
        assert_eq!(object(b"{\"a\":\"\xff\"}"), Err(JsonError::Malformed));
        for text in ["[]", "\"a\"", "1", "null"] {
            assert_eq!(
                object(text.as_bytes()),
                Err(JsonError::NotAnObject),
                "{text}"
            );
        }
    }

    // O17: an integer beyond 64 bits must not become a smaller one.
    #[test]
    fn huge_integers_are_no_integers() {
        let read = object(b"{\"exp\":123456789012345678901234567890}").unwrap();
        assert_eq!(read.get("exp").and_then(Value::as_i64), None);
    }

    // O17
    #[test]
    fn a_name_like_proto_is_a_name_like_any_other() {
        let read = object(br#"{"__proto__":{"sub":"x"},"constructor":1}"#).unwrap();
        assert_eq!(read.get("sub"), None);
        assert_eq!(read.len(), 2);
    }
}
