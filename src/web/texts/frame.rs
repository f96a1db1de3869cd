//! What surrounds every page.

use super::{Sentence, Text};

texts! {
    /// What surrounds every page.
    FrameTexts {
        skip: Text = "Skip to the content",
        you: Text = "You",
        administration: Text = "Administration",
        signed_in_as: Text = "Signed in as",
        by: Sentence = Sentence("by {idp}"),
        settings: Text = "Settings",
        until: Sentence = Sentence("until {moment}"),
        without_end: Text = "until further notice",
        sign_out: Text = "Sign out",
    }
}
