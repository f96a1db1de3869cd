//! Tokens for programs: one's own, the one just made, and everybody's.

use super::{Sentence, Text};
use crate::domain::token::TokenScope;

texts! {
    /// The pages of tokens.
    TokensTexts {
        title: Text = "Your tokens",
        what: Sentence = Sentence(
            "A token lets a program act as you, within what you tick for it and never beyond what you may yourself. Whoever \
             has it can do the same. <a>What programs can ask for</a>"
        ),
        none: Text = "You have none.",
        off: Text = "There are no tokens here: the configuration says so.",
        made: Text = "Made",
        expires: Text = "Ends",
        used: Text = "Last used",
        never: Text = "never",
        may: Text = "May",
        revoke: Text = "Revoke",
        revoke_named: Sentence = Sentence("Revoke {name}"),
        revoke_all: Text = "Revoke all of them",
        make: Text = "Make a token",
        name: Text = "Name",
        name_means: Text = "So that you know it again: which program, on which machine.",
        scopes: Text = "What it may do",
        for_administrators: Text = "For administrators",
        days: Text = "Ends after so many days",
        days_means: Sentence = Sentence("1 to {most}."),
        save: Text = "Make it",
        shown_once: Text = "This is the token. It is shown this once, and kept nowhere.",
        made_title: Sentence = Sentence("The token {name}"),
        made_may: Sentence = Sentence("It may do this until {moment}: {scopes}."),
        use_it: Text = "Programs send it in a header, and never in an address:",
        header: Text = "Authorization: Bearer vst_…",
        back: Text = "Your tokens",
        everybodys: Text = "Everybody’s tokens",
        everybodys_about: Text = "Each lets a program act as its person, with what that person may at that moment.",
        nobody_has: Text = "Nobody has one.",
        whose: Sentence = Sentence("{name} <soft>{subject} at {idp}</soft>"),
        next: Text = "Further tokens",
        first: Text = "The first tokens",
        me_read: Text = "See who you are, your roles, and why you hold them",
        keys_make: Text = "Make keys of your roles",
        tokens: Text = "See, make and revoke your tokens; a token makes none that may more than itself",
        sessions: Text = "See and end your sessions, this browser’s among them",
        access_read: Text = "See the access model and its revisions",
        access_write: Text = "Check and publish access models",
        roles_probe: Text = "Have roles probed",
        record_read: Text = "Read the record; see whose sessions there are, and what is blocked or suspended",
        revoke_in_aws: Text = "End anybody’s sessions, revoke in AWS, block and suspend; see and revoke everybody’s tokens",
    }
}

impl TokensTexts {
    /// What a scope means.
    pub(in crate::web) fn scope(&self, scope: TokenScope) -> Text {
        match scope {
            TokenScope::MeRead => self.me_read,
            TokenScope::KeysMake => self.keys_make,
            TokenScope::Tokens => self.tokens,
            TokenScope::Sessions => self.sessions,
            TokenScope::AccessRead => self.access_read,
            TokenScope::AccessWrite => self.access_write,
            TokenScope::RolesProbe => self.roles_probe,
            TokenScope::RecordRead => self.record_read,
            TokenScope::Revoke => self.revoke_in_aws,
        }
    }
}
