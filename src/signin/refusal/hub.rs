//! What it means that the way through a hub role ended: at the hub role itself, or after it.

use super::{cause, meaning};
use crate::aws;
use crate::domain::causes::{self, Sent};
use crate::domain::role::Role;
use crate::signin::Error;

/// The page for what AWS answered when it was asked for the hub role.
pub(super) fn meaning_at_hub(error: &aws::Error, role: &Role) -> Error {
    let Some(via) = role.method.via() else {
        return meaning(error, role);
    };
    match error {
        aws::Error::RegionDisabled { .. } => Error::RegionDisabled {
            account: via.role.account().clone(),
        },
        aws::Error::Refused { operation, refusal } => {
            let possible = causes::at_hub(&refusal.code, role, Sent::by(role));
            Error::HubRefused {
                hub: via.role.to_string(),
                cause: cause(operation, refusal, possible),
            }
        }
        _ => meaning(error, role),
    }
}
