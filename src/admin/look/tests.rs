//! What the lists say, and what a search leaves of them.

use super::*;
use crate::domain::access::{Document, Surroundings, check};

const MODEL: &str = r#"
    [[accounts]]
    id = "111122223333"
    alias = "payments-prod"
    name = "Payments"
    environment = "production"
    [[accounts]]
    id = "444455556666"
    alias = "tools"
    former_aliases = ["toolbox"]
    name = "Tools"
    [[roles]]
    account = "payments-prod"
    name = "Federated"
    method = "AssumeRoleWithSAML"
    proof = "forwarded"
    idp = "corp"
    provider = "corp"
    [[rules]]
    name = "engineers"
    when = [{ attribute = "groups", is = "eng" }, { not = { attribute = "team", present = true } }]
    grant = ["payments-prod/*"]
    [[rules]]
    name = "spelled"
    when = [{ attribute = "groups", matches = "^aws-(?<account>[a-z-]+)-(?<role>[A-Za-z]+)$" }]
    grant = ["{account}/{role}"]
    until = "2027-01-31"
    [[rules]]
    name = "contractors"
    when = [{ attribute = "employment", is_one_of = ["contractor", "temp"] }]
    deny = ["environment:production"]
"#;

fn seen(section: Section, search: &str) -> Overview {
    use crate::domain::identity::{IdpId, Protocol};
    let surroundings = Surroundings {
        idps: [(IdpId::parse("corp").unwrap(), Protocol::Saml)].into(),
        ..Surroundings::default()
    };
    let model = check(&Document::from_toml(MODEL).unwrap(), &surroundings).unwrap();
    let index = AccessIndex::new(Arc::new(model), 7);
    let words = search.split_whitespace().map(str::to_lowercase).collect();
    overview(&index, section, &Search(words))
}

#[test]
fn a_role_names_every_rule_that_touches_it_and_how() {
    let Lines::Roles(roles) = seen(Section::Roles, "").lines else {
        panic!("no roles");
    };
    let expected = [
        ("gives it", "engineers".to_owned()),
        (
            "gives it to those whose values name it",
            "spelled".to_owned(),
        ),
        ("takes it away", "contractors".to_owned()),
    ];
    assert_eq!(roles[0].rules, expected);
    assert_eq!(roles[0].arn, "arn:aws:iam::111122223333:role/Federated");
}

#[test]
fn a_rule_reads_as_sentences() {
    let Lines::Rules(rules) = seen(Section::Rules, "").lines else {
        panic!("no rules");
    };
    assert_eq!(
        rules[0].conditions,
        ["groups is \"eng\"", "not: team is present"]
    );
    assert_eq!(
        rules[2].conditions,
        ["employment is one of [\"contractor\", \"temp\"]"]
    );
    assert_eq!(rules[2].denies, ["environment:production"]);
    // the day itself still counts
    assert_eq!(rules[1].until.as_deref(), Some("2027-02-01 00:00:00 UTC"));
}

#[test]
fn an_account_names_its_roles() {
    let Lines::Accounts(accounts) = seen(Section::Accounts, "").lines else {
        panic!("no accounts");
    };
    assert_eq!(accounts[0].roles, ["payments-prod/Federated"]);
    assert!(accounts[1].roles.is_empty());
}

#[test]
fn a_search_narrows_all_three_lists_to_what_holds_every_word() {
    let counts = |search| {
        let seen = seen(Section::Rules, search);
        [seen.rules, seen.roles, seen.accounts].map(|count| count.found)
    };
    assert_eq!(counts(""), [3, 1, 2]);
    assert_eq!(counts("PAYMENTS"), [1, 1, 1]);
    assert_eq!(counts("payments 1111"), [0, 1, 1]);
    assert_eq!(counts("production"), [1, 0, 1]);
    // a name that the account had before
    assert_eq!(counts("toolbox"), [0, 0, 1]);
    assert_eq!(counts("nothing like it"), [0, 0, 0]);
    assert_eq!(seen(Section::Rules, "tools").rules.all, 3);
}
