//! What the simulated STS refuses, as AWS words it: by code and text, through the programs' own error reports.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::json;

use super::client::{Client, Keys, Program};
use super::{assertion, role, with_saml, with_web_identity};
use crate::world::World;
use crate::world::accounts::{DEV, PROD};

/// The service behind STS that reads responses, as STS passes its refusal on.
const BAD_SIGNATURE: &str = "Response signature invalid (Service: AWSOpenIdDiscoveryService; Status Code: 400; \
     Error Code: AuthSamlInvalidSamlResponseException; Request ID: ";

/// Credentials that no long-term key stands behind cannot make more of their kind, nor live longer by a detour.
async fn session_credentials_are_held_short(program: Program) {
    let world = World::start().await;
    let client = Client {
        world: &world,
        program,
    };
    let chained = Keys::of(&world, "chained");
    assert!(chained.token.is_some(), "these are a role's credentials");
    for (operation, parameters) in [
        ("GetFederationToken", json!({ "Name": "erin" })),
        ("GetSessionToken", json!({})),
    ] {
        let text = format!("Cannot call {operation} with session credentials");
        let call = (operation, parameters);
        client
            .is_refused(Some(&chained), call, ("AccessDenied", &text))
            .await;
    }
    let wish = |seconds: u32| {
        json!({
            "RoleArn": role(PROD, "Chained"),
            "RoleSessionName": "erin",
            "DurationSeconds": seconds,
        })
    };
    client
        .is_refused(
            Some(&chained),
            ("AssumeRole", wish(3601)),
            (
                "ValidationError",
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
            ),
        )
        .await;
    let made = client.gets(Some(&chained), "AssumeRole", wish(3600)).await;
    let arn = format!("arn:aws:sts::{PROD}:assumed-role/Chained/erin");
    assert_eq!(client.who(&made, 3600).await, arn);
    world.stop().await;
}

async fn refusals(program: Program) {
    let world = World::start().await;
    let client = Client {
        world: &world,
        program,
    };
    let hub = Keys::of(&world, "hub");
    let developer = |seconds: u32| {
        json!({
            "RoleArn": role(DEV, "Developer"),
            "RoleSessionName": "erin",
            "DurationSeconds": seconds,
        })
    };
    client
        .is_refused(
            Some(&hub),
            ("AssumeRole", developer(43_201)),
            (
                "ValidationError",
                "1 validation error detected: Value '43201' at 'durationSeconds' failed to satisfy constraint: \
                 Member must have value less than or equal to 43200",
            ),
        )
        .await;
    let text = format!(
        "User: arn:aws:iam::{PROD}:user/vestibule is not authorized to perform: sts:AssumeRole on resource: {}",
        role(DEV, "Developer")
    );
    let call = ("AssumeRole", developer(900));
    let payments = Keys::of(&world, "payments");
    client
        .is_refused(Some(&payments), call, ("AccessDenied", &text))
        .await;
    let unknown = Keys {
        id: "AKIANOBODYNOBODYNOB1".to_owned(),
        ..hub.clone()
    };
    client
        .is_refused(
            Some(&unknown),
            ("GetCallerIdentity", json!({})),
            (
                "InvalidClientTokenId",
                "The security token included in the request is invalid.",
            ),
        )
        .await;
    let wrong = Keys {
        secret: "not-the-secret".to_owned(),
        ..hub
    };
    let said = client
        .calls(Some(&wrong), "GetCallerIdentity", json!({}))
        .await
        .unwrap_err();
    assert!(said.contains("(SignatureDoesNotMatch)"), "{said}");
    forged_proofs(&client).await;
    world.stop().await;
}

/// A proof that was changed after it was signed is worth nothing.
async fn forged_proofs(client: &Client<'_>) {
    let response = STANDARD.decode(assertion(client.world).await).unwrap();
    let forged = changed(&String::from_utf8(response).unwrap(), "erin@", "carl@");
    let wish = with_saml(&STANDARD.encode(forged));
    let call = ("AssumeRoleWithSAML", wish);
    client
        .is_refused(None, call, ("InvalidIdentityToken", BAD_SIGNATURE))
        .await;

    let idp = &client.world.sandbox.oidc_idp;
    let token = idp.mint("vestibule", "erin", None).unwrap();
    let [header, claims, signature] = token.split('.').collect::<Vec<_>>()[..] else {
        panic!("the token has no three parts");
    };
    let claims = URL_SAFE_NO_PAD.decode(claims).unwrap();
    let forged = changed(&String::from_utf8(claims).unwrap(), "erin", "carl");
    let forged = URL_SAFE_NO_PAD.encode(forged);
    let wish = with_web_identity(&format!("{header}.{forged}.{signature}"));
    let call = ("AssumeRoleWithWebIdentity", wish);
    client
        .is_refused(
            None,
            call,
            ("InvalidIdentityToken", "Token signature invalid"),
        )
        .await;
}

fn changed(text: &str, old: &str, new: &str) -> String {
    assert!(text.contains(old), "{old} does not stand in it");
    text.replace(old, new)
}

#[tokio::test]
async fn awscli_cannot_make_session_credentials_outlive_their_kind() {
    Box::pin(session_credentials_are_held_short(Program::AwsCli)).await;
}

#[tokio::test]
async fn boto3_cannot_make_session_credentials_outlive_their_kind() {
    Box::pin(session_credentials_are_held_short(Program::Boto3)).await;
}

#[tokio::test]
async fn awscli_reports_refusals_as_aws_words_them() {
    Box::pin(refusals(Program::AwsCli)).await;
}

#[tokio::test]
async fn boto3_reports_refusals_as_aws_words_them() {
    Box::pin(refusals(Program::Boto3)).await;
}
