//! A SAML identity provider made of a fixture and the `xmlsec1` command, which shares no code with the first verifier.

use std::io::Write as _;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use vestibule::config::IdpKind;
use vestibule::domain::Timestamp;
use vestibule::domain::partition::Partitions;
use vestibule::idp::saml::ServiceProvider;
use vestibule::idp::{Challenge, Verified};
use vestibule::random::SystemRandom;

use super::page::Walkthrough;

/// Which elements the product signs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Assertion,
    Both,
}

/// Brings back what the product answers, two seconds after it was made.
pub(super) fn sign_in_by_saml(walkthrough: &Walkthrough, shape: &str, level: Level) -> Verified {
    let now: Timestamp = "2026-06-15T12:00:00Z".parse().expect("a time");
    let IdpKind::Saml(config) = &walkthrough.idp.kind else {
        panic!("{shape}: not SAML");
    };
    let us = ServiceProvider::new(&walkthrough.idp, &Partitions::default(), now)
        .expect("metadata that can be used");
    let challenge = us.challenge(&SystemRandom);
    let Challenge::Saml { request_id } = &challenge else {
        panic!("{shape}: not a SAML challenge");
    };
    // a product copies the issuer of the request, or has AWS's audience typed in
    let audience = config.audiences.first().unwrap_or(&config.entity_id);
    let xml = fixture(&format!("shapes/{shape}.xml"))
        .replace("__ISSUER__", us.provider_entity_id())
        .replace("__ACS__", config.acs_url.as_str())
        .replace("__AUDIENCE__", audience)
        .replace("__REQUEST__", request_id);
    let inner = "//*[local-name()='Assertion']/*[local-name()='Signature']";
    let signed = match level {
        Level::Assertion => sign(&unsigned_response(&xml), inner),
        Level::Both => sign(
            &sign(&with_response_signature(&xml), inner),
            "/*/*[local-name()='Signature']",
        ),
    };
    let verified = us.verify(&STANDARD.encode(signed), &challenge, now);
    verified.unwrap_or_else(|error| panic!("{shape}: {error}"))
}

/// As the fixture stands: with a signature in the assertion alone.
fn unsigned_response(xml: &str) -> String {
    assert_eq!(
        xml.matches("Reference URI=").count(),
        1,
        "signed in one place"
    );
    xml.to_owned()
}

/// The fixture with a signature on the response as well, where it has none of its own: a copy of the assertion's.
fn with_response_signature(xml: &str) -> String {
    if xml.matches("Reference URI=").count() == 2 {
        return xml.to_owned();
    }
    let (start, end) = ("<Signature ", "</Signature>");
    let from = xml.find(start).expect("a signature");
    let to = xml.find(end).expect("its end") + end.len();
    let assertion = between(xml, "<Assertion ID=\"", "\"");
    let response = between(xml, "<samlp:Response ID=\"", "\"");
    let signature = xml[from..to].replace(assertion, response);
    xml.replacen("<samlp:Status>", &format!("{signature}<samlp:Status>"), 1)
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let (_, rest) = text.split_once(before).expect("the beginning");
    rest.split_once(after).expect("the end").0
}

/// A provider's metadata with what Microsoft's products put around the part that matters.
pub(super) fn metadata(issuer: &str) -> String {
    let certificate: String = fixture("saml/rsa.crt.pem")
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect();
    fixture("shapes/metadata.xml")
        .replace("__ISSUER__", issuer)
        .replace("__CERTIFICATE__", &certificate)
}

fn path(name: &str) -> String {
    format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn fixture(name: &str) -> String {
    let text = std::fs::read_to_string(path(name));
    text.unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn sign(xml: &str, signature: &str) -> String {
    let pair = format!("{},{}", path("saml/rsa.key.pem"), path("saml/rsa.crt.pem"));
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
    let problems = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{problems}");
    String::from_utf8(output.stdout).expect("UTF-8")
}
