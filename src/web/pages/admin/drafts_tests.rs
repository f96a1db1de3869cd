//! The pages of drafts and of their review, from samples.

use std::sync::Arc;

use super::tests::{DOCUMENT, at, frame, session, summary};
use super::{Again, Begun, DraftPage, DraftsPage, Finding, ReviewPage, Sentences};
use crate::admin::{Alarm, Clash, DraftSummary, Known, Ready, Review, Stale, Stands};
use crate::domain::access::{
    Document, DraftId, EntryName, Impact, Later, People, RoleImpact, Section, Surroundings, check,
};
use crate::domain::person::PersonKey;
use crate::domain::role::RoleKey;
use crate::web::pages::samples::HOSTILE;
use crate::web::pages::tests::kept;

pub(super) fn draft(text: &str) -> DraftSummary {
    let or = |typical: &str| if text.is_empty() { typical } else { text }.to_owned();
    DraftSummary {
        id: DraftId::new([1, 2, 3, 4, 5, 6, 7, 8]),
        name: or("Give the auditors a look"),
        base: 12,
        changes: Some(3),
        author: or("Ada Lovelace (corp: ada@example.com)"),
        changed_by: or("Bob (corp: bob@example.com)"),
        writers: Vec::new(),
        began: at(0),
        changed: at(90),
        version: 7,
    }
}

#[test]
fn the_drafts_look_as_they_did() {
    let session = session("Ada Lovelace");
    let others = [
        DraftSummary {
            base: 11,
            changes: Some(1),
            ..draft("")
        },
        DraftSummary {
            name: String::new(),
            changes: None,
            ..draft("")
        },
    ];
    let trouble = |text: &str| Begun {
        name: text.to_owned(),
        from: text.to_owned(),
        trouble: Some(text.to_owned()),
    };
    for (name, drafts, begun, governed_by) in [
        ("none", Vec::new(), Begun::default(), None),
        (
            "typical",
            [&[draft("")][..], &others[..]].concat(),
            Begun::default(),
            None,
        ),
        ("trouble", vec![draft("")], trouble("There is none"), None),
        (
            "governed",
            vec![draft("")],
            Begun::default(),
            Some("access.toml"),
        ),
        ("hostile", vec![draft(HOSTILE)], trouble(HOSTILE), None),
    ] {
        let page = DraftsPage::new(frame(&session, governed_by), (&drafts, 12), &begun);
        kept(&format!("admin_drafts_{name}"), &page);
    }
}

fn sentences(texts: &[&str]) -> Sentences {
    Sentences::new(texts.iter().map(|&text| text.to_owned()).collect())
}

fn findings() -> Vec<(&'static str, Finding)> {
    let wrong = "[[rules]]\nname = \"auditors\"\nwhen = []\ngrant = [\"nowhere/*\"]\n";
    let document = Document::from_toml(wrong).unwrap();
    let problems = check(&document, &Surroundings::default()).unwrap_err();
    let unreadable = Document::from_toml("[[rules]\n").unwrap_err().to_string();
    let meanwhile = |text: &str| Finding::Meanwhile {
        by: format!("By {text}, 2026-03-01 09:00 UTC."),
        theirs: sentences(&["rule auditors: added", text]),
        yours: sentences(&[]),
        apart: sentences(&["rule auditors: removed", text]),
    };
    vec![
        ("plain", Finding::Nothing),
        ("empty", Finding::Empty),
        ("unreadable", Finding::Unreadable(unreadable)),
        ("problems", Finding::problems(&problems, wrong)),
        ("same", Finding::Same),
        (
            "changes",
            Finding::Changes(sentences(&["account tools: added"])),
        ),
        ("meanwhile", meanwhile("Bob")),
        ("hostile_meanwhile", meanwhile(HOSTILE)),
        ("hostile_changes", Finding::Changes(sentences(&[HOSTILE]))),
        (
            "hostile_unreadable",
            Finding::Unreadable(HOSTILE.to_owned()),
        ),
    ]
}

#[test]
fn a_draft_looks_as_it_did() {
    let session = session("Ada Lovelace");
    for (name, finding) in findings() {
        let (text, who) = if name.starts_with("hostile") {
            ("</textarea><script>alert(1)</script>", HOSTILE)
        } else {
            (DOCUMENT, "")
        };
        let draft = draft(who);
        let page = DraftPage::new(frame(&session, None), (&draft, text), &finding);
        let page = kept(&format!("admin_draft_{name}"), &page);
        assert_eq!(page.matches("</textarea>").count(), 1, "{name}");
    }
}

#[test]
fn a_draft_that_cannot_be_changed_here_has_no_form() {
    let session = session("Ada Lovelace");
    let large = "\"".repeat(1_400_000);
    for (governed_by, text) in [
        (Some("/etc/vestibule/access.toml"), DOCUMENT),
        (None, &large),
    ] {
        let draft = draft("");
        let frame = frame(&session, governed_by);
        let page = DraftPage::new(frame, (&draft, text), &Finding::Nothing);
        let page = crate::web::pages::render(&page, 0).unwrap();
        assert!(!page.contains("name=\"document\""));
        assert!(page.contains(" readonly "));
    }
}

fn people(count: usize, text: &str) -> People {
    let shown = count.min(30);
    let name = |at: usize| -> Arc<str> {
        let name = format!("Person {at} (corp: p{at}@example.com)");
        if text.is_empty() {
            name
        } else {
            text.to_owned()
        }
        .into()
    };
    People {
        count,
        names: (0..shown).map(name).collect(),
        keys: (0..shown)
            .map(|at| Arc::new(PersonKey::of("corp", "sub", &format!("p{at}"))))
            .collect(),
    }
}

fn impact(text: &str) -> Impact {
    let role = |key: &str, production, count| RoleImpact {
        role: RoleKey::parse(key).unwrap(),
        production,
        people: people(count, text),
    };
    Impact {
        known: 240,
        gains: vec![
            role("payments-prod/Admin", true, 14),
            role("payments-dev/Admin", false, 1),
        ],
        losses: vec![role("payments-prod/ReadOnly", true, 300)],
        left_without: people(12, text),
        deserted: vec![RoleKey::parse("payments-prod/ReadOnly").unwrap()],
        to_everybody: Vec::new(),
        later: Vec::new(),
        more_moments: 0,
    }
}

fn nothing() -> Known {
    Known::Impact {
        impact: Box::new(Impact {
            known: 1,
            ..Impact::default()
        }),
        days: 90,
        unreadable: 0,
    }
}

/// People, and more to come.
fn later(text: &str) -> Known {
    let later = |minutes, impact| Later {
        moment: at(minutes),
        impact,
    };
    Known::Impact {
        impact: Box::new(Impact {
            known: 240,
            later: vec![later(60, impact(text)), later(120, Impact::default())],
            more_moments: 3,
            ..Impact::default()
        }),
        days: 90,
        unreadable: 0,
    }
}

fn ready(text: &str, known: Known, alarms: Vec<Alarm>) -> Stands {
    Stands::Ready(Box::new(Ready {
        changes: vec!["rule auditors: added".to_owned(), text.to_owned()],
        known,
        alarms,
    }))
}

fn known(text: &str, unreadable: usize) -> Known {
    Known::Impact {
        impact: Box::new(impact(text)),
        days: 90,
        unreadable,
    }
}

fn stale(text: &str, clashes: bool) -> Stands {
    let or = |typical: &str| if text.is_empty() { typical } else { text }.to_owned();
    let clash = Clash {
        entry: EntryName {
            section: Section::Rules,
            name: or("auditors"),
            nth: 0,
        },
        mine: vec![or("rule auditors: removed")],
        theirs: vec![or("rule auditors: grant gained \"*\"")],
    };
    Stands::Stale(Box::new(Stale {
        newest: summary(12, text),
        theirs: vec![or("rule auditors: grant gained \"*\"")],
        yours: vec![or("rule auditors: removed")],
        clashes: if clashes { vec![clash] } else { Vec::new() },
    }))
}

#[test]
fn a_review_looks_as_it_did() {
    let session = session("Ada Lovelace");
    let role = |key| RoleKey::parse(key).unwrap();
    let many = Alarm::LastRoleFromMany {
        count: 12,
        known: 240,
    };
    let all = Alarm::ProductionToEverybody(vec![role("payments-prod/Admin")]);
    for (name, text, stands, again) in [
        ("typical", "", ready("x", known("", 0), vec![]), None),
        ("nobody", "", ready("x", nothing(), vec![]), None),
        ("off", "", ready("x", Known::Off, vec![]), Some(Again::Note)),
        ("later", "", ready("x", later(""), vec![]), None),
        (
            "hostile_later",
            HOSTILE,
            ready(HOSTILE, later(HOSTILE), vec![]),
            None,
        ),
        (
            "unknown",
            "",
            ready("x", Known::Nobody { unreadable: 3 }, vec![]),
            None,
        ),
        (
            "alarm",
            "",
            ready("x", known("", 1), vec![all, many, Alarm::NothingForAnybody]),
            Some(Again::Unconfirmed),
        ),
        ("stale", "", stale("", false), Some(Again::Changed)),
        ("clashes", "", stale("", true), Some(Again::Undecided)),
        ("same", "", Stands::Same, Some(Again::Unfit)),
        (
            "hostile",
            HOSTILE,
            ready(HOSTILE, known(HOSTILE, 0), vec![]),
            None,
        ),
        ("hostile_clashes", HOSTILE, stale(HOSTILE, true), None),
    ] {
        let finding = match stands {
            Stands::Same => Finding::Same,
            _ => Finding::Nothing,
        };
        let review = Review {
            draft: draft(text),
            current: 12,
            stands,
        };
        let note = review.draft.name.clone();
        let page = ReviewPage::new(frame(&session, None), (&review, &finding), (&note, again));
        kept(&format!("admin_review_{name}"), &page);
    }
}

#[test]
fn a_review_where_a_file_governs_has_no_form() {
    let session = session("Ada Lovelace");
    for stands in [ready("x", known("", 0), vec![]), stale("", true)] {
        let review = Review {
            draft: draft(""),
            current: 12,
            stands,
        };
        let frame = frame(&session, Some("access.toml"));
        let page = ReviewPage::new(frame, (&review, &Finding::Nothing), ("", None));
        let page = crate::web::pages::render(&page, 0).unwrap();
        assert_eq!(page.matches("<form").count(), 1, "that which signs out");
    }
}
