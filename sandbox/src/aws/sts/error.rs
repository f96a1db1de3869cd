//! The errors that STS alone has, with AWS's codes and texts.
//!
//! From the service model and from recorded answers. Clients match on these texts, so they are
//! data, not prose.

use crate::aws::query::QueryError;

impl QueryError {
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
}
