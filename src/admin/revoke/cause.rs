//! Why something was not done: a sentence, a short code, and whether it may go better later.

use crate::aws;
use crate::domain::revoke::Refusal;
use crate::issuer;

/// Why it stops here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stop {
    /// As a sentence.
    pub(super) cause: String,
    /// As a short code.
    pub(super) code: String,
    /// Whether it is worth another try.
    pub(super) again: bool,
}

impl Stop {
    pub(super) fn new(code: &str, cause: impl Into<String>) -> Self {
        Self {
            cause: cause.into(),
            code: code.to_owned(),
            again: false,
        }
    }

    pub(super) fn for_now(code: &str, cause: impl Into<String>) -> Self {
        Self {
            again: true,
            ..Self::new(code, cause)
        }
    }

    /// The account has no revoker.
    pub(super) fn no_revoker() -> Self {
        Self::new(
            "no_revoker",
            "The access model names no revoker for this account. The policy has to be put by hand, under the name that is shown.",
        )
    }

    /// The database is away.
    pub(super) fn no_database() -> Self {
        Self::for_now("database", "The database does not answer.")
    }

    /// AWS did not let us become the revoker.
    pub(super) fn at_the_revoker(error: &aws::Error) -> Self {
        let stop = Self::from(error);
        Self {
            cause: format!("The account's revoker could not be become. {}", stop.cause),
            code: format!("revoker.{}", stop.code),
            ..stop
        }
    }
}

impl From<&aws::Error> for Stop {
    fn from(error: &aws::Error) -> Self {
        match error {
            aws::Error::AtHub(error) => Self::at_hub(error),
            aws::Error::Refused { operation, refusal } => Self {
                again: passes(&refusal.code),
                ..Self::new(
                    &format!("aws.{}", refusal.code),
                    refused(operation, &refusal.code),
                )
            },
            aws::Error::RegionDisabled { .. } => Self::new(
                "aws.region_disabled",
                "STS is not activated in that region for the account.",
            ),
            aws::Error::Busy { operation, cause } => Self::for_now(
                "aws.busy",
                format!("AWS is busy or away: {operation}, {cause}."),
            ),
            aws::Error::Untrusted { cause, .. } => Self::new(
                "aws.untrusted",
                format!("The certificate of AWS's host is not trusted: {cause}."),
            ),
            aws::Error::Unexpected { operation, cause } => Self::for_now(
                "aws.unexpected",
                format!("AWS's answer to {operation} cannot be right: {cause}."),
            ),
            aws::Error::OwnCredentials { name } => Self::for_now(
                "own_credentials",
                format!("Vestibule's own credentials {name} cannot be had."),
            ),
            aws::Error::Unsuited { cause, .. } => Self::new("unsuited", format!("{cause}.")),
            aws::Error::NotConfigured(cause) => Self::new(
                "not_configured",
                format!("The configuration lacks something: {cause}."),
            ),
        }
    }
}

impl Stop {
    fn at_hub(error: &aws::Error) -> Self {
        let stop = Self::from(error);
        Self {
            cause: format!("At the hub role on the way: {}", stop.cause),
            code: format!("hub.{}", stop.code),
            ..stop
        }
    }
}

/// Whether a refusal can pass by itself: AWS could not ask for our keys or has not heard of a new one, a key is newer than
/// what some part of AWS knows, or a clock is off.
fn passes(code: &str) -> bool {
    matches!(
        code,
        "IDPCommunicationError"
            | "InvalidIdentityToken"
            | "InvalidClientTokenId"
            | "ExpiredToken"
            | "ExpiredTokenException"
            | "RequestExpired"
            | "SignatureDoesNotMatch"
    )
}

fn refused(operation: &str, code: &str) -> String {
    let why = match code {
        "AccessDenied" => "AWS does not allow it: `vestibule trust` prints what the revoker needs",
        "NoSuchEntity" => "AWS has no such role or user",
        "LimitExceeded" => {
            "the policies of this role or user would be larger than AWS lets them be"
        }
        "MalformedPolicyDocument" => "AWS does not take the policy",
        "UnmodifiableEntity" => "AWS keeps this role to itself, and lets nobody put a policy on it",
        "ExpiredToken" | "ExpiredTokenException" | "SignatureDoesNotMatch" | "RequestExpired" => {
            "AWS's clock and this machine's are too far apart"
        }
        "IDPCommunicationError" => "AWS could not reach Vestibule's issuer",
        "InvalidIdentityToken" => {
            "AWS does not take what Vestibule's issuer vouched with: another key is registered there, or a new one not yet"
        }
        "InvalidClientTokenId" => "AWS does not know the key that signed, or not everywhere yet",
        _ => "AWS refused it",
    };
    format!("{operation} was refused ({code}): {why}.")
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Unreadable(unreadable) => Self::new(
                "unreadable",
                format!(
                    "What stands under the name of Vestibule's policy was not written by Vestibule ({unreadable}), and nothing was changed. Give it another name."
                ),
            ),
            Refusal::NoRoom(no_room) => Self::new(
                "no_room",
                format!(
                    "The policy does not fit beside the inline policies that stand there: {no_room}. Make some of them managed policies."
                ),
            ),
        }
    }
}

impl From<&issuer::Error> for Stop {
    fn from(error: &issuer::Error) -> Self {
        tracing::warn!(
            error = error as &dyn std::error::Error,
            "the issuer did not vouch for a revoker"
        );
        Self::for_now(
            "issuer",
            "Vestibule's issuer could not vouch: it has no key in force.",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: &str) -> Stop {
        Stop::from(&aws::Error::Refused {
            operation: "AssumeRoleWithSAML",
            refusal: aws::Refusal {
                code: code.to_owned(),
                text: String::new(),
                status: 400,
                request_id: None,
            },
        })
    }

    #[test]
    fn what_aws_refuses_for_a_while_is_worth_another_try_and_what_it_refuses_for_good_is_not() {
        for code in [
            "IDPCommunicationError",
            "InvalidIdentityToken",
            "InvalidClientTokenId",
            "ExpiredToken",
            "ExpiredTokenException",
            "RequestExpired",
            "SignatureDoesNotMatch",
        ] {
            let stop = of(code);
            assert!(stop.again, "{code}");
            assert!(!stop.cause.contains("AWS refused it"), "{code}");
            assert!(
                Stop::at_the_revoker(&aws::Error::AtHub(Box::new(aws::Error::Refused {
                    operation: "AssumeRole",
                    refusal: aws::Refusal {
                        code: code.to_owned(),
                        text: String::new(),
                        status: 400,
                        request_id: None
                    },
                })))
                .again,
                "{code}"
            );
        }
        for code in [
            "AccessDenied",
            "NoSuchEntity",
            "LimitExceeded",
            "MalformedPolicyDocument",
            "UnmodifiableEntity",
            "IDPRejectedClaim",
            "",
        ] {
            assert!(!of(code).again, "{code}");
        }
    }
}
