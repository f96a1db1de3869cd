//! The page from samples: nothing asked, every trouble, and answers with texts that mean harm.

use super::*;
use crate::admin::WhoLine;
use crate::domain::identity::IdpId;
use crate::web::pages::admin::tests::{frame, session};
use crate::web::pages::samples::HOSTILE;
use crate::web::pages::tests::kept;
use crate::web::texts::ENGLISH;

fn keep(name: &str, asked: &WhyAsked, outcome: &WhyOutcome) -> String {
    let session = session("Ada Lovelace");
    let idps = [("corp", "Example Corp"), ("okta", HOSTILE)].map(|(id, name)| IdpChoice {
        id: IdpId::parse(id).unwrap(),
        name: name.to_owned(),
    });
    let page = WhyPage::new((frame(&session, None), &idps), asked, outcome);
    kept(&format!("admin_why_{name}"), &page)
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

fn explained(text: &str, verdict: Verdict, since: bool) -> WhyOutcome {
    WhyOutcome::Explained(Box::new(Explained {
        role: "payments-prod/ReadOnly".to_owned(),
        account: text.to_owned(),
        who: WhoLine {
            display_name: text.to_owned(),
            idp: "corp".to_owned(),
            subject: text.to_owned(),
            since: since.then(|| "2026-03-01 09:00:00 UTC".to_owned()),
            attributes: vec![
                ("groups".to_owned(), text.to_owned()),
                ("groups".to_owned(), "two\nlines".to_owned()),
            ],
            more: 12,
        },
        verdict,
        revision: 7,
        gives: vec![rule(text, true, true), rule(text, false, false)],
        more_gives: 3,
        takes: Vec::new(),
        more_takes: 0,
    }))
}

fn asked(text: &str, typed: bool) -> WhyAsked {
    WhyAsked {
        role: text.to_owned(),
        idp: "okta".to_owned(),
        subject: text.to_owned(),
        attributes: format!("groups = {text}\n</textarea>\n"),
        typed,
    }
}

#[test]
fn the_page_looks_as_it_did() {
    keep("nothing", &WhyAsked::default(), &WhyOutcome::Nothing);
    for (name, text) in [("plain", "payments"), ("hostile", HOSTILE)] {
        for (verdict, typed) in [
            (Verdict::Held, false),
            (Verdict::TakenAway, true),
            (Verdict::NotGiven, true),
        ] {
            let page = keep(
                &format!("{name}_{verdict:?}").to_lowercase(),
                &asked(text, typed),
                &explained(text, verdict, !typed),
            );
            // a value of two lines cannot stand in a line of the form
            assert!(!page.contains("two\nlines"));
        }
    }
    let trouble = WhyOutcome::Trouble(WhyTrouble::NobodyKnown);
    keep("hostile_trouble", &asked(HOSTILE, false), &trouble);
}

#[test]
fn every_trouble_is_said() {
    for trouble in [
        WhyTrouble::Role,
        WhyTrouble::Idp,
        WhyTrouble::Subject,
        WhyTrouble::Line(12),
        WhyTrouble::TooLong,
        WhyTrouble::NoSuchRole,
        WhyTrouble::NobodyKnown,
    ] {
        let text = trouble.text(&ENGLISH.admin_why);
        assert!(text.ends_with('.') && !text.contains('{'), "{text}");
    }
    assert!(
        WhyTrouble::Line(12)
            .text(&ENGLISH.admin_why)
            .contains("Line 12 ")
    );
}
