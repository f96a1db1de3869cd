//! Impact, against what deciding says of each person.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::domain::access::fixtures::{self, ACCOUNTS, at, identity, surroundings};
use crate::domain::access::index::oracle::{NOW, document, person, rule};
use crate::domain::access::{Document, check};

const ENGINEERS: &str = r#"
    [[rules]]
    name = "eng"
    when = [{ attribute = "groups", is = "eng" }]
    grant = ["payments-prod/ReadOnly", "payments-dev/*"]
"#;

fn index(rules: &str) -> Arc<AccessIndex> {
    Arc::new(fixtures::index(rules))
}

fn whole(text: &str) -> Arc<AccessIndex> {
    let document = Document::from_toml(text).unwrap();
    let model = check(&document, &surroundings()).unwrap_or_else(|problems| panic!("{problems}"));
    Arc::new(AccessIndex::new(Arc::new(model), 1))
}

fn member(name: &str, groups: &[&str]) -> Identity {
    let mut who = identity("corp", &[("groups", groups)]);
    who.display_name = name.to_owned();
    who
}

fn impact(before: &Arc<AccessIndex>, after: &Arc<AccessIndex>, people: &[Identity]) -> Impact {
    let mut comparison = Comparison::new(Arc::clone(before), Arc::clone(after));
    for who in people {
        comparison.add(who, || who.display_name.clone(), at(NOW));
    }
    comparison.finish()
}

fn said(roles: &[RoleImpact]) -> Vec<String> {
    let line = |role: &RoleImpact| {
        let names: Vec<&str> = role.people.names.iter().map(AsRef::as_ref).collect();
        format!("{} {}: {}", role.people.count, role.role, names.join(", "))
    };
    roles.iter().map(line).collect()
}

fn keys(keys: &[RoleKey]) -> Vec<String> {
    keys.iter().map(ToString::to_string).collect()
}

#[test]
fn gains_and_losses_are_told_role_by_role_with_names() {
    let before = index(ENGINEERS);
    let after = index(&ENGINEERS.replace("payments-prod/ReadOnly", "payments-prod/Admin"));
    let people = [
        member("Ada", &["eng"]),
        member("Bob", &["eng", "x"]),
        member("Eve", &["x"]),
    ];
    let impact = impact(&before, &after, &people);
    assert_eq!(impact.known, 3);
    assert_eq!(said(&impact.gains), ["2 payments-prod/Admin: Ada, Bob"]);
    assert_eq!(said(&impact.losses), ["2 payments-prod/ReadOnly: Ada, Bob"]);
    assert!(impact.gains[0].production);
    assert_eq!(impact.left_without.count, 0);
    assert_eq!(keys(&impact.deserted), ["payments-prod/ReadOnly"]);
    assert_eq!(keys(&impact.to_everybody), Vec::<String>::new());
}

#[test]
fn whoever_is_left_with_nothing_is_told() {
    let before = index(ENGINEERS);
    let after = index(&ENGINEERS.replace("\"eng\" }]", "\"engineers\" }]"));
    let people = [member("Ada", &["eng"]), member("Eve", &["engineers"])];
    let impact = impact(&before, &after, &people);
    assert_eq!(impact.left_without.count, 1);
    assert_eq!(&*impact.left_without.names[0], "Ada");
    assert_eq!(impact.gains.len(), 3);
}

#[test]
fn a_role_whose_account_got_another_alias_is_neither_gained_nor_lost() {
    let text = format!("{ACCOUNTS}{ENGINEERS}");
    let renamed = text.replace("payments-prod", "pay-prod");
    let impact = impact(&whole(&text), &whole(&renamed), &[member("Ada", &["eng"])]);
    assert!(impact.is_nothing(), "{impact:?}");
    assert_eq!(keys(&impact.deserted), Vec::<String>::new());
}

#[test]
fn production_for_everybody_is_seen_in_the_rules_and_in_the_people() {
    let everybody = r#"
        [[rules]]
        name = "all"
        when = [{ idp = "corp" }]
        grant = ["*/ReadOnly"]
    "#;
    let before = index(ENGINEERS);
    let found = impact(&before, &index(&format!("{ENGINEERS}{everybody}")), &[]);
    // a role that is no production one is no matter
    assert_eq!(keys(&found.to_everybody), ["payments-prod/ReadOnly"]);
    // what was given to everybody before is nothing new
    let already = index(everybody);
    assert_eq!(impact(&already, &already, &[]).to_everybody, []);

    let present = everybody.replace(
        "{ idp = \"corp\" }",
        "{ attribute = \"groups\", present = true }",
    );
    let people: Vec<Identity> = (0..6).map(|at| member(&format!("p{at}"), &["x"])).collect();
    let after = index(&present);
    let nobody = index("");
    assert_eq!(
        keys(&impact(&nobody, &after, &people).to_everybody),
        ["payments-prod/ReadOnly"]
    );
    assert_eq!(impact(&nobody, &after, &people[..4]).to_everybody, []);
    let mut but_one = people.clone();
    but_one[0].attributes.clear();
    assert_eq!(impact(&nobody, &after, &but_one).to_everybody, []);
}

#[test]
fn what_everybody_has_is_seen_when_its_account_becomes_a_production_one() {
    let granting = |when: &str| {
        format!(
            "{ACCOUNTS}[[rules]]\nname = \"all\"\nwhen = [{when}]\ngrant = [\"payments-dev/*\"]\n"
        )
    };
    let people: Vec<Identity> = (0..6).map(|at| member(&format!("p{at}"), &["x"])).collect();
    for when in [
        "{ idp = \"corp\" }",
        "{ attribute = \"groups\", is = \"x\" }",
    ] {
        let before = granting(when);
        let after = before.replace("\"development\"", "\"production\"");
        let found = impact(&whole(&before), &whole(&after), &people);
        assert!(found.is_nothing(), "{found:?}");
        let expected: Vec<String> = index("")
            .model()
            .roles()
            .iter()
            .map(|role| role.key.to_string())
            .filter(|key| key.starts_with("payments-dev/"))
            .collect();
        assert!(!expected.is_empty());
        assert_eq!(keys(&found.to_everybody), expected, "{when}");
        let again = impact(&whole(&after), &whole(&after), &people);
        assert_eq!(keys(&again.to_everybody), Vec::<String>::new());
    }
}

#[test]
fn of_many_people_the_first_are_named_and_all_are_counted() {
    let people: Vec<Identity> = (0..1_000)
        .map(|at| member(&format!("p{at}"), &["eng"]))
        .collect();
    let impact = impact(&index(""), &index(ENGINEERS), &people);
    assert_eq!(impact.gains.len(), 3);
    for gain in &impact.gains {
        assert_eq!(
            (gain.people.count, gain.people.names.len()),
            (1_000, MOST_NAMES)
        );
    }
}

fn compiled(rules: Vec<crate::domain::access::RuleEntry>) -> Option<Arc<AccessIndex>> {
    let mut document = document(rules);
    for (at, rule) in document.rules.iter_mut().enumerate() {
        rule.name = format!("rule {at}");
    }
    let model = check(&document, &surroundings()).ok()?;
    Some(Arc::new(AccessIndex::new(Arc::new(model), 1)))
}

fn held(index: &AccessIndex, who: &Identity) -> BTreeSet<String> {
    let held = index.held(who, at(NOW));
    held.iter().map(|held| held.role.key.to_string()).collect()
}

proptest! {
    #[test]
    fn counts_are_those_of_deciding_person_by_person(
        before in prop::collection::vec(rule(), 0..6),
        after in prop::collection::vec(rule(), 0..6),
        people in prop::collection::vec(person(), 0..8),
    ) {
        let (Some(before), Some(after)) = (compiled(before), compiled(after)) else {
            return Ok(());
        };
        let found = impact(&before, &after, &people);
        let mut gains: HashMap<String, usize> = HashMap::new();
        let mut losses: HashMap<String, usize> = HashMap::new();
        let mut without = 0;
        for who in &people {
            let (old, new) = (held(&before, who), held(&after, who));
            for role in new.difference(&old) {
                *gains.entry(role.clone()).or_default() += 1;
            }
            for role in old.difference(&new) {
                *losses.entry(role.clone()).or_default() += 1;
            }
            without += usize::from(new.is_empty() && !old.is_empty());
        }
        let counts = |roles: &[RoleImpact]| -> HashMap<String, usize> {
            roles.iter().map(|role| (role.role.to_string(), role.people.count)).collect()
        };
        prop_assert_eq!(counts(&found.gains), gains);
        prop_assert_eq!(counts(&found.losses), losses);
        prop_assert_eq!(found.left_without.count, without);
    }
}
