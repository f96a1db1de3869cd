//! What ends access by the API, and ends it again: when that is answered, and of what has gone from the model.

use serde_json::json;

use super::ending::{NOBODY, person};
use super::{Answer, Program};
use crate::world::World;
use crate::world::accounts::{DEV, MODEL};

#[tokio::test]
async fn what_has_gone_from_the_model_is_opened_again_by_its_id() {
    let world = World::start().await;
    let admin = Program::of(&world, "ada", &["record:read", "revoke"]).await;
    let nothing = json!({});
    for path in [
        "/accounts/payments-dev/suspension",
        "/roles/payments-dev/Developer/suspension",
    ] {
        admin.puts(path, &nothing).await.ok(200);
    }
    world.publishes(&MODEL.replace(DEV, "444455556667")).await;
    let gone = format!("/accounts/{DEV}/suspension");
    admin
        .puts(&gone, &nothing)
        .await
        .refused(422, "stop-refused");
    let stops = admin.gets("/stops").await.ok(200);
    for stop in stops["stops"].as_array().unwrap() {
        assert_eq!(stop["name"], stop["target"], "nobody knows it by a name");
        let of = match stop["kind"].as_str().unwrap() {
            "role" => "roles",
            _ => "accounts",
        };
        let path = format!("/{of}/{}/suspension", stop["target"].as_str().unwrap());
        admin
            .puts(&path, &nothing)
            .await
            .refused(422, "stop-refused");
        assert_eq!(admin.deletes(&path).await.status, 204, "{path}");
    }
    assert_eq!(admin.gets("/stops").await.ok(200)["stops"], json!([]));
    world.stop().await;
}

#[tokio::test]
async fn b14_whatever_ends_access_is_answered_when_it_has_settled_asked_twice_or_not() {
    let world = World::start().await;
    world.signed_in("erin").await;
    world.signed_in("carl").await;
    let admin = Program::of(&world, "ada", &["record:read", "revoke", "sessions"]).await;
    let erin = person(&admin, "erin").await;
    // somebody whose sessions end is not known by a key any more
    let carl = person(&admin, "carl").await;
    let (every, block) = (format!("{erin}/sessions"), format!("{carl}/block"));
    let (one, own) = (format!("{every}/{NOBODY}"), format!("/sessions/{NOBODY}"));
    world.clock.let_wait();
    let nothing = json!({});
    let timed = async |asked: &mut (dyn Future<Output = Answer> + Unpin)| {
        let began = std::time::Instant::now();
        let status = asked.await.status;
        (status, began.elapsed() >= vestibule::store::SETTLED_AFTER)
    };
    for (statuses, again) in [
        ([204, 200, 200, 404, 404], false),
        ([204, 200, 200, 404, 404], true),
    ] {
        let mut sessions = Box::pin(admin.deletes(&every));
        let mut blocks = Box::pin(admin.puts(&block, &nothing));
        let mut suspends = Box::pin(admin.puts("/accounts/payments-dev/suspension", &nothing));
        let mut of_theirs = Box::pin(admin.deletes(&one));
        let mut of_ones_own = Box::pin(admin.deletes(&own));
        let all = tokio::join!(
            timed(&mut sessions),
            timed(&mut blocks),
            timed(&mut suspends),
            timed(&mut of_theirs),
            timed(&mut of_ones_own),
        );
        let all = [all.0, all.1, all.2, all.3, all.4];
        assert_eq!(all, statuses.map(|status| (status, true)), "again: {again}");
    }
    let mut own = Box::pin(admin.deletes("/sessions"));
    assert_eq!(timed(&mut own).await, (204, true));
    world.stop().await;
}
