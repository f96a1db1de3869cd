//! What a provider says of a person, as somebody pasted it: to ask what the rules would make of it.
//!
//! Nothing of it is believed, nobody is let in by it, and nothing of it is kept. It is read by the same strict walk as what
//! counts, so that what is shown is what would have been read.

use super::Error;
use super::response::{self, Said};
use super::xml::{Element, SAML};

/// The longest text.
const MOST_BYTES: usize = 256 * 1024;

/// The prefixes that a piece of an assertion may use although what declared them was not pasted along.
const USUAL: [(&str, &str); 6] = [
    ("", SAML),
    ("saml", SAML),
    ("saml2", SAML),
    ("a", SAML),
    ("xs", "http://www.w3.org/2001/XMLSchema"),
    ("xsi", "http://www.w3.org/2001/XMLSchema-instance"),
];

/// Reads a whole response, an assertion, a statement of attributes, or attributes alone.
pub fn read_pasted(text: &str) -> Result<Said, Error> {
    let text = text.trim();
    if text.len() > MOST_BYTES {
        return Err(Error::TooLarge);
    }
    let after_declaration = match text.strip_prefix("<?xml") {
        Some(rest) => rest.split_once("?>").map_or("", |(_, rest)| rest).trim(),
        None => text,
    };
    match local_name(after_declaration) {
        "Response" => response::said(text, Element::Response),
        "Assertion" => response::said(text, Element::Assertion),
        "AttributeStatement" => response::said(&wrapped(after_declaration), Element::Assertion),
        "Attribute" => {
            let statement = format!(
                "<of:AttributeStatement xmlns:of=\"{SAML}\">{after_declaration}</of:AttributeStatement>"
            );
            response::said(&wrapped(&statement), Element::Assertion)
        }
        _ => Err(Error::Structure(
            "it begins with none of Response, Assertion, AttributeStatement and Attribute",
        )),
    }
}

/// What the first tag is called, without its prefix.
fn local_name(text: &str) -> &str {
    let Some(tag) = text.strip_prefix('<') else {
        return "";
    };
    let end = tag.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'));
    let name = &tag[..end.unwrap_or(tag.len())];
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// A piece within an assertion that declares what the piece may use.
fn wrapped(piece: &str) -> String {
    let declared: String = USUAL
        .iter()
        .map(|(prefix, name)| match *prefix {
            "" => format!(" xmlns=\"{name}\""),
            prefix => format!(" xmlns:{prefix}=\"{name}\""),
        })
        .collect();
    format!("<whole:Assertion xmlns:whole=\"{SAML}\"{declared}>{piece}</whole:Assertion>")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ATTRIBUTES: &str = "<saml2:Attribute Name=\"groups\" NameFormat=\"urn:x\">\
        <saml2:AttributeValue xsi:type=\"xs:string\">eng</saml2:AttributeValue>\
        <saml2:AttributeValue> a &amp; b </saml2:AttributeValue></saml2:Attribute>\
        <saml2:Attribute Name=\"team\"><saml2:AttributeValue>red</saml2:AttributeValue></saml2:Attribute>";

    fn read(text: &str) -> Vec<(String, Vec<String>)> {
        let said = read_pasted(text).unwrap_or_else(|error| panic!("{error}: {text}"));
        said.attributes.into_iter().collect()
    }

    #[test]
    fn a_piece_is_read_however_much_of_it_was_pasted() {
        let statement =
            format!("<saml2:AttributeStatement>{ATTRIBUTES}</saml2:AttributeStatement>");
        let assertion = format!(
            "<saml2:Assertion xmlns:saml2=\"{SAML}\" xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" \
             xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" ID=\"_1\">\
             <saml2:Subject><saml2:NameID Format=\"urn:f\">ada</saml2:NameID></saml2:Subject>{statement}</saml2:Assertion>"
        );
        let response = format!(
            "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\">{assertion}</samlp:Response>"
        );
        let plain = statement.replace("saml2:", "");
        let expected = [
            (
                "groups".to_owned(),
                vec!["eng".to_owned(), " a & b ".to_owned()],
            ),
            ("team".to_owned(), vec!["red".to_owned()]),
        ];
        for text in [
            ATTRIBUTES,
            &statement,
            &plain,
            &assertion,
            &response,
            &format!("\n <?xml version=\"1.0\"?>\n{statement}\n"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
        let subject = read_pasted(&response).unwrap().subject.unwrap();
        assert_eq!(
            (subject.format.as_str(), subject.value.as_str()),
            ("urn:f", "ada")
        );
        assert_eq!(read_pasted(&statement).unwrap().subject, None);
    }

    #[test]
    fn what_is_read_strictly_elsewhere_is_read_strictly_here() {
        let value = |inner: &str| {
            format!(
                "<saml:Attribute Name=\"g\"><saml:AttributeValue>{inner}</saml:AttributeValue></saml:Attribute>"
            )
        };
        for text in [
            "",
            "groups = eng",
            "<html>",
            "<Attribute",
            &value("a<!-- -->b"),
            &value("<![CDATA[a]]>"),
            &value("&entity;"),
            &value("\u{1}"),
            &format!("<!DOCTYPE x [<!ENTITY e \"x\">]>{}", value("&e;")),
            &format!("{}</saml:AttributeStatement>", value("a")),
            &format!("{}</whole:Assertion><x/>", value("a")),
            &format!("{0}{0}", value("a")),
            "<other:Attribute Name=\"g\"/>",
            "<saml:EncryptedAttribute/>",
            &format!("<saml:AttributeStatement>{}", value("a")),
            &"<saml:AttributeStatement>".repeat(100_000),
        ] {
            assert!(read_pasted(text).is_err(), "{text}");
        }
        let large = value(&"x".repeat(MOST_BYTES));
        assert_eq!(read_pasted(&large).unwrap_err(), Error::TooLarge);
    }
}
