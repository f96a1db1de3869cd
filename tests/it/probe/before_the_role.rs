//! Where it is not the role's trust that is missing: keys, own credentials, permissions of a user, AWS itself.

use vestibule::issuer::keys::Use;
use vestibule::random::SystemRandom;
use vestibule_sandbox::aws::faults::{Fault, HostKind};

use super::{ada, could_do_nothing, healthy, parameter, probes, says};
use crate::world::accounts::PROD;
use crate::world::issuer::order;

const SAML: &str = "payments-prod/IssuedSaml";
const WEB: &str = "payments-prod/IssuedWeb";
const ADMIN: &str = "payments-prod/Admin";

#[tokio::test]
async fn an_account_that_does_not_know_the_issuer_s_key_is_asked_once() {
    let world = healthy().await;
    let ada = ada(&world).await;
    {
        let mut iam = world.sandbox.simulation().iam.write();
        let account = iam.account_mut(PROD).unwrap();
        account.saml_providers.remove("vestibule");
        account.oidc_providers.clear();
    }
    let page = probes(&world, &ada, SAML).await;
    says(
        &page,
        "fails",
        "aws.InvalidIdentityToken",
        &[
            "UpdateSAMLProvider",
            &format!("{}/issuer/saml/metadata", world.url),
        ],
    );
    assert_eq!(world.sts_calls().len(), 1);
    let page = probes(&world, &ada, WEB).await;
    says(
        &page,
        "fails",
        "aws.InvalidIdentityToken",
        &[
            "It must have this URL, letter by letter",
            "sts.amazonaws.com",
        ],
    );
    assert_eq!(world.sts_calls().len(), 1);
    world.stop().await;
}

#[tokio::test]
async fn an_expired_key_of_the_issuer_s_is_known_before_aws_is_asked() {
    let world = healthy().await;
    let keys = world.issuer_keys();
    let mut short = order(Use::Saml);
    short.days = 20;
    let now = vestibule::clock::Clock::now(world.clock.as_ref());
    keys.add(short, now, &SystemRandom).unwrap();
    keys.promote(Use::Saml, now).unwrap();
    world.app.follow_issuer().await;
    world.clock.advance(chrono::TimeDelta::days(21));
    let ada = ada(&world).await;
    let page = probes(&world, &ada, SAML).await;
    says(
        &page,
        "fails",
        "issuer.expired",
        &[
            "has expired. AWS was not asked.",
            "vestibule issuer keys new --use saml",
        ],
    );
    assert!(world.aws_saw().is_empty());
    world.stop().await;
}

#[tokio::test]
async fn own_credentials_that_are_gone_or_wrong_are_named_by_their_entry() {
    let world = healthy().await;
    let ada = ada(&world).await;
    let file = world.folder.join("hub");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    let page = probes(&world, &ada, ADMIN).await;
    says(
        &page,
        "fails",
        "own_credentials",
        &["cannot be had", "name = \"hub\""],
    );
    assert!(world.aws_saw().is_empty());
    std::fs::write(
        &file,
        text.replace("AKIAHUBHUBHUBHUBHUB1", "AKIAHUBHUBHUBHUBHUB2"),
    )
    .unwrap();
    let page = probes(&world, &ada, "payments-prod/Narrow").await;
    says(
        &page,
        "fails",
        "aws.InvalidClientTokenId",
        &[
            "own AWS credentials have expired, were deleted",
            "name = \"hub\"",
        ],
    );
    assert_eq!(world.sts_calls().len(), 1);
    world.stop().await;
}

#[tokio::test]
async fn a_federated_user_s_missing_permission_is_the_iam_user_s() {
    let world = healthy().await;
    let ada = ada(&world).await;
    let denied = Fault::sts_error(
        403,
        "AccessDenied",
        "User is not authorized to perform: sts:GetFederationToken",
    );
    let faults = &world.sandbox.simulation().faults;
    faults.plan(HostKind::Sts, Some("GetFederationToken"), denied);
    let page = probes(&world, &ada, "payments-prod/Federated").await;
    says(
        &page,
        "fails",
        "aws.AccessDenied",
        &[
            "may not call sts:GetFederationToken",
            "\"Action\": \"sts:GetFederationToken\"",
            "name = \"payments\"",
        ],
    );
    assert_eq!(world.sts_calls().len(), 1);
    could_do_nothing(&world);
    world.stop().await;
}

#[tokio::test]
async fn an_aws_that_throttles_or_is_away_leaves_nothing_known() {
    let world = healthy().await;
    let ada = ada(&world).await;
    let faults = world.sandbox.simulation().faults.clone();
    for (role, fault, cause) in [
        (ADMIN, Fault::throttling(), "aws.busy"),
        (SAML, Fault::server_error(503), "aws.busy"),
        (WEB, Fault::garbage(), "aws.unexpected"),
    ] {
        faults.plan_times(10, HostKind::Sts, None, &fault);
        let page = probes(&world, &ada, role).await;
        says(&page, "unknown", cause, &["could not be asked for"]);
        assert!(
            world.sts_calls().len() <= 3,
            "one call, with the client's own tries"
        );
        faults.clear();
    }
    faults.plan(HostKind::Sts, None, Fault::region_disabled(PROD));
    let page = probes(&world, &ada, "payments-prod/Narrow").await;
    says(
        &page,
        "fails",
        "aws.region_disabled",
        &["not activated", PROD],
    );
    world.stop().await;
}

#[tokio::test]
async fn a_duration_that_aws_does_not_take_is_left_out_to_see() {
    let world = healthy().await;
    let ada = ada(&world).await;
    let invalid = Fault::sts_error(400, "ValidationError", "x");
    world
        .sandbox
        .simulation()
        .faults
        .plan(HostKind::Sts, Some("AssumeRole"), invalid);
    let page = probes(&world, &ada, "payments-prod/Narrow").await;
    says(
        &page,
        "fails",
        "duration",
        &["when no duration is asked for"],
    );
    let durations: Vec<_> = world
        .sts_calls()
        .iter()
        .map(|call| parameter(call, "DurationSeconds").map(str::to_owned))
        .collect();
    assert_eq!(durations, [Some("900".to_owned()), None]);
    world.stop().await;
}
