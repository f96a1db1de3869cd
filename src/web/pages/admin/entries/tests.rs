//! The pages of a draft's entries, from samples.

use super::*;
use crate::domain::access::{AccountEntry, ConditionEntry, ProblemKind, RoleEntry, RuleEntry};
use crate::web::pages::admin::drafts_tests::draft;
use crate::web::pages::admin::tests::{frame, session};
use crate::web::pages::samples::HOSTILE;
use crate::web::pages::tests::kept;

fn or(text: &str, typical: &str) -> String {
    if text.is_empty() { typical } else { text }.to_owned()
}

fn rule(text: &str) -> Entry {
    let attribute = |is: Option<String>| ConditionEntry {
        attribute: Some(or(text, "groups")),
        is,
        ..ConditionEntry::default()
    };
    Entry::Rule(RuleEntry {
        name: or(text, "auditors"),
        when: vec![attribute(Some(or(text, "audit"))), attribute(None)],
        grant: vec![or(text, "payments-prod/ReadOnly")],
        ..RuleEntry::default()
    })
}

fn role(text: &str) -> Entry {
    Entry::Role(Box::new(RoleEntry {
        account: or(text, "payments-prod"),
        name: or(text, "ReadOnly"),
        method: "AssumeRole".to_owned(),
        tags: [(or(text, "team"), or(text, "{attribute.team}"))].into(),
        discoverable: true,
        ..RoleEntry::default()
    }))
}

fn account(text: &str) -> Entry {
    Entry::Account(Box::new(AccountEntry {
        id: "111122223333".to_owned(),
        alias: or(text, "payments-prod"),
        name: or(text, "Payments Production"),
        environment: Some("production".to_owned()),
        ..AccountEntry::default()
    }))
}

fn name(section: Section, text: &str, nth: usize) -> EntryName {
    EntryName {
        section,
        name: text.to_owned(),
        nth,
    }
}

#[test]
fn the_lists_of_a_draft_look_as_they_did() {
    let session = session("Ada Lovelace");
    for (page, text, section, governed_by) in [
        ("typical", "", Section::Accounts, None),
        ("none", "", Section::Scopes, None),
        ("governed", "", Section::Accounts, Some("access.toml")),
        ("hostile", HOSTILE, Section::Accounts, None),
    ] {
        let users = vec![
            name(Section::Roles, &or(text, "payments-prod/ReadOnly"), 0),
            name(Section::Rules, &or(text, "auditors"), 1),
        ];
        let line = EntryLine {
            name: name(section, &or(text, "payments-prod"), 0),
            entry: account(text),
            users,
            more_users: 3,
        };
        let lines = if page == "none" {
            Vec::new()
        } else {
            vec![line]
        };
        let list = EntryList {
            draft: draft(text),
            section,
            found: lines.len() * 300,
            lines,
            counts: [300, 2, 0, 1],
        };
        let template = EntriesPage::new(frame(&session, governed_by), &list, text);
        kept(&format!("admin_entries_{page}"), &template);
    }
}

#[test]
fn the_form_of_an_entry_looks_as_it_did() {
    let session = session("Ada Lovelace");
    let problem = |path: &str| Problem {
        path: path.to_owned(),
        kind: ProblemKind::Missing,
    };
    let wrong = [
        problem("when"),
        problem("when[0].is"),
        problem("grant[1]"),
        problem("name"),
        problem(""),
        problem("tags.team"),
    ];
    for (page, text, section, entry, has_problems) in [
        ("new", "", Section::Scopes, None, false),
        ("account", "", Section::Accounts, Some(account("")), false),
        ("role", "", Section::Roles, Some(role("")), true),
        ("rule", "", Section::Rules, Some(rule("")), true),
        (
            "hostile_account",
            HOSTILE,
            Section::Accounts,
            Some(account(HOSTILE)),
            false,
        ),
        (
            "hostile_role",
            HOSTILE,
            Section::Roles,
            Some(role(HOSTILE)),
            false,
        ),
        (
            "hostile_rule",
            HOSTILE,
            Section::Rules,
            Some(rule(HOSTILE)),
            true,
        ),
    ] {
        let (draft, at) = (draft(text), name(section, &or(text, "auditors"), 0));
        let users = [name(Section::Rules, &or(text, "auditors"), 0)];
        let about = About {
            draft: &draft,
            section,
            at: entry.as_ref().map(|_| &at),
            seen: "0123",
            users: if has_problems { &[] } else { &users },
            problems: if has_problems { &wrong } else { &[] },
            unreadable: if has_problems { &["deny"] } else { &[] },
            overtaken: page == "account",
        };
        let filled = Filled::of(section, entry.as_ref());
        let template = EntryPage::new(frame(&session, None), &about, &filled);
        kept(&format!("admin_entry_{page}"), &template);
    }
}
