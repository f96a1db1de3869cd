//! Deciding, operator by operator; and what a grant proves.

mod grants;

use super::*;
use crate::domain::access::fixtures::{at, held, identity, index};
use crate::domain::account::{AccountId, Alias};

const NOW: &str = "2027-03-01T12:00:00Z";

fn rule(when: &str, effect: &str) -> String {
    format!("[[rules]]\nname = \"r\"\nwhen = [{when}]\n{effect}\n")
}

/// Whether a rule with these conditions holds for an identity.
fn holds(when: &str, idp: &str, attributes: &[(&str, &[&str])]) -> bool {
    let index = index(&rule(when, "grant = [\"payments-prod/ReadOnly\"]"));
    !held(&index, &identity(idp, attributes), NOW).is_empty()
}

#[test]
fn values_are_compared_exactly() {
    let when = r#"{ attribute = "groups", is = "payments-eng" }"#;
    assert!(holds(
        when,
        "corp",
        &[("groups", &["x", "payments-eng", "y"])]
    ));
    for value in [
        "Payments-eng",
        "payments-eng ",
        " payments-eng",
        "payments-eng\n",
        "payments-eng,x",
        "payments",
        "",
        "*",
    ] {
        assert!(!holds(when, "corp", &[("groups", &[value])]), "{value:?}");
    }
    assert!(!holds(when, "corp", &[("Groups", &["payments-eng"])]));
    assert!(!holds(when, "corp", &[]));
    let empty = r#"{ attribute = "groups", is = "" }"#;
    assert!(holds(empty, "corp", &[("groups", &[""])]));
    assert!(!holds(empty, "corp", &[("groups", &[])]));
}

#[test]
fn every_operator_asks_what_it_says() {
    let groups = |values: &[&str], when: &str| holds(when, "corp", &[("groups", values)]);
    let one_of = r#"{ attribute = "groups", is_one_of = ["a", "b"] }"#;
    assert!(groups(&["b"], one_of) && !groups(&["c"], one_of));
    let prefix = r#"{ attribute = "groups", starts_with = "aws-" }"#;
    assert!(
        groups(&["x", "aws-y"], prefix)
            && groups(&["aws-"], prefix)
            && !groups(&["xaws-", "aws"], prefix)
    );
    let pattern = r#"{ attribute = "groups", matches = "^aws-[0-9]+$" }"#;
    assert!(groups(&["aws-12"], pattern) && !groups(&["aws-12\n", "aws-", "xaws-1"], pattern));
    let present = r#"{ attribute = "groups", present = true }"#;
    assert!(groups(&[""], present) && !groups(&[], present));
    let absent = r#"{ attribute = "groups", present = false }"#;
    assert!(!groups(&[""], absent) && groups(&[], absent));
    let not = r#"{ not = { attribute = "groups", is = "a" } }"#;
    assert!(groups(&["b"], not) && groups(&[], not) && !groups(&["b", "a"], not));
    let twice = r#"{ not = { not = { attribute = "groups", is = "a" } } }"#;
    assert!(groups(&["a"], twice) && !groups(&["b"], twice));
    assert!(
        holds(r#"{ idp = "corp" }"#, "corp", &[]) && !holds(r#"{ idp = "corp" }"#, "okta", &[])
    );
}

#[test]
fn all_conditions_must_hold_whatever_leads_to_the_rule() {
    let when = r#"{ idp = "corp" }, { attribute = "a", is = "1" }, { attribute = "b", starts_with = "x" },
        { attribute = "c", matches = "^y+$" }, { attribute = "d", present = true }, { not = { attribute = "e", is_one_of = ["1", "2"] } }"#;
    let good: [(&str, &[&str]); 4] = [
        ("a", &["0", "1"]),
        ("b", &["xx"]),
        ("c", &["yy"]),
        ("d", &["z"]),
    ];
    assert!(holds(when, "corp", &good));
    assert!(!holds(when, "okta", &good));
    for left_out in 0..good.len() {
        let mut fewer = good.to_vec();
        fewer.remove(left_out);
        assert!(!holds(when, "corp", &fewer), "{left_out}");
    }
    let mut more = good.to_vec();
    more.push(("e", &["3"]));
    assert!(holds(when, "corp", &more));
    more[4].1 = &["3", "2"];
    assert!(!holds(when, "corp", &more));
}

#[test]
fn selectors_point_at_the_roles_they_say() {
    let roles = |grant: &str| {
        let index = index(&rule(
            r#"{ idp = "corp" }"#,
            &format!("grant = [\"{grant}\"]"),
        ));
        held(&index, &identity("corp", &[]), NOW)
            .iter()
            .map(|text| text.replace(" by r", ""))
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(roles("payments-prod/ReadOnly"), "payments-prod/ReadOnly");
    assert_eq!(
        roles("payments-dev/*"),
        "payments-dev/Admin payments-dev/ReadOnly"
    );
    assert_eq!(
        roles("*/ReadOnly"),
        "gov/ReadOnly payments-dev/ReadOnly payments-prod/ReadOnly"
    );
    assert_eq!(
        roles("environment:production"),
        "payments-prod/Admin payments-prod/ReadOnly"
    );
    assert_eq!(roles("environment:staging"), "");
    assert_eq!(
        roles("label:cost=42"),
        "payments-prod/Admin payments-prod/ReadOnly"
    );
    let all = "gov/ReadOnly payments-dev/Admin payments-dev/ReadOnly payments-prod/Admin payments-prod/ReadOnly";
    assert_eq!(roles("*"), all);
    assert_eq!(roles("*/*"), all);
}

#[test]
fn a_deny_beats_every_grant_wherever_it_stands() {
    let deny = "[[rules]]\nname = \"stay out\"\nwhen = [{ attribute = \"employment\", is = \"contractor\" }]\ndeny = [\"environment:production\"]\n";
    let grant = rule(
        r#"{ attribute = "groups", is = "eng" }"#,
        "grant = [\"payments-prod/*\", \"payments-dev/Admin\"]",
    );
    for text in [format!("{deny}{grant}"), format!("{grant}{deny}")] {
        let index = index(&text);
        let contractor = identity(
            "corp",
            &[("groups", &["eng"]), ("employment", &["contractor"])],
        );
        assert_eq!(held(&index, &contractor, NOW), ["payments-dev/Admin by r"]);
        let staff = identity("corp", &[("groups", &["eng"]), ("employment", &["staff"])]);
        assert_eq!(held(&index, &staff, NOW).len(), 3);
    }
}

#[test]
fn captures_resolve_to_defined_roles_and_nothing_else() {
    let index = index(&rule(
        r#"{ attribute = "groups", matches = "^aws-(?<account>.+)-(?<role>[A-Za-z*/]+)(?<extra>-x)?$" }"#,
        "grant = [\"{account}/{role}\"]",
    ));
    let roles = |groups: &[&str]| held(&index, &identity("corp", &[("groups", groups)]), NOW);
    assert_eq!(
        roles(&[
            "aws-payments-prod-ReadOnly",
            "x",
            "aws-payments-dev-Admin",
            "aws-payments-dev-Nothing"
        ]),
        ["payments-dev/Admin by r", "payments-prod/ReadOnly by r"]
    );
    for group in [
        "aws-*-*",
        "aws-payments-prod-*",
        "aws-payments-prod/ReadOnly-",
        "aws-environment:production-ReadOnly",
        "aws--ReadOnly",
        "aws-{account}-ReadOnly",
        "aws-payments-prod-readonly",
        "AWS-payments-prod-ReadOnly",
        "aws-../payments-prod-ReadOnly",
        "aws-111122223333-ReadOnly",
        "aws-payments-prod-/ReadOnly",
    ] {
        assert!(roles(&[group]).is_empty(), "{group}");
    }
}

#[test]
fn a_group_that_captured_nothing_points_at_nothing() {
    let text = rule(
        r#"{ attribute = "groups", matches = "^(?<account>[a-z-]+)(:(?<suffix>Only))?$" }"#,
        "grant = [\"{account}/Read{suffix}\", \"{account}/ReadOnly{suffix}\"]",
    );
    let index = index(&text.replace("\"{account}/ReadOnly{suffix}\"", "\"payments-dev/Admin\""));
    let roles = |group: &str| held(&index, &identity("corp", &[("groups", &[group])]), NOW);
    assert_eq!(
        roles("payments-prod:Only"),
        ["payments-dev/Admin by r", "payments-prod/ReadOnly by r"]
    );
    assert_eq!(roles("payments-prod"), ["payments-dev/Admin by r"]);
}

#[test]
fn a_captured_side_goes_with_a_star_or_a_name() {
    let pattern = r#"{ attribute = "groups", matches = "^team:(?<account>[a-z-]+)$" }"#;
    let member = identity(
        "corp",
        &[("groups", &["team:payments-dev", "team:nowhere"])],
    );
    let whole = index(&rule(pattern, "grant = [\"{account}/*\"]"));
    assert_eq!(
        held(&whole, &member, NOW),
        ["payments-dev/Admin by r", "payments-dev/ReadOnly by r"]
    );
    let named = index(&rule(pattern, "grant = [\"{account}/Admin\"]"));
    assert_eq!(held(&named, &member, NOW), ["payments-dev/Admin by r"]);
    let pattern = r#"{ attribute = "groups", matches = "^job:(?<role>[A-Za-z]+)$" }"#;
    let everywhere = index(&rule(pattern, "grant = [\"*\"]\ndeny = [\"*/{role}\"]"));
    let member = identity("corp", &[("groups", &["job:ReadOnly"])]);
    assert_eq!(
        held(&everywhere, &member, NOW),
        ["payments-dev/Admin by r", "payments-prod/Admin by r"]
    );
}

#[test]
fn rules_count_from_their_first_moment_to_before_their_last() {
    let index = index(&rule(
        r#"{ attribute = "groups", is = "eng" }"#,
        "grant = [\"gov/ReadOnly\"]\nfrom = 2027-03-01T08:00:00Z\nuntil = 2027-03-31",
    ));
    let eng = identity("corp", &[("groups", &["eng"])]);
    for (moment, counts) in [
        ("2027-03-01T07:59:59Z", false),
        ("2027-03-01T08:00:00Z", true),
        ("2027-03-31T23:59:59Z", true),
        ("2027-04-01T00:00:00Z", false),
    ] {
        assert_eq!(!held(&index, &eng, moment).is_empty(), counts, "{moment}");
    }
}

#[test]
fn the_first_rule_in_the_document_is_named_for_a_role() {
    let rules = r#"
        [[rules]]
        name = "broad"
        when = [{ idp = "corp" }]
        grant = ["payments-dev/*"]
        [[rules]]
        name = "narrow"
        when = [{ attribute = "groups", is = "eng" }]
        grant = ["payments-dev/Admin"]
        [[rules]]
        name = "last"
        when = [{ attribute = "groups", is = "eng" }]
        grant = ["payments-prod/Admin"]
    "#;
    let eng = identity("corp", &[("groups", &["eng"])]);
    assert_eq!(
        held(&index(rules), &eng, NOW),
        [
            "payments-dev/Admin by broad",
            "payments-dev/ReadOnly by broad",
            "payments-prod/Admin by last"
        ]
    );
}

const SCOPED: &str = r#"
[[rules]]
name = "eng"
when = [{ attribute = "groups", is = "eng" }]
grant = ["payments-prod/ReadOnly", "gov/ReadOnly"]
[[scopes]]
name = "read-only"
managed_policies = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
"#;

#[test]
fn accounts_are_found_by_alias_and_by_id() {
    let index = index("");
    let by_alias = index
        .find(&AccountRef::Alias(Alias::parse("gov").unwrap()))
        .unwrap();
    let by_id = index
        .find(&AccountRef::Id(AccountId::parse("777788889999").unwrap()))
        .unwrap();
    assert_eq!(by_alias, by_id);
    assert!(
        index
            .find(&AccountRef::Id(AccountId::parse("000000000000").unwrap()))
            .is_none()
    );
    let names: Vec<String> = index
        .discoverable()
        .map(|role| role.key.to_string())
        .collect();
    assert_eq!(names, ["payments-prod/Admin"]);
}

#[test]
fn the_owner_is_named_to_those_who_may_know_of_the_account() {
    let index = index(SCOPED);
    let ask = |attributes: &[(&str, &[&str])], key: &str| {
        let key = RoleKey::parse(key).unwrap();
        index
            .owner_to_ask(&identity("corp", attributes), &key, at(NOW))
            .map(str::to_owned)
    };
    let owner = Some("payments-leads@example.com".to_owned());
    assert_eq!(ask(&[("groups", &["eng"])], "payments-prod/Nothing"), owner);
    assert_eq!(ask(&[], "payments-prod/Admin"), owner, "discoverable");
    assert_eq!(ask(&[], "payments-prod/ReadOnly"), None);
    assert_eq!(ask(&[], "nowhere/Admin"), None);
}

#[test]
fn attributes_that_no_rule_looks_at_are_told_apart() {
    let index = index(SCOPED);
    assert!(index.looks_at(&identity("corp", &[("groups", &["other"])])));
    assert!(!index.looks_at(&identity("corp", &[("groups", &[]), ("Groups", &["eng"])])));
}

#[test]
fn an_index_is_shared_between_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<AccessIndex>();
}

#[test]
fn deciding_looks_only_at_rules_that_a_value_leads_to() {
    let mut rules = String::new();
    for n in 0..2_000 {
        let when = format!(
            r#"{{ attribute = "groups", is = "g{n}" }}, {{ attribute = "groups", is = "h{n}" }}"#
        );
        let grant = "grant = [\"payments-prod/ReadOnly\"]";
        rules.push_str(&rule(&when, grant).replace("\"r\"", &format!("\"r{n}\"")));
    }
    let index = index(&rules);
    let groups: Vec<String> = (0..500)
        .map(|n| format!("x{n}"))
        .chain(["g7".to_owned(), "h7".to_owned(), "g8".to_owned()])
        .collect();
    let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
    let member = identity("corp", &[("groups", &groups)]);
    assert_eq!(held(&index, &member, NOW), ["payments-prod/ReadOnly by r7"]);
    assert_eq!(index.compiled.worth_a_look(&member), [7, 8]);
}
