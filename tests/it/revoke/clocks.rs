//! Clocks that differ, changes that take their time, and several who revoke at once.

use std::sync::atomic::Ordering;

use chrono::TimeDelta;
use vestibule::clock::Clock as _;
use vestibule::domain::audit::{Event, EventKind};
use vestibule_sandbox::aws::faults::{Fault, HostKind, Latch};

use super::{Inside, Revoker, all_are, seconds, standing, start};
use crate::world::World;
use crate::world::accounts::{DEV, PROD};

const LINK: &str = "/go/payments-dev/Developer?idp=corp";
const ROLE: &str = "payments-dev/Developer";

fn puts(world: &World) -> usize {
    let actions = world.aws_actions();
    actions
        .iter()
        .filter(|action| *action == "PutRolePolicy")
        .count()
}

#[tokio::test]
async fn sessions_that_began_by_a_clock_of_aws_s_that_is_ahead_or_behind_are_cut_off() {
    for ahead in [-50, -2, 2, 50] {
        let world = start().await;
        world.aws_ahead.store(ahead, Ordering::SeqCst);
        let erin = Inside::goes(&world, "erin", LINK).await;
        let admin = Revoker::of(&world).await;
        all_are(&admin.revokes_role(ROLE, "again").await, "cut", 1);
        assert!(!erin.may(&world).await, "{ahead}");
        world.stop().await;
    }
}

#[tokio::test]
async fn a_row_of_a_clock_that_was_wrong_hides_no_sign_in_before_it() {
    let world = start().await;
    let erin = Inside::goes(&world, "erin", LINK).await;
    let long_ago = world.clock.now() - TimeDelta::days(400);
    let store = world.app.store();
    store
        .append(EventKind::LoginFailed, &Event::default(), long_ago)
        .await
        .unwrap();
    let admin = Revoker::of(&world).await;
    all_are(
        &admin.revokes_person(("corp", "erin"), "again").await,
        "cut",
        1,
    );
    assert!(!erin.may(&world).await);
    world.stop().await;
}

#[tokio::test]
async fn what_iam_has_takes_its_time_and_the_page_says_so() {
    let world = start().await;
    let erin = Inside::goes(&world, "erin", LINK).await;
    let admin = Revoker::of(&world).await;
    world
        .sandbox
        .simulation()
        .change_switches(|switches| switches.iam.propagation_seconds = 120);
    seconds(&world, 1);
    let page = admin.revokes_role(ROLE, "again").await;
    all_are(&page, "cut", 1);
    assert!(
        page.body.contains("it can take a few minutes"),
        "{}",
        page.body
    );
    assert!(erin.may(&world).await, "it has not reached everything");
    seconds(&world, 121);
    assert!(!erin.may(&world).await);
    world.stop().await;
}

#[tokio::test]
async fn what_is_due_is_done_once_whichever_replica_does_it() {
    let world = start().await;
    let (replica, _) = world.replica().await;
    let admin = Revoker::of(&world).await;
    all_are(&admin.revokes_role(ROLE, "again").await, "cut", 1);
    // whoever looks by itself meanwhile counts as well
    world.aws_forgets();
    seconds(&world, 15 * 60 + 5);
    tokio::join!(world.app.revoke_what_is_due(), replica.revoke_what_is_due());
    world.app.revoke_what_is_due().await;
    replica.revoke_what_is_due().await;
    assert_eq!(puts(&world), 1);
    replica.stop().await;
    world.stop().await;
}

#[tokio::test]
async fn several_who_revoke_at_once_lose_nothing_of_each_other() {
    let world = start().await;
    let erin = Inside::goes(&world, "erin", LINK).await;
    let otto = Inside::goes(&world, "otto", LINK).await;
    let (one, two) = (Revoker::of(&world).await, Revoker::of(&world).await);
    seconds(&world, 1);
    let erin_s = one.looks_for(("corp", "erin"), "ahead").await;
    let otto_s = two.looks_for(("corp", "otto"), "ahead").await;
    let (first, second) = tokio::join!(one.does(&erin_s), two.does(&otto_s));
    all_are(&first, "cut", 1);
    all_are(&second, "cut", 1);
    assert!(!erin.may(&world).await);
    assert!(!otto.may(&world).await);
    let policy = standing(&world, DEV, ("role", "Developer"))
        .unwrap()
        .to_string();
    assert!(
        policy.contains("erin") && policy.contains("otto"),
        "{policy}"
    );
    world.stop().await;
}

#[tokio::test]
async fn what_iam_does_not_show_yet_of_another_s_cut_is_not_lost() {
    let world = start().await;
    let erin = Inside::goes(&world, "erin", LINK).await;
    let otto = Inside::goes(&world, "otto", LINK).await;
    world
        .sandbox
        .simulation()
        .change_switches(|switches| switches.iam.others_show_after_seconds = 600);
    let (one, two) = (Revoker::of(&world).await, Revoker::of(&world).await);
    seconds(&world, 1);
    let page = one.revokes_person(("corp", "erin"), "ahead").await;
    all_are(&page, "cut", 1);
    assert!(!erin.may(&world).await);
    seconds(&world, 1);
    let plan = two.looks_for(("corp", "otto"), "ahead").await;
    assert!(plan.body.contains("erin@example.com"), "{}", plan.body);
    all_are(&two.does(&plan).await, "cut", 1);
    assert!(!otto.may(&world).await);
    assert!(!erin.may(&world).await, "it was called cut off");
    world.stop().await;
}

#[tokio::test]
async fn whoever_does_not_have_the_account_any_more_stops_and_goes_on_later() {
    let world = start().await;
    let links = ["/go/payments-prod/IssuedSaml", "/go/payments-prod/Admin"];
    let mut inside = Vec::new();
    for link in links {
        inside.push(Inside::goes(&world, "erin", &format!("{link}?idp=corp")).await);
    }
    let admin = Revoker::of(&world).await;
    seconds(&world, 1);
    let plan = admin.looks_for(("corp", "erin"), "ahead").await;
    all_are(&plan, "planned", 2);
    let latch = Latch::new();
    let held = Fault::HoldAnswer(latch.clone());
    let faults = &world.sandbox.simulation().faults;
    faults.plan(HostKind::Iam, Some("PutRolePolicy"), held);
    let store = world.app.store();
    let another_comes = async {
        latch.arrived(1).await;
        seconds(&world, 6 * 60);
        let now = world.clock.now();
        let until = now + TimeDelta::minutes(5);
        assert!(
            store
                .take_account(PROD, "another", until, now)
                .await
                .unwrap()
        );
        latch.release();
    };
    let (page, ()) = tokio::join!(admin.does(&plan), another_comes);
    let mut states: Vec<_> = super::states(&page).into_iter().map(|(_, is)| is).collect();
    states.sort();
    assert_eq!(states, ["cut", "pending"], "{}", page.body);
    assert!(
        page.body.contains("somebody else is changing"),
        "{}",
        page.body
    );
    assert_eq!(puts(&world), 1);
    store.leave_account(PROD, "another").await.unwrap();
    seconds(&world, 3_600);
    world.app.revoke_what_is_due().await;
    for inside in &inside {
        assert!(!inside.may(&world).await);
    }
    world.stop().await;
}

#[tokio::test]
async fn pressing_twice_makes_the_same_policy_and_an_old_page_does_nothing() {
    let world = start().await;
    let admin = Revoker::of(&world).await;
    let plan = admin.looks_at(ROLE, "ahead").await;
    all_are(&plan, "planned", 1);
    assert!(
        standing(&world, DEV, ("role", "Developer")).is_none(),
        "looking changes nothing"
    );
    all_are(&admin.does(&plan).await, "cut", 1);
    let once = standing(&world, DEV, ("role", "Developer"));
    seconds(&world, 5);
    world.aws_forgets();
    all_are(&admin.does(&plan).await, "cut", 1);
    assert_eq!(standing(&world, DEV, ("role", "Developer")), once);
    assert_eq!(puts(&world), 0, "what stands is not put again");
    seconds(&world, 16 * 60);
    admin.does(&plan).await.is_refused(409, "plan-too-old");
    world.stop().await;
}
