//! What an account or a clock has wrong ends in a page that names the possible causes and the repair.

use std::sync::atomic::Ordering;

use serde_json::json;
use vestibule_sandbox::aws::iam::{OidcProvider, SamlProvider};
use vestibule_sandbox::aws::policy::Policy;

use super::{erin, fails, goes, trusted};
use crate::world::World;
use crate::world::accounts::PROD;
use crate::world::browser::Browser;

const SAML: &str = "/go/payments-prod/IssuedSaml";
const WEB: &str = "/go/payments-prod/IssuedWeb";

async fn says(world: &World, link: &str, texts: &[&str]) {
    let browser = erin(world).await;
    tells(world, &browser, link, texts).await;
}

async fn tells(world: &World, browser: &Browser, link: &str, texts: &[&str]) {
    let page = fails(world, browser, link).await;
    assert_eq!(page.status, 403, "{}", page.body);
    for text in texts {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
}

#[tokio::test]
async fn a_wrong_trust_policy_is_named_with_where_to_look() {
    let world = trusted().await;
    let wrong = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Federated": format!("arn:aws:iam::{PROD}:saml-provider/vestibule") },
            "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession", "sts:SetSourceIdentity"],
            "Condition": { "StringEquals": { "SAML:aud": "https://signin.aws.amazon.com/saml" } },
        }],
    });
    {
        let mut iam = world.sandbox.simulation().iam.write();
        let account = iam.account_mut(PROD).unwrap();
        account.role_mut("IssuedSaml").unwrap().trust = Policy::trust(&wrong.to_string()).unwrap();
        account.remove_role("IssuedWeb");
    }
    let texts = [
        "trust policy",
        "SAML:aud",
        "administrators&#39; page on the issuer",
    ];
    says(&world, SAML, &texts[..2]).await;
    says(&world, WEB, &["does not exist in the account"]).await;
    world.stop().await;
}

#[tokio::test]
async fn a_missing_tag_permission_is_named_with_the_action_to_add() {
    let world = trusted().await;
    for further in [&["sts:SetSourceIdentity"][..], &["sts:TagSession"], &[]] {
        {
            let mut iam = world.sandbox.simulation().iam.write();
            let account = iam.account_mut(PROD).unwrap();
            let (saml, web) = (
                world.saml_trust(account, further),
                world.web_trust(account, further),
            );
            account.role_mut("IssuedSaml").unwrap().trust = saml;
            account.role_mut("IssuedWeb").unwrap().trust = web;
        }
        for link in [SAML, WEB] {
            says(
                &world,
                link,
                &[
                    "sts:TagSession",
                    "sts:SetSourceIdentity",
                    "add it to the actions",
                ],
            )
            .await;
        }
    }
    world.stop().await;
}

#[tokio::test]
async fn a_clock_five_minutes_off_is_named_in_either_direction() {
    let world = trusted().await;
    // the identity providers' clock is AWS's here
    let browser = erin(&world).await;
    for (ahead, text) in [
        (300, "clock is behind AWS"),
        (-300, "clock is ahead of AWS"),
    ] {
        world.aws_ahead.store(ahead, Ordering::SeqCst);
        tells(&world, &browser, SAML, &[text, "NTP"]).await;
    }
    world.aws_ahead.store(300, Ordering::SeqCst);
    tells(&world, &browser, WEB, &["clock is behind AWS", "NTP"]).await;
    // a little is what clocks differ by
    for ahead in [0, 50, 100] {
        world.aws_ahead.store(ahead, Ordering::SeqCst);
        goes(&world, &browser, WEB).await;
        goes(&world, &browser, SAML).await;
    }
    world.aws_ahead.store(-50, Ordering::SeqCst);
    goes(&world, &browser, WEB).await;
    world.stop().await;
}

#[tokio::test]
async fn a_provider_that_is_missing_or_knows_another_audience_is_named() {
    let world = trusted().await;
    {
        let mut iam = world.sandbox.simulation().iam.write();
        let account = iam.account_mut(PROD).unwrap();
        account.saml_providers.remove("vestibule");
        let provider = OidcProvider::new(&world.url, &["another"]);
        account.oidc_providers.insert(world.url.clone(), provider);
    }
    says(
        &world,
        SAML,
        &["no SAML provider of the name", "UpdateSAMLProvider"],
    )
    .await;
    says(&world, WEB, &["does not list the issuer", "client id"]).await;
    {
        let mut iam = world.sandbox.simulation().iam.write();
        let account = iam.account_mut(PROD).unwrap();
        account.oidc_providers.clear();
        let others = world.sandbox.saml_idp.metadata();
        account.saml_providers.insert(
            "vestibule".to_owned(),
            SamlProvider::new("vestibule", &others),
        );
    }
    says(&world, SAML, &["somebody else", "entity id"]).await;
    says(&world, WEB, &["letter by letter"]).await;
    world.stop().await;
}

#[tokio::test]
async fn keys_that_aws_cannot_fetch_are_named_with_the_way_out() {
    let nobody = crate::world::listen();
    let elsewhere = format!("http://{}", nobody.local_addr().unwrap());
    drop(nobody);
    let world = World::builder()
        .issuing()
        .with(
            "[aws]\n",
            &format!("[issuer]\nurl = \"{elsewhere}\"\n\n[aws]\n"),
        )
        .start()
        .await;
    world.trusts_the_issuer().await;
    {
        let mut iam = world.sandbox.simulation().iam.write();
        let account = iam.account_mut(PROD).unwrap();
        let provider = OidcProvider::new(&elsewhere, &["sts.amazonaws.com"]);
        account.oidc_providers.insert(elsewhere.clone(), provider);
    }
    says(
        &world,
        WEB,
        &[
            "could not fetch discovery and keys",
            "vestibule issuer export",
        ],
    )
    .await;
    world.stop().await;
}
