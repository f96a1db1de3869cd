//! What honest providers sign, in all its forms.

use super::*;

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
