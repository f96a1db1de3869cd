//! What the `Response` element says about itself.
//!
//! SAML core §3.2.2. Read twice: by the screen, from a document in which nothing is verified yet, so that only
//! refusals may be drawn from it; and, when the response itself was signed, from the verified bytes.

use crate::idp::saml::Error;
use crate::idp::saml::status::Status;
use crate::idp::saml::xml::{Element, Walker};

/// The envelope's own attributes, its issuer and its status.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::idp::saml) struct Envelope {
    pub(in crate::idp::saml) version: Option<String>,
    pub(in crate::idp::saml) issue_instant: Option<String>,
    pub(in crate::idp::saml) destination: Option<String>,
    pub(in crate::idp::saml) in_response_to: Option<String>,
    pub(in crate::idp::saml) issuer: Option<String>,
    pub(in crate::idp::saml) status: Status,
}

impl Envelope {
    /// Takes note of an element that begins.
    pub(in crate::idp::saml) fn open(
        &mut self,
        element: Element,
        walker: &Walker<'_>,
    ) -> Result<(), Error> {
        let attribute = |name| walker.attribute(name).map(str::to_owned);
        match element {
            Element::Response => {
                self.version = attribute("Version");
                self.issue_instant = attribute("IssueInstant");
                self.destination = attribute("Destination");
                self.in_response_to = attribute("InResponseTo");
            }
            Element::Issuer if walker.parent() == Some(Element::Response) => {
                self.issuer = Some(String::new());
            }
            Element::StatusCode => {
                let value = walker.attribute("Value");
                self.status
                    .push(value.ok_or(Error::Structure("a status code without value"))?);
            }
            _ => {}
        }
        Ok(())
    }

    /// Takes note of text in the element that is open.
    pub(in crate::idp::saml) fn text(&mut self, text: &str, walker: &Walker<'_>) {
        let in_issuer =
            walker.current() == Some(Element::Issuer) && walker.parent() == Some(Element::Response);
        if let (true, Some(issuer)) = (in_issuer, &mut self.issuer) {
            issuer.push_str(text);
        }
    }

    /// A response without success is no more than the news of it.
    pub(in crate::idp::saml) fn check_status(&self) -> Result<(), Error> {
        if self.status.is_missing() {
            Err(Error::Structure("no status"))
        } else if self.status.is_success() {
            Ok(())
        } else {
            Err(Error::IdpRefused(self.status.clone()))
        }
    }
}
