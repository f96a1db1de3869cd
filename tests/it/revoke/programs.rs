//! Revoking by the API: the policies first, done once, and never a plain success where something is not cut off.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use vestibule::domain::access::Document;
use vestibule::domain::audit::EventKind;
use vestibule_sandbox::aws::faults::{Fault, HostKind};

use super::{Inside, POLICY, REVOKER, seconds, standing, start};
use crate::api::Program;
use crate::commands::{does, vestibule};
use crate::world::World;
use crate::world::accounts::{DEV, PROD};

const LINK: &str = "/go/payments-dev/Developer?idp=corp";
const ROLE: &str = "payments-dev/Developer";
const PATH: &str = "/revocations";
const PLAN: &str = "/revocations/plan";
const PEOPLE: &str = "/revocations/people";

fn erin() -> Value {
    json!({"idp": "corp", "subject": "erin@example.com"})
}

async fn revoker(world: &World) -> Program {
    Program::of(world, "ada", &["revoke"]).await
}

/// How often AWS was asked to change something.
fn changes(world: &World) -> usize {
    let actions = world.aws_actions();
    let changes = |action: &&String| action.starts_with("Put") || action.starts_with("Delete");
    actions.iter().filter(changes).count()
}

fn states(said: &Value) -> BTreeSet<(String, String)> {
    let places = said["places"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    places
        .map(|place| (text(&place["account"]), text(&place["state"])))
        .collect()
}

fn pair(account: &str, state: &str) -> (String, String) {
    (account.to_owned(), state.to_owned())
}

#[tokio::test]
async fn the_policies_are_told_first_and_what_was_told_is_what_is_put_once() {
    let world = start().await;
    let inside = Inside::goes(&world, "erin", LINK).await;
    let admin = revoker(&world).await;
    seconds(&world, 1);
    world.aws_forgets();
    let wanted = json!({"person": erin(), "links": "ahead", "note": "a leaver"});
    let plan = admin.posts(PLAN, &wanted).await.ok(200);
    assert_eq!(
        [
            &plan["outcome"],
            &plan["applied"],
            &plan["places"][0]["state"]
        ],
        [&json!("planned"), &json!(false), &json!("planned")]
    );
    assert_eq!(plan["places"][0]["policy_name"], POLICY);
    assert_eq!(changes(&world), 0);
    assert!(standing(&world, DEV, ("role", "Developer")).is_none());
    assert!(inside.may(&world).await);

    let mut apply = wanted.clone();
    apply["at"] = plan["at"].clone();
    let key = [("idempotency-key", "erin-leaves")];
    let done = admin.posts_with(PATH, &apply, &key).await.ok(200);
    assert_eq!(
        [&done["outcome"], &done["whole"]],
        [&json!("done"), &json!(true)]
    );
    assert_eq!(states(&done), [pair(DEV, "cut")].into());
    assert_eq!(done["places"][0]["policy"], plan["places"][0]["policy"]);
    let stands = standing(&world, DEV, ("role", "Developer"));
    assert_eq!(stands.as_ref(), Some(&plan["places"][0]["policy"]));
    assert!(!inside.may(&world).await);
    let ended = world.audited(EventKind::RevokeEnded, 2).await;
    assert_eq!(ended[1].note.as_deref(), Some("a leaver"));
    assert!(ended[1].token.is_some());

    // the same under the same key: AWS is not asked again
    let (asked, put) = (world.aws_saw().len(), changes(&world));
    assert_eq!(put, 1);
    let again = admin.posts_with(PATH, &apply, &key).await.ok(200);
    assert_eq!(again, done);
    assert_eq!(world.aws_saw().len(), asked);
    assert_eq!(world.audit(EventKind::RevokeEnded).await.len(), 2);
    let other = json!({"role": ROLE});
    let other = admin.posts_with(PATH, &other, &key).await;
    other.refused(422, "idempotency-key-of-another");
    let list = admin.gets(PATH).await.ok(200);
    assert_eq!(
        [&list["ended"][0]["why"], &list["ended"][0]["state"]],
        [&json!("asked"), &json!("done")]
    );
    world.stop().await;
}

#[tokio::test]
async fn people_who_can_be_cut_off_are_found_by_a_part_of_their_name() {
    let world = start().await;
    Inside::goes(&world, "erin", LINK).await;
    let admin = revoker(&world).await;
    for (text, found) in [("ERIN@", 1), ("corp:erin", 1), ("nora", 0)] {
        let part = json!({"text": text});
        let people = admin.posts(PEOPLE, &part).await.ok(200);
        let people = people["people"].as_array().unwrap();
        assert_eq!(people.len(), found, "{text}");
        for person in people {
            let mut whom = person.clone();
            let name = whom.as_object_mut().unwrap().remove("display_name");
            assert!(name.is_some(), "{person}");
            let plan = admin.posts(PLAN, &json!({"person": whom})).await.ok(200);
            assert_eq!(plan["target"]["person"], whom);
        }
    }
    for body in [
        json!({}),
        json!({"text": " "}),
        json!({"text": 1}),
        json!({"text": "x".repeat(1_025)}),
        json!({"text": "a", "idp": "corp"}),
    ] {
        let answer = admin.posts(PEOPLE, &body).await;
        answer.refused(400, "body-unreadable");
    }
    world.stop().await;
}

#[tokio::test]
async fn without_a_key_nothing_is_done() {
    let world = start().await;
    let admin = revoker(&world).await;
    world.aws_forgets();
    let wanted = json!({"role": ROLE});
    admin
        .posts(PATH, &wanted)
        .await
        .refused(400, "idempotency-key-needed");
    let wrong = [("idempotency-key", "a b")];
    let wrong = admin.posts_with(PATH, &wanted, &wrong).await;
    wrong.refused(400, "idempotency-key-unreadable");
    assert!(world.aws_saw().is_empty());
    assert!(world.audit(EventKind::RevokeBegun).await.is_empty());
    world.stop().await;
}

#[tokio::test]
async fn where_one_account_refuses_it_is_not_called_done_also_when_it_is_asked_again() {
    let world = start().await;
    let dev = Inside::goes(&world, "erin", LINK).await;
    let prod = Inside::goes(&world, "erin", "/go/payments-prod/Chained?idp=corp").await;
    let admin = revoker(&world).await;
    {
        let mut iam = world.sandbox.simulation().iam.write();
        iam.account_mut(PROD).unwrap().remove_role(REVOKER);
    }
    seconds(&world, 1);
    let wanted = json!({"person": erin()});
    let key = [("idempotency-key", "one-refuses")];
    let first = admin.posts_with(PATH, &wanted, &key).await;
    let said = first.ok(207);
    assert_eq!(
        [&said["outcome"], &said["whole"]],
        [&json!("incomplete"), &json!(false)]
    );
    assert_eq!(
        states(&said),
        [pair(DEV, "cut"), pair(PROD, "not_cut")].into()
    );
    let places = said["places"].as_array().unwrap();
    let refused = places
        .iter()
        .find(|place| place["account"] == PROD)
        .unwrap();
    assert!(
        refused["code"].as_str().unwrap().starts_with("revoker."),
        "{refused}"
    );
    assert!(
        refused["cause"].is_string() && refused["policy"].is_object(),
        "{refused}"
    );
    assert!(!dev.may(&world).await && prod.may(&world).await);
    let asked = world.aws_saw().len();
    let again = admin.posts_with(PATH, &wanted, &key).await;
    assert_eq!(again.ok(207), said);
    assert_eq!(world.aws_saw().len(), asked);
    let list = admin.gets(PATH).await.ok(200);
    let ended = list["ended"].as_array().unwrap();
    let given_up =
        |work: &&Value| work["state"] == "given_up" && work["account"] == "payments-prod";
    assert!(ended.iter().any(|work| given_up(&work)), "{list}");
    world.stop().await;
}

#[tokio::test]
async fn what_is_tried_again_is_accepted_and_not_done() {
    let world = start().await;
    let inside = Inside::goes(&world, "erin", LINK).await;
    let admin = revoker(&world).await;
    seconds(&world, 1);
    let faults = &world.sandbox.simulation().faults;
    let failure = Fault::iam_error(500, "ServiceFailure", "x");
    faults.plan_times(40, HostKind::Iam, Some("PutRolePolicy"), &failure);
    let wanted = json!({"role": ROLE, "links": "ahead"});
    let key = [("idempotency-key", "later")];
    let said = admin.posts_with(PATH, &wanted, &key).await.ok(202);
    assert_eq!(
        [&said["outcome"], &said["whole"]],
        [&json!("unfinished"), &json!(false)]
    );
    assert_eq!(states(&said), [pair(DEV, "pending")].into());
    assert!(said["places"][0]["again_at"].is_string());
    let list = admin.gets(PATH).await.ok(200);
    assert_eq!(
        [
            &list["under_way"][0]["account"],
            &list["under_way"][0]["state"]
        ],
        [&json!("payments-dev"), &json!("due")]
    );
    assert!(inside.may(&world).await);
    faults.clear();
    seconds(&world, 61);
    world.app.revoke_what_is_due().await;
    assert!(!inside.may(&world).await);
    let list = admin.gets(PATH).await.ok(200);
    assert_eq!(list["ended"][0]["state"], "done", "{list}");
    // what came of it then is what is said again
    assert_eq!(admin.posts_with(PATH, &wanted, &key).await.ok(202), said);
    world.stop().await;
}

#[tokio::test]
async fn sessions_that_no_policy_reaches_make_it_incomplete() {
    let world = start().await;
    Inside::goes(&world, "erin", LINK).await;
    Inside::goes(&world, "erin", "/go/gov-prod/GovAdmin?idp=corp").await;
    // nothing says any more how to get into that account
    let mut model = Document::from_toml(&super::model()).unwrap();
    let gone = |text: &str| text.starts_with("gov-prod");
    model.accounts.retain(|account| !gone(&account.alias));
    model.roles.retain(|role| !gone(&role.account));
    for rule in &mut model.rules {
        rule.grant.retain(|grant| !gone(grant));
    }
    world.publishes(&model.to_toml()).await;
    let admin = revoker(&world).await;
    seconds(&world, 1);
    let plan = admin.posts(PLAN, &json!({"person": erin()})).await.ok(200);
    let gaps = plan["without_a_policy"].as_array().unwrap();
    let key = [("idempotency-key", "gaps")];
    let done = admin
        .posts_with(PATH, &json!({"person": erin()}), &key)
        .await;
    assert_eq!((gaps.len(), &plan["whole"]), (1, &json!(false)), "{plan}");
    let done = done.ok(207);
    assert_eq!(done["outcome"], "incomplete");
    assert_eq!(states(&done), [pair(DEV, "cut")].into());
    world.stop().await;
}

#[tokio::test]
async fn the_command_says_the_same_as_the_api() {
    let world = start().await;
    let admin = revoker(&world).await;
    let plan = admin.posts(PLAN, &json!({"role": ROLE})).await.ok(200);
    let words = [
        "revoke",
        "--account",
        "payments-dev",
        "--role",
        "Developer",
        "--dry-run",
        "--format",
        "json",
    ];
    let said: Value = serde_json::from_str(&does(&vestibule(&world.folder, &words).await)).unwrap();
    let names = |value: &Value| -> BTreeSet<String> {
        value.as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(names(&said), names(&plan));
    assert_eq!(names(&said["places"][0]), names(&plan["places"][0]));
    for same in [
        "target",
        "links",
        "outcome",
        "applied",
        "whole",
        "without_a_policy",
    ] {
        assert_eq!(said[same], plan[same], "{same}");
    }
    world.stop().await;
}

/// Bodies that ask for nothing that can be done, and what each comes to.
fn bad() -> Vec<(Value, u16, &'static str)> {
    let unreadable = [
        json!({}),
        json!({"role": ROLE, "person": erin()}),
        json!({"role": ROLE, "links": "both"}),
        json!({"role": ROLE, "note": "a\u{1}b"}),
        json!({"role": ROLE, "note": "x".repeat(1_001)}),
        json!({"role": ROLE, "dry_run": true}),
        json!({"role": ROLE, "stop_first": "yes"}),
        json!({"role": ROLE, "until": "2999-01-01T00:00"}),
        json!({"role": ROLE, "stop_first": true, "until": "2020-01-01T00:00"}),
        json!({"role": ROLE, "stop_first": true, "until": "tomorrow"}),
        json!({"role": ROLE, "stop_first": true, "until": ""}),
        json!({"role": [ROLE]}),
        json!({"person": "erin@example.com"}),
        json!({"person": {"idp": "corp"}}),
        json!({"person": {"idp": "corp", "subject": "x".repeat(1_025)}}),
    ];
    let of_another = json!({"idp": "corp", "subject": "erin@example.com", "format": "sub"});
    let of_nobody = json!({"idp": "corp", "subject": "erin"});
    let unknown = [
        (json!({"role": "x".repeat(70_000)}), 413, "too-large"),
        (json!({"role": "Developer"}), 404, "no-such-role"),
        (json!({"role": "payments-dev/Nobody"}), 404, "no-such-role"),
        (json!({"person": of_nobody}), 404, "nobody-in-the-record"),
        (json!({"person": of_another}), 404, "nobody-in-the-record"),
    ];
    let unreadable = unreadable.map(|body| (body, 400, "body-unreadable"));
    unreadable.into_iter().chain(unknown).collect()
}

#[tokio::test]
async fn what_cannot_be_meant_asks_aws_for_nothing_and_leaves_the_key_free() {
    let world = start().await;
    Inside::goes(&world, "erin", LINK).await;
    let admin = revoker(&world).await;
    world.aws_forgets();
    let key = [("idempotency-key", "wrong")];
    for (body, status, code) in bad() {
        let planned = admin.posts(PLAN, &body).await;
        planned.refused(status, code);
        let done = admin.posts_with(PATH, &body, &key).await;
        done.refused(status, code);
    }
    for (at, status, code) in [
        (json!("1970-01-01T00:00:00Z"), 409, "plan-too-old"),
        (json!("2999-01-01T00:00:00Z"), 409, "plan-too-old"),
        (json!("yesterday"), 400, "body-unreadable"),
        (json!(1), 400, "body-unreadable"),
    ] {
        let body = json!({"role": ROLE, "at": at});
        let done = admin.posts_with(PATH, &body, &key).await;
        done.refused(status, code);
        let planned = admin.posts(PLAN, &body).await;
        planned.refused(400, "body-unreadable");
    }
    assert!(world.aws_saw().is_empty());
    assert!(world.audit(EventKind::RevokeBegun).await.is_empty());
    world.stop().await;
}
