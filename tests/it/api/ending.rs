//! Ending access by the API: sessions seen and ended, people blocked, roles and accounts suspended.

use serde_json::{Value, json};
use vestibule::clock::Clock as _;
use vestibule::domain::audit::EventKind;
use vestibule_sandbox::aws::faults::HostKind;

use super::{Answer, Program, made};
use crate::world::World;
use crate::world::browser::Browser;

const STS: (HostKind, &str) = (HostKind::Sts, "AssumeRole");

pub(super) const NOBODY: &str = "00000000000000000000000000000000";

impl Program {
    pub(crate) async fn puts(&self, path: &str, body: &Value) -> Answer {
        let kind = [("content-type", "application/json")];
        self.sends("PUT", path, &kind, Some(body.to_string())).await
    }
}

async fn is_in(world: &World, browser: &Browser) -> bool {
    let me = browser.opens_once(&world.at("/api/v1/me")).await;
    me.status == 200
}

/// The address of somebody whom a text finds.
pub(super) async fn person(admin: &Program, text: &str) -> String {
    let found = admin.gets(&format!("/people?q={text}")).await.ok(200);
    let key = found["people"][0]["person"].as_str();
    format!("/people/{}", key.unwrap_or_else(|| panic!("{found}")))
}

fn handles(list: &Value) -> Vec<&str> {
    let sessions = list["sessions"].as_array().unwrap().iter();
    let handles = sessions.map(|session| session["handle"].as_str().unwrap());
    handles.collect()
}

#[tokio::test]
async fn ones_own_sessions_are_ended_by_a_token_that_is_for_that_and_by_no_other() {
    let world = World::start().await;
    let here = world.signed_in("erin").await;
    let carl = Program::of(&world, "carl", &["sessions"]).await;
    let stolen = ["me:read", "keys:make", "tokens"];
    let stolen = Program::with(&world, Some(&made(&world, &here, &stolen).await)).await;
    let erin = Program::with(&world, Some(&made(&world, &here, &["sessions"]).await)).await;
    let there = world.signed_in("erin").await;
    let all = erin.gets("/sessions").await.ok(200);
    let theirs = handles(&all);
    assert_eq!(theirs.len(), 2);
    let one = format!("/sessions/{}", theirs[0]);
    stolen.gets("/sessions").await.refused(403, "scope-lacking");
    stolen
        .deletes("/sessions")
        .await
        .refused(403, "scope-lacking");
    stolen.deletes(&one).await.refused(403, "scope-lacking");
    let asked = json!({"name": "b", "scopes": ["sessions"], "days": 1});
    let more = stolen.posts("/tokens", &asked).await;
    more.refused(422, "token-refused");
    // another person's is like one that is none
    carl.deletes(&one).await.refused(404, "no-such-session");
    for handle in [NOBODY, "x", &"0".repeat(5_000)] {
        let path = format!("/sessions/{handle}");
        erin.deletes(&path).await.refused(404, "no-such-session");
    }
    assert!(is_in(&world, &here).await && is_in(&world, &there).await);
    // the newest first
    assert_eq!(erin.deletes(&one).await.status, 204);
    assert!(is_in(&world, &here).await && !is_in(&world, &there).await);
    erin.deletes(&one).await.refused(404, "no-such-session");
    for _ in 0..2 {
        assert_eq!(erin.deletes("/sessions").await.status, 204);
    }
    assert!(!is_in(&world, &here).await);
    let none = erin.gets("/sessions").await.ok(200);
    assert_eq!(none["sessions"], json!([]), "and the token lives on");
    assert_eq!(handles(&carl.gets("/sessions").await.ok(200)).len(), 1);
    let rows = world.audit(EventKind::SessionEnded).await;
    assert_eq!(rows.len(), 2, "what had ended leaves no row");
    for row in rows {
        assert_eq!(row.cause.as_deref(), Some("ended_elsewhere"));
        assert!(row.token.is_some());
    }
    world.stop().await;
}

#[tokio::test]
async fn an_administrator_sees_somebodys_sessions_and_ends_one_or_all() {
    let world = World::start().await;
    let (one, two) = (world.signed_in("erin").await, world.signed_in("erin").await);
    let carl = world.signed_in("carl").await;
    let admin = Program::of(&world, "ada", &["record:read", "revoke"]).await;
    let all = admin.gets("/people").await.ok(200);
    assert_eq!(all["people"].as_array().unwrap().len(), 3, "{all}");
    let erin = person(&admin, "ERIN").await;
    assert!(world.audit(EventKind::RecordRead).await.is_empty());
    let seen = admin.gets(&erin).await.ok(200);
    assert_eq!(seen["subject"], "erin@example.com");
    assert_eq!(seen["blocked"], false);
    let look = world.audited(EventKind::RecordRead, 1).await.remove(0);
    assert_eq!(look.query.as_deref(), Some("sessions"));
    assert!(look.token.is_some());
    let about = look.about.unwrap();
    assert_eq!(about.subject.as_deref(), Some("erin@example.com"));

    let theirs = handles(&seen);
    assert_eq!(theirs.len(), 2);
    let of_carl = person(&admin, "carl").await;
    for path in [
        format!("{of_carl}/sessions/{}", theirs[0]),
        format!("{erin}/sessions/{NOBODY}"),
        format!("{erin}/sessions/x"),
    ] {
        admin.deletes(&path).await.refused(404, "no-such-session");
    }
    let first = format!("{erin}/sessions/{}", theirs[0]);
    assert_eq!(admin.deletes(&first).await.status, 204);
    assert!(is_in(&world, &one).await && !is_in(&world, &two).await);
    admin.deletes(&first).await.refused(404, "no-such-session");
    for _ in 0..2 {
        let every = format!("{erin}/sessions");
        assert_eq!(admin.deletes(&every).await.status, 204);
    }
    assert!(!is_in(&world, &one).await && is_in(&world, &carl).await);
    let rows = world.audit(EventKind::SessionEnded).await;
    assert_eq!(rows.len(), 2, "what had ended leaves no row");
    for row in rows {
        assert_eq!(row.cause.as_deref(), Some("ended_by_administrator"));
        assert_eq!(
            row.about.unwrap().subject.as_deref(),
            Some("erin@example.com")
        );
        assert!(row.token.is_some());
    }
    // the record knows whoever was here
    let known = admin.gets(&erin).await.json;
    assert_eq!(known["subject"], "erin@example.com");
    assert_eq!(known["sessions"], serde_json::json!([]));
    for key in ["nobody", &"0".repeat(64), &"A".repeat(64)] {
        let path = format!("/people/{key}");
        admin.gets(&path).await.refused(404, "no-such-person");
    }
    let long = format!("/people?q={}", "a".repeat(300));
    admin.gets(&long).await.refused(400, "body-unreadable");
    world.stop().await;
}

#[tokio::test]
async fn b14_somebody_blocked_by_the_api_while_sts_answers_gets_nothing() {
    let world = World::start().await;
    let erin = world.signed_in("erin").await;
    let token = made(&world, &erin, &["me:read"]).await;
    let program = Program::with(&world, Some(&token)).await;
    let admin = Program::of(&world, "ada", &["record:read", "revoke"]).await;
    let who = person(&admin, "erin").await;
    let block = format!("{who}/block");
    let link = world.at("/go/payments-prod/Admin");
    let meanwhile = async {
        let wanted = json!({"note": "has left"});
        let set = admin.puts(&block, &wanted).await.ok(200);
        assert_eq!(set["in_force"], true, "{set}");
        assert_eq!(set["note"], "has left");
        assert_eq!(set["who"]["subject"], "erin@example.com");
    };
    let page = world.held_at(STS, erin.opens_once(&link), meanwhile).await;
    page.is_refused(403, "blocked");
    assert!(!page.body.contains("has left"));
    program.gets("/me").await.refused(401, "token-unknown");
    // in place of what stood there
    let until = world.clock.now() + chrono::TimeDelta::days(2);
    let until = until.format("%Y-%m-%dT%H:%M:00Z").to_string();
    let wanted = json!({"until": until, "note": "for the weekend"});
    for _ in 0..2 {
        let set = admin.puts(&block, &wanted).await.ok(200);
        assert_eq!(set["until"], until.as_str());
    }
    let seen = admin.gets(&who).await.ok(200);
    assert_eq!(
        (&seen["blocked"], &seen["sessions"]),
        (&json!(true), &json!([]))
    );
    assert_eq!(seen["block"]["note"], "for the weekend");
    assert!(
        seen["block"]["by"]
            .as_str()
            .unwrap()
            .contains("ada@example.com")
    );
    let stops = admin.gets("/stops").await.ok(200);
    assert_eq!(stops["stops"], json!([seen["block"]]));
    let page = world.signs_in(&world.browser(), "/?idp=corp", "erin").await;
    page.is_refused(403, "blocked");

    assert_eq!(admin.deletes(&block).await.status, 204);
    admin.deletes(&block).await.refused(404, "no-such-stop");
    world.signed_in("erin").await;
    let rows = world.audit(EventKind::PersonBlocked).await;
    assert_eq!(rows.len(), 3, "who asked, each time");
    assert_eq!(rows[0].note.as_deref(), Some("has left"));
    assert!(rows[2].until.is_some());
    let lifted = world.audit(EventKind::PersonUnblocked).await.remove(0);
    assert!(lifted.token.is_some() && rows.iter().all(|row| row.token.is_some()));
    world.stop().await;
}

#[tokio::test]
async fn somebody_is_blocked_before_they_come_and_nobody_blocks_themself() {
    let world = World::start().await;
    let began = world.signed_in("ada").await;
    let scopes = ["record:read", "revoke"];
    let admin = Program::with(&world, Some(&made(&world, &began, &scopes).await)).await;
    let rows = world.audit(EventKind::SessionBegan).await;
    let format = rows[0].subject_format.clone().unwrap();
    let by_name =
        |subject: &str| json!({"idp": "corp", "subject_format": format, "subject": subject});
    let set = admin
        .posts("/people/block", &by_name("carl@example.com"))
        .await
        .ok(200);
    assert_eq!(set["name"], "carl@example.com");
    let page = world.signs_in(&world.browser(), "/?idp=corp", "carl").await;
    page.is_refused(403, "blocked");
    let found = admin.gets("/people?q=carl").await.ok(200);
    assert_eq!(found["people"][0]["blocked"], true);
    assert_eq!(found["people"][0]["person"], set["target"]);

    let own = admin
        .posts("/people/block", &by_name("ada@example.com"))
        .await;
    own.refused(422, "stop-refused");
    let own = format!("{}/block", person(&admin, "ada").await);
    admin
        .puts(&own, &json!({}))
        .await
        .refused(422, "stop-refused");
    for (idp, subject) in [
        ("nobody", "carl"),
        ("a b", "carl"),
        ("corp", ""),
        ("corp", "a\u{7}b"),
        ("corp", &"x".repeat(2_000)),
    ] {
        let whom = json!({"idp": idp, "subject_format": "", "subject": subject});
        let refused = admin.posts("/people/block", &whom).await;
        refused.refused(404, "no-such-person");
    }
    let unknown = format!("/people/{}/block", "0".repeat(64));
    admin
        .puts(&unknown, &json!({}))
        .await
        .refused(404, "no-such-person");
    for body in [
        json!({"idp": "corp", "subject": "carl"}),
        json!({"idp": "corp", "subject_format": "", "subject": "carl", "x": 1}),
        json!([]),
    ] {
        let refused = admin.posts("/people/block", &body).await;
        refused.refused(400, "body-unreadable");
    }
    assert_eq!(world.audit(EventKind::PersonBlocked).await.len(), 1);
    world.stop().await;
}

#[tokio::test]
async fn b14_a_role_or_an_account_suspended_by_the_api_while_sts_answers_gives_nothing() {
    let world = World::start().await;
    let erin = world.signed_in("erin").await;
    let admin = Program::of(&world, "ada", &["record:read", "revoke"]).await;
    let link = world.at("/go/payments-prod/Admin");
    for (place, kind, problem) in [
        ("/roles/payments-prod/Admin", "role", "role-suspended"),
        ("/roles/111122223333/%41dmin", "role", "role-suspended"),
        ("/accounts/payments-prod", "account", "account-suspended"),
        ("/accounts/111122223333", "account", "account-suspended"),
    ] {
        let path = format!("{place}/suspension");
        let meanwhile = async {
            let set = admin.puts(&path, &json!({"note": "n"})).await.ok(200);
            assert_eq!(
                (&set["kind"], &set["in_force"]),
                (&json!(kind), &json!(true))
            );
        };
        let page = world.held_at(STS, erin.opens_once(&link), meanwhile).await;
        page.is_refused(403, problem);
        let stops = admin.gets("/stops").await.ok(200);
        assert_eq!(stops["stops"].as_array().unwrap().len(), 1);
        assert_eq!(admin.deletes(&path).await.status, 204);
        admin.deletes(&path).await.refused(404, "no-such-stop");
        assert_eq!(erin.opens_once(&link).await.status, 303);
    }
    for (kind, count) in [
        (EventKind::RoleSuspended, 2),
        (EventKind::RoleResumed, 2),
        (EventKind::AccountSuspended, 2),
        (EventKind::AccountResumed, 2),
    ] {
        let rows = world.audit(kind).await;
        assert_eq!(rows.len(), count);
        assert!(rows.iter().all(|row| row.token.is_some()));
    }
    world.stop().await;
}

#[tokio::test]
async fn what_cannot_be_stopped_or_stands_nowhere_is_refused_and_changes_nothing() {
    let world = World::start().await;
    let admin = Program::of(&world, "ada", &["record:read", "revoke"]).await;
    for path in [
        "/accounts/nowhere/suspension",
        "/accounts/999999999999/suspension",
        "/accounts/a%20b/suspension",
        "/roles/payments-prod/Nothing/suspension",
        "/roles/payments-prod/a%20b/suspension",
        "/roles/payments-prod/%zz/suspension",
        "/roles/payments-prod/a%2Fb/suspension",
    ] {
        admin
            .puts(path, &json!({}))
            .await
            .refused(422, "stop-refused");
    }
    // of what has gone from the model, the id is enough
    let gone = admin.deletes("/accounts/999999999999/suspension").await;
    gone.refused(404, "no-such-stop");
    let path = "/accounts/payments-prod/suspension";
    let long = "x".repeat(1_001);
    for (body, why) in [
        (json!({"until": "2020-01-01T00:00:00Z"}), "past"),
        (json!({"until": "9999-01-01T00:00:00Z"}), "ten years"),
        (json!({"until": "tomorrow"}), "until"),
        (json!({"until": ""}), "until"),
        (json!({"until": 5}), "until"),
        (json!({"note": long}), "note"),
        (json!({"note": "a\u{1b}b"}), "note"),
        (json!({"untill": "2030-01-01T00:00:00Z"}), "untill"),
        (json!("x"), ""),
    ] {
        let refused = admin.puts(path, &body).await;
        refused.refused(400, "body-unreadable");
        assert!(
            refused.json["detail"].as_str().unwrap().contains(why),
            "{}",
            refused.text
        );
    }
    admin
        .sends("PUT", path, &[], Some("{}".to_owned()))
        .await
        .refused(415, "media-type");
    assert_eq!(admin.gets("/stops").await.ok(200)["stops"], json!([]));
    assert!(world.audit(EventKind::AccountSuspended).await.is_empty());
    world.stop().await;
}
