//! The page from samples, kept; and what can be done from which of them.

use super::*;
use crate::admin::revoke::Asked;
use crate::domain::Timestamp;
use crate::domain::revoke::Person;
use crate::domain::role::RoleKey;
use crate::domain::stop::Until;
use crate::web::pages::admin::tests::{frame, session};
use crate::web::pages::samples::{HOSTILE, choices_of_idps};
use crate::web::pages::tests::kept;

fn at(minutes: i64) -> Timestamp {
    let start: Timestamp = "2026-03-01T09:00:01Z".parse().unwrap();
    start + chrono::TimeDelta::minutes(minutes)
}

fn person(text: &str) -> Person {
    Person {
        idp: "corp".to_owned(),
        format: text.to_owned(),
        subject: text.to_owned(),
    }
}

fn asked(text: &str) -> RevokeAsked {
    RevokeAsked {
        role: text.to_owned(),
        idp: "corp".to_owned(),
        format: text.to_owned(),
        subject: text.to_owned(),
        search: text.to_owned(),
        ahead: true,
        note: text.to_owned(),
        stop_first: true,
        until: text.to_owned(),
    }
}

fn keep(name: &str, asked: &RevokeAsked, outcome: &RevokeOutcome, text: &str) -> String {
    let session = session("Ada Lovelace");
    let waiting = |why, state| Waiting {
        why,
        account: text.to_owned(),
        roles: vec![text.to_owned()],
        everybody: why == Why::Tidy,
        due: at(15),
        state,
        cause: if state == "done" {
            String::new()
        } else {
            text.to_owned()
        },
        changed: at(1),
    };
    let lists = if text.is_empty() {
        (Vec::new(), Vec::new())
    } else {
        let open = vec![waiting(Why::OnceMore, "due"), waiting(Why::Asked, "due")];
        (
            open,
            vec![waiting(Why::Tidy, "done"), waiting(Why::Asked, "given_up")],
        )
    };
    let (_, idps, _) = choices_of_idps().remove(1);
    let around = (frame(&session, None), idps.as_slice());
    let own = ("corp", &session.identity.subject);
    let page = RevokePage::new(around, (asked, outcome), (&lists, own));
    kept(&format!("admin_revoke_{name}"), &page)
}

fn stopped(just_now: bool) -> Stopped {
    Stopped {
        until: Until(just_now.then(|| at(20))),
        whole_account: false,
        just_now,
    }
}

fn revocation(applied: bool, way: Way, states: Vec<State>, text: &str) -> RevokeOutcome {
    let target = if way == Way::Again {
        Target::Person(person(text))
    } else {
        Target::Role(RoleKey::parse("payments-prod/Admin").unwrap())
    };
    let states_are_whole = states.iter().all(|state| *state == State::Cut);
    RevokeOutcome::Report(Box::new(Revocation {
        asked: Asked::new(target, way),
        at: at(0),
        applied,
        gaps: if states.len() > 2 {
            vec![text.to_owned()]
        } else {
            Vec::new()
        },
        places: states
            .into_iter()
            .map(|state| Place::sample(state, text))
            .collect(),
        once_more: way.once_more(at(0)).filter(|_| applied),
        stopped: (applied && states_are_whole).then(|| stopped(true)),
        ways_past: if applied {
            vec![text.to_owned()]
        } else {
            Vec::new()
        },
        role_is_gone: false,
    }))
}

#[test]
fn the_page_looks_as_it_did() {
    let blank = RevokeAsked::default();
    keep("nothing", &blank, &RevokeOutcome::Nothing, "");
    let typical = asked("payments-prod/Admin");
    for (name, trouble) in [
        ("role", RevokeTrouble::Role),
        ("no_such_role", RevokeTrouble::NoSuchRole),
        ("too_long", RevokeTrouble::TooLong),
        ("note", RevokeTrouble::Note),
        ("until", RevokeTrouble::Until(UntilError::Past)),
        ("own", RevokeTrouble::Own),
    ] {
        keep(name, &typical, &RevokeOutcome::Trouble(trouble), "");
    }
    keep(
        "nobody",
        &typical,
        &RevokeOutcome::Found(SeenPeople::default()),
        "",
    );
    let none = revocation(false, Way::Again, Vec::new(), "ada@example.com");
    keep("nothing_on_record", &typical, &none, "");
}

/// How places end where not everything went well.
fn mixed(text: &str) -> Vec<State> {
    let (cause, code) = (text.to_owned(), "aws.AccessDenied".to_owned());
    vec![
        State::Cut,
        State::Pending {
            cause: cause.clone(),
            code: code.clone(),
            again: at(1),
        },
        State::NotCut { cause, code },
    ]
}

#[test]
fn of_what_cannot_be_cut_off_nothing_is_promised_for_later() {
    let cause = "The access model names no revoker for this account.".to_owned();
    let code = "no_revoker".to_owned();
    let not_cut = State::NotCut { cause, code };
    for (way, word, promise) in [
        (Way::Again, "again", "it will be cut off once more"),
        (Way::Ahead, "ahead", "gets anything done there before"),
    ] {
        let none = revocation(false, way, vec![not_cut.clone()], "dev/Admin");
        let page = keep(&format!("plan_none_{word}"), &asked("dev/Admin"), &none, "");
        assert!(!page.contains(promise), "{page}");
        let one = revocation(
            false,
            way,
            vec![not_cut.clone(), State::Planned],
            "dev/Admin",
        );
        let page = keep(&format!("plan_one_{word}"), &asked("dev/Admin"), &one, "");
        assert!(page.contains(promise), "{page}");
    }
}

#[test]
fn the_page_about_somebody_looks_as_it_did() {
    for (name, text) in [("typical", "payments-prod/Admin"), ("hostile", HOSTILE)] {
        let found = SeenLately {
            person: person(text),
            name: text.to_owned(),
        };
        for (how, stopped) in [("open", None), ("blocked", Some(stopped(false)))] {
            let outcome = RevokeOutcome::Chosen {
                who: found.clone(),
                stopped,
            };
            let page = keep(&format!("chosen_{how}_{name}"), &asked(text), &outcome, "");
            assert!(!page.contains("name=\"at\""), "nothing was looked at yet");
        }
        keep(
            &format!("found_{name}"),
            &asked(text),
            &RevokeOutcome::Found(SeenPeople {
                people: vec![found],
                more: true,
            }),
            text,
        );
        for way in [Way::Again, Way::Ahead] {
            let word = way.word();
            let planned = revocation(false, way, vec![State::Planned], text);
            let page = keep(&format!("plan_{word}_{name}"), &asked(text), &planned, text);
            assert!(
                page.contains("name=\"at\"") && page.contains("name=\"stop_first\""),
                "what is looked at can be done, and they can be stopped first"
            );
            let some = revocation(true, way, mixed(text), text);
            let page = keep(&format!("some_{word}_{name}"), &asked(text), &some, text);
            assert!(page.contains("Not everything is cut off"));
            assert!(
                !page.contains("name=\"at\""),
                "what is done is not done again"
            );
            let cut = revocation(true, way, vec![State::Cut], text);
            keep(&format!("cut_{word}_{name}"), &asked(text), &cut, text);
        }
    }
}
