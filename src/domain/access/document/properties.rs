//! The way of a document through the program, for any document: what was applied as TOML, kept as JSON and exported as
//! TOML means the same, key for key.

use proptest::prelude::*;
use serde_json::Value;

use super::Document;
use super::tests::{every_key, text};

/// Answers to what a document is like, one after the other, over and over.
struct Answers<'a> {
    numbers: &'a [u8],
    texts: &'a [String],
    at: usize,
}

impl Answers<'_> {
    fn next(&mut self) -> usize {
        self.at += 1;
        usize::from(self.numbers[self.at % self.numbers.len()]) + self.at
    }

    fn text(&mut self) -> String {
        let at = self.next();
        self.texts[at % self.texts.len()].clone()
    }

    /// The same shape with other content: texts are others, keys may be missing, lists and tables shorter or longer.
    fn vary(&mut self, value: &Value, depth: usize) -> Value {
        match value {
            Value::String(_) => Value::String(self.text()),
            Value::Bool(_) => Value::Bool(true),
            Value::Number(_) => Value::from(self.next()),
            Value::Null => Value::Null,
            Value::Array(items) => {
                let most = if depth == 0 { 3 } else { 2 };
                let count = self.next() % (most + 1);
                let items = items.iter().cycle().take(count);
                items.map(|item| self.vary(item, depth + 1)).collect()
            }
            Value::Object(pairs) if pairs.contains_key("key") => {
                let count = self.next() % 3;
                (0..count)
                    .map(|_| (self.text(), Value::String(self.text())))
                    .collect()
            }
            Value::Object(pairs) => pairs
                .iter()
                .filter(|_| !self.next().is_multiple_of(4))
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect::<Vec<_>>()
                .into_iter()
                .map(|(key, value)| (key, self.vary(&value, depth + 1)))
                .collect(),
        }
    }
}

/// Conditions of every kind, to be varied like the rest.
fn conditions() -> Value {
    serde_json::json!([
        { "idp": "x" },
        { "attribute": "x", "is": "x" },
        { "attribute": "x", "is_one_of": ["x"] },
        { "attribute": "x", "starts_with": "x" },
        { "attribute": "x", "matches": "x" },
        { "attribute": "x", "present": true },
        { "not": { "not": { "attribute": "x", "is": "x" } } },
    ])
}

fn any_document() -> impl Strategy<Value = Document> {
    let numbers = prop::collection::vec(any::<u8>(), 40..80);
    let texts = prop::collection::vec(text(), 7..20);
    (numbers, texts).prop_map(|(numbers, texts)| {
        let mut shape = serde_json::to_value(every_key()).expect("JSON");
        shape["rules"][0]["when"] = conditions();
        let mut answers = Answers {
            numbers: &numbers,
            texts: &texts,
            at: 0,
        };
        serde_json::from_value(answers.vary(&shape, 0)).expect("a document of that shape")
    })
}

proptest! {
    #![proptest_config(crate::domain::properties::cases(256, 100_000))]

    #[test]
    fn what_is_applied_is_what_is_exported_key_for_key(document in any_document()) {
        let applied = document.to_toml();
        let kept = Document::from_toml(&applied).expect("what was applied is read").to_json();
        let exported = Document::from_json(&kept).expect("what was kept is read").to_toml();
        prop_assert_eq!(&exported, &applied);
        let again = Document::from_toml(&exported).expect("what was exported is read");
        prop_assert_eq!(again, document);
    }
}
