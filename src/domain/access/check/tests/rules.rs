//! Rules, and what they have to do with roles.

use super::only_problem;
use crate::domain::access::fixtures::{document, surroundings};
use crate::domain::access::{UseKind, check};
use crate::domain::account::Alias;
use crate::domain::role::RoleKey;

#[test]
fn rules_are_checked() {
    let when = r#"when = [{ attribute = "g", is = "x" }]"#;
    let grant = r#"grant = ["gov/ReadOnly"]"#;
    let rows: Vec<(String, &str)> = vec![
        (grant.to_owned(), "rules[0].when: a rule needs at least one condition"),
        (when.to_owned(), "rules[0]: a rule needs a grant or a deny"),
        (format!("{when}\ngrant = [\"gov/Nothing\"]"), "rules[0].grant[0]: points at no role of this document: gov/Nothing"),
        (format!("{when}\ngrant = [\"gov/ReadOnly\", \"nowhere/*\"]"), "rules[0].grant[1]: points at no role"),
        (format!("{when}\ndeny = [\"*/Nothing\"]"), "rules[0].deny[0]: points at no role"),
        (format!("{when}\ndeny = [\"label:team=paymentz\"]"), "rules[0].deny[0]: points at no role"),
        (format!("{when}\ndeny = [\"environment:prod\"]"), "rules[0].deny[0]: not one of"),
        (format!("{when}\ngrant = [\"gov\"]"), "rules[0].grant[0]: not one of"),
        (format!("{when}\ngrant = [\"{{account}}/ReadOnly\"]"), "rules[0].grant[0]: no pattern of this rule has a group \"account\""),
        (format!("{when}\n{grant}\nfrom = \"tomorrow\""), "rules[0].from: is a date"),
        (format!("{when}\n{grant}\nfrom = 2027-01-01T00:00:00"), "rules[0].from: is a date"),
        (format!("{when}\n{grant}\nfrom = 2027-01-02\nuntil = 2027-01-01"), "rules[0].until: is not after from"),
        (format!("when = [{{}}]\n{grant}"), "rules[0].when[0]: a condition is idp"),
        (format!("when = [{{ attribute = \"g\" }}]\n{grant}"), "rules[0].when[0]: a condition is idp"),
        (format!("when = [{{ is = \"x\" }}]\n{grant}"), "rules[0].when[0]: a condition is idp"),
        (format!("when = [{{ attribute = \"g\", is = \"x\", starts_with = \"x\" }}]\n{grant}"), "rules[0].when[0]: a condition is idp"),
        (format!("when = [{{ idp = \"corp\", attribute = \"g\", is = \"x\" }}]\n{grant}"), "rules[0].when[0]: a condition is idp"),
        (format!("when = [{{ idp = \"none\" }}]\n{grant}"), "rules[0].when[0].idp: no identity provider"),
        (format!("when = [{{ attribute = \"g\", is_one_of = [] }}]\n{grant}"), "rules[0].when[0].is_one_of: needs at least one value"),
        (format!("when = [{{ attribute = \"g\", starts_with = \"\" }}]\n{grant}"), "rules[0].when[0].starts_with: needs at least one value"),
        (format!("when = [{{ not = {{ attribute = \"g\", matches = \"(\" }} }}]\n{grant}"), "rules[0].when[0].not.matches: the pattern does not compile"),
        (format!("when = [{{ attribute = \"g\", matches = \"(a{{1000}}){{1000}}\" }}]\n{grant}"), "rules[0].when[0].matches: the pattern does not compile"),
        (format!("when = [{{ attribute = \"g\", matches = \"{}\" }}]\n{grant}", "a".repeat(1_025)), "rules[0].when[0].matches: a pattern has 1 to 1,024"),
        ("when = [{ not = { attribute = \"g\", matches = \"(?<role>a)\" } }]\ngrant = [\"gov/{role}\"]".to_owned(), "rules[0].grant[0]: no pattern of this rule has a group"),
        (
            "when = [{ attribute = \"g\", matches = \"(?<role>a)\" }, { attribute = \"h\", matches = \"(?<account>a)\" }]\ngrant = [\"{account}/{role}\"]".to_owned(),
            "rules[0].grant[0]: the groups of {account}/{role} come from several patterns",
        ),
    ];
    for (lines, expected) in rows {
        let found = only_problem(&format!("[[rules]]\nname = \"r\"\n{lines}\n"));
        assert!(
            found.contains(expected),
            "{lines}\nexpected {expected}\nfound {found}"
        );
    }
    let rule = format!("[[rules]]\nname = \"r\"\n{when}\n{grant}\n");
    assert!(
        only_problem(&format!("{rule}{rule}"))
            .contains("rules[1].name: is the same as rules[0].name")
    );
    let deep = format!(
        "{}{{ idp = \"corp\" }}{}",
        "{ not = ".repeat(10),
        " }".repeat(10)
    );
    let found = only_problem(&format!(
        "[[rules]]\nname = \"r\"\nwhen = [{deep}]\n{grant}\n"
    ));
    assert!(
        found.contains("conditions are nested too deeply"),
        "{found}"
    );
}

#[test]
fn used_by_names_the_rules_of_a_role() {
    let rules = r#"
        [[rules]]
        name = "all of dev"
        when = [{ idp = "corp" }]
        grant = ["environment:development"]
        [[rules]]
        name = "spelled"
        when = [{ attribute = "g", matches = "^(?<role>.*)$" }]
        grant = ["payments-dev/{role}", "gov/*"]
        deny = ["payments-prod/{role}"]
        [[rules]]
        name = "never"
        when = [{ idp = "okta" }]
        deny = ["payments-dev/Admin"]
    "#;
    let model = check(&document(rules), &surroundings()).unwrap();
    let used = |key: &str| -> Vec<(String, UseKind)> {
        let uses = model.used_by(&RoleKey::parse(key).unwrap());
        uses.iter()
            .map(|found| (found.rule.name.clone(), found.kind))
            .collect()
    };
    assert_eq!(
        used("payments-dev/Admin"),
        [
            ("all of dev".to_owned(), UseKind::Grants),
            ("spelled".to_owned(), UseKind::MayGrant),
            ("never".to_owned(), UseKind::Denies)
        ]
    );
    assert_eq!(
        used("payments-prod/Admin"),
        [("spelled".to_owned(), UseKind::MayDeny)]
    );
    assert_eq!(
        used("gov/ReadOnly"),
        [("spelled".to_owned(), UseKind::Grants)]
    );
    assert!(used("nowhere/Admin").is_empty());
    let alias = Alias::parse("payments-dev").unwrap();
    assert_eq!(model.roles_of(&alias).len(), 2);
}

#[test]
fn what_is_longer_than_it_may_be_is_refused_before_anything_else_is_looked_at() {
    use crate::domain::access::check_sizes;

    let when = r#"{ attribute = "g", is = "x" }"#;
    let rule = |when: &str, grant: &str| {
        document(&format!(
            "[[rules]]\nname = \"r\"\nwhen = [{when}]\ngrant = [{grant}]\n"
        ))
    };
    let values = format!(
        "{{ not = {{ attribute = \"g\", is_one_of = [{}] }} }}",
        "\"x\",".repeat(10_001)
    );
    for (document, expected) in [
        (
            rule(&format!("{when},").repeat(51), "\"*\""),
            "rules[0]: at most 50 conditions, and there are 51",
        ),
        (
            rule(when, &"\"*\",".repeat(1_001)),
            "rules[0]: at most 1000 grants, and there are 1001",
        ),
        (
            rule(&values, "\"*\""),
            "rules[0].when[0].not.is_one_of: at most 10000 values, and there are 10001",
        ),
    ] {
        let found = check_sizes(&document).unwrap_err();
        assert_eq!(found.to_string(), expected);
        assert_eq!(check(&document, &surroundings()).unwrap_err(), found);
    }
    let most = rule(&format!("{when},").repeat(50), &"\"*\",".repeat(1_000));
    assert_eq!(check_sizes(&most), Ok(()));
}
