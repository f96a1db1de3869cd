//! An event that says everything there is to say, for the tests of what reads or shows events; and that all of it is explained.

use crate::domain::audit::{Event, EventKind, Person, Schema};

/// With this text in every field that takes one.
pub(crate) fn filled(text: &str) -> Event {
    let given = || Some(text.to_owned());
    Event {
        schema: Schema::CURRENT,
        signin_id: given(),
        reference: given(),
        idp: given(),
        subject_format: given(),
        subject: given(),
        display_name: given(),
        about: Some(Person {
            idp: given(),
            subject_format: given(),
            subject: given(),
            display_name: given(),
        }),
        address: given(),
        account: given(),
        partition: given(),
        role: given(),
        method: given(),
        session_name: given(),
        source_identity: given(),
        scope: given(),
        revision: Some(1),
        rule: given(),
        reason: given(),
        result: given(),
        cause: given(),
        expires: given(),
        access_key_id: given(),
        note: given(),
        until: given(),
        query: given(),
        position: Some(1),
        count: Some(1),
        token: given(),
        by_token: given(),
        draft: given(),
        draft_name: given(),
        drafted_by: given(),
    }
}

#[test]
fn every_kind_and_every_field_is_explained() {
    let page = include_str!("../../../docs/audit-events.md");
    for kind in EventKind::ALL {
        let named = format!("`{}`", kind.name());
        let line = page
            .lines()
            .find(|line| line.starts_with("| `") && line.contains(&named));
        assert!(line.is_some(), "{named} is not among the kinds");
    }
    let event = serde_json::to_value(filled("text")).unwrap();
    let (_, fields) = page.split_once("## Fields").unwrap();
    for field in event.as_object().unwrap().keys() {
        let named = format!("`{field}`");
        let explained = fields.lines().any(|line| {
            let cells: Vec<&str> = line.split('|').collect();
            cells.len() == 4 && cells[1].contains(&named)
        });
        assert!(explained, "{named} is not among the fields");
    }
    assert!(page.contains(&format!("| {} | unreleased |", Schema::CURRENT.number())));
}
