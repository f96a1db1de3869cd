//! Merging: what one side did is kept, what both did is asked, and nothing is lost.

use proptest::prelude::*;

use super::*;
use crate::domain::access::differences;

fn rule(name: &str, grant: &str) -> RuleEntry {
    RuleEntry {
        name: name.to_owned(),
        grant: vec![grant.to_owned()],
        ..RuleEntry::default()
    }
}

fn document(rules: &[(&str, &str)]) -> Document {
    Document {
        rules: rules
            .iter()
            .map(|(name, grant)| rule(name, grant))
            .collect(),
        ..Document::default()
    }
}

fn merged(base: &Document, mine: &Document, theirs: &Document) -> Merged {
    merge(base, (mine, theirs), &BTreeMap::new())
}

#[test]
fn what_each_side_did_to_another_entry_is_kept_in_its_place() {
    let base = document(&[("a", "1"), ("b", "1"), ("c", "1")]);
    let mine = document(&[("a", "2"), ("m", "1"), ("b", "1"), ("c", "1")]);
    let theirs = document(&[("a", "1"), ("b", "1"), ("t", "1")]);
    let both = merged(&base, &mine, &theirs);
    assert_eq!(both.conflicts, []);
    assert_eq!(
        both.document,
        document(&[("a", "2"), ("m", "1"), ("b", "1"), ("t", "1")])
    );
    // whoever's order is another one, it is kept
    let turned = document(&[("c", "1"), ("b", "1"), ("a", "1")]);
    let both = merged(&base, &mine, &turned);
    assert_eq!(
        both.document,
        document(&[("c", "1"), ("b", "1"), ("a", "2"), ("m", "1")])
    );
}

#[test]
fn what_both_did_to_one_entry_is_asked_and_decided_entry_by_entry() {
    let base = document(&[("a", "1"), ("b", "1"), ("c", "1")]);
    let mine = document(&[("a", "2"), ("c", "2")]);
    let theirs = document(&[("a", "3"), ("b", "2")]);
    let both = merged(&base, &mine, &theirs);
    let names: Vec<String> = both.conflicts.iter().map(ToString::to_string).collect();
    assert_eq!(names, ["rule a", "rule b", "rule c"]);
    // until somebody decides, one's own side stands
    assert_eq!(both.document, mine);
    let picks = [(0, Pick::Theirs), (1, Pick::Theirs), (2, Pick::Mine)];
    let picks = picks
        .into_iter()
        .map(|(at, pick)| (both.conflicts[at].clone(), pick))
        .collect();
    let decided = merge(&base, (&mine, &theirs), &picks);
    assert_eq!(decided.conflicts, []);
    assert_eq!(
        decided.document,
        document(&[("a", "3"), ("b", "2"), ("c", "2")])
    );
}

#[test]
fn the_same_change_on_both_sides_is_no_conflict() {
    let base = document(&[("a", "1"), ("b", "1")]);
    let mine = document(&[("a", "2"), ("b", "1"), ("m", "1")]);
    let theirs = document(&[("a", "2")]);
    let both = merged(&base, &mine, &theirs);
    assert_eq!(both.conflicts, []);
    assert_eq!(both.document, document(&[("a", "2"), ("m", "1")]));
}

#[test]
fn two_entries_of_one_name_are_told_apart() {
    let base = document(&[("a", "1"), ("a", "2")]);
    let mine = document(&[("a", "1"), ("a", "3")]);
    let theirs = document(&[("a", "1"), ("a", "4")]);
    let both = merged(&base, &mine, &theirs);
    let names: Vec<String> = both.conflicts.iter().map(ToString::to_string).collect();
    assert_eq!(names, ["rule a (number 2 of that name)"]);
    let only = ByName::of(&theirs).alone(&both.conflicts[0]);
    assert_eq!(only, document(&[("a", "4")]));
}

fn some_document() -> impl Strategy<Value = Document> {
    let names = prop::sample::subsequence(vec!["a", "b", "c", "d", "e"], 0..=5).prop_shuffle();
    (
        names,
        prop::collection::vec(prop::sample::select(vec!["1", "2", "3"]), 5),
    )
        .prop_map(|(names, grants)| {
            let rules: Vec<(&str, &str)> = names.into_iter().zip(grants).collect();
            let mut document = document(&rules);
            document.scopes = document
                .rules
                .iter()
                .map(|rule| ScopeEntry {
                    name: rule.name.clone(),
                    description: rule.grant[0].clone(),
                    ..ScopeEntry::default()
                })
                .collect();
            document
        })
}

fn sorted(mut document: Document) -> Document {
    document.rules.sort_by(|a, b| a.name.cmp(&b.name));
    document.scopes.sort_by(|a, b| a.name.cmp(&b.name));
    document
}

proptest! {
    #[test]
    fn a_side_that_did_nothing_changes_nothing(base in some_document(), other in some_document()) {
        for both in [merged(&base, &base, &other), merged(&base, &other, &base), merged(&base, &other, &other)] {
            prop_assert_eq!(&both.document, &other);
            prop_assert_eq!(both.conflicts.len(), 0);
        }
    }

    #[test]
    fn no_entry_is_lost_and_none_comes_from_nowhere(
        base in some_document(), mine in some_document(), theirs in some_document(),
    ) {
        let both = merged(&base, &mine, &theirs);
        let conflicts: BTreeSet<EntryName> = both.conflicts.iter().cloned().collect();
        let (was, my, their, is) = (
            keyed::<RuleEntry>(&base), keyed::<RuleEntry>(&mine), keyed::<RuleEntry>(&theirs),
            keyed::<RuleEntry>(&both.document),
        );
        let all = [&was, &my, &their].into_iter().flat_map(|keyed| keyed.entries.keys());
        for name in all {
            let (was, my, their) = (was.entries.get(name), my.entries.get(name), their.entries.get(name));
            let is = is.entries.get(name);
            let expected = if my == was { their } else { my };
            prop_assert_eq!(is, expected, "{}", name);
            let clash = my != was && their != was && my != their;
            prop_assert_eq!(conflicts.contains(name), clash);
        }
        // whose turn it is makes no difference but for the order, once everything is decided
        let decide = |pick| both.conflicts.iter().map(|name| (name.clone(), pick)).collect();
        let one = merge(&base, (&mine, &theirs), &decide(Pick::Mine));
        let other = merge(&base, (&theirs, &mine), &decide(Pick::Theirs));
        prop_assert_eq!(differences(&sorted(one.document), &sorted(other.document)), Vec::<String>::new());
    }
}
