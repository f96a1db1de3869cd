//! The record's pages from samples, kept; and what whoever writes into it cannot do to them (B16).

use super::*;
use crate::admin::Found;

use crate::domain::audit::{Event, Record};
use crate::domain::record::FIELDS;
use crate::domain::record::fixtures::filled;
use crate::web::pages::admin::tests::{frame, session};
use crate::web::pages::samples::HOSTILE;
use crate::web::pages::tests::kept;

/// What breaks out of texts, attributes, addresses, comments, elements and scripts.
const POLYGLOTS: &[&str] = &[
    HOSTILE,
    "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=alert() )//%0D%0A%0d%0a//</stYle/</titLe/</teXtarEa/</scRipt/--!>\\x3csVg/<sVg/oNloAd=alert()//>\\x3e",
    "'\"--></style></script><svg onload=alert(1)>",
    "</dd></dl></details></summary><iframe srcdoc='<script>alert(1)</script>'>",
    "{{7*7}}{% include \"x\" %}<b>bold</b>",
    "\u{2028}<a href=javascript:alert(1)>x</a>\r\nSet-Cookie: a=b",
    "<!--<img src=x onerror=alert(1)>",
];

fn found(position: i64, kind: EventKind, event: Event) -> Found {
    let at = chrono::DateTime::from_timestamp_millis(1_800_000_000_000 + position * 61_000);
    let at = at.unwrap();
    Found {
        position,
        at: at.timestamp_millis(),
        row: None,
        record: Some(Record {
            position,
            chain: "c0ffee".to_owned(),
            sequence: position,
            at,
            kind,
            event,
        }),
    }
}

fn typical() -> Vec<Found> {
    let text = |text: &str| Some(text.to_owned());
    let ada = Event {
        idp: text("corp"),
        subject: text("ada@example.com"),
        display_name: text("Ada Lovelace"),
        address: text("192.0.2.1"),
        ..Event::default()
    };
    let signin = Event {
        signin_id: text("5e55"),
        account: text("111122223333"),
        partition: text("aws"),
        role: text("payments-prod/ReadOnly"),
        method: text("AssumeRoleWithSAML"),
        session_name: text("ada@example.com"),
        rule: text("payments engineers"),
        result: text("handed_over"),
        access_key_id: text("ASIAEXAMPLEEXAMPLE01"),
        ..ada.clone()
    };
    let keys = Event {
        method: text("GetSessionToken"),
        session_name: None,
        ..signin.clone()
    };
    let refused = Event {
        result: text("refused"),
        cause: text("AccessDenied"),
        ..signin.clone()
    };
    let mut rows = vec![
        found(
            9,
            EventKind::RecordRead,
            Event {
                query: text("person=ada"),
                ..ada.clone()
            },
        ),
        found(8, EventKind::KeysEnded, keys),
        found(7, EventKind::SigninEnded, refused),
        found(6, EventKind::SigninEnded, signin),
        found(5, EventKind::SessionBegan, ada),
        found(
            4,
            EventKind::LoginFailed,
            Event {
                idp: text("corp"),
                cause: text("login-expired"),
                ..Event::default()
            },
        ),
    ];
    rows.push(Found {
        position: 3,
        at: 1_800_000_000_000,
        row: None,
        record: None,
    });
    rows
}

fn looked(rows: Vec<Found>) -> Looked {
    Looked {
        rows,
        next: None,
        looked_at: 7,
        entries: 7,
        misfiled: 0,
        unindexed: None,
    }
}

/// Everybody has a page of their own.
fn all() -> Unknown {
    Unknown::new()
}

#[test]
fn whoever_has_no_page_any_more_is_led_to_in_the_record() {
    let session = session("Ada Lovelace");
    let event = Event {
        idp: Some("corp".to_owned()),
        subject_format: Some("sub".to_owned()),
        subject: Some("ada@example.com".to_owned()),
        ..Event::default()
    };
    let rows = looked(vec![found(1, EventKind::SigninEnded, event)]);
    let key = PersonKey::of("corp", "sub", "ada@example.com");
    let (asked, search) = (RecordAsked::default(), Search::default());
    let (page, record) = (
        format!("href=\"/admin/people/{key}\""),
        "href=\"/admin/record/person?idp=corp",
    );
    for (unknown, has_page) in [(all(), true), (Unknown::from([key]), false)] {
        let shown = RecordPage::new(
            frame(&session, None),
            &asked,
            (&search, None),
            (&rows, &unknown),
        );
        let shown = shown.render().unwrap();
        assert_eq!(shown.contains(&page), has_page, "{shown}");
        assert_eq!(shown.contains(record), !has_page, "{shown}");
    }
}

#[test]
fn the_search_looks_as_it_did() {
    let session = session("Ada Lovelace");
    let fields = vec![
        ("person", "Ada Lovelace".to_owned()),
        ("kind", "signin_ended".to_owned()),
    ];
    let search = Search::read(fields.iter().map(|(n, v)| (*n, &**v))).unwrap();
    let (nothing, everything) = (RecordAsked::default(), Search::default());
    let asked = RecordAsked(fields);
    let next = Some(Cursor {
        at: 1_800_000_000_000,
        position: 3,
    });
    let around = || frame(&session, None);
    let page = RecordPage::new(
        around(),
        &nothing,
        (&everything, None),
        (&looked(typical()), &all()),
    );
    kept("admin_record_newest", &page);
    let older = Looked {
        next,
        ..looked(typical())
    };
    kept(
        "admin_record_older",
        &RecordPage::new(around(), &asked, (&search, next), (&older, &all())),
    );
    let none = Looked {
        next,
        unindexed: Some((1, 99)),
        ..looked(Vec::new())
    };
    kept(
        "admin_record_none_yet",
        &RecordPage::new(around(), &asked, (&search, None), (&none, &all())),
    );
    let page = RecordPage::new(
        around(),
        &nothing,
        (&everything, None),
        (&looked(Vec::new()), &all()),
    );
    kept("admin_record_nothing", &page);
    let hostile = RecordAsked(FIELDS.map(|name| (name, HOSTILE.to_owned())).to_vec());
    let page = RecordPage::trouble(around(), &hostile, HOSTILE.to_owned());
    kept("admin_record_hostile_trouble", &page);
}

fn section(rows: Vec<Found>, more: bool) -> RecordSection {
    RecordSection {
        searches: vec![
            Search {
                role: Some(HOSTILE.to_owned()),
                kind: Some(EventKind::SigninEnded),
                ..Search::default()
            },
            Search::default(),
        ],
        rows,
        more,
        looked_at: 2_048,
    }
}

#[test]
fn what_the_record_says_of_somebody_or_of_a_role_looks_as_it_did() {
    let session = session("Ada Lovelace");
    let of = OfPerson {
        signins: section(typical(), true),
        sessions: section(Vec::new(), false),
        refusals: section(Vec::new(), false),
        about: section(typical(), false),
        unindexed: None,
    };
    let person = ("corp", "ada@example.com");
    let page = RecordOfPage::person(frame(&session, None), person, (&of, &all()));
    kept("admin_record_of_person", &page);
    let of = OfRole {
        signins: section(typical(), true),
        refusals: section(Vec::new(), true),
        changes: section(Vec::new(), false),
        unindexed: Some((1, 5)),
    };
    let page = RecordOfPage::role(
        frame(&session, None),
        "payments-prod/ReadOnly",
        (&of, &all()),
    );
    kept("admin_record_of_role", &page);
}

/// What is said of a person and of a role, in rows like these.
fn both(rows: &[Found]) -> (OfPerson, OfRole) {
    let of_person = OfPerson {
        signins: section(rows.to_vec(), true),
        sessions: section(Vec::new(), false),
        refusals: section(Vec::new(), false),
        about: section(rows.to_vec(), true),
        unindexed: None,
    };
    let of_role = OfRole {
        signins: section(rows.to_vec(), true),
        refusals: section(Vec::new(), false),
        changes: section(Vec::new(), false),
        unindexed: None,
    };
    (of_person, of_role)
}

#[test]
fn no_field_of_any_kind_of_event_is_markup_on_any_page() {
    let session = session("Ada Lovelace");
    for polyglot in POLYGLOTS {
        let mut rows: Vec<Found> = (1_i64..)
            .zip(EventKind::ALL)
            .map(|(n, kind)| found(n, *kind, filled(polyglot)))
            .collect();
        let mut damaged = crate::admin::Row {
            position: 99,
            chain: (*polyglot).to_owned(),
            sequence: 1,
            at: 1,
            kind: (*polyglot).to_owned(),
            event: (*polyglot).to_owned(),
            previous: String::new(),
            mac: String::new(),
        };
        damaged.mac.push_str(polyglot);
        rows.push(Found {
            position: 99,
            at: 1,
            row: Some(damaged),
            record: None,
        });
        let asked = RecordAsked::default();
        let around = || frame(&session, None);
        let search = (&Search::default(), None);
        let (of_person, of_role) = both(&rows);
        let pages = [
            RecordPage::new(around(), &asked, search, (&looked(rows.clone()), &all())).render(),
            RecordOfPage::person(around(), (polyglot, polyglot), (&of_person, &all())).render(),
            RecordOfPage::role(around(), polyglot, (&of_role, &all())).render(),
        ];
        for page in pages {
            let page = page.unwrap();
            is_inert(&page, polyglot);
            assert!(page.contains("row-99"), "all rows are there");
        }
    }
}

/// Nothing of a text's markup is markup: every element is one that our templates have.
fn is_inert(page: &str, polyglot: &str) {
    let own = [
        "!doctype", "html", "head", "meta", "title", "link", "body", "a", "header", "img", "span",
        "nav", "p", "b", "form", "input", "button", "main", "div", "h1", "h2", "h3", "h4",
        "section", "label", "select", "option", "details", "summary", "dl", "dt", "dd", "code",
        "ol", "ul", "li", "time", "footer",
    ];
    for tag in page.split('<').skip(1) {
        let name = tag.trim_start_matches('/');
        let name = name
            .split(|c: char| c.is_whitespace() || c == '>')
            .next()
            .unwrap();
        assert!(own.contains(&name), "<{name}> of {polyglot}");
        // what stands in quotes is a value: those of ours are never scripts
        let tag = tag.split('>').next().unwrap().to_lowercase();
        assert!(!tag.contains("=\"javascript:"), "<{tag}> of {polyglot}");
        let tag: String = tag.split('"').step_by(2).collect();
        for event in [
            " onload",
            " onerror",
            " onclick",
            "javascript:",
            "srcdoc",
            "style=",
        ] {
            assert!(!tag.contains(event), "<{tag}> of {polyglot}");
        }
    }
}
