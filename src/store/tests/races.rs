//! Many at once, over two replicas: one wins.

use std::future::Future;

use super::on_both_engines;
use super::world::{IDLE, World, at, idp, login, once, role, session, subject};
use crate::domain::audit::Event;
use crate::store::{Draft, Publish, StartSession, Store, TakeLogin};

/// Runs `count` attempts at once, alternating between two replicas.
async fn race<T: Send + 'static, F>(
    world: &World,
    count: usize,
    attempt: impl Fn(Store, usize) -> F,
) -> Vec<T>
where
    F: Future<Output = T> + Send + 'static,
{
    let replicas = [world.store.clone(), world.replica().await];
    let tasks: Vec<_> = (0..count)
        .map(|n| tokio::spawn(attempt(replicas[n % 2].clone(), n)))
        .collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.expect("no panic"));
    }
    results
}

on_both_engines! {
    async fn of_fifty_who_take_a_login_one_gets_it(world) {
        for round in 0..3 {
            let handle = format!("h{round}");
            world.store.remember_login(&login(&handle, "b"), 20).await.expect("remembered");
            let results = race(&world, 50, |store, _| {
                let handle = handle.clone();
                async move { store.take_login(&handle, "b", at(1)).await.expect("an answer") }
            }).await;
            assert_eq!(results.iter().filter(|r| matches!(r, TakeLogin::Taken(_))).count(), 1);
            assert_eq!(results.iter().filter(|r| **r == TakeLogin::Unknown).count(), 49);
        }
    }

    async fn of_fifty_sessions_from_one_assertion_one_begins(world) {
        let results = race(&world, 50, |store, n| async move {
            store.start_session(&session("ada", &format!("d{n}")), &once("a")).await.expect("an answer")
        }).await;
        assert_eq!(results.iter().filter(|r| **r == StartSession::Started).count(), 1);
        let live = world.store.live_sessions_of(&idp("corp"), &subject("ada"), at(1), IDLE).await;
        assert_eq!(live.expect("an answer").len(), 1);
    }

    async fn of_sixteen_who_publish_on_one_base_one_does(world) {
        for base in 0..3 {
            let results = race(&world, 16, |store, n| async move {
                let draft = Draft {
                    base: (base > 0).then_some(base),
                    document_json: format!("{n}"),
                    author: String::new(),
                    note: String::new(),
                };
                store.publish(&draft, Event::default(), at(0)).await.expect("an answer")
            }).await;
            assert_eq!(results.iter().filter(|r| **r == Publish::Published(base + 1)).count(), 1);
            assert_eq!(results.iter().filter(|r| **r == Publish::Conflict { current: base + 1 }).count(), 15);
        }
        assert_eq!(world.store.revisions(None, 10).await.expect("an answer").len(), 3);
    }

    async fn a_session_ended_on_one_replica_fails_the_last_check_on_the_other(world) {
        let other = world.replica().await;
        world.store.start_session(&session("ada", "d"), &once("a")).await.expect("begun");
        assert!(other.last_check("d", &role(), at(1), IDLE).await.expect("an answer").session_live);
        world.store.end_session("d").await.expect("ended");
        assert!(!other.last_check("d", &role(), at(1), IDLE).await.expect("an answer").session_live);
    }
}
