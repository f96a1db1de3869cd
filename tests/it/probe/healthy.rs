//! Roles that work: one call each, as small as can be, and nothing comes of it.

use vestibule::domain::audit::EventKind;

use super::{ada, button, could_do_nothing, healthy, model, parameter, probes, says};
use crate::world::World;
use crate::world::accounts::{GOV, HUB, PROD};

#[tokio::test]
async fn a_role_of_each_method_and_partition_that_works_is_said_to() {
    let world = healthy().await;
    let ada = ada(&world).await;
    for (role, calls) in [
        ("payments-prod/IssuedSaml", &["AssumeRoleWithSAML"][..]),
        ("payments-prod/IssuedWeb", &["AssumeRoleWithWebIdentity"]),
        ("gov-prod/GovIssuedSaml", &["AssumeRoleWithSAML"]),
        ("gov-prod/GovIssuedWeb", &["AssumeRoleWithWebIdentity"]),
        ("payments-prod/Admin", &["AssumeRole"]),
        ("payments-prod/Narrow", &["AssumeRole"]),
        ("payments-prod/Chained", &["AssumeRole", "AssumeRole"]),
        ("payments-dev/Developer", &["AssumeRole"]),
        ("gov-prod/GovAdmin", &["AssumeRole"]),
        ("payments-prod/Federated", &["GetFederationToken"]),
        ("payments-prod/Dropbox", &["GetFederationToken"]),
    ] {
        let page = probes(&world, &ada, role).await;
        says(
            &page,
            "works",
            "given",
            &[
                "as vestibule-probe",
                "dropped at once",
                "What this does not show",
            ],
        );
        assert_eq!(world.aws_actions(), calls, "{role}");
        could_do_nothing(&world);
    }
    // what it said of somebody who is nobody
    let begun = world.audit(EventKind::ProbeBegun).await;
    let ended = world.audit(EventKind::ProbeEnded).await;
    assert_eq!((begun.len(), ended.len()), (11, 11));
    assert!(world.audit(EventKind::SigninBegun).await.is_empty());
    world.stop().await;
}

#[tokio::test]
async fn all_that_a_sign_in_sends_goes_along_with_stand_ins_for_what_is_a_person_s() {
    let world = healthy().await;
    let ada = ada(&world).await;
    probes(&world, &ada, "payments-prod/Admin").await;
    let call = world.sts_call();
    for (name, value) in [
        ("SourceIdentity", "vestibule-probe"),
        ("Tags.member.1.Value", "vestibule-probe"),
        ("Tags.member.2.Value", "vestibule-probe"),
        ("TransitiveTagKeys.member.1", "team"),
        ("ExternalId", "vestibule-test"),
    ] {
        assert_eq!(parameter(&call, name), Some(value), "{name}: {call:?}");
    }
    let page = probes(&world, &ada, "payments-prod/Chained").await;
    says(&page, "works", "given", &["team had stand-ins"]);
    let saw = world.aws_saw();
    assert_eq!(
        parameter(&saw[0], "RoleArn"),
        Some(&*format!("arn:aws:iam::{HUB}:role/Broker"))
    );
    assert_eq!(
        parameter(&saw[1], "RoleArn"),
        Some(&*format!("arn:aws:iam::{PROD}:role/Chained"))
    );
    let page = probes(&world, &ada, "payments-prod/Federated").await;
    says(
        &page,
        "works",
        "given",
        &[
            "The role's session policies",
            &format!("a federated user of account {PROD}"),
        ],
    );
    let page = probes(&world, &ada, "gov-prod/GovIssuedSaml").await;
    says(
        &page,
        "works",
        "given",
        &[&format!("arn:aws-us-gov:iam::{GOV}:role/GovIssuedSaml")],
    );
    world.stop().await;
}

#[tokio::test]
async fn a_whole_user_and_a_role_behind_an_mfa_device_are_told_as_such_and_nothing_is_asked() {
    let roles = format!(
        "[[roles]]\naccount = \"payments-prod\"\nname = \"Uploader\"\nmethod = \"GetSessionToken\"\n\
         credentials = \"uploader\"\n\
         [[roles]]\naccount = \"payments-prod\"\nname = \"Guarded\"\nmethod = \"AssumeRole\"\n\
         credentials = \"hub\"\nmfa_serial = \"arn:aws:iam::{HUB}:mfa/vestibule\"\n"
    );
    let entry = "[[credentials]]\nname = \"uploader\"\nsource = \"file\"\nfile = \"uploader\"\n\
                 may_not_assume_roles = true\n\n[[administrators]]";
    let keys = "[default]\naws_access_key_id = AKIAUPLUPLUPLUPLUPL1\naws_secret_access_key = x\n";
    let world = World::builder()
        .model(&format!("{}\n{roles}", model()))
        .with("[[administrators]]", entry)
        .file("uploader", keys)
        .start()
        .await;
    let ada = ada(&world).await;
    for (role, why) in [
        (
            "payments-prod/Uploader",
            "no policy narrows GetSessionToken",
        ),
        ("payments-prod/Guarded", "the code of an MFA device"),
    ] {
        assert!(button(&ada.1, role).is_none());
        let form = button(&ada.1, "payments-prod/Narrow").unwrap();
        let page = ada.0.submits_once(&form.with("role", role)).await;
        says(
            &page,
            "not_probed",
            "not_probed",
            &[why, "AWS was not asked"],
        );
    }
    assert!(world.aws_saw().is_empty());
    world.stop().await;
}

#[tokio::test]
async fn a_role_that_needs_a_person_s_own_proof_is_told_as_such_and_nothing_is_asked() {
    let world = healthy().await;
    let ada = ada(&world).await;
    assert!(
        ada.1.body.contains("comes with a person&#39;s login"),
        "{}",
        ada.1.body
    );
    for role in [
        "payments-prod/SamlReader",
        "payments-prod/WebReader",
        "gov-prod/GovSaml",
    ] {
        assert!(button(&ada.1, role).is_none(), "{role}");
        let form = button(&ada.1, "payments-prod/Narrow").unwrap();
        let page = ada.0.submits_once(&form.with("role", role)).await;
        says(
            &page,
            "not_probed",
            "not_probed",
            &["comes with a person's login", "AWS was not asked"],
        );
    }
    assert!(world.aws_saw().is_empty());
    assert!(world.audit(EventKind::ProbeBegun).await.is_empty());
    world.stop().await;
}
