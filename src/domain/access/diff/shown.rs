//! Values in a sentence: on one line, bounded, and so that two that differ read differently.
//!
//! A long text is cut around the first character that sets it apart. What cannot be seen is spelled.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;

use crate::domain::reason::is_unseen;

/// How much of a value is shown.
const LONGEST_SHOWN: usize = 200;
/// How much of it stands before what sets it apart.
const BEFORE: usize = 40;

/// Whether a value is too long to be shown whole.
pub(super) fn is_long(value: &impl Serialize) -> bool {
    let text = serde_json::to_string(value).unwrap_or_default();
    is_cut(&text)
}

/// A value, cut where it is long.
pub(super) fn shown(value: &Value) -> String {
    window(&value.to_string(), 0)
}

/// A text, cut where it is long.
pub(super) fn cut(text: &str) -> String {
    window(text, 0)
}

/// Two values that differ, `A to B`, both cut around the first character that does.
pub(super) fn apart(before: &Value, after: &Value) -> String {
    let (before, after) = (before.to_string(), after.to_string());
    if !is_cut(&before) && !is_cut(&after) {
        return format!("{} to {}", visible(&before), visible(&after));
    }
    let same = common(before.chars(), after.chars());
    let text = format!("{} to {}", window(&before, same), window(&after, same));
    let left = |text: &str| text.chars().count() - same;
    let same_end = common(before.chars().rev(), after.chars().rev());
    let differ = left(&before).max(left(&after)).saturating_sub(same_end);
    if differ > LONGEST_SHOWN - BEFORE {
        text + " and more behind that"
    } else {
        text
    }
}

fn common(one: impl Iterator<Item = char>, other: impl Iterator<Item = char>) -> usize {
    one.zip(other)
        .take_while(|(one, other)| one == other)
        .count()
}

fn is_cut(text: &str) -> bool {
    text.chars().nth(LONGEST_SHOWN).is_some()
}

/// A text, cut so that the character at `place` can be seen.
fn window(text: &str, place: usize) -> String {
    if !is_cut(text) {
        return visible(text);
    }
    let skipped = if place < LONGEST_SHOWN - BEFORE {
        0
    } else {
        place - BEFORE
    };
    let mut rest = text.chars().skip(skipped);
    let kept: String = rest.by_ref().take(LONGEST_SHOWN).collect();
    let (begin, end) = (
        if skipped > 0 { "…" } else { "" },
        if rest.next().is_some() { "…" } else { "" },
    );
    format!("{begin}{}{end}", visible(&kept))
}

/// What cannot be seen or turns a text around, spelled.
fn visible(text: &str) -> String {
    if !text.contains(is_unseen) {
        return text.to_owned();
    }
    let spell = |c: char| {
        if is_unseen(c) {
            c.escape_unicode().to_string()
        } else {
            c.to_string()
        }
    };
    text.chars().map(spell).collect()
}

/// Which of some long texts are set apart where.
pub(super) struct Long<'a>(HashMap<&'a str, usize>);

impl<'a> Long<'a> {
    /// Finds for each long one where it differs from whichever is most like it: in order, that is a neighbour.
    pub(super) fn among(texts: impl Iterator<Item = &'a String>) -> Self {
        let mut long: Vec<&str> = texts
            .map(String::as_str)
            .filter(|text| is_cut(text))
            .collect();
        long.sort_unstable();
        long.dedup();
        let mut places: HashMap<&str, usize> = long.iter().map(|text| (*text, 0)).collect();
        for pair in long.windows(2) {
            let same = common(pair[0].chars(), pair[1].chars());
            for text in pair {
                let place = places.entry(text).or_default();
                *place = same.max(*place);
            }
        }
        Self(places)
    }

    /// One of them, or a short one.
    pub(super) fn shown(&self, text: &str) -> String {
        window(text, self.0.get(text).copied().unwrap_or(0))
    }
}
