//! Status codes: how a provider says no.
//!
//! SAML core §3.2.2.2. A status may be unsigned, and then anybody can have written it: it only ever leads to a
//! refusal, and only codes of this list come out, never text.

use std::fmt;

/// The prefix of all status codes.
const PREFIX: &str = "urn:oasis:names:tc:SAML:2.0:status:";

/// The codes of SAML core, by their last part.
const KNOWN: [&str; 23] = [
    "Success",
    "Requester",
    "Responder",
    "VersionMismatch",
    "AuthnFailed",
    "InvalidAttrNameOrValue",
    "InvalidNameIDPolicy",
    "NoAuthnContext",
    "NoAvailableIDP",
    "NoPassive",
    "NoSupportedIDP",
    "PartialLogout",
    "ProxyCountExceeded",
    "RequestDenied",
    "RequestUnsupported",
    "RequestVersionDeprecated",
    "RequestVersionTooHigh",
    "RequestVersionTooLow",
    "ResourceNotRecognized",
    "TooManyResponses",
    "UnknownAttrProfile",
    "UnknownPrincipal",
    "UnsupportedBinding",
];

/// A status: the codes, outermost first, as far as they are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Status {
    codes: Vec<&'static str>,
}

impl Status {
    /// Adds an inner code.
    pub(super) fn push(&mut self, value: &str) {
        let known = value
            .strip_prefix(PREFIX)
            .and_then(|name| KNOWN.iter().find(|known| **known == name));
        if self.codes.len() < 4 {
            self.codes.push(known.copied().unwrap_or("unknown"));
        }
    }

    /// Whether it says that the person was authenticated.
    pub(super) fn is_success(&self) -> bool {
        self.codes.first() == Some(&"Success")
    }

    /// Whether there was a status at all.
    pub(super) fn is_missing(&self) -> bool {
        self.codes.is_empty()
    }

    /// The codes, outermost first, without their common prefix; `unknown` for one that SAML does not define.
    pub fn codes(&self) -> &[&'static str] {
        &self.codes
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, code) in self.codes.iter().enumerate() {
            let separator = if place == 0 { "" } else { " / " };
            write!(f, "{separator}{code}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_codes_come_out() {
        let mut status = Status::default();
        assert!(status.is_missing());
        status.push("urn:oasis:names:tc:SAML:2.0:status:Responder");
        status.push("urn:oasis:names:tc:SAML:2.0:status:<script>");
        assert_eq!(status.to_string(), "Responder / unknown");
        assert!(!status.is_success());
    }

    #[test]
    fn success_counts_only_outermost_and_exactly() {
        for (value, success) in [
            ("urn:oasis:names:tc:SAML:2.0:status:Success", true),
            ("urn:oasis:names:tc:SAML:2.0:status:success", false),
            ("Success", false),
            (" urn:oasis:names:tc:SAML:2.0:status:Success", false),
        ] {
            let mut status = Status::default();
            status.push(value);
            assert_eq!(status.is_success(), success, "{value}");
        }
    }
}
