//! Keys for programs: the same grant, record and last check as on the page, and once for each key of the program's own.

use chrono::TimeDelta;
use serde_json::{Value, json};
use vestibule::clock::Clock as _;
use vestibule::domain::audit::EventKind;

use super::Program;
use crate::world::World;
use crate::world::accounts::MODEL;

const ALL: &[&str] = &["me:read", "keys:make", "tokens"];

fn wanted(role: &str) -> Value {
    json!({"role": role})
}

async fn makes(program: &Program, role: &str, key: &str) -> super::Answer {
    let key = [("idempotency-key", key)];
    program.posts_with("/keys", &wanted(role), &key).await
}

#[tokio::test]
async fn a_program_gets_keys_of_its_persons_roles_and_the_record_says_by_which_token() {
    let world = World::start().await;
    let program = Program::of(&world, "erin", ALL).await;
    let roles = program.gets("/roles").await.ok(200);
    let developer = roles["roles"]
        .as_array()
        .unwrap()
        .iter()
        .find(|role| role["key"] == "payments-dev/Developer")
        .unwrap();
    assert_eq!(developer["account"]["environment"], "development");
    assert_eq!(developer["method"], "AssumeRole");
    let link = format!("{}/go/payments-dev/Developer", world.url);
    assert_eq!(developer["links"]["console"], link.as_str());
    let why = program
        .gets("/roles/payments-dev/Developer/why")
        .await
        .ok(200);
    assert_eq!(
        (&why["verdict"], &why["ways"][0]["rule"]),
        (&json!("held"), &json!("payments engineers"))
    );
    program
        .gets("/roles/payments-dev/Nothing/why")
        .await
        .refused(403, "not-entitled");

    let answer = program
        .posts(
            "/keys",
            &json!({"role": "payments-dev/Developer", "scope": "read-only", "hours": 1}),
        )
        .await;
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert_eq!(answer.header("cache-control"), "no-store");
    let keys = answer.ok(201);
    assert!(keys["access_key_id"].as_str().unwrap().starts_with("ASIA"));
    let begun = world.audited(EventKind::KeysBegun, 1).await;
    let ended = world.audited(EventKind::KeysEnded, 1).await;
    assert_eq!(begun[0].signin_id.as_deref(), keys["signin_id"].as_str());
    assert_eq!(
        ended[0].access_key_id.as_deref(),
        keys["access_key_id"].as_str()
    );
    assert_eq!(ended[0].result.as_deref(), Some("handed_over"));
    let made = world.audited(EventKind::TokenMade, 1).await;
    assert_eq!(begun[0].token, made[0].token);
    assert_eq!(begun[0].scope.as_deref(), Some("read-only"));
    world.stop().await;
}

#[tokio::test]
async fn what_a_role_asks_of_the_person_no_token_brings() {
    let requires = |model: &str, role: &str, what: &str| {
        let name = format!("name = \"{role}\"\n");
        model.replacen(&name, &format!("{name}requires = {{ {what} }}\n"), 1)
    };
    let model = requires(MODEL, "Admin", "reason = true");
    let model = requires(&model, "Chained", "login_within_minutes = 15");
    let model = requires(&model, "Narrow", "acr = [\"mfa\"]");
    let world = World::builder().model(&model).start().await;
    let program = Program::of(&world, "erin", ALL).await;
    world.aws_forgets();
    for (role, says) in [
        ("Admin", "a reason"),
        ("Chained", "a fresh login"),
        ("Narrow", "a fresh login"),
        ("SamlReader", "own proof"),
    ] {
        let refused = program
            .posts("/keys", &wanted(&format!("payments-prod/{role}")))
            .await;
        refused.refused(403, "not-for-tokens");
        assert!(
            refused.json["detail"].as_str().unwrap().contains(says),
            "{}",
            refused.text
        );
    }
    program
        .posts("/keys", &wanted("payments-prod/Nothing"))
        .await
        .refused(403, "not-entitled");
    let refused = world.audited(EventKind::KeysRefused, 5).await;
    assert!(refused.iter().all(|row| row.token.is_some()));
    assert!(world.aws_saw().is_empty(), "AWS was not asked");
    world.stop().await;
}

#[tokio::test]
async fn what_is_asked_twice_under_one_key_is_done_once() {
    let world = World::start().await;
    let program = Program::of(&world, "erin", ALL).await;
    let other = Program::of(&world, "carl", ALL).await;
    world.aws_forgets();
    let first = makes(&program, "payments-dev/Developer", "k-1")
        .await
        .ok(201);
    let again = makes(&program, "payments-dev/Developer", "k-1").await;
    again.refused(409, "made-before");
    assert_eq!(again.json["signin_id"], first["signin_id"]);
    assert!(!again.text.contains("session_token"));
    makes(&program, "payments-prod/Admin", "k-1")
        .await
        .refused(422, "idempotency-key-of-another");
    assert_eq!(world.sts_calls().len(), 1);
    // a key is its person's
    assert_ne!(
        makes(&other, "payments-dev/Developer", "k-1").await.status,
        409
    );
    // what came to nothing can be asked for again
    makes(&program, "payments-prod/Nothing", "k-2")
        .await
        .refused(403, "not-entitled");
    makes(&program, "payments-prod/Nothing", "k-2")
        .await
        .refused(403, "not-entitled");
    makes(&program, "payments-dev/Developer", "k-2")
        .await
        .ok(201);
    // many at once: one does it
    let asked = world.sts_calls().len();
    let all = (0..8).map(|_| makes(&program, "payments-dev/Developer", "k-3"));
    let all = futures_util::future::join_all(all).await;
    let made = all.iter().filter(|answer| answer.status == 201).count();
    let refused = all.iter().filter(|answer| answer.status == 409).count();
    assert_eq!((made, refused), (1, 7));
    assert_eq!(world.sts_calls().len(), asked + 1);
    world.clock.advance(TimeDelta::hours(24));
    makes(&program, "payments-dev/Developer", "k-1")
        .await
        .ok(201);
    world.stop().await;
}

#[tokio::test]
async fn a_token_revoked_while_aws_is_asked_gets_no_keys() {
    let world = World::start().await;
    let program = Program::of(&world, "erin", ALL).await;
    let latch = vestibule_sandbox::aws::faults::Latch::new();
    let faults = &world.sandbox.simulation().faults;
    let hold = vestibule_sandbox::aws::faults::Fault::HoldAnswer(latch.clone());
    faults.plan(
        vestibule_sandbox::aws::faults::HostKind::Sts,
        Some("AssumeRole"),
        hold,
    );
    let body = wanted("payments-dev/Developer");
    let asks = program.posts("/keys", &body);
    let meanwhile = async {
        latch.arrived(1).await;
        assert_eq!(program.deletes("/tokens").await.status, 204);
        latch.release();
    };
    let (answer, ()) = tokio::join!(asks, meanwhile);
    answer.refused(403, "session-ended");
    assert!(!answer.text.contains("ASIA"));
    let ended = world.audited(EventKind::KeysEnded, 1).await;
    assert_eq!(ended[0].result.as_deref(), Some("refused"));
    world.stop().await;
}

#[tokio::test]
async fn programs_that_ask_too_often_are_told_when_to_come_again() {
    let world = World::builder()
        .with(
            "[aws]\n",
            "[limits]\napi_per_person = { per_minute = 6, burst = 2 }\n\n[aws]\n",
        )
        .start()
        .await;
    let program = Program::of(&world, "erin", ALL).await;
    let other = Program::of(&world, "carl", ALL).await;
    world.clock.hold_at(world.clock.now());
    for _ in 0..2 {
        program.gets("/me").await.ok(200);
    }
    let refused = program.gets("/me").await;
    refused.refused(429, "too-often");
    assert_eq!(refused.header("retry-after"), "10");
    other.gets("/me").await.ok(200);
    world.clock.advance(TimeDelta::seconds(10));
    program.gets("/me").await.ok(200);
    world.stop().await;
}
