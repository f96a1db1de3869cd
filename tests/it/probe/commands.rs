//! `vestibule check --probe`.

use vestibule::domain::audit::EventKind;

use super::{could_do_nothing, healthy};
use crate::commands::{complains, does, vestibule};
use crate::world::World;
use crate::world::accounts::PROD;

#[tokio::test]
async fn all_roles_are_probed_in_order_and_those_that_need_a_person_are_named() {
    let world = healthy().await;
    world.aws_forgets();
    let said = does(&vestibule(&world.folder, &["check", "--probe"]).await);
    for line in [
        "is right.",
        "Probing 14 roles",
        "payments-prod/IssuedSaml works",
        "gov-prod/GovIssuedWeb works",
        "payments-prod/Chained works",
        "payments-prod/Dropbox works",
        "payments-prod/SamlReader cannot be probed",
        "[14/14]",
        "11 work, 0 do not, 0 could not be asked for, 3 cannot be probed.",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    assert_eq!(
        world.sts_calls().len(),
        12,
        "one each, and one more through the hub"
    );
    could_do_nothing(&world);
    for secret in ["hub", "payments", "gov"] {
        let file = std::fs::read_to_string(world.folder.join(secret)).unwrap();
        let secret = file
            .lines()
            .find_map(|line| line.strip_prefix("aws_secret_access_key = "));
        assert!(!said.contains(secret.unwrap()));
    }
    let begun = world.audit(EventKind::ProbeBegun).await;
    assert_eq!(begun.len(), 11);
    assert!(
        begun
            .iter()
            .all(|event| event.display_name.as_deref() == Some("vestibule check --probe"))
    );
    assert_eq!(world.audit(EventKind::ProbeEnded).await.len(), 11);
    world.stop().await;
}

#[tokio::test]
async fn a_role_that_does_not_work_is_told_with_the_line_to_change_and_ends_with_1() {
    let world = healthy().await;
    {
        let mut iam = world.sandbox.simulation().iam.write();
        let account = iam.account_mut(PROD).unwrap();
        let trust = world.saml_trust(account, &["sts:SetSourceIdentity"]);
        account.role_mut("IssuedSaml").unwrap().trust = trust;
    }
    world.aws_forgets();
    let named = [
        "check",
        "--probe",
        "--role",
        "payments-prod/IssuedSaml",
        "--role",
        "payments-prod/Narrow",
        "--role",
        "payments-prod/Narrow",
    ];
    let output = vestibule(&world.folder, &named).await;
    let reasons = complains(&output);
    assert!(
        reasons.contains("one role was not seen to work"),
        "{reasons}"
    );
    let said = String::from_utf8(output.stdout).unwrap();
    for line in [
        "[1/2] payments-prod/IssuedSaml does not work",
        "Known     AWS gives",
        "without session tags, and not with them",
        "Supposed  The role sends session tags",
        "Change    The trust policy of",
        "\"Action\": [\"sts:AssumeRoleWithSAML\", \"sts:TagSession\", \"sts:SetSourceIdentity\"]",
        "[2/2] payments-prod/Narrow works",
        "1 work, 1 do not",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    assert_eq!(world.sts_calls().len(), 3);
    world.stop().await;
}

#[tokio::test]
async fn without_the_word_nothing_is_asked_and_a_name_that_is_none_is_said() {
    let world = healthy().await;
    world.aws_forgets();
    does(&vestibule(&world.folder, &["check"]).await);
    let unknown = [
        "check",
        "--probe",
        "--role",
        "payments-prod/Nobody",
        "--role",
        "payments-prod/Narrow",
        "--role",
        "Narrow",
    ];
    let reasons = complains(&vestibule(&world.folder, &unknown).await);
    assert!(
        reasons.contains("no role payments-prod/Nobody, Narrow"),
        "{reasons}"
    );
    let alone = vestibule(&world.folder, &["check", "--role", "payments-prod/Narrow"]).await;
    assert_eq!(alone.status.code(), Some(2), "{alone:?}");
    assert!(world.aws_saw().is_empty());
    let empty = World::builder().unpublished().start().await;
    let reasons = complains(&vestibule(&empty.folder, &["check", "--probe"]).await);
    assert!(reasons.contains("no roles to probe"), "{reasons}");
    empty.stop().await;
    world.stop().await;
}
