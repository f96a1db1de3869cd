//! The rules.
//!
//! SAML profiles §4.1.4.3 and core §2.4–2.7, each as one function. All times are compared with the leeway that the
//! configuration allows the provider's clock.

use chrono::TimeDelta;

use super::reader::{Assertion, Confirmation, ConfirmationData};
use super::{Expected, audience, instant};
use crate::domain::Timestamp;
use crate::domain::identity::{Authentication, Subject};
use crate::idp::saml::Error;
use crate::idp::saml::screen::Envelope;

const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
const EMAIL_ADDRESS: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
/// A name longer than this is no name (in bytes).
const MAX_NAME_ID: usize = 1024;
/// No assertion may call itself valid for longer.
const MAX_LIFE: TimeDelta = TimeDelta::days(31);
/// No session at a provider lasts longer.
const MAX_SESSION: TimeDelta = TimeDelta::days(366);

/// Until when an assertion could be presented.
pub(super) struct Window {
    /// Refused for its age alone from then on.
    pub(super) until: Timestamp,
}

impl Expected<'_> {
    fn leeway(&self) -> TimeDelta {
        TimeDelta::seconds(i64::from(self.config.leeway_seconds))
    }

    fn max_age(&self) -> TimeDelta {
        TimeDelta::seconds(i64::from(self.config.max_age_seconds))
    }

    fn is_over(&self, end: Timestamp) -> bool {
        end + self.leeway() <= self.now
    }

    fn lies_ahead(&self, time: Timestamp) -> bool {
        time > self.now + self.leeway()
    }
}

/// What an envelope may say, signed or not.
pub(super) fn envelope(envelope: &Envelope, expected: &Expected<'_>) -> Result<(), Error> {
    envelope.check_status()?;
    if envelope.version.as_deref() != Some("2.0") {
        return Err(Error::Version);
    }
    if envelope
        .issuer
        .as_ref()
        .is_some_and(|issuer| *issuer != expected.provider.entity_id)
    {
        return Err(Error::Issuer);
    }
    if envelope
        .destination
        .as_ref()
        .is_some_and(|destination| destination != expected.config.acs_url.as_str())
    {
        return Err(Error::Destination);
    }
    if envelope
        .in_response_to
        .as_ref()
        .is_some_and(|id| id != expected.request_id)
    {
        return Err(Error::InResponseTo);
    }
    Ok(())
}

/// What a signed response must say beyond that (SAML bindings §3.5.5.2).
pub(super) fn signed_envelope(read: &Envelope, expected: &Expected<'_>) -> Result<(), Error> {
    envelope(read, expected)?;
    if read.destination.is_none() {
        return Err(Error::Destination);
    }
    check_issued(read.issue_instant.as_ref(), expected).map(drop)
}

/// Everything but the person: version, issuer, confirmation, conditions, audience, times.
pub(super) fn assertion(assertion: &Assertion, expected: &Expected<'_>) -> Result<Window, Error> {
    if assertion.version.as_deref() != Some("2.0") {
        return Err(Error::Version);
    }
    if assertion.issuer.as_deref() != Some(expected.provider.entity_id.as_str()) {
        return Err(Error::Issuer);
    }
    let issued = check_issued(assertion.issue_instant.as_ref(), expected)?;
    let confirmed = confirmation(&assertion.confirmations, expected)?;
    let conditions = assertion.conditions.as_ref().ok_or(Error::NoConditions)?;
    let ends = check_times(
        conditions.not_before.as_ref(),
        conditions.not_on_or_after.as_ref(),
        expected,
    )?;
    let config = expected.config;
    audience::check(&assertion.audiences, |audience| {
        audience == config.entity_id || config.audiences.iter().any(|ours| ours == audience)
    })?;
    let first = (issued + expected.max_age()).min(confirmed);
    Ok(Window {
        until: ends.map_or(first, |end| end.min(first)) + expected.leeway(),
    })
}

fn check_issued(
    issue_instant: Option<&String>,
    expected: &Expected<'_>,
) -> Result<Timestamp, Error> {
    const NAME: &str = "IssueInstant";
    let issued = instant::optional(issue_instant, NAME)?.ok_or(Error::Instant(NAME))?;
    if expected.lies_ahead(issued) {
        return Err(Error::FromTheFuture);
    }
    if expected.is_over(issued + expected.max_age()) {
        return Err(Error::TooOld);
    }
    Ok(issued)
}

/// The end, if there is one.
fn check_times(
    not_before: Option<&String>,
    not_on_or_after: Option<&String>,
    expected: &Expected<'_>,
) -> Result<Option<Timestamp>, Error> {
    let begins = instant::optional(not_before, "NotBefore")?;
    let ends = instant::optional(not_on_or_after, "NotOnOrAfter")?;
    if begins.is_some_and(|begins| expected.lies_ahead(begins)) {
        return Err(Error::NotYetValid);
    }
    if let Some(ends) = ends {
        if expected.is_over(ends) {
            return Err(Error::Expired);
        }
        if ends > expected.now + MAX_LIFE || begins.is_some_and(|begins| begins >= ends) {
            return Err(Error::Instant("NotOnOrAfter"));
        }
    }
    Ok(ends)
}

/// Exactly one bearer confirmation, and it is for us, for this login and for now; gives its end.
fn confirmation(
    confirmations: &[Confirmation],
    expected: &Expected<'_>,
) -> Result<Timestamp, Error> {
    let mut bearers = confirmations
        .iter()
        .filter(|confirmation| confirmation.method.as_deref() == Some(BEARER));
    let bearer = bearers
        .next()
        .ok_or(Error::Confirmation("there is no bearer one"))?;
    if bearers.next().is_some() {
        return Err(Error::Confirmation("there are several bearer ones"));
    }
    let data = bearer
        .data
        .as_ref()
        .ok_or(Error::Confirmation("it has no data"))?;
    check_data(data, expected)
}

fn check_data(data: &ConfirmationData, expected: &Expected<'_>) -> Result<Timestamp, Error> {
    if data.recipient.as_deref() != Some(expected.config.acs_url.as_str()) {
        return Err(Error::Recipient);
    }
    if data.in_response_to.as_deref() != Some(expected.request_id) {
        return Err(Error::InResponseTo);
    }
    let ends = check_times(
        data.not_before.as_ref(),
        data.not_on_or_after.as_ref(),
        expected,
    )?;
    ends.ok_or(Error::Confirmation("it has no NotOnOrAfter"))
}

/// How and when the person authenticated.
pub(super) fn authentication(
    assertion: &Assertion,
    expected: &Expected<'_>,
) -> Result<Authentication, Error> {
    let mut at: Option<Timestamp> = None;
    let mut session_ends: Option<Timestamp> = None;
    for statement in &assertion.statements {
        let instant = instant::optional(statement.authn_instant.as_ref(), "AuthnInstant")?
            .ok_or(Error::Instant("AuthnInstant"))?;
        if expected.lies_ahead(instant) {
            return Err(Error::FromTheFuture);
        }
        // of several, the one that proves least
        at = Some(at.map_or(instant, |other| other.min(instant)));
        let Some(end) = instant::optional(
            statement.session_not_on_or_after.as_ref(),
            "SessionNotOnOrAfter",
        )?
        else {
            continue;
        };
        // no leeway: a session that has ended by our clock would be over before its first page
        if end <= expected.now {
            return Err(Error::SessionOver);
        }
        if end > expected.now + MAX_SESSION {
            return Err(Error::Instant("SessionNotOnOrAfter"));
        }
        session_ends = Some(session_ends.map_or(end, |other| other.min(end)));
    }
    if at.is_none() {
        return Err(Error::NoAuthentication);
    }
    Ok(Authentication {
        at,
        context: assertion.contexts.clone(),
        class: class(assertion),
        session_ends,
    })
}

/// The class that every statement names; of several that differ, none can be said to be the login's.
fn class(assertion: &Assertion) -> Option<String> {
    let (first, others) = assertion.contexts.split_first()?;
    let all = assertion.contexts.len() == assertion.statements.len()
        && others.iter().all(|other| other == first);
    all.then(|| first.clone())
}

/// The person, byte for byte.
pub(super) fn subject(assertion: &Assertion) -> Result<Subject, Error> {
    let name_id = assertion
        .name_id
        .as_ref()
        .ok_or(Error::NameId("it is missing"))?;
    let value = name_id.value.as_str();
    if value.is_empty() {
        return Err(Error::NameId("it is empty"));
    }
    if value.len() > MAX_NAME_ID || name_id.format.len() > MAX_NAME_ID {
        return Err(Error::NameId("it is too long"));
    }
    if value.chars().any(char::is_control) || name_id.format.chars().any(char::is_control) {
        return Err(Error::NameId("it has control characters"));
    }
    // it would look like somebody else's
    if value.trim() != value {
        return Err(Error::NameId("it has white space at an end"));
    }
    Ok(Subject {
        format: name_id.format.clone(),
        value: value.to_owned(),
    })
}

/// The e-mail address that a subject is, if its format says so.
pub(super) fn email(subject: &Subject) -> Option<String> {
    let (local, domain) = subject.value.rsplit_once('@')?;
    let plain = !local.is_empty()
        && domain.contains('.')
        && !local.contains('@')
        && !subject.value.contains(char::is_whitespace);
    (subject.format == EMAIL_ADDRESS && plain).then(|| subject.value.clone())
}
