//! What a person chooses for themself, and what comes of it.

use super::{Sentence, Text};

texts! {
    /// The page of somebody's settings.
    SettingsTexts {
        title: Text = "Your settings",
        what: Text = "They follow you to every browser, and only you see them.",
        consoles: Text = "When a console is open already",
        add: Text = "Add the next one to my other consoles",
        add_means: Text = "Up to five stay open side by side, if this browser has opted in at AWS. A sixth makes AWS ask \
                           which to close. Without that, AWS asks you to sign out of the old one first.",
        opt_in: Sentence = Sentence("<out>Opt in at AWS, once in each browser</out>"),
        replace: Text = "Replace them: sign out of all of them first",
        replace_means: Text = "One console at a time, and no question from AWS. It signs this browser out of the AWS \
                               consoles that it has open, also of those that you did not open here. In AWS GovCloud, \
                               China and the other partitions, AWS does not lead on by itself, so a page asks for two \
                               clicks.",
        region: Text = "Region",
        region_like: Text = "eu-west-1",
        region_means: Text = "Consoles open there unless a link or the role names another. Empty: AWS takes the one that \
                              you used last.",
        sessions: Sentence = Sentence("<a>Where you are signed in</a>, and how to end it."),
        tokens: Sentence = Sentence("For programs: <a>your tokens</a>."),
        save: Text = "Save",
        cancel: Text = "Cancel",
    }
}

texts! {
    /// Two clicks into a console, where AWS's sign-out does not lead on.
    SignOutFirstTexts {
        title: Sentence = Sentence("Two steps into {role}"),
        why: Sentence = Sentence(
            "You chose to have one console at a time. In the partition {partition} AWS signs you out, but does not lead \
             on from there, so it takes two clicks."
        ),
        sign_out: Text = "Sign out of the open consoles",
        sign_out_tab: Text = "in a new tab, which you can close then",
        sign_out_yourself: Text = "Sign out of the consoles that you have open there.",
        open: Sentence = Sentence("Open {role} in {account}"),
        without: Sentence = Sentence(
            "With no console open there, the second step is enough. <a>Change what you chose</a>"
        ),
    }
}
