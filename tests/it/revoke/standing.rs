//! What stands already: other policies leave less room, and what somebody else wrote under our name is not lost.

use serde_json::json;
use vestibule_sandbox::aws::policy::Policy;

use super::{Inside, POLICY, Revoker, all_are, seconds, standing, start};
use crate::world::World;
use crate::world::accounts::{DEV, PROD};

const LINK: &str = "/go/payments-dev/Developer?idp=corp";
const ROLE: &str = "payments-dev/Developer";

/// Puts a policy on the role, as somebody with a console of IAM does.
fn puts(world: &World, name: &str, document: &str) {
    let mut iam = world.sandbox.simulation().iam.write();
    let role = iam.account_mut(DEV).unwrap().role_mut("Developer").unwrap();
    let policy = Policy::identity(document).unwrap();
    role.policies.insert(name.to_owned(), policy);
}

/// A policy of about so many characters.
fn long(characters: usize) -> String {
    json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": format!("arn:aws:s3:::{}", "x".repeat(characters - 140)),
    }] })
    .to_string()
}

#[tokio::test]
async fn statements_of_others_under_our_name_stay_and_the_page_says_so() {
    let world = start().await;
    let theirs =
        json!({ "Sid": "Theirs", "Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*" });
    puts(
        &world,
        POLICY,
        &json!({ "Version": "2012-10-17", "Statement": [theirs] }).to_string(),
    );
    let erin = Inside::goes(&world, "erin", LINK).await;
    let admin = Revoker::of(&world).await;
    seconds(&world, 1);
    let page = admin.revokes_role(ROLE, "ahead").await;
    all_are(&page, "cut", 1);
    assert!(
        page.body.contains("not written by Vestibule"),
        "{}",
        page.body
    );
    assert!(!erin.may(&world).await);
    let policy = standing(&world, DEV, ("role", "Developer")).unwrap();
    assert_eq!(policy["Statement"][1], theirs, "{policy}");
    // and when ours has done its work, theirs is what is left
    seconds(&world, 14 * 3_600);
    world.app.revoke_what_is_due().await;
    let policy = standing(&world, DEV, ("role", "Developer")).unwrap();
    assert_eq!(policy["Statement"], json!([theirs]), "{policy}");
    world.stop().await;
}

#[tokio::test]
async fn a_policy_under_our_name_that_cannot_be_added_to_is_left_alone_and_said() {
    let world = start().await;
    let theirs = json!({ "Version": "2012-10-17", "Id": "theirs", "Statement": [{ "Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*" }] });
    puts(&world, POLICY, &theirs.to_string());
    let admin = Revoker::of(&world).await;
    let page = admin.looks_at(ROLE, "ahead").await;
    all_are(&page, "not_cut", 1);
    assert!(
        page.body.contains("was not written by Vestibule"),
        "{}",
        page.body
    );
    assert_eq!(standing(&world, DEV, ("role", "Developer")), Some(theirs));
    world.stop().await;
}

#[tokio::test]
async fn where_other_policies_leave_no_room_for_names_all_sessions_are_cut_off_or_it_is_refused() {
    let world = start().await;
    let admin = Revoker::of(&world).await;
    // room for everybody, and not for two moments with names
    puts(&world, "other", &long(10_240 - 330));
    let erin = Inside::goes(&world, "erin", LINK).await;
    let otto = Inside::goes(&world, "otto", LINK).await;
    seconds(&world, 1);
    all_are(
        &admin.revokes_person(("corp", "erin"), "ahead").await,
        "cut",
        1,
    );
    assert!(otto.may(&world).await);
    let second = "otto-with-a-name-that-is-as-long-as-names-can-be";
    let mut person = world.sandbox.people().find("otto").unwrap();
    person.username = second.to_owned();
    person.subject = format!("person-{second}");
    person.email = format!("{second}@x.example.com");
    world.sandbox.people().put(person);
    let long_name = Inside::goes(&world, second, LINK).await;
    seconds(&world, 1);
    let page = admin.revokes_person(("corp", second), "ahead").await;
    all_are(&page, "cut", 1);
    assert!(
        page.body
            .contains("all sessions that began before are cut off"),
        "{}",
        page.body
    );
    for inside in [&erin, &otto, &long_name] {
        assert!(!inside.may(&world).await);
    }
    puts(&world, "other", &long(10_240 - 60));
    seconds(&world, 1);
    let page = admin.looks_at(ROLE, "ahead").await;
    all_are(&page, "not_cut", 1);
    assert!(page.body.contains("does not fit beside"), "{}", page.body);
    world.stop().await;
}

#[tokio::test]
async fn a_user_that_issues_has_room_for_the_names_of_many_and_then_for_everybody() {
    let world = start().await;
    let link = "/go/payments-prod/Federated?idp=corp";
    let admin = Revoker::of(&world).await;
    let mut inside = Vec::new();
    for number in 0..24 {
        let name = format!("person{number}");
        let mut person = world.sandbox.people().find("erin").unwrap();
        person.username.clone_from(&name);
        person.subject = format!("person-{name}");
        person.email = format!("{name}@example.com");
        world.sandbox.people().put(person);
        inside.push((name.clone(), Inside::goes(&world, &name, link).await));
    }
    let mut said = Vec::new();
    for (name, theirs) in &inside {
        seconds(&world, 1);
        let page = admin
            .revokes_person(("corp", &format!("{name}@")), "ahead")
            .await;
        let first = super::states(&page);
        assert_eq!(first.len(), 1, "{name}: {}", page.body);
        assert_eq!(first[0].1, "cut", "{name}: {}", page.body);
        assert!(!theirs.may(&world).await, "{name}");
        said.push(page.body.contains("not enough room"));
    }
    assert!(!said[0] && said.contains(&true), "{said:?}");
    let policy = standing(&world, PROD, ("user", "vestibule")).unwrap();
    assert!(policy.to_string().len() < 2_048);
    world.stop().await;
}
