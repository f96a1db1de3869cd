//! A person's session with Vestibule (not with AWS).
//!
//! The browser holds a random id; the database holds only its SHA-256, so that a stolen database opens no
//! session.

use std::fmt;
use std::net::IpAddr;

use secrecy::{ExposeSecret, SecretString};

use super::Timestamp;
use super::identity::Identity;
use super::person::KnownPerson;

/// The secret id in the session cookie: 32 random bytes in URL-safe base64, 43 characters.
pub struct SessionId(SecretString);

impl SessionId {
    /// Wraps a fresh id.
    pub fn new(text: String) -> Self {
        Self(SecretString::from(text))
    }

    /// Reads what a cookie says; anything that is not 43 characters of URL-safe base64 is no id.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 43
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'))
        .then(|| Self::new(text.to_owned()))
    }

    /// Gives the id up, for the cookie and for its digest, and nothing else.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionId(…)")
    }
}

/// By what one names a session to end it: 32 hexadecimal digits. It follows from the digest, and nothing follows from
/// it: neither the digest nor the id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionHandle(String);

impl SessionHandle {
    /// Reads a handle; whether there is such a session is another question.
    pub fn parse(text: &str) -> Option<Self> {
        let is_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        (text.len() == 32 && text.bytes().all(is_hex)).then(|| Self(text.to_owned()))
    }

    /// The handle as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A live session, as its person or an administrator recognises it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveSession {
    /// By what it is named.
    pub handle: SessionHandle,
    /// Whose it is.
    pub person: KnownPerson,
    /// From where it began, where that is known.
    pub address: Option<IpAddr>,
    /// In what kind of browser; empty where that is not known.
    pub browser: String,
    /// When it began.
    pub began: Timestamp,
    /// When it was last used, to the minute.
    pub seen: Timestamp,
    /// When it ends whatever happens.
    pub ends: Timestamp,
}

/// A live session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The digest under which the database knows it (lower-case hexadecimal SHA-256 of the id).
    pub digest: String,
    /// Whose it is.
    pub identity: Identity,
    /// When it began.
    pub began: Timestamp,
    /// When it was last used, to the minute.
    pub seen: Timestamp,
    /// When it ends whatever happens: the absolute limit, or what the provider asked for if that is sooner.
    pub ends: Timestamp,
    /// The token that forms must carry (CSRF), derived from nothing else.
    pub form_token: String,
}
