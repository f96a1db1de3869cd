//! Every operation: whom the credentials that it makes belong to, how long they live, and whether the call was signed.

use serde_json::json;

use super::client::{Client, Keys, Program};
use super::{assertion, role, with_saml, with_web_identity};
use crate::world::World;
use crate::world::accounts::{DEV, HUB, PROD};

async fn signed_calls(client: &Client<'_>) {
    let hub = Keys::of(client.world, "hub");
    let payments = Keys::of(client.world, "payments");
    let caller = client
        .gets(Some(&hub), "GetCallerIdentity", json!({}))
        .await;
    assert_eq!(caller["Account"], HUB);
    assert_eq!(caller["Arn"], format!("arn:aws:iam::{HUB}:user/vestibule"));

    let wish = json!({
        "RoleArn": role(DEV, "Developer"),
        "RoleSessionName": "erin",
        "DurationSeconds": 7200,
    });
    let made = client.gets(Some(&hub), "AssumeRole", wish).await;
    let arn = format!("arn:aws:sts::{DEV}:assumed-role/Developer/erin");
    assert_eq!(made["AssumedRoleUser"]["Arn"], arn);
    assert_eq!(client.who(&made, 7200).await, arn);

    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;
    let wish = json!({ "Name": "erin", "Policy": policy, "DurationSeconds": 129_600 });
    let made = client
        .gets(Some(&payments), "GetFederationToken", wish)
        .await;
    let arn = format!("arn:aws:sts::{PROD}:federated-user/erin");
    assert_eq!(made["FederatedUser"]["Arn"], arn);
    assert_eq!(client.who(&made, 129_600).await, arn);

    let wish = json!({ "DurationSeconds": 900 });
    let made = client.gets(Some(&payments), "GetSessionToken", wish).await;
    let arn = format!("arn:aws:iam::{PROD}:user/vestibule");
    assert_eq!(client.who(&made, 900).await, arn);
}

async fn unsigned_calls(client: &Client<'_>) {
    let wish = with_saml(&assertion(client.world).await);
    let made = client.gets(None, "AssumeRoleWithSAML", wish).await;
    let arn = format!("arn:aws:sts::{PROD}:assumed-role/SamlReader/erin@example.com");
    assert_eq!(made["AssumedRoleUser"]["Arn"], arn);
    assert_eq!(made["Audience"], client.world.at("/saml/corp/acs"));
    assert_eq!(client.who(&made, 900).await, arn);

    let idp = &client.world.sandbox.oidc_idp;
    let token = idp.mint("vestibule", "erin", None).unwrap();
    let wish = with_web_identity(&token);
    let made = client.gets(None, "AssumeRoleWithWebIdentity", wish).await;
    let arn = format!("arn:aws:sts::{PROD}:assumed-role/WebReader/erin");
    assert_eq!(made["AssumedRoleUser"]["Arn"], arn);
    assert_eq!(made["Audience"], "vestibule");
    assert_eq!(client.who(&made, 1800).await, arn);
}

async fn every_operation(program: Program) {
    let world = World::start().await;
    let client = Client {
        world: &world,
        program,
    };
    world.aws_forgets();
    signed_calls(&client).await;
    unsigned_calls(&client).await;
    let saw = world.aws_saw();
    let saw: Vec<(&str, bool)> = saw
        .iter()
        .map(|entry| (entry.action.as_deref().unwrap(), entry.signed))
        .filter(|(action, _)| *action != "GetCallerIdentity")
        .collect();
    assert_eq!(
        saw,
        [
            ("AssumeRole", true),
            ("GetFederationToken", true),
            ("GetSessionToken", true),
            ("AssumeRoleWithSAML", false),
            ("AssumeRoleWithWebIdentity", false),
        ]
    );
    world.stop().await;
}

#[tokio::test]
async fn awscli_makes_every_call_to_the_simulated_sts() {
    Box::pin(every_operation(Program::AwsCli)).await;
}

#[tokio::test]
async fn boto3_makes_every_call_to_the_simulated_sts() {
    Box::pin(every_operation(Program::Boto3)).await;
}
