//! Sessions: begun once per assertion, live until idle, over or ended.

use chrono::Duration;

use super::on_both_engines;
use super::world::{IDLE, at, identity, idp, login, once, role, session, subject};
use crate::domain::audit::Event;
use crate::store::{Draft, StartSession};

on_both_engines! {
    async fn a_session_is_found_as_it_began(world) {
        let new = session("ada", "d1");
        assert_eq!(world.store.start_session(&new, &once("a1")).await.expect("begun"), StartSession::Started);
        let found = world.store.find_session("d1", at(1), IDLE).await.expect("an answer").expect("live");
        assert_eq!(found.digest, "d1");
        assert_eq!(found.identity, identity("ada"));
        assert_eq!((found.began, found.seen, found.ends), (at(0), at(0), at(8 * 3600)));
        assert_eq!(found.form_token, "form-d1");
        assert_eq!(world.store.find_session("d2", at(1), IDLE).await.expect("an answer"), None);
    }

    async fn a_look_finds_with_a_session_what_pages_ask_for_and_is_one_question(world) {
        world.store.start_session(&session("ada", "d1"), &once("a1")).await.expect("begun");
        world.store.start_session(&session("bob", "b1"), &once("b1")).await.expect("begun");
        let look = async |digest: &str, seconds: i64| {
            let before = world.store.questions();
            let look = world.store.look(digest, at(seconds), IDLE).await.expect("an answer");
            assert_eq!(world.store.questions() - before, 1);
            assert_eq!(
                look.as_ref().map(|look| &look.session),
                world.store.find_session(digest, at(seconds), IDLE).await.expect("an answer").as_ref(),
                "{digest} at {seconds}"
            );
            look
        };
        let first = look("d1", 1).await.expect("live");
        assert_eq!(first.current, world.store.current().await.expect("numbers"));
        assert_eq!(first.preferences, None);
        let ada = (&idp("corp"), &subject("ada"));
        assert!(world.store.set_preferences(ada, None, "{\"uses\":[]}", at(1)).await.expect("set"));
        let draft = Draft { base: None, document_json: "{}".to_owned(), author: String::new(), note: String::new() };
        world.store.publish(&draft, Event::default(), at(1)).await.expect("published");
        let second = look("d1", 2).await.expect("live");
        assert_eq!((second.current.revision, second.current.stops), (1, first.current.stops));
        assert_eq!(second.preferences.as_deref(), Some("{\"uses\":[]}"));
        assert_eq!(look("b1", 2).await.expect("live").preferences, None, "each their own");
        // over, idle, or none: as for whoever asks for the session alone
        for (digest, seconds) in [("d2", 2), ("d1", 3_600), ("d1", 8 * 3_600)] {
            assert!(look(digest, seconds).await.is_none(), "{digest} at {seconds}");
        }
    }

    async fn an_assertion_begins_one_session_and_a_replay_changes_nothing(world) {
        world.store.start_session(&session("ada", "d1"), &once("a1")).await.expect("begun");
        let mut replay = session("ada", "d2");
        replay.replaces = vec!["d1".to_owned()];
        assert_eq!(world.store.start_session(&replay, &once("a1")).await.expect("an answer"), StartSession::Replayed);
        assert_eq!(world.store.find_session("d2", at(1), IDLE).await.expect("an answer"), None);
        assert!(world.store.find_session("d1", at(1), IDLE).await.expect("an answer").is_some());
    }

    async fn the_same_assertion_id_of_another_provider_is_another_assertion(world) {
        world.store.start_session(&session("ada", "d1"), &once("a1")).await.expect("begun");
        let mut other = once("a1");
        other.idp = idp("corp2");
        assert_eq!(world.store.start_session(&session("ada", "d2"), &other).await.expect("begun"), StartSession::Started);
    }

    async fn assertion_ids_of_any_shape_are_remembered(world) {
        for (n, id) in ["", "a\0b", &"x".repeat(100_000), "é"].into_iter().enumerate() {
            let new = session("ada", &format!("d{n}"));
            assert_eq!(world.store.start_session(&new, &once(id)).await.expect("begun"), StartSession::Started);
            let again = session("ada", &format!("e{n}"));
            assert_eq!(world.store.start_session(&again, &once(id)).await.expect("an answer"), StartSession::Replayed);
        }
    }

    async fn a_session_that_cannot_begin_does_not_use_its_assertion_up(world) {
        world.store.start_session(&session("ada", "d1"), &once("a1")).await.expect("begun");
        // the same digest again: the second insert of the transaction fails
        assert!(world.store.start_session(&session("eve", "d1"), &once("a2")).await.is_err());
        let retry = world.store.start_session(&session("eve", "d2"), &once("a2")).await.expect("begun");
        assert_eq!(retry, StartSession::Started);
    }

    async fn a_new_session_takes_the_place_of_the_one_it_replaces(world) {
        world.store.start_session(&session("ada", "d1"), &once("a1")).await.expect("begun");
        let mut next = session("ada", "d2");
        next.replaces = vec!["d1".to_owned()];
        world.store.start_session(&next, &once("a2")).await.expect("begun");
        assert_eq!(world.store.find_session("d1", at(1), IDLE).await.expect("an answer"), None);
        assert!(world.store.find_session("d2", at(1), IDLE).await.expect("an answer").is_some());
    }

    async fn a_session_dies_of_its_end_of_idleness_and_of_sign_out(world) {
        world.store.start_session(&session("ada", "d1"), &once("a1")).await.expect("begun");
        let live = |now, idle| { let store = world.store.clone(); async move {
            store.find_session("d1", now, idle).await.expect("an answer").is_some()
        }};
        assert!(live(at(3599), IDLE).await);
        assert!(!live(at(3600), IDLE).await);
        assert!(live(at(8 * 3600 - 1), Duration::days(1)).await);
        assert!(!live(at(8 * 3600), Duration::days(1)).await);
        assert!(live(at(-3600), IDLE).await, "a clock that went back ends nothing");
        assert!(world.store.end_session("d1").await.expect("ended"));
        assert!(!world.store.end_session("d1").await.expect("an answer"));
        assert!(!live(at(1), IDLE).await);
    }

    async fn use_is_written_down_at_most_once_a_minute_and_keeps_a_session_alive(world) {
        world.store.start_session(&session("ada", "d1"), &once("a1")).await.expect("begun");
        let found = |now| { let store = world.store.clone(); async move {
            store.find_session("d1", now, IDLE).await.expect("an answer").expect("live")
        }};
        let first = found(at(1)).await;
        world.store.touch_session(&first, at(59)).await.expect("touched");
        assert_eq!(found(at(59)).await.seen, at(0));
        world.store.touch_session(&first, at(60)).await.expect("touched");
        assert_eq!(found(at(60)).await.seen, at(60));
        // another replica that still holds the old state writes nothing, and never back
        world.store.touch_session(&first, at(90)).await.expect("touched");
        assert_eq!(found(at(90)).await.seen, at(60));
        let now = found(at(3600)).await;
        world.store.touch_session(&now, at(3600)).await.expect("touched");
        assert_eq!(found(at(7199)).await.seen, at(3600));
        world.store.end_session("d1").await.expect("ended");
        world.store.touch_session(&now, at(7199)).await.expect("touched");
        assert_eq!(world.store.find_session("d1", at(7199), IDLE).await.expect("an answer"), None);
    }

    async fn a_persons_live_sessions_are_theirs_alone(world) {
        for n in 0..3 {
            let mut new = session("ada", &format!("d{n}"));
            new.began = at(n);
            world.store.start_session(&new, &once(&format!("a{n}"))).await.expect("begun");
        }
        let mut namesake = session("ada", "other");
        namesake.identity.subject.format = "another format".to_owned();
        world.store.start_session(&namesake, &once("x")).await.expect("begun");
        world.store.end_session("d1").await.expect("ended");
        let live = world.store.live_sessions_of(&idp("corp"), &subject("ada"), at(5), IDLE).await.expect("an answer");
        assert_eq!(live.iter().map(|s| &*s.digest).collect::<Vec<_>>(), ["d2", "d0"]);
        let later = world.store.live_sessions_of(&idp("corp"), &subject("ada"), at(3601), IDLE).await.expect("an answer");
        assert_eq!(later.iter().map(|s| &*s.digest).collect::<Vec<_>>(), ["d2"]);
    }

    async fn the_last_check_sees_the_session_and_the_revision(world) {
        let check = |now| { let store = world.store.clone(); async move {
            let check = store.last_check("d1", &role(), now, IDLE).await.expect("an answer");
            assert!(check.still_counts());
            (check.session_live, check.revision, check.stopped)
        }};
        assert_eq!(check(at(1)).await, (false, 0, false));
        world.store.start_session(&session("ada", "d1"), &once("a1")).await.expect("begun");
        let draft = Draft { base: None, document_json: "{}".to_owned(), author: "x".to_owned(), note: String::new() };
        world.store.publish(&draft, Event::default(), at(0)).await.expect("published");
        assert_eq!(check(at(1)).await, (true, 1, false));
        assert_eq!(check(at(3600)).await, (false, 1, false));
        world.store.end_session("d1").await.expect("ended");
        assert_eq!(check(at(1)).await, (false, 1, false));
    }

    async fn the_sweep_keeps_live_sessions_and_assertions_that_could_come_again(world) {
        world.store.start_session(&session("ada", "live"), &once("a1")).await.expect("begun");
        let mut over = session("ada", "over");
        over.ends = at(10);
        world.store.start_session(&over, &once("a2")).await.expect("begun");
        let mut idle = session("ada", "idle");
        idle.began = at(-4000);
        world.store.start_session(&idle, &once("a3")).await.expect("begun");
        world.store.remember_login(&login("h", "b"), 20).await.expect("remembered");
        assert_eq!(world.store.sweep(at(10), IDLE).await.expect("swept"), 2);
        assert_eq!(world.store.start_session(&session("ada", "x"), &once("a1")).await.expect("an answer"), StartSession::Replayed);
        assert_eq!(world.store.sweep(at(600), IDLE).await.expect("swept"), 4, "the login and three assertions");
        assert!(world.store.find_session("live", at(600), IDLE).await.expect("an answer").is_some());
    }

    async fn the_sweep_drops_more_than_one_portion(world) {
        world.tamper("INSERT INTO used_assertions (digest, until) \
                      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500) \
                      SELECT 'digest ' || i, i FROM n").await;
        assert_eq!(world.store.sweep(at(0), IDLE).await.expect("swept"), 2500);
        assert_eq!(world.store.sweep(at(0), IDLE).await.expect("swept"), 0);
    }
}
