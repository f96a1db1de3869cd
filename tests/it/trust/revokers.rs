//! What is printed for an account's revoker lets Vestibule end sessions there and tidy up after itself, and without any part
//! of it that is not so.

use serde_json::Value;
use vestibule_sandbox::aws::partition::Partition;

use super::account::Fresh;
use super::variants;
use crate::commands::vestibule;
use crate::world::World;
use crate::world::accounts::{HUB, MODEL, PROD};

const ROLES: &str = r#"
[[roles]]
account = "payments-prod"
name = "Reader"
path = "/team/"
method = "AssumeRoleWithSAML"
proof = "issued"
provider = "vestibule"

[[roles]]
account = "payments-prod"
name = "Federated"
method = "GetFederationToken"
credentials = "payments"
managed_policies = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
"#;

const POLICY: &str = "VestibuleRevocations";

/// A world whose one account has a revoker by that method.
async fn world(how: &str) -> World {
    let (accounts, _) = MODEL.split_once("[[roles]]").unwrap();
    let line = "alias = \"payments-prod\"\n";
    let revoker =
        format!("{line}revoker = {{ role = \"VestibuleRevoker\", path = \"/safe/\", {how} }}\n");
    let accounts = accounts.replacen(line, &revoker, 1);
    World::builder()
        .model(&format!("{accounts}{ROLES}"))
        .issuing_keys()
        .start()
        .await
}

async fn says(world: &World, words: &[&str]) -> std::process::Output {
    vestibule(&world.folder, words).await
}

/// What an account needs.
async fn described(world: &World, account: &str) -> Value {
    let payments = format!("payments=arn:aws:iam::{PROD}:user/team/federation");
    let hub = format!("hub=arn:aws:iam::{HUB}:user/vestibule");
    let output = says(
        world,
        &[
            "trust",
            "--account",
            account,
            "--format",
            "json",
            "--principal",
            &payments,
            "--principal",
            &hub,
        ],
    )
    .await;
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The resources of a description for which that holds.
fn only(description: &Value, keep: impl Fn(&Value) -> bool) -> Value {
    let mut description = description.clone();
    description["resources"]
        .as_array_mut()
        .unwrap()
        .retain(|one| keep(one));
    description
}

/// Whether a resource is the revoker's, or what vouches for it.
fn is_the_revoker_s(resource: &Value, how: &str) -> bool {
    let name = "VestibuleRevoker";
    let vouches = match resource["type"].as_str().unwrap() {
        "saml_provider" => how.contains("AssumeRoleWithSAML"),
        "oidc_provider" => how.contains("AssumeRoleWithWebIdentity"),
        _ => false,
    };
    vouches || resource["name"] == name || resource["role"] == name
}

struct Case<'w> {
    world: &'w World,
    rest: Value,
    hub: Option<Value>,
}

impl Case<'_> {
    /// Sets the account up, revokes, and lets the time go by; `Err` is what IAM did not take.
    async fn works_with(&self, revoker: &Value) -> Result<bool, String> {
        let world = self.world;
        let fresh = Fresh::empty(world, Partition::Aws, PROD);
        fresh.load(&self.rest).await?;
        let key = fresh.key_of("federation").await.unwrap();
        std::fs::write(world.folder.join("payments"), key).unwrap();
        fresh.load(revoker).await?;
        if let Some(hub) = &self.hub {
            let fresh = Fresh::empty(world, Partition::Aws, HUB);
            fresh.load(hub).await?;
            let key = fresh.key_of("vestibule").await.unwrap();
            std::fs::write(world.folder.join("hub"), key).unwrap();
        }
        for role in ["Reader", "Federated"] {
            let words = [
                "revoke",
                "--account",
                "payments-prod",
                "--role",
                role,
                "--links",
                "ahead",
            ];
            if !says(world, &words).await.status.success() {
                return Ok(false);
            }
        }
        assert_eq!(self.standing(), 2);
        let later = chrono::TimeDelta::hours(40);
        world.clock.advance(later);
        world.app.revoke_what_is_due().await;
        world.clock.advance(-later);
        Ok(self.standing() == 0)
    }

    /// On how many roles and users a policy of ours stands.
    fn standing(&self) -> usize {
        let iam = self.world.sandbox.simulation().iam.read();
        let account = iam.account(PROD).unwrap();
        let roles = account
            .roles()
            .filter(|role| role.policies.contains_key(POLICY));
        let users = account.users.values();
        let users = users.filter(|user| user.policies.contains_key(POLICY));
        roles.count() + users.count()
    }
}

async fn walk(how: &str, least: usize) {
    let world = world(how).await;
    let whole = described(&world, "payments-prod").await;
    let hub = if how.contains("hub") {
        Some(described(&world, HUB).await)
    } else {
        None
    };
    let case = Case {
        world: &world,
        rest: only(&whole, |one| !is_the_revoker_s(one, how)),
        hub,
    };
    let revoker = only(&whole, |one| is_the_revoker_s(one, how));
    assert_eq!(
        case.works_with(&revoker).await,
        Ok(true),
        "as printed: {revoker}"
    );
    let (mut tried, mut taken) = (0, 0);
    for (what, variant) in variants::of(&revoker) {
        let works = case.works_with(&variant).await;
        tried += 1;
        taken += usize::from(works.is_ok());
        // without the id a star stands for it, and what is not allowed is not needed
        let as_well = what.starts_with("without \"iam:GetRole\" in ");
        assert_eq!(works == Ok(true), as_well, "{what}: {works:?}");
    }
    assert!(tried >= least, "only {tried} variants");
    assert!(taken * 2 >= tried, "IAM took {taken} of {tried}");
    assert_eq!(case.works_with(&revoker).await, Ok(true), "once more");
    world.stop().await;
}

#[tokio::test]
async fn a_revoker_that_vestibule_vouches_for_by_saml_needs_all_that_is_printed() {
    walk(
        "method = \"AssumeRoleWithSAML\", provider = \"vestibule\"",
        18,
    )
    .await;
}

#[tokio::test]
async fn a_revoker_that_vestibule_vouches_for_by_a_token_needs_all_that_is_printed() {
    walk("method = \"AssumeRoleWithWebIdentity\"", 16).await;
}

#[tokio::test]
async fn a_revoker_that_a_hub_s_user_assumes_needs_all_that_is_printed() {
    walk(
        "method = \"AssumeRole\", credentials = \"hub\", external_id = \"to-revoke\"",
        15,
    )
    .await;
}
