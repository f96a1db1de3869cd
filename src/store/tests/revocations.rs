//! What is to be done: claimed by one at a time, given back by nobody but the clock, and listed until it is done.

use super::on_both_engines;
use super::world::at;
use crate::domain::account::AccountId;
use crate::store::{DueState, Error};

on_both_engines! {
    async fn a_piece_of_work_is_claimed_when_it_is_due_by_one_and_again_when_that_one_is_gone(world) {
        let store = &world.store;
        store.add_revocation("b", "[2]", at(20), at(0)).await.expect("added");
        store.add_revocation("a", "[1]", at(10), at(0)).await.expect("added");
        assert_eq!(store.claim_revocation(at(100), at(9)).await.expect("an answer"), None);
        let first = store.claim_revocation(at(100), at(30)).await.expect("an answer").expect("due");
        assert_eq!((first.id.as_str(), first.work.as_str(), first.tries, first.state), ("a", "[1]", 1, DueState::Due));
        let second = store.claim_revocation(at(100), at(30)).await.expect("an answer").expect("due");
        assert_eq!(second.id, "b");
        assert_eq!(store.claim_revocation(at(100), at(99)).await.expect("an answer"), None);
        let again = store.claim_revocation(at(200), at(100)).await.expect("an answer").expect("nobody is at it any more");
        assert_eq!((again.id.as_str(), again.tries), ("a", 2));
    }

    async fn what_is_settled_is_done_or_due_again_and_is_listed_as_that(world) {
        let store = &world.store;
        for id in ["a", "b", "c"] {
            store.add_revocation(id, "{}", at(10), at(0)).await.expect("added");
        }
        store.settle_revocation("a", (DueState::Done, at(11)), "", at(11)).await.expect("settled");
        store.settle_revocation("b", (DueState::Due, at(60)), "busy", at(12)).await.expect("settled");
        store.settle_revocation("c", (DueState::GivenUp, at(13)), "refused", at(13)).await.expect("settled");
        let open = store.open_revocations(10).await.expect("an answer");
        assert_eq!(open.iter().map(|due| (due.id.as_str(), due.due, due.cause.as_str())).collect::<Vec<_>>(), [("b", at(60), "busy")]);
        let ended = store.ended_revocations(10).await.expect("an answer");
        assert_eq!(ended.iter().map(|due| (due.id.as_str(), due.state)).collect::<Vec<_>>(), [("c", DueState::GivenUp), ("a", DueState::Done)]);
        assert_eq!(store.claim_revocation(at(100), at(59)).await.expect("an answer"), None);
        assert_eq!(store.claim_revocation(at(100), at(60)).await.expect("an answer").expect("due").id, "b");
        // the same piece of work can be added anew
        store.add_revocation("a", "[9]", at(70), at(61)).await.expect("added");
        assert_eq!(store.claim_revocation(at(200), at(70)).await.expect("an answer").expect("due").work, "[9]");
    }

    async fn what_ended_long_ago_is_dropped_and_what_is_due_is_not(world) {
        let store = &world.store;
        store.add_revocation("old", "{}", at(0), at(0)).await.expect("added");
        store.add_revocation("due", "{}", at(0), at(0)).await.expect("added");
        store.settle_revocation("old", (DueState::Done, at(0)), "", at(0)).await.expect("settled");
        let month = 31 * 24 * 3600;
        store.sweep(at(month), super::world::IDLE).await.expect("swept");
        assert!(store.ended_revocations(10).await.expect("an answer").is_empty());
        assert_eq!(store.open_revocations(10).await.expect("an answer").len(), 1);
    }

    async fn what_was_to_be_done_in_an_account_is_found_however_it_stands_and_no_other_s(world) {
        let store = &world.store;
        let id = |text: &str| AccountId::parse(text).expect("an account");
        let ids = ["111122223333-a-0", "111122223333-a-0-again", "111122223332-a-0", "111122223334-a-0", "tidy-111122223333-role-A", "999999999999-a-0", "z"];
        for id in ids {
            store.add_revocation(id, "{}", at(10), at(5)).await.expect("added");
        }
        store.settle_revocation(ids[1], (DueState::GivenUp, at(6)), "no", at(6)).await.expect("settled");
        let found = async |account: &str, since| {
            let found = store.revocations_of(&id(account), since).await.expect("an answer");
            found.into_iter().map(|due| due.id).collect::<Vec<_>>()
        };
        assert_eq!(found("111122223333", at(0)).await, ids[..2]);
        assert_eq!(found("111122223333", at(6)).await, ids[1..2]);
        assert_eq!(found("999999999999", at(0)).await, ids[5..6]);
        assert!(found("999999999998", at(0)).await.is_empty());
        // however much it is
        for number in 0..200 {
            let id = format!("999999999998-{number:03}");
            store.add_revocation(&id, "{}", at(10), at(5)).await.expect("added");
        }
        let many = found("999999999998", at(0)).await;
        assert_eq!((many.len(), many.first().map(String::as_str), many.last().map(String::as_str)), (200, Some("999999999998-000"), Some("999999999998-199")));
    }

    async fn an_account_is_taken_by_one_until_it_is_left_or_the_time_is_over(world) {
        let store = &world.store;
        assert!(store.take_account("1", "me", at(100), at(0)).await.expect("an answer"));
        assert!(!store.take_account("1", "you", at(100), at(50)).await.expect("an answer"));
        assert!(store.take_account("2", "you", at(100), at(50)).await.expect("an answer"));
        assert!(world.store.take_account("1", "me", at(150), at(50)).await.expect("an answer"), "who has it goes on");
        // nobody leaves what is another's
        store.leave_account("1", "you").await.expect("an answer");
        assert!(!store.take_account("1", "you", at(100), at(50)).await.expect("an answer"));
        store.leave_account("1", "me").await.expect("an answer");
        assert!(store.take_account("1", "you", at(200), at(50)).await.expect("an answer"));
        assert!(!store.take_account("1", "me", at(300), at(199)).await.expect("an answer"));
        assert!(store.take_account("1", "me", at(300), at(200)).await.expect("an answer"), "its time is over");
    }

    async fn what_cannot_be_kept_is_refused(world) {
        let large = format!("\"{}\"", "x".repeat(300 * 1024));
        let refused = world.store.add_revocation("a", &large, at(0), at(0)).await.expect_err("too large");
        assert!(matches!(refused, Error::TooLarge { .. }));
        let refused = world.store.add_revocation("a", "{,}", at(0), at(0)).await.expect_err("no JSON");
        assert!(matches!(refused, Error::Unstorable { .. }));
    }
}

async fn of_many_who_claim_at_once_one_gets_each(world: super::world::World) {
    for number in 0..8 {
        let id = format!("work-{number}");
        world
            .store
            .add_revocation(&id, "{}", at(0), at(0))
            .await
            .expect("added");
    }
    let mut claims = Vec::new();
    for _ in 0..16 {
        let store = world.store.clone();
        claims.push(tokio::spawn(async move {
            store.claim_revocation(at(100), at(1)).await
        }));
    }
    let mut ids = Vec::new();
    for claim in claims {
        let claimed = claim.await.expect("no panic").expect("an answer");
        ids.extend(claimed.map(|due| due.id));
    }
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all, "nobody got what another has");
    // who came second for the same one comes again
    while let Some(due) = world
        .store
        .claim_revocation(at(100), at(1))
        .await
        .expect("an answer")
    {
        assert!(!ids.contains(&due.id));
        ids.push(due.id);
    }
    assert_eq!(ids.len(), 8);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_claim_at_once_one_gets_each_on_sqlite() {
    of_many_who_claim_at_once_one_gets_each(super::world::World::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_claim_at_once_one_gets_each_on_postgres() {
    of_many_who_claim_at_once_one_gets_each(super::world::World::postgres().await).await;
}
