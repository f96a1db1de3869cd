//! Values as patterns with groups read them, and, where the pattern is plain, as one would have to write them.

use regex::Regex;

use crate::domain::access::selector::{Piece, Selector, Side};
use crate::domain::role::RoleKey;

/// What the named groups of a pattern capture of a value; `None` where it does not match.
pub(super) fn groups<'a>(pattern: &'a Regex, value: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    let captures = pattern.captures(value)?;
    let names = pattern.capture_names().flatten();
    Some(
        names
            .filter_map(|name| Some((name, captures.name(name)?.as_str())))
            .collect(),
    )
}

/// A value that would spell the role, for a pattern of nothing but texts and groups (`^aws-(?<account>…)-(?<role>…)$`)
/// and a selector whose sides are groups. What is made is read again by the pattern itself before it is believed.
pub(super) fn example(selector: &Selector, pattern: &Regex, key: &RoleKey) -> Option<String> {
    let Selector::Pair { account, role } = selector else {
        return None;
    };
    let sides = [(account, key.account.as_str()), (role, key.name.as_str())];
    let wanted = sides.into_iter().filter_map(|(side, text)| match side {
        Side::Captured(pieces) => match pieces.as_slice() {
            [Piece::Group(group)] => Some((group.as_str(), text)),
            _ => None,
        },
        Side::Any | Side::Exact(_) => None,
    });
    let wanted: Vec<(&str, &str)> = wanted.collect();
    let value = fill(pattern.as_str(), &wanted)?;
    let read = groups(pattern, &value)?;
    wanted
        .iter()
        .all(|wanted| read.contains(wanted))
        .then_some(value)
}

/// Puts texts in the place of a pattern's groups; `None` where anything else in it has a meaning of its own.
fn fill(pattern: &str, wanted: &[(&str, &str)]) -> Option<String> {
    let mut rest = pattern.strip_prefix('^')?.strip_suffix('$')?;
    let mut value = String::new();
    while let Some(at) = rest.find('(') {
        value.push_str(plain(&rest[..at])?);
        let group = rest[at + 1..]
            .strip_prefix("?<")
            .or_else(|| rest[at + 1..].strip_prefix("?P<"))?;
        let (name, _) = group.split_once('>')?;
        let (_, text) = wanted.iter().find(|(group, _)| *group == name)?;
        value.push_str(text);
        rest = after_group(&rest[at..])?;
    }
    value.push_str(plain(rest)?);
    Some(value)
}

/// A text without any character that patterns give a meaning to.
fn plain(text: &str) -> Option<&str> {
    (!text.contains([
        '\\', '.', '+', '*', '?', '[', ']', '{', '}', '|', '^', '$', ')',
    ]))
    .then_some(text)
}

/// What follows a group, which begins with `(`. Brackets and escapes inside are left to the pattern, which has the last
/// word.
fn after_group(text: &str) -> Option<&str> {
    let mut depth = 0_usize;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' if depth == 1 => return Some(&text[at + 1..]),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}
