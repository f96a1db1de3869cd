//! What it can mean that AWS gives a role without one thing that goes along, and not with it.

use crate::domain::role::{Method, Role};

pub(super) const TAGS: &str = "The role sends session tags, and its trust policy does not allow sts:TagSession: add it to the actions of that statement";
pub(super) const SOURCE_IDENTITY: &str = "The role sends a source identity, and its trust policy does not allow sts:SetSourceIdentity: add it to the actions of that statement";

/// Why the tags are not taken, likeliest first.
pub fn tags(role: &Role) -> Vec<&'static str> {
    let caller = match &role.method {
        Method::GetFederationToken { .. } => {
            return vec![
                "The role sends session tags, and the IAM user behind Vestibule's own credentials may not call sts:TagSession",
            ];
        }
        Method::AssumeRole { via: Some(_), .. } => {
            Some("The hub role may not call sts:TagSession on this role")
        }
        Method::AssumeRole { .. } => {
            Some("Vestibule's own credentials may not call sts:TagSession on this role")
        }
        _ => None,
    };
    std::iter::once(TAGS)
        .chain(caller)
        .chain(["The trust policy takes other tags only, by a condition on aws:RequestTag, aws:TagKeys or sts:TransitiveTagKeys"])
        .collect()
}

/// Why the source identity is not taken, likeliest first.
pub fn source_identity(role: &Role) -> Vec<&'static str> {
    let caller = match &role.method {
        Method::AssumeRole { via: Some(_), .. } => {
            Some("The hub role may not call sts:SetSourceIdentity on this role")
        }
        Method::AssumeRole { .. } => {
            Some("Vestibule's own credentials may not call sts:SetSourceIdentity on this role")
        }
        _ => None,
    };
    std::iter::once(SOURCE_IDENTITY)
        .chain(caller)
        .chain(["The trust policy takes other names only, by a condition on sts:SourceIdentity"])
        .collect()
}
