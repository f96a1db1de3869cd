//! Writing a response: the facts of a sign-in and the options of the service provider become signed XML.
//!
//! The assertion is written and signed alone, then put into the response, which is signed around it. Every namespace
//! is declared on the element that is signed, so the assertion's canonical bytes are the same in both places.

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};

use super::options::{InResponseTo, NameId, Refusal, ResponseOptions, ServiceProvider};
use super::signature::{SignError, Signer};
use super::xml::{self, instant, optional, text, value};
use crate::idp::key::KeySet;
use crate::people::Person;

const BASIC: &str = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic";
const URI: &str = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri";
const AWS: &str = "https://aws.amazon.com/SAML/Attributes/";
const STATUS: &str = "urn:oasis:names:tc:SAML:2.0:status:";

/// What is known about a sign-in when its response is written.
pub(super) struct Facts<'a> {
    /// The provider's entity id.
    pub(super) issuer: &'a str,
    /// Who asked, and how they want it.
    pub(super) service_provider: &'a ServiceProvider,
    /// The request's id, if there was a request.
    pub(super) request_id: Option<&'a str>,
    /// Who signed in.
    pub(super) person: &'a Person,
    /// When they typed their password.
    pub(super) authenticated_at: DateTime<Utc>,
    /// The provider's session.
    pub(super) session_index: &'a str,
    /// The time now.
    pub(super) now: DateTime<Utc>,
    /// Ids of the response and of the assertion.
    pub(super) ids: (String, String),
}

/// A response as the browser carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Minted {
    /// The XML.
    pub xml: String,
    /// The id of the assertion in it.
    pub assertion_id: String,
    /// Where it goes.
    pub acs_url: String,
}

impl Minted {
    /// The `SAMLResponse` field, and STS's `SAMLAssertion` parameter.
    pub fn base64(&self) -> String {
        STANDARD.encode(&self.xml)
    }
}

/// Writes and signs the response.
pub(super) fn write(facts: &Facts<'_>, keys: &KeySet) -> Result<Minted, SignError> {
    let options = &facts.service_provider.options;
    let carries_assertion = options
        .refusal
        .as_ref()
        .is_none_or(|refusal| refusal.with_assertion);
    let mut inner = String::new();
    if carries_assertion {
        inner = edited(options.edit_assertion.as_ref(), assertion(facts));
        if options.signed.assertion() {
            inner = signer(options, keys).sign(&inner, &facts.ids.1)?;
        }
        if options.encrypted {
            inner = encrypted_stub(&inner);
        }
    }
    let mut whole = edited(options.edit_response.as_ref(), response(facts, &inner));
    if options.signed.response() {
        whole = signer(options, keys).sign(&whole, &facts.ids.0)?;
    }
    Ok(Minted {
        xml: edited(options.edit_signed.as_ref(), whole),
        assertion_id: facts.ids.1.clone(),
        acs_url: facts.service_provider.acs_url.clone(),
    })
}

fn edited(edit: Option<&super::options::Edit>, xml: String) -> String {
    match edit {
        Some(edit) => edit(xml),
        None => xml,
    }
}

fn signer<'a>(options: &'a ResponseOptions, keys: &'a KeySet) -> Signer<'a> {
    Signer {
        key: options
            .key
            .as_ref()
            .unwrap_or_else(|| keys.for_algorithm(options.algorithm)),
        algorithm: options.algorithm,
        digest: options.digest,
        prefix_list: options.prefix_list.as_deref(),
        key_info: options.key_info,
    }
}

impl Facts<'_> {
    fn options(&self) -> &ResponseOptions {
        &self.service_provider.options
    }

    fn issued(&self) -> DateTime<Utc> {
        self.now - self.options().issued_ago
    }

    fn issuer(&self) -> &str {
        self.options().issuer.as_deref().unwrap_or(self.issuer)
    }

    fn in_response_to(&self) -> Option<&str> {
        match &self.options().in_response_to {
            InResponseTo::Echo => self.request_id,
            InResponseTo::Absent => None,
            InResponseTo::Other(id) => Some(id),
        }
    }
}

fn response(facts: &Facts<'_>, inner: &str) -> String {
    let options = facts.options();
    let destination = options
        .destination
        .as_deref()
        .unwrap_or(&facts.service_provider.acs_url);
    format!(
        "<samlp:Response xmlns:samlp=\"{}\" xmlns:saml=\"{}\" Destination=\"{}\" ID=\"{}\"{} IssueInstant=\"{}\" \
         Version=\"2.0\"><saml:Issuer>{}</saml:Issuer>{}{inner}</samlp:Response>",
        xml::PROTOCOL,
        xml::ASSERTION,
        value(destination),
        value(&facts.ids.0),
        optional("InResponseTo", facts.in_response_to()),
        instant(facts.issued()),
        text(facts.issuer()),
        status(options.refusal.as_ref()),
    )
}

fn status(refusal: Option<&Refusal>) -> String {
    let Some(refusal) = refusal else {
        return format!(
            "<samlp:Status><samlp:StatusCode Value=\"{STATUS}Success\"></samlp:StatusCode></samlp:Status>"
        );
    };
    let sub_code = refusal.sub_code.as_ref().map_or_else(String::new, |code| {
        format!(
            "<samlp:StatusCode Value=\"{STATUS}{}\"></samlp:StatusCode>",
            value(code)
        )
    });
    let message = refusal
        .message
        .as_ref()
        .map_or_else(String::new, |message| {
            format!(
                "<samlp:StatusMessage>{}</samlp:StatusMessage>",
                text(message)
            )
        });
    format!(
        "<samlp:Status><samlp:StatusCode Value=\"{STATUS}{}\">{sub_code}</samlp:StatusCode>{message}</samlp:Status>",
        value(&refusal.code)
    )
}

fn assertion(facts: &Facts<'_>) -> String {
    format!(
        "<saml:Assertion xmlns:saml=\"{}\" ID=\"{}\" IssueInstant=\"{}\" Version=\"2.0\"><saml:Issuer>{}</saml:Issuer>\
         {}{}{}{}</saml:Assertion>",
        xml::ASSERTION,
        value(&facts.ids.1),
        instant(facts.issued()),
        text(facts.issuer()),
        subject(facts),
        conditions(facts),
        authn_statement(facts),
        attribute_statement(facts),
    )
}

fn subject(facts: &Facts<'_>) -> String {
    let options = facts.options();
    let expires = facts.issued() + options.lifetime;
    let recipient = options
        .recipient
        .as_deref()
        .unwrap_or(&facts.service_provider.acs_url);
    format!(
        "<saml:Subject>{}<saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\">\
         <saml:SubjectConfirmationData{} NotOnOrAfter=\"{}\" Recipient=\"{}\"></saml:SubjectConfirmationData>\
         </saml:SubjectConfirmation></saml:Subject>",
        name_id(facts),
        optional("InResponseTo", facts.in_response_to()),
        instant(expires),
        value(recipient),
    )
}

fn name_id(facts: &Facts<'_>) -> String {
    let person = facts.person;
    let (format, name) = match &facts.options().name_id {
        NameId::Email => (
            Some("urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"),
            person.email.clone(),
        ),
        NameId::Persistent => (
            Some("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"),
            person.subject.clone(),
        ),
        NameId::Transient => (
            Some("urn:oasis:names:tc:SAML:2.0:nameid-format:transient"),
            transient(&facts.ids.1),
        ),
        NameId::Unspecified => (
            Some("urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"),
            person.username.clone(),
        ),
        NameId::Other { format, value } => (format.as_deref(), value.clone()),
        NameId::Absent => return String::new(),
    };
    format!(
        "<saml:NameID{}>{}</saml:NameID>",
        optional("Format", format),
        text(&name)
    )
}

/// Another name for every assertion, and none that leads back to it.
fn transient(assertion_id: &str) -> String {
    let digest = digest::digest(&digest::SHA256, assertion_id.as_bytes());
    format!("_{}", STANDARD.encode(&digest.as_ref()[..18]))
}

fn conditions(facts: &Facts<'_>) -> String {
    let options = facts.options();
    let audiences = options
        .audiences
        .iter()
        .map(|audience| format!("<saml:Audience>{}</saml:Audience>", text(audience)))
        .collect::<Vec<_>>()
        .concat();
    let restriction = if audiences.is_empty() {
        String::new()
    } else {
        format!("<saml:AudienceRestriction>{audiences}</saml:AudienceRestriction>")
    };
    format!(
        "<saml:Conditions NotBefore=\"{}\" NotOnOrAfter=\"{}\">{restriction}</saml:Conditions>",
        instant(facts.issued() - options.valid_before),
        instant(facts.issued() + options.lifetime),
    )
}

fn authn_statement(facts: &Facts<'_>) -> String {
    let options = facts.options();
    let authenticated = options
        .authenticated_ago
        .map_or(facts.authenticated_at, |ago| facts.issued() - ago);
    let session_ends = options
        .session_lifetime
        .map(|lifetime| instant(facts.issued() + lifetime));
    format!(
        "<saml:AuthnStatement AuthnInstant=\"{}\" SessionIndex=\"{}\"{}><saml:AuthnContext><saml:AuthnContextClassRef>\
         {}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>",
        instant(authenticated),
        value(facts.session_index),
        optional("SessionNotOnOrAfter", session_ends.as_deref()),
        text(&options.authn_context),
    )
}

fn attribute_statement(facts: &Facts<'_>) -> String {
    let options = facts.options();
    let mut attributes = attributes(facts.person, options.aws_attributes);
    if let Some(edit) = &options.edit_attributes {
        edit(&mut attributes);
    }
    if attributes.is_empty() {
        return String::new();
    }
    let attributes = attributes
        .iter()
        .map(|(name, values)| {
            let values = values
                .iter()
                .map(|value| format!("<saml:AttributeValue>{}</saml:AttributeValue>", text(value)))
                .collect::<Vec<_>>()
                .concat();
            let format = if name.contains("://") { URI } else { BASIC };
            format!(
                "<saml:Attribute Name=\"{}\" NameFormat=\"{format}\">{values}</saml:Attribute>",
                value(name)
            )
        })
        .collect::<Vec<_>>()
        .concat();
    format!("<saml:AttributeStatement>{attributes}</saml:AttributeStatement>")
}

/// What the provider says about `person`, in order.
fn attributes(person: &Person, aws: bool) -> Vec<(String, Vec<String>)> {
    let mut attributes = vec![
        ("uid".to_owned(), vec![person.username.clone()]),
        ("mail".to_owned(), vec![person.email.clone()]),
        ("displayName".to_owned(), vec![person.display_name.clone()]),
    ];
    if !person.groups.is_empty() {
        attributes.push(("groups".to_owned(), person.groups.clone()));
    }
    for (name, values) in &person.attributes {
        attributes.push((name.clone(), values.clone()));
    }
    // a session name alone would tell AWS nothing
    if aws && !person.aws.roles.is_empty() {
        attributes.extend(aws_attributes(person));
    }
    attributes
}

fn aws_attributes(person: &Person) -> Vec<(String, Vec<String>)> {
    let claims = &person.aws;
    let mut attributes = Vec::new();
    let mut add = |name: &str, values: Vec<String>| {
        if !values.is_empty() {
            attributes.push((format!("{AWS}{name}"), values));
        }
    };
    let pairs = claims.roles.iter();
    add(
        "Role",
        pairs
            .map(|(role, provider)| format!("{role},{provider}"))
            .collect(),
    );
    add(
        "RoleSessionName",
        claims.role_session_name.iter().cloned().collect(),
    );
    add(
        "SessionDuration",
        claims
            .session_duration
            .iter()
            .map(ToString::to_string)
            .collect(),
    );
    for (key, tag) in &claims.principal_tags {
        add(&format!("PrincipalTag:{key}"), vec![tag.clone()]);
    }
    add("TransitiveTagKeys", claims.transitive_tag_keys.clone());
    add(
        "SourceIdentity",
        claims.source_identity.iter().cloned().collect(),
    );
    attributes
}

/// The shape of an encrypted assertion: a ciphertext that no key opens.
fn encrypted_stub(assertion: &str) -> String {
    let cipher = STANDARD.encode(digest::digest(&digest::SHA512, assertion.as_bytes()).as_ref());
    format!(
        "<saml:EncryptedAssertion><xenc:EncryptedData xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\" \
         Type=\"http://www.w3.org/2001/04/xmlenc#Element\"><xenc:EncryptionMethod \
         Algorithm=\"http://www.w3.org/2009/xmlenc11#aes256-gcm\"></xenc:EncryptionMethod><xenc:CipherData>\
         <xenc:CipherValue>{cipher}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData></saml:EncryptedAssertion>"
    )
}
