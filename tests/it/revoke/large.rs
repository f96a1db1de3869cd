//! What was done is answered as it was, however much there is to say of it and whether or not that can be kept.

use serde_json::{Value, json};
use vestibule::domain::audit::EventKind;
use vestibule_sandbox::aws::policy::Policy;

use super::{Inside, POLICY, builder, model, seconds, set_up, standing, start};
use crate::api::{Answer, Program};
use crate::world::World;
use crate::world::accounts::{DEV, further_roles};

const LINK: &str = "/go/payments-dev/Developer?idp=corp";
const PATH: &str = "/revocations";

/// So many that their policies are more than was kept of an outcome once.
const MANY: usize = 32;

fn wanted() -> Value {
    json!({"person": {"idp": "corp", "subject": "erin@example.com"}, "links": "ahead"})
}

async fn revokes(admin: &Program, wanted: &Value, key: &str) -> Answer {
    let key = [("idempotency-key", key)];
    admin.posts_with(PATH, wanted, &key).await
}

async fn revoker(world: &World) -> Program {
    Program::of(world, "ada", &["revoke"]).await
}

/// A policy under our name in which somebody else wrote almost as much as there is room for.
fn full() -> Policy {
    let resource = format!("arn:aws:s3:::{}", "x".repeat(9_200));
    let document = json!({ "Version": "2012-10-17", "Statement": [
        { "Sid": "Theirs", "Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": resource },
    ] });
    Policy::identity(&document.to_string()).unwrap()
}

#[tokio::test]
async fn a_large_revocation_is_answered_as_it_was_done_and_so_again_under_its_key() {
    let names: Vec<String> = (0..MANY).map(|n| format!("Large{n:02}")).collect();
    let entries = names.iter().map(|name| {
        format!(
            "[[roles]]\naccount = \"payments-dev\"\nname = \"{name}\"\nmethod = \"AssumeRole\"\ncredentials = \"hub\"\n"
        )
    });
    let all = model() + &entries.collect::<String>();
    let world = set_up(builder().model(&all).start().await).await;
    further_roles(&world.sandbox, DEV, &names);
    {
        let mut iam = world.sandbox.simulation().iam.write();
        let account = iam.account_mut(DEV).unwrap();
        for name in &names {
            let role = account.role_mut(name).unwrap();
            role.policies.insert(POLICY.to_owned(), full());
        }
    }
    let erin = world.signed_in("erin").await;
    for name in &names {
        let page = erin
            .opens_once(&world.at(&format!("/go/payments-dev/{name}")))
            .await;
        assert_eq!(page.status, 303, "{}", page.body);
    }
    world.audited(EventKind::SigninEnded, MANY).await;
    seconds(&world, 1);
    let admin = revoker(&world).await;
    let answer = revokes(&admin, &wanted(), "large").await;
    assert!(answer.text.len() > 256 * 1024, "{}", answer.text.len());
    let done = answer.ok(200);
    assert_eq!(done["outcome"], "done");
    assert_eq!(done["places"].as_array().unwrap().len(), MANY);
    let again = revokes(&admin, &wanted(), "large").await.ok(200);
    assert_eq!(again, done);
    assert_eq!(world.audit(EventKind::RevokeBegun).await.len(), 1);
    world.stop().await;
}

#[tokio::test]
async fn what_cannot_be_kept_whole_is_kept_without_its_policies_and_what_cannot_at_all_is_answered()
{
    for (full, again) in [
        ("WHEN length(NEW.outcome) > 1260", 200),
        ("WHEN length(NEW.outcome) > 0", 409),
    ] {
        let world = start().await;
        Inside::goes(&world, "erin", LINK).await;
        seconds(&world, 1);
        let admin = revoker(&world).await;
        let trigger = format!(
            "CREATE TRIGGER full BEFORE UPDATE ON asked_before {full} BEGIN SELECT RAISE(ABORT, 'full'); END"
        );
        world.runs(&trigger).await;
        let done = revokes(&admin, &wanted(), "unkept").await.ok(200);
        assert_eq!(done["outcome"], "done");
        let stands = standing(&world, DEV, ("role", "Developer"));
        assert_eq!(stands.as_ref(), Some(&done["places"][0]["policy"]));
        let answer = revokes(&admin, &wanted(), "unkept").await;
        if again == 200 {
            let mut without = done.clone();
            without["places"][0]["policy"] = Value::Null;
            assert_eq!(answer.ok(200), without);
        } else {
            answer.refused(409, "under-way");
        }
        assert_eq!(world.audit(EventKind::RevokeBegun).await.len(), 1);
        world.stop().await;
    }
}

#[tokio::test]
async fn a_key_under_which_it_broke_off_can_be_used_again() {
    let world = start().await;
    let admin = revoker(&world).await;
    let mut wanted = wanted();
    Inside::goes(&world, "erin", LINK).await;
    // the last moment there is: nothing can be added to it
    wanted["at"] = json!("+262142-12-31T23:59:59Z");
    let first = revokes(&admin, &wanted, "late").await;
    // it can be read, and nothing more is done about it
    let is_refused = first.json["code"] == "plan-too-old";
    assert!(first.status == 500 || is_refused, "{}", first.text);
    let again = revokes(&admin, &wanted, "late").await;
    assert_eq!(again.json["code"], first.json["code"], "{}", again.text);
    assert_ne!(again.json["code"], "under-way");
    world.stop().await;
}
