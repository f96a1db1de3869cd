//! Coming and leaving.

use super::{Sentence, Text};

texts! {
    /// The page that asks by which provider to sign in.
    SignInTexts {
        title: Text = "Sign in",
        none: Text = "No identity provider is configured, so nobody can sign in. The people who run this site can add \
                      one.",
        which: Text = "Where do you prove who you are? Your choice is remembered in this browser.",
    }
}

texts! {
    /// What lives on after signing out.
    SignedOutTexts {
        title: Text = "Signed out",
        heading: Text = "You are signed out of Vestibule",
        lives_on: Text = "Two things live on, because they are not Vestibule’s to end:",
        your_idp: Text = "Your identity provider",
        at_idp: Text = "You may still be signed in there. Then the next visit here lets you straight back in.",
        at_idp_link: Sentence = Sentence("<out>Go to {idp}</out> to sign out of it."),
        at_idp_alone: Text = "Sign out of it on its own page.",
        consoles: Text = "AWS consoles",
        in_consoles: Text = "A console you opened stays open until its time is up, or until you sign out of it.",
        of_console: Sentence = Sentence("<out>Sign out of {console}</out>"),
        again: Text = "Sign in again",
    }
}
