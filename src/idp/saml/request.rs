//! Sending a person to the identity provider.
//!
//! SAML core §3.4.1 (`AuthnRequest`) by the HTTP-Redirect binding (SAML bindings §3.4): deflated, base64, in the
//! query. Written here rather than by samael, which neither escapes text nor takes the time from outside.

use std::io::{self, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::SecondsFormat;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use quick_xml::Writer;
use quick_xml::events::BytesText;
use url::Url;

use super::xml::{SAML, SAMLP};
use crate::domain::Timestamp;

const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

/// What a request says.
pub(super) struct Request<'a> {
    /// Its id, which the response has to answer.
    pub(super) id: &'a str,
    /// Our entity id.
    pub(super) issuer: &'a str,
    /// Where the response is to go.
    pub(super) acs_url: &'a str,
    /// Where the person goes.
    pub(super) destination: &'a Url,
    /// Whether the person has to prove who they are again, session or not.
    pub(super) force: bool,
    /// In which contexts, one of them exactly; none: in whichever.
    pub(super) contexts: &'a [String],
    /// When it is made.
    pub(super) now: Timestamp,
}

impl Request<'_> {
    /// The URL that carries the request and `relay_state` to the provider.
    pub(super) fn redirect(&self, relay_state: &str) -> Url {
        let deflated = self.deflate().expect("writing to memory does not fail");
        let mut url = self.destination.clone();
        url.query_pairs_mut()
            .append_pair("SAMLRequest", &STANDARD.encode(deflated))
            .append_pair("RelayState", relay_state);
        url
    }

    fn deflate(&self) -> io::Result<Vec<u8>> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&self.to_xml()?)?;
        encoder.finish()
    }

    fn to_xml(&self) -> io::Result<Vec<u8>> {
        let instant = self.now.to_rfc3339_opts(SecondsFormat::Secs, true);
        let mut writer = Writer::new(Vec::new());
        let mut element = writer
            .create_element("samlp:AuthnRequest")
            .with_attributes([
                ("xmlns:samlp", SAMLP),
                ("xmlns:saml", SAML),
                ("ID", self.id),
                ("Version", "2.0"),
                ("IssueInstant", instant.as_str()),
                ("Destination", self.destination.as_str()),
                ("AssertionConsumerServiceURL", self.acs_url),
                ("ProtocolBinding", POST),
            ]);
        if self.force {
            element = element.with_attribute(("ForceAuthn", "true"));
        }
        element.write_inner_content(|writer| {
            writer
                .create_element("saml:Issuer")
                .write_text_content(BytesText::new(self.issuer))?;
            writer
                .create_element("samlp:NameIDPolicy")
                .with_attribute(("AllowCreate", "true"))
                .write_empty()?;
            self.write_contexts(writer)
        })?;
        Ok(writer.into_inner())
    }

    /// `RequestedAuthnContext` (SAML core §3.3.2.2.1): exactly one of these, not "or better", which nobody defines.
    fn write_contexts(&self, writer: &mut Writer<Vec<u8>>) -> io::Result<()> {
        if self.contexts.is_empty() {
            return Ok(());
        }
        let requested = writer
            .create_element("samlp:RequestedAuthnContext")
            .with_attribute(("Comparison", "exact"));
        requested.write_inner_content(|writer| {
            for context in self.contexts {
                writer
                    .create_element("saml:AuthnContextClassRef")
                    .write_text_content(BytesText::new(context))?;
            }
            Ok(())
        })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::DeflateDecoder;

    use super::super::testing::{ACS, ENTITY_ID, REQUEST_ID, now};
    use super::*;

    fn sent(issuer: &str, force: bool, relay_state: &str) -> (Url, String) {
        sent_with(issuer, (force, &[]), relay_state)
    }

    fn sent_with(
        issuer: &str,
        (force, contexts): (bool, &[String]),
        relay_state: &str,
    ) -> (Url, String) {
        let destination = Url::parse("https://idp.example.com/sso?tenant=1&b=2").unwrap();
        let request = Request {
            id: REQUEST_ID,
            issuer,
            acs_url: ACS,
            destination: &destination,
            force,
            contexts,
            now: now(),
        };
        let url = request.redirect(relay_state);
        let parameter = url
            .query_pairs()
            .find(|(name, _)| name == "SAMLRequest")
            .unwrap()
            .1;
        let deflated = STANDARD.decode(parameter.as_bytes()).unwrap();
        let mut xml = String::new();
        DeflateDecoder::new(deflated.as_slice())
            .read_to_string(&mut xml)
            .unwrap();
        (url, xml)
    }

    #[test]
    fn a_request_says_who_asks_and_where_the_answer_goes() {
        let (url, xml) = sent(ENTITY_ID, false, "handle");
        assert!(
            url.as_str()
                .starts_with("https://idp.example.com/sso?tenant=1&b=2&SAMLRequest=")
        );
        assert!(
            url.query_pairs()
                .any(|pair| pair == ("RelayState".into(), "handle".into()))
        );
        assert_eq!(
            xml,
            format!(
                "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{REQUEST_ID}\" Version=\"2.0\" IssueInstant=\"2026-06-15T12:00:00Z\" Destination=\"https://idp.example.com/sso?tenant=1&amp;b=2\" AssertionConsumerServiceURL=\"{ACS}\" ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\"><saml:Issuer>{ENTITY_ID}</saml:Issuer><samlp:NameIDPolicy AllowCreate=\"true\"/></samlp:AuthnRequest>"
            )
        );
    }

    #[test]
    fn a_fresh_proof_is_asked_for_when_wanted() {
        assert!(sent(ENTITY_ID, true, "").1.contains(" ForceAuthn=\"true\""));
    }

    #[test]
    fn contexts_are_asked_for_exactly_and_stand_escaped() {
        let contexts = ["urn:a".to_owned(), "b<c>&\"d\"".to_owned()];
        let (_, xml) = sent_with(ENTITY_ID, (false, &contexts), "");
        assert!(
            xml.contains(
                "<samlp:NameIDPolicy AllowCreate=\"true\"/><samlp:RequestedAuthnContext Comparison=\"exact\">\
                 <saml:AuthnContextClassRef>urn:a</saml:AuthnContextClassRef>\
                 <saml:AuthnContextClassRef>b&lt;c&gt;&amp;"
            ),
            "{xml}"
        );
        assert!(!xml.contains("ForceAuthn"), "{xml}");
    }

    #[test]
    fn text_is_escaped_in_the_request_and_in_the_query() {
        let (url, xml) = sent("urn:a<b>&\"c\"", false, "a&b=c d+\u{e9}");
        assert!(xml.contains("<saml:Issuer>urn:a&lt;b&gt;&amp;"));
        assert!(
            url.query_pairs()
                .any(|(_, value)| value == "a&b=c d+\u{e9}")
        );
        assert!(!url.as_str().contains("b=c d"));
    }
}
