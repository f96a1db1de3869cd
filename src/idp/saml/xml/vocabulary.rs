//! The elements that may occur, by namespace and name.
//!
//! SAML 2.0 core §2 and §3, XML Signature §4. What is not here is unknown, and an unknown element is refused
//! everywhere but inside `StatusDetail`, which only a refusal carries and nobody reads.

use super::scope::Namespace;

/// A known element. `Foreign` stands for any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::idp::saml) enum Element {
    Response,
    Status,
    StatusCode,
    StatusMessage,
    StatusDetail,
    Assertion,
    EncryptedAssertion,
    Issuer,
    Subject,
    NameId,
    EncryptedId,
    SubjectConfirmation,
    SubjectConfirmationData,
    Conditions,
    AudienceRestriction,
    Audience,
    OneTimeUse,
    ProxyRestriction,
    AuthnStatement,
    SubjectLocality,
    AuthnContext,
    AuthnContextClassRef,
    AuthnContextDeclRef,
    AuthenticatingAuthority,
    AttributeStatement,
    Attribute,
    EncryptedAttribute,
    AttributeValue,
    Signature,
    SignedInfo,
    CanonicalizationMethod,
    SignatureMethod,
    Reference,
    Transforms,
    Transform,
    InclusiveNamespaces,
    DigestMethod,
    DigestValue,
    SignatureValue,
    KeyInfo,
    KeyName,
    KeyValue,
    RsaKeyValue,
    Modulus,
    Exponent,
    EcKeyValue,
    NamedCurve,
    PublicKey,
    X509Data,
    X509Certificate,
    X509IssuerSerial,
    X509IssuerName,
    X509SerialNumber,
    X509SubjectName,
    X509Ski,
    X509Crl,
    Foreign,
}

impl Element {
    /// The element that a name means; `None` for an unknown name in a namespace whose elements are all listed here.
    pub(super) fn named(namespace: Namespace<'_>, local: &str) -> Option<Self> {
        match namespace {
            Namespace::Samlp => protocol(local),
            Namespace::Saml => assertion(local).or_else(|| statement(local)),
            Namespace::Signature => signature(local).or_else(|| key_info(local)),
            Namespace::Signature11 => match local {
                "ECKeyValue" => Some(Self::EcKeyValue),
                "NamedCurve" => Some(Self::NamedCurve),
                "PublicKey" => Some(Self::PublicKey),
                _ => None,
            },
            Namespace::ExclusiveC14n => {
                (local == "InclusiveNamespaces").then_some(Self::InclusiveNamespaces)
            }
            Namespace::Encryption | Namespace::Xml | Namespace::SchemaInstance => None,
            Namespace::None | Namespace::Other(_) => Some(Self::Foreign),
        }
    }
}

fn protocol(local: &str) -> Option<Element> {
    Some(match local {
        "Response" => Element::Response,
        "Status" => Element::Status,
        "StatusCode" => Element::StatusCode,
        "StatusMessage" => Element::StatusMessage,
        "StatusDetail" => Element::StatusDetail,
        _ => return None,
    })
}

fn assertion(local: &str) -> Option<Element> {
    Some(match local {
        "AttributeValue" => Element::AttributeValue,
        "Attribute" => Element::Attribute,
        "Assertion" => Element::Assertion,
        "EncryptedAssertion" => Element::EncryptedAssertion,
        "Issuer" => Element::Issuer,
        "Subject" => Element::Subject,
        "NameID" => Element::NameId,
        "EncryptedID" => Element::EncryptedId,
        "SubjectConfirmation" => Element::SubjectConfirmation,
        "SubjectConfirmationData" => Element::SubjectConfirmationData,
        "Conditions" => Element::Conditions,
        "AudienceRestriction" => Element::AudienceRestriction,
        "Audience" => Element::Audience,
        "OneTimeUse" => Element::OneTimeUse,
        "ProxyRestriction" => Element::ProxyRestriction,
        _ => return None,
    })
}

fn statement(local: &str) -> Option<Element> {
    Some(match local {
        "AuthnStatement" => Element::AuthnStatement,
        "SubjectLocality" => Element::SubjectLocality,
        "AuthnContext" => Element::AuthnContext,
        "AuthnContextClassRef" => Element::AuthnContextClassRef,
        "AuthnContextDeclRef" => Element::AuthnContextDeclRef,
        "AuthenticatingAuthority" => Element::AuthenticatingAuthority,
        "AttributeStatement" => Element::AttributeStatement,
        "EncryptedAttribute" => Element::EncryptedAttribute,
        _ => return None,
    })
}

fn signature(local: &str) -> Option<Element> {
    Some(match local {
        "Signature" => Element::Signature,
        "SignedInfo" => Element::SignedInfo,
        "CanonicalizationMethod" => Element::CanonicalizationMethod,
        "SignatureMethod" => Element::SignatureMethod,
        "Reference" => Element::Reference,
        "Transforms" => Element::Transforms,
        "Transform" => Element::Transform,
        "DigestMethod" => Element::DigestMethod,
        "DigestValue" => Element::DigestValue,
        "SignatureValue" => Element::SignatureValue,
        "KeyInfo" => Element::KeyInfo,
        _ => return None,
    })
}

fn key_info(local: &str) -> Option<Element> {
    Some(match local {
        "KeyName" => Element::KeyName,
        "KeyValue" => Element::KeyValue,
        "RSAKeyValue" => Element::RsaKeyValue,
        "Modulus" => Element::Modulus,
        "Exponent" => Element::Exponent,
        "X509Data" => Element::X509Data,
        "X509Certificate" => Element::X509Certificate,
        "X509IssuerSerial" => Element::X509IssuerSerial,
        "X509IssuerName" => Element::X509IssuerName,
        "X509SerialNumber" => Element::X509SerialNumber,
        "X509SubjectName" => Element::X509SubjectName,
        "X509SKI" => Element::X509Ski,
        "X509CRL" => Element::X509Crl,
        _ => return None,
    })
}
