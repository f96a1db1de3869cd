//! The errors of STS, with AWS's codes and texts.
//!
//! Written down once, from the service model and from recorded answers. Clients match on these
//! texts, so they are data, not prose.

use std::fmt;

/// An error answer.
#[derive(Clone, PartialEq, Eq)]
pub struct StsError {
    /// The HTTP status.
    pub status: u16,
    /// The code on the wire.
    pub code: String,
    /// The message.
    pub message: String,
}

impl fmt::Debug for StsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.status, self.code, self.message)
    }
}

impl StsError {
    /// Any error.
    pub fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.to_owned(),
            message: message.into(),
        }
    }

    pub(super) fn missing_action() -> Self {
        Self::new(
            400,
            "MissingAction",
            "The request must contain the parameter Action",
        )
    }

    pub(super) fn invalid_action(action: &str, version: &str) -> Self {
        let message = format!("Could not find operation {action} for version {version}");
        Self::new(400, "InvalidAction", message)
    }

    pub(super) fn malformed_query() -> Self {
        Self::new(
            404,
            "MalformedQueryString",
            "The query string contains a syntax error",
        )
    }

    pub(super) fn validation(message: impl Into<String>) -> Self {
        Self::new(400, "ValidationError", message)
    }

    pub(super) fn invalid_parameter(message: &str) -> Self {
        Self::new(400, "InvalidParameterValue", message)
    }

    /// An access error about a named resource.
    pub(super) fn not_authorized(arn: &str, action: &str, resource: &str) -> Self {
        let message =
            format!("User: {arn} is not authorized to perform: {action} on resource: {resource}");
        Self::new(403, "AccessDenied", message)
    }

    /// The access error of the unsigned calls, which names nobody.
    pub(super) fn not_authorized_unsigned(operation: &str) -> Self {
        let message = format!("Not authorized to perform sts:{operation}");
        Self::new(403, "AccessDenied", message)
    }

    pub(super) fn root_may_not_assume() -> Self {
        Self::new(
            403,
            "AccessDenied",
            "Roles may not be assumed by root accounts.",
        )
    }

    pub(super) fn session_credentials(operation: &str) -> Self {
        let message = format!("Cannot call {operation} with session credentials");
        Self::new(403, "AccessDenied", message)
    }

    pub(super) fn duration_over_role_maximum() -> Self {
        Self::validation(
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        )
    }

    pub(super) fn duration_over_chain_limit() -> Self {
        Self::validation(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by \
             role chaining.",
        )
    }

    pub(super) fn region_disabled(account: &str) -> Self {
        let message = format!(
            "STS is not activated in this region for account:{account}. Your account \
             administrator can activate STS in this region using the IAM Console."
        );
        Self::new(403, "RegionDisabledException", message)
    }

    pub(super) fn malformed_policy(message: impl Into<String>) -> Self {
        Self::new(400, "MalformedPolicyDocument", message)
    }

    pub(super) fn packed_policy_too_large(percent: usize) -> Self {
        let message = format!(
            "Packed policy consumes {percent}% of allotted space, please use smaller policy."
        );
        Self::new(400, "PackedPolicyTooLarge", message)
    }

    pub(super) fn packed_tags_too_large(percent: usize) -> Self {
        let message = format!("Packed size of session tags consumes {percent}% of allotted space.");
        Self::new(400, "PackedPolicyTooLarge", message)
    }

    pub(super) fn invalid_identity_token(message: impl Into<String>) -> Self {
        Self::new(400, "InvalidIdentityToken", message)
    }

    pub(super) fn expired_identity_token(message: &str) -> Self {
        Self::new(400, "ExpiredTokenException", message)
    }

    pub(crate) fn internal() -> Self {
        Self::new(
            500,
            "InternalFailure",
            "The request processing has failed because of an unknown error, exception or failure.",
        )
    }

    pub(crate) fn unknown_key() -> Self {
        Self::new(
            403,
            "InvalidClientTokenId",
            "The security token included in the request is invalid.",
        )
    }

    pub(crate) fn missing_authentication() -> Self {
        Self::new(
            403,
            "MissingAuthenticationToken",
            "Request is missing Authentication Token",
        )
    }

    pub(crate) fn expired_credentials(status: u16) -> Self {
        Self::new(
            status,
            "ExpiredToken",
            "The security token included in the request is expired",
        )
    }
}
