//! From an entry's form to the entry.

use serde_json::{Map, Value};

use crate::domain::access::Section;
use crate::domain::access::edit::Entry;
use crate::web::pages::admin::entries::Filled;
use crate::web::pages::admin::entries::conditions::Row;
use crate::web::pages::admin::entries::fields;
use crate::web::parameters::{Parameters, Unreadable};

/// The most conditions that a form holds.
const MOST_ROWS: usize = 200;

/// What the form says, as written.
pub(super) fn read(section: Section, parameters: &Parameters) -> Result<Filled, Unreadable> {
    let text = |name: &str| -> Result<String, Unreadable> {
        let text = parameters.one(name)?.unwrap_or_default();
        // browsers end the lines of a form's text by CR LF
        Ok(text.replace("\r\n", "\n"))
    };
    let mut keys = Vec::new();
    for field in fields::of(section) {
        keys.push((field.key, text(field.key)?));
    }
    let mut rows = Vec::new();
    for place in 0..MOST_ROWS {
        let of = |part: &str| format!("when[{place}].{part}");
        if !parameters.has(&of("operator")) {
            break;
        }
        rows.push(Row {
            not: text(&of("not"))? == "true",
            operator: text(&of("operator"))?,
            attribute: text(&of("attribute"))?,
            value: text(&of("value"))?,
            written: text(&of("written"))?,
        });
    }
    Ok(Filled {
        keys,
        rows,
        keeps_links: text("keeps_links")? == "true",
    })
}

/// The entry that it means, with whatever no field is for as it was; or the keys that say nothing that can be meant.
pub(super) fn entry(
    section: Section,
    filled: &Filled,
    before: Option<&Entry>,
) -> Result<Entry, Vec<&'static str>> {
    let mut keys = match before.map(Entry::to_value) {
        Some(Value::Object(keys)) => keys,
        _ => Map::new(),
    };
    let mut unreadable = Vec::new();
    for field in fields::of(section) {
        let said = filled.keys.iter().find(|(key, _)| *key == field.key);
        let said = said.map_or("", |(_, text)| text);
        if !fields::read(*field, said, &mut keys) {
            unreadable.push(field.key);
        }
    }
    if section == Section::Rules {
        let when: Vec<_> = filled.rows.iter().filter_map(Row::read).collect();
        let when = serde_json::to_value(when).unwrap_or_default();
        keys.insert("when".to_owned(), when);
    }
    if !unreadable.is_empty() {
        return Err(unreadable);
    }
    Entry::from_value(section, Value::Object(keys)).map_err(|_| unreadable)
}
