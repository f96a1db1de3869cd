//! Changing one entry, and what refers to it.

use super::*;
use crate::domain::access::fixtures::{document, surroundings};
use crate::domain::access::{AccessIndex, check};

const RULES: &str = r#"
    [[rules]]
    name = "eng"
    when = [{ attribute = "groups", is = "eng" }]
    grant = ["payments-prod/ReadOnly", "payments-dev/*", "*/Admin", "environment:production"]
    deny = ["payments-prod/Admin"]
    [[rules]]
    name = "team"
    when = [{ attribute = "groups", matches = "^(?<role>[A-Za-z]+)$" }]
    grant = ["label:team=payments", "payments-prod/{role}"]
"#;

fn name(section: Section, name: &str) -> EntryName {
    EntryName {
        section,
        name: name.to_owned(),
        nth: 0,
    }
}

fn account(document: &Document, at: usize) -> AccountEntry {
    document.accounts[at].clone()
}

#[test]
fn a_renamed_account_takes_its_roles_and_rules_along_and_keeps_its_links() {
    let before = document(RULES);
    for keeps_links in [true, false] {
        let mut after = before.clone();
        let renamed = AccountEntry {
            alias: "pay".to_owned(),
            ..account(&before, 0)
        };
        let at = name(Section::Accounts, "payments-prod");
        let place = put(
            &mut after,
            Some(&at),
            Entry::Account(Box::new(renamed)),
            keeps_links,
        );
        assert_eq!((place, after.accounts.len()), (0, before.accounts.len()));
        assert_eq!(
            after.accounts[0].former_aliases.len(),
            usize::from(keeps_links)
        );
        assert_eq!(after.roles[0].account, "pay");
        assert_eq!(
            after.rules[0].grant,
            [
                "pay/ReadOnly",
                "payments-dev/*",
                "*/Admin",
                "environment:production"
            ]
        );
        assert_eq!(after.rules[0].deny, ["pay/Admin"]);
        assert_eq!(after.rules[1].grant, ["label:team=payments", "pay/{role}"]);
        check(&after, &surroundings()).unwrap_or_else(|problems| panic!("{problems}"));
    }
}

#[test]
fn a_renamed_role_takes_what_rules_say_of_it_along() {
    let mut after = document(RULES);
    let renamed = RoleEntry {
        name: "Look".to_owned(),
        ..after.roles[0].clone()
    };
    let at = name(Section::Roles, "payments-prod/ReadOnly");
    put(&mut after, Some(&at), Entry::Role(Box::new(renamed)), true);
    assert_eq!(after.rules[0].grant[0], "payments-prod/Look");
    assert_eq!(after.rules[0].grant[1], "payments-dev/*");
}

#[test]
fn what_is_new_goes_to_the_end_and_what_goes_leaves_the_rest() {
    let mut after = document(RULES);
    let rule = RuleEntry {
        name: "new".to_owned(),
        ..RuleEntry::default()
    };
    assert_eq!(put(&mut after, None, Entry::Rule(rule.clone()), true), 2);
    // one that somebody took out meanwhile is put back at the end
    let gone = name(Section::Rules, "gone");
    assert_eq!(put(&mut after, Some(&gone), Entry::Rule(rule), true), 3);
    assert_eq!(names(&after, Section::Rules)[3].nth, 1);
    assert!(remove(&mut after, &name(Section::Rules, "eng")));
    assert!(!remove(&mut after, &name(Section::Rules, "eng")));
    assert_eq!(after.rules.len(), 3);
}

#[test]
fn an_entry_is_used_by_what_refers_to_it_as_the_compiled_model_says() {
    let document = document(RULES);
    let of = |section, of: &str| -> Vec<String> {
        let place = position(&document, &name(section, of));
        let users = place.map(|place| Uses::of(&document).users(section, place));
        users.iter().flatten().map(ToString::to_string).collect()
    };
    assert_eq!(
        of(Section::Accounts, "payments-dev"),
        [
            "role payments-dev/ReadOnly",
            "role payments-dev/Admin",
            "rule eng"
        ]
    );
    assert_eq!(of(Section::Accounts, "nobody"), Vec::<String>::new());
    let model = check(&document, &surroundings()).unwrap();
    let index = AccessIndex::new(std::sync::Arc::new(model), 1);
    for role in index.model().roles() {
        let mut rules: Vec<String> = index
            .model()
            .used_by(&role.key)
            .iter()
            .map(|used| format!("rule {}", used.rule.name))
            .collect();
        rules.dedup();
        assert_eq!(
            of(Section::Roles, &role.key.to_string()),
            rules,
            "{}",
            role.key
        );
    }
}

#[test]
fn an_entry_comes_back_equal_from_its_keys() {
    let document = document(RULES);
    for section in Section::ALL {
        for place in 0..names(&document, section).len() {
            let entry = entry_at(&document, section, place).unwrap();
            let again = Entry::from_value(section, entry.to_value()).unwrap();
            assert_eq!(again, entry);
        }
    }
    let unknown = serde_json::json!({ "name": "x", "nothing": 1 });
    assert!(Entry::from_value(Section::Scopes, unknown).is_err());
}
