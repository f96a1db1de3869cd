//! The errors that IAM alone has, with AWS's codes.
//!
//! From the service model of 2010-05-08; where its pages give no text, the text is ours.

use crate::aws::query::QueryError;

impl QueryError {
    pub(super) fn exists(what: impl Into<String>) -> Self {
        Self::new(409, "EntityAlreadyExists", what)
    }

    pub(super) fn missing(what: impl Into<String>) -> Self {
        Self::new(404, "NoSuchEntity", what)
    }

    pub(super) fn limit(what: &str, most: usize) -> Self {
        let message = format!("Cannot exceed quota for {what}: {most}");
        Self::new(409, "LimitExceeded", message)
    }

    pub(super) fn invalid_input(message: impl Into<String>) -> Self {
        Self::new(400, "InvalidInput", message)
    }

    pub(super) fn conflict(message: &str) -> Self {
        Self::new(409, "DeleteConflict", message)
    }

    pub(super) fn unmodifiable(role: &str) -> Self {
        let message = format!(
            "Cannot perform the operation on the protected role '{role}' - this role is only \
             modifiable by AWS"
        );
        Self::new(400, "UnmodifiableEntity", message)
    }

    pub(super) fn malformed_document(error: &crate::aws::policy::PolicyError) -> Self {
        Self::new(400, "MalformedPolicyDocument", error.to_string())
    }

    pub(super) fn invalid_code() -> Self {
        Self::new(
            403,
            "InvalidAuthenticationCode",
            "Authentication code for device is not valid",
        )
    }
}
