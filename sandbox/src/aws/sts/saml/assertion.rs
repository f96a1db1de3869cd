//! The assertion as AWS reads it, from its canonical bytes alone.
//!
//! Typed and bounded: what must be there once is there once. Judging times, audience and names is
//! the business of `rules`.

use chrono::{DateTime, SubsecRound, Utc};

use super::xml::{ASSERTION, BadXml, Node, parse};

const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";

/// A verified assertion.
#[derive(Clone, Debug)]
pub(super) struct Assertion {
    pub(super) issuer: String,
    pub(super) issued: DateTime<Utc>,
    /// From when its five minutes are counted.
    pub(super) age_from: DateTime<Utc>,
    pub(super) name_id: Option<NameId>,
    pub(super) recipient: String,
    pub(super) not_before: Option<DateTime<Utc>>,
    /// Every end: of the conditions and of the subject's confirmation.
    pub(super) ends: Vec<DateTime<Utc>>,
    /// The audiences of each restriction.
    pub(super) audiences: Vec<Vec<String>>,
    /// The earliest `SessionNotOnOrAfter`.
    pub(super) session_end: Option<DateTime<Utc>>,
    /// The attributes, in order, with their values.
    pub(super) attributes: Vec<(String, Vec<String>)>,
}

/// The subject's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NameId {
    pub(super) value: String,
    pub(super) format: Option<String>,
}

impl Assertion {
    pub(super) fn parse(text: &str) -> Result<Self, BadXml> {
        let doc = parse(text)?;
        let root = Node::root(&doc)?;
        let one = |node: Node<'_>, name: &str| -> Result<String, BadXml> {
            node.only(ASSERTION, name)
                .and_then(Node::text)
                .ok_or(BadXml)
        };
        if !root.is(ASSERTION, "Assertion") || root.attribute("Version") != Some("2.0") {
            return Err(BadXml);
        }
        let subject = root.only(ASSERTION, "Subject").ok_or(BadXml)?;
        let confirmation = Confirmation::read(subject)?;
        let conditions = root.only(ASSERTION, "Conditions").ok_or(BadXml)?;
        let issued = time(root, "IssueInstant")?.ok_or(BadXml)?;
        let mut ends = vec![confirmation.end];
        ends.extend(time(conditions, "NotOnOrAfter")?);
        Ok(Self {
            issuer: one(root, "Issuer")?,
            issued,
            age_from: issued,
            name_id: name_id(subject)?,
            recipient: confirmation.recipient,
            not_before: time(conditions, "NotBefore")?,
            ends,
            audiences: audiences(conditions)?,
            session_end: session_end(root)?,
            attributes: attributes(root)?,
        })
    }

    /// The values of an attribute; `None` when it is absent or stands several times.
    pub(super) fn values(&self, name: &str) -> Option<&[String]> {
        let mut found = self.attributes.iter().filter(|(known, _)| known == name);
        let (_, values) = found.next()?;
        found.next().is_none().then_some(values)
    }
}

struct Confirmation {
    recipient: String,
    end: DateTime<Utc>,
}

impl Confirmation {
    fn read(subject: Node<'_>) -> Result<Self, BadXml> {
        let confirmation = subject
            .only(ASSERTION, "SubjectConfirmation")
            .ok_or(BadXml)?;
        if confirmation.attribute("Method") != Some(BEARER) {
            return Err(BadXml);
        }
        let data = confirmation
            .only(ASSERTION, "SubjectConfirmationData")
            .ok_or(BadXml)?;
        Ok(Self {
            recipient: data.attribute("Recipient").ok_or(BadXml)?.to_owned(),
            end: time(data, "NotOnOrAfter")?.ok_or(BadXml)?,
        })
    }
}

fn name_id(subject: Node<'_>) -> Result<Option<NameId>, BadXml> {
    let names = subject.children(ASSERTION, "NameID");
    let name = match names.as_slice() {
        [] => return Ok(None),
        [one] => *one,
        _ => return Err(BadXml),
    };
    let value = name.text().ok_or(BadXml)?;
    let format = name.attribute("Format").map(str::to_owned);
    Ok((!value.is_empty()).then_some(NameId { value, format }))
}

fn audiences(conditions: Node<'_>) -> Result<Vec<Vec<String>>, BadXml> {
    let restrictions = conditions.children(ASSERTION, "AudienceRestriction");
    restrictions
        .into_iter()
        .map(|restriction| {
            let audiences = restriction.children(ASSERTION, "Audience");
            audiences
                .into_iter()
                .map(|one| one.text().ok_or(BadXml))
                .collect()
        })
        .collect()
}

fn session_end(root: Node<'_>) -> Result<Option<DateTime<Utc>>, BadXml> {
    let mut earliest = None;
    for statement in root.children(ASSERTION, "AuthnStatement") {
        if let Some(end) = time(statement, "SessionNotOnOrAfter")? {
            earliest = Some(earliest.map_or(end, |known: DateTime<Utc>| known.min(end)));
        }
    }
    Ok(earliest)
}

fn attributes(root: Node<'_>) -> Result<Vec<(String, Vec<String>)>, BadXml> {
    let mut attributes = Vec::new();
    for statement in root.children(ASSERTION, "AttributeStatement") {
        for attribute in statement.children(ASSERTION, "Attribute") {
            let name = attribute.attribute("Name").ok_or(BadXml)?.to_owned();
            let values = attribute.children(ASSERTION, "AttributeValue");
            let values = values.into_iter().filter_map(Node::text).collect();
            attributes.push((name, values));
        }
    }
    Ok(attributes)
}

/// A time attribute in whole seconds.
fn time(node: Node<'_>, name: &str) -> Result<Option<DateTime<Utc>>, BadXml> {
    let Some(text) = node.attribute(name) else {
        return Ok(None);
    };
    moment(text).map(Some)
}

/// A time in whole seconds.
pub(super) fn moment(text: &str) -> Result<DateTime<Utc>, BadXml> {
    let time = DateTime::parse_from_rfc3339(text).map_err(|_| BadXml)?;
    Ok(time.with_timezone(&Utc).trunc_subsecs(0))
}
