//! What is wrong first is said first: requests that are wrong in two ways, in the order of the checks.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::assume_role::{BROKER, assume, denied};
use crate::saml::{refused_as_invalid, saml_trust};
use crate::support::issuer::Signer;
use crate::support::saml::{Key, Message, provider_arn, role_arn};
use crate::support::{ACCOUNT, Aws, Reply, noon, trust};
use crate::web_identity::{NO_JWT, WRONG, World, invalid};

const TOO_LONG: &str =
    "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
const DOUBLED: [(&str, &str); 4] = [
    ("Tags.member.1.Key", "team"),
    ("Tags.member.1.Value", "a"),
    ("Tags.member.2.Key", "TEAM"),
    ("Tags.member.2.Value", "b"),
];

fn code(reply: &Reply) -> (u16, String) {
    (reply.status, reply.expect("Code"))
}

#[actix_web::test]
async fn the_protocol_comes_before_the_signature_and_the_signature_before_the_shape() {
    let aws = Aws::start();
    let nowhere = aws.unsigned("AssumeNothing", &[]).await;
    assert_eq!(code(&nowhere), (400, "InvalidAction".to_owned()));
    let unsigned = aws.unsigned("AssumeRole", &[]).await;
    let missing = "MissingAuthenticationToken".to_owned();
    assert_eq!(code(&unsigned), (403, missing));
    assert_eq!(unsigned.expect("Type"), "Sender");
}

#[actix_web::test]
async fn the_shape_comes_before_the_kind_of_credentials_and_that_before_the_role() {
    let aws = Aws::start();
    let session = assume(&aws, &Aws::broker(), "Long", &[]).await.keys();
    for (action, bad) in [
        ("GetFederationToken", ("Name", "x")),
        ("GetSessionToken", ("DurationSeconds", "1")),
    ] {
        let reply = aws.call(&session, action, &[bad]).await;
        assert_eq!(code(&reply), (400, "ValidationError".to_owned()));
        let reply = aws.call(&session, action, &[("Name", "ada")]).await;
        let text = format!("Cannot call {action} with session credentials");
        reply.refused(403, "AccessDenied", &text);
    }
    let reply = assume(&aws, &Aws::root(), "Missing", &[]).await;
    let text = "Roles may not be assumed by root accounts.";
    reply.refused(403, "AccessDenied", text);
}

#[actix_web::test]
async fn trust_comes_before_duration_then_tags_then_their_conflicts_then_policies() {
    let aws = Aws::start();
    let long = ("DurationSeconds", "7200");
    let broken = ("Policy", "{");
    let ask = async |role: &str, more: &[(&str, &str)]| {
        let rest = [&DOUBLED[..], more].concat();
        assume(&aws, &Aws::broker(), role, &rest).await
    };
    let reply = ask("Missing", &[long, broken]).await;
    reply.refused(
        403,
        "AccessDenied",
        &denied(BROKER, "sts:AssumeRole", "Missing"),
    );
    let here = json!({ "AWS": ACCOUNT });
    let narrow = |actions: &[&str]| {
        let mut registry = aws.simulation().iam.write();
        let account = registry.account_mut(ACCOUNT).unwrap();
        account.role_mut("Reader").unwrap().trust = trust(&here, actions, None);
    };
    narrow(&["sts:AssumeRole"]);
    let reply = ask("Reader", &[long, broken]).await;
    reply.refused(400, "ValidationError", TOO_LONG);
    let reply = ask("Reader", &[broken]).await;
    reply.refused(
        403,
        "AccessDenied",
        &denied(BROKER, "sts:TagSession", "Reader"),
    );
    narrow(&["sts:AssumeRole", "sts:TagSession"]);
    let reply = ask("Reader", &[("SourceIdentity", "ada"), broken]).await;
    let identity = denied(BROKER, "sts:SetSourceIdentity", "Reader");
    reply.refused(403, "AccessDenied", &identity);
    let reply = ask("Reader", &[broken]).await;
    assert_eq!(code(&reply), (400, "InvalidParameterValue".to_owned()));
    let reply = assume(&aws, &Aws::broker(), "Reader", &[broken]).await;
    assert_eq!(code(&reply), (400, "MalformedPolicyDocument".to_owned()));
}

#[actix_web::test]
async fn a_response_is_read_from_its_provider_to_the_role_s_trust() {
    let aws = crate::saml::world();
    {
        let mut registry = aws.simulation().iam.write();
        let account = registry.account_mut(ACCOUNT).unwrap();
        let nobody = json!({ "StringEquals": { "saml:sub": "nobody" } });
        let trusted = saml_trust(&["sts:AssumeRoleWithSAML"], Some(nobody));
        account.role_mut("Saml").unwrap().trust = trusted;
    }
    let ask = async |response: &str| crate::saml::assume(&aws, response, &[]).await;
    let missing = format!("arn:aws:iam::{ACCOUNT}:saml-provider/missing");
    let rest = [("PrincipalArn", missing.as_str())];
    let reply = crate::saml::assume(&aws, "no response", &rest).await;
    refused_as_invalid(&reply, "Specified provider doesn't exist");

    let mut message = Message {
        issuer: "https://other.example".to_owned(),
        issued: noon() - TimeDelta::hours(1),
        audiences: vec!["urn:other"],
        name_id: "<saml:NameID Format=\"urn:other\">ada</saml:NameID>",
        ..Message::honest()
    };
    message.set("Role", &["neither,nor"]);
    message.set("RoleSessionName", &[]);
    message.set("SourceIdentity", &["a b"]);
    let stranger = Key::stranger();
    let reply = ask(&message.signed_by(stranger)).await;
    refused_as_invalid(&reply, "Issuer not present in specified provider");
    message.issuer = Message::honest().issuer;
    let reply = ask(&message.signed_by(stranger)).await;
    refused_as_invalid(&reply, "Response signature invalid");
    let reply = ask(&message.signed()).await;
    let text = "Token must be redeemed within 5 minutes of issuance";
    reply.refused(400, "ExpiredTokenException", text);
    message.issued = noon();
    let reply = ask(&message.signed()).await;
    refused_as_invalid(&reply, "Response does not contain the required audience.");
    message.audiences = Message::honest().audiences;
    let reply = ask(&message.signed()).await;
    let text = "The format of the subject's NameID is not supported";
    refused_as_invalid(&reply, text);
    message.name_id = Message::honest().name_id;
    let reply = ask(&message.signed()).await;
    reply.refused(403, "AccessDenied", crate::saml::DENIED);
    let pair = format!("{},{}", role_arn("Saml"), provider_arn());
    message.set("Role", &[&pair]);
    let reply = ask(&message.signed()).await;
    refused_as_invalid(&reply, "RoleSessionName is required in AuthnResponse");
    message.set("RoleSessionName", &["ada"]);
    let reply = ask(&message.signed()).await;
    let text = "Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64}";
    refused_as_invalid(&reply, text);
    message.set("SourceIdentity", &[]);
    let reply = ask(&message.signed()).await;
    reply.refused(403, "AccessDenied", crate::saml::DENIED);
}

#[actix_web::test]
async fn an_id_token_is_read_from_its_form_to_the_role_s_trust() {
    let world = World::start();
    let nobody = json!({ "StringEquals": { world.key("sub"): "nobody" } });
    world.trust(&["sts:AssumeRoleWithWebIdentity"], nobody);
    let ask = async |signer: &Signer, claims: &Value| {
        let token = signer.sign(claims);
        world.assume(&token, &[]).await
    };
    let mut claims = world.issuer.claims();
    claims["iss"] = json!("https://other.example");
    claims["exp"] = json!(1);
    claims["aud"] = json!("other");
    let token = format!("{}.x", Signer::rsa().sign(&claims));
    invalid(&world.assume(&token, &[]).await, NO_JWT);
    let unknown = "No OpenIDConnect provider found in your account for https://other.example";
    invalid(&ask(Signer::stranger(), &claims).await, unknown);
    claims["iss"] = json!(world.issuer.url);
    invalid(&ask(Signer::stranger(), &claims).await, WRONG);
    let reply = ask(Signer::rsa(), &claims).await;
    assert_eq!(code(&reply), (400, "ExpiredTokenException".to_owned()));
    claims["exp"] = world.issuer.claims()["exp"].clone();
    invalid(
        &ask(Signer::rsa(), &claims).await,
        "Incorrect token audience",
    );
    claims["aud"] = json!("vestibule");
    let reply = ask(Signer::rsa(), &claims).await;
    reply.refused(403, "AccessDenied", crate::web_identity::DENIED);
}
