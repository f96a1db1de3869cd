//! What IAM can refuse or fail at: nothing is called cut off that is not, and what may go better later is tried again.

use std::sync::Arc;

use vestibule::domain::audit::EventKind;
use vestibule_sandbox::aws::faults::{Fault, HostKind};
use vestibule_sandbox::aws::policy::Policy;

use super::{
    Inside, POLICY, REVOKER, Revoker, all_are, builder, model, seconds, set_up, standing, start,
};
use crate::world::World;
use crate::world::accounts::{DEV, HUB, PROD};

const LINK: &str = "/go/payments-dev/Developer?idp=corp";
const ROLE: &str = "payments-dev/Developer";

/// More often than anything is tried.
const OFTEN: usize = 40;

fn fails(world: &World, action: &str, fault: &Fault) {
    let faults = &world.sandbox.simulation().faults;
    faults.plan_times(OFTEN, HostKind::Iam, Some(action), fault);
}

async fn ends(world: &World) -> (Option<String>, Option<String>) {
    let ended = world.audit(EventKind::RevokeEnded).await;
    let last = ended.last().unwrap();
    (last.result.clone(), last.cause.clone())
}

#[tokio::test]
async fn each_refusal_of_iam_s_is_told_with_its_cause_and_is_never_a_success() {
    let world = start().await;
    for (status, code, says) in [
        (404, "NoSuchEntity", "AWS has no such role or user"),
        (409, "LimitExceeded", "larger than AWS lets them be"),
        (403, "AccessDenied", "AWS does not allow it"),
        (
            400,
            "MalformedPolicyDocument",
            "AWS does not take the policy",
        ),
        (400, "UnmodifiableEntity", "keeps this role to itself"),
        (400, "Whatever", "AWS refused it"),
    ] {
        let erin = Inside::goes(&world, "erin", LINK).await;
        let admin = Revoker::of(&world).await;
        fails(
            &world,
            "PutRolePolicy",
            &Fault::iam_error(status, code, "said &lt;by&gt; AWS"),
        );
        seconds(&world, 1);
        let page = admin.revokes_role(ROLE, "again").await;
        all_are(&page, "not_cut", 1);
        assert!(page.body.contains(says), "{code}: {}", page.body);
        assert!(
            page.body.contains("Not everything is cut off"),
            "{}",
            page.body
        );
        assert!(
            page.body.contains(POLICY),
            "the policy, for another way: {}",
            page.body
        );
        assert!(
            !page.body.contains("said &lt;by"),
            "AWS's text is no advice"
        );
        assert!(erin.may(&world).await);
        let told = (Some("not_cut".to_owned()), Some(format!("aws.{code}")));
        assert_eq!(ends(&world).await, told);
        world.sandbox.simulation().faults.clear();
        // and what cannot be done is not tried again, also not the second time
        seconds(&world, 3_600);
        world.app.revoke_what_is_due().await;
        assert!(standing(&world, DEV, ("role", "Developer")).is_none());
    }
    world.stop().await;
}

#[tokio::test]
async fn what_may_go_better_later_is_pending_and_is_done_then() {
    let world = start().await;
    let garbled = Fault::Alter(Arc::new(|answer| answer.body = b"<x".to_vec()));
    let faults = [
        (
            "PutRolePolicy",
            Fault::iam_error(500, "ServiceFailure", "x"),
        ),
        (
            "PutRolePolicy",
            Fault::iam_error(409, "ConcurrentModification", "x"),
        ),
        ("PutRolePolicy", Fault::iam_error(400, "Throttling", "x")),
        ("ListRolePolicies", Fault::server_error(503)),
        ("PutRolePolicy", Fault::Reset),
        ("ListRolePolicies", garbled),
    ];
    for (action, fault) in faults {
        let admin = Revoker::of(&world).await;
        let erin = Inside::goes(&world, "erin", LINK).await;
        assert!(erin.may(&world).await);
        seconds(&world, 1);
        let plan = admin.looks_at(ROLE, "ahead").await;
        fails(&world, action, &fault);
        let page = admin.does(&plan).await;
        all_are(&page, "pending", 1);
        assert!(
            page.body.contains("Not everything is cut off"),
            "{}",
            page.body
        );
        assert!(page.body.contains("tried again at"), "{}", page.body);
        assert_eq!(ends(&world).await.0.as_deref(), Some("pending"));
        // it goes on failing, and is not called done
        seconds(&world, 61);
        world.app.revoke_what_is_due().await;
        assert!(admin.page().await.body.contains("id=\"open\""));
        world.sandbox.simulation().faults.clear();
        seconds(&world, 3_600);
        world.app.revoke_what_is_due().await;
        assert!(!erin.may(&world).await, "{action} {fault:?}");
        assert_eq!(ends(&world).await.0.as_deref(), Some("cut"));
        // for the next one, nothing stands
        seconds(&world, 24 * 3_600);
        world.app.revoke_what_is_due().await;
    }
    world.stop().await;
}

#[tokio::test]
async fn what_aws_refuses_for_a_while_takes_neither_cut_with_it() {
    let world = start().await;
    let link = "/go/payments-prod/IssuedSaml?idp=corp";
    for (status, code) in [
        (400, "IDPCommunicationError"),
        (400, "InvalidIdentityToken"),
        (400, "ExpiredTokenException"),
        (403, "InvalidClientTokenId"),
    ] {
        let admin = Revoker::of(&world).await;
        let erin = Inside::goes(&world, "erin", link).await;
        seconds(&world, 1);
        let plan = admin.looks_at("payments-prod/IssuedSaml", "again").await;
        let faults = &world.sandbox.simulation().faults;
        let fault = Fault::sts_error(status, code, "x");
        faults.plan_times(OFTEN, HostKind::Sts, Some("AssumeRoleWithSAML"), &fault);
        let page = admin.does(&plan).await;
        all_are(&page, "pending", 1);
        faults.clear();
        seconds(&world, 16 * 60);
        world.app.revoke_what_is_due().await;
        assert!(!erin.may(&world).await, "{code}");
        let ended = admin.page().await;
        assert!(!ended.body.contains("Given up"), "{code}: {}", ended.body);
    }
    world.stop().await;
}

#[tokio::test]
async fn a_second_cut_that_is_refused_is_tried_a_few_times_and_then_given_up_and_counted() {
    let world = start().await;
    let admin = Revoker::of(&world).await;
    all_are(&admin.revokes_role(ROLE, "again").await, "cut", 1);
    let refusal = Fault::iam_error(403, "AccessDenied", "x");
    fails(&world, "PutRolePolicy", &refusal);
    seconds(&world, 16 * 60);
    world.app.revoke_what_is_due().await;
    let page = admin.page().await;
    assert!(
        page.body.contains("id=\"open\"") && !page.body.contains("Given up"),
        "{}",
        page.body
    );
    for _ in 0..3 {
        seconds(&world, 1_200);
        world.app.revoke_what_is_due().await;
    }
    let admin = Revoker::of(&world).await;
    let page = admin.page().await;
    assert!(page.body.contains("Given up"), "{}", page.body);
    let metrics = format!("{}/metrics", world.app.operations_url());
    let figures = admin.browser.opens(&metrics).await.body;
    let counted = "vestibule_revocations_given_up_total{why=\"once_more\"} 1";
    assert!(figures.contains(counted), "{figures}");
    // and where it passes in time, it is done
    world.sandbox.simulation().faults.clear();
    seconds(&world, 1);
    let admin = Revoker::of(&world).await;
    all_are(&admin.revokes_role(ROLE, "again").await, "cut", 1);
    fails(&world, "PutRolePolicy", &refusal);
    seconds(&world, 16 * 60);
    world.app.revoke_what_is_due().await;
    world.sandbox.simulation().faults.clear();
    seconds(&world, 1_200);
    world.app.revoke_what_is_due().await;
    let (result, _) = ends(&world).await;
    assert_eq!(result.as_deref(), Some("cut"));
    world.stop().await;
}

#[tokio::test]
async fn it_is_not_tried_for_ever() {
    let world = start().await;
    let admin = Revoker::of(&world).await;
    let plan = admin.looks_at(ROLE, "ahead").await;
    let failure = Fault::iam_error(500, "ServiceFailure", "x");
    world.sandbox.simulation().faults.plan_times(
        1_000,
        HostKind::Iam,
        Some("PutRolePolicy"),
        &failure,
    );
    all_are(&admin.does(&plan).await, "pending", 1);
    for _ in 0..14 {
        seconds(&world, 3_601);
        world.app.revoke_what_is_due().await;
    }
    let admin = Revoker::of(&world).await;
    let page = admin.page().await;
    assert!(!page.body.contains("id=\"open\""), "{}", page.body);
    assert!(page.body.contains("Given up"), "{}", page.body);
    world.aws_forgets();
    seconds(&world, 24 * 3_600);
    world.app.revoke_what_is_due().await;
    assert!(world.aws_saw().is_empty());
    world.stop().await;
}

#[tokio::test]
async fn a_policy_that_reads_back_otherwise_is_not_called_cut() {
    let world = start().await;
    let admin = Revoker::of(&world).await;
    let plan = admin.looks_at(ROLE, "ahead").await;
    let other = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%5D%7D";
    fails(
        &world,
        "GetRolePolicy",
        &Fault::replace_element("PolicyDocument", other),
    );
    let page = admin.does(&plan).await;
    all_are(&page, "pending", 1);
    assert!(
        page.body.contains("reads back another policy"),
        "{}",
        page.body
    );
    world.stop().await;
}

#[tokio::test]
async fn without_a_revoker_or_without_its_trust_the_policies_are_shown_for_another_way() {
    // the model names none in the development account
    let model = model().replacen(
        &format!("revoker = {{ role = \"{REVOKER}\", method = \"AssumeRole\","),
        "labels = { x = \"",
        1,
    );
    let model = model.replacen(
        "labels = { x = \" credentials = \"hub\", external_id = \"to-revoke\" }",
        "",
        1,
    );
    let world = set_up(builder().model(&model).issuing_keys().start().await).await;
    let erin = Inside::goes(&world, "erin", LINK).await;
    let admin = Revoker::of(&world).await;
    seconds(&world, 1);
    world.aws_forgets();
    let page = admin.looks_at(ROLE, "again").await;
    all_are(&page, "not_cut", 1);
    assert!(
        page.body.contains("names no revoker for this account"),
        "{}",
        page.body
    );
    assert!(page.body.contains("aws:TokenIssueTime"), "{}", page.body);
    assert!(world.aws_saw().is_empty());
    assert!(erin.may(&world).await);
    world.stop().await;

    let world = start().await;
    let admin = Revoker::of(&world).await;
    {
        let mut iam = world.sandbox.simulation().iam.write();
        iam.account_mut(DEV).unwrap().remove_role(REVOKER);
    }
    let page = admin.looks_at(ROLE, "again").await;
    all_are(&page, "not_cut", 1);
    assert!(
        page.body.contains("revoker could not be become"),
        "{}",
        page.body
    );
    assert!(page.body.contains("aws:TokenIssueTime"), "{}", page.body);
    world.stop().await;
}

#[tokio::test]
async fn one_account_that_fails_keeps_none_of_the_others_from_being_cut_off() {
    let world = start().await;
    let dev = Inside::goes(&world, "erin", LINK).await;
    let prod = Inside::goes(&world, "erin", "/go/payments-prod/IssuedSaml?idp=corp").await;
    {
        let mut iam = world.sandbox.simulation().iam.write();
        iam.account_mut(PROD).unwrap().remove_role(REVOKER);
    }
    let admin = Revoker::of(&world).await;
    seconds(&world, 1);
    let page = admin.revokes_person(("corp", "erin"), "again").await;
    let mut states = super::states(&page);
    states.sort();
    assert_eq!(
        states,
        [
            ("role Developer".to_owned(), "cut".to_owned()),
            ("role IssuedSaml".to_owned(), "not_cut".to_owned()),
        ]
    );
    assert!(
        page.body.contains("Not everything is cut off"),
        "{}",
        page.body
    );
    assert!(!dev.may(&world).await);
    assert!(prod.may(&world).await);
    let ended = world.audit(EventKind::RevokeEnded).await;
    let mut results: Vec<_> = ended
        .iter()
        .rev()
        .take(2)
        .map(|event| event.result.clone().unwrap())
        .collect();
    results.sort();
    assert_eq!(results, ["cut", "not_cut"]);
    world.stop().await;
}

#[tokio::test]
async fn without_the_role_s_id_a_star_stands_for_it_and_means_the_same_sessions() {
    let world = start().await;
    let erin = Inside::goes(&world, "erin", LINK).await;
    let otto = Inside::goes(&world, "otto", LINK).await;
    let admin = Revoker::of(&world).await;
    fails(
        &world,
        "GetRole",
        &Fault::iam_error(403, "AccessDenied", "x"),
    );
    seconds(&world, 1);
    let page = admin.revokes_person(("corp", "erin"), "ahead").await;
    all_are(&page, "cut", 1);
    assert!(page.body.contains("a star stands for it"), "{}", page.body);
    let policy = standing(&world, DEV, ("role", "Developer")).unwrap();
    let like = &policy["Statement"][0]["Condition"]["StringLike"];
    assert_eq!(like["aws:userid"], "*:erin@example.com");
    assert!(!erin.may(&world).await);
    assert!(otto.may(&world).await);
    world.stop().await;
}

#[tokio::test]
async fn a_revoker_behind_a_hub_role_is_become_by_way_of_it_and_a_hub_that_refuses_is_named() {
    let direct = "credentials = \"hub\", external_id = \"to-revoke\"";
    let hub = format!("arn:aws:iam::{HUB}:role/Broker");
    let through = format!("credentials = \"hub\", via = {{ role_arn = \"{hub}\" }}");
    let model = model();
    assert!(model.contains(direct));
    let model = model.replacen(direct, &through, 1);
    let world = set_up(builder().model(&model).issuing_keys().start().await).await;
    let trust = serde_json::json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": { "AWS": hub },
        "Condition": { "StringEquals": { "sts:RoleSessionName": "vestibule-revoke" } },
    }] });
    {
        let mut iam = world.sandbox.simulation().iam.write();
        let role = iam.account_mut(DEV).unwrap().role_mut(REVOKER).unwrap();
        role.trust = Policy::trust(&trust.to_string()).unwrap();
    }
    let erin = Inside::goes(&world, "erin", LINK).await;
    let admin = Revoker::of(&world).await;
    seconds(&world, 1);
    all_are(&admin.revokes_role(ROLE, "ahead").await, "cut", 1);
    assert!(!erin.may(&world).await);
    {
        let mut iam = world.sandbox.simulation().iam.write();
        iam.account_mut(HUB).unwrap().remove_role("Broker");
    }
    let page = admin.looks_at(ROLE, "ahead").await;
    all_are(&page, "not_cut", 1);
    assert!(
        page.body.contains("At the hub role on the way"),
        "{}",
        page.body
    );
    world.stop().await;
}
