//! Honest shapes that both verifiers read alike, and signatures that neither may accept.

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

/// Signs `xml` at each level with `rsa` and expects alice.
fn honest_shape(name: &str, reshape: impl Fn(&str) -> String) {
    for level in [Level::Assertion, Level::Response, Level::Both] {
        let signed = sign(&reshape(&template(level)), level, "rsa");
        alice(&signed, &["rsa"]).unwrap_or_else(|error| panic!("{name}, {level:?}: {error}"));
    }
}

fn with_prefix_list(xml: &str, list: &str) -> String {
    let plain = "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>";
    let parameter = format!(
        "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"><ec:InclusiveNamespaces xmlns:ec=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"{list}\"/></ds:Transform>"
    );
    xml.replace(plain, &parameter)
}

#[test]
fn layout_prefixes_and_references_do_not_matter() {
    honest_shape("as it is", str::to_owned);
    honest_shape("pretty-printed", |xml| xml.replace("><", ">\n  <"));
    honest_shape("with carriage returns", |xml| xml.replace("><", ">\r\n\t<"));
    honest_shape("other prefixes", |xml| {
        xml.replace("saml:", "a:")
            .replace(":saml=", ":a=")
            .replace("samlp:", "p:")
            .replace(":samlp=", ":p=")
    });
    honest_shape("single quotes", |xml| xml.replace('"', "'"));
    honest_shape("a declaration", |xml| {
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{xml}\n")
    });
    honest_shape("references", |xml| {
        edit(
            xml,
            "Alice Example",
            "&#65;lice &lt;&#x26;&gt; &quot;&#xE9;&quot;&#13;",
        )
    });
    honest_shape("unicode", |xml| {
        edit(xml, "Alice Example", "Ålice 名前 \u{1f600} \u{2028}\u{a0}")
    });
}

#[test]
fn a_default_namespace_reads_the_same() {
    honest_shape("default in the assertion", |xml| {
        let (before, rest) = xml.split_once("<saml:Assertion").unwrap();
        let inner = format!("<saml:Assertion{rest}")
            .replace("saml:", "")
            .replace("xmlns:saml=", "xmlns=");
        let inner = inner.replace("</Response>", "</samlp:Response>");
        format!("{before}{}", inner.replace("</p:", "</samlp:"))
    });
    honest_shape("default in the signature", |xml| {
        xml.replace("ds:", "").replace("xmlns:ds=", "xmlns=")
    });
}

#[test]
fn prefix_lists_are_honoured() {
    for list in [
        "xs",
        "xs xsi",
        "#default samlp",
        "saml samlp ds",
        "nowhere",
        "",
    ] {
        honest_shape(list, |xml| {
            let xml = edit(
                xml,
                " ID=\"_r\"",
                " xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns:unused=\"urn:unused\" ID=\"_r\"",
            );
            with_prefix_list(&xml, list)
        });
    }
}

#[test]
fn the_stronger_digests_and_elliptic_curves_verify() {
    for (method, digest, key) in [
        (
            "rsa-sha512",
            "http://www.w3.org/2001/04/xmlenc#sha512",
            "rsa",
        ),
        (
            "rsa-sha384",
            "http://www.w3.org/2001/04/xmldsig-more#sha384",
            "rsa",
        ),
        (
            "rsa-sha512",
            "http://www.w3.org/2001/04/xmlenc#sha256",
            "rsa",
        ),
        (
            "ecdsa-sha256",
            "http://www.w3.org/2001/04/xmlenc#sha256",
            "ec",
        ),
        (
            "ecdsa-sha384",
            "http://www.w3.org/2001/04/xmldsig-more#sha384",
            "ec-384",
        ),
        (
            "ecdsa-sha512",
            "http://www.w3.org/2001/04/xmlenc#sha512",
            "ec-384",
        ),
    ] {
        for level in [Level::Assertion, Level::Both] {
            let xml = template(level)
                .replace("rsa-sha256", method)
                .replace("http://www.w3.org/2001/04/xmlenc#sha256", digest);
            let signed = sign(&xml, level, key);
            alice(&signed, &[key]).unwrap_or_else(|error| panic!("{method} {digest}: {error}"));
        }
    }
}

#[test]
fn hundreds_of_groups_verify() {
    honest_shape("500 groups", |xml| {
        let values: String = (0..500)
            .map(|n| format!("<saml:AttributeValue xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"xs:string\">group-{n}</saml:AttributeValue>"))
            .collect();
        let attribute = format!(
            "<saml:AttributeStatement><saml:Attribute Name=\"more\">{values}</saml:Attribute>"
        );
        edit(xml, "<saml:AttributeStatement>", &attribute)
    });
}

#[test]
fn either_key_of_a_rollover_verifies_whatever_its_kind() {
    let rsa = sign(&template(Level::Both), Level::Both, "rsa");
    let next = sign(&template(Level::Assertion), Level::Assertion, "rsa-next");
    let ec = sign(
        &template(Level::Assertion).replace("rsa-sha256", "ecdsa-sha256"),
        Level::Assertion,
        "ec",
    );
    for signed in [&rsa, &next, &ec] {
        assert_eq!(alice(signed, &["ec", "rsa-next", "rsa"]), Ok(()));
        assert_eq!(alice(signed, &["rsa", "rsa-next", "ec", "ec-384"]), Ok(()));
    }
}

#[test]
fn each_level_may_be_signed_by_another_of_the_keys() {
    let inner = sign(&template(Level::Both), Level::Assertion, "rsa");
    let both = sign(&inner, Level::Response, "rsa-next");
    assert_eq!(alice(&both, &["rsa", "rsa-next"]), Ok(()));
    assert!(matches!(
        alice(&both, &["rsa-next"]),
        Err(Error::Signature(_))
    ));
    assert!(matches!(alice(&both, &["rsa"]), Err(Error::Signature(_))));
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
        Err(Error::Signature(_))
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

#[test]
fn the_cost_grows_no_faster_than_the_number_of_values() {
    let provider = service_provider(&["rsa"]);
    let cost = |groups: usize| {
        let value = "<saml:AttributeValue>group-of-people</saml:AttributeValue>".repeat(groups);
        let xml = edit(
            &template(Level::Both),
            "<saml:AttributeStatement>",
            &format!(
                "<saml:AttributeStatement><saml:Attribute Name=\"more\">{value}</saml:Attribute>"
            ),
        );
        let signed = encode(&sign(&xml, Level::Both, "rsa"));
        let runs = (0..5).map(|_| {
            let start = std::time::Instant::now();
            provider.verify(&signed, &challenge(), now()).unwrap();
            start.elapsed()
        });
        runs.min().unwrap()
    };
    let (few, many) = (cost(500), cost(4_000));
    // eight times the values: far from the sixty-four times of quadratic growth, with room for a busy machine
    assert!(many < few * 40, "{few:?} and {many:?}");
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
