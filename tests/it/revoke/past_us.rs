//! Ways into AWS past Vestibule: a provider's own SAML response, which a blocked person takes there from their browser.

use aws_sdk_sts::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_sts::error::ProvideErrorMetadata as _;
use serde_json::{Value, json};

use super::{Inside, Revoker, seconds, start};
use crate::api::Program;
use crate::commands::{does, vestibule};
use crate::world::World;
use crate::world::accounts::PROD;
use crate::world::https::Https;

const LINK: &str = "/go/payments-prod/SamlReader?idp=corp";
const ROLE: &str = "payments-prod/SamlReader";

/// Takes a SAML response to AWS, past Vestibule: a key, or the code of AWS's refusal.
async fn takes_to_aws(world: &World, response: &str) -> Result<String, String> {
    let host = "sts.eu-west-1.amazonaws.com";
    let config = aws_sdk_sts::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .endpoint_url(world.sandbox.aws.url(host))
        .http_client(Https::default().aws_client())
        .credentials_provider(Credentials::new("none", "none", None, None, "none"))
        .build();
    let call = aws_sdk_sts::Client::from_conf(config)
        .assume_role_with_saml()
        .role_arn(format!("arn:aws:iam::{PROD}:role/SamlReader"))
        .principal_arn(format!("arn:aws:iam::{PROD}:saml-provider/corp"))
        .saml_assertion(response);
    match call.send().await {
        Ok(given) => Ok(given.credentials.unwrap().access_key_id),
        Err(error) => Err(error.code().unwrap_or_default().to_owned()),
    }
}

#[tokio::test]
async fn whoever_is_blocked_and_active_at_their_provider_comes_in_past_us_and_that_is_said() {
    let world = start().await;
    Inside::goes(&world, "erin", LINK).await;
    let program = Program::of(&world, "ada", &["revoke"]).await;
    let wanted = json!({
        "person": {"idp": "corp", "subject": "erin@example.com"}, "stop_first": true,
    });
    let key = [("idempotency-key", "erin")];
    let said = program.posts_with("/revocations", &wanted, &key).await;
    let said = said.ok(200);
    let told = said["ways_past_vestibule"].to_string();
    for part in [
        ROLE,
        "gov-prod/GovSaml",
        "Disable them at corp",
        "5 minutes after that",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    // which is so: the response is refused here and taken there, and 5 minutes later it is not
    let browser = world.browser();
    let answer = world.saml_answer(&browser, LINK, "erin").await;
    let refused = browser.submits_once(&answer).await;
    assert_eq!(refused.status, 403, "{}", refused.body);
    let response = answer.value("SAMLResponse").unwrap();
    assert!(takes_to_aws(&world, response).await.is_ok());
    seconds(&world, 301);
    let late = takes_to_aws(&world, response).await;
    assert_eq!(late, Err("ExpiredTokenException".to_owned()));
    world.stop().await;
}

#[tokio::test]
async fn a_role_that_was_taken_out_of_the_model_is_still_opened_by_such_a_response_and_that_is_said()
 {
    let world = start().await;
    Inside::goes(&world, "erin", LINK).await;
    world
        .publishes(&super::changed::without("SamlReader"))
        .await;
    let program = Program::of(&world, "ada", &["revoke"]).await;
    let wanted = json!({"role": ROLE});
    let plan = program.posts("/revocations/plan", &wanted).await.ok(200);
    assert_eq!(plan["role_is_gone"], true);
    let told = plan["ways_past_vestibule"].to_string();
    assert!(told.contains(ROLE) && told.contains("at corp"), "{told}");
    world.stop().await;
}

#[tokio::test]
async fn page_and_command_say_of_such_a_role_what_else_is_to_be_done_and_of_no_other() {
    let world = start().await;
    let admin = Revoker::of(&world).await;
    let page = admin.looks_at(ROLE, "again").await;
    assert!(page.body.contains("id=\"ways-past\""), "{}", page.body);
    assert!(page.body.contains("5 minutes after that"), "{}", page.body);
    let words = ["revoke", "--account", "payments-prod", "--role"];
    let dry = |role: &'static str| [&words[..], &[role, "--dry-run"]].concat();
    let said = does(&vestibule(&world.folder, &dry("SamlReader")).await);
    assert!(
        said.contains("cut off again 5 minutes after that"),
        "{said}"
    );
    let page = admin.looks_at("payments-prod/Admin", "again").await;
    assert!(!page.body.contains("id=\"ways-past\""), "{}", page.body);
    let said = does(&vestibule(&world.folder, &dry("Admin")).await);
    assert!(!said.contains("5 minutes after that"), "{said}");
    let program = Program::of(&world, "ada", &["revoke"]).await;
    let wanted = json!({"role": "payments-prod/Admin"});
    let plan = program.posts("/revocations/plan", &wanted).await.ok(200);
    assert_eq!(plan["ways_past_vestibule"], Value::Array(Vec::new()));
    world.stop().await;
}
