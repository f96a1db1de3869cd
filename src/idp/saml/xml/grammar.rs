//! Where each element may stand, in which order, how often, and with which attributes.
//!
//! A narrowed reading of the schemas of SAML 2.0 and XML Signature. Left out because they can hold a second
//! assertion or signature, or fetch and compute before anything is verified: `Extensions`, `Advice`, `Evidence`,
//! `BaseID`, `AuthnContextDecl`, `ds:Object`, `ds:Manifest`, `ds:RetrievalMethod`, transforms' own content.

use super::Element;

/// A place for a child: its rank in the order, and whether more than one may stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) rank: u8,
    pub(super) many: bool,
}

const fn one(rank: u8) -> Place {
    Place { rank, many: false }
}

const fn many(rank: u8) -> Place {
    Place { rank, many: true }
}

/// Where `child` may stand in `parent`; `None`: nowhere.
pub(super) fn place(parent: Element, child: Element) -> Option<Place> {
    in_protocol(parent, child)
        .or_else(|| in_assertion(parent, child))
        .or_else(|| in_signature(parent, child))
        .or_else(|| in_key_info(parent, child))
}

#[expect(
    clippy::match_same_arms,
    reason = "one parent's ranks have nothing to do with another's"
)]
fn in_protocol(parent: Element, child: Element) -> Option<Place> {
    use Element as E;
    Some(match (parent, child) {
        (E::Response, E::Issuer) => one(0),
        (E::Response, E::Signature) => one(1),
        (E::Response, E::Status) => one(2),
        (E::Response, E::Assertion | E::EncryptedAssertion) => one(3),
        (E::Status | E::StatusCode, E::StatusCode) => one(0),
        (E::Status, E::StatusMessage) => one(1),
        (E::Status, E::StatusDetail) => one(2),
        (E::StatusDetail | E::Foreign, E::Foreign) => many(0),
        _ => return None,
    })
}

#[expect(
    clippy::match_same_arms,
    reason = "one parent's ranks have nothing to do with another's"
)]
fn in_assertion(parent: Element, child: Element) -> Option<Place> {
    use Element as E;
    Some(match (parent, child) {
        (E::Assertion, E::Issuer) => one(0),
        (E::Assertion, E::Signature) => one(1),
        (E::Assertion, E::Subject) => one(2),
        (E::Assertion, E::Conditions) => one(3),
        (E::Assertion, E::AuthnStatement | E::AttributeStatement) => many(4),
        (E::Subject, E::NameId | E::EncryptedId) => one(0),
        (E::Subject, E::SubjectConfirmation) => many(1),
        (E::SubjectConfirmation, E::SubjectConfirmationData) => one(0),
        (E::Conditions, E::AudienceRestriction | E::OneTimeUse | E::ProxyRestriction) => many(0),
        (E::AudienceRestriction | E::ProxyRestriction, E::Audience) => many(0),
        (E::AuthnStatement, E::SubjectLocality) => one(0),
        (E::AuthnStatement, E::AuthnContext) => one(1),
        (E::AuthnContext, E::AuthnContextClassRef) => one(0),
        (E::AuthnContext, E::AuthnContextDeclRef) => one(1),
        (E::AuthnContext, E::AuthenticatingAuthority) => many(2),
        (E::AttributeStatement, E::Attribute | E::EncryptedAttribute) => many(0),
        (E::Attribute, E::AttributeValue) => many(0),
        (E::AttributeValue, E::NameId) => one(0),
        _ => return None,
    })
}

#[expect(
    clippy::match_same_arms,
    reason = "one parent's ranks have nothing to do with another's"
)]
fn in_signature(parent: Element, child: Element) -> Option<Place> {
    use Element as E;
    Some(match (parent, child) {
        (E::Signature, E::SignedInfo) => one(0),
        (E::Signature, E::SignatureValue) => one(1),
        (E::Signature, E::KeyInfo) => one(2),
        (E::SignedInfo, E::CanonicalizationMethod) => one(0),
        (E::SignedInfo, E::SignatureMethod) => one(1),
        (E::SignedInfo, E::Reference) => one(2),
        (E::Reference, E::Transforms) => one(0),
        (E::Reference, E::DigestMethod) => one(1),
        (E::Reference, E::DigestValue) => one(2),
        (E::Transforms, E::Transform) => many(0),
        (E::CanonicalizationMethod | E::Transform, E::InclusiveNamespaces) => one(0),
        _ => return None,
    })
}

/// `KeyInfo` proves nothing and is read by nobody, but IdPs send it.
#[expect(
    clippy::match_same_arms,
    reason = "one parent's ranks have nothing to do with another's"
)]
fn in_key_info(parent: Element, child: Element) -> Option<Place> {
    use Element as E;
    Some(match (parent, child) {
        (E::KeyInfo, E::KeyName | E::KeyValue | E::X509Data) => many(0),
        (E::KeyValue, E::RsaKeyValue | E::EcKeyValue) => one(0),
        (E::RsaKeyValue, E::Modulus) => one(0),
        (E::RsaKeyValue, E::Exponent) => one(1),
        (E::EcKeyValue, E::NamedCurve) => one(0),
        (E::EcKeyValue, E::PublicKey) => one(1),
        (E::X509Data, E::X509Certificate | E::X509SubjectName | E::X509Ski | E::X509Crl) => many(0),
        (E::X509Data, E::X509IssuerSerial) => many(0),
        (E::X509IssuerSerial, E::X509IssuerName) => one(0),
        (E::X509IssuerSerial, E::X509SerialNumber) => one(1),
        _ => return None,
    })
}

/// Whether `element` holds text; in the others only white space may stand between children.
pub(super) fn holds_text(element: Element) -> bool {
    use Element as E;
    matches!(
        element,
        E::Issuer
            | E::NameId
            | E::Audience
            | E::AttributeValue
            | E::AuthnContextClassRef
            | E::AuthnContextDeclRef
            | E::AuthenticatingAuthority
            | E::StatusMessage
            | E::StatusDetail
            | E::Foreign
            | E::DigestValue
            | E::SignatureValue
            | E::KeyName
            | E::Modulus
            | E::Exponent
            | E::PublicKey
            | E::X509Certificate
            | E::X509IssuerName
            | E::X509SerialNumber
            | E::X509SubjectName
            | E::X509Ski
            | E::X509Crl
    )
}

/// The attributes without namespace that `element` may carry.
pub(super) fn attributes(element: Element) -> &'static [&'static str] {
    use Element as E;
    match element {
        E::Response => &[
            "ID",
            "InResponseTo",
            "Version",
            "IssueInstant",
            "Destination",
            "Consent",
        ],
        E::Assertion => &["ID", "Version", "IssueInstant"],
        E::Issuer | E::NameId => &["Format", "NameQualifier", "SPNameQualifier", "SPProvidedID"],
        E::StatusCode => &["Value"],
        E::SubjectConfirmation => &["Method"],
        E::SubjectConfirmationData => &[
            "NotBefore",
            "NotOnOrAfter",
            "Recipient",
            "InResponseTo",
            "Address",
        ],
        E::Conditions => &["NotBefore", "NotOnOrAfter"],
        E::ProxyRestriction => &["Count"],
        E::AuthnStatement => &["AuthnInstant", "SessionIndex", "SessionNotOnOrAfter"],
        E::SubjectLocality => &["Address", "DNSName"],
        E::Attribute => &["Name", "NameFormat", "FriendlyName"],
        E::Signature | E::SignedInfo | E::SignatureValue | E::KeyInfo | E::EcKeyValue => &["Id"],
        E::Reference => &["Id", "URI", "Type"],
        E::CanonicalizationMethod | E::SignatureMethod | E::Transform | E::DigestMethod => {
            &["Algorithm"]
        }
        E::InclusiveNamespaces => &["PrefixList"],
        E::NamedCurve => &["URI"],
        _ => &[],
    }
}

/// Whether the schema lets `element` carry attributes of other namespaces.
pub(super) fn takes_foreign_attributes(element: Element) -> bool {
    matches!(
        element,
        Element::Attribute
            | Element::AttributeValue
            | Element::SubjectConfirmationData
            | Element::Foreign
    )
}
