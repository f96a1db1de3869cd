//! What people are told when their provider left something out of the sign-in, so that nobody loses roles in silence.

use super::texts::Texts;
use crate::signin::LeftOut;

/// In a few words.
pub(super) fn title(t: &Texts, left_out: LeftOut) -> &'static str {
    match left_out {
        LeftOut::GroupOverage => t.left_out.overage,
        LeftOut::NoGroups => t.left_out.no_groups,
    }
}

/// What it means, and who can fix it; `idp` is the provider's name.
pub(super) fn text(t: &Texts, left_out: LeftOut, idp: &str) -> String {
    let text = match left_out {
        LeftOut::GroupOverage => t.left_out.overage_text,
        LeftOut::NoGroups => t.left_out.no_groups_text,
    };
    text.with("idp", idp).plain()
}
