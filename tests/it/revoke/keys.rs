//! Keys that are an IAM user, whole (`GetSessionToken`): cut off whoever has them, as calls with them show.

use aws_sdk_sts::error::ProvideErrorMetadata as _;
use serde_json::json;
use vestibule_sandbox::aws::iam::Role;
use vestibule_sandbox::aws::policy::Policy;

use super::{Revoker, all_are, seconds, standing, start};
use crate::keys::{Shown, client, gets};
use crate::world::World;
use crate::world::accounts::PROD;

const KEYS: &str = "/keys/payments-prod/Uploader";
const USER: &str = "payments-prod/Uploader";

/// Lets the user whose keys are handed out become a role, so that there is a call to be denied: of STS's calls nothing else
/// is theirs, and who one is nobody can be kept from asking.
fn may_become_a_role(world: &World) {
    let mut iam = world.sandbox.simulation().iam.write();
    let account = iam.account_mut(PROD).unwrap();
    let trust = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": { "AWS": format!("arn:aws:iam::{PROD}:root") },
    }] });
    account.put_role(Role::new(
        "Batch",
        Policy::trust(&trust.to_string()).unwrap(),
    ));
    let leave = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*",
    }] });
    let leave = Policy::identity(&leave.to_string()).unwrap();
    let user = account.users.get_mut("uploader").unwrap();
    user.policies.insert("batch".to_owned(), leave);
}

/// What AWS answers to a call with the keys: nothing, or the code of its refusal.
async fn calls(world: &World, keys: &Shown) -> Result<(), String> {
    let client = client(world, keys, "eu-west-1", "sts.eu-west-1.amazonaws.com");
    let call = client
        .assume_role()
        .role_arn(format!("arn:aws:iam::{PROD}:role/Batch"))
        .role_session_name("batch");
    match call.send().await {
        Ok(_) => Ok(()),
        Err(error) => Err(error.code().unwrap_or_default().to_owned()),
    }
}

async fn shown_to(world: &World, who: &str) -> Shown {
    let browser = world.signed_in(who).await;
    Shown::on(&gets(world, &browser, KEYS).await)
}

fn denied() -> Result<(), String> {
    Err("AccessDenied".to_owned())
}

#[tokio::test]
async fn after_a_revocation_a_call_with_the_keys_is_denied_and_one_with_new_keys_is_not() {
    let world = start().await;
    may_become_a_role(&world);
    let erins = shown_to(&world, "erin").await;
    let ottos = shown_to(&world, "otto").await;
    for keys in [&erins, &ottos] {
        assert_eq!(calls(&world, keys).await, Ok(()));
    }
    let admin = Revoker::of(&world).await;
    seconds(&world, 1);
    let page = admin.revokes_person(("corp", "erin"), "again").await;
    all_are(&page, "cut", 1);
    assert!(page.body.contains("whoever has them"), "{}", page.body);
    let policy = standing(&world, PROD, ("user", "uploader")).unwrap();
    let condition = &policy["Statement"][0]["Condition"];
    assert!(
        condition["DateLessThan"]["aws:TokenIssueTime"].is_string(),
        "{policy}"
    );
    assert_eq!(condition.as_object().unwrap().len(), 1, "{policy}");
    // they cannot be told apart, which is what the page said
    for keys in [&erins, &ottos] {
        assert_eq!(calls(&world, keys).await, denied());
    }
    seconds(&world, 1);
    let again = shown_to(&world, "erin").await;
    assert_eq!(calls(&world, &again).await, Ok(()));
    assert_eq!(calls(&world, &erins).await, denied(), "and stays denied");
    world.stop().await;
}

#[tokio::test]
async fn everybodys_keys_of_a_user_are_denied_when_its_role_is_revoked() {
    let world = start().await;
    may_become_a_role(&world);
    let erins = shown_to(&world, "erin").await;
    assert_eq!(calls(&world, &erins).await, Ok(()));
    let admin = Revoker::of(&world).await;
    seconds(&world, 1);
    all_are(&admin.revokes_role(USER, "again").await, "cut", 1);
    assert_eq!(calls(&world, &erins).await, denied());
    world.stop().await;
}
