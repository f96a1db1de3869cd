//! Honest shapes that both verifiers read alike, and signatures that neither may accept.

mod honest;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::idp::saml::metadata::Provider;
use crate::idp::saml::screen::screen;
use crate::idp::saml::testing::*;
use crate::idp::saml::{Error, ServiceProvider};

fn alice(xml: &str, keys: &[&str]) -> Result<(), Error> {
    let provider: ServiceProvider = service_provider(keys);
    let verified = provider.verify(&encode(xml), &challenge(), now())?;
    assert_eq!(verified.identity().subject.value, "alice@example.com");
    Ok(())
}

#[test]
fn a_key_that_the_configuration_does_not_name_proves_nothing() {
    for level in [Level::Assertion, Level::Response, Level::Both] {
        let signed = sign(&template(level), level, "stranger");
        assert!(signed.contains("X509Certificate"));
        assert!(
            matches!(alice(&signed, &["rsa"]), Err(Error::Signature(_))),
            "{level:?}"
        );
        assert!(
            matches!(alice(&signed, &["ec"]), Err(Error::Signature(_))),
            "{level:?}"
        );
        let shown = edit(&signed, &certificate_lines("stranger"), &certificate("rsa"));
        assert!(
            matches!(alice(&shown, &["rsa"]), Err(Error::Signature(_))),
            "{level:?}"
        );
    }
}

/// A certificate as xmlsec1 lays it out.
fn certificate_lines(name: &str) -> String {
    let pem = std::fs::read_to_string(fixture(&format!("{name}.crt.pem"))).unwrap();
    pem.lines()
        .filter(|line| !line.starts_with('-'))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn any_change_after_signing_is_noticed() {
    for level in [Level::Assertion, Level::Response, Level::Both] {
        let signed = sign(&template(level), level, "rsa");
        for (from, to) in [
            ("alice@example.com", "admin@example.com"),
            (">engineers<", ">admins<"),
            ("12:04:58Z", "12:04:59Z"),
            ("</saml:AttributeStatement>", "\n</saml:AttributeStatement>"),
            ("R&amp;D", "R&amp;E"),
            (" Name=\"groups\"", " Name=\"Groups\""),
        ] {
            let changed = edit(&signed, from, to);
            assert!(
                matches!(alice(&changed, &["rsa"]), Err(Error::Signature(_))),
                "{level:?} {to}"
            );
        }
    }
}

#[test]
fn every_signature_has_to_verify() {
    let honest = sign(&template(Level::Both), Level::Both, "rsa");
    let breaks = |nth: usize| {
        let start = honest
            .match_indices("<ds:SignatureValue>")
            .nth(nth)
            .unwrap()
            .0
            + 19;
        let mut bytes = honest.clone().into_bytes();
        bytes[start] = if bytes[start] == b'A' { b'B' } else { b'A' };
        String::from_utf8(bytes).unwrap()
    };
    for nth in [0, 1] {
        assert!(
            matches!(alice(&breaks(nth), &["rsa"]), Err(Error::Signature(_))),
            "{nth}"
        );
    }
    let inner_stranger = sign(
        &sign(&template(Level::Both), Level::Assertion, "stranger"),
        Level::Response,
        "rsa",
    );
    assert!(matches!(
        alice(&inner_stranger, &["rsa"]),
        Err(Error::Signature(_))
    ));
    let outer_stranger = sign(
        &sign(&template(Level::Both), Level::Assertion, "rsa"),
        Level::Response,
        "stranger",
    );
    assert!(matches!(
        alice(&outer_stranger, &["rsa"]),
        Err(Error::Signature(_))
    ));
}

#[test]
fn a_signature_moved_onto_another_assertion_proves_nothing() {
    let honest = sign(&template(Level::Assertion), Level::Assertion, "rsa");
    let (start, end) = (
        honest.find("<ds:Signature ").unwrap(),
        honest.find("</ds:Signature>").unwrap() + 15,
    );
    let evil = edit(
        &response("", &assertion(&honest[start..end])),
        "alice@",
        "admin@",
    );
    assert!(matches!(alice(&evil, &["rsa"]), Err(Error::Signature(_))));
    let renamed = edit(&honest, "ID=\"_a\"", "ID=\"_b\"");
    assert!(matches!(
        alice(&renamed, &["rsa"]),
        Err(Error::Structure(_))
    ));
}

#[test]
fn a_label_of_another_algorithm_does_not_fit() {
    let signed = sign(&template(Level::Assertion), Level::Assertion, "rsa");
    let relabelled = edit(&signed, "rsa-sha256", "rsa-sha512");
    assert!(matches!(
        alice(&relabelled, &["rsa"]),
        Err(Error::Signature(_))
    ));
    let curve = edit(&signed, "rsa-sha256", "ecdsa-sha256");
    assert!(matches!(
        alice(&curve, &["rsa", "ec"]),
        Err(Error::Structure(_))
    ));
}

#[test]
fn the_unsigned_envelope_proves_nothing_and_may_still_refuse() {
    let signed = sign(&template(Level::Assertion), Level::Assertion, "rsa");
    let elsewhere = edit(
        &signed,
        &format!("Destination=\"{ACS}\""),
        "Destination=\"https://other.example.com/\"",
    );
    assert_eq!(alice(&elsewhere, &["rsa"]), Err(Error::Destination));
    let failed = edit(&signed, "status:Success", "status:Responder");
    assert!(matches!(
        alice(&failed, &["rsa"]),
        Err(Error::IdpRefused(_))
    ));
    let padded = edit(
        &signed,
        &format!("<saml:Issuer>{ISSUER}"),
        "<saml:Issuer>https://other.example.com",
    );
    assert_eq!(alice(&padded, &["rsa"]), Err(Error::Issuer));
}

fn keys(name: &str) -> Vec<SigningKey> {
    let text = metadata(&key_descriptor(None, &certificate(name)));
    Provider::read(&text, now()).unwrap().keys
}

#[test]
fn the_second_verifier_is_really_asked() {
    let signed = sign(&template(Level::Both), Level::Both, "rsa");
    let screened = screen(&encode(&signed)).unwrap();
    let agreeing = Verifiers::new(&keys("rsa")).unwrap();
    assert!(agreeing.verify(&screened).is_ok());
    let disagreeing = Verifiers {
        first: first::Verifier::new(&keys("rsa")).unwrap(),
        second: second::Verifier::new(&keys("stranger")),
    };
    assert!(matches!(
        disagreeing.verify(&screened),
        Err(Error::SecondOpinion(_))
    ));
}

#[test]
fn the_second_verifier_has_an_allow_list_of_its_own() {
    let second = second::Verifier::new(&keys("rsa"));
    for weak in [
        template(Level::Assertion).replace(
            "2001/04/xmldsig-more#rsa-sha256",
            "2000/09/xmldsig#rsa-sha1",
        ),
        template(Level::Assertion).replace("2001/04/xmlenc#sha256", "2000/09/xmldsig#sha1"),
    ] {
        let signed = sign(&weak, Level::Assertion, "rsa");
        assert!(matches!(
            second.verify(&signed, &[0]),
            Err(Error::SecondOpinion(_))
        ));
    }
    let signed = sign(&template(Level::Assertion), Level::Assertion, "rsa");
    assert!(second.verify(&signed, &[0]).is_ok());
    assert!(second.verify(&signed, &[]).is_err());
}

#[test]
fn what_is_read_on_are_the_canonical_bytes_of_the_outermost_signed_element() {
    for (level, holder, start) in [
        (
            Level::Assertion,
            Holder::Assertion,
            "<saml:Assertion xmlns:saml=",
        ),
        (
            Level::Response,
            Holder::Response,
            "<samlp:Response xmlns:samlp=",
        ),
        (
            Level::Both,
            Holder::Response,
            "<samlp:Response xmlns:samlp=",
        ),
    ] {
        let screened = screen(&encode(&sign(&template(level), level, "rsa"))).unwrap();
        let signed = Verifiers::new(&keys("rsa"))
            .unwrap()
            .verify(&screened)
            .unwrap();
        assert_eq!(signed.holder, holder);
        assert!(signed.bytes.starts_with(start), "{level:?}");
        // the element's own signature is not part of what it signs
        let signatures = signed.bytes.matches("<ds:Signature ").count();
        assert_eq!(signatures, usize::from(level == Level::Both));
    }
}

#[test]
fn an_elliptic_signature_in_der_is_refused_before_anybody_is_asked() {
    let template = template(Level::Assertion).replace("rsa-sha256", "ecdsa-sha256");
    let signed = sign(&template, Level::Assertion, "ec");
    let start = signed.find("<ds:SignatureValue>").unwrap() + 19;
    let end = start + signed[start..].find('<').unwrap();
    let dense: String = signed[start..end].split_whitespace().collect();
    let numbers = STANDARD.decode(dense).unwrap();
    let integer = |number: &[u8]| [&[2, 33, 0][..], number].concat();
    let (r, s) = numbers.split_at(32);
    let der = [&[0x30, 70][..], &integer(r), &integer(s)].concat();
    let other = signed.replace(&signed[start..end], &STANDARD.encode(der));
    assert_eq!(alice(&signed, &["ec"]), Ok(()));
    assert!(matches!(alice(&other, &["ec"]), Err(Error::Structure(_))));
}
