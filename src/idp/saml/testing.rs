//! For the tests of this folder: an identity provider made of the `xmlsec1` command.
//!
//! Templates are signed by a tool that shares no code with the first verifier. Everything is fixed, the time
//! included; keys are the ones in `tests/fixtures/saml`.

use std::io::Write as _;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::Url;

use super::{Error, ServiceProvider};
use crate::config::{IdentityProvider, IdpKind, SamlConfig};
use crate::domain::Timestamp;
use crate::domain::identity::IdpId;
use crate::domain::partition::Partitions;
use crate::idp::{Challenge, Verified};

pub(super) const ISSUER: &str = "https://idp.example.com/metadata";
pub(super) const ENTITY_ID: &str = "https://console.example.com/saml/corp/metadata";
pub(super) const ACS: &str = "https://console.example.com/saml/corp/acs";
pub(super) const REQUEST_ID: &str = "_00112233445566778899aabbccddeeff";

/// Which elements are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Response,
    Assertion,
    Both,
}

pub(super) fn now() -> Timestamp {
    at("2026-06-15T12:00:00Z")
}

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

pub(super) fn challenge() -> Challenge {
    Challenge::Saml {
        request_id: REQUEST_ID.to_owned(),
    }
}

pub(super) fn fixture(name: &str) -> String {
    format!("{}/tests/fixtures/saml/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// A certificate's base64, without its armour.
pub(super) fn certificate(name: &str) -> String {
    let pem = std::fs::read_to_string(fixture(&format!("{name}.crt.pem"))).expect("a fixture");
    pem.lines().filter(|line| !line.starts_with('-')).collect()
}

pub(super) fn key_descriptor(purpose: Option<&str>, certificate: &str) -> String {
    let purpose = purpose.map(|p| format!(" use=\"{p}\"")).unwrap_or_default();
    format!(
        "<md:KeyDescriptor{purpose}><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
    )
}

/// An identity provider's metadata with these key descriptors.
pub(super) fn metadata(keys: &str) -> String {
    format!(
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" entityID=\"{ISSUER}\"><md:IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{keys}<md:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"https://idp.example.com/post\"/><md:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" Location=\"https://idp.example.com/sso?tenant=1\"/></md:IDPSSODescriptor></md:EntityDescriptor>"
    )
}

/// Our side of the configuration, trusting the named fixtures.
pub(super) fn config(keys: &[&str]) -> SamlConfig {
    let descriptors: String = keys
        .iter()
        .map(|name| key_descriptor(Some("signing"), &certificate(name)))
        .collect();
    SamlConfig {
        metadata: metadata(&descriptors),
        entity_id: ENTITY_ID.to_owned(),
        acs_url: Url::parse(ACS).expect("a URL"),
        audiences: vec!["urn:amazon:webservices".to_owned()],
        name_attribute: Some("displayName".to_owned()),
        leeway_seconds: 60,
        max_age_seconds: 300,
    }
}

pub(super) fn identity_provider(config: SamlConfig) -> IdentityProvider {
    IdentityProvider {
        id: IdpId::parse("corp").expect("an id"),
        name: "Example Corp".to_owned(),
        unique_email_domains: Vec::new(),
        sign_out_url: None,
        kind: IdpKind::Saml(config),
    }
}

pub(super) fn service_provider(keys: &[&str]) -> ServiceProvider {
    let partitions = Partitions::default();
    ServiceProvider::new(&identity_provider(config(keys)), &partitions, now())
        .expect("a good configuration")
}

/// An unsigned signature over `#id`.
pub(super) fn signature(id: &str) -> String {
    format!(
        "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/><ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"/><ds:Reference URI=\"#{id}\"><ds:Transforms><ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/><ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/></ds:Transforms><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><ds:DigestValue></ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue></ds:SignatureValue><ds:KeyInfo><ds:X509Data></ds:X509Data></ds:KeyInfo></ds:Signature>"
    )
}

/// An honest assertion about alice, with `signature` in its place.
pub(super) fn assertion(signature: &str) -> String {
    format!(
        "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_a\" Version=\"2.0\" IssueInstant=\"2026-06-15T11:59:58Z\"><saml:Issuer>{ISSUER}</saml:Issuer>{signature}<saml:Subject><saml:NameID Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\">alice@example.com</saml:NameID><saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><saml:SubjectConfirmationData InResponseTo=\"{REQUEST_ID}\" NotOnOrAfter=\"2026-06-15T12:04:58Z\" Recipient=\"{ACS}\"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore=\"2026-06-15T11:59:28Z\" NotOnOrAfter=\"2026-06-15T12:04:58Z\"><saml:AudienceRestriction><saml:Audience>{ENTITY_ID}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant=\"2026-06-15T11:59:50Z\" SessionIndex=\"_s\" SessionNotOnOrAfter=\"2026-06-15T20:00:00Z\"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement><saml:Attribute Name=\"displayName\" FriendlyName=\"groups\"><saml:AttributeValue>Alice Example</saml:AttributeValue></saml:Attribute><saml:Attribute Name=\"groups\"><saml:AttributeValue xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"xs:string\">engineers</saml:AttributeValue><saml:AttributeValue>R&amp;D &#x20;team</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion>"
    )
}

/// An honest response around `assertion`, with `signature` in its place.
pub(super) fn response(signature: &str, assertion: &str) -> String {
    format!(
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_r\" Version=\"2.0\" IssueInstant=\"2026-06-15T11:59:58Z\" Destination=\"{ACS}\" InResponseTo=\"{REQUEST_ID}\"><saml:Issuer>{ISSUER}</saml:Issuer>{signature}<samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:Status>{assertion}</samlp:Response>"
    )
}

/// An honest response, to be signed at `level`.
pub(super) fn template(level: Level) -> String {
    let outer = if level == Level::Assertion {
        String::new()
    } else {
        signature("_r")
    };
    let inner = if level == Level::Response {
        String::new()
    } else {
        signature("_a")
    };
    response(&outer, &assertion(&inner))
}

/// `text` with the one `from` replaced; a test whose edit does nothing would prove nothing.
pub(super) fn edit(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "nothing to edit: {from}");
    text.replacen(from, to, 1)
}

/// Signs the templates that `level` names, inner first.
pub(super) fn sign(xml: &str, level: Level, key: &str) -> String {
    let inner = "//*[local-name()='Assertion']/*[local-name()='Signature']";
    let outer = "/*/*[local-name()='Signature']";
    match level {
        Level::Assertion => xmlsec1(xml, inner, key),
        Level::Response => xmlsec1(xml, outer, key),
        Level::Both => xmlsec1(&xmlsec1(xml, inner, key), outer, key),
    }
}

fn xmlsec1(xml: &str, signature: &str, key: &str) -> String {
    let pair = format!(
        "{},{}",
        fixture(&format!("{key}.key.pem")),
        fixture(&format!("{key}.crt.pem"))
    );
    let mut child = Command::new("xmlsec1")
        .args(["--sign", "--privkey-pem", &pair, "--node-xpath", signature])
        .args([
            "--id-attr:ID",
            "urn:oasis:names:tc:SAML:2.0:assertion:Assertion",
        ])
        .args([
            "--id-attr:ID",
            "urn:oasis:names:tc:SAML:2.0:protocol:Response",
            "-",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("xmlsec1 is installed");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = xml.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("xmlsec1 runs");
    writer.join().expect("no panic").expect("xmlsec1 reads");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}

pub(super) fn encode(xml: &str) -> String {
    STANDARD.encode(xml)
}

/// Verifies `xml` as a provider that trusts `rsa` would.
pub(super) fn verify(xml: &str) -> Result<Verified, Error> {
    service_provider(&["rsa"]).verify(&encode(xml), &challenge(), now())
}

/// The template edited, signed at the assertion, and verified.
pub(super) fn verify_signed(xml: &str, level: Level) -> Result<Verified, Error> {
    verify(&sign(xml, level, "rsa"))
}
