//! Impact, against what deciding says of each person.

use std::collections::{BTreeSet, HashMap};

use proptest::prelude::*;

use super::*;
use crate::domain::access::fixtures::{self, ACCOUNTS, at, identity, surroundings};
use crate::domain::access::index::oracle::{NOW, document, person, rule};
use crate::domain::access::{AccessIndex, Document, check};
use crate::domain::identity::Identity;

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
    let mut comparison = Comparison::new(Arc::clone(before), Arc::clone(after), at(NOW));
    for who in people {
        comparison.add(who, || who.display_name.clone());
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
    let found = impact(&index(""), &index(ENGINEERS), &people);
    assert_eq!(found.gains.len(), 3);
    for gain in &found.gains {
        assert_eq!(
            (gain.people.count, gain.people.names.len()),
            (1_000, MOST_NAMES)
        );
    }
    // there are several moments to come
    let after = index(&format!("{ENGINEERS}{OUT}"));
    let later = impact(&index(ENGINEERS), &after, &people).later;
    let [loss, ..] = &later[0].impact.losses[..] else {
        panic!("{later:?}");
    };
    let people = &loss.people;
    assert_eq!(
        (people.count, people.names.len()),
        (1_000, MOST_NAMES_LATER)
    );
    assert_eq!(later[0].impact.left_without.names.len(), MOST_NAMES_LATER);
}

/// Takes everything from everybody, from a moment on.
const OUT: &str = r#"
    [[rules]]
    name = "out"
    when = [{ idp = "corp" }]
    deny = ["*"]
    from = 2027-03-02T08:00:00Z
"#;

#[test]
fn what_a_rule_takes_from_tomorrow_on_is_told_with_its_moment() {
    let after = index(&format!("{ENGINEERS}{OUT}"));
    let people = [member("Ada", &["eng"]), member("Eve", &["x"])];
    let found = impact(&index(ENGINEERS), &after, &people);
    assert!(
        found.is_nothing() && found.left_without.count == 0,
        "{found:?}"
    );
    let [later] = &found.later[..] else {
        panic!("{found:?}");
    };
    assert_eq!(later.moment, at("2027-03-02T08:00:00Z"));
    assert_eq!(later.impact.losses.len(), 3);
    assert_eq!(said(&later.impact.losses)[0], "1 payments-dev/Admin: Ada");
    assert_eq!(later.impact.deserted.len(), 3);
    assert_eq!((later.impact.known, found.most_left_without()), (2, 1));
}

#[test]
fn a_rule_that_ends_sooner_takes_what_it_gave_then() {
    let ends = ENGINEERS.replace("when =", "until = 2027-03-04\nwhen =");
    let people = [member("Ada", &["eng"])];
    let found = impact(&index(ENGINEERS), &index(&ends), &people);
    assert!(found.is_nothing(), "{found:?}");
    let moments: Vec<Timestamp> = found.later.iter().map(|later| later.moment).collect();
    assert_eq!(moments, [at("2027-03-05T00:00:00Z")]);
    // and where it is the other way about, that is when they gain it
    let found = impact(&index(&ends), &index(ENGINEERS), &people);
    assert_eq!(said(&found.later[0].impact.gains).len(), 3);
    // a rule that is taken out takes what it would have given
    let begins = ENGINEERS.replace("when =", "from = 2027-03-04\nwhen =");
    let found = impact(&index(&begins), &index(""), &people);
    assert!(found.is_nothing(), "{found:?}");
    assert_eq!(said(&found.later[0].impact.losses).len(), 3);
}

#[test]
fn rules_that_begin_and_end_alike_in_both_need_no_mention() {
    let timed = format!("{ENGINEERS}{OUT}");
    let more = "[[rules]]\nname = \"more\"\nwhen = [{ attribute = \"groups\", is = \"x\" }]\n\
                grant = [\"gov/ReadOnly\"]\n";
    let after = index(&format!("{timed}{more}"));
    let people = [member("Ada", &["eng"]), member("Eve", &["y"])];
    let found = impact(&index(&timed), &after, &people);
    assert!(found.is_nothing() && found.later.is_empty(), "{found:?}");
    // but what somebody gains now and does not keep is told
    let found = impact(&index(&timed), &after, &[member("Bob", &["x"])]);
    assert_eq!(said(&found.gains), ["1 gov/ReadOnly: Bob"]);
    let [later] = &found.later[..] else {
        panic!("{found:?}");
    };
    assert!(later.impact.is_nothing(), "{found:?}");
}

#[test]
fn what_another_rule_covers_until_it_ends_is_lost_then() {
    let covers = ENGINEERS.replace("\"eng\"\n", "\"covers\"\n    until = 2027-03-04\n");
    let before = index(&format!("{ENGINEERS}{covers}"));
    let people: Vec<Identity> = (0..3)
        .map(|at| member(&format!("p{at}"), &["eng"]))
        .collect();
    let found = impact(&before, &index(&covers), &people);
    assert!(found.is_nothing(), "{found:?}");
    assert_eq!(found.later.len(), 1);
    assert_eq!(found.most_left_without(), 3);
}

#[test]
fn of_many_moments_the_first_are_asked_and_the_others_counted() {
    let rules = |count: usize| -> String {
        let rule = |day: usize| {
            format!(
                "[[rules]]\nname = \"day {day:02}\"\nfrom = 2027-05-{day:02}\nuntil = 2027-05-{day:02}\n\
                 when = [{{ idp = \"corp\" }}]\ngrant = [\"gov/ReadOnly\"]\n"
            )
        };
        (1..=count).map(|day| rule(day * 2)).collect()
    };
    let people = [member("Ada", &["eng"])];
    let found = impact(&index(""), &index(&rules(14)), &people);
    assert_eq!((found.later.len(), found.more_moments), (8, 20));
    assert_eq!(found.later[0].moment, at("2027-05-02T00:00:00Z"));
    assert_eq!(found.later[7].moment, at("2027-05-09T00:00:00Z"));
    let found = impact(&index(""), &index(&rules(4)), &people);
    assert_eq!((found.later.len(), found.more_moments), (8, 0));
}

#[test]
fn production_for_everybody_is_seen_in_the_people_of_a_moment_to_come() {
    let rule = "[[rules]]\nname = \"soon\"\nfrom = 2027-03-04\n\
                when = [{ attribute = \"groups\", present = true }]\ngrant = [\"payments-prod/Admin\"]\n";
    let people: Vec<Identity> = (0..6).map(|at| member(&format!("p{at}"), &["x"])).collect();
    let found = impact(&index(""), &index(rule), &people);
    assert!(found.is_nothing());
    assert_eq!(keys(&found.to_everybody), ["payments-prod/Admin"]);
    let found = impact(&index(rule), &index(rule), &people);
    assert_eq!(keys(&found.to_everybody), Vec::<String>::new());
}

fn compiled(rules: Vec<crate::domain::access::RuleEntry>) -> Option<Arc<AccessIndex>> {
    let mut document = document(rules);
    for (at, rule) in document.rules.iter_mut().enumerate() {
        rule.name = format!("rule {at}");
    }
    let model = check(&document, &surroundings()).ok()?;
    Some(Arc::new(AccessIndex::new(Arc::new(model), 1)))
}

fn held(index: &AccessIndex, who: &Identity, now: Timestamp) -> BTreeSet<String> {
    let held = index.held(who, now);
    held.iter().map(|held| held.role.key.to_string()).collect()
}

/// What an impact says of a moment.
fn said_at(found: &Impact, moment: Timestamp) -> &Impact {
    let mut later = found.later.iter().rev();
    later
        .find(|later| later.moment <= moment)
        .map_or(found, |later| &later.impact)
}

/// The moments to come at which a rule begins or ends.
fn to_come(index: &AccessIndex) -> impl Iterator<Item = Timestamp> {
    let rules = index.model().rules().iter();
    let moments = rules.flat_map(|rule| [rule.from, rule.until]).flatten();
    moments.filter(|moment| *moment > at(NOW))
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
        let moments: BTreeSet<Timestamp> = to_come(&before).chain(to_come(&after)).collect();
        for moment in std::iter::once(at(NOW)).chain(moments) {
            let found = said_at(&found, moment);
            let mut gains: HashMap<String, usize> = HashMap::new();
            let mut losses: HashMap<String, usize> = HashMap::new();
            let mut without = 0;
            for who in &people {
                let (old, new) = (held(&before, who, moment), held(&after, who, moment));
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
}
