//! Every field finds what it names; what no search can mean is refused.

use super::*;
use crate::domain::audit::Person;
use crate::domain::record::terms;

fn record(event: Event) -> Record {
    Record {
        position: 1,
        chain: String::new(),
        sequence: 1,
        at: moment("2026-11-29T16:00").unwrap(),
        kind: EventKind::SigninEnded,
        event,
    }
}

fn everything() -> Event {
    let text = |text: &str| Some(text.to_owned());
    Event {
        signin_id: text("si"),
        reference: text("re"),
        idp: text("corp"),
        subject_format: text("sub"),
        subject: text("Ada@Example.com"),
        display_name: text("Ada Lovelace"),
        about: Some(Person {
            idp: text("okta"),
            subject: text("bob"),
            ..Person::default()
        }),
        address: text("192.0.2.1"),
        account: text("111122223333"),
        role: text("payments/Admin"),
        session_name: text("ada"),
        source_identity: text("src"),
        result: text("refused"),
        cause: text("why"),
        access_key_id: text("ASIAX"),
        ..Event::default()
    }
}

#[test]
fn every_field_finds_what_it_names_by_a_term_and_nothing_else() {
    let record = record(everything());
    let filed = terms("signin_ended", &record.event);
    let right = [
        ("person", "ada LOVELACE"),
        ("person", "ada@example.com"),
        ("person", "ada"),
        ("person", "Bob"),
        ("account", "111122223333"),
        ("account", "payments"),
        ("role", "payments/Admin"),
        ("kind", "signin_ended"),
        ("result", "refused"),
        ("cause", "why"),
        ("signin", "si"),
        ("reference", "re"),
        ("session_name", "ada"),
        ("source_identity", "src"),
        ("access_key", "ASIAX"),
        ("address", "192.0.2.1"),
        ("from", "2026-11-29"),
        ("from", "2026-11-29T17:00:00+01:00"),
        ("until", "2026-11-29 16:01"),
    ];
    for (name, value) in right {
        let search = Search::read([(name, value)]).unwrap();
        assert!(search.matches(&record), "{name}={value}");
        for term in search.terms().concat() {
            assert!(filed.contains(&term), "{name}={value}");
        }
        let written = search.fields();
        let again = Search::read(written.iter().map(|(n, v)| (*n, &**v)));
        assert_eq!(again, Ok(search), "{name}={value}");
    }
    for (name, value) in [
        ("person", "lovelace"),
        ("account", "Payments"),
        ("role", "payments/admin"),
        ("kind", "signin_begun"),
        ("signin", "re"),
        ("from", "2026-11-29T16:00:01"),
        ("until", "2026-11-29T16:00"),
    ] {
        assert!(!Search::read([(name, value)]).unwrap().matches(&record));
    }
}

#[test]
fn a_person_is_meant_exactly_by_provider_and_subject_whether_they_act_or_it_is_about_them() {
    let record = record(everything());
    let matches = |fields: &[(&str, &str)]| {
        let search = Search::read(fields.iter().copied()).unwrap();
        search.matches(&record)
    };
    assert!(matches(&[("idp", "corp"), ("subject", "Ada@Example.com")]));
    assert!(matches(&[
        ("idp", "okta"),
        ("subject", "bob"),
        ("subject_format", "x")
    ]));
    assert!(matches(&[
        ("idp", "okta"),
        ("subject", "bob"),
        ("about", "yes")
    ]));
    assert!(!matches(&[
        ("idp", "corp"),
        ("subject", "Ada@Example.com"),
        ("about", "yes")
    ]));
    for wrong in [("corp", "ada@example.com"), ("okta", "Ada@Example.com")] {
        assert!(!matches(&[("idp", wrong.0), ("subject", wrong.1)]));
    }
    let other = [
        ("idp", "corp"),
        ("subject", "Ada@Example.com"),
        ("subject_format", "x"),
    ];
    assert!(!matches(&other));
}

#[test]
fn what_no_search_can_mean_is_refused() {
    let long = "x".repeat(LONGEST + 1);
    for (fields, error) in [
        (&[("nothing", "x")][..], SearchError::Unknown),
        (&[("role", &*long)], SearchError::Text("role")),
        (&[("cause", "a\0b")], SearchError::Text("cause")),
        (&[("from", "yesterday")], SearchError::Moment("from")),
        (&[("until", "2026-13-01")], SearchError::Moment("until")),
        (&[("kind", "signin")], SearchError::Kind),
        (&[("idp", "corp")], SearchError::Person),
        (&[("subject", "ada")], SearchError::Person),
        (&[("subject_format", "sub")], SearchError::Person),
        (
            &[("from", "2026-01-02"), ("until", "2026-01-02")],
            SearchError::Empty,
        ),
    ] {
        assert_eq!(Search::read(fields.iter().copied()), Err(error));
    }
}

#[test]
fn a_cursor_is_read_as_it_was_written_and_from_nothing_else() {
    for cursor in [
        Cursor {
            at: 1_800_000_000_123,
            position: 7,
        },
        Cursor {
            at: -1,
            position: 0,
        },
    ] {
        assert_eq!(Cursor::parse(&cursor.text()), Some(cursor));
    }
    for other in [
        "",
        ".",
        "1",
        "1.",
        ".1",
        "1.2.3",
        "+1.2",
        "1.x",
        "99999999999999999999.1",
    ] {
        assert_eq!(Cursor::parse(other), None, "{other}");
    }
}
