//! Who the signed bytes say it is.

use super::*;

const EMAIL_FORMAT: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";

#[test]
fn a_name_is_kept_byte_for_byte_or_refused() {
    let name = "alice@example.com";
    for bad in [
        "",
        " ",
        "\n",
        "\u{a0}",
        " alice@example.com",
        "alice@example.com\n",
        "alice\nadmin",
        "a&#13;b",
        "a&#9;b",
        &"x".repeat(1025),
    ] {
        assert!(matches!(refused(name, bad), Error::NameId(_)), "{bad:?}");
    }
    for other in [
        "Alice@example.com",
        "alice\u{200b}@example.com",
        "\u{202e}alice",
        "ａlice@example.com",
        "alicé",
        "alice\u{301}",
        "a&amp;b",
        "*",
        &"x".repeat(1024),
    ] {
        let verified = edited(name, other).unwrap();
        assert_eq!(
            verified.identity().subject.value,
            other.replace("&amp;", "&"),
            "{other}"
        );
    }
    let element = format!("<saml:NameID Format=\"{EMAIL_FORMAT}\">{name}</saml:NameID>");
    assert!(matches!(refused(&element, ""), Error::NameId(_)));
    assert!(matches!(
        refused(&element, &format!("{element}{element}")),
        Error::Structure(_)
    ));
    let plain = edited(&format!(" Format=\"{EMAIL_FORMAT}\""), "").unwrap();
    assert_eq!(plain.identity().subject.format, "");
    assert_eq!(plain.identity().verified_email, None);
}

#[test]
fn only_an_address_counts_as_an_e_mail_address() {
    for bad in [
        "alice",
        "@example.com",
        "alice@localhost",
        "a@b@example.com",
        "alice smith@example.com",
    ] {
        assert_eq!(
            edited("alice@example.com", bad)
                .unwrap()
                .identity()
                .verified_email,
            None,
            "{bad}"
        );
    }
}

#[test]
fn attributes_go_by_their_exact_name_alone() {
    let verified = judged(assertion(""), Holder::Assertion).unwrap();
    let identity = verified.identity();
    // `displayName` has the FriendlyName `groups`
    assert_eq!(identity.values("groups"), ["engineers", "R&D  team"]);
    assert_eq!(identity.values("Groups"), [""; 0]);
    let twice = "</saml:Attribute><saml:Attribute Name=\"groups\" NameFormat=\"urn:x\"><saml:AttributeValue>admins</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>";
    assert!(matches!(
        refused("</saml:Attribute></saml:AttributeStatement>", twice),
        Error::Attributes(_)
    ));
    let apart = "</saml:Attribute></saml:AttributeStatement><saml:AttributeStatement><saml:Attribute Name=\"groups\"/></saml:AttributeStatement>";
    assert!(matches!(
        refused("</saml:Attribute></saml:AttributeStatement>", apart),
        Error::Attributes(_)
    ));
    assert!(matches!(
        refused(" Name=\"groups\"", " Name=\"\""),
        Error::Attributes(_)
    ));
    assert!(matches!(
        refused(" Name=\"groups\"", ""),
        Error::Attributes(_)
    ));
}

#[test]
fn values_are_neither_trimmed_nor_split_nor_taken_from_elements() {
    let value = |content: &str| {
        let verified = edited(">engineers<", content).unwrap();
        verified.identity().values("groups").to_vec()
    };
    assert_eq!(value("> a, b;c\n<")[0], " a, b;c\n");
    assert_eq!(value("><")[0], "");
    assert_eq!(value(">*<")[0], "*");
    assert_eq!(value("><saml:NameID>admins</saml:NameID><"), ["R&D  team"]);
    let nil = edited("xsi:type=\"xs:string\">engineers<", "xsi:nil=\"true\"><").unwrap();
    assert_eq!(nil.identity().values("groups"), ["R&D  team"]);
    let nested = edited(">engineers<", "><x xmlns=\"urn:x\">admins</x><");
    assert!(matches!(nested, Err(Error::Structure(_))));
}

#[test]
fn the_display_name_is_made_harmless() {
    let named = edited("Alice Example", "\u{202e}Mallory\u{2066}\n").unwrap();
    assert_eq!(named.identity().display_name, "Mallory");
    let unnamed = edited("Alice Example", " ").unwrap();
    assert_eq!(unnamed.identity().display_name, "alice@example.com");
    let long = edited("Alice Example", &"é".repeat(500)).unwrap();
    assert_eq!(long.identity().display_name.chars().count(), 128);
}
