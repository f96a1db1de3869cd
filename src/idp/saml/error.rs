//! Why a response was refused.
//!
//! One variant per rule; its code is what the audit log records and what an operator searches for. Nothing that a
//! message said is ever part of an error: the details are texts of this program.

use super::status::Status;

/// Why a SAML response was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Larger than 1 MB, decoded.
    #[error("the response is too large")]
    TooLarge,
    /// No strict base64 (RFC 4648 §4, line ends apart).
    #[error("the response is not base64")]
    NotBase64,
    /// Not UTF-8, or it says that it is something else.
    #[error("the response is not plain UTF-8: {0}")]
    Encoding(&'static str),
    /// Not well-formed, read strictly.
    #[error("the response is not well-formed XML: {0}")]
    NotXml(&'static str),
    /// Well-formed, perhaps, but with something that has no place in a SAML message.
    #[error("the response holds something refused: {0}")]
    Forbidden(&'static str),
    /// Elements or attributes that do not make a SAML response.
    #[error("the response is not built as SAML lays down: {0}")]
    Structure(&'static str),
    /// An encrypted assertion, name or attribute.
    #[error(
        "the response is encrypted, which is not supported: switch assertion encryption off at the identity provider"
    )]
    Encrypted,
    /// Nothing in it is signed.
    #[error("neither the response nor the assertion is signed")]
    Unsigned,
    /// Signed by SHA-1.
    #[error("the signature uses SHA-1: switch the identity provider to SHA-256")]
    Sha1,
    /// Signed by another algorithm that is not accepted.
    #[error("an algorithm of the signature is not accepted: {0}")]
    Algorithm(&'static str),
    /// The signature does not verify with a key of the provider's metadata.
    #[error("the signature does not verify: {0}")]
    Signature(&'static str),
    /// The second implementation does not agree with the first.
    #[error("the second verifier does not agree: {0}")]
    SecondOpinion(&'static str),
    /// The provider itself refused.
    #[error("the identity provider refused: {0}")]
    IdpRefused(Status),
    /// Not SAML 2.0.
    #[error("the version is not 2.0")]
    Version,
    /// Spoken by somebody else.
    #[error("the issuer is not the identity provider of this address")]
    Issuer,
    /// Sent to somebody else.
    #[error("the destination is not our assertion consumer service")]
    Destination,
    /// Meant for somebody else.
    #[error("the audience is not us: {0}")]
    Audience(&'static str),
    /// To be delivered to somebody else.
    #[error("the recipient is not our assertion consumer service")]
    Recipient,
    /// Not the answer to this login.
    #[error("the response does not answer the request of this login")]
    InResponseTo,
    /// No bearer confirmation that can be used.
    #[error("the subject confirmation cannot be used: {0}")]
    Confirmation(&'static str),
    /// A time that is no time, or absurd.
    #[error("a time is missing, malformed or absurd: {0}")]
    Instant(&'static str),
    /// `NotBefore` lies ahead.
    #[error("the assertion is not valid yet: check the clocks")]
    NotYetValid,
    /// `NotOnOrAfter` has passed.
    #[error("the assertion has expired")]
    Expired,
    /// Issued too long ago.
    #[error("the assertion is too old")]
    TooOld,
    /// Issued, or authenticated, in the future.
    #[error("the assertion comes from the future: check the clocks")]
    FromTheFuture,
    /// `Conditions` are missing.
    #[error("the assertion has no conditions")]
    NoConditions,
    /// No `AuthnStatement`.
    #[error("the assertion does not say how the person authenticated")]
    NoAuthentication,
    /// `SessionNotOnOrAfter` has passed.
    #[error("the session at the identity provider has ended")]
    SessionOver,
    /// No name, or one that cannot be a person's.
    #[error("the subject's name cannot be used: {0}")]
    NameId(&'static str),
    /// Attributes that could be read in two ways, or too many.
    #[error("the attributes cannot be used: {0}")]
    Attributes(&'static str),
    /// The provider's metadata has passed its `validUntil`.
    #[error("the identity provider's metadata has expired: load it anew")]
    MetadataExpired,
    /// The login was not sent to a SAML provider.
    #[error("this login was not begun by SAML")]
    Challenge,
}

impl Error {
    /// The reason code of the audit log.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "saml.size",
            Self::NotBase64 => "saml.base64",
            Self::Encoding(_) => "saml.encoding",
            Self::NotXml(_) => "saml.xml",
            Self::Forbidden(_) => "saml.forbidden",
            Self::Structure(_) => "saml.structure",
            Self::Encrypted => "saml.encrypted",
            Self::Unsigned => "saml.unsigned",
            Self::Sha1 => "saml.sha1",
            Self::Algorithm(_) => "saml.algorithm",
            Self::Signature(_) => "saml.signature",
            Self::SecondOpinion(_) => "saml.second_opinion",
            Self::IdpRefused(_) => "saml.idp_refused",
            Self::Version => "saml.version",
            Self::Issuer => "saml.issuer",
            Self::Destination => "saml.destination",
            Self::Audience(_) => "saml.audience",
            Self::Recipient => "saml.recipient",
            Self::InResponseTo => "saml.in_response_to",
            Self::Confirmation(_) => "saml.confirmation",
            Self::Instant(_) => "saml.instant",
            Self::NotYetValid => "saml.not_yet_valid",
            Self::Expired => "saml.expired",
            Self::TooOld => "saml.too_old",
            Self::FromTheFuture => "saml.from_the_future",
            Self::NoConditions => "saml.no_conditions",
            Self::NoAuthentication => "saml.no_authentication",
            Self::SessionOver => "saml.session_over",
            Self::NameId(_) => "saml.name_id",
            Self::Attributes(_) => "saml.attributes",
            Self::MetadataExpired => "saml.metadata_expired",
            Self::Challenge => "saml.challenge",
        }
    }
}
