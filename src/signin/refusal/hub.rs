//! What it means that the way through a hub role ended: at the hub role itself, or after it.

use super::{cause, causes, meaning};
use crate::aws;
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
            let possible = if refusal.code == "AccessDenied" {
                at_hub(role)
            } else {
                causes(operation, refusal, role)
            };
            Error::HubRefused {
                hub: via.role.to_string(),
                cause: cause(operation, refusal, possible),
            }
        }
        _ => meaning(error, role),
    }
}

/// Why AWS does not give the hub role, likeliest first.
fn at_hub(role: &Role) -> Vec<&'static str> {
    let mut possible = vec![
        "The hub role's trust policy does not name Vestibule's own credentials, or asks for another external id than the access model's",
        "Vestibule's own credentials may not call sts:AssumeRole on the hub role",
        "The hub role does not exist in its account, or has another path",
    ];
    if role.source_identity {
        possible.insert(
            1,
            "The hub role's trust policy, or the policy of Vestibule's own credentials, does not allow sts:SetSourceIdentity",
        );
    }
    possible
}

/// Why AWS does not give a role to its hub role, likeliest first.
pub(super) fn beyond() -> Vec<&'static str> {
    vec![
        "The role's trust policy does not name the hub role, or asks for another external id",
        "The hub role may not call sts:AssumeRole on this role, or sts:TagSession or sts:SetSourceIdentity",
        "The role's trust policy does not allow sts:TagSession or sts:SetSourceIdentity, and the role has tags or a source identity",
        "The role does not exist in the account, or has another path",
    ]
}
