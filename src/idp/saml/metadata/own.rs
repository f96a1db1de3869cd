//! Our own metadata, for the administrator of the identity provider.
//!
//! SAML metadata §2.4.4. We sign nothing and decrypt nothing, so there is no key in it; assertions are to be signed.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::idp::saml::xml::{MD, SAMLP};

const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
/// What we can do something with, best first.
const NAME_ID_FORMATS: [&str; 3] = [
    "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
    "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
    "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
];

/// Our metadata towards one identity provider.
pub(in crate::idp::saml) fn write(entity_id: &str, acs_url: &str) -> String {
    let bytes = to_xml(entity_id, acs_url).expect("writing to memory does not fail");
    String::from_utf8(bytes).expect("text was written")
}

fn to_xml(entity_id: &str, acs_url: &str) -> io::Result<Vec<u8>> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer
        .create_element("md:EntityDescriptor")
        .with_attributes([("xmlns:md", MD), ("entityID", entity_id)])
        .write_inner_content(|writer| {
            writer
                .create_element("md:SPSSODescriptor")
                .with_attributes([
                    ("AuthnRequestsSigned", "false"),
                    ("WantAssertionsSigned", "true"),
                    ("protocolSupportEnumeration", SAMLP),
                ])
                .write_inner_content(|writer| {
                    for format in NAME_ID_FORMATS {
                        writer
                            .create_element("md:NameIDFormat")
                            .write_text_content(BytesText::new(format))?;
                    }
                    writer
                        .create_element("md:AssertionConsumerService")
                        .with_attributes([
                            ("Binding", POST),
                            ("Location", acs_url),
                            ("index", "0"),
                            ("isDefault", "true"),
                        ])
                        .write_empty()?;
                    Ok(())
                })?;
            Ok(())
        })?;
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}
