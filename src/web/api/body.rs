//! What programs send: JSON, read strictly, with caps on its size and its depth.
//!
//! A name that stands twice in one object is refused wherever it stands: what two readers take differently is how one
//! request comes to mean two things.

use std::collections::BTreeSet;
use std::fmt;

use actix_web::HttpRequest;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Payload;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor,
};

use super::Refused;
use crate::web::problem::Failure;
use crate::web::{bodies, forms};

/// The most that a body may have, a document aside.
const MOST_BYTES: usize = 64 * 1024;
/// How deep it may be nested.
const DEEPEST: usize = 16;

pub(super) const JSON: &str = "application/json";
pub(super) const TOML: &str = "application/toml";

/// The raw body, for the request's digest, and what it says.
pub(super) struct Sent<T> {
    pub(super) raw: Vec<u8>,
    pub(super) says: T,
}

/// Reads a JSON body.
pub(super) async fn json<T: DeserializeOwned>(
    request: &HttpRequest,
    payload: Payload,
) -> Result<Sent<T>, Failure> {
    at_most(request, payload, MOST_BYTES).await
}

/// Likewise, one that may be as large as a document: it holds parts of one, or what a provider sends.
pub(super) async fn large_json<T: DeserializeOwned>(
    request: &HttpRequest,
    payload: Payload,
) -> Result<T, Failure> {
    let sent = at_most(request, payload, forms::DOCUMENT_FORM).await?;
    Ok(sent.says)
}

async fn at_most<T: DeserializeOwned>(
    request: &HttpRequest,
    payload: Payload,
    most: usize,
) -> Result<Sent<T>, Failure> {
    if kind(request) != Some(JSON) {
        return Err(Refused::MediaType(JSON).into());
    }
    let raw = bodies::read(request.headers(), payload.into_inner(), most).await?;
    let says = read(&raw)?;
    Ok(Sent { raw, says })
}

/// Reads a whole document: its text, and whether it is JSON.
pub(super) async fn document(
    request: &HttpRequest,
    payload: Payload,
) -> Result<(String, bool), Failure> {
    let is_json = match kind(request) {
        Some(JSON) => true,
        Some(TOML) => false,
        _ => return Err(Refused::MediaType("application/toml or application/json").into()),
    };
    let most = forms::DOCUMENT_FORM;
    let raw = bodies::read(request.headers(), payload.into_inner(), most).await?;
    if is_json {
        check(&raw)?;
    }
    let text = String::from_utf8(raw);
    let text = text.map_err(|_| Refused::BodyUnreadable("it is not UTF-8.".to_owned()))?;
    Ok((text, is_json))
}

fn kind(request: &HttpRequest) -> Option<&'static str> {
    let mut said = request.headers().get_all(CONTENT_TYPE);
    let (first, second) = (said.next()?, said.next());
    let essence = first.to_str().ok()?.split(';').next()?.trim();
    let known = [JSON, TOML].into_iter();
    known
        .filter(|_| second.is_none())
        .find(|known| essence.eq_ignore_ascii_case(known))
}

/// Reads a text that is already there.
fn read<T: DeserializeOwned>(raw: &[u8]) -> Result<T, Refused> {
    check(raw)?;
    let mut reader = serde_json::Deserializer::from_slice(raw);
    serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner().to_string();
        if path == "." {
            Refused::BodyUnreadable(format!("{inner}."))
        } else {
            Refused::FieldUnreadable { path, why: inner }
        }
    })
}

/// Whether a text is one JSON value, not too deep, in which no name stands twice.
fn check(raw: &[u8]) -> Result<(), Refused> {
    let mut reader = serde_json::Deserializer::from_slice(raw);
    let walked = Strict(DEEPEST)
        .deserialize(&mut reader)
        .and_then(|()| reader.end());
    walked.map_err(|error| Refused::BodyUnreadable(format!("{error}.")))
}

/// A value that may have so many levels.
struct Strict(usize);

impl Strict {
    fn below<E: serde::de::Error>(&self) -> Result<Self, E> {
        let left = self.0.checked_sub(1);
        left.map(Self)
            .ok_or_else(|| E::custom(format_args!("it is nested more than {DEEPEST} deep")))
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(self.below()?)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let mut names = BTreeSet::new();
        while let Some(name) = fields.next_key::<String>()? {
            if names.contains(&name) {
                return Err(A::Error::custom(format_args!("{name:?} stands twice")));
            }
            names.insert(name);
            fields.next_value_seed(self.below()?)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        match check(text.as_bytes()) {
            Err(Refused::BodyUnreadable(why)) => why,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn json_is_walked_whole() {
        for text in [
            "1",
            "null",
            "\"a\"",
            "{}",
            "[[[[]]]]",
            "{\"a\":{\"a\":[1.5,-1,true]}}",
        ] {
            assert_eq!(check(text.as_bytes()), Ok(()), "{text}");
        }
    }

    #[test]
    fn what_two_readers_could_take_differently_is_refused() {
        assert!(refused("{\"a\":1,\"a\":2}").contains("\"a\" stands twice"));
        assert!(refused("{\"x\":[{\"a\":1,\"\\u0061\":2}]}").contains("stands twice"));
        for text in [
            "",
            "{",
            "{} {}",
            "{}x",
            "[1,]",
            "{\"a\":NaN}",
            "'a'",
            "\u{feff}{}",
        ] {
            refused(text);
        }
        assert!(check(b"\"\xff\"").is_err());
    }

    #[test]
    fn what_is_nested_too_deep_is_refused_without_being_built() {
        let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert_eq!(check(deep(DEEPEST).as_bytes()), Ok(()));
        assert!(refused(&deep(DEEPEST + 2)).contains("nested"));
        refused(&deep(100_000));
        refused(&"{\"a\":".repeat(100_000));
    }
}
