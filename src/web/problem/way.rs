//! Ways on from a problem.

use crate::web::texts::{Text, WayTexts};

/// Somewhere to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Way {
    Roles,
    SignIn,
    /// The same page again.
    Again,
    /// Likewise: by a page of ours.
    On,
    /// Likewise: the page that asks stands at the address that its form goes to.
    AnotherCode,
    Access,
    Drafts,
    Revisions,
    AllRoles,
    People,
    Stops,
}

impl Way {
    /// In words.
    pub(in crate::web) fn label(self, t: &WayTexts) -> Text {
        match self {
            Self::Roles => t.roles,
            Self::SignIn => t.sign_in,
            Self::Again => t.again,
            Self::On => t.on,
            Self::AnotherCode => t.another_code,
            Self::Access => t.access,
            Self::Drafts => t.drafts,
            Self::Revisions => t.revisions,
            Self::AllRoles => t.all_roles,
            Self::People => t.people,
            Self::Stops => t.stops,
        }
    }

    /// Below our origin; empty: the same page again.
    pub(in crate::web) fn href(self) -> &'static str {
        match self {
            Self::Roles => "/",
            Self::SignIn => "/sign-in",
            Self::Again | Self::On | Self::AnotherCode => "",
            Self::Access => "/admin/access",
            Self::Drafts => "/admin/drafts",
            Self::Revisions => "/admin/access/revisions",
            Self::AllRoles => "/admin/access?show=roles",
            Self::People => "/admin/people",
            Self::Stops => "/admin/stops",
        }
    }
}
