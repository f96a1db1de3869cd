//! Revoking: sessions in AWS are cut off by policies that the simulated IAM really has, and its evaluator really asks.

mod walk;

use serde_json::{Value, json};
use vestibule_sandbox::aws::iam::Role;
use vestibule_sandbox::aws::policy::Policy;

use crate::world::accounts::{DEV, GOV, GOV_HUB, HUB, MODEL, PROD};
use crate::world::browser::{Browser, Page};
use crate::world::{World, WorldBuilder};

/// What each account calls its revoker.
pub const REVOKER: &str = "VestibuleRevoker";
/// Under which name policies stand.
pub const POLICY: &str = "VestibuleRevocations";

/// The usual model, with a revoker in each account: one signed, one with each proof of Vestibule's own.
fn model() -> String {
    let mut model = MODEL.to_owned();
    for (alias, how) in [
        (
            "payments-prod",
            "method = \"AssumeRoleWithSAML\", provider = \"vestibule\"",
        ),
        (
            "payments-dev",
            "method = \"AssumeRole\", credentials = \"hub\", external_id = \"to-revoke\"",
        ),
        ("gov-prod", "method = \"AssumeRoleWithWebIdentity\""),
    ] {
        let line = format!("alias = \"{alias}\"\n");
        assert!(model.contains(&line));
        let revoker = format!("{line}revoker = {{ role = \"{REVOKER}\", {how} }}\n");
        model = model.replacen(&line, &revoker, 1);
    }
    model
}

fn builder() -> WorldBuilder {
    World::builder().model(&model()).issuing()
}

/// A world in which every account has its revoker.
async fn start() -> World {
    set_up(builder().start().await).await
}

/// Gives the accounts their revokers.
async fn set_up(world: World) -> World {
    world.trusts_the_issuer().await;
    let hub = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": { "AWS": format!("arn:aws:iam::{HUB}:user/vestibule") },
        "Condition": { "StringEquals": { "sts:ExternalId": "to-revoke", "sts:RoleSessionName": "vestibule-revoke" } },
    }] });
    {
        let mut iam = world.sandbox.simulation().iam.write();
        for id in [PROD, DEV, GOV] {
            let account = iam.account_mut(id).unwrap();
            let trust = match id {
                PROD => world.saml_trust(account, &[]),
                GOV => world.web_trust(account, &[]),
                _ => Policy::trust(&hub.to_string()).unwrap(),
            };
            account.put_role(Role::new(REVOKER, trust).with_policy("revoke", leave()));
        }
    }
    assert_ne!(HUB, GOV_HUB);
    world
}

/// What a revoker may do, here on everything.
fn leave() -> Policy {
    let document = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow",
        "Action": ["iam:GetRole", "iam:*RolePolic*", "iam:*UserPolic*"],
        "Resource": "*",
    }] });
    Policy::identity(&document.to_string()).unwrap()
}

/// The policy that stands on a role or user under our name.
fn standing(world: &World, account: &str, (kind, name): (&str, &str)) -> Option<Value> {
    let iam = world.sandbox.simulation().iam.read();
    let account = iam.account(account).unwrap();
    let policies = match kind {
        "role" => &account.role(name).unwrap().policies,
        _ => &account.users.get(name).unwrap().policies,
    };
    let policy = policies.get(POLICY)?;
    Some(serde_json::from_str(policy.text()).unwrap())
}

/// A person in a console.
struct Inside {
    browser: Browser,
    page: Page,
}

impl Inside {
    /// Somebody signs in, and goes into a console.
    async fn goes(world: &World, who: &str, link: &str) -> Self {
        let browser = world.browser();
        let page = world.signs_in(&browser, link, who).await;
        world.console(&browser, &page).await;
        Self { browser, page }
    }

    /// Whether AWS lets them list what they could list when they came.
    async fn may(&self, world: &World) -> bool {
        let object = "arn:aws:s3:::any/thing";
        world
            .may(&self.browser, &self.page, "s3:GetObject", object)
            .await
    }
}
