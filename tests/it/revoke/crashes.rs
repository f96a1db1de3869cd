//! Whoever revokes is gone half way, or the database is: nothing is done that is not written down, and what is written
//! down is done.

use std::process::{Command, Stdio};

use vestibule::domain::audit::EventKind;
use vestibule_sandbox::aws::faults::{Fault, HostKind, Latch};

use super::{Inside, Revoker, form, seconds, standing, start};
use crate::world::accounts::DEV;

const LINK: &str = "/go/payments-dev/Developer?idp=corp";
const ROLE: &str = "payments-dev/Developer";

#[tokio::test]
async fn what_a_killed_command_had_begun_is_done_by_whoever_serves() {
    for action in ["PutRolePolicy", "ListRolePolicies", "AssumeRole"] {
        let world = start().await;
        let erin = Inside::goes(&world, "erin", LINK).await;
        let latch = Latch::new();
        let host = if action == "AssumeRole" {
            HostKind::Sts
        } else {
            HostKind::Iam
        };
        let faults = &world.sandbox.simulation().faults;
        faults.plan(host, Some(action), Fault::Hold(latch.clone()));
        let mut command = Command::new(env!("CARGO_BIN_EXE_vestibule"))
            .arg("--config")
            .arg(world.folder.join("vestibule.toml"))
            .args(["revoke", "--account", "payments-dev", "--role", "Developer"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        latch.arrived(1).await;
        command.kill().unwrap();
        command.wait().unwrap();
        assert!(erin.may(&world).await, "{action}");
        let begun = world.audit(EventKind::RevokeBegun).await;
        assert_eq!(begun.len(), 1, "it stands in the log that it was asked for");
        assert!(
            world.audit(EventKind::RevokeEnded).await.is_empty(),
            "and that nobody knows how it ended"
        );
        faults.clear();
        seconds(&world, 6 * 60);
        world.app.revoke_what_is_due().await;
        assert!(!erin.may(&world).await, "{action}");
        let page = Revoker::of(&world).await.page().await;
        let again = page.body.contains("to be cut off once more");
        assert!(again, "{action}: {}", page.body);
        world.stop().await;
    }
}

#[tokio::test]
async fn without_its_rows_nothing_is_asked_of_aws() {
    let world = start().await;
    let admin = Revoker::of(&world).await;
    let plan = admin.looks_at(ROLE, "again").await;
    for table in ["audit", "revocations"] {
        world.runs(&format!("CREATE TRIGGER refused BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'full'); END"),
        )
        .await;
        world.aws_forgets();
        let page = admin.browser.submits_once(&form(&plan, "apply")).await;
        page.is_refused(503, "database-away");
        assert!(world.aws_saw().is_empty(), "{table}");
        assert!(standing(&world, DEV, ("role", "Developer")).is_none());
        world.runs("DROP TRIGGER refused").await;
    }
    super::all_are(&admin.does(&plan).await, "cut", 1);
    world.stop().await;
}

#[tokio::test]
async fn a_row_that_somebody_changed_puts_nobody_out_of_reach_and_is_told_of() {
    let world = start().await;
    let otto = Inside::goes(&world, "otto", LINK).await;
    for _ in 0..3 {
        Inside::goes(&world, "erin", LINK).await;
    }
    let erin = Inside::goes(&world, "erin", LINK).await;
    let admin = Revoker::of(&world).await;
    seconds(&world, 1);
    // what the index has of a person tells of each row of theirs that was changed, made somebody else's, or taken away
    let nth = |n: usize| {
        format!(
            "position = (SELECT position FROM audit WHERE kind = 'signin_begun' AND event LIKE '%erin%' \
             ORDER BY position LIMIT 1 OFFSET {n})"
        )
    };
    for change in [
        format!("DELETE FROM audit WHERE {}", nth(2)),
        format!("UPDATE audit SET event = 'x' WHERE {}", nth(1)),
        format!(
            "UPDATE audit SET event = replace(event, 'erin', 'nora') WHERE {}",
            nth(0)
        ),
    ] {
        world.runs(&change).await;
    }
    let page = admin.revokes_person(("corp", "erin"), "ahead").await;
    super::all_are(&page, "cut", 1);
    assert!(
        page.body.contains("3 rows of the audit log cannot be read"),
        "{}",
        page.body
    );
    assert!(
        page.body.contains("Not everything is cut off"),
        "{}",
        page.body
    );
    assert!(!erin.may(&world).await);
    assert!(otto.may(&world).await);
    world.stop().await;
}
