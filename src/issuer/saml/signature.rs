//! The signature over an assertion: XML Signature §3.1, enveloped, exclusive canonicalisation, RSA with SHA-256.
//!
//! The canonical bytes are bergshamra's, made from what the writer wrote and from nothing that was held in memory beside
//! it: what is digested is what the text says. The `SignedInfo` is written in canonical form to begin with.

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bergshamra::c14n::{C14nMode, canonicalize};

use super::xml::{Unwritable, Written, Xml};
use crate::issuer::Error;
use crate::issuer::keys::{Certificate, Signer};

const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";

/// The signature over an element that stands alone in `element` and has the given id.
pub(super) async fn over(
    element: &Written,
    id: &str,
    (signer, certificate): (&dyn Signer, &Certificate),
) -> Result<Written, Error> {
    let no_prefixes: [&str; 0] = [];
    let canonical = canonicalize(element.as_str(), C14nMode::Exclusive, None, &no_prefixes)
        .map_err(|_| Error::Canonical)?;
    let digest = STANDARD.encode(digest::digest(&digest::SHA256, &canonical));
    // as its own canonicalisation sees it, the namespace stands on it and not on the element around it
    let alone = signed_info(&[("xmlns:ds", DSIG)], id, &digest)?;
    let signature = signer.sign(alone.as_str().as_bytes()).await?;
    let inside = signed_info(&[], id, &digest)?;
    let mut xml = Xml::default();
    xml.open("ds:Signature", &[("xmlns:ds", DSIG)])?;
    xml.written(&inside);
    xml.element("ds:SignatureValue", &[], &STANDARD.encode(signature))?;
    xml.open("ds:KeyInfo", &[])?;
    xml.open("ds:X509Data", &[])?;
    let certificate = STANDARD.encode(&certificate.der);
    xml.element("ds:X509Certificate", &[], &certificate)?;
    xml.close("ds:X509Data");
    xml.close("ds:KeyInfo");
    xml.close("ds:Signature");
    Ok(xml.done())
}

fn signed_info(
    namespace: &[(&'static str, &str)],
    id: &str,
    digest: &str,
) -> Result<Written, Unwritable> {
    let mut xml = Xml::default();
    let algorithm = |name| [("Algorithm", name)];
    xml.open("ds:SignedInfo", namespace)?;
    let method = algorithm(EXCLUSIVE);
    xml.element("ds:CanonicalizationMethod", &method, "")?;
    xml.element("ds:SignatureMethod", &algorithm(RSA_SHA256), "")?;
    xml.open("ds:Reference", &[("URI", &format!("#{id}"))])?;
    xml.open("ds:Transforms", &[])?;
    xml.element("ds:Transform", &algorithm(ENVELOPED), "")?;
    xml.element("ds:Transform", &algorithm(EXCLUSIVE), "")?;
    xml.close("ds:Transforms");
    xml.element("ds:DigestMethod", &algorithm(SHA256), "")?;
    xml.element("ds:DigestValue", &[], digest)?;
    xml.close("ds:Reference");
    xml.close("ds:SignedInfo");
    Ok(xml.done())
}
