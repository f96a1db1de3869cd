//! What a provider left out of a sign-in.

use super::{Sentence, Text};

texts! {
    /// In a few words, and what it means and who can fix it.
    LeftOutTexts {
        overage: Text = "Your groups were too many to send",
        overage_text: Sentence = Sentence(
            "{idp} has more groups for you than it puts into a sign-in, and sent none of them. Roles that depend on \
             groups are missing here. The people who run {idp} can fix it: let it send only the groups that are \
             assigned to this application."
        ),
        no_groups: Text = "No groups came with your sign-in",
        no_groups_text: Sentence = Sentence(
            "{idp} said who you are, and sent none of the attributes that the rules here look at, such as your \
             groups. If roles are missing, the people who run {idp} can fix it: let it send your groups to this \
             application."
        ),
    }
}
