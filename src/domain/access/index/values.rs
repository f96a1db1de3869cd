//! Exact values of one attribute: text → number, and the rules that begin with it.
//!
//! A miss, the usual case for a person with hundreds of groups, costs a hash and one probe; a hit compares the whole
//! text, so that no two values are ever taken for each other.

use std::collections::hash_map::Entry;

use crate::domain::access::hash::{HashedMap, hash_text};

/// The values of one attribute that rules name.
#[derive(Debug, Default)]
pub(super) struct ValueTable {
    entries: HashedMap<ValueEntry>,
    /// Values whose hash was taken already.
    colliding: Vec<ValueEntry>,
    /// All texts, one after the other.
    texts: String,
    /// The rules of values that have several, or one that does more than give a role.
    rules: Vec<u32>,
}

/// A value that rules name.
#[derive(Debug, Clone, Copy)]
pub(super) struct ValueEntry {
    start: u32,
    length: u32,
    pub(super) number: u32,
    lead: Lead,
}

#[derive(Debug, Clone, Copy)]
enum Lead {
    /// One rule, which gives one role and does nothing else.
    Role { role: u32, rule: u32 },
    /// Rules to look at, by their place in `rules`.
    Rules { start: u32, count: u32 },
}

/// Where a value leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found<'a> {
    /// To one role, by one rule.
    Role { role: u32, rule: u32 },
    /// To rules that need a closer look.
    Rules(&'a [u32]),
}

impl ValueTable {
    /// Adds a value that the table does not have. `role` is what its one rule gives, where that is all it does.
    pub(super) fn insert(&mut self, text: &str, number: u32, rules: &[u32], role: Option<u32>) {
        let lead = if let (&[rule], Some(role)) = (rules, role) {
            Lead::Role { role, rule }
        } else {
            let start = place(self.rules.len());
            self.rules.extend_from_slice(rules);
            Lead::Rules {
                start,
                count: place(rules.len()),
            }
        };
        let entry = ValueEntry {
            start: place(self.texts.len()),
            length: place(text.len()),
            number,
            lead,
        };
        self.texts.push_str(text);
        match self.entries.entry(hash_text(text)) {
            Entry::Occupied(_) => self.colliding.push(entry),
            Entry::Vacant(free) => {
                free.insert(entry);
            }
        }
    }

    /// Whether it has no values.
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entry of a value.
    pub(super) fn get(&self, text: &str) -> Option<&ValueEntry> {
        let entry = self.entries.get(&hash_text(text))?;
        if self.text_of(entry) == text.as_bytes() {
            return Some(entry);
        }
        self.colliding
            .iter()
            .find(|entry| self.text_of(entry) == text.as_bytes())
    }

    /// Where an entry leads.
    pub(super) fn lead(&self, entry: &ValueEntry) -> Found<'_> {
        match entry.lead {
            Lead::Role { role, rule } => Found::Role { role, rule },
            Lead::Rules { start, count } => {
                let start = start as usize;
                Found::Rules(&self.rules[start..start + count as usize])
            }
        }
    }

    fn text_of(&self, entry: &ValueEntry) -> &[u8] {
        let start = entry.start as usize;
        &self.texts.as_bytes()[start..start + entry.length as usize]
    }
}

/// Sizes are bounded by the size of a document, far below what 32 bits count.
fn place(size: usize) -> u32 {
    u32::try_from(size).expect("a document has at most 64 MiB")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_only_by_its_whole_text() {
        let mut table = ValueTable::default();
        table.insert("payments", 0, &[7], Some(3));
        table.insert("", 1, &[8, 9], None);
        let lead = |text| table.get(text).map(|entry| table.lead(entry));
        assert_eq!(lead("payments"), Some(Found::Role { role: 3, rule: 7 }));
        assert_eq!(lead(""), Some(Found::Rules(&[8, 9])));
        for text in ["payment", "payments ", "Payments", "payments\0", "\0"] {
            assert!(lead(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn values_with_the_same_hash_stay_apart() {
        let mut table = ValueTable::default();
        table.insert("first", 0, &[1], Some(1));
        let entry = table.entries.remove(&hash_text("first")).unwrap();
        table.entries.insert(hash_text("second"), entry);
        assert!(table.get("second").is_none());
        table.insert("second", 1, &[2], Some(2));
        assert_eq!(table.get("second").map(|entry| entry.number), Some(1));
    }
}
