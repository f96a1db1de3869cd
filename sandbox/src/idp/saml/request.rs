//! Reading an `AuthnRequest`, by the redirect or the POST binding.
//!
//! Strict about what it needs and bounded in what it takes: a request that inflates beyond a small size, has a
//! document type or is no `AuthnRequest` of SAML 2.0 is refused with the reason. Requests need no signature here.

use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

const PROTOCOL: &[u8] = b"urn:oasis:names:tc:SAML:2.0:protocol";
const ASSERTION: &[u8] = b"urn:oasis:names:tc:SAML:2.0:assertion";
/// The most that a request may come to.
const MAX_BYTES: u64 = 64 * 1024;

/// Why a request is not answered.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum RequestError {
    /// Not base64.
    #[error("the SAMLRequest is not base64")]
    Base64,
    /// Not deflated, though the redirect binding says so.
    #[error("the SAMLRequest is not deflated")]
    Deflate,
    /// Too large.
    #[error("the SAMLRequest is larger than 64 KiB")]
    TooLarge,
    /// Not XML that this reader takes.
    #[error("the SAMLRequest is not well-formed XML without a document type")]
    Xml,
    /// XML, but no request to sign somebody in.
    #[error("the SAMLRequest is not a SAML 2.0 AuthnRequest")]
    NotAuthnRequest,
    /// A part is missing.
    #[error("the AuthnRequest has no {0}")]
    Missing(&'static str),
}

/// What a service provider asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuthnRequest {
    /// Its id, which the response answers.
    pub id: String,
    /// Who asks.
    pub issuer: String,
    /// Where the response should go.
    pub acs_url: Option<String>,
    /// Where the request was meant to go.
    pub destination: Option<String>,
    /// Ask for the password even of somebody who is signed in.
    pub force_authn: bool,
    /// Do not show anything.
    pub is_passive: bool,
    /// The wanted NameID format.
    pub name_id_format: Option<String>,
    /// The wanted classes of authentication.
    pub authn_contexts: Vec<String>,
}

impl AuthnRequest {
    /// Reads the `SAMLRequest` parameter of the redirect binding.
    pub fn from_redirect(parameter: &str) -> Result<Self, RequestError> {
        let deflated = STANDARD
            .decode(parameter)
            .map_err(|_| RequestError::Base64)?;
        let mut xml = Vec::new();
        flate2::read::DeflateDecoder::new(deflated.as_slice())
            .take(MAX_BYTES + 1)
            .read_to_end(&mut xml)
            .map_err(|_| RequestError::Deflate)?;
        Self::parse(&xml)
    }

    /// Reads the `SAMLRequest` field of the POST binding.
    pub fn from_post(parameter: &str) -> Result<Self, RequestError> {
        let xml = STANDARD
            .decode(parameter)
            .map_err(|_| RequestError::Base64)?;
        Self::parse(&xml)
    }

    fn parse(xml: &[u8]) -> Result<Self, RequestError> {
        if u64::try_from(xml.len()).is_ok_and(|length| length > MAX_BYTES) {
            return Err(RequestError::TooLarge);
        }
        let text = std::str::from_utf8(xml).map_err(|_| RequestError::Xml)?;
        let mut reader = NsReader::from_str(text);
        let mut request = Self::default();
        let mut open: Vec<Vec<u8>> = Vec::new();
        loop {
            match reader
                .read_resolved_event()
                .map_err(|_| RequestError::Xml)?
            {
                (namespace, Event::Start(element)) => {
                    let name = element.local_name().as_ref().to_vec();
                    request.begin(&namespace, &element, open.len())?;
                    open.push(name);
                }
                (namespace, Event::Empty(element)) => {
                    request.begin(&namespace, &element, open.len())?;
                }
                (_, Event::Text(text)) => {
                    let text = text.decode().map_err(|_| RequestError::Xml)?;
                    request.text(&open, text.trim())?;
                }
                (_, Event::End(_)) => {
                    open.pop();
                }
                (_, Event::Eof) => break,
                (_, Event::Decl(_) | Event::Comment(_)) => {}
                // a document type, an entity, a processing instruction: none belongs here
                _ => return Err(RequestError::Xml),
            }
        }
        request.complete(&open)
    }

    fn begin(
        &mut self,
        namespace: &ResolveResult<'_>,
        element: &BytesStart<'_>,
        depth: usize,
    ) -> Result<(), RequestError> {
        let is = |uri: &[u8], name: &[u8]| {
            matches!(namespace, ResolveResult::Bound(bound) if bound.as_ref() == uri)
                && element.local_name().as_ref() == name
        };
        if depth == 0 {
            if !is(PROTOCOL, b"AuthnRequest") || !self.id.is_empty() {
                return Err(RequestError::NotAuthnRequest);
            }
            self.id = attribute(element, "ID")?.ok_or(RequestError::Missing("ID"))?;
            if attribute(element, "Version")?.as_deref() != Some("2.0") {
                return Err(RequestError::NotAuthnRequest);
            }
            self.acs_url = attribute(element, "AssertionConsumerServiceURL")?;
            self.destination = attribute(element, "Destination")?;
            self.force_authn = is_true(attribute(element, "ForceAuthn")?.as_deref());
            self.is_passive = is_true(attribute(element, "IsPassive")?.as_deref());
        } else if depth == 1 && is(PROTOCOL, b"NameIDPolicy") {
            self.name_id_format = attribute(element, "Format")?;
        } else if depth == 1
            && element.local_name().as_ref() == b"Issuer"
            && !is(ASSERTION, b"Issuer")
        {
            return Err(RequestError::NotAuthnRequest);
        }
        Ok(())
    }

    fn text(&mut self, open: &[Vec<u8>], text: &str) -> Result<(), RequestError> {
        if text.is_empty() {
            return Ok(());
        }
        let path: Vec<&[u8]> = open.iter().map(Vec::as_slice).collect();
        match path.as_slice() {
            [] => return Err(RequestError::Xml),
            [_, b"Issuer"] => self.issuer.push_str(text),
            [_, b"RequestedAuthnContext", b"AuthnContextClassRef"] => {
                self.authn_contexts.push(text.to_owned());
            }
            _ => {}
        }
        Ok(())
    }

    fn complete(self, open: &[Vec<u8>]) -> Result<Self, RequestError> {
        if !open.is_empty() {
            return Err(RequestError::Xml);
        }
        if self.id.is_empty() {
            return Err(RequestError::NotAuthnRequest);
        }
        if self.issuer.is_empty() {
            return Err(RequestError::Missing("Issuer"));
        }
        Ok(self)
    }
}

fn is_true(value: Option<&str>) -> bool {
    matches!(value, Some("true" | "1"))
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, RequestError> {
    let found = element
        .try_get_attribute(name)
        .map_err(|_| RequestError::Xml)?;
    found
        .map(|attribute| {
            let raw = std::str::from_utf8(&attribute.value).map_err(|_| RequestError::Xml)?;
            quick_xml::escape::unescape(raw)
                .map(std::borrow::Cow::into_owned)
                .map_err(|_| RequestError::Xml)
        })
        .transpose()
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    const REQUEST: &str = r#"<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_1" Version="2.0" IssueInstant="2026-11-22T10:00:00Z" ForceAuthn="true" AssertionConsumerServiceURL="https://sp.example/acs?a=1&amp;b=2"><saml:Issuer>https://sp.example</saml:Issuer><samlp:NameIDPolicy Format="f"/><samlp:RequestedAuthnContext><saml:AuthnContextClassRef>c1</saml:AuthnContextClassRef><saml:AuthnContextClassRef>c2</saml:AuthnContextClassRef></samlp:RequestedAuthnContext></samlp:AuthnRequest>"#;

    fn deflate(xml: &[u8]) -> String {
        let mut encoder =
            flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(xml).unwrap();
        STANDARD.encode(encoder.finish().unwrap())
    }

    #[test]
    fn both_bindings_read_the_same_request() {
        let request = AuthnRequest::from_redirect(&deflate(REQUEST.as_bytes())).unwrap();
        assert_eq!(
            request,
            AuthnRequest::from_post(&STANDARD.encode(REQUEST)).unwrap()
        );
        assert_eq!(request.id, "_1");
        assert_eq!(request.issuer, "https://sp.example");
        assert_eq!(
            request.acs_url.as_deref(),
            Some("https://sp.example/acs?a=1&b=2")
        );
        assert!(request.force_authn && !request.is_passive);
        assert_eq!(request.name_id_format.as_deref(), Some("f"));
        assert_eq!(request.authn_contexts, ["c1", "c2"]);
    }

    #[test]
    fn a_request_that_inflates_beyond_all_measure_is_refused_without_being_held() {
        let bomb = deflate(&vec![b' '; 50 << 20]);
        assert!(bomb.len() < 200_000);
        assert_eq!(
            AuthnRequest::from_redirect(&bomb),
            Err(RequestError::TooLarge)
        );
    }

    #[test]
    fn what_is_no_request_is_refused_with_the_reason() {
        let post = |xml: &str| AuthnRequest::from_post(&STANDARD.encode(xml));
        assert_eq!(AuthnRequest::from_post("%%%"), Err(RequestError::Base64));
        assert_eq!(
            AuthnRequest::from_redirect(&STANDARD.encode("<a/>")),
            Err(RequestError::Deflate)
        );
        assert_eq!(post(""), Err(RequestError::NotAuthnRequest));
        assert_eq!(post("<a/>"), Err(RequestError::NotAuthnRequest));
        assert_eq!(
            post(&format!("<!DOCTYPE a>{REQUEST}")),
            Err(RequestError::Xml)
        );
        assert_eq!(post(&REQUEST[..REQUEST.len() - 3]), Err(RequestError::Xml));
        assert_eq!(
            post(&REQUEST.replace("Version=\"2.0\"", "Version=\"1.1\"")),
            Err(RequestError::NotAuthnRequest)
        );
        assert_eq!(
            post(&REQUEST.replace("<saml:Issuer>https://sp.example</saml:Issuer>", "")),
            Err(RequestError::Missing("Issuer"))
        );
        assert_eq!(
            post(&REQUEST.replace(" ID=\"_1\"", "")),
            Err(RequestError::Missing("ID"))
        );
    }
}
