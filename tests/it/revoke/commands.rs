//! `vestibule revoke`.

use serde_json::Value;
use vestibule::domain::audit::EventKind;

use super::{Inside, POLICY, REVOKER, standing, start};
use crate::commands::{complains, does, vestibule};
use crate::world::World;
use crate::world::accounts::{DEV, PROD};

const LINK: &str = "/go/payments-dev/Developer?idp=corp";

async fn revoke(world: &World, words: &[&str]) -> std::process::Output {
    let words: Vec<&str> = ["revoke"].iter().chain(words).copied().collect();
    vestibule(&world.folder, &words).await
}

#[tokio::test]
async fn a_role_is_looked_at_and_cut_off_and_told_as_text_and_as_json() {
    let world = start().await;
    let erin = Inside::goes(&world, "erin", LINK).await;
    let role = ["--account", "payments-dev", "--role", "Developer"];
    let said = does(&revoke(&world, &[&role[..], &["--dry-run"]].concat()).await);
    for text in [
        "role Developer: would be cut off",
        POLICY,
        "aws:TokenIssueTime",
        "Nothing was changed",
    ] {
        assert!(said.contains(text), "{text}: {said}");
    }
    assert!(standing(&world, DEV, ("role", "Developer")).is_none());
    assert!(erin.may(&world).await);
    let json = does(
        &revoke(
            &world,
            &[&role[..], &["--dry-run", "--format", "json"]].concat(),
        )
        .await,
    );
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (&json["applied"], &json["whole"]),
        (&Value::Bool(false), &Value::Bool(true))
    );
    let place = &json["places"][0];
    assert_eq!(place["policy_name"], POLICY);
    assert_eq!(
        (&place["account"], &place["state"]),
        (&Value::from(DEV), &Value::from("planned"))
    );
    assert_eq!(place["policy"]["Statement"][0]["Effect"], "Deny");
    let said = does(&revoke(&world, &[&role[..], &["--note", "a leaver"]].concat()).await);
    for text in [
        "role Developer: cut off",
        "a few minutes",
        "cuts off once more then",
    ] {
        assert!(said.contains(text), "{text}: {said}");
    }
    assert!(!erin.may(&world).await);
    let begun = world.audit(EventKind::RevokeBegun).await;
    let last = begun.last().unwrap();
    assert_eq!(last.display_name.as_deref(), Some("vestibule revoke"));
    assert_eq!(last.note.as_deref(), Some("a leaver"));
    assert_eq!(last.role.as_deref(), Some("payments-dev/Developer"));
    for (_, secret) in [("hub", "hub"), ("payments", "payments")] {
        let file = std::fs::read_to_string(world.folder.join(secret)).unwrap();
        let secret = file
            .lines()
            .find_map(|line| line.strip_prefix("aws_secret_access_key = "));
        assert!(!said.contains(secret.unwrap()));
    }
    world.stop().await;
}

#[tokio::test]
async fn a_person_is_named_as_the_audit_log_has_them_and_others_are_offered_where_nobody_is() {
    let world = start().await;
    let erin = Inside::goes(&world, "erin", LINK).await;
    let other = Inside::goes(&world, "erin", "/go/payments-dev/Developer?idp=okta").await;
    let began = world.audit(EventKind::SigninBegun).await;
    let subject = began[0].subject.clone().unwrap();
    let said = does(&revoke(&world, &["--person", &format!("corp:{subject}")]).await);
    assert!(said.contains("role Developer: cut off"), "{said}");
    assert!(!erin.may(&world).await);
    assert!(
        other.may(&world).await,
        "the same name at the other provider is somebody else"
    );
    let said = complains(&revoke(&world, &["--person", "corp:rin"]).await);
    for text in ["no sign-in of corp:rin", "corp:", "okta:", "Erin Engel"] {
        assert!(said.contains(text), "{text}: {said}");
    }
    for (words, says) in [
        (&["--person", "erin"][..], "IDENTITY-PROVIDER:SUBJECT"),
        (
            &["--person", "corp:nobody-at-all"],
            "there is nothing to cut off",
        ),
        (
            &["--account", "payments-dev", "--role", "a/b"],
            "a role is written",
        ),
        (
            &["--account", "payments-dev", "--role", "Nobody"],
            "there is no role payments-dev/Nobody",
        ),
        (
            &[
                "--account",
                "payments-dev",
                "--role",
                "Developer",
                "--note",
                "a\nb",
            ],
            "a note has at most",
        ),
    ] {
        let said = complains(&revoke(&world, words).await);
        assert!(said.contains(says), "{says}: {said}");
    }
    for words in [
        &[][..],
        &["--account", "payments-dev"],
        &["--role", "Developer"],
        &["--person", "corp:x", "--account", "a", "--role", "b"],
        &["--account", "a", "--role", "b", "--links", "later"],
    ] {
        assert_eq!(
            revoke(&world, words).await.status.code(),
            Some(2),
            "{words:?}"
        );
    }
    world.stop().await;
}

#[tokio::test]
async fn it_says_whether_they_can_come_back_and_stops_them_first_where_that_is_asked_for() {
    let world = start().await;
    let erin = Inside::goes(&world, "erin", LINK).await;
    let began = world.audit(EventKind::SigninBegun).await;
    let person = format!("corp:{}", began[0].subject.clone().unwrap());
    let person = ["--person", person.as_str()];
    let said = does(&revoke(&world, &[&person[..], &["--dry-run"]].concat()).await);
    assert!(
        said.contains("is NOT blocked") && said.contains("--stop-first"),
        "{said}"
    );
    let json = ["--dry-run", "--format", "json", "--stop-first"];
    let json = does(&revoke(&world, &[&person[..], &json].concat()).await);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["stopped"], Value::Null, "a dry run stops nobody");
    assert!(world.audit(EventKind::PersonBlocked).await.is_empty());
    let json = ["--stop-first", "--format", "json", "--note", "left"];
    let json = does(&revoke(&world, &[&person[..], &json].concat()).await);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["stopped"]["just_now"], true);
    assert_eq!(json["stopped"]["until"], Value::Null);
    assert!(!erin.may(&world).await);
    let blocked = world.audit(EventKind::PersonBlocked).await;
    assert_eq!(blocked[0].note.as_deref(), Some("left"));
    let said = does(&revoke(&world, &[&person[..], &["--dry-run"]].concat()).await);
    assert!(
        said.contains("is blocked until somebody lifts it"),
        "{said}"
    );

    let role = ["--account", "payments-dev", "--role", "Developer"];
    let said = does(&revoke(&world, &[&role[..], &["--dry-run"]].concat()).await);
    assert!(
        said.contains("payments-dev/Developer is NOT suspended"),
        "{said}"
    );
    let said = does(&revoke(&world, &[&role[..], &["--stop-first"]].concat()).await);
    assert!(
        said.contains("is suspended until 20") && said.contains("since just now"),
        "{said}"
    );
    world.stop().await;
}

#[tokio::test]
async fn what_is_not_cut_off_ends_with_1_and_the_policy_for_another_way() {
    let world = start().await;
    Inside::goes(&world, "erin", "/go/payments-prod/IssuedSaml?idp=corp").await;
    {
        let mut iam = world.sandbox.simulation().iam.write();
        iam.account_mut(PROD).unwrap().remove_role(REVOKER);
    }
    let role = ["--account", "payments-prod", "--role", "IssuedSaml"];
    let output = revoke(&world, &role).await;
    let said = complains(&output);
    assert!(said.contains("not everything was cut off"), "{said}");
    let printed = String::from_utf8(output.stdout).unwrap();
    for text in ["NOT CUT OFF", "revoker could not be become", POLICY] {
        assert!(printed.contains(text), "{text}: {printed}");
    }
    let output = revoke(&world, &[&role[..], &["--format", "json"]].concat()).await;
    complains(&output);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["whole"], false);
    assert_eq!(json["places"][0]["state"], "not_cut");
    assert!(json["places"][0]["policy"].is_object());
    // a look alone prints, and that is all that it was asked for
    does(&revoke(&world, &[&role[..], &["--dry-run"]].concat()).await);
    world.stop().await;
}

#[tokio::test]
async fn where_a_purge_took_what_tells_of_living_sessions_nothing_is_called_done() {
    let world = start().await;
    let _inside = Inside::goes(&world, "erin", LINK).await;
    let ended = world.audited(EventKind::SigninEnded, 1).await;
    let person = format!("corp:{}", ended[0].subject.clone().unwrap());
    let store = world.app.store();
    // as the command of earlier versions did, and none does any more
    let newest = store.recent(None, 1).await.unwrap()[0].position;
    while store.purge_portion(newest).await.unwrap() != vestibule::store::audit::Purge::Done {}
    let said = complains(&revoke(&world, &["--person", &person]).await);
    assert!(said.contains("was purged of rows"), "{said}");

    // who comes in anew is cut off, and what was before is not known
    let _again = Inside::goes(&world, "erin", LINK).await;
    world.audited(EventKind::SigninEnded, 1).await;
    let output = revoke(&world, &["--person", &person, "--format", "json"]).await;
    assert!(!output.status.success());
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["places"][0]["state"], "cut", "{json}");
    assert_eq!(json["whole"], false, "{json}");
    let gap = json["without_a_policy"][0].as_str().unwrap();
    assert!(
        gap.contains("was purged of rows") && gap.contains("it begins at"),
        "{gap}"
    );
    // a role is cut off for everybody, whatever the record knows
    let words = ["--account", "payments-dev", "--role", "Developer"];
    let said = does(&revoke(&world, &words).await);
    assert!(said.contains("role Developer: cut off"), "{said}");
    world.stop().await;
}
