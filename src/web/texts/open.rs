//! What somebody pasted, and with which role it opens.

use super::{Sentence, Text};

texts! {
    /// The choice of a role for what was pasted.
    OpenTexts {
        title: Text = "Choose a role",
        console: Text = "This is a page of the AWS console.",
        arn: Text = "This is something in AWS.",
        account: Text = "This is an AWS account.",
        in_region: Sentence = Sentence("It is in {region}."),
        in_account: Sentence = Sentence(
            "You hold several roles in <b>{account}</b>, and whichever you choose opens it."
        ),
        anywhere: Text = "It does not say which account it is of, so the role that you choose decides.",
        find: Text = "Find an account or a role",
        search: Text = "Find",
        nothing: Text = "Nothing you hold matches that.",
        roles: Text = "All your roles",
        ask: Sentence = Sentence("<out>Ask for another role</out>"),
    }
}
