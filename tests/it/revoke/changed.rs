//! What the access model does not say any more, and the record does: roles that were changed or taken out of it.

use vestibule_sandbox::aws::iam::{AccessKey, User};
use vestibule_sandbox::aws::policy::Policy;

use super::{Inside, Revoker, all_are, builder, model, seconds, set_up, standing, start, states};
use crate::api::Program;
use crate::commands::{does, vestibule};
use crate::world::World;
use crate::world::accounts::{PROD, further_roles};

const ADMIN: &str = "/go/payments-prod/Admin?idp=corp";
const FEDERATED: &str = "/go/payments-prod/Federated?idp=corp";

/// The model without one role.
pub(super) fn without(role: &str) -> String {
    let model = model();
    let blocks: Vec<&str> = model.split("[[roles]]").collect();
    let name = format!("\nname = \"{role}\"\n");
    let left: Vec<&str> = blocks
        .iter()
        .filter(|block| !block.contains(&name))
        .copied()
        .collect();
    assert_eq!(left.len() + 1, blocks.len());
    left.join("[[roles]]")
}

#[tokio::test]
async fn a_role_that_was_taken_out_of_the_model_is_cut_off_by_what_the_record_has_of_it() {
    let world = start().await;
    let erin = Inside::goes(&world, "erin", ADMIN).await;
    world.publishes(&without("Admin")).await;
    assert!(erin.may(&world).await, "they are in");
    let admin = Revoker::of(&world).await;
    seconds(&world, 1);
    let plan = admin.looks_at("payments-prod/Admin", "ahead").await;
    all_are(&plan, "planned", 1);
    assert!(
        plan.body.contains("Vestibule lets nobody in by it"),
        "{}",
        plan.body
    );
    assert!(
        !plan.body.contains("name=\"stop_first\""),
        "nobody is to be stopped"
    );
    let program = Program::of(&world, "ada", &["revoke"]).await;
    let wanted = serde_json::json!({"role": "payments-prod/Admin", "stop_first": true});
    let key = [("idempotency-key", "gone")];
    let said = program
        .posts_with("/revocations", &wanted, &key)
        .await
        .ok(200);
    assert_eq!(
        (&said["outcome"], &said["role_is_gone"]),
        (&"done".into(), &true.into())
    );
    assert!(!erin.may(&world).await);
    let words = [
        "revoke",
        "--account",
        "payments-prod",
        "--role",
        "Admin",
        "--dry-run",
    ];
    let said = does(&vestibule(&world.folder, &words).await);
    assert!(said.contains("is not in the current revision"), "{said}");
    // when nothing of it can live any more, there is no such role
    seconds(&world, 13 * 3_600);
    program
        .posts(
            "/revocations/plan",
            &serde_json::json!({"role": "payments-prod/Admin"}),
        )
        .await
        .refused(404, "no-such-role");
    world.stop().await;
}

#[tokio::test]
async fn a_role_that_was_taken_out_when_its_account_was_renamed_is_cut_off_by_the_new_name_too() {
    let world = start().await;
    let erin = Inside::goes(&world, "erin", ADMIN).await;
    let renamed = without("Admin").replace("payments-prod", "payments-main");
    let alias = "alias = \"payments-main\"\n";
    let former = format!("{alias}former_aliases = [\"payments-prod\"]\n");
    world.publishes(&renamed.replacen(alias, &former, 1)).await;
    let admin = Revoker::of(&world).await;
    seconds(&world, 1);
    let page = admin.revokes_role("payments-main/Admin", "ahead").await;
    all_are(&page, "cut", 1);
    assert!(!erin.may(&world).await);
    world.stop().await;
}

/// Federated users' sessions are cut off by a policy on the user who issues them.
fn is_cut_at_the_user(world: &World) -> bool {
    let policy = standing(world, PROD, ("user", "vestibule"));
    policy.is_some_and(|policy| policy.to_string().contains(PROD))
}

#[tokio::test]
async fn a_role_that_gave_federated_users_before_is_cut_off_at_their_user_as_well() {
    let world = start().await;
    further_roles(&world.sandbox, PROD, &["Federated".to_owned()]);
    let erin = Inside::goes(&world, "erin", FEDERATED).await;
    let changed = format!(
        "{}[[roles]]\naccount = \"payments-prod\"\nname = \"Federated\"\nmethod = \"AssumeRole\"\ncredentials = \"hub\"\n",
        without("Federated")
    );
    world.publishes(&changed).await;
    let admin = Revoker::of(&world).await;
    seconds(&world, 1);
    let page = admin.revokes_role("payments-prod/Federated", "ahead").await;
    all_are(&page, "cut", 2);
    let mut on: Vec<String> = states(&page).into_iter().map(|(on, _)| on).collect();
    on.sort();
    assert_eq!(on, ["role Federated", "user vestibule"]);
    assert!(is_cut_at_the_user(&world) && !erin.may(&world).await);
    world.stop().await;
}

#[tokio::test]
async fn federated_users_whom_another_user_s_key_made_are_cut_off_at_that_user() {
    let key = (
        "AKIAOTHEROTHEROTHER1",
        "other-secret-canary-xxxxxxxxxxxxxxxxxxxx",
    );
    let keys = format!(
        "[default]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        key.0, key.1
    );
    let entry = "[[credentials]]\nname = \"other\"\nsource = \"file\"\nfile = \"other\"\n\n[[administrators]]";
    let world = builder().with("[[administrators]]", entry);
    let world = set_up(world.file("other", &keys).start().await).await;
    {
        let leave = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*","sts:GetFederationToken","sts:TagSession"],"Resource":"*"}]}"#;
        let user = User::new("other")
            .with_key(AccessKey::new(key.0, key.1))
            .with_policy("federation", Policy::identity(leave).unwrap());
        let mut iam = world.sandbox.simulation().iam.write();
        let account = iam.account_mut(PROD).unwrap();
        account.users.insert(user.name.clone(), user);
    }
    let erin = Inside::goes(&world, "erin", FEDERATED).await;
    let other = model().replace("credentials = \"payments\"", "credentials = \"other\"");
    world.publishes(&other).await;
    let admin = Revoker::of(&world).await;
    seconds(&world, 1);
    let page = admin.revokes_person(("corp", "erin"), "ahead").await;
    all_are(&page, "cut", 1);
    assert!(page.body.contains("user vestibule"), "{}", page.body);
    assert!(!erin.may(&world).await);
    world.stop().await;
}
