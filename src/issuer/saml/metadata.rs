//! Our metadata, as `CreateSAMLProvider` and `UpdateSAMLProvider` take it: 1,000 to 10,000,000 characters, no byte order
//! mark, an issuer, an expiration, signing keys (at most ten), a place to sign in (SAML metadata §2.4.3).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::response::instant;
use super::xml::{Unwritable, Xml};
use crate::issuer::keys::Certificate;

const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
const PERSISTENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";

/// Writes it; `home` is where people begin. `None` without a key.
pub(in crate::issuer) fn metadata(
    entity_id: &str,
    home: &str,
    certificates: &[&Certificate],
) -> Result<Option<String>, Unwritable> {
    // until the last of the keys ends: each certificate says so of its own
    let Some(until) = certificates
        .iter()
        .map(|certificate| certificate.until)
        .max()
    else {
        return Ok(None);
    };
    let mut xml = Xml::default();
    xml.open(
        "md:EntityDescriptor",
        &[
            ("xmlns:ds", DSIG),
            ("xmlns:md", METADATA),
            ("entityID", entity_id),
            ("validUntil", &instant(until)),
        ],
    )?;
    xml.open(
        "md:IDPSSODescriptor",
        &[
            ("WantAuthnRequestsSigned", "false"),
            ("protocolSupportEnumeration", PROTOCOL),
        ],
    )?;
    for certificate in certificates {
        xml.open("md:KeyDescriptor", &[("use", "signing")])?;
        xml.open("ds:KeyInfo", &[])?;
        xml.open("ds:X509Data", &[])?;
        let certificate = STANDARD.encode(&certificate.der);
        xml.element("ds:X509Certificate", &[], &certificate)?;
        xml.close("ds:X509Data");
        xml.close("ds:KeyInfo");
        xml.close("md:KeyDescriptor");
    }
    xml.element("md:NameIDFormat", &[], PERSISTENT)?;
    let service = [("Binding", REDIRECT), ("Location", home)];
    xml.element("md:SingleSignOnService", &service, "")?;
    xml.close("md:IDPSSODescriptor");
    xml.close("md:EntityDescriptor");
    Ok(Some(xml.done().as_str().to_owned()))
}
