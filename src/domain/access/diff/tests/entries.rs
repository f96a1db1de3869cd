//! What comes and goes says what it is, and nothing of it is hidden.

use super::{RULES, document, told};

#[test]
fn what_comes_and_goes_says_what_it_is() {
    let before = document("");
    let after = document(
        r#"
        [[rules]]
        name = "contractors stay out"
        when = [{ attribute = "employment", is = "contractor" }, { not = { idp = "okta" } }]
        deny = ["environment:production"]
        from = "2027-01-01"
        [[rules]]
        name = "open"
        when = [
            { idp = "corp" }, { attribute = "groups", is_one_of = ["a", "b"] },
            { attribute = "groups", starts_with = "aws-" }, { attribute = "groups", matches = "^a" },
            { attribute = "mail", present = true }, { attribute = "left", present = false },
        ]
        grant = ["payments-prod/Admin", "gov/*"]
        until = "2027-02-01"
        [[scopes]]
        name = "small"
        session_policy = "{}"
        managed_policies = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
        "#,
    );
    let open = "when signed in by corp and groups is one of \"a\", \"b\" and groups begins with \"aws-\" and groups matches ^a \
                and mail is present and left is not present";
    let out = "when employment is \"contractor\" and not: signed in by okta";
    let small = "session policy {}; managed policies arn:aws:iam::aws:policy/ReadOnlyAccess";
    assert_eq!(
        told(&before, &after),
        [
            format!(
                "rule contractors stay out: added: {out}; takes away environment:production; from 2027-01-01"
            ),
            format!("rule open: added: {open}; gives payments-prod/Admin, gov/*; until 2027-02-01"),
            format!("scope small: added: {small}"),
        ]
    );
    assert_eq!(
        told(&after, &before),
        [
            format!(
                "rule contractors stay out: removed: {out}; took away environment:production; from 2027-01-01"
            ),
            format!(
                "rule open: removed: {open}; gave payments-prod/Admin, gov/*; until 2027-02-01"
            ),
            format!("scope small: removed: {small}"),
        ]
    );
}

#[test]
fn a_new_role_says_by_which_way_and_with_which_power() {
    let before = document("");
    let mut after = before.clone();
    let mut role = after.roles[3].clone();
    role.name = "New".to_owned();
    role.path = Some("/team/".to_owned());
    role.managed_policies = vec!["arn:aws:iam::aws:policy/AdministratorAccess".to_owned()];
    role.session_policy = Some("{\"Statement\":[]}".to_owned());
    role.requires = Some(crate::domain::access::RequiresEntry {
        reason: true,
        ..Default::default()
    });
    after.roles.push(role);
    assert_eq!(
        told(&before, &after),
        [
            "role payments-dev/New: added: AssumeRoleWithSAML (forwarded); path /team/; proof of corp; \
          session policy {\"Statement\":[]}; managed policies arn:aws:iam::aws:policy/AdministratorAccess; \
          requires {\"reason\":true}"
        ]
    );
}

#[test]
fn nothing_that_a_new_rule_gives_or_takes_is_left_out() {
    let mut after = document(RULES);
    let mut rule = after.rules[0].clone();
    rule.name = "wide".to_owned();
    rule.grant = (0..1_000).map(|at| format!("account-{at}/Role")).collect();
    rule.deny = (0..1_000)
        .map(|at| format!("{}-{at}/Role", "d".repeat(150)))
        .collect();
    rule.when[0].is = None;
    rule.when[0].is_one_of = Some((0..5_000).map(|at| format!("group {at}")).collect());
    after.rules.push(rule.clone());
    rule.name = "zzz".to_owned();
    after.rules.push(rule);
    let sentences = told(&document(RULES), &after);
    assert!(sentences[0].starts_with("rule wide: added: when groups is one of \"group 0\", "));
    assert!(
        sentences[0].contains(" and 4990 more; takes away ddd"),
        "{}",
        sentences[0]
    );
    assert!(
        sentences[1].starts_with("rule zzz: added: "),
        "what is long stands behind: {}",
        sentences[1]
    );
    let all = sentences.join("\n");
    for at in [0, 9, 10, 500, 999] {
        assert!(all.contains(&format!("account-{at}/Role")), "{at}");
        assert!(all.contains(&format!("d-{at}/Role")), "{at}");
        assert!(all.contains(&format!("\"group {at}\"")), "{at}");
    }
}

#[test]
fn rules_are_told_before_everything_else() {
    let mut after = document(RULES);
    for at in 0..600 {
        let mut account = after.accounts[0].clone();
        account.alias = format!("a{at}");
        after.accounts.push(account);
    }
    after.rules[1].deny = vec!["*".to_owned()];
    after.roles[0].session_policy = Some("{}".to_owned());
    let sentences = told(&document(RULES), &after);
    assert_eq!(sentences.len(), 602);
    assert_eq!(
        sentences[..2],
        [
            "rule all: deny added: [\"*\"]",
            "role payments-prod/ReadOnly: session_policy added: \"{}\"",
        ]
    );
}

#[test]
fn a_long_list_of_one_rule_hides_no_other_rule() {
    let before = document(RULES);
    let mut after = before.clone();
    after.rules[1].grant = (0..1_000).map(|at| format!("account-{at}/Role")).collect();
    after.rules[0].deny = vec!["*".to_owned()];
    let sentences = told(&before, &after);
    let place = sentences
        .iter()
        .position(|sentence| sentence == "rule eng: deny added: [\"*\"]");
    assert_eq!(place, Some(11), "{sentences:?}");
    assert_eq!(sentences.len(), 1_002);
}
