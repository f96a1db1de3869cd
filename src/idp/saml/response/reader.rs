//! The signed bytes as data, without judgement.
//!
//! Read by the same walk that screened the document, so every element is in its place and no text is split.
//! samael's types are not used for this: they lose repeated confirmations and restrictions, and with quick-xml's
//! deserialiser the exact bytes of a value.

use crate::domain::identity::Attributes;
use crate::idp::saml::Error;
use crate::idp::saml::screen::{Envelope, Holder};
use crate::idp::saml::signature::Signed;
use crate::idp::saml::xml::{Element, Step, Walker};

/// What the signed bytes hold.
#[derive(Default)]
pub(super) struct Read {
    /// The response's own words, if it was signed itself.
    pub(super) envelope: Option<Envelope>,
    pub(super) assertion: Assertion,
}

/// An assertion, its times still as written.
#[derive(Default)]
pub(super) struct Assertion {
    pub(super) id: String,
    pub(super) version: Option<String>,
    pub(super) issue_instant: Option<String>,
    pub(super) issuer: Option<String>,
    pub(super) name_id: Option<NameId>,
    pub(super) confirmations: Vec<Confirmation>,
    pub(super) conditions: Option<Conditions>,
    /// One list per `AudienceRestriction`.
    pub(super) audiences: Vec<Vec<String>>,
    pub(super) statements: Vec<AuthnStatement>,
    pub(super) contexts: Vec<String>,
    pub(super) attributes: Attributes,
}

#[derive(Default)]
pub(super) struct NameId {
    pub(super) format: String,
    pub(super) value: String,
}

#[derive(Default)]
pub(super) struct Confirmation {
    pub(super) method: Option<String>,
    pub(super) data: Option<ConfirmationData>,
}

pub(super) struct ConfirmationData {
    pub(super) recipient: Option<String>,
    pub(super) in_response_to: Option<String>,
    pub(super) not_before: Option<String>,
    pub(super) not_on_or_after: Option<String>,
}

pub(super) struct Conditions {
    pub(super) not_before: Option<String>,
    pub(super) not_on_or_after: Option<String>,
}

pub(super) struct AuthnStatement {
    pub(super) authn_instant: Option<String>,
    pub(super) session_not_on_or_after: Option<String>,
}

/// Reads the bytes of the signed element.
pub(super) fn read(signed: &Signed) -> Result<Read, Error> {
    let root = match signed.holder {
        Holder::Response => Element::Response,
        Holder::Assertion => Element::Assertion,
    };
    let read = walk(&signed.bytes, root)?;
    if read.assertion.id.is_empty() {
        return Err(Error::Structure("no assertion is signed"));
    }
    Ok(read)
}

/// Reads a message from its root, whoever vouches for it.
pub(super) fn walk(text: &str, root: Element) -> Result<Read, Error> {
    let mut walker = Walker::new(text, root)?;
    let mut read = Read {
        envelope: (root == Element::Response).then(Envelope::default),
        ..Read::default()
    };
    let mut pending = Pending::default();
    loop {
        match walker.next()? {
            Step::Open(element) => {
                pending.begin(element, &walker);
                if let Some(envelope) = &mut read.envelope {
                    envelope.open(element, &walker)?;
                }
                read.assertion.open(element, &walker);
            }
            Step::Text(text) => {
                if let Some(envelope) = &mut read.envelope {
                    envelope.text(&text, &walker);
                }
                pending.push(&text, &walker);
            }
            Step::Close(element) => {
                // popped by now: the innermost open element is the parent
                let parent = walker.current();
                read.assertion.close(element, parent, &mut pending)?;
            }
            Step::End => return Ok(read),
        }
    }
}

/// The text and attribute that are being gathered.
#[derive(Default)]
struct Pending {
    text: String,
    /// Name and values of the open `Attribute`.
    attribute: Option<(String, Vec<String>)>,
    /// Whether the open `AttributeValue` is none: nil, or not text.
    no_value: bool,
}

impl Pending {
    fn begin(&mut self, element: Element, walker: &Walker<'_>) {
        match element {
            Element::Attribute => {
                let name = walker.attribute("Name").unwrap_or_default().to_owned();
                self.attribute = Some((name, Vec::new()));
            }
            Element::AttributeValue => self.no_value = walker.is_nil(),
            Element::NameId if walker.parent() == Some(Element::AttributeValue) => {
                self.no_value = true;
            }
            _ => {}
        }
        self.text.clear();
    }

    fn push(&mut self, text: &str, walker: &Walker<'_>) {
        let read = matches!(
            walker.current(),
            Some(
                Element::Issuer
                    | Element::NameId
                    | Element::Audience
                    | Element::AttributeValue
                    | Element::AuthnContextClassRef
            )
        );
        if read {
            self.text.push_str(text);
        }
    }
}

impl Assertion {
    fn open(&mut self, element: Element, walker: &Walker<'_>) {
        let attribute = |name| walker.attribute(name).map(str::to_owned);
        match element {
            Element::Assertion => {
                self.id = attribute("ID").unwrap_or_default();
                self.version = attribute("Version");
                self.issue_instant = attribute("IssueInstant");
            }
            Element::NameId if walker.parent() == Some(Element::Subject) => {
                self.name_id = Some(NameId {
                    format: attribute("Format").unwrap_or_default(),
                    value: String::new(),
                });
            }
            Element::SubjectConfirmation => self.confirmations.push(Confirmation {
                method: attribute("Method"),
                data: None,
            }),
            Element::SubjectConfirmationData => {
                if let Some(confirmation) = self.confirmations.last_mut() {
                    confirmation.data = Some(ConfirmationData {
                        recipient: attribute("Recipient"),
                        in_response_to: attribute("InResponseTo"),
                        not_before: attribute("NotBefore"),
                        not_on_or_after: attribute("NotOnOrAfter"),
                    });
                }
            }
            Element::Conditions => {
                self.conditions = Some(Conditions {
                    not_before: attribute("NotBefore"),
                    not_on_or_after: attribute("NotOnOrAfter"),
                });
            }
            Element::AudienceRestriction => self.audiences.push(Vec::new()),
            Element::AuthnStatement => self.statements.push(AuthnStatement {
                authn_instant: attribute("AuthnInstant"),
                session_not_on_or_after: attribute("SessionNotOnOrAfter"),
            }),
            _ => {}
        }
    }

    fn close(
        &mut self,
        element: Element,
        parent: Option<Element>,
        pending: &mut Pending,
    ) -> Result<(), Error> {
        match (element, parent) {
            (Element::Issuer, Some(Element::Assertion)) => {
                self.issuer = Some(std::mem::take(&mut pending.text));
            }
            (Element::NameId, Some(Element::Subject)) => {
                if let Some(name_id) = &mut self.name_id {
                    name_id.value = std::mem::take(&mut pending.text);
                }
            }
            (Element::Audience, Some(Element::AudienceRestriction)) => {
                if let Some(restriction) = self.audiences.last_mut() {
                    restriction.push(std::mem::take(&mut pending.text));
                }
            }
            (Element::AuthnContextClassRef, _) => {
                self.contexts.push(std::mem::take(&mut pending.text));
            }
            (Element::AttributeValue, _) => {
                if let (false, Some((_, values))) = (pending.no_value, &mut pending.attribute) {
                    values.push(std::mem::take(&mut pending.text));
                }
            }
            (Element::Attribute, _) => self.take_attribute(pending)?,
            _ => {}
        }
        Ok(())
    }

    fn take_attribute(&mut self, pending: &mut Pending) -> Result<(), Error> {
        let Some((name, values)) = pending.attribute.take() else {
            return Ok(());
        };
        if name.is_empty() {
            return Err(Error::Attributes("one has no name"));
        }
        // two of one name: readers differ on whether the first counts, the last, or both
        if self.attributes.insert(name, values).is_some() {
            return Err(Error::Attributes(
                "one name stands twice: let the identity provider send all its values in one attribute",
            ));
        }
        Ok(())
    }
}
