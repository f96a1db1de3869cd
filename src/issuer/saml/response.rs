//! The response, with its one signed assertion (SAML core §2.3, §3.3.3; the IAM guide on assertions for AWS).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::Duration;
use zeroize::Zeroizing;

use super::xml::{Unwritable, Written, Xml};
use super::{SAML, SAMLP, signature};
use crate::domain::Timestamp;
use crate::domain::identity::Authentication;
use crate::domain::role::Role;
use crate::issuer::keys::{Certificate, Signer};
use crate::issuer::{Error, Statement, VALID};

/// Clocks differ: the assertion is valid from a little before it was made.
const BEFORE: Duration = Duration::seconds(60);
/// The most characters of `SAMLAssertion`.
const LONGEST: usize = 100_000;
const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
const PERSISTENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified";
const URI: &str = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri";
/// What the names of the attributes that AWS reads begin with, in every partition.
const AWS: &str = "https://aws.amazon.com/SAML/Attributes/";

/// What surrounds a statement: who says it to whom, when.
#[derive(Debug)]
pub(in crate::issuer) struct Frame<'a> {
    /// Our entity id.
    pub(in crate::issuer) entity_id: &'a str,
    /// The address that trust policies know as `SAML:aud`.
    pub(in crate::issuer) recipient: &'a str,
    /// What AWS calls itself in the role's partition.
    pub(in crate::issuer) audience: &'a str,
    /// The response's id and the assertion's.
    pub(in crate::issuer) ids: (&'a str, &'a str),
    /// The present.
    pub(in crate::issuer) now: Timestamp,
}

/// Makes the response: base64, as STS wants it.
pub(in crate::issuer) async fn respond(
    frame: &Frame<'_>,
    about: (&Role, &Authentication),
    statement: &Statement<'_>,
    key: (&dyn Signer, &Certificate),
) -> Result<Zeroizing<String>, Error> {
    let mut assertion = assertion(frame, about, statement)?;
    let signature = signature::over(&assertion, frame.ids.1, key).await?;
    // the schema wants it right behind the issuer, which is the assertion's first element
    assertion
        .insert_after("</saml:Issuer>", &signature)
        .ok_or(Error::Canonical)?;
    let response = around(frame, &assertion)?;
    let text = Zeroizing::new(STANDARD.encode(response.as_str()));
    if text.len() > LONGEST {
        return Err(Error::TooLong);
    }
    Ok(text)
}

fn around(frame: &Frame<'_>, assertion: &Written) -> Result<Written, Unwritable> {
    let mut xml = Xml::default();
    xml.open(
        "samlp:Response",
        &[
            ("xmlns:saml", SAML),
            ("xmlns:samlp", SAMLP),
            ("Destination", frame.recipient),
            ("ID", frame.ids.0),
            ("IssueInstant", &instant(frame.now)),
            ("Version", "2.0"),
        ],
    )?;
    xml.element("saml:Issuer", &[], frame.entity_id)?;
    xml.open("samlp:Status", &[])?;
    xml.element("samlp:StatusCode", &[("Value", SUCCESS)], "")?;
    xml.close("samlp:Status");
    xml.written(assertion);
    xml.close("samlp:Response");
    Ok(xml.done())
}

/// The assertion, unsigned, as it stands alone.
pub(super) fn assertion(
    frame: &Frame<'_>,
    (role, login): (&Role, &Authentication),
    statement: &Statement<'_>,
) -> Result<Written, Error> {
    let mut xml = Xml::default();
    xml.open(
        "saml:Assertion",
        &[
            ("xmlns:saml", SAML),
            ("ID", frame.ids.1),
            ("IssueInstant", &instant(frame.now)),
            ("Version", "2.0"),
        ],
    )?;
    xml.element("saml:Issuer", &[], frame.entity_id)?;
    subject(&mut xml, frame, statement)?;
    conditions(&mut xml, frame)?;
    authentication(&mut xml, frame, login)?;
    xml.open("saml:AttributeStatement", &[])?;
    attributes(&mut xml, role, statement)?;
    xml.close("saml:AttributeStatement");
    xml.close("saml:Assertion");
    Ok(xml.done())
}

/// The subject is the session's name: it is one person's and no other's, and says nothing that CloudTrail does not say.
fn subject(xml: &mut Xml, frame: &Frame<'_>, statement: &Statement<'_>) -> Result<(), Unwritable> {
    xml.open("saml:Subject", &[])?;
    xml.element(
        "saml:NameID",
        &[("Format", PERSISTENT)],
        statement.session_name,
    )?;
    xml.open("saml:SubjectConfirmation", &[("Method", BEARER)])?;
    xml.element(
        "saml:SubjectConfirmationData",
        &[
            ("NotOnOrAfter", &instant(frame.now + VALID)),
            ("Recipient", frame.recipient),
        ],
        "",
    )?;
    xml.close("saml:SubjectConfirmation");
    xml.close("saml:Subject");
    Ok(())
}

fn conditions(xml: &mut Xml, frame: &Frame<'_>) -> Result<(), Unwritable> {
    xml.open(
        "saml:Conditions",
        &[
            ("NotBefore", &instant(frame.now - BEFORE)),
            ("NotOnOrAfter", &instant(frame.now + VALID)),
        ],
    )?;
    xml.open("saml:AudienceRestriction", &[])?;
    xml.element("saml:Audience", &[], frame.audience)?;
    xml.close("saml:AudienceRestriction");
    xml.close("saml:Conditions");
    Ok(())
}

/// When the person proved who they are, and when the identity provider ends that: AWS ends the credentials with it.
fn authentication(
    xml: &mut Xml,
    frame: &Frame<'_>,
    login: &Authentication,
) -> Result<(), Unwritable> {
    let at = instant(login.at.map_or(frame.now, |at| at.min(frame.now)));
    let ends = login.session_ends.map(instant);
    let mut attributes = vec![("AuthnInstant", at.as_str())];
    attributes.extend(ends.as_deref().map(|ends| ("SessionNotOnOrAfter", ends)));
    xml.open("saml:AuthnStatement", &attributes)?;
    xml.open("saml:AuthnContext", &[])?;
    xml.element("saml:AuthnContextClassRef", &[], UNSPECIFIED)?;
    xml.close("saml:AuthnContext");
    xml.close("saml:AuthnStatement");
    Ok(())
}

fn attributes(xml: &mut Xml, role: &Role, statement: &Statement<'_>) -> Result<(), Error> {
    let provider = role.saml_provider_arn().ok_or(Error::NotIssued)?;
    let pair = format!("{},{provider}", role.arn());
    attribute(xml, "Role", &[&pair])?;
    attribute(xml, "RoleSessionName", &[statement.session_name])?;
    if let Some(seconds) = statement.session_seconds {
        attribute(xml, "SessionDuration", &[&seconds.to_string()])?;
    }
    if let Some(name) = statement.source_identity {
        attribute(xml, "SourceIdentity", &[name])?;
    }
    for (key, value) in statement.tags {
        attribute(xml, &format!("PrincipalTag:{key}"), &[value])?;
    }
    if !statement.transitive_tags.is_empty() {
        let keys: Vec<&str> = statement
            .transitive_tags
            .iter()
            .map(String::as_str)
            .collect();
        attribute(xml, "TransitiveTagKeys", &keys)?;
    }
    Ok(())
}

fn attribute(xml: &mut Xml, name: &str, values: &[&str]) -> Result<(), Unwritable> {
    let name = format!("{AWS}{name}");
    xml.open("saml:Attribute", &[("Name", &name), ("NameFormat", URI)])?;
    for value in values {
        xml.element("saml:AttributeValue", &[], value)?;
    }
    xml.close("saml:Attribute");
    Ok(())
}

/// Whole seconds, rounded down: never in the future.
pub(super) fn instant(at: Timestamp) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
