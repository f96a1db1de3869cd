//! What people are told when their provider left something out of the sign-in, so that nobody loses roles in silence.

use crate::signin::LeftOut;

/// In a few words.
pub(super) fn title(left_out: LeftOut) -> &'static str {
    match left_out {
        LeftOut::GroupOverage => "Your groups were too many to send",
        LeftOut::NoGroups => "No groups came with your sign-in",
    }
}

/// What it means, and who can fix it; `idp` is the provider's name.
pub(super) fn text(left_out: LeftOut, idp: &str) -> String {
    match left_out {
        LeftOut::GroupOverage => format!(
            "{idp} has more groups for you than it puts into a sign-in, and sent none of them. Roles that depend on \
             groups are missing here. The people who run {idp} can fix it: let it send only the groups that are \
             assigned to this application."
        ),
        LeftOut::NoGroups => format!(
            "{idp} said who you are, and sent none of the attributes that the rules here look at, such as your \
             groups. If roles are missing, the people who run {idp} can fix it: let it send your groups to this \
             application."
        ),
    }
}
