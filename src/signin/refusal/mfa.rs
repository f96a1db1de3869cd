//! What AWS's refusals mean where a code went along.

use super::own_fault;
use crate::aws::Refusal;
use crate::domain::role::Role;
use crate::signin::Error;

/// How AWS begins every refusal that is about the code, and none that is about anything else.
const ABOUT_THE_CODE: &str = "MultiFactorAuthentication failed";

/// Whether it was the code that AWS did not take.
pub(super) fn is_about_the_code(refusal: &Refusal, role: &Role) -> bool {
    role.method.mfa_serial().is_some()
        && refusal.code == "AccessDenied"
        && refusal.text.starts_with(ABOUT_THE_CODE)
}

/// Why, likeliest first: AWS's words do not tell these apart.
pub(super) fn causes() -> Vec<&'static str> {
    vec![
        "The code was mistyped, or the device showed another one by the time it reached AWS",
        "The code was used before, by you or by somebody else with this device: AWS takes each once, so wait until it shows the next, at most 30 seconds",
        "It is the code of another device than the one that the page named",
        "The device's clock is wrong",
        "The access model names a device that does not belong to the IAM user behind Vestibule's own credentials",
    ]
}

/// The page for a device that the own credentials cannot have.
pub(in crate::signin) fn no_device(role: &Role) -> Error {
    own_fault(
        role.method.operation(),
        "MfaNeedsAnIamUser",
        vec![
            "The role wants the code of an MFA device, which is an IAM user's own, and Vestibule's own credentials for it come from a role: nobody was asked for a code",
        ],
    )
}
