//! The whole way: responses as an identity provider would sign them, and as it would not.

mod issued;
mod properties;
mod shapes;
mod wrapping;

use super::testing::*;
use super::*;
use crate::domain::credentials::ForwardedProof;
use crate::domain::partition::Partitions;
use crate::domain::requires::Demand;
use crate::idp::Verified;
use crate::random::SystemRandom;
use secrecy::ExposeSecret as _;

fn is_alice(verified: &Verified) {
    let identity = verified.identity();
    assert_eq!(identity.subject.value, "alice@example.com");
    assert_eq!(identity.values("groups"), ["engineers", "R&D  team"]);
}

#[test]
fn an_honest_response_proves_who_it_is() {
    let mut verified = verify_signed(&template(Level::Assertion), Level::Assertion).unwrap();
    is_alice(&verified);
    let identity = verified.identity();
    assert_eq!(identity.idp.as_str(), "corp");
    assert_eq!(
        identity.subject.format,
        "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
    );
    assert_eq!(identity.display_name, "Alice Example");
    assert_eq!(
        identity.verified_email.as_deref(),
        Some("alice@example.com")
    );
    let authentication = &identity.authentication;
    assert_eq!(authentication.at, Some(at("2026-06-15T11:59:50Z")));
    assert_eq!(
        authentication.session_ends,
        Some(at("2026-06-15T20:00:00Z"))
    );
    assert_eq!(
        authentication.context,
        ["urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"]
    );
    assert_eq!(
        authentication.class.as_ref(),
        authentication.context.first(),
        "the one that all of it has"
    );
    assert_eq!(verified.once().id, "_a");
    assert_eq!(verified.once().until, at("2026-06-15T12:05:58Z"));
    assert!(verified.take_proof().is_none());
}

#[test]
fn either_level_may_be_signed_or_both() {
    for level in [Level::Response, Level::Assertion, Level::Both] {
        is_alice(
            &verify_signed(&template(level), level).unwrap_or_else(|e| panic!("{level:?}: {e}")),
        );
    }
}

#[test]
fn the_same_assertion_is_refused_from_the_moment_its_replay_guard_ends() {
    let signed = encode(&sign(&template(Level::Assertion), Level::Assertion, "rsa"));
    let provider = service_provider(&["rsa"]);
    let until = provider
        .verify(&signed, &challenge(), now())
        .unwrap()
        .once()
        .until;
    let before = until - chrono::TimeDelta::milliseconds(1);
    assert!(provider.verify(&signed, &challenge(), before).is_ok());
    assert!(provider.verify(&signed, &challenge(), until).is_err());
}

#[test]
fn base64_may_come_in_lines_and_in_no_other_disguise() {
    let signed = encode(&sign(&template(Level::Assertion), Level::Assertion, "rsa"));
    let provider = service_provider(&["rsa"]);
    let lines = |end: &str| {
        let lines: Vec<&str> = signed
            .as_bytes()
            .chunks(76)
            .map(|l| std::str::from_utf8(l).unwrap())
            .collect();
        lines.join(end) + end
    };
    for good in [lines("\r\n"), lines("\n")] {
        assert!(provider.verify(&good, &challenge(), now()).is_ok());
    }
    for bad in [
        lines(" "),
        format!("{signed} "),
        format!("{signed}===="),
        signed.trim_end_matches('=').to_owned() + "\0",
        signed.replacen('A', "-", 1),
        format!("data:text/xml;base64,{signed}"),
        String::new() + "%50" + &signed,
    ] {
        assert_eq!(
            provider.verify(&bad, &challenge(), now()).unwrap_err(),
            Error::NotBase64
        );
    }
}

#[test]
fn a_response_answers_one_login_only() {
    let signed = encode(&sign(&template(Level::Assertion), Level::Assertion, "rsa"));
    let provider = service_provider(&["rsa"]);
    let other = provider.challenge(&SystemRandom);
    assert_eq!(
        provider.verify(&signed, &other, now()).unwrap_err(),
        Error::InResponseTo
    );
    let oidc = Challenge::Oidc {
        nonce: String::new(),
        pkce_verifier: String::new(),
    };
    assert_eq!(
        provider.verify(&signed, &oidc, now()).unwrap_err(),
        Error::Challenge
    );
    assert_eq!(
        provider
            .depart(&oidc, "", now(), &Demand::default())
            .unwrap_err(),
        Error::Challenge
    );
}

#[test]
fn a_challenge_is_an_xml_id_of_128_random_bits() {
    let provider = service_provider(&["rsa"]);
    let id = || match provider.challenge(&SystemRandom) {
        Challenge::Saml { request_id } => request_id,
        Challenge::Oidc { .. } => panic!("a SAML challenge"),
    };
    let (one, other) = (id(), id());
    assert_ne!(one, other);
    let digits = one.strip_prefix('_').unwrap();
    assert!(digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit()));
    let url = provider
        .depart(&challenge(), "x", now(), &Demand::default())
        .unwrap();
    assert!(
        url.as_str()
            .starts_with("https://idp.example.com/sso?tenant=1&SAMLRequest=")
    );
}

#[test]
fn a_response_addressed_to_aws_comes_with_its_proof() {
    let aws = "https://aws.amazon.com/SAML/Attributes";
    let attributes = format!(
        "<saml:AttributeStatement><saml:Attribute Name=\"{aws}/Role\"><saml:AttributeValue>arn:aws:iam::111122223333:role/Dev,arn:aws:iam::111122223333:saml-provider/corp</saml:AttributeValue></saml:Attribute><saml:Attribute Name=\"{aws}/RoleSessionName\"><saml:AttributeValue>alice</saml:AttributeValue></saml:Attribute>"
    );
    let xml = edit(
        &template(Level::Assertion),
        "<saml:AttributeStatement>",
        &attributes,
    );
    let xml = edit(
        &xml,
        &format!("<saml:Audience>{ENTITY_ID}"),
        "<saml:Audience>urn:amazon:webservices",
    );
    let signed = sign(&xml, Level::Assertion, "rsa");
    let mut verified = verify(&signed).unwrap();
    let Some(ForwardedProof::Saml(proof)) = verified.take_proof() else {
        panic!("a proof");
    };
    assert_eq!(proof.response.expose_secret(), encode(&signed));
    assert_eq!(proof.role_session_name.as_deref(), Some("alice"));
    assert_eq!(proof.roles.len(), 1);
    assert!(verified.take_proof().is_none());
}

#[test]
fn metadata_that_expires_later_stops_later_logins() {
    let mut saml = config(&["rsa"]);
    saml.metadata = edit(
        &saml.metadata,
        " entityID=",
        " validUntil=\"2026-06-15T12:00:01Z\" entityID=",
    );
    let provider =
        ServiceProvider::new(&identity_provider(saml), &Partitions::default(), now()).unwrap();
    let signed = encode(&sign(&template(Level::Assertion), Level::Assertion, "rsa"));
    assert!(provider.verify(&signed, &challenge(), now()).is_ok());
    let later = at("2026-06-15T12:00:01Z");
    assert_eq!(
        provider.verify(&signed, &challenge(), later).unwrap_err(),
        Error::MetadataExpired
    );
}

#[test]
fn nothing_of_the_message_stands_in_errors_or_debug_output() {
    let provider = service_provider(&["rsa"]);
    let refused = edit(&response("", ""), "status:Success", "status:planted-secret");
    let error = provider
        .verify(&encode(&refused), &challenge(), now())
        .unwrap_err();
    assert_eq!(error.to_string(), "the identity provider refused: unknown");
    assert_eq!(error.code(), "saml.idp_refused");
    assert!(!format!("{provider:?}").contains("MII"));
}
