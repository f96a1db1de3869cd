//! Stops and the ending of sessions: set, lifted and ended together with their rows, and seen everywhere at once.

use chrono::Duration;

use super::on_both_engines;
use super::world::{IDLE, World, at, identity, idp, once, role, session, subject};
use crate::domain::account::AccountId;
use crate::domain::audit::{Event, EventKind};
use crate::domain::person::{KnownPerson, PersonKey};
use crate::domain::session::SessionHandle;
use crate::domain::stop::{Cursor, Stop, Target, Until};
use crate::store::{Ending, Error, StartSession, Store};

fn person(world: &World, name: &str) -> PersonKey {
    world.store.person_key(&idp("corp"), &subject(name))
}

fn stop(target: Target, until: Option<i64>) -> Stop {
    let is_person = matches!(target, Target::Person(_));
    Stop {
        target,
        person: is_person.then(|| KnownPerson::of(&identity("ada"))),
        until: Until(until.map(at)),
        note: "left on Friday\nsee 4711".to_owned(),
        author: "Ada (corp)".to_owned(),
        at: at(0),
    }
}

async fn set(store: &Store, stop: Stop) {
    let event = Event::default();
    let row = (EventKind::PersonBlocked, &event);
    store.set_stop(stop, row, at(0)).await.expect("set");
}

async fn begin(world: &World, name: &str, digest: &str) -> StartSession {
    let (session, once) = (session(name, digest), once(digest));
    let started = world.store.start_session(&session, &once).await;
    started.expect("an answer")
}

/// Whether the last check stops somebody's session, and whether it is live.
async fn check(store: &Store, digest: &str, seconds: i64) -> (bool, bool) {
    let role = role();
    let check = store.last_check(digest, &role, at(seconds), IDLE).await;
    let check = check.expect("an answer");
    (check.stopped, check.session_live)
}

on_both_engines! {
    async fn a_block_ends_the_persons_sessions_and_lets_none_begin_until_its_end(world) {
        let other = world.replica().await;
        begin(&world, "ada", "d1").await;
        begin(&world, "bob", "b1").await;
        let ada = Target::Person(person(&world, "ada"));
        set(&world.store, stop(ada.clone(), Some(600))).await;
        assert_eq!(check(&other, "d1", 1).await, (false, false), "the session is gone");
        assert_eq!(check(&other, "b1", 1).await, (false, true), "and nobody else's");
        assert_eq!(begin(&world, "ada", "d2").await, StartSession::Blocked(Until(Some(at(600)))));
        assert_eq!(other.blocked(&person(&world, "ada"), at(599)).await.expect("an answer"), Some(Until(Some(at(600)))));
        assert_eq!(other.blocked(&person(&world, "ada"), at(600)).await.expect("an answer"), None);
        let mut later = session("ada", "d3");
        later.began = at(600);
        let started = other.start_session(&later, &once("d2")).await.expect("an answer");
        assert_eq!(started, StartSession::Started, "a refused login did not use its assertion up");
    }

    async fn a_session_that_began_beside_a_block_is_neither_found_nor_let_pass(world) {
        begin(&world, "ada", "d1").await;
        set(&world.store, stop(Target::Person(person(&world, "ada")), None)).await;
        // as if its transaction had not seen the block, and the block's not the session
        world.tamper("DELETE FROM stops").await;
        begin(&world, "ada", "d2").await;
        let key = person(&world, "ada");
        world.tamper(&format!("INSERT INTO stops (kind, target, about, until, note, author, at) \
                               VALUES ('person', '{key}', 'null', 0, '', '', 0)")).await;
        assert!(world.store.find_session("d2", at(1), IDLE).await.expect("an answer").is_none());
        assert_eq!(check(&world.store, "d2", 1).await, (true, true));
    }

    async fn a_suspended_role_or_account_stops_the_last_check_and_no_other_does(world) {
        begin(&world, "ada", "d1").await;
        let account = |digits: &str| Target::Account(AccountId::parse(digits).expect("digits"));
        let own = Target::Role(role());
        let other = Target::parse("role", "111122223333/Other").expect("a role");
        for (target, stops) in [
            (account("111122223333"), true), (account("444455556666"), false), (own, true), (other, false),
        ] {
            set(&world.store, stop(target.clone(), Some(600))).await;
            assert_eq!(check(&world.store, "d1", 599).await, (stops, true), "{target}");
            assert_eq!(check(&world.store, "d1", 600).await, (false, true), "{target} has ended");
            assert_eq!(check(&world.store, "d1", -9_999).await, (stops, true), "a clock that went back lifts nothing");
            let event = Event::default();
            let lifted = (EventKind::RoleResumed, &event);
            assert!(world.store.lift_stop(&target, lifted, at(1)).await.expect("lifted"));
            assert_eq!(check(&world.store, "d1", 1).await, (false, true));
            assert!(!world.store.lift_stop(&target, lifted, at(1)).await.expect("an answer"), "there is none any more");
        }
        assert_eq!(world.store.current().await.expect("an answer").stops, 8);
        assert_eq!(world.store.recent(None, 100).await.expect("rows").len(), 8, "a row for each change, and none without");
    }

    async fn a_stop_is_kept_as_it_was_set_and_the_next_one_takes_its_place(world) {
        let target = Target::Person(person(&world, "ada"));
        assert_eq!(world.store.stop(&target).await.expect("an answer"), None);
        for until in [Some(600), None, Some(60)] {
            set(&world.store, stop(target.clone(), until)).await;
            assert_eq!(world.store.stop(&target).await.expect("an answer"), Some(stop(target.clone(), until)));
        }
        assert_eq!(world.store.newest_stops(None, 10).await.expect("stops").len(), 1);
        let mut long = stop(target, None);
        long.note = "x".repeat(16 * 1024 + 1);
        let refused = world.store.set_stop(long, (EventKind::PersonBlocked, &Event::default()), at(0)).await;
        assert!(matches!(refused, Err(Error::TooLarge { .. })));
    }

    async fn stops_are_read_page_by_page_also_those_of_one_moment(world) {
        let place = |kind, text: &str| Target::parse(kind, text).expect("a target");
        let mut all = vec![place("account", "111122223333"), place("account", "444455556666")];
        all.extend(["ada", "bob", "cyd"].map(|name| Target::Person(person(&world, name))));
        all.push(place("role", "111122223333/Admin"));
        for (n, target) in all.iter().enumerate() {
            let mut one = stop(target.clone(), None);
            one.at = if n == 1 { at(7) } else { at(3) };
            set(&world.store, one).await;
        }
        let newest = all.remove(1);
        all.sort_by_key(|target| (target.kind(), target.to_string()));
        all.insert(0, newest);
        for limit in 1..=7 {
            let (mut read, mut after) = (Vec::new(), None);
            loop {
                let page = world.store.newest_stops(after.as_ref(), limit).await.expect("stops");
                let Some(last) = page.last() else { break };
                after = Some(Cursor { at: last.at.timestamp_millis(), target: last.target.clone() });
                read.extend(page.into_iter().map(|stop| stop.target));
            }
            assert_eq!(read, all, "{limit} at once");
        }
    }

    async fn the_sweep_drops_stops_that_ended_a_month_ago_and_no_other(world) {
        let day = 24 * 3_600;
        for (name, until) in [("ended", Some(60)), ("later", Some(day)), ("never", None)] {
            set(&world.store, stop(Target::Person(person(&world, name)), until)).await;
        }
        let now = at(30 * day + 60);
        assert_eq!(world.store.sweep(now, Duration::days(99)).await.expect("swept"), 1);
        assert_eq!(world.store.newest_stops(None, 10).await.expect("stops").len(), 2);
    }

    async fn sessions_are_listed_as_they_are_recognised_and_ended_one_by_one(world) {
        for (n, digest) in ["d1", "d2", "d3"].into_iter().enumerate() {
            let mut new = session("ada", digest);
            new.began = at(i64::try_from(n).expect("small"));
            world.store.start_session(&new, &once(digest)).await.expect("begun");
        }
        begin(&world, "bob", "b1").await;
        let ada = person(&world, "ada");
        let live = world.store.sessions_of(&ada, at(5), IDLE).await.expect("sessions");
        assert_eq!(live.len(), 3);
        assert_eq!(live[0].person, KnownPerson::of(&identity("ada")));
        assert_eq!(live[0].browser, "Firefox on Linux");
        assert_eq!(live[0].address, Some([192, 0, 2, 7].into()));
        assert_eq!((live[0].began, live[2].began), (at(2), at(0)), "the newest first");
        let end = async |whose: &PersonKey, which| {
            world.store.end_sessions(whose, which, &Event::default(), at(6)).await.expect("an answer")
        };
        let first = world.store.handle("d1");
        assert!(live.iter().any(|session| session.handle == first));
        assert_ne!(first.as_str(), "d1");
        assert!(!end(&person(&world, "bob"), Ending::One(&first)).await, "it is none of bob's");
        let unknown = SessionHandle::parse(&"0".repeat(32)).expect("a handle");
        assert!(!end(&ada, Ending::One(&unknown)).await);
        assert!(end(&ada, Ending::One(&first)).await);
        assert!(!end(&ada, Ending::One(&first)).await, "it is gone");
        assert!(end(&ada, Ending::AllBut("d3")).await);
        let left = world.store.sessions_of(&ada, at(7), IDLE).await.expect("sessions");
        assert_eq!(left.iter().map(|session| &session.handle).collect::<Vec<_>>(), [&world.store.handle("d3")]);
        assert!(end(&ada, Ending::All).await);
        assert!(world.store.sessions_of(&ada, at(7), IDLE).await.expect("sessions").is_empty());
        assert!(world.store.find_session("b1", at(7), IDLE).await.expect("an answer").is_some());
        assert_eq!(world.store.recent(None, 10).await.expect("rows").len(), 3, "what ended nothing left no row");
    }

    async fn people_are_listed_once_each_by_when_they_were_seen(world) {
        for (name, digest, began) in [("ada", "d1", 0), ("bob", "b1", 1), ("ada", "d2", 2)] {
            let mut new = session(name, digest);
            new.began = at(began);
            world.store.start_session(&new, &once(digest)).await.expect("begun");
        }
        let (people, all) = world.store.seen_last(10, at(5), IDLE).await.expect("people");
        let names: Vec<_> = people.iter().map(|seen| seen.person.subject.value.as_str()).collect();
        assert_eq!((names, all), (vec!["ada", "bob"], true));
        assert_eq!((people[0].seen, &people[0].key), (at(2), &person(&world, "ada")));
        let (people, all) = world.store.seen_last(2, at(5), IDLE).await.expect("people");
        assert_eq!((people.len(), all), (2, false), "there may be more");
    }
}
