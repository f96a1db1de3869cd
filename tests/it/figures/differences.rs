//! Telling two documents apart takes what they have, and not what they have times each other.

use vestibule::domain::access::{ByName, ConditionEntry, Document, RuleEntry, differences, merge};

use super::least;

fn rule(name: String, group: &str, grants: Vec<String>) -> RuleEntry {
    let condition = ConditionEntry {
        attribute: Some("groups".to_owned()),
        is: Some(group.to_owned()),
        ..ConditionEntry::default()
    };
    RuleEntry {
        name,
        when: vec![condition],
        grant: grants,
        ..RuleEntry::default()
    }
}

/// A rule with so many grants, none of which another such rule has.
fn long(count: usize, side: &str) -> Document {
    let grants = (0..count).map(|at| format!("{side}-{at}/Role")).collect();
    Document {
        rules: vec![rule("long".to_owned(), "x", grants)],
        ..Document::default()
    }
}

#[test]
fn a_list_four_times_as_long_takes_at_most_eight_times_as_long() {
    let tell = |count: usize| {
        let (before, after) = (long(count, "old"), long(count, "new"));
        assert_eq!(differences(&before, &after).len(), 2 * count);
    };
    let (small, large) = least(5, || tell(2_000), || tell(8_000));
    assert!(large <= small * 8, "{large:?} after {small:?}");
}

/// So many rules, all of which look at a group.
fn many(count: usize, group: &str) -> Document {
    let rules = (0..count).map(|at| rule(format!("rule {at}"), group, vec!["*".to_owned()]));
    Document {
        rules: rules.collect(),
        ..Document::default()
    }
}

#[test]
fn four_times_the_clashes_take_at_most_eight_times_as_long() {
    let tell = |count: usize| {
        let (base, mine, theirs) = (many(count, "a"), many(count, "b"), many(count, "c"));
        let conflicts =
            merge(&base, (&mine, &theirs), &std::collections::BTreeMap::new()).conflicts;
        assert_eq!(conflicts.len(), count);
        let (was, mine) = (ByName::of(&base), ByName::of(&mine));
        let told = conflicts
            .iter()
            .map(|entry| differences(&was.alone(entry), &mine.alone(entry)));
        assert_eq!(told.map(|told| told.len()).sum::<usize>(), count);
    };
    let (small, large) = least(5, || tell(1_000), || tell(4_000));
    assert!(large <= small * 8, "{large:?} after {small:?}");
}
