//! For each method and both providers: the sessions that are meant are cut off, nobody else's, and whoever was cut off can
//! come back.

use vestibule::domain::audit::EventKind;

use super::{Inside, Revoker, all_are, seconds, standing, start};
use crate::world::World;
use crate::world::accounts::DEV;

/// A link for each way into a console that both providers' people have, and the role whose sessions it makes.
const WAYS: [(&str, &[&str]); 9] = [
    ("payments-prod/IssuedSaml", &["corp", "okta"]),
    ("payments-prod/IssuedWeb", &["corp", "okta"]),
    ("payments-prod/SamlReader", &["corp"]),
    ("payments-prod/WebReader", &["okta"]),
    ("payments-prod/Chained", &["corp", "okta"]),
    ("payments-prod/Federated", &["corp", "okta"]),
    ("payments-dev/Developer", &["corp", "okta"]),
    ("gov-prod/GovIssuedSaml", &["corp", "okta"]),
    ("gov-prod/GovAdmin", &["corp", "okta"]),
];

fn link(role: &str, idp: &str) -> String {
    format!("/go/{role}?idp={idp}")
}

/// One person in every console, by one provider.
async fn everywhere(world: &World, who: &str, idp: &str) -> Vec<(String, Inside)> {
    let mut inside = Vec::new();
    for (role, idps) in WAYS {
        if idps.contains(&idp) {
            let who = Inside::goes(world, who, &link(role, idp)).await;
            assert!(who.may(world).await, "{role} by {idp}");
            inside.push((format!("{role} by {idp}"), who));
        }
    }
    inside
}

#[tokio::test]
async fn one_person_is_cut_off_everywhere_and_nobody_else_and_can_come_back() {
    let world = start().await;
    let admin = Revoker::of(&world).await;
    for idp in ["corp", "okta"] {
        let theirs = everywhere(&world, "erin", idp).await;
        // the same name at the other provider is somebody else
        let other = if idp == "corp" { "okta" } else { "corp" };
        let mut others = everywhere(&world, "otto", idp).await;
        others.extend(everywhere(&world, "erin", other).await);
        seconds(&world, 1);
        let page = admin.revokes_person((idp, "erin"), "again").await;
        all_are(&page, "cut", theirs.len());
        for (how, inside) in &theirs {
            assert!(!inside.may(&world).await, "{how}: {}", page.body);
        }
        for (how, inside) in &others {
            assert!(inside.may(&world).await, "{how}: {}", page.body);
        }
        seconds(&world, 1);
        everywhere(&world, "erin", idp).await;
    }
    let ended = world.audit(EventKind::RevokeEnded).await;
    let cut = ended
        .iter()
        .filter(|event| event.result.as_deref() == Some("cut"));
    assert_eq!(cut.count(), 6, "three accounts, twice: {ended:?}");
    let about = ended[0].about.as_ref().unwrap();
    assert_eq!(about.idp.as_deref(), Some("corp"));
    assert!(about.subject.as_deref().unwrap().contains("erin"));
    assert_eq!(ended[0].display_name.as_deref(), Some("ada@example.com"));
    world.stop().await;
}

#[tokio::test]
async fn everybody_is_cut_off_from_a_role_and_from_no_other_and_can_come_back() {
    let world = start().await;
    let admin = Revoker::of(&world).await;
    for (role, idps) in WAYS {
        let mut theirs = Vec::new();
        for idp in idps {
            for who in ["erin", "otto"] {
                theirs.push(Inside::goes(&world, who, &link(role, idp)).await);
            }
        }
        let beside = if role.starts_with("payments-dev") {
            "payments-prod/IssuedSaml"
        } else {
            "payments-dev/Developer"
        };
        let beside = Inside::goes(&world, "erin", &link(beside, "corp")).await;
        seconds(&world, 1);
        all_are(&admin.revokes_role(role, "again").await, "cut", 1);
        for inside in &theirs {
            assert!(!inside.may(&world).await, "{role}");
        }
        assert!(beside.may(&world).await, "{role}");
        seconds(&world, 1);
        let again = Inside::goes(&world, "erin", &link(role, idps[0])).await;
        assert!(again.may(&world).await, "{role}");
    }
    world.stop().await;
}

#[tokio::test]
async fn federated_users_without_an_issue_time_are_cut_off_as_well() {
    let world = start().await;
    world
        .sandbox
        .simulation()
        .change_switches(|switches| switches.federated_users_have_issue_time = false);
    let link = link("payments-prod/Federated", "corp");
    let erin = Inside::goes(&world, "erin", &link).await;
    let otto = Inside::goes(&world, "otto", &link).await;
    let admin = Revoker::of(&world).await;
    seconds(&world, 1);
    let page = admin.revokes_person(("corp", "erin"), "again").await;
    all_are(&page, "cut", 1);
    assert!(page.body.contains("until the policy goes"), "{}", page.body);
    assert!(!erin.may(&world).await);
    assert!(otto.may(&world).await);
    // and the user that issues them goes on
    let more = Inside::goes(&world, "otto", &link).await;
    assert!(more.may(&world).await);
    world.stop().await;
}

#[tokio::test]
async fn a_policy_goes_when_the_longest_session_is_over() {
    let world = start().await;
    let admin = Revoker::of(&world).await;
    all_are(
        &admin.revokes_role("payments-dev/Developer", "ahead").await,
        "cut",
        1,
    );
    assert!(standing(&world, DEV, ("role", "Developer")).is_some());
    seconds(&world, 12 * 3_600);
    world.app.revoke_what_is_due().await;
    assert!(standing(&world, DEV, ("role", "Developer")).is_some());
    seconds(&world, 2 * 3_600);
    world.app.revoke_what_is_due().await;
    assert!(standing(&world, DEV, ("role", "Developer")).is_none());
    world.stop().await;
}
