//! Roles that do not work: what is known, what is supposed and the line to change, each with few calls.

use serde_json::json;
use vestibule_sandbox::aws::policy::Policy;

use super::{ada, change, could_do_nothing, healthy, hub_trust, parameter, part, probes, says};
use crate::world::World;
use crate::world::accounts::{HUB, PROD};

const SAML: &str = "payments-prod/IssuedSaml";
const WEB: &str = "payments-prod/IssuedWeb";
const ADMIN: &str = "payments-prod/Admin";

/// Lets the three roles with all that goes along take these actions and no others.
fn allows(world: &World, further: &[&str]) {
    let mut iam = world.sandbox.simulation().iam.write();
    let account = iam.account_mut(PROD).unwrap();
    let (saml, web) = (
        world.saml_trust(account, further),
        world.web_trust(account, further),
    );
    account.role_mut("IssuedSaml").unwrap().trust = saml;
    account.role_mut("IssuedWeb").unwrap().trust = web;
    let actions = [&["sts:AssumeRole"], further].concat();
    account.role_mut("Admin").unwrap().trust = hub_trust(&actions, Some("vestibule-test"));
}

#[tokio::test]
async fn a_missing_tag_session_is_known_with_the_statement_to_add_it_to() {
    let world = healthy().await;
    let ada = ada(&world).await;
    allows(&world, &["sts:SetSourceIdentity"]);
    for role in [SAML, WEB, ADMIN] {
        let page = probes(&world, &ada, role).await;
        let (_, name) = role.split_once('/').unwrap();
        says(
            &page,
            "fails",
            "tags",
            &[
                "without session tags, and not with them",
                "does not allow sts:TagSession",
            ],
        );
        let lines = part(&page, "lines");
        assert!(
            lines.contains(&format!("{name}</code>"))
                && lines.contains("Add sts:TagSession to the actions"),
            "{lines}"
        );
        assert!(
            lines.contains("sts:TagSession&#34;, &#34;sts:SetSourceIdentity&#34;]"),
            "{lines}"
        );
        assert_eq!(world.sts_calls().len(), 2, "{role}");
        could_do_nothing(&world);
    }
    world.stop().await;
}

#[tokio::test]
async fn a_missing_set_source_identity_is_known_and_so_are_both() {
    let world = healthy().await;
    let ada = ada(&world).await;
    allows(&world, &["sts:TagSession"]);
    for role in [SAML, WEB, ADMIN] {
        let page = probes(&world, &ada, role).await;
        says(
            &page,
            "fails",
            "source_identity",
            &[
                "without a source identity, and not with one",
                "Add sts:SetSourceIdentity to the actions",
            ],
        );
        assert_eq!(world.sts_calls().len(), 3, "{role}");
        could_do_nothing(&world);
    }
    allows(&world, &[]);
    world.clock.advance(chrono::TimeDelta::seconds(61));
    for role in [SAML, WEB, ADMIN] {
        let page = probes(&world, &ada, role).await;
        says(
            &page,
            "fails",
            "tags_and_source_identity",
            &[
                "not with either",
                "Add sts:TagSession",
                "Add sts:SetSourceIdentity",
            ],
        );
        assert_eq!(world.sts_calls().len(), 4, "{role}");
        could_do_nothing(&world);
    }
    world.stop().await;
}

#[tokio::test]
async fn a_wrong_trust_policy_is_supposed_and_the_right_statement_stands_there() {
    let world = healthy().await;
    let ada = ada(&world).await;
    let wrong = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Federated": format!("arn:aws:iam::{PROD}:saml-provider/vestibule") },
            "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession", "sts:SetSourceIdentity"],
            "Condition": { "StringEquals": { "SAML:aud": "https://signin.aws.amazon.com/saml" } },
        }],
    });
    change(&world, PROD, "IssuedSaml", |role| {
        role.trust = Policy::trust(&wrong.to_string()).unwrap();
    });
    let page = probes(&world, &ada, SAML).await;
    let audience = format!("\"SAML:aud\": \"{}/issuer/saml\"", world.url);
    says(
        &page,
        "fails",
        "aws.AccessDenied",
        &[
            "refused without session tags and without a source identity as well",
            "another SAML:aud",
            "vestibule-probe is none of them",
            &audience,
        ],
    );
    assert!(
        !part(&page, "supposed").contains("sts:TagSession"),
        "{}",
        page.body
    );
    assert_eq!(world.sts_calls().len(), 4);
    could_do_nothing(&world);
    world.stop().await;
}

#[tokio::test]
async fn a_role_that_is_not_there_is_supposed_with_the_name_that_was_asked_for() {
    let world = healthy().await;
    let ada = ada(&world).await;
    {
        let mut iam = world.sandbox.simulation().iam.write();
        let account = iam.account_mut(PROD).unwrap();
        account.remove_role("IssuedWeb");
        account.remove_role("Narrow");
    }
    let page = probes(&world, &ada, WEB).await;
    says(
        &page,
        "fails",
        "aws.AccessDenied",
        &[
            "does not exist in the account",
            "oidc-provider/",
            "change name or path",
        ],
    );
    let page = probes(&world, &ada, "payments-prod/Narrow").await;
    says(
        &page,
        "fails",
        "aws.AccessDenied",
        &["does not exist in the account", "No external id was sent"],
    );
    assert_eq!(world.sts_calls().len(), 1, "nothing that could be left out");
    could_do_nothing(&world);
    world.stop().await;
}

#[tokio::test]
async fn a_wrong_external_id_is_supposed_and_no_other_is_tried() {
    let world = healthy().await;
    let ada = ada(&world).await;
    let all = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];
    change(&world, PROD, "Admin", |role| {
        role.trust = hub_trust(&all, Some("another"));
    });
    let page = probes(&world, &ada, ADMIN).await;
    says(
        &page,
        "fails",
        "aws.AccessDenied",
        &[
            "asks for another external id",
            "external_id = \"vestibule-test\"",
            "never guessed",
        ],
    );
    let calls = world.sts_calls();
    assert_eq!(calls.len(), 4);
    for call in &calls {
        assert_eq!(parameter(call, "ExternalId"), Some("vestibule-test"));
    }
    could_do_nothing(&world);
    world.stop().await;
}

#[tokio::test]
async fn a_hub_that_refuses_is_told_from_a_role_that_refuses_it() {
    let world = healthy().await;
    let ada = ada(&world).await;
    let broker = format!("arn:aws:iam::{HUB}:role/Broker");
    change(&world, PROD, "Chained", |role| {
        role.trust = hub_trust(&["sts:AssumeRole"], None);
    });
    let page = probes(&world, &ada, "payments-prod/Chained").await;
    says(
        &page,
        "fails",
        "aws.AccessDenied",
        &[
            &format!("AWS gave the hub role {broker}"),
            "does not name the hub role",
        ],
    );
    assert_eq!(world.sts_calls().len(), 8, "two for each of four");
    could_do_nothing(&world);
    change(&world, HUB, "Broker", |role| {
        role.trust = hub_trust(&["sts:AssumeRole"], None);
    });
    world.clock.advance(chrono::TimeDelta::seconds(61));
    let page = probes(&world, &ada, "payments-prod/Chained").await;
    says(
        &page,
        "fails",
        "hub.AccessDenied",
        &[
            "then the role itself is refused",
            "does not allow sts:SetSourceIdentity",
        ],
    );
    change(&world, HUB, "Broker", |role| {
        role.trust = hub_trust(&["sts:TagSession"], None);
    });
    world.clock.advance(chrono::TimeDelta::seconds(61));
    let page = probes(&world, &ada, "payments-prod/Chained").await;
    says(
        &page,
        "fails",
        "hub.AccessDenied",
        &[
            &format!("AWS refused the hub role {broker}"),
            "The role itself was not asked for",
            &format!("The trust policy of</h3><code>{broker}</code>"),
        ],
    );
    assert_eq!(world.sts_calls().len(), 2);
    could_do_nothing(&world);
    world.stop().await;
}
