//! XML signatures, enveloped, with exclusive canonicalisation.
//!
//! The element to be signed stands alone when it is signed, so its canonical bytes are those of the whole text; the
//! `SignedInfo` is written in canonical form to begin with. Nothing is verified here, and nothing is shared with the
//! code that verifies.

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bergshamra::c14n::{C14nMode, canonicalize};

use super::xml;
use crate::idp::key::{Algorithm, Key, KeyError};

const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

/// Why an element could not be signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// It is not well-formed, or cannot be canonicalised.
    #[error("the element to be signed cannot be canonicalised")]
    Canonical(#[from] bergshamra::Error),
    /// The key did not sign.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// No such digest.
    #[error("no digest is called {0}")]
    Digest(&'static str),
}

/// How an element is signed.
pub(super) struct Signer<'a> {
    /// With which key.
    pub(super) key: &'a Key,
    /// By which algorithm.
    pub(super) algorithm: Algorithm,
    /// With another digest than the algorithm's.
    pub(super) digest: Option<&'static str>,
    /// The `PrefixList`.
    pub(super) prefix_list: Option<&'a str>,
    /// Whether the certificate comes along.
    pub(super) key_info: bool,
}

impl Signer<'_> {
    /// Signs the element that `element` is the text of, and that has the given id. The signature goes behind its
    /// issuer.
    pub(super) fn sign(&self, element: &str, id: &str) -> Result<String, SignError> {
        let prefixes: Vec<&str> = self
            .prefix_list
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        let canonical = canonicalize(element, C14nMode::Exclusive, None, &prefixes)?;
        let (digest_uri, digest) = self.digest_method()?;
        let digest_value = STANDARD.encode(digest::digest(digest, &canonical).as_ref());
        let signed_info = self.signed_info(id, digest_uri, &digest_value);
        let canonical_info = signed_info.replacen(
            "<ds:SignedInfo>",
            &format!("<ds:SignedInfo xmlns:ds=\"{}\">", xml::SIGNATURE),
            1,
        );
        let signature = self.key.sign(self.algorithm, canonical_info.as_bytes())?;
        let signature = format!(
            "<ds:Signature xmlns:ds=\"{}\">{signed_info}<ds:SignatureValue>{}</ds:SignatureValue>{}</ds:Signature>",
            xml::SIGNATURE,
            STANDARD.encode(signature),
            self.key_info(),
        );
        let place = place_for_signature(element);
        Ok(format!(
            "{}{signature}{}",
            &element[..place],
            &element[place..]
        ))
    }

    fn digest_method(&self) -> Result<(&'static str, &'static digest::Algorithm), SignError> {
        let name = self.digest.unwrap_or(match self.algorithm {
            Algorithm::RsaSha1 => "sha1",
            Algorithm::RsaSha256 | Algorithm::EcdsaSha256 => "sha256",
            Algorithm::RsaSha384 | Algorithm::EcdsaSha384 => "sha384",
            Algorithm::RsaSha512 => "sha512",
        });
        match name {
            "sha1" => Ok((
                "http://www.w3.org/2000/09/xmldsig#sha1",
                &digest::SHA1_FOR_LEGACY_USE_ONLY,
            )),
            "sha256" => Ok(("http://www.w3.org/2001/04/xmlenc#sha256", &digest::SHA256)),
            "sha384" => Ok((
                "http://www.w3.org/2001/04/xmldsig-more#sha384",
                &digest::SHA384,
            )),
            "sha512" => Ok(("http://www.w3.org/2001/04/xmlenc#sha512", &digest::SHA512)),
            other => Err(SignError::Digest(other)),
        }
    }

    /// In canonical form but for the namespace, which the signature around it declares.
    fn signed_info(&self, id: &str, digest_uri: &str, digest_value: &str) -> String {
        let prefix_list = self.prefix_list.map_or_else(String::new, |list| {
            format!(
                "<ec:InclusiveNamespaces xmlns:ec=\"{EXCLUSIVE}\" PrefixList=\"{}\"></ec:InclusiveNamespaces>",
                xml::value(list)
            )
        });
        let method = match self.algorithm {
            Algorithm::RsaSha1 => "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
            Algorithm::RsaSha256 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            Algorithm::RsaSha384 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
            Algorithm::RsaSha512 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
            Algorithm::EcdsaSha256 => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
            Algorithm::EcdsaSha384 => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
        };
        format!(
            "<ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"></ds:CanonicalizationMethod>\
             <ds:SignatureMethod Algorithm=\"{method}\"></ds:SignatureMethod><ds:Reference URI=\"#{}\"><ds:Transforms>\
             <ds:Transform Algorithm=\"{ENVELOPED}\"></ds:Transform><ds:Transform Algorithm=\"{EXCLUSIVE}\">{prefix_list}\
             </ds:Transform></ds:Transforms><ds:DigestMethod Algorithm=\"{digest_uri}\"></ds:DigestMethod>\
             <ds:DigestValue>{digest_value}</ds:DigestValue></ds:Reference></ds:SignedInfo>",
            xml::value(id)
        )
    }

    fn key_info(&self) -> String {
        if !self.key_info {
            return String::new();
        }
        format!(
            "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>",
            self.key.certificate_base64()
        )
    }
}

/// Behind the element's own issuer, where the schema wants it; without one, behind the start tag.
fn place_for_signature(element: &str) -> usize {
    let start_tag_ends = element.find('>').map_or(element.len(), |at| at + 1);
    let own = &element[start_tag_ends..];
    // an issuer beyond the next assertion is that assertion's
    let own = &own[..own.find("<saml:Assertion").unwrap_or(own.len())];
    ["</saml:Issuer>", "</saml2:Issuer>", "</Issuer>"]
        .iter()
        .filter_map(|end| own.find(end).map(|at| start_tag_ends + at + end.len()))
        .min()
        .unwrap_or(start_tag_ends)
}
