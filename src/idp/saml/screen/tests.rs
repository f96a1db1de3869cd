//! What the screen refuses before any cryptography, and by which name.

use super::*;
use crate::idp::saml::testing::{
    Level, assertion, edit, encode, response, sign, signature, template,
};

fn signed() -> String {
    use std::sync::LazyLock;
    static SIGNED: LazyLock<String> =
        LazyLock::new(|| sign(&template(Level::Assertion), Level::Assertion, "rsa"));
    SIGNED.clone()
}

fn screened(xml: &str) -> Result<Screened, Error> {
    screen(&encode(xml))
}

fn refused(from: &str, to: &str) -> Error {
    screened(&edit(&signed(), from, to))
        .map(|_| ())
        .expect_err(to)
}

#[test]
fn what_passes_comes_with_the_shape_of_its_signatures() {
    let screened = screened(&signed()).unwrap();
    let [signature] = &screened.signatures[..] else {
        panic!("one signature");
    };
    assert_eq!(
        (signature.holder, signature.id.as_str()),
        (Holder::Assertion, "_a")
    );
    assert_eq!(signature.digest, Digest::Sha256);
    assert!(signature.prefixes.is_empty());
    assert_eq!(
        screened.envelope.issuer.as_deref(),
        Some(crate::idp::saml::testing::ISSUER)
    );
}

#[test]
fn size_is_bounded_before_and_after_decoding() {
    let padded = |n: usize| screened(&(signed() + &" ".repeat(n - signed().len()))).map(|_| ());
    assert_eq!(padded(MAX_RESPONSE), Ok(()));
    assert_eq!(padded(MAX_RESPONSE + 1), Err(Error::TooLarge));
    assert!(matches!(
        screen(&"A".repeat(MAX_ENCODED + 1)),
        Err(Error::TooLarge)
    ));
}

#[test]
fn other_encodings_are_refused() {
    for bytes in [
        signed()
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<u8>>(),
        [
            b"\xff\xfe".to_vec(),
            signed().encode_utf16().flat_map(u16::to_le_bytes).collect(),
        ]
        .concat(),
        [b"\xef\xbb\xbf".to_vec(), signed().into_bytes()].concat(),
        signed().replace("alice", "al\u{0}ice").into_bytes(),
        [signed().into_bytes(), b"\xc0\xbc".to_vec()].concat(),
        [signed().into_bytes(), b"\xed\xa0\x80".to_vec()].concat(),
    ] {
        let error = screen(&STANDARD.encode(bytes)).map(|_| ()).unwrap_err();
        assert!(
            matches!(
                error,
                Error::Encoding(_) | Error::Forbidden(_) | Error::NotXml(_)
            ),
            "{error}"
        );
    }
    let declared = signed().replace(
        "<?xml version=\"1.0\"?>",
        "<?xml version=\"1.0\" encoding=\"UTF-7\"?>",
    );
    assert!(matches!(screened(&declared), Err(Error::Encoding(_))));
}

#[test]
fn a_refusal_by_the_provider_needs_no_signature_and_shows_only_its_codes() {
    let failed = "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Responder\"><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:AuthnFailed\"/></samlp:StatusCode><samlp:StatusMessage>&lt;script&gt;</samlp:StatusMessage><samlp:StatusDetail><Cause xmlns=\"urn:x\">planted</Cause></samlp:StatusDetail>";
    let success = "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/>";
    let bare = edit(&response("", ""), success, failed);
    let Err(Error::IdpRefused(status)) = screened(&bare) else {
        panic!("the provider refused");
    };
    assert_eq!(status.to_string(), "Responder / AuthnFailed");
    assert!(matches!(refused(success, failed), Error::IdpRefused(_)));
    assert!(matches!(
        refused(&format!("<samlp:Status>{success}</samlp:Status>"), ""),
        Error::Structure("no status")
    ));
    let nested = "<samlp:StatusCode Value=\"urn:x\"><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:StatusCode>";
    assert!(matches!(refused(success, nested), Error::IdpRefused(_)));
    assert!(matches!(
        refused(success, "<samlp:StatusCode/>"),
        Error::Structure(_)
    ));
}

#[test]
fn one_assertion_and_a_signature_are_needed() {
    assert!(matches!(
        screened(&response("", "")),
        Err(Error::Structure("no assertion"))
    ));
    assert!(matches!(
        screened(&response("", &assertion(""))),
        Err(Error::Unsigned)
    ));
    assert!(matches!(
        screened(&template(Level::Assertion)),
        Err(Error::Structure(_))
    ));
    let twice = response("", &(assertion(&signature("_a")) + &assertion("")));
    assert!(matches!(screened(&twice), Err(Error::Structure(_))));
}

#[test]
fn encryption_is_refused_by_its_own_name() {
    for (from, to) in [
        (
            "<saml:Assertion",
            "<saml:EncryptedAssertion/><saml:Assertion",
        ),
        ("<saml:Subject>", "<saml:Subject><saml:EncryptedID/>"),
        (
            "<saml:AttributeStatement>",
            "<saml:AttributeStatement><saml:EncryptedAttribute/>",
        ),
    ] {
        assert_eq!(refused(from, to), Error::Encrypted, "{to}");
    }
    let alone = response(
        "",
        "<saml:EncryptedAssertion><xenc:EncryptedData xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\"/></saml:EncryptedAssertion>",
    );
    assert!(matches!(screened(&alone), Err(Error::Encrypted)));
}

#[test]
fn the_reference_names_the_parent_and_nothing_else() {
    for uri in [
        "",
        " URI=\"\"",
        " URI=\"#\"",
        " URI=\"#_r\"",
        " URI=\"_a\"",
        " URI=\"# _a\"",
        " URI=\"#_a \"",
        " URI=\"#_A\"",
        " URI=\"#xpointer(/)\"",
        " URI=\"#xpointer(id('_a'))\"",
        " URI=\"http://127.0.0.1/#_a\"",
        " URI=\"file:///etc/passwd\"",
        " URI=\"cid:_a\"",
        " URI=\"#_a#_a\"",
    ] {
        assert!(
            matches!(refused(" URI=\"#_a\"", uri), Error::Structure(_)),
            "{uri}"
        );
    }
    let reference = |xml: &str| {
        let (start, end) = (
            xml.find("<ds:Reference").unwrap(),
            xml.find("</ds:SignedInfo>").unwrap(),
        );
        xml[start..end].to_owned()
    };
    let one = reference(&signed());
    assert!(matches!(refused(&one, ""), Error::Structure(_)));
    assert!(matches!(refused(&one, &one.repeat(2)), Error::Structure(_)));
    assert!(matches!(
        refused(&one, &one.repeat(500)),
        Error::Structure(_)
    ));
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn only_the_two_transforms_in_their_order_are_known() {
    let enveloped =
        "<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>";
    let exclusive = "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>";
    let both = format!("{enveloped}{exclusive}");
    for (other, name) in [
        (String::new(), "none"),
        (enveloped.to_owned(), "one"),
        (exclusive.to_owned(), "the other"),
        (format!("{exclusive}{enveloped}"), "turned round"),
        (format!("{both}{exclusive}"), "three"),
        (both.repeat(500), "a thousand"),
        (
            edit(&both, "xml-exc-c14n#", "xml-exc-c14n#WithComments"),
            "comments",
        ),
        (
            edit(
                &both,
                "http://www.w3.org/2001/10/xml-exc-c14n#",
                "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
            ),
            "inclusive",
        ),
        (
            format!(
                "{enveloped}<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"/>"
            ),
            "xslt",
        ),
        (
            format!(
                "{enveloped}<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"/>"
            ),
            "xpath",
        ),
        (
            format!(
                "{enveloped}<ds:Transform Algorithm=\"http://www.w3.org/2002/06/xmldsig-filter2\"/>"
            ),
            "xpath2",
        ),
        (
            format!(
                "{enveloped}<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#base64\"/>"
            ),
            "base64",
        ),
        (format!("{enveloped}<ds:Transform/>"), "nameless"),
    ] {
        assert!(
            matches!(refused(&both, &other), Error::Algorithm(_)),
            "{name}"
        );
    }
    let xslt = "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"><xsl:stylesheet xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\"/></ds:Transform>";
    assert!(screened(&edit(&signed(), exclusive, xslt)).is_err());
    let method = "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#";
    for other in ["WithComments", "x"] {
        assert!(matches!(
            refused(method, &format!("{method}{other}")),
            Error::Algorithm(_)
        ));
    }
}

#[test]
fn algorithms_outside_the_list_are_refused_and_sha1_by_name() {
    let method = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
    for (other, expected) in [
        ("http://www.w3.org/2000/09/xmldsig#rsa-sha1", Error::Sha1),
        (
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1",
            Error::Sha1,
        ),
        ("http://www.w3.org/2000/09/xmldsig#dsa-sha1", Error::Sha1),
        (
            "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
            Error::Algorithm("the signature method"),
        ),
        (
            "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
            Error::Algorithm("the signature method"),
        ),
        (
            "http://www.w3.org/2001/04/xmldsig-more#rsa-md5",
            Error::Algorithm("the signature method"),
        ),
        (
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha224",
            Error::Algorithm("the signature method"),
        ),
        (
            "http://www.w3.org/2007/05/xmldsig-more#rsa-pss",
            Error::Algorithm("the signature method"),
        ),
        ("none", Error::Algorithm("the signature method")),
        ("", Error::Algorithm("the signature method")),
        (
            "HTTP://WWW.W3.ORG/2001/04/xmldsig-more#rsa-sha256",
            Error::Algorithm("the signature method"),
        ),
    ] {
        assert_eq!(refused(method, other), expected, "{other}");
    }
    let digest = "http://www.w3.org/2001/04/xmlenc#sha256";
    for (other, expected) in [
        ("http://www.w3.org/2000/09/xmldsig#sha1", Error::Sha1),
        (
            "http://www.w3.org/2001/04/xmldsig-more#md5",
            Error::Algorithm("the digest"),
        ),
        (
            "http://www.w3.org/2001/04/xmldsig-more#sha224",
            Error::Algorithm("the digest"),
        ),
        ("", Error::Algorithm("the digest")),
    ] {
        assert_eq!(refused(digest, other), expected, "{other}");
    }
}

#[test]
fn empty_and_malformed_values_are_refused() {
    let value = |name: &str| {
        let xml = signed();
        let start = xml.find(&format!("<ds:{name}>")).unwrap() + name.len() + 5;
        let end = start + xml[start..].find('<').unwrap();
        xml[start..end].to_owned()
    };
    for name in ["DigestValue", "SignatureValue"] {
        for other in ["", "!", "AAAA=", "\u{e9}"] {
            assert!(
                matches!(refused(&value(name), other), Error::Structure(_)),
                "{name} {other}"
            );
        }
    }
    assert!(matches!(
        refused(&value("DigestValue"), "AAAA"),
        Error::Structure(_)
    ));
    let split = value("DigestValue").replacen('=', "<!-- x -->=", 1);
    assert!(matches!(
        refused(&value("DigestValue"), &split),
        Error::Forbidden("a comment")
    ));
}

#[test]
fn ids_are_names_and_unique_whatever_their_attribute_is_called() {
    for (from, to) in [
        ("ID=\"_r\"", "ID=\"_a\""),
        ("<ds:Signature ", "<ds:Signature Id=\"_a\" "),
        ("<ds:SignatureValue>", "<ds:SignatureValue Id=\"_r\">"),
        ("<ds:KeyInfo>", "<ds:KeyInfo Id=\"_a\">"),
        ("ID=\"_r\"", "ID=\"a'b\""),
        ("ID=\"_r\"", "ID=\"a b\""),
        ("ID=\"_r\"", "ID=\"1\""),
        ("ID=\"_r\"", "ID=\"\""),
        ("ID=\"_r\"", ""),
        ("ID=\"_r\"", "id=\"_r\""),
        ("ID=\"_r\"", "ID=\"_r\" xml:id=\"_a\""),
        ("<saml:Subject>", "<saml:Subject ID=\"_a\">"),
        ("<saml:Subject>", "<saml:Subject Id=\"_x\">"),
    ] {
        assert!(matches!(refused(from, to), Error::Structure(_)), "{to}");
    }
}

#[test]
fn prefix_lists_are_lists_of_prefixes() {
    let with = |list: &str| {
        let exclusive = "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>";
        let parameter = format!(
            "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"><ec:InclusiveNamespaces xmlns:ec=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"{list}\"/></ds:Transform>"
        );
        screened(&edit(&signed(), exclusive, &parameter))
    };
    assert_eq!(
        with("xs  saml #default").unwrap().signatures[0].prefixes,
        ["xs", "saml", "#default"]
    );
    for bad in ["a:b", "&#x20;é", "#all", "1", &"a ".repeat(33)] {
        assert!(with(bad).is_err(), "{bad}");
    }
}

#[test]
fn values_and_keys_are_counted() {
    let value = "<saml:AttributeValue>engineers</saml:AttributeValue>";
    let many = |n: usize| {
        let from = "<saml:AttributeValue>R&amp;D";
        screened(&edit(&signed(), from, &(value.repeat(n) + from))).map(|_| ())
    };
    assert_eq!(many(MAX_VALUES - 3), Ok(()));
    assert_eq!(
        many(MAX_VALUES - 2),
        Err(Error::Attributes("too many values"))
    );
    let name = "<ds:KeyName>k</ds:KeyName>";
    assert!(matches!(
        refused("<ds:X509Data>", &(name.repeat(200) + "<ds:X509Data>")),
        Error::Structure(_)
    ));
}
