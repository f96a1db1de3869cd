//! What the SAML provider puts into a response, and every way in which a test can make it lie.
//!
//! The defaults are an honest provider's. Each service provider has options of its own.

use std::sync::Arc;

use chrono::Duration;

use crate::idp::key::{Algorithm, Key};

/// An edit of XML text.
pub type Edit = Arc<dyn Fn(String) -> String + Send + Sync>;

/// An edit of the attributes before they are written: names with their values, in order.
pub type AttributeEdit = Arc<dyn Fn(&mut Vec<(String, Vec<String>)>) + Send + Sync>;

/// Which elements are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    /// The assertion alone.
    Assertion,
    /// The response alone.
    Response,
    /// Both.
    Both,
    /// Nothing.
    Neither,
}

impl Signed {
    pub(super) fn assertion(self) -> bool {
        matches!(self, Self::Assertion | Self::Both)
    }

    pub(super) fn response(self) -> bool {
        matches!(self, Self::Response | Self::Both)
    }
}

/// The subject's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameId {
    /// The mail address.
    Email,
    /// The person's opaque id.
    Persistent,
    /// Another value every time.
    Transient,
    /// The username, without a promise.
    Unspecified,
    /// Whatever the test says; `format: None` leaves the attribute out.
    Other {
        /// The `Format` attribute.
        format: Option<String>,
        /// The text.
        value: String,
    },
    /// No name at all.
    Absent,
}

/// What stands in `InResponseTo`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InResponseTo {
    /// The request's id, if there was a request.
    Echo,
    /// Nothing.
    Absent,
    /// Something else.
    Other(String),
}

/// A status other than success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The top-level code, of `Requester`, `Responder`, `VersionMismatch`.
    pub code: String,
    /// The second-level code, such as `AuthnFailed`.
    pub sub_code: Option<String>,
    /// A text for readers.
    pub message: Option<String>,
    /// Whether an assertion comes along all the same.
    pub with_assertion: bool,
}

impl Refusal {
    /// `Responder` with the given second-level code, and no assertion.
    pub fn responder(sub_code: &str) -> Self {
        Self {
            code: "Responder".to_owned(),
            sub_code: Some(sub_code.to_owned()),
            message: None,
            with_assertion: false,
        }
    }
}

/// What goes into a response.
#[derive(Clone)]
pub struct ResponseOptions {
    /// Which elements are signed.
    pub signed: Signed,
    /// How.
    pub algorithm: Algorithm,
    /// The digest: `Some` for another one than the algorithm's own (`sha1`, `sha256`, `sha384`, `sha512`).
    pub digest: Option<&'static str>,
    /// Another key than the provider's.
    pub key: Option<Arc<Key>>,
    /// The `PrefixList` of the exclusive canonicalisation.
    pub prefix_list: Option<String>,
    /// Whether the signature carries its certificate.
    pub key_info: bool,
    /// The subject's name.
    pub name_id: NameId,
    /// The audiences, all in one restriction. Empty: no restriction.
    pub audiences: Vec<String>,
    /// Another issuer than the provider.
    pub issuer: Option<String>,
    /// Another `Destination` than the assertion consumer service.
    pub destination: Option<String>,
    /// Another `Recipient` than the assertion consumer service.
    pub recipient: Option<String>,
    /// What stands in `InResponseTo`, of the response and of the subject confirmation.
    pub in_response_to: InResponseTo,
    /// How long ago everything was issued; negative for the future.
    pub issued_ago: Duration,
    /// How long before the issue time the assertion is already valid.
    pub valid_before: Duration,
    /// How long after the issue time it is.
    pub lifetime: Duration,
    /// `SessionNotOnOrAfter`, counted from the issue time.
    pub session_lifetime: Option<Duration>,
    /// How long before the issue time the person typed their password, if not as it was.
    pub authenticated_ago: Option<Duration>,
    /// The authentication context's class.
    pub authn_context: String,
    /// Whether AWS's own attributes are sent, for people who have any.
    pub aws_attributes: bool,
    /// Changes the attributes.
    pub edit_attributes: Option<AttributeEdit>,
    /// A status other than success.
    pub refusal: Option<Refusal>,
    /// Puts an `EncryptedAssertion` in the assertion's place: its shape only, nobody can open it.
    pub encrypted: bool,
    /// Changes the assertion before it is signed.
    pub edit_assertion: Option<Edit>,
    /// Changes the response before it is signed, with the assertion as it then is.
    pub edit_response: Option<Edit>,
    /// Changes the whole after all signing.
    pub edit_signed: Option<Edit>,
}

/// Authentication by a password over a protected line.
pub const PASSWORD_CONTEXT: &str =
    "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";

impl Default for ResponseOptions {
    fn default() -> Self {
        Self {
            signed: Signed::Both,
            algorithm: Algorithm::RsaSha256,
            digest: None,
            key: None,
            prefix_list: None,
            key_info: true,
            name_id: NameId::Email,
            audiences: Vec::new(),
            issuer: None,
            destination: None,
            recipient: None,
            in_response_to: InResponseTo::Echo,
            issued_ago: Duration::zero(),
            valid_before: Duration::seconds(30),
            lifetime: Duration::minutes(5),
            session_lifetime: Some(Duration::hours(12)),
            authenticated_ago: None,
            authn_context: PASSWORD_CONTEXT.to_owned(),
            aws_attributes: true,
            edit_attributes: None,
            refusal: None,
            encrypted: false,
            edit_assertion: None,
            edit_response: None,
            edit_signed: None,
        }
    }
}

/// An application that the provider answers.
#[derive(Clone)]
pub struct ServiceProvider {
    /// Its entity id.
    pub entity_id: String,
    /// Where its responses go.
    pub acs_url: String,
    /// What goes into them.
    pub options: ResponseOptions,
}

impl ServiceProvider {
    /// One whose responses name it as their audience, and AWS beside it, so that they can be forwarded.
    pub fn new(entity_id: impl Into<String>, acs_url: impl Into<String>) -> Self {
        let entity_id = entity_id.into();
        Self {
            acs_url: acs_url.into(),
            options: ResponseOptions {
                audiences: vec![
                    entity_id.clone(),
                    "https://signin.aws.amazon.com/saml".to_owned(),
                    "urn:amazon:webservices:govcloud".to_owned(),
                ],
                ..ResponseOptions::default()
            },
            entity_id,
        }
    }
}
