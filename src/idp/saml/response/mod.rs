//! What the signed bytes say, and whether it may be believed.
//!
//! SAML core §2, SAML profiles §4.1.4.3 (browser SSO), narrowed where AWS and NIST SP 800-63C ask for it: addressed
//! to us in every audience restriction, recipient and request id; within its times and young; one bearer
//! confirmation; a person with a name. Only [`judge`] makes a [`Verified`], and only from bytes that were signed.

mod audience;
mod checks;
mod forwarded;
mod instant;
mod reader;

use secrecy::SecretString;

use super::Error;
use super::metadata::Provider;
use super::screen::Envelope;
use super::signature::Signed;
use super::xml::Element;
use crate::config::SamlConfig;
use crate::domain::Timestamp;
use crate::domain::identity::{
    Attributes, Authentication, Identity, IdentityNotice, IdpId, Subject,
};
use crate::domain::partition::Partitions;
use crate::idp::{Once, Verified};

/// Instead of the groups, Entra sends where to ask for them when they are more than 150. Nobody asks there.
const GROUPS_ELSEWHERE: &str = "http://schemas.microsoft.com/claims/groups.link";

/// What the answer is measured against.
pub(super) struct Expected<'a> {
    /// Which provider this is to us.
    pub(super) idp: &'a IdpId,
    /// Our side of the configuration.
    pub(super) config: &'a SamlConfig,
    /// Theirs.
    pub(super) provider: &'a Provider,
    /// Whose audiences are AWS's.
    pub(super) partitions: &'a Partitions,
    /// The id of the request that it has to answer.
    pub(super) request_id: &'a str,
    /// The time.
    pub(super) now: Timestamp,
}

/// What a message says of a person, whoever wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Whom it names, if anybody.
    pub subject: Option<Subject>,
    /// What it says of them.
    pub attributes: Attributes,
}

/// Reads what a message says of a person and checks nothing of it: it says nothing about who anybody is.
pub(super) fn said(text: &str, root: Element) -> Result<Said, Error> {
    let assertion = reader::walk(text, root)?.assertion;
    Ok(Said {
        subject: assertion.name_id.map(|name_id| Subject {
            format: name_id.format,
            value: name_id.value,
        }),
        attributes: assertion.attributes,
    })
}

/// Checks what an envelope says about itself: refusals only.
pub(super) fn check_envelope(envelope: &Envelope, expected: &Expected<'_>) -> Result<(), Error> {
    checks::envelope(envelope, expected)
}

/// Reads the signed bytes and checks all they say. `base64` is the response as it came, for forwarding.
pub(super) fn judge(
    signed: &Signed,
    base64: String,
    expected: &Expected<'_>,
) -> Result<Verified, Error> {
    let read = reader::read(signed)?;
    if let Some(envelope) = &read.envelope {
        checks::signed_envelope(envelope, expected)?;
    }
    let assertion = read.assertion;
    let window = checks::assertion(&assertion, expected)?;
    let authentication = checks::authentication(&assertion, expected)?;
    let subject = checks::subject(&assertion)?;
    let proof = audience::names_aws(
        &assertion.audiences,
        expected.partitions,
        &expected.config.audiences,
    )
    .then(|| forwarded::proof(SecretString::from(base64), &assertion.attributes));
    let identity = identity(subject, assertion.attributes, authentication, expected);
    let once = Once {
        idp: expected.idp.clone(),
        id: assertion.id,
        until: window.until,
    };
    Ok(Verified::new(identity, once, proof))
}

fn identity(
    subject: Subject,
    attributes: Attributes,
    authentication: Authentication,
    expected: &Expected<'_>,
) -> Identity {
    let named = expected
        .config
        .name_attribute
        .as_ref()
        .and_then(|name| attributes.get(name)?.first())
        .map(|name| readable(name))
        .filter(|name| !name.is_empty());
    Identity {
        idp: expected.idp.clone(),
        display_name: named.unwrap_or_else(|| readable(&subject.value)),
        verified_email: checks::email(&subject),
        subject,
        notice: attributes
            .contains_key(GROUPS_ELSEWHERE)
            .then_some(IdentityNotice::GroupOverage),
        attributes,
        authentication,
    }
}

/// A name for people: no controls, no characters that turn the direction of text, not too long.
fn readable(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .take(128)
        .collect::<String>()
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests;
