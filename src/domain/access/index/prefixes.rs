//! Prefixes of one attribute's values: all that a text begins with, found in one search.
//!
//! Prefixes stand sorted; each knows the longest other one that it begins with. All prefixes of a text are then the last
//! one not after the text, or among those it begins with.

/// The prefixes that rules name for one attribute.
#[derive(Debug, Default)]
pub(super) struct PrefixTable {
    /// Sorted, each once.
    entries: Vec<PrefixEntry>,
    /// The number of the first.
    pub(super) first: u32,
}

#[derive(Debug)]
struct PrefixEntry {
    text: String,
    parent: Option<usize>,
    rules: Vec<u32>,
}

impl PrefixTable {
    /// From prefixes sorted, each once, with the rules that begin with them.
    pub(super) fn new(sorted: Vec<(String, Vec<u32>)>, first: u32) -> Self {
        let mut entries: Vec<PrefixEntry> = Vec::with_capacity(sorted.len());
        for (text, rules) in sorted {
            let mut parent = entries.len().checked_sub(1);
            while let Some(index) = parent {
                if text.starts_with(&entries[index].text) {
                    break;
                }
                parent = entries[index].parent;
            }
            entries.push(PrefixEntry {
                text,
                parent,
                rules,
            });
        }
        Self { entries, first }
    }

    /// Whether it has no prefixes.
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Calls `found` with the place of every prefix that the text begins with, and the rules that begin with it.
    pub(super) fn each_of(&self, text: &str, mut found: impl FnMut(usize, &[u32])) {
        let after = self
            .entries
            .partition_point(|entry| entry.text.as_str() <= text);
        let mut place = after.checked_sub(1);
        while let Some(index) = place {
            let entry = &self.entries[index];
            if text.starts_with(&entry.text) {
                found(index, &entry.rules);
            }
            place = entry.parent;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_prefixes_of_a_text_are_found_and_no_others() {
        let mut prefixes = [
            "a",
            "aws",
            "aws-",
            "aws-pay",
            "aws-pay-x",
            "b",
            "awt",
            "aws-q",
            "\u{e9}",
        ];
        prefixes.sort_unstable();
        let sorted = prefixes
            .iter()
            .map(|&text| (text.to_owned(), vec![1]))
            .collect();
        let table = PrefixTable::new(sorted, 0);
        for text in [
            "",
            "a",
            "aw",
            "aws",
            "aws-pay",
            "aws-payments",
            "aws-z",
            "b",
            "bb",
            "c",
            "\u{e9}t\u{e9}",
            "aws-pay-xy",
        ] {
            let mut found = Vec::new();
            table.each_of(text, |index, _| found.push(prefixes[index]));
            found.sort_unstable();
            let expected: Vec<&str> = prefixes
                .iter()
                .copied()
                .filter(|p| text.starts_with(p))
                .collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
