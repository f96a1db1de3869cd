//! awscli and boto3 against the simulated AWS: every operation of STS that it plays, an account set up through IAM,
//! and refusals in AWS's words.
//!
//! Both programs are AWS's own: what they sign, parse and report is what users of the real service see.

mod client;
mod iam;
mod operations;
mod refusals;

use serde_json::{Value, json};

use crate::world::World;
use crate::world::accounts::PROD;

fn role(account: &str, name: &str) -> String {
    format!("arn:aws:iam::{account}:role/{name}")
}

/// Erin's SAML response, as it goes to AWS.
async fn assertion(world: &World) -> String {
    let link = "/go/payments-prod/SamlReader?idp=corp";
    let form = world.saml_answer(&world.browser(), link, "erin").await;
    form.value("SAMLResponse").unwrap().to_owned()
}

fn with_saml(assertion: &str) -> Value {
    json!({
        "RoleArn": role(PROD, "SamlReader"),
        "PrincipalArn": format!("arn:aws:iam::{PROD}:saml-provider/corp"),
        "SAMLAssertion": assertion,
        "DurationSeconds": 900,
    })
}

fn with_web_identity(token: &str) -> Value {
    json!({
        "RoleArn": role(PROD, "WebReader"),
        "RoleSessionName": "erin",
        "WebIdentityToken": token,
        "DurationSeconds": 1800,
    })
}
