//! Each rule against bytes that break it. No signatures here: these bytes count as signed.

mod person;

use super::*;
use crate::idp::saml::metadata::Provider;
use crate::idp::saml::screen::Holder;
use crate::idp::saml::testing::{
    ACS, ENTITY_ID, ISSUER, REQUEST_ID, assertion, at, certificate, config, edit, key_descriptor,
    metadata, now, response,
};

fn judged(bytes: String, holder: Holder) -> Result<Verified, Error> {
    let idp = IdpId::parse("corp").unwrap();
    let config = config(&["rsa"]);
    let provider =
        Provider::read(&metadata(&key_descriptor(None, &certificate("rsa"))), now()).unwrap();
    let expected = Expected {
        idp: &idp,
        config: &config,
        provider: &provider,
        partitions: &Partitions::default(),
        request_id: REQUEST_ID,
        now: now(),
    };
    judge(&Signed { holder, bytes }, String::new(), &expected)
}

/// The honest assertion with one edit.
fn edited(from: &str, to: &str) -> Result<Verified, Error> {
    judged(edit(&assertion(""), from, to), Holder::Assertion)
}

/// The honest response, signed as a whole, with one edit.
fn edited_response(from: &str, to: &str) -> Result<Verified, Error> {
    judged(
        edit(&response("", &assertion("")), from, to),
        Holder::Response,
    )
}

fn refused(from: &str, to: &str) -> Error {
    edited(from, to).expect_err(to)
}

#[test]
fn the_honest_assertion_is_accepted_as_it_is() {
    assert!(judged(assertion(""), Holder::Assertion).is_ok());
    assert!(judged(response("", &assertion("")), Holder::Response).is_ok());
}

#[test]
fn version_and_issuer_are_compared_exactly() {
    assert_eq!(
        refused("Version=\"2.0\"", "Version=\"1.1\""),
        Error::Version
    );
    assert_eq!(refused(" Version=\"2.0\"", ""), Error::Version);
    let issuer = format!("<saml:Issuer>{ISSUER}</saml:Issuer>");
    for other in [
        String::new(),
        "<saml:Issuer/>".to_owned(),
        format!("<saml:Issuer> {ISSUER}</saml:Issuer>"),
        format!("<saml:Issuer>{ISSUER}\n</saml:Issuer>"),
        format!("<saml:Issuer>{ISSUER}/</saml:Issuer>"),
        format!("<saml:Issuer>{}</saml:Issuer>", ISSUER.to_uppercase()),
        "<saml:Issuer>https://other.example.com/metadata</saml:Issuer>".to_owned(),
    ] {
        assert_eq!(refused(&issuer, &other), Error::Issuer, "{other}");
    }
}

#[test]
fn every_audience_restriction_has_to_name_us() {
    let ours = format!("<saml:Audience>{ENTITY_ID}</saml:Audience>");
    for other in [
        String::new(),
        "<saml:Audience/>".to_owned(),
        format!("<saml:Audience>{ENTITY_ID}/</saml:Audience>"),
        format!("<saml:Audience>{ENTITY_ID} </saml:Audience>"),
        format!(
            "<saml:Audience>{}</saml:Audience>",
            &ENTITY_ID[..ENTITY_ID.len() - 1]
        ),
        format!("<saml:Audience>{ENTITY_ID}?x</saml:Audience>"),
        "<saml:Audience>https://console.example.com/saml/other/metadata</saml:Audience>".to_owned(),
        format!(
            "{ours}</saml:AudienceRestriction><saml:AudienceRestriction><saml:Audience>urn:other</saml:Audience>"
        ),
    ] {
        assert!(
            matches!(refused(&ours, &other), Error::Audience(_)),
            "{other}"
        );
    }
    let restriction = format!("<saml:AudienceRestriction>{ours}</saml:AudienceRestriction>");
    assert!(matches!(refused(&restriction, ""), Error::Audience(_)));
    let proxied = format!("<saml:ProxyRestriction>{ours}</saml:ProxyRestriction>");
    assert!(matches!(
        refused(&restriction, &proxied),
        Error::Audience(_)
    ));
    let several = format!("<saml:Audience>urn:other</saml:Audience>{ours}");
    assert!(edited(&ours, &several).is_ok());
}

#[test]
fn without_conditions_there_is_no_entry() {
    let honest = assertion("");
    let (start, end) = (
        honest.find("<saml:Conditions").unwrap(),
        honest.find("<saml:AuthnStatement").unwrap(),
    );
    assert_eq!(refused(&honest[start..end], ""), Error::NoConditions);
}

#[test]
fn conditions_hold_from_their_beginning_until_their_end() {
    let begins = |time: &str| {
        edited(
            "NotBefore=\"2026-06-15T11:59:28Z\"",
            &format!("NotBefore=\"{time}\""),
        )
    };
    assert!(begins("2026-06-15T12:01:00Z").is_ok());
    assert_eq!(
        begins("2026-06-15T12:01:01Z").unwrap_err(),
        Error::NotYetValid
    );
    let ends = |time: &str| {
        edited(
            "Z\" NotOnOrAfter=\"2026-06-15T12:04:58Z\"",
            &format!("Z\" NotOnOrAfter=\"{time}\""),
        )
    };
    assert!(ends("2026-06-15T11:59:01Z").is_err()); // before it begins
    assert!(ends("2026-06-15T11:59:29Z").is_ok());
    assert_eq!(
        ends("2126-06-15T12:00:00Z").unwrap_err(),
        Error::Instant("NotOnOrAfter")
    );
    let over = "NotBefore=\"2026-06-15T11:50:00Z\" NotOnOrAfter=\"2026-06-15T11:59:00Z\"";
    let honest = "NotBefore=\"2026-06-15T11:59:28Z\" NotOnOrAfter=\"2026-06-15T12:04:58Z\"";
    assert_eq!(refused(honest, over), Error::Expired);
    assert!(edited(honest, "").is_ok());
}

#[test]
fn every_time_has_to_be_a_time() {
    let honest = assertion("");
    for name in [
        "IssueInstant",
        "NotBefore",
        "NotOnOrAfter",
        "AuthnInstant",
        "SessionNotOnOrAfter",
    ] {
        let start = honest.find(&format!(" {name}=\"")).unwrap() + name.len() + 3;
        let end = start + honest[start..].find('"').unwrap();
        for bad in [
            "",
            "soon",
            "2026-06-15T12:00:00",
            "2026-02-30T12:00:00Z",
            "999999999-01-01T00:00:00Z",
        ] {
            let text = format!("{}{bad}{}", &honest[..start], &honest[end..]);
            assert!(
                matches!(judged(text, Holder::Assertion), Err(Error::Instant(_))),
                "{name}={bad}"
            );
        }
    }
}

#[test]
fn an_assertion_is_young_and_not_of_the_future() {
    let issued = |time: &str| {
        edited(
            "IssueInstant=\"2026-06-15T11:59:58Z\"",
            &format!("IssueInstant=\"{time}\""),
        )
    };
    assert!(issued("2026-06-15T12:01:00Z").is_ok());
    assert_eq!(
        issued("2026-06-15T12:01:00.000000001Z").unwrap_err(),
        Error::FromTheFuture
    );
    assert_eq!(
        issued("2026-06-16T12:00:00Z").unwrap_err(),
        Error::FromTheFuture
    );
    assert!(issued("2026-06-15T11:54:01Z").is_ok());
    assert_eq!(issued("2026-06-15T11:54:00Z").unwrap_err(), Error::TooOld);
    assert_eq!(
        refused(" IssueInstant=\"2026-06-15T11:59:58Z\"", ""),
        Error::Instant("IssueInstant")
    );
}

#[test]
fn one_bearer_confirmation_names_our_address_our_request_and_an_end() {
    let recipient = format!("Recipient=\"{ACS}\"");
    for other in [
        String::new(),
        "Recipient=\"\"".to_owned(),
        format!("Recipient=\"{ACS}.evil.example\""),
        format!("Recipient=\"{ACS}?x=y\""),
        format!("Recipient=\"{}\"", ACS.to_uppercase()),
        "Recipient=\"https://console.example.com/saml/corp\"".to_owned(),
    ] {
        assert_eq!(refused(&recipient, &other), Error::Recipient, "{other}");
    }
    let request = format!("InResponseTo=\"{REQUEST_ID}\"");
    for other in [
        "",
        "InResponseTo=\"\"",
        "InResponseTo=\"_ffffffffffffffffffffffffffffffff\"",
    ] {
        assert_eq!(refused(&request, other), Error::InResponseTo, "{other}");
    }
    let end = " NotOnOrAfter=\"2026-06-15T12:04:58Z\" Recipient";
    assert!(matches!(refused(end, " Recipient"), Error::Confirmation(_)));
    assert_eq!(
        refused(end, " NotOnOrAfter=\"2026-06-15T11:59:00Z\" Recipient"),
        Error::Expired
    );
    assert_eq!(
        refused(end, " NotOnOrAfter=\"2126-06-15T11:59:00Z\" Recipient"),
        Error::Instant("NotOnOrAfter")
    );
    let ahead =
        " NotBefore=\"2026-06-15T12:02:00Z\" NotOnOrAfter=\"2026-06-15T12:04:58Z\" Recipient";
    assert_eq!(refused(end, ahead), Error::NotYetValid);
}

#[test]
fn a_confirmation_of_another_kind_confirms_nothing() {
    assert!(matches!(
        refused("cm:bearer", "cm:holder-of-key"),
        Error::Confirmation(_)
    ));
    assert!(matches!(
        refused(" Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"", ""),
        Error::Confirmation(_)
    ));
    let honest = assertion("");
    let start = honest.find("<saml:SubjectConfirmation ").unwrap();
    let end = honest.find("</saml:Subject>").unwrap();
    let one = &honest[start..end];
    assert!(matches!(refused(one, ""), Error::Confirmation(_)));
    assert!(matches!(
        refused(one, &format!("{one}{one}")),
        Error::Confirmation(_)
    ));
    let beside = format!(
        "<saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:sender-vouches\"/>{one}"
    );
    assert!(edited(one, &beside).is_ok());
    let bare = "<saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"/>";
    assert!(matches!(refused(one, bare), Error::Confirmation(_)));
}

#[test]
fn the_person_authenticated_and_the_session_there_still_lives() {
    let honest = assertion("");
    let (start, end) = (
        honest.find("<saml:AuthnStatement").unwrap(),
        honest.find("<saml:AttributeStatement").unwrap(),
    );
    let statement = &honest[start..end];
    assert_eq!(refused(statement, ""), Error::NoAuthentication);
    let session = "SessionNotOnOrAfter=\"2026-06-15T20:00:00Z\"";
    assert_eq!(
        refused(session, "SessionNotOnOrAfter=\"2026-06-15T11:59:00Z\""),
        Error::SessionOver
    );
    assert_eq!(
        refused(session, "SessionNotOnOrAfter=\"2126-06-15T11:59:00Z\""),
        Error::Instant("SessionNotOnOrAfter")
    );
    let without = edited(session, "").unwrap();
    assert_eq!(without.identity().authentication.session_ends, None);
    let instant = "AuthnInstant=\"2026-06-15T11:59:50Z\"";
    assert_eq!(
        refused(instant, "AuthnInstant=\"2026-06-15T12:30:00Z\""),
        Error::FromTheFuture
    );
    assert_eq!(refused(instant, ""), Error::Instant("AuthnInstant"));
    let older = edit(
        &edit(statement, "11:59:50Z", "09:00:00Z"),
        "20:00:00Z",
        "13:00:00Z",
    );
    let two = edited(statement, &format!("{statement}{older}")).unwrap();
    assert_eq!(
        two.identity().authentication.at,
        Some(at("2026-06-15T09:00:00Z"))
    );
    assert_eq!(
        two.identity().authentication.session_ends,
        Some(at("2026-06-15T13:00:00Z"))
    );
}

#[test]
fn what_a_signed_response_says_of_itself_is_checked_too() {
    let destination = format!(" Destination=\"{ACS}\"");
    assert_eq!(
        edited_response(&destination, "").unwrap_err(),
        Error::Destination
    );
    assert_eq!(
        edited_response(
            &destination,
            " Destination=\"https://other.example.com/acs\""
        )
        .unwrap_err(),
        Error::Destination
    );
    assert_eq!(
        edited_response("Version=\"2.0\"", "Version=\"1.1\"").unwrap_err(),
        Error::Version
    );
    assert_eq!(
        edited_response("11:59:58Z", "11:50:00Z").unwrap_err(),
        Error::TooOld
    );
    assert_eq!(
        edited_response(
            &format!(" InResponseTo=\"{REQUEST_ID}\""),
            " InResponseTo=\"_x\""
        )
        .unwrap_err(),
        Error::InResponseTo
    );
    assert_eq!(
        edited_response(ISSUER, "https://other.example.com").unwrap_err(),
        Error::Issuer
    );
    assert!(matches!(
        edited_response("status:Success", "status:Responder"),
        Err(Error::IdpRefused(_))
    ));
    assert!(edited_response(&format!("<saml:Issuer>{ISSUER}</saml:Issuer>"), "").is_ok());
    assert!(edited_response(&format!(" InResponseTo=\"{REQUEST_ID}\""), "").is_ok());
}

#[test]
fn the_envelope_can_refuse_and_nothing_else() {
    let idp = IdpId::parse("corp").unwrap();
    let config = config(&["rsa"]);
    let provider =
        Provider::read(&metadata(&key_descriptor(None, &certificate("rsa"))), now()).unwrap();
    let expected = Expected {
        idp: &idp,
        config: &config,
        provider: &provider,
        partitions: &Partitions::default(),
        request_id: REQUEST_ID,
        now: now(),
    };
    let mut envelope = Envelope {
        version: Some("2.0".to_owned()),
        ..Envelope::default()
    };
    envelope
        .status
        .push("urn:oasis:names:tc:SAML:2.0:status:Success");
    assert_eq!(check_envelope(&envelope, &expected), Ok(()));
    envelope.destination = Some(format!("{ACS}/"));
    assert_eq!(
        check_envelope(&envelope, &expected),
        Err(Error::Destination)
    );
    envelope.destination = None;
    envelope.in_response_to = Some(String::new());
    assert_eq!(
        check_envelope(&envelope, &expected),
        Err(Error::InResponseTo)
    );
}

#[test]
fn signed_bytes_without_assertion_prove_nothing() {
    let empty = response("", "");
    assert!(matches!(
        judged(empty, Holder::Response),
        Err(Error::Structure(_))
    ));
}
