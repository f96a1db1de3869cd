//! An account that is set up through IAM by AWS's own programs: provider, role, policies, user and key; and it works.

use std::sync::Arc;

use serde_json::{Value, json};
use vestibule_sandbox::aws::iam::{AccessKey, User};
use vestibule_sandbox::aws::policy::Policy;

use super::client::{Client, Keys, Program};
use super::{assertion, role};
use crate::world::World;
use crate::world::accounts::PROD;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// An administrator of the account, as whoever sets an account up is one.
fn administrator(world: &World) -> Keys {
    let all = json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Action": "iam:*", "Resource": "*" },
    ] });
    let user = User::new("administrator")
        .with_key(AccessKey::new("AKIAADMINISTRATOR001", SECRET))
        .with_policy("iam", Policy::identity(&all.to_string()).unwrap());
    let mut registry = world.sandbox.simulation().iam.write();
    let account = registry.account_mut(PROD).unwrap();
    account.users.insert(user.name.clone(), user);
    Keys {
        id: "AKIAADMINISTRATOR001".to_owned(),
        secret: SECRET.to_owned(),
        token: None,
    }
}

struct Setup<'a> {
    client: Client<'a>,
    keys: Keys,
}

impl Setup<'_> {
    async fn gets(&self, operation: &str, parameters: Value) -> Value {
        let answer = self.client.manages(&self.keys, operation, parameters).await;
        answer.unwrap_or_else(|said| panic!("{:?} {operation}: {said}", self.client.program))
    }

    async fn is_refused(&self, operation: &str, parameters: Value, code: &str) {
        let answer = self.client.manages(&self.keys, operation, parameters).await;
        let said = answer.unwrap_err();
        let expected = format!("An error occurred ({code}) when calling the {operation} operation");
        assert!(said.contains(&expected), "{said}");
    }
}

/// A SAML provider, a role that trusts it, and a person who gets in by both.
async fn saml(setup: &Setup<'_>) {
    let world = setup.client.world;
    // AWS registers RSA keys alone, and the provider has another beside it
    let idp = &world.sandbox.saml_idp;
    idp.publish_keys(vec![Arc::clone(&idp.keys().rsa)]);
    let metadata = idp.metadata();
    let provider = format!("arn:aws:iam::{PROD}:saml-provider/fresh");
    let wish = json!({ "Name": "fresh", "SAMLMetadataDocument": metadata });
    let made = setup.gets("CreateSAMLProvider", wish.clone()).await;
    assert_eq!(made["SAMLProviderArn"], provider);
    setup
        .is_refused("CreateSAMLProvider", wish, "EntityAlreadyExists")
        .await;
    let shown = setup
        .gets("GetSAMLProvider", json!({ "SAMLProviderArn": provider }))
        .await;
    assert_eq!(shown["SAMLMetadataDocument"], metadata);
    let listed = setup.gets("ListSAMLProviders", json!({})).await;
    let listed = listed["SAMLProviderList"].as_array().unwrap();
    assert!(listed.iter().any(|one| one["Arn"] == provider));
    trust_decides(setup, &provider).await;
    setup
        .gets("DeleteSAMLProvider", json!({ "SAMLProviderArn": provider }))
        .await;
    let gone = json!({ "SAMLProviderArn": provider });
    setup
        .is_refused("GetSAMLProvider", gone, "NoSuchEntity")
        .await;
}

/// The role lets in whom its trust policy names, from one call to the next.
async fn trust_decides(setup: &Setup<'_>, provider: &str) {
    let world = setup.client.world;
    let trust = |provider: &str| {
        json!({ "Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": { "Federated": provider },
            "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession", "sts:SetSourceIdentity"],
            "Condition": { "StringEquals": { "SAML:aud": world.at("/saml/corp/acs") } },
        }] })
    };
    let update = json!({
        "RoleName": "SamlReader",
        "PolicyDocument": trust(provider).to_string(),
    });
    setup.gets("UpdateAssumeRolePolicy", update).await;
    let by_corp = json!({
        "RoleArn": role(PROD, "SamlReader"),
        "PrincipalArn": format!("arn:aws:iam::{PROD}:saml-provider/corp"),
        "SAMLAssertion": assertion(world).await,
    });
    let refused = setup
        .client
        .calls(None, "AssumeRoleWithSAML", by_corp.clone());
    let said = refused.await.unwrap_err();
    assert!(
        said.contains("Not authorized to perform sts:AssumeRoleWithSAML"),
        "{said}"
    );
    let corp = format!("arn:aws:iam::{PROD}:saml-provider/corp");
    let update = json!({
        "RoleName": "SamlReader",
        "PolicyDocument": trust(&corp).to_string(),
    });
    setup.gets("UpdateAssumeRolePolicy", update).await;
    setup.client.gets(None, "AssumeRoleWithSAML", by_corp).await;
    let shown = setup
        .gets("GetRole", json!({ "RoleName": "SamlReader" }))
        .await;
    assert_eq!(shown["Role"]["AssumeRolePolicyDocument"], trust(&corp));
}

async fn oidc(setup: &Setup<'_>) {
    let wish = json!({
        "Url": "https://signin.example.com/issuer",
        "ClientIDList": ["sts.amazonaws.com"],
        "ThumbprintList": ["a".repeat(40)],
    });
    let arn = format!("arn:aws:iam::{PROD}:oidc-provider/signin.example.com/issuer");
    let made = setup.gets("CreateOpenIDConnectProvider", wish).await;
    assert_eq!(made["OpenIDConnectProviderArn"], arn);
    let add = json!({ "OpenIDConnectProviderArn": arn, "ClientID": "vestibule" });
    setup.gets("AddClientIDToOpenIDConnectProvider", add).await;
    let get = json!({ "OpenIDConnectProviderArn": arn });
    let shown = setup.gets("GetOpenIDConnectProvider", get.clone()).await;
    assert_eq!(shown["Url"], "signin.example.com/issuer");
    assert_eq!(
        shown["ClientIDList"],
        json!(["sts.amazonaws.com", "vestibule"])
    );
    let listed = setup.gets("ListOpenIDConnectProviders", json!({})).await;
    let listed = listed["OpenIDConnectProviderList"].as_array().unwrap();
    assert!(listed.contains(&json!({ "Arn": arn })));
    setup.gets("DeleteOpenIDConnectProvider", get).await;
    let wish = json!({ "Url": "http://signin.example.com" });
    setup
        .is_refused("CreateOpenIDConnectProvider", wish, "ValidationError")
        .await;
}

/// A user with a key, and a role that it becomes.
async fn user_and_role(setup: &Setup<'_>) {
    setup
        .gets("CreateUser", json!({ "UserName": "broker" }))
        .await;
    let made = setup
        .gets("CreateAccessKey", json!({ "UserName": "broker" }))
        .await;
    let text = |name: &str| made["AccessKey"][name].as_str().unwrap().to_owned();
    let broker = Keys {
        id: text("AccessKeyId"),
        secret: text("SecretAccessKey"),
        token: None,
    };
    let trust = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": { "AWS": PROD }, "Action": "sts:AssumeRole",
    }] });
    let wish = json!({
        "RoleName": "Fresh",
        "Path": "/team/",
        "AssumeRolePolicyDocument": trust.to_string(),
        "MaxSessionDuration": 43_200,
        "Tags": [{ "Key": "owner", "Value": "vestibule" }],
    });
    let made = setup.gets("CreateRole", wish).await;
    let arn = made["Role"]["Arn"].as_str().unwrap().to_owned();
    assert_eq!(arn, format!("arn:aws:iam::{PROD}:role/team/Fresh"));
    assert_eq!(made["Role"]["AssumeRolePolicyDocument"], trust);
    let call = json!({ "RoleArn": arn, "RoleSessionName": "erin", "DurationSeconds": 43_200 });
    let refused = setup
        .client
        .calls(Some(&broker), "AssumeRole", call.clone());
    assert!(refused.await.unwrap_err().contains("(AccessDenied)"));
    let may = json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": arn },
    ] });
    let wish = json!({ "PolicyName": "MayAssume", "PolicyDocument": may.to_string() });
    let policy = setup.gets("CreatePolicy", wish).await["Policy"]["Arn"].clone();
    let wish = json!({ "UserName": "broker", "PolicyArn": policy });
    setup.gets("AttachUserPolicy", wish).await;
    let made = setup.client.gets(Some(&broker), "AssumeRole", call).await;
    assert_eq!(
        setup.client.who(&made, 43_200).await,
        format!("arn:aws:sts::{PROD}:assumed-role/Fresh/erin")
    );
    inline_policies_hold_a_role(setup, &may).await;
}

/// A role cannot be deleted while it has a policy of its own.
async fn inline_policies_hold_a_role(setup: &Setup<'_>, may: &Value) {
    let wish = json!({ "RoleName": "Fresh", "PolicyName": "p", "PolicyDocument": may.to_string() });
    setup.gets("PutRolePolicy", wish).await;
    let wish = json!({ "RoleName": "Fresh", "PolicyName": "p" });
    let shown = setup.gets("GetRolePolicy", wish.clone()).await;
    assert_eq!(&shown["PolicyDocument"], may);
    setup
        .is_refused(
            "DeleteRole",
            json!({ "RoleName": "Fresh" }),
            "DeleteConflict",
        )
        .await;
    setup.gets("DeleteRolePolicy", wish).await;
    setup
        .gets("DeleteRole", json!({ "RoleName": "Fresh" }))
        .await;
    let wish = json!({ "RoleName": "Bad", "AssumeRolePolicyDocument": "{}" });
    setup
        .is_refused("CreateRole", wish, "MalformedPolicyDocument")
        .await;
}

async fn an_account(program: Program) {
    let world = World::start().await;
    let keys = administrator(&world);
    let client = Client {
        world: &world,
        program,
    };
    let setup = Setup { client, keys };
    saml(&setup).await;
    oidc(&setup).await;
    user_and_role(&setup).await;
    world.stop().await;
}

#[tokio::test]
async fn awscli_sets_an_account_up_through_the_simulated_iam() {
    Box::pin(an_account(Program::AwsCli)).await;
}

#[tokio::test]
async fn boto3_sets_an_account_up_through_the_simulated_iam() {
    Box::pin(an_account(Program::Boto3)).await;
}
