//! Bounded in rate, written down first, and never unasked.

use vestibule::domain::audit::EventKind;
use vestibule_sandbox::aws::faults::{Fault, HostKind, Latch};

use super::{ROLES, ada, button, healthy, probes, says};
use crate::world::World;

const ROLE: &str = "payments-prod/Narrow";

#[tokio::test]
async fn a_role_is_left_alone_for_a_minute_and_the_page_says_when_again() {
    let world = healthy().await;
    world
        .clock
        .hold_at(vestibule::clock::Clock::now(world.clock.as_ref()));
    let ada = ada(&world).await;
    says(&probes(&world, &ada, ROLE).await, "works", "given", &[]);
    world.clock.advance(chrono::TimeDelta::seconds(20));
    let page = probes(&world, &ada, ROLE).await;
    page.is_refused(429, "probed-too-soon");
    assert_eq!(page.header("retry-after"), "41");
    assert!(page.body.contains("Wait 41 seconds"), "{}", page.body);
    assert!(world.aws_saw().is_empty());
    assert_eq!(world.audit(EventKind::ProbeBegun).await.len(), 1);
    // another role has its own minute
    says(
        &probes(&world, &ada, "payments-dev/Developer").await,
        "works",
        "given",
        &[],
    );
    world.clock.advance(chrono::TimeDelta::seconds(40));
    says(&probes(&world, &ada, ROLE).await, "works", "given", &[]);
    world.stop().await;
}

#[tokio::test]
async fn two_are_under_way_at_most_and_the_row_stands_before_the_call_leaves() {
    let world = healthy().await;
    let ada = ada(&world).await;
    let latch = Latch::new();
    let faults = &world.sandbox.simulation().faults;
    faults.plan_times(
        2,
        HostKind::Sts,
        Some("AssumeRole"),
        &Fault::Hold(latch.clone()),
    );
    let press = async |role: &str| {
        let form = button(&ada.1, role).unwrap();
        ada.0.submits_once(&form).await
    };
    let meanwhile = async {
        latch.arrived(2).await;
        let begun = world.audit(EventKind::ProbeBegun).await;
        assert_eq!(begun.len(), 2);
        assert!(world.audit(EventKind::ProbeEnded).await.is_empty());
        let third = press("payments-prod/Admin").await;
        third.is_refused(429, "probed-too-soon");
        latch.release();
    };
    let (first, second, ()) = tokio::join!(press(ROLE), press("payments-dev/Developer"), meanwhile);
    says(&first, "works", "given", &[]);
    says(&second, "works", "given", &[]);
    says(&press("payments-prod/Admin").await, "works", "given", &[]);
    world.stop().await;
}

#[tokio::test]
async fn the_record_says_who_asked_for_what_and_what_came_of_it() {
    let world = healthy().await;
    let ada = ada(&world).await;
    {
        let mut iam = world.sandbox.simulation().iam.write();
        iam.account_mut(crate::world::accounts::PROD)
            .unwrap()
            .remove_role("Narrow");
    }
    probes(&world, &ada, ROLE).await;
    let begun = world.audit(EventKind::ProbeBegun).await.remove(0);
    let ended = world.audit(EventKind::ProbeEnded).await.remove(0);
    assert_eq!(begun.display_name.as_deref(), Some("ada@example.com"));
    assert_eq!(begun.idp.as_deref(), Some("corp"));
    assert_eq!(begun.role.as_deref(), Some(ROLE));
    assert_eq!(begun.method.as_deref(), Some("AssumeRole"));
    assert_eq!(begun.session_name.as_deref(), Some("vestibule-probe"));
    assert_eq!((begun.revision, &begun.result), (Some(1), &None));
    assert_eq!(begun.reference, ended.reference);
    assert!(
        begun
            .reference
            .is_some_and(|reference| !reference.is_empty())
    );
    assert_eq!(ended.result.as_deref(), Some("fails"));
    assert_eq!(ended.cause.as_deref(), Some("aws.AccessDenied"));
    assert_eq!(ended.access_key_id, None);
    world.stop().await;
}

#[tokio::test]
async fn without_its_row_nothing_is_asked_of_aws() {
    let world = healthy().await;
    let ada = ada(&world).await;
    let refuse =
        "CREATE TRIGGER refused BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END";
    world.runs(refuse).await;
    let page = probes(&world, &ada, ROLE).await;
    page.is_refused(503, "database-away");
    assert!(world.aws_saw().is_empty());
    world.stop().await;
}

#[tokio::test]
async fn nothing_is_probed_that_nobody_asked_for() {
    let world = World::builder().issuing().start().await;
    let ada = ada(&world).await;
    world.clock.advance(chrono::TimeDelta::hours(1));
    for path in [ROLES, "/admin/access", "/admin/access?show=accounts", "/"] {
        ada.0.opens(&world.at(path)).await;
    }
    let page = ada
        .0
        .opens_once(&world.at("/admin/access/probe?role=payments-prod/Narrow"))
        .await;
    assert_eq!(page.status, 405);
    assert!(world.aws_saw().is_empty());
    assert!(world.audit(EventKind::ProbeBegun).await.is_empty());
    world.stop().await;
}
