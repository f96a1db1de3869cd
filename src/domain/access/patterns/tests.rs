//! The bounds of patterns.

use super::*;
use crate::domain::access::fixtures::{document, surroundings};
use crate::domain::access::{Problems, check};

/// A document with a rule for each pattern, each about an attribute of its own where that is wanted.
fn with_patterns(patterns: impl Iterator<Item = String>, apart: bool) -> String {
    let rules = patterns.enumerate().map(|(at, pattern)| {
        let attribute = if apart { at } else { 0 };
        format!(
            "[[rules]]\nname = \"r{at}\"\nwhen = [{{ attribute = \"g{attribute}\", matches = '{pattern}' }}]\n\
             grant = [\"gov/ReadOnly\"]\n"
        )
    });
    rules.collect()
}

fn checked(rules: &str) -> Result<(), Problems> {
    check(&document(rules), &surroundings()).map(|_| ())
}

/// How many patterns fit before the first for which there is no room.
fn fitting(rules: &str) -> usize {
    let problems = checked(rules).unwrap_err();
    let first = &problems.list()[0];
    assert!(
        first
            .kind
            .to_string()
            .contains("too many or too large together"),
        "{first}"
    );
    let place = first
        .path
        .strip_prefix("rules[")
        .unwrap()
        .split_once(']')
        .unwrap();
    assert_eq!(place.1, ".when[0].matches");
    place.0.parse().unwrap()
}

#[test]
fn hundreds_of_patterns_with_captures_are_fine() {
    let plain = |at| format!("^aws{at}-(?<account>[a-z0-9-]+)-(?<role>[A-Za-z]+)$");
    let rules = with_patterns((0..1_000).map(plain), false);
    assert_eq!(checked(&rules), Ok(()));
    let letters = |at| format!(r"^team{at}-(?<account>\w+)-(?<role>\w+)$");
    let rules = with_patterns((0..120).map(letters), true);
    assert_eq!(checked(&rules), Ok(()));
}

#[test]
fn all_patterns_of_a_document_share_one_budget_whatever_they_look_at() {
    for apart in [false, true] {
        let many = with_patterns((0..2_001).map(|at| format!("a{at}")), apart);
        assert_eq!(fitting(&many), 2_000);
        let long = |at: usize| format!("{at:04}{}", "a".repeat(1_000));
        assert_eq!(fitting(&with_patterns((0..200).map(long), apart)), 130);
    }
}

/// A collection with little room for what is compiled.
fn narrow(size: usize) -> PatternCollection {
    PatternCollection {
        budget: Budget {
            size,
            ..Budget::default()
        },
        ..PatternCollection::default()
    }
}

#[test]
fn what_is_compiled_counts_by_the_memory_it_takes() {
    let heavy = |at: usize| format!("[a-z]{{1000}}{at}");
    let one = size(&heavy(0));
    assert!(one > 40_000, "{one}");
    let mut patterns = narrow(one * 7 / 2);
    for at in 0..3 {
        assert!(patterns.add(&at.to_string(), &heavy(at)).is_ok(), "{at}");
    }
    let over = |error: Result<&Regex, PatternError>| error.unwrap_err() == PatternError::Together;
    assert!(over(patterns.add("x", &heavy(3))));
    assert!(
        over(patterns.add("x", "a")),
        "where one has no room, none has"
    );
    // what is there is found again
    assert!(patterns.add("0", &heavy(0)).is_ok());
}

#[test]
fn the_same_pattern_counts_once_and_one_that_does_not_compile_counts_too() {
    let same = with_patterns((0..5_000).map(|_| "^a$".to_owned()), false);
    assert_eq!(checked(&same), Ok(()));
    let mut patterns = narrow(PATTERN_SIZE * 5 / 2);
    let mut wrong = |at| {
        let pattern = format!("a{{1000}}{{1000}}{at}");
        patterns.add("x", &pattern).map(|_| ()).unwrap_err()
    };
    for at in 0..2 {
        assert!(matches!(wrong(at), PatternError::Syntax(_)), "{at}");
    }
    assert_eq!(wrong(2), PatternError::Together);
}
