//! Forged and hostile SAML responses: none becomes a session.

use crate::saml::{assume, refused_as_invalid, world};
use crate::support::Aws;
use crate::support::saml::{Key, Level, Message, encode, provider_arn, role_arn};

const WRONG: &str = "Response signature invalid";
const MALFORMED: &str = "Invalid SAML response";

async fn refused(aws: &Aws, response: &str, text: &str) {
    refused_as_invalid(&assume(aws, response, &[]).await, text);
}

#[actix_web::test]
async fn unsigned_and_foreign_and_altered_responses_are_refused() {
    let aws = world();
    let honest = Message::honest();
    refused(
        &aws,
        &Message {
            level: Level::None,
            ..honest.clone()
        }
        .signed(),
        WRONG,
    )
    .await;
    refused(&aws, &honest.signed_by(Key::stranger()), WRONG).await;
    let signed = honest.signed();
    for (from, to) in [
        (">ada</saml:NameID>", ">root</saml:NameID>"),
        ("ada@example.com", "bob@example.com"),
        ("role/Saml,", "role/Saml2,"),
        ("urn:amazon:webservices", "urn:amazon:webservicez"),
    ] {
        assert!(signed.contains(from));
        refused(&aws, &signed.replacen(from, to, 1), WRONG).await;
    }
    let both = Message {
        level: Level::Both,
        ..honest
    }
    .signed();
    refused(
        &aws,
        &both.replacen("Destination=\"https", "Destination=\"http", 1),
        WRONG,
    )
    .await;
}

#[actix_web::test]
async fn a_signature_inside_the_message_brings_no_key_of_its_own() {
    let aws = world();
    let signed = Message::honest().signed_by(Key::stranger());
    let own = crate::support::saml::metadata(&[Key::stranger()]);
    let (_, rest) = own.split_once("<ds:KeyInfo>").unwrap();
    let (key, _) = rest.split_once("</ds:KeyInfo>").unwrap();
    let with_key = format!("</ds:SignatureValue><ds:KeyInfo>{key}</ds:KeyInfo>");
    refused(
        &aws,
        &signed.replacen("</ds:SignatureValue>", &with_key, 1),
        WRONG,
    )
    .await;
}

#[actix_web::test]
async fn weak_and_foreign_algorithms_are_refused() {
    let aws = world();
    let honest = Message::honest();
    let sha1 = "http://www.w3.org/2000/09/xmldsig#sha1";
    let rsa_sha1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
    let weak_digest = Message {
        digest_method: sha1,
        ..honest.clone()
    };
    let weak_method = Message {
        signature_method: rsa_sha1,
        ..honest.clone()
    };
    refused(&aws, &weak_digest.signed(), WRONG).await;
    refused(&aws, &weak_method.signed(), WRONG).await;
    let stronger = Message {
        signature_method: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
        digest_method: "http://www.w3.org/2001/04/xmlenc#sha512",
        ..honest.clone()
    };
    assume(&aws, &stronger.signed(), &[]).await.keys();
    aws.simulation()
        .change_switches(|switches| switches.saml.sha1 = true);
    assume(&aws, &weak_digest.signed(), &[]).await.keys();
}

#[actix_web::test]
async fn an_assertion_moved_or_doubled_is_refused() {
    let aws = world();
    let signed = Message::honest().signed();
    let start = signed.find("<saml:Assertion ").unwrap();
    let end = signed.find("</saml:Assertion>").unwrap() + "</saml:Assertion>".len();
    let assertion = &signed[start..end];
    let evil = assertion
        .replacen("_assertion", "_evil", 1)
        .replace(">ada<", ">root<")
        .replace("ada@example.com", "root@example.com");
    let signature = {
        let from = evil.find("<ds:Signature ").unwrap();
        let to = evil.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
        evil[from..to].to_owned()
    };
    let evil = evil.replace(&signature, "");
    let wrapped = [
        signed.replace(assertion, &format!("{evil}{assertion}")),
        signed.replace(assertion, &format!("{assertion}{evil}")),
        signed.replace(
            assertion,
            &format!("<samlp:Extensions>{assertion}</samlp:Extensions>{evil}"),
        ),
        signed.replace(
            assertion,
            &evil.replace("</saml:Subject>", &format!("{assertion}</saml:Subject>")),
        ),
        signed.replace(
            assertion,
            &evil.replacen("<saml:Subject>", &format!("{signature}<saml:Subject>"), 1),
        ),
        signed.replace(
            "</ds:Signature>",
            &format!("<ds:Object>{evil}</ds:Object></ds:Signature>"),
        ),
    ];
    for response in wrapped {
        let reply = assume(&aws, &response, &[]).await;
        assert_eq!(reply.status, 400, "{response}");
        assert_eq!(reply.expect("Code"), "InvalidIdentityToken");
    }
}

#[actix_web::test]
async fn a_comment_in_a_name_does_not_cut_it() {
    let aws = world();
    let signed = Message::honest().signed();
    let commented = signed.replacen(">ada</saml:NameID>", ">ad<!-- x -->a</saml:NameID>", 1);
    let reply = assume(&aws, &commented, &[]).await;
    assert_eq!(
        reply.get("Subject").unwrap_or_default(),
        "ada",
        "{}",
        reply.body
    );
}

#[actix_web::test]
async fn what_is_no_response_is_malformed() {
    let aws = world();
    let signed = Message::honest().signed();
    let doctype = format!("<!DOCTYPE x [<!ENTITY a \"b\">]>{signed}");
    let deep = format!("{}{}", "<a>".repeat(5000), "</a>".repeat(5000));
    let attributes = format!("<a {}/>", "a=\"\" ".repeat(3000));
    for text in [
        "",
        "<",
        "<a/>",
        "not xml at all",
        &doctype,
        &deep,
        &attributes,
        &signed[..500],
    ] {
        if encode(text).len() < 4 {
            continue;
        }
        refused(&aws, text, MALFORMED).await;
    }
    let whole = [
        ("RoleArn", role_arn("Saml")),
        ("PrincipalArn", provider_arn()),
        ("SAMLAssertion", "!!!!not base64".to_owned()),
    ];
    let whole: Vec<(&str, &str)> = whole
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let reply = aws.unsigned("AssumeRoleWithSAML", &whole).await;
    refused_as_invalid(&reply, "Invalid base64 SAMLResponse");
}

#[actix_web::test]
async fn a_response_over_its_size_is_a_matter_of_shape_and_not_repeated() {
    let aws = world();
    let reply = assume(&aws, &"x".repeat(80_000), &[]).await;
    reply.refused(
        400,
        "ValidationError",
        "1 validation error detected: Value '***' at 'sAMLAssertion' failed to satisfy \
         constraint: Member must have length less than or equal to 100000",
    );
}

#[actix_web::test]
async fn metadata_that_cannot_be_used_verifies_nothing() {
    let aws = world();
    let response = Message::honest().signed();
    let good = crate::support::saml::metadata(&[Key::provider()]);
    let late = good.replacen(
        "entityID=",
        "validUntil=\"2026-11-22T12:00:00Z\" entityID=",
        1,
    );
    let encryption = good.replace("use=\"signing\"", "use=\"encryption\"");
    let none = crate::support::saml::metadata(&[]);
    for metadata in [late, encryption, none, String::new(), "<a/>".to_owned()] {
        {
            let mut registry = aws.simulation().iam.write();
            let account = registry.account_mut(crate::support::ACCOUNT).unwrap();
            account.saml_providers.get_mut("corp").unwrap().metadata = metadata;
        }
        refused(&aws, &response, "Unable to parse metadata").await;
    }
}
