//! Keys, and the code of an MFA device that a role can ask for.

use super::{Sentence, Text};

texts! {
    /// The page that asks for the code of an MFA device.
    CodeTexts {
        title: Sentence = Sentence("A code for {role}"),
        what: Sentence = Sentence(
            "AWS opens <b>{role}</b> in {account} only with the code that this MFA device shows now:"
        ),
        what_scoped: Sentence = Sentence(
            "AWS opens <b>{role}</b>, with the scope <b>{scope}</b>, in {account} only with the code that this MFA \
             device shows now:"
        ),
        digits: Text = "Its six digits",
        go: Text = "Go in",
        once: Text = "The code goes to AWS and is kept nowhere. Each serves one sign-in; the device shows the next one \
                      within 30 seconds.",
    }
}
