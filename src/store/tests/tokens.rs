//! Tokens, and what was asked for before.

use super::migrations::{at_version, rows_of_the_first_version};
use super::on_both_engines;
use super::world::{IDLE, World, at, identity, idp, login, role, session, subject};
use crate::domain::audit::Event;
use crate::domain::token::{Token, TokenId, TokenScope};
use crate::store::{Asked, MOST_TOKENS};

fn token(name: &str, number: i64) -> Token {
    Token {
        id: TokenId::parse(&format!("{number:016x}")).expect("an id"),
        digest: format!("t{number}"),
        identity: identity(name),
        name: format!("number {number}"),
        scopes: [TokenScope::MeRead, TokenScope::KeysMake].into(),
        made: at(number),
        expires: at(1_000),
        used: None,
    }
}

on_both_engines! {
    async fn a_token_is_found_by_its_digest_until_it_ends(world) {
        let (store, new) = (&world.store, token("ada", 1));
        assert!(store.keep_token(&new).await.expect("kept"));
        assert_eq!(store.find_token("t1", at(999)).await.expect("an answer"), Some(new.clone()));
        assert_eq!(store.token(&new.id, at(999)).await.expect("an answer"), Some(new));
        for (digest, now) in [("t1", 1_000), ("t2", 1), ("", 1), ("0000000000000001", 1)] {
            assert_eq!(store.find_token(digest, at(now)).await.expect("an answer"), None, "{digest}");
        }
    }

    async fn its_use_is_written_down_once_a_minute(world) {
        let store = &world.store;
        assert!(store.keep_token(&token("ada", 1)).await.expect("kept"));
        for (now, used) in [(10, 10), (30, 10), (70, 70)] {
            let found = store.find_token("t1", at(now)).await.expect("an answer").expect("alive");
            store.note_token(&found, at(now)).await.expect("noted");
            let found = store.find_token("t1", at(now)).await.expect("an answer").expect("alive");
            assert_eq!(found.used, Some(at(used)));
        }
    }

    async fn tokens_are_their_persons_and_speak_as_last_proved(world) {
        let (store, corp) = (&world.store, idp("corp"));
        for (name, number) in [("ada", 1), ("ada", 2), ("eve", 3)] {
            assert!(store.keep_token(&token(name, number)).await.expect("kept"));
        }
        let ada = subject("ada");
        let of_ada = store.tokens_of(&corp, &ada, at(10)).await.expect("an answer");
        let names: Vec<&str> = of_ada.iter().map(|token| token.name.as_str()).collect();
        assert_eq!(names, ["number 2", "number 1"], "the newest first");
        let mut proved = identity("ada");
        proved.attributes.clear();
        store.prove_tokens(&proved).await.expect("proved");
        let of = |digest: &'static str| { let store = store.clone(); async move {
            store.find_token(digest, at(10)).await.expect("an answer").expect("alive").identity
        }};
        assert_eq!((of("t1").await, of("t2").await), (proved.clone(), proved));
        assert_eq!(of("t3").await, identity("eve"));
        // somebody else's is not theirs to revoke
        let third = token("eve", 3).id;
        let revoke = async |id: &TokenId| {
            let event = Event::default();
            store.revoke_token((&corp, &ada), id, &event, at(10)).await.expect("an answer")
        };
        assert!(!revoke(&third).await);
        for own in &of_ada {
            assert!(revoke(&own.id).await && !revoke(&own.id).await, "once");
        }
        let rows = store.recent(None, 10).await.expect("rows");
        assert_eq!(rows.len(), 2, "one for each that was revoked");
        assert!(store.find_token("t1", at(10)).await.expect("an answer").is_none());
        let page = store.all_tokens("", 10, at(10)).await.expect("an answer");
        assert_eq!(page.len(), 1);
        assert!(store.all_tokens(page[0].id.as_str(), 10, at(10)).await.expect("an answer").is_empty());
    }

    async fn a_person_has_so_many_and_no_more(world) {
        let store = &world.store;
        for number in 0..MOST_TOKENS {
            assert!(store.keep_token(&Token { made: at(0), ..token("ada", number) }).await.expect("kept"));
        }
        let one_more = Token { made: at(0), ..token("ada", MOST_TOKENS) };
        assert!(!store.keep_token(&one_more).await.expect("an answer"));
        assert!(store.keep_token(&Token { made: at(0), ..token("eve", MOST_TOKENS) }).await.expect("kept"));
        // those that have ended make room, and are swept
        let later = Token { made: at(1_000), expires: at(2_000), ..token("ada", 500) };
        assert!(store.keep_token(&later).await.expect("kept"));
        assert_eq!(store.sweep(at(1_000), IDLE).await.expect("swept"), MOST_TOKENS.unsigned_abs() + 1);
    }

    async fn the_last_check_knows_tokens_as_well_as_sessions(world) {
        let store = &world.store;
        assert!(store.keep_token(&token("ada", 1)).await.expect("kept"));
        store.start_session(&session("ada", "d1"), &super::world::once("a1")).await.expect("begun");
        let live = |digest: &'static str, now| { let store = store.clone(); async move {
            store.last_check(digest, &role(), at(now), IDLE).await.expect("an answer").session_live
        }};
        assert!(live("t1", 999).await && live("d1", 1).await);
        assert!(!live("t1", 1_000).await && !live("t2", 1).await);
    }

    async fn what_is_asked_under_a_key_is_begun_once(world) {
        let (store, corp) = (&world.store, idp("corp"));
        let (ada, eve) = (subject("ada"), subject("eve"));
        let ask = |who: &'static str, request: &'static str, now: i64| {
            let store = store.clone();
            async move {
                let who = (&idp("corp"), &subject(who));
                store.ask_once(who, ("k", request), (at(now), at(now + 100))).await.expect("an answer")
            }
        };
        assert_eq!(ask("ada", "r", 0).await, Asked::First);
        assert_eq!(ask("ada", "r", 1).await, Asked::UnderWay);
        assert_eq!(ask("ada", "other", 1).await, Asked::SomethingElse);
        assert_eq!(ask("eve", "other", 1).await, Asked::First);
        store.note_outcome((&corp, &ada), "k", "{\"a\":1}").await.expect("noted");
        assert_eq!(ask("ada", "r", 99).await, Asked::Before("{\"a\":1}".to_owned()));
        assert_eq!(ask("ada", "other", 99).await, Asked::SomethingElse);
        assert_eq!(ask("ada", "other", 100).await, Asked::First, "it is forgotten");
        store.forget_asked((&corp, &eve), "k").await.expect("forgotten");
        assert_eq!(ask("eve", "r", 2).await, Asked::First);
        assert!(store.note_outcome((&corp, &eve), "k", "no JSON").await.is_err());
        let large = |bytes: usize| format!("\"{}\"", "x".repeat(bytes - 2));
        let most = 16 * 1024 * 1024;
        assert!(store.note_outcome((&corp, &eve), "k", &large(most + 1)).await.is_err());
        store.note_outcome((&corp, &eve), "k", &large(most)).await.expect("noted");
        assert_eq!(store.sweep(at(1_000), IDLE).await.expect("swept"), 2);
    }
}

async fn sessions_of_before_go_on_when_tokens_come(world: World) {
    at_version(&world, 5).await;
    rows_of_the_first_version(&world, &login("h1", "b")).await;
    world.store.migrate().await.expect("migrated");
    let store = &world.store;
    let check = store.last_check("d1", &role(), at(1), IDLE).await;
    assert!(check.expect("an answer").session_live);
    let none = store.find_token("d1", at(1)).await;
    assert!(none.expect("an answer").is_none(), "a session is no token");
}

#[tokio::test]
async fn sessions_of_before_go_on_when_tokens_come_on_sqlite() {
    sessions_of_before_go_on_when_tokens_come(World::empty_sqlite().await).await;
}

#[tokio::test]
async fn sessions_of_before_go_on_when_tokens_come_on_postgres() {
    sessions_of_before_go_on_when_tokens_come(World::empty_postgres().await).await;
}
