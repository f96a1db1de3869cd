//! SAML providers by IAM's API: what a metadata document must be, and what registering one opens.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use rcgen::{CertificateParams, CustomExtension, KeyPair, PKCS_RSA_SHA256};
use serde_json::json;

use crate::iam::is_refused;
use crate::saml::refused_as_invalid;
use crate::support::saml::{ISSUER, Key, Message, encode, metadata, provider_arn, role_arn};
use crate::support::{Aws, Reply, noon};

pub(crate) async fn register(aws: &Aws, name: &str, document: &str) -> Reply {
    let rest = [("Name", name), ("SAMLMetadataDocument", document)];
    aws.iam(&Aws::admin(), "CreateSAMLProvider", &rest).await
}

/// A role for people of the provider `corp`.
async fn saml_role(aws: &Aws) {
    let trust = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": { "Federated": provider_arn() }, "Action": "sts:AssumeRoleWithSAML",
    }] });
    let trust = trust.to_string();
    let rest = [("RoleName", "Saml"), ("AssumeRolePolicyDocument", &*trust)];
    let reply = aws.iam(&Aws::admin(), "CreateRole", &rest).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
}

async fn present(aws: &Aws, response: &str) -> Reply {
    let (role, provider, encoded) = (role_arn("Saml"), provider_arn(), encode(response));
    let rest = [
        ("RoleArn", &*role),
        ("PrincipalArn", &*provider),
        ("SAMLAssertion", &*encoded),
    ];
    aws.unsigned("AssumeRoleWithSAML", &rest).await
}

#[actix_web::test]
async fn an_account_set_up_by_the_api_alone_lets_people_in() {
    let aws = Aws::start();
    let document = metadata(&[Key::provider()]);
    let response = Message::honest().signed();
    refused_as_invalid(
        &present(&aws, &response).await,
        "Specified provider doesn't exist",
    );
    let made = register(&aws, "corp", &document).await;
    assert_eq!(made.expect("SAMLProviderArn"), provider_arn());
    assert_eq!(present(&aws, &response).await.status, 403, "no role yet");
    saml_role(&aws).await;
    present(&aws, &response).await.keys();
    let gone = [("SAMLProviderArn", &*provider_arn())];
    assert_eq!(
        aws.iam(&Aws::admin(), "DeleteSAMLProvider", &gone)
            .await
            .status,
        200
    );
    refused_as_invalid(
        &present(&aws, &response).await,
        "Specified provider doesn't exist",
    );
    is_refused(
        &aws.iam(&Aws::admin(), "DeleteSAMLProvider", &gone).await,
        404,
        "NoSuchEntity",
    );
}

#[actix_web::test]
async fn a_provider_is_shown_listed_and_updated() {
    let aws = Aws::start();
    let admin = Aws::admin();
    let document = metadata(&[Key::provider()]);
    let tags = [
        ("Name", "corp"),
        ("SAMLMetadataDocument", &*document),
        ("Tags.member.1.Key", "owner"),
        ("Tags.member.1.Value", "vestibule"),
    ];
    aws.iam(&admin, "CreateSAMLProvider", &tags).await;
    let arn = provider_arn();
    let get = [("SAMLProviderArn", &*arn)];
    let shown = aws.iam(&admin, "GetSAMLProvider", &get).await;
    assert!(shown.expect("SAMLProviderUUID").starts_with("SAMLSP"));
    assert_eq!(shown.expect("SAMLMetadataDocument"), document);
    assert_eq!(shown.expect("Value"), "vestibule");
    let until: DateTime<Utc> = shown.expect("ValidUntil").parse().unwrap();
    let years = (until - noon()).num_days() / 365;
    assert_eq!(years, 100, "metadata that names no end lasts a century");
    let dated = document.replace("entityID=", "validUntil=\"2027-01-01T00:00:00Z\" entityID=");
    let dated = dated.replace(Key::provider().certificate(), Key::next().certificate());
    let update = [get[0], ("SAMLMetadataDocument", &*dated)];
    let updated = aws.iam(&admin, "UpdateSAMLProvider", &update).await;
    assert_eq!(updated.expect("SAMLProviderArn"), arn);
    let listed = aws.iam(&admin, "ListSAMLProviders", &[]).await;
    assert_eq!(listed.expect("Arn"), arn);
    assert_eq!(listed.expect("ValidUntil"), "2027-01-01T00:00:00Z");
    saml_role(&aws).await;
    let by_old = present(&aws, &Message::honest().signed()).await;
    refused_as_invalid(&by_old, "Response signature invalid");
    present(&aws, &Message::honest().signed_by(Key::next()))
        .await
        .keys();
    let encrypted = [get[0], ("AssertionEncryptionMode", "Required")];
    is_refused(
        &aws.iam(&admin, "UpdateSAMLProvider", &encrypted).await,
        400,
        "InvalidInput",
    );
    for wrong in [
        "arn:aws:iam::444455556666:saml-provider/corp",
        "arn:aws:iam::111122223333:role/corp",
    ] {
        let reply = aws
            .iam(&admin, "GetSAMLProvider", &[("SAMLProviderArn", wrong)])
            .await;
        is_refused(&reply, 400, "InvalidInput");
    }
}

#[actix_web::test]
async fn a_metadata_document_has_its_length_and_everything_that_verifying_needs() {
    let aws = Aws::start();
    let good = metadata(&[Key::provider()]);
    let certificate = Key::provider().certificate();
    is_refused(
        &register(&aws, "corp", &good[..999]).await,
        400,
        "ValidationError",
    );
    let padding = " ".repeat(10_000_001 - good.chars().count());
    is_refused(
        &register(&aws, "corp", &format!("{good}{padding}")).await,
        400,
        "ValidationError",
    );
    let long = format!("{good}{}", &padding[1..]);
    assert_eq!(
        register(&aws, "long", &long).await.status,
        200,
        "ten million are taken"
    );
    let bom = format!("\u{feff}{good}");
    let over = good.replace("entityID=", "validUntil=\"2026-11-22T11:59:59Z\" entityID=");
    let encryption = good.replace("use=\"signing\"", "use=\"encryption\"");
    let dtd = good.replace("?>", "?><!DOCTYPE x>");
    for bad in [
        bom,
        over,
        encryption,
        dtd,
        "x".repeat(1000),
        good.replace("entityID=", "entity="),
        good.replace(ISSUER, ""),
        good.replace("IDPSSODescriptor", "SPSSODescriptor"),
        good.replace(certificate, "bm90aGluZw=="),
        good.replace(certificate, &certificate[4..]),
        metadata(&[Key::short()]),
        metadata(&[Key::provider(), Key::curve()]),
        metadata(&[Key::provider(); 11]),
    ] {
        let reply = register(&aws, "corp", &format!("{bad:<1000}")).await;
        reply.refused(400, "InvalidInput", "Unable to parse metadata");
    }
    assert_eq!(
        register(&aws, "corp", &metadata(&[Key::provider(); 10]))
            .await
            .status,
        200
    );
    let least = register(&aws, "least", &metadata(&[Key::least()])).await;
    assert_eq!(least.status, 200, "{}", least.body);
    aws.simulation()
        .change_switches(|switches| switches.saml.ecdsa = true);
    let curve = metadata(&[Key::provider(), Key::curve()]);
    assert_eq!(register(&aws, "curve", &curve).await.status, 200);
}

#[actix_web::test]
async fn a_certificate_with_an_extension_twice_is_not_registered() {
    let aws = Aws::start();
    let key = KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap();
    for (times, status) in [(1, 200), (2, 400)] {
        let mut params = CertificateParams::default();
        for _ in 0..times {
            let own = CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 99_999], vec![5, 0]);
            params.custom_extensions.push(own);
        }
        let certificate = params.self_signed(&key).unwrap();
        let certificate = STANDARD.encode(certificate.der());
        let document =
            metadata(&[Key::provider()]).replace(Key::provider().certificate(), &certificate);
        let reply = register(&aws, &format!("p{times}"), &document).await;
        assert_eq!(reply.status, status, "{}", reply.body);
    }
}

#[actix_web::test]
async fn several_identity_providers_of_one_document_sign_each_for_itself() {
    let aws = Aws::start();
    let entity = |id: &str, key: &Key| {
        let text = metadata(&[key]).replace(ISSUER, id);
        text.split_once("?>").unwrap().1.to_owned()
    };
    let document = |ids: &[(&str, &Key)]| {
        let all: String = ids.iter().map(|(id, key)| entity(id, key)).collect();
        format!(
            "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">{all}</md:EntitiesDescriptor>"
        )
    };
    let two = document(&[
        ("https://other.example", Key::next()),
        (ISSUER, Key::provider()),
    ]);
    assert_eq!(register(&aws, "corp", &two).await.status, 200);
    saml_role(&aws).await;
    present(&aws, &Message::honest().signed()).await.keys();
    let crossed = present(&aws, &Message::honest().signed_by(Key::next())).await;
    refused_as_invalid(&crossed, "Response signature invalid");
    let mut other = Message::honest();
    other.issuer = "https://other.example".to_owned();
    present(&aws, &other.signed_by(Key::next())).await.keys();
    other.issuer = "https://third.example".to_owned();
    let third = present(&aws, &other.signed_by(Key::next())).await;
    refused_as_invalid(&third, "Issuer not present in specified provider");
    let ids: Vec<String> = (0..11)
        .map(|index| format!("https://{index}.example"))
        .collect();
    let many: Vec<(&str, &Key)> = ids.iter().map(|id| (id.as_str(), Key::next())).collect();
    is_refused(
        &register(&aws, "many", &document(&many)).await,
        400,
        "InvalidInput",
    );
}

#[actix_web::test]
async fn names_are_of_their_alphabet_and_stand_once_and_a_hundred_fit() {
    let aws = Aws::start();
    let document = metadata(&[Key::provider()]);
    let long = "x".repeat(129);
    for name in ["", "a b", "a+b", "a/b", &long] {
        is_refused(
            &register(&aws, name, &document).await,
            400,
            "ValidationError",
        );
    }
    for index in 0..100 {
        let made = register(&aws, &format!("p.{index}_-"), &document).await;
        assert_eq!(made.status, 200, "{}", made.body);
    }
    is_refused(
        &register(&aws, "p.1_-", &document).await,
        409,
        "EntityAlreadyExists",
    );
    is_refused(
        &register(&aws, "one-more", &document).await,
        409,
        "LimitExceeded",
    );
    aws.simulation()
        .change_switches(|switches| switches.iam.saml_providers = 101);
    let raised = register(&aws, "one-more", &document).await;
    assert_eq!(raised.status, 200, "{}", raised.body);
}

#[actix_web::test]
async fn an_expired_certificate_verifies_nothing_unless_switched() {
    let aws = Aws::start();
    register(&aws, "corp", &metadata(&[Key::provider()])).await;
    saml_role(&aws).await;
    let later = noon() + TimeDelta::days(20 * 365);
    aws.hand.set(later);
    let mut message = Message::honest();
    message.issued = later;
    message.not_before = later;
    message.conditions_end = later + TimeDelta::minutes(2);
    message.confirmation_end = message.conditions_end;
    let response = message.signed();
    refused_as_invalid(
        &present(&aws, &response).await,
        "Response signature invalid",
    );
    aws.simulation()
        .change_switches(|switches| switches.saml.expired_certificates = true);
    present(&aws, &response).await.keys();
}

#[actix_web::test]
async fn an_audience_beside_aws_s_and_another_age_are_switches() {
    let aws = Aws::start();
    register(&aws, "corp", &metadata(&[Key::provider()])).await;
    saml_role(&aws).await;
    let mut message = Message::honest();
    message.audiences = vec!["urn:amazon:webservices", "https://console.example.com"];
    let both = message.signed();
    present(&aws, &both).await.keys();
    aws.simulation()
        .change_switches(|switches| switches.saml.several_audiences = false);
    let reply = present(&aws, &both).await;
    refused_as_invalid(&reply, "Response does not contain the required audience.");
    // only the assertion is signed, so the response can claim any time
    let old = timestamp_of(&Message::honest().signed(), noon() - TimeDelta::minutes(6));
    present(&aws, &old).await.keys();
    aws.simulation()
        .change_switches(|switches| switches.saml.age_by_response = true);
    let reply = present(&aws, &old).await;
    is_refused(&reply, 400, "ExpiredTokenException");
}

/// The message with another `IssueInstant` on its response.
fn timestamp_of(message: &str, time: DateTime<Utc>) -> String {
    let time = vestibule_sandbox::aws::identity::timestamp(time);
    let (before, rest) = message.split_once("IssueInstant=\"").unwrap();
    let (_, after) = rest.split_once('"').unwrap();
    format!("{before}IssueInstant=\"{time}\"{after}")
}
