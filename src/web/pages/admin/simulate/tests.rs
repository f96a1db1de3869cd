//! The page from samples: nothing asked, every trouble, and answers with texts that mean harm.

use super::*;
use crate::admin::{HeldLine, Whence, Which, WhoLine};
use crate::domain::access::DraftId;
use crate::domain::identity::IdpId;
use crate::domain::person::PersonKey;
use crate::domain::stop::{Suspension, Until};
use crate::web::pages::admin::drafts_tests::draft;
use crate::web::pages::admin::tests::{at, frame, session, summary};
use crate::web::pages::samples::HOSTILE;
use crate::web::pages::tests::kept;
use crate::web::texts::ENGLISH;

fn keep(name: &str, asked: &SimulateAsked, outcome: &SimulateOutcome) -> String {
    let session = session("Ada Lovelace");
    let idps = [("corp", "Example Corp"), ("okta", HOSTILE)].map(|(id, name)| IdpChoice {
        id: IdpId::parse(id).unwrap(),
        name: name.to_owned(),
    });
    let around = (frame(&session, None), &idps[..]);
    let (drafts, revisions) = ([draft(HOSTILE)], [summary(7, ""), summary(6, "")]);
    let page = SimulatePage::new(around, (&drafts, &revisions), (asked, outcome));
    kept(&format!("admin_simulate_{name}"), &page)
}

fn condition(holds: bool, text: &str, own: &[&str]) -> ConditionLine {
    ConditionLine {
        holds,
        text: text.to_owned(),
        own: own.iter().map(|value| (*value).to_owned()).collect(),
        more: own.len() * 7,
    }
}

fn rule(text: &str, applies: bool, spelled: bool) -> ReadingLine {
    let captured = vec![("role".to_owned(), text.to_owned())];
    ReadingLine {
        rule: text.to_owned(),
        applies,
        time: if applies { Time::Counts } else { Time::Over },
        from: applies.then(|| text.to_owned()),
        until: Some(text.to_owned()),
        conditions: vec![
            condition(true, text, &["payments-eng", text]),
            condition(false, text, &[]),
        ],
        spelling: Some(SpellingLine {
            attribute: text.to_owned(),
            spelled: spelled
                .then(|| (text.to_owned(), captured))
                .into_iter()
                .collect(),
            example: Some(format!("aws-{text}")),
        }),
    }
}

fn found(text: &str, verdict: Option<Verdict>, whence: Whence) -> SimulateOutcome {
    let stopped = matches!(whence, Whence::SignedIn(_));
    let explained = verdict.map(|verdict| Explained {
        role: "payments-prod/ReadOnly".to_owned(),
        account: text.to_owned(),
        verdict,
        suspended: stopped.then_some(Suspension {
            whole_account: false,
            until: Until(None),
        }),
        gives: vec![rule(text, true, true), rule(text, false, false)],
        more_gives: 3,
        takes: Vec::new(),
        more_takes: 0,
    });
    let held = HeldLine {
        key: "payments-prod/ReadOnly".to_owned(),
        account: text.to_owned(),
        environment: Some("production"),
        rule: text.to_owned(),
        suspended: stopped.then_some(Suspension {
            whole_account: true,
            until: Until(Some("2026-03-01T17:00:00Z".parse().unwrap())),
        }),
    };
    let is_draft = whence == Whence::Pasted;
    SimulateOutcome::Found(Box::new(Simulated {
        which: if is_draft {
            Which::Draft(DraftId::new([9; 8]))
        } else {
            Which::Revision(7)
        },
        revision: 7,
        who: WhoLine {
            display_name: text.to_owned(),
            idp: "corp".to_owned(),
            subject: text.to_owned(),
            key: stopped.then(|| PersonKey::of("corp", "sub", text)),
            blocked: stopped.then_some(Until(None)),
            whence,
            since: Some("2026-03-01 09:00:00 UTC".to_owned()),
            attributes: vec![
                ("groups".to_owned(), text.to_owned()),
                ("groups".to_owned(), "two\nlines".to_owned()),
            ],
            more: 12,
        },
        roles: if verdict == Some(Verdict::NotGiven) {
            Vec::new()
        } else {
            vec![held]
        },
        more_roles: if is_draft { 2 } else { 0 },
        explained,
    }))
}

fn asked(text: &str, by: By) -> SimulateAsked {
    SimulateAsked {
        role: text.to_owned(),
        model: "revision:3".to_owned(),
        idp: "okta".to_owned(),
        subject: text.to_owned(),
        attributes: format!("groups = {text}\n</textarea>\n"),
        by,
        person: None,
    }
}

#[test]
fn the_page_looks_as_it_did() {
    keep(
        "nothing",
        &SimulateAsked::default(),
        &SimulateOutcome::Nothing,
    );
    for (name, text) in [("plain", "payments"), ("hostile", HOSTILE)] {
        for (verdict, by, whence) in [
            (Some(Verdict::Held), By::Known, Whence::SignedIn(at(0))),
            (Some(Verdict::TakenAway), By::Known, Whence::LastSeen(at(0))),
            (Some(Verdict::NotGiven), By::Typed, Whence::Typed),
            (None, By::Pasted, Whence::Pasted),
        ] {
            let page = keep(
                &format!(
                    "{name}_{by:?}_{}",
                    verdict.is_some_and(|v| v == Verdict::Held)
                )
                .to_lowercase(),
                &asked(text, by),
                &found(text, verdict, whence),
            );
            // a value of two lines cannot stand in a line of the form
            assert!(!page.contains("two\nlines"));
        }
    }
    let trouble = SimulateOutcome::Trouble(SimulateTrouble::Unreadable(HOSTILE.to_owned()));
    keep("hostile_trouble", &asked(HOSTILE, By::Pasted), &trouble);
}

#[test]
fn every_trouble_is_said() {
    for trouble in [
        SimulateTrouble::Role,
        SimulateTrouble::Model,
        SimulateTrouble::Unfit,
        SimulateTrouble::Idp,
        SimulateTrouble::Subject,
        SimulateTrouble::Line(12),
        SimulateTrouble::NothingPasted,
        SimulateTrouble::Unreadable("it is none".to_owned()),
        SimulateTrouble::TooLong,
        SimulateTrouble::NoSuchRole,
        SimulateTrouble::NobodyKnown,
    ] {
        let text = trouble.text(&ENGLISH.admin_why);
        assert!(text.ends_with('.') && !text.contains('{'), "{text}");
    }
    assert!(
        SimulateTrouble::Line(12)
            .text(&ENGLISH.admin_why)
            .contains("Line 12 ")
    );
}
