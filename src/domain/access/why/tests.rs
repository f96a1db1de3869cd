//! Explanations by example: what is found, and what of it the person is told.

use crate::domain::access::AccessIndex;
use crate::domain::access::fixtures::{at, identity, index};
use crate::domain::identity::Identity;
use crate::domain::role::RoleKey;

use super::{Told, Verdict, Wanted, Way, Why};

const NOW: &str = "2027-03-01T12:00:00Z";

fn why<'a>(index: &'a AccessIndex, who: &'a Identity, key: &str) -> Why<'a> {
    let key = RoleKey::parse(key).unwrap();
    index.why(who, &key, at(NOW)).expect("there is such a role")
}

fn told(index: &AccessIndex, who: &Identity, key: &str) -> Option<Told> {
    why(index, who, key).told()
}

/// Each thing that a way asks for, as `claim holds own wanted`.
fn lines(way: &Way) -> Vec<String> {
    let line = |said: &super::Said| {
        let not = if said.negated { "not " } else { "" };
        let wanted = &said.wanted;
        format!(
            "{not}{:?} {} {:?} {:?} {wanted:?}",
            said.claim, said.holds, said.own, said.captured
        )
    };
    way.asks.iter().map(line).collect()
}

/// `payments-prod/Admin` is discoverable, `payments-prod/ReadOnly` is not.
const RULES: &str = r#"
    [[rules]]
    name = "one of several"
    when = [
        { idp = "corp" },
        { attribute = "groups", is_one_of = ["payments-eng", "acquisition-canary"] },
        { not = { attribute = "employment", is = "employment-canary" } },
    ]
    grant = ["payments-prod/ReadOnly", "payments-prod/Admin", "gov/ReadOnly"]

    [[rules]]
    name = "name-canary"
    when = [{ attribute = "groups", is = "other-canary" }]
    grant = ["payments-prod/*"]

    [[rules]]
    name = "at large"
    when = [{ attribute = "groups", is = "glass-canary" }]
    grant = ["*"]

    [[rules]]
    name = "deny-canary"
    when = [{ attribute = "team", is_one_of = ["red", "blue-canary"] }]
    deny = ["environment:production"]
"#;

#[test]
fn a_role_held_is_told_by_the_persons_own_values_and_nothing_else() {
    let index = index(RULES);
    let who = identity("corp", &[("groups", &["x", "payments-eng"])]);
    for key in ["payments-prod/ReadOnly", "payments-prod/Admin"] {
        let told = told(&index, &who, key).unwrap();
        assert_eq!(
            (told.verdict, told.ways.len(), told.more),
            (Verdict::Held, 1, 0)
        );
        assert_eq!(told.ways[0].rule.as_deref(), Some("one of several"));
        assert_eq!(
            lines(&told.ways[0]),
            [
                "Idp true [\"corp\"] [] None",
                "Attribute(\"groups\") true [\"payments-eng\"] [] None",
                "not Attribute(\"employment\") true [] [] None",
            ]
        );
        assert!(told.taken.is_empty());
        let all = format!("{told:?}");
        assert!(!all.contains("canary") && !all.contains("gov"), "{all}");
    }
}

#[test]
fn what_is_neither_held_nor_discoverable_is_told_nothing_of() {
    let index = index(RULES);
    for attributes in [
        &[][..],
        &[("groups", &["x"][..])],
        // given, and taken away
        &[("groups", &["payments-eng"]), ("team", &["red"])],
        // taken away, and not given
        &[("team", &["red"])],
    ] {
        let who = identity("corp", attributes);
        assert_eq!(
            told(&index, &who, "payments-prod/ReadOnly"),
            None,
            "{attributes:?}"
        );
    }
    let nowhere = RoleKey::parse("payments-prod/Nothing").unwrap();
    assert!(
        index
            .why(&identity("corp", &[]), &nowhere, at(NOW))
            .is_none()
    );
}

#[test]
fn a_discoverable_role_tells_what_it_wants_and_what_of_it_one_has() {
    let index = index(RULES);
    let who = identity("okta", &[("groups", &["x"]), ("employment", &["staff"])]);
    let told = told(&index, &who, "payments-prod/Admin").unwrap();
    assert_eq!(told.verdict, Verdict::NotGiven);
    assert_eq!(told.ways.len(), 2, "rules at large are not told: {told:?}");
    // what is nearer comes first
    assert_eq!(
        lines(&told.ways[0]),
        ["Attribute(\"groups\") false [\"x\"] [] Some(OneOf([\"other-canary\"], 0))"]
    );
    assert_eq!(
        lines(&told.ways[1]),
        [
            "Idp false [\"okta\"] [] Some(OneOf([\"corp\"], 0))",
            "Attribute(\"groups\") false [\"x\"] [] Some(OneOf([\"payments-eng\", \"acquisition-canary\"], 0))",
            "not Attribute(\"employment\") true [\"staff\"] [] Some(OneOf([\"employment-canary\"], 0))",
        ]
    );
    let all = format!("{told:?}");
    for hidden in ["name-canary", "glass-canary", "deny-canary", "gov"] {
        assert!(!all.contains(hidden), "{hidden}: {all}");
    }
}

#[test]
fn that_a_discoverable_role_is_taken_away_is_told_to_whom_it_is_given_otherwise() {
    let index = index(RULES);
    let who = identity(
        "corp",
        &[("groups", &["payments-eng"]), ("team", &["red", "green"])],
    );
    let told_of = told(&index, &who, "payments-prod/Admin").unwrap();
    assert_eq!(told_of.verdict, Verdict::TakenAway);
    let taken: Vec<_> = told_of.taken.iter().flatten().collect();
    assert_eq!((taken.len(), &*taken[0].own), (1, &["red".to_owned()][..]));
    let all = format!("{told_of:?}");
    assert!(!all.contains("canary"), "{all}");
    // whoever is not given it is not told that it would be taken away
    let who = identity("corp", &[("team", &["red"])]);
    let told_of = told(&index, &who, "payments-prod/Admin").unwrap();
    assert_eq!(told_of.verdict, Verdict::NotGiven);
    assert!(told_of.taken.is_empty());
}

/// Two roles that values spell, and one by a pattern that is not plain.
fn spelling(pattern: &str) -> AccessIndex {
    index(&format!(
        r#"
        [[rules]]
        name = "spelled"
        when = [{{ attribute = "groups", matches = '{pattern}' }}]
        grant = ["{{account}}/{{role}}"]
        "#
    ))
}

const PLAIN: &str = "^aws-(?<account>[a-z-]+)-(?<role>[A-Za-z]+)$";

#[test]
fn a_value_that_spells_a_role_is_told_with_what_was_captured() {
    let index = spelling(PLAIN);
    let own = "aws-payments-prod-ReadOnly";
    let who = identity("corp", &[("groups", &["aws-gov-Nothing", own])]);
    let told = told(&index, &who, "payments-prod/ReadOnly").unwrap();
    assert_eq!(told.ways[0].asks.len(), 1);
    let said = &told.ways[0].asks[0];
    assert_eq!(said.own, [own]);
    assert_eq!(
        said.captured,
        [("account", "payments-prod"), ("role", "ReadOnly")]
            .map(|(group, text)| (group.to_owned(), text.to_owned()))
    );
    assert!(!format!("{told:?}").contains("[a-z-]+"), "{told:?}");
}

#[test]
fn a_discoverable_role_that_values_spell_tells_such_a_value_and_never_the_pattern() {
    let who = identity("corp", &[("groups", &["aws-payments-prod-ReadOnly"])]);
    for (pattern, example) in [
        (PLAIN, Some("aws-payments-prod-Admin")),
        (
            "^(?<account>payments-prod|canary)/(?P<role>.+)$",
            Some("payments-prod/Admin"),
        ),
        ("^(aws|canary)-(?<account>[a-z-]+)-(?<role>.+)$", None),
        ("^aws.(?<account>[a-z-]+)-(?<role>.+)$", None),
        ("^aws-(?<account>[a-z-]+)-(?<role>R.+|canary)$", None),
        ("(?<account>[a-z-]+)/(?<role>.+)", None),
    ] {
        let index = spelling(pattern);
        let told = told(&index, &who, "payments-prod/Admin").unwrap();
        assert_eq!(told.ways.len(), 1, "{pattern}");
        let said = &told.ways[0].asks;
        assert_eq!((said.len(), said[0].holds), (1, false), "{pattern}");
        let wanted = Wanted::Spelling(example.map(str::to_owned));
        assert_eq!(said[0].wanted, Some(wanted), "{pattern}");
        let all = format!("{told:?}");
        assert!(
            !all.contains("canary") && !all.contains("(?"),
            "{pattern}: {all}"
        );
    }
}

#[test]
fn a_second_pattern_that_could_spell_the_role_is_a_condition_like_any_other() {
    let index = index(
        r#"
        [[rules]]
        name = "both lists"
        when = [
            { attribute = "groups", matches = "^aws-(?<account>[a-z-]+)-(?<role>[A-Za-z]+)$" },
            { not = { not = { attribute = "roster", matches = "^(?<account>[a-z-]+|canary)/(?<role>[A-Za-z]+)$" } } },
        ]
        grant = ["{account}/{role}"]
        "#,
    );
    let spelled = ("groups", &["aws-payments-prod-Admin"][..]);
    let who = identity("corp", &[spelled, ("roster", &["payments-prod/Admin"])]);
    let held = told(&index, &who, "payments-prod/Admin").unwrap();
    assert_eq!(held.verdict, Verdict::Held);
    let own = |way: &Way| -> Vec<_> { way.asks.iter().map(|said| said.own.clone()).collect() };
    assert_eq!(
        own(&held.ways[0]),
        [["aws-payments-prod-Admin"], ["payments-prod/Admin"]]
    );
    // what is missing of it is told, and its pattern is not
    let who = identity("corp", &[spelled]);
    let missing = told(&index, &who, "payments-prod/Admin").unwrap();
    assert_eq!(missing.verdict, Verdict::NotGiven);
    let holds = missing.ways[0].asks.iter().map(|said| said.holds);
    assert_eq!(holds.collect::<Vec<_>>(), [true, false]);
    assert!(!format!("{missing:?}").contains("canary"));
}

#[test]
fn times_are_told_and_what_is_over_only_to_whom_it_was_given() {
    let index = index(
        r#"
        [[rules]]
        name = "soon"
        when = [{ attribute = "groups", is = "a" }]
        grant = ["payments-prod/Admin", "payments-prod/ReadOnly"]
        from = "2027-03-02"
        [[rules]]
        name = "once"
        when = [{ attribute = "groups", is = "b" }]
        grant = ["payments-prod/Admin", "payments-prod/ReadOnly"]
        until = "2027-02-01"
        "#,
    );
    let times = |groups: &[&str]| {
        let who = identity("corp", &[("groups", groups)]);
        assert_eq!(told(&index, &who, "payments-prod/ReadOnly"), None);
        let told = told(&index, &who, "payments-prod/Admin").unwrap();
        assert_eq!(told.verdict, Verdict::NotGiven);
        let way = |way: &Way| (way.time, way.missing(), way.until);
        told.ways.iter().map(way).collect::<Vec<_>>()
    };
    let over = Some(at("2027-02-02T00:00:00Z"));
    assert_eq!(times(&["a"]), [(super::Time::NotYet, 0, None)]);
    assert_eq!(times(&[]), [(super::Time::NotYet, 1, None)]);
    assert_eq!(
        times(&["b"]),
        [(super::Time::Over, 0, over), (super::Time::NotYet, 1, None)]
    );
}

#[test]
fn administrators_see_every_rule_and_which_condition_fails() {
    let index = index(RULES);
    let who = identity("corp", &[("groups", &["payments-eng"]), ("team", &["red"])]);
    let why = why(&index, &who, "payments-prod/ReadOnly");
    assert_eq!(why.verdict(), Verdict::TakenAway);
    let names = |readings: &[super::Reading<'_>]| {
        let line = |reading: &super::Reading<'_>| {
            format!("{} lacks {}", reading.rule.name, reading.missing())
        };
        readings.iter().map(line).collect::<Vec<_>>()
    };
    assert_eq!(
        names(&why.gives),
        [
            "one of several lacks 0",
            "name-canary lacks 1",
            "at large lacks 1"
        ]
    );
    assert_eq!(names(&why.takes), ["deny-canary lacks 0"]);
}
