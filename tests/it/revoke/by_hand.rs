//! Policies for whoever puts them by hand: to put one replaces the one of that name, so each holds what was asked for before.

use serde_json::Value;
use vestibule_sandbox::aws::faults::{Fault, HostKind};
use vestibule_sandbox::aws::policy::Policy;

use super::{Inside, POLICY, REVOKER, builder, model, seconds, set_up, start};
use crate::api::Program;
use crate::commands::{does, vestibule};
use crate::world::World;
use crate::world::accounts::DEV;

const LINK: &str = "/go/payments-dev/Developer?idp=corp";

/// The development account has no revoker.
async fn without_a_revoker() -> World {
    let model = model();
    let begin = model
        .find(&format!(
            "revoker = {{ role = \"{REVOKER}\", method = \"AssumeRole\","
        ))
        .unwrap();
    let end = begin + model[begin..].find('\n').unwrap();
    let model = format!("{}{}", &model[..begin], &model[end..]);
    set_up(builder().model(&model).issuing_keys().start().await).await
}

/// Revokes somebody by the API, and gives back the one place.
async fn revokes(program: &Program, who: &str, (key, status): (&str, u16)) -> Value {
    let wanted = serde_json::json!({
        "person": {"idp": "corp", "subject": format!("{who}@example.com")},
    });
    let key = [("idempotency-key", key)];
    let said = program.posts_with("/revocations", &wanted, &key).await;
    said.ok(status)["places"][0].clone()
}

/// Puts a policy as an operator does who was shown it.
fn pastes(world: &World, policy: &Value) {
    let mut iam = world.sandbox.simulation().iam.write();
    let role = iam.account_mut(DEV).unwrap().role_mut("Developer").unwrap();
    let policy = Policy::identity(&policy.to_string()).unwrap();
    role.policies.insert(POLICY.to_owned(), policy);
}

/// The moments up to which a policy cuts somebody off.
fn moments(policy: &Value, who: &str) -> Vec<String> {
    let statements = policy["Statement"].as_array().unwrap().iter();
    let meant = statements.filter(|statement| statement.to_string().contains(who));
    let moment = |statement: &Value| {
        let before = &statement["Condition"]["DateLessThan"]["aws:TokenIssueTime"];
        before.as_str().unwrap().to_owned()
    };
    meant.map(moment).collect()
}

#[tokio::test]
async fn whoever_pastes_a_second_policy_an_hour_later_does_not_let_the_first_person_go() {
    let world = without_a_revoker().await;
    let erin = Inside::goes(&world, "erin", LINK).await;
    let otto = Inside::goes(&world, "otto", LINK).await;
    let program = Program::of(&world, "ada", &["revoke"]).await;
    seconds(&world, 1);
    let first = revokes(&program, "erin", ("erin", 207)).await;
    assert_eq!(
        (&first["state"], &first["code"]),
        (&"not_cut".into(), &"no_revoker".into())
    );
    let notes = first["notes"].to_string();
    assert!(
        notes.contains("replaces what stands under this name"),
        "{notes}"
    );
    assert!(notes.contains("has to be added"), "{notes}");
    pastes(&world, &first["policy"]);
    assert!(!erin.may(&world).await && otto.may(&world).await);
    seconds(&world, 3_600);
    let second = revokes(&program, "otto", ("otto", 207)).await;
    pastes(&world, &second["policy"]);
    assert!(!otto.may(&world).await);
    assert!(!erin.may(&world).await, "{second}");
    world.stop().await;
}

#[tokio::test]
async fn the_second_policy_is_printed_beside_the_first_and_nobody_s_second_moment_counts_early() {
    let world = without_a_revoker().await;
    for who in ["erin", "otto"] {
        Inside::goes(&world, who, LINK).await;
    }
    let program = Program::of(&world, "ada", &["revoke"]).await;
    let first = revokes(&program, "erin", ("erin", 207)).await;
    let again = &first["once_more"];
    let erin_s = again["at"].as_str().unwrap();
    assert_eq!(moments(&again["policy"], "erin"), [erin_s]);
    seconds(&world, 300);
    let second = revokes(&program, "otto", ("otto", 207)).await;
    assert_eq!(
        moments(&second["policy"], "erin"),
        moments(&first["policy"], "erin")
    );
    let again = &second["once_more"]["policy"];
    assert_eq!(moments(again, "erin"), [erin_s]);
    assert_eq!(
        moments(again, "otto"),
        [second["once_more"]["at"].as_str().unwrap()]
    );
    let words = [
        "revoke",
        "--account",
        "payments-dev",
        "--role",
        "Developer",
        "--dry-run",
    ];
    let said = does(&vestibule(&world.folder, &words).await);
    assert!(
        said.contains(&format!("The policy {POLICY} once more, at ")),
        "{said}"
    );
    assert_eq!(said.matches("\"Version\"").count(), 2, "{said}");
    let said = does(&vestibule(&world.folder, &[&words[..], &["--links", "ahead"]].concat()).await);
    assert_eq!(said.matches("\"Version\"").count(), 1, "{said}");
    world.stop().await;
}

#[tokio::test]
async fn a_plan_prints_both_policies_and_what_is_cut_needs_no_second_by_hand() {
    let world = start().await;
    Inside::goes(&world, "erin", LINK).await;
    let program = Program::of(&world, "ada", &["revoke"]).await;
    let wanted = serde_json::json!({"role": "payments-dev/Developer"});
    let plan = program.posts("/revocations/plan", &wanted).await.ok(200);
    let place = &plan["places"][0];
    assert_eq!(place["state"], "planned");
    assert!(
        place["policy"].is_object() && place["once_more"]["policy"].is_object(),
        "{place}"
    );
    let cut = revokes(&program, "erin", ("erin", 200)).await;
    assert_eq!(
        (&cut["state"], &cut["once_more"]),
        (&"cut".into(), &Value::Null)
    );
    world.stop().await;
}

#[tokio::test]
async fn where_iam_does_not_take_it_what_stands_is_in_the_policy_for_another_way() {
    let world = start().await;
    for who in ["erin", "otto"] {
        Inside::goes(&world, who, LINK).await;
    }
    let theirs = serde_json::json!({ "Version": "2012-10-17", "Statement": [
        { "Sid": "Theirs", "Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*" },
    ] });
    pastes(&world, &theirs);
    let program = Program::of(&world, "ada", &["revoke"]).await;
    revokes(&program, "erin", ("erin", 200)).await;
    for (code, status, (answer, state)) in [
        ("ServiceFailure", 500, (202, "pending")),
        ("AccessDenied", 403, (207, "not_cut")),
    ] {
        let fault = Fault::iam_error(status, code, "x");
        let faults = &world.sandbox.simulation().faults;
        faults.plan_times(40, HostKind::Iam, Some("PutRolePolicy"), &fault);
        seconds(&world, 1);
        let place = revokes(&program, "otto", (code, answer)).await;
        assert_eq!(place["state"], state);
        let policy = place["policy"].to_string();
        for name in ["erin", "otto", "Theirs"] {
            assert!(policy.contains(name), "{name}: {policy}");
        }
        let notes = place["notes"].to_string();
        assert!(notes.contains("It holds what stood there"), "{notes}");
        world.sandbox.simulation().faults.clear();
    }
    world.stop().await;
}
