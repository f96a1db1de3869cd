//! For the method that gives a user's own keys: what is printed gives them, and they lead to no role; without any part of
//! it there are no keys, or they do.

use aws_sdk_sts::config::{BehaviorVersion, Credentials, Region};
use vestibule_sandbox::aws::iam::Role;
use vestibule_sandbox::aws::partition::Partition;
use vestibule_sandbox::aws::policy::Policy;

use super::account::Fresh;
use super::variants;
use crate::keys::Shown;
use crate::trusting::{COMMERCIAL, GOVERNMENT, Part, printed, world};
use crate::world::World;
use crate::world::browser::Browser;
use crate::world::https::Https;

/// Lets a role of the account trust the user, as roles do that people forget about.
fn forgotten_role(world: &World, part: Part) -> String {
    let trust = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "AWS": part.arn(part.account, "user/uploader") },
            "Action": "sts:AssumeRole",
        }],
    });
    let role = Role::new("Forgotten", Policy::trust(&trust.to_string()).unwrap());
    let mut iam = world.sandbox.simulation().iam.write();
    iam.account_mut(part.account).unwrap().put_role(role);
    part.arn(part.account, "role/Forgotten")
}

/// Whether keys lead to a role.
async fn leads_to(world: &World, part: Part, (keys, role): (&Shown, &str)) -> bool {
    let (host, region) = match part.partition {
        Partition::Aws => ("sts.eu-west-1.amazonaws.com", "eu-west-1"),
        Partition::UsGov => ("sts.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
    };
    let credentials = Credentials::new(
        keys.says("AccessKeyId"),
        keys.says("SecretAccessKey"),
        Some(keys.says("SessionToken").to_owned()),
        None,
        "shown",
    );
    let config = aws_sdk_sts::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region))
        .endpoint_url(world.sandbox.aws.url(host))
        .http_client(Https::default().aws_client())
        .credentials_provider(credentials)
        .build();
    let client = aws_sdk_sts::Client::from_conf(config);
    let wish = client.assume_role().role_arn(role);
    wish.role_session_name("somebody").send().await.is_ok()
}

/// Sets the account up, and tries: keys come, and they lead to no role.
async fn works_with(
    (world, part): (&World, Part),
    browser: &Browser,
    description: &serde_json::Value,
) -> bool {
    let fresh = Fresh::empty(world, part.partition, part.account);
    if fresh.load(description).await.is_err() {
        return false;
    }
    let role = forgotten_role(world, part);
    if let Some(key) = fresh.key_of("uploader").await {
        std::fs::write(world.folder.join(part.fenced), key).unwrap();
    }
    let path = format!("/keys/{}/Uploader", part.alias);
    let page = browser.opens(&world.at(&path)).await;
    let forms = page.forms();
    let form = forms.iter().find(|form| form.action.path() == path);
    let page = browser.submits(form.unwrap()).await;
    if page.status != 200 {
        return false;
    }
    !leads_to(world, part, (&Shown::on(&page), &role)).await
}

#[tokio::test]
async fn keys_come_by_what_is_printed_and_lead_to_no_role_and_no_part_of_it_can_be_missing() {
    let world = world().await;
    let browser = world.signed_in("erin").await;
    for part in [COMMERCIAL, GOVERNMENT] {
        let said = printed(&world, part, (part.alias, "json"), &["--role", "Uploader"]);
        let whole: serde_json::Value = serde_json::from_str(&said).unwrap();
        assert!(works_with((&world, part), &browser, &whole).await, "{said}");
        let variants = variants::of(&whole);
        assert_eq!(variants.len(), 4, "user, policy, action and resource");
        for (what, variant) in variants {
            let works = works_with((&world, part), &browser, &variant).await;
            assert!(!works, "{what}");
        }
    }
    world.stop().await;
}
