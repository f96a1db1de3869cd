//! An error of a Query API, and those that all of them share, with AWS's codes and texts.
//!
//! Written down once, from the service models and from recorded answers. Clients match on these
//! texts, so they are data, not prose. What one service alone says stands with that service.

use std::fmt;

/// An error answer.
#[derive(Clone, PartialEq, Eq)]
pub struct QueryError {
    /// The HTTP status.
    pub status: u16,
    /// The code on the wire.
    pub code: String,
    /// The message.
    pub message: String,
}

impl fmt::Debug for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.status, self.code, self.message)
    }
}

impl QueryError {
    /// Any error.
    pub fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.to_owned(),
            message: message.into(),
        }
    }

    pub(in crate::aws) fn missing_action() -> Self {
        Self::new(
            400,
            "MissingAction",
            "The request must contain the parameter Action",
        )
    }

    pub(in crate::aws) fn invalid_action(action: &str, version: &str) -> Self {
        let message = format!("Could not find operation {action} for version {version}");
        Self::new(400, "InvalidAction", message)
    }

    pub(in crate::aws) fn malformed_query() -> Self {
        Self::new(
            404,
            "MalformedQueryString",
            "The query string contains a syntax error",
        )
    }

    pub(in crate::aws) fn validation(message: impl Into<String>) -> Self {
        Self::new(400, "ValidationError", message)
    }

    pub(in crate::aws) fn invalid_parameter(message: &str) -> Self {
        Self::new(400, "InvalidParameterValue", message)
    }

    /// An access error about a named resource.
    pub(in crate::aws) fn not_authorized(arn: &str, action: &str, resource: &str) -> Self {
        let message =
            format!("User: {arn} is not authorized to perform: {action} on resource: {resource}");
        Self::new(403, "AccessDenied", message)
    }

    pub(in crate::aws) fn internal() -> Self {
        Self::new(
            500,
            "InternalFailure",
            "The request processing has failed because of an unknown error, exception or failure.",
        )
    }

    pub(in crate::aws) fn unknown_key() -> Self {
        Self::new(
            403,
            "InvalidClientTokenId",
            "The security token included in the request is invalid.",
        )
    }

    pub(in crate::aws) fn missing_authentication() -> Self {
        Self::new(
            403,
            "MissingAuthenticationToken",
            "Request is missing Authentication Token",
        )
    }

    pub(in crate::aws) fn expired_credentials(status: u16) -> Self {
        Self::new(
            status,
            "ExpiredToken",
            "The security token included in the request is expired",
        )
    }
}
