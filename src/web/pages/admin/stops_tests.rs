//! The pages of people, blocks and suspensions from samples, kept.

use super::tests::{frame, session};
use super::{PeoplePage, PersonPage, SomebodyAsked, StopForm, StopTrouble, StopsPage};
use crate::admin::{People, PersonLine, PersonView, StopLine, StopList};
use crate::domain::identity::IdpId;
use crate::domain::person::PersonKey;
use crate::domain::stop::{Cursor, Stop, Target, Until, UntilError};
use crate::signin::IdpChoice;
use crate::web::pages::samples::{HOSTILE, known_person, live_session};
use crate::web::pages::tests::kept;

fn at(seconds: i64) -> crate::domain::Timestamp {
    chrono::DateTime::from_timestamp(1_772_355_600 + seconds, 0).unwrap()
}

fn key() -> PersonKey {
    PersonKey::parse(&"a1".repeat(32)).unwrap()
}

fn stop(target: Target, until: Option<i64>, text: &str) -> Stop {
    let is_person = matches!(target, Target::Person(_));
    Stop {
        target,
        person: is_person.then(|| known_person(text)),
        until: Until(until.map(at)),
        note: text.to_owned(),
        author: format!("{text} (corp)"),
        at: at(0),
    }
}

fn line(target: Target, until: Option<i64>, text: &str) -> StopLine {
    StopLine {
        in_force: until.is_none_or(|until| until > 0),
        name: text.to_owned(),
        stop: stop(target, until, text),
    }
}

/// A form that was sent back, with harm in it.
fn refused(trouble: StopTrouble) -> StopForm {
    StopForm {
        place: HOSTILE.to_owned(),
        until: HOSTILE.to_owned(),
        note: HOSTILE.to_owned(),
        trouble: Some(trouble),
    }
}

#[test]
fn what_is_stopped_looks_as_it_did() {
    let session = session("Ada Lovelace");
    let role = || Target::parse("role", "111122223333/Admin").unwrap();
    let account = || Target::parse("account", "111122223333").unwrap();
    let all = |text| {
        vec![
            line(Target::Person(key()), Some(3_600), text),
            line(role(), None, text),
            line(account(), Some(-60), text),
        ]
    };
    let plain = StopForm::default();
    for (name, lines, form) in [
        ("none", Vec::new(), &plain),
        ("typical", all("Left on Friday"), &plain),
        ("hostile", all(HOSTILE), &refused(StopTrouble::Place)),
    ] {
        let next = (name == "hostile").then(|| Cursor {
            at: 1_772_355_600_000,
            target: role(),
        });
        let list = StopList { lines, next };
        let shown = (&list, name != "hostile");
        let page = StopsPage::new(frame(&session, None), shown, form);
        kept(&format!("admin_stops_{name}"), &page);
    }
}

#[test]
fn the_people_look_as_they_did() {
    let session = session("Ada Lovelace");
    let idps = [IdpChoice {
        id: IdpId::parse("corp").unwrap(),
        name: "Example Corp".to_owned(),
    }];
    let line = |name: &str, seen, blocked| PersonLine {
        key: key(),
        person: known_person(name),
        seen,
        blocked,
    };
    let found = |text: &str| People {
        lines: vec![
            line(text, Some(at(0)), None),
            line(text, None, Some(Until(None))),
        ],
        more: true,
        partial: true,
    };
    let (nobody, plain) = (SomebodyAsked::default(), StopForm::default());
    let asked = SomebodyAsked {
        idp: HOSTILE.to_owned(),
        subject: HOSTILE.to_owned(),
        format: HOSTILE.to_owned(),
    };
    for (name, query, people, said) in [
        ("none", "", People::default(), (&nobody, &plain)),
        ("typical", "grace", found("Grace Hopper"), (&nobody, &plain)),
        (
            "hostile",
            HOSTILE,
            found(HOSTILE),
            (&asked, &refused(StopTrouble::Subject)),
        ),
    ] {
        let around = (frame(&session, None), &idps[..]);
        let page = PeoplePage::new(around, (query, &people), said);
        kept(&format!("admin_people_{name}"), &page);
    }
}

#[test]
fn a_person_looks_as_they_did() {
    let session = session("Ada Lovelace");
    let view = |text: &str, block: Option<Option<i64>>| PersonView {
        key: key(),
        person: known_person(text),
        sessions: vec![live_session('a', "Firefox on Linux"), live_session('b', "")],
        is_blocked: block.is_some_and(|until| until.is_none_or(|until| until > 0)),
        block: block.map(|until| stop(Target::Person(key()), until, text)),
    };
    let gone = PersonView {
        sessions: Vec::new(),
        ..view("Grace Hopper", Some(Some(-60)))
    };
    let plain = StopForm::default();
    let late = refused(StopTrouble::Until(UntilError::Past));
    for (name, view, is_own, form) in [
        ("typical", view("Grace Hopper", None), false, &plain),
        ("blocked", view("Grace Hopper", Some(None)), false, &plain),
        ("gone", gone, false, &plain),
        ("own", view("Ada Lovelace", None), true, &plain),
        ("hostile", view(HOSTILE, Some(Some(60))), false, &late),
    ] {
        let page = PersonPage::new(frame(&session, None), (&view, is_own), form);
        kept(&format!("admin_person_{name}"), &page);
    }
}
