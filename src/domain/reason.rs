//! Why somebody opens a role, in their own words, where the role demands that they say so.
//!
//! It goes into the audit log and nowhere else: AWS is never told. What a link suggests is not a reason until the person
//! has sent it by a form of ours. Knows nothing of how it is asked for.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::identity::{Identity, IdpId, Subject};

/// The fewest characters that say anything.
pub const SHORTEST: usize = 3;
/// The most characters that are kept.
pub const LONGEST: usize = 300;

/// A reason: 3 to 300 characters in one line, none of which is invisible or turns the others around.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reason(String);

/// The text is no reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a reason is 3 to 300 characters in one line, without invisible ones")]
pub struct ReasonError;

impl Reason {
    /// Reads one; spaces around it do not count.
    pub fn parse(text: &str) -> Result<Self, ReasonError> {
        let text = text.trim();
        // no text of that many bytes can have so few characters
        let fits = text.len() <= 4 * LONGEST
            && (SHORTEST..=LONGEST).contains(&text.chars().count())
            && !text.chars().any(is_unseen);
        fits.then(|| Self(text.to_owned())).ok_or(ReasonError)
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Line ends and other control characters, and what is invisible or turns the direction of a text.
pub(super) fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

impl TryFrom<String> for Reason {
    type Error = ReasonError;
    fn try_from(text: String) -> Result<Self, ReasonError> {
        Self::parse(&text)
    }
}

impl From<Reason> for String {
    fn from(reason: Reason) -> Self {
        reason.0
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// A reason that somebody gave by a form of ours. It names the person: on the way through an identity provider somebody
/// else can come back, and they have given none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenReason {
    reason: Reason,
    idp: IdpId,
    subject: Subject,
}

impl GivenReason {
    /// `who` gave it.
    pub fn new(reason: Reason, who: &Identity) -> Self {
        Self {
            reason,
            idp: who.idp.clone(),
            subject: who.subject.clone(),
        }
    }

    /// The reason, if it was this person who gave it.
    pub fn by(&self, who: &Identity) -> Option<&Reason> {
        (self.idp == who.idp && self.subject == who.subject).then_some(&self.reason)
    }

    /// What was written, whoever wrote it: to be shown in a form again.
    pub fn text(&self) -> &Reason {
        &self.reason
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_says_something_in_one_visible_line() {
        for (text, read) in [
            ("INC-4711", "INC-4711"),
            ("  disk full on db-3  ", "disk full on db-3"),
            ("aus Gründen", "aus Gründen"),
            ("障害対", "障害対"),
        ] {
            assert_eq!(Reason::parse(text).unwrap().as_str(), read);
        }
        assert!(Reason::parse(&"x".repeat(LONGEST)).is_ok());
        assert!(Reason::parse(&"\u{1f525}".repeat(LONGEST)).is_ok());
        for text in [
            "",
            "  ",
            "ab",
            " ab ",
            "a\nb c",
            "a\r\nSet-Cookie: x",
            "a\tb c",
            "abc\u{202e}def",
            "abc\u{200b}def",
            "a\u{0}bc",
            "\u{2066}abc",
            &"x".repeat(LONGEST + 1),
            &"x".repeat(100_000),
        ] {
            assert_eq!(Reason::parse(text), Err(ReasonError), "{text:?}");
        }
    }

    #[test]
    fn it_counts_for_whom_gave_it_alone() {
        let who = |name: &str| Identity {
            subject: Subject {
                format: String::new(),
                value: name.to_owned(),
            },
            idp: IdpId::parse("corp").unwrap(),
            display_name: name.to_owned(),
            verified_email: None,
            attributes: crate::domain::identity::Attributes::new(),
            authentication: crate::domain::identity::Authentication::default(),
            notice: None,
        };
        let given = GivenReason::new(Reason::parse("INC-1").unwrap(), &who("ada"));
        assert_eq!(given.by(&who("ada")).map(Reason::as_str), Some("INC-1"));
        assert_eq!(given.by(&who("Ada")), None);
        let other_provider = Identity {
            idp: IdpId::parse("other").unwrap(),
            ..who("ada")
        };
        assert_eq!(given.by(&other_provider), None);
    }
}
