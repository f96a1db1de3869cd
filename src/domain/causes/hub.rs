//! What it can mean that the way through a hub role ended: at the hub role itself, or after it.

use super::Sent;

const SOURCE_IDENTITY: &str = "The hub role's trust policy, or the policy of Vestibule's own credentials, does not allow sts:SetSourceIdentity";

/// Why the hub role is not given with a source identity, and is given without one.
pub fn source_identity_at_hub() -> Vec<&'static str> {
    vec![
        SOURCE_IDENTITY,
        "The hub role's trust policy takes other names only, by a condition on sts:SourceIdentity",
    ]
}

/// Why AWS does not give the hub role, likeliest first.
pub(super) fn at_hub(sent: Sent) -> Vec<&'static str> {
    let mut possible = vec![
        "The hub role's trust policy does not name Vestibule's own credentials, or asks for another external id than the access model's",
        "Vestibule's own credentials may not call sts:AssumeRole on the hub role",
        "The hub role does not exist in its account, or has another path",
    ];
    if sent.source_identity {
        possible.insert(1, SOURCE_IDENTITY);
    }
    possible
}

/// Why AWS does not give a role to its hub role, likeliest first.
pub(super) fn beyond(sent: Sent) -> Vec<&'static str> {
    let mut possible =
        vec!["The role's trust policy does not name the hub role, or asks for another external id"];
    if sent.anything() {
        possible.extend([
            "The hub role may not call sts:AssumeRole on this role, or sts:TagSession or sts:SetSourceIdentity",
            "The role's trust policy does not allow sts:TagSession or sts:SetSourceIdentity, and the role has tags or a source identity",
        ]);
    } else {
        possible.push("The hub role may not call sts:AssumeRole on this role");
    }
    possible.push("The role does not exist in the account, or has another path");
    possible
}
