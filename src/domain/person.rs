//! A person, as the database and the pages of administrators name them: by a key that says nothing of who it is, and
//! beside it what readers know them by.

use std::fmt::{self, Write as _};

use aws_lc_rs::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};

use super::identity::{Identity, IdpId, Subject};

/// A person's key: the digest over provider, subject format and subject, 64 hexadecimal digits. It is no secret, and it
/// can stand in an address where a name had better not.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PersonKey(String);

impl PersonKey {
    /// Reads a key; whether there is such a person is another question.
    pub fn parse(text: &str) -> Option<Self> {
        let is_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        (text.len() == 64 && text.bytes().all(is_hex)).then(|| Self(text.to_owned()))
    }

    /// The key of whom a provider means by a subject in a format, compared exactly. Each part is preceded by its length,
    /// so that no two people meet.
    pub fn of(idp: &str, format: &str, subject: &str) -> Self {
        let mut context = Context::new(&SHA256);
        for part in ["person", idp, format, subject] {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part.as_bytes());
        }
        let mut key = String::with_capacity(64);
        for byte in context.finish().as_ref() {
            // writing to a String cannot fail
            let _ = write!(key, "{byte:02x}");
        }
        Self(key)
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PersonKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What readers know a person by. Written out, it is a part of what an identity is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownPerson {
    /// Who proved it.
    pub idp: IdpId,
    /// Whom.
    pub subject: Subject,
    /// A name for people to read.
    pub display_name: String,
}

impl KnownPerson {
    /// Whose identity it is.
    pub fn of(identity: &Identity) -> Self {
        Self {
            idp: identity.idp.clone(),
            subject: identity.subject.clone(),
            display_name: identity.display_name.clone(),
        }
    }

    /// Whether a text that somebody typed stands in the name or the subject, whatever its case.
    pub fn is_meant_by(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        [&self.display_name, &self.subject.value]
            .into_iter()
            .any(|known| known.to_lowercase().contains(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_sixty_four_hexadecimal_digits_and_nothing_else() {
        let key = "0123456789abcdef".repeat(4);
        assert_eq!(PersonKey::parse(&key).unwrap().as_str(), key);
        for text in [
            "",
            &key[1..],
            &format!("{key}0"),
            &key.to_uppercase(),
            &format!("{}/", &key[1..]),
            &format!("{}é", &key[2..]),
            &"\0".repeat(64),
        ] {
            assert_eq!(PersonKey::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn the_key_of_somebody_is_theirs_alone_whatever_the_provider_sends() {
        let key = PersonKey::of("corp", "persistent", "ada");
        // computed with Python's hashlib, over each part behind its length in eight bytes
        let known = "61c11177783fb14d6f4eb603e284918ff98a1940b114f0ae19a89c397907c289";
        assert_eq!(key.as_str(), known);
        assert_eq!(PersonKey::parse(key.as_str()), Some(key.clone()));
        for (idp, format, subject) in [
            ("corp", "persistent", "Ada"),
            ("corp", "persistent", "ada "),
            ("corp", "persistenta", "da"),
            ("corppersistent", "", "ada"),
            ("corp", "", "ada"),
        ] {
            assert_ne!(PersonKey::of(idp, format, subject), key);
        }
    }

    #[test]
    fn a_person_is_found_by_a_part_of_the_name_or_the_subject() {
        let known = KnownPerson {
            idp: IdpId::parse("corp").unwrap(),
            subject: Subject {
                format: String::new(),
                value: "u-4711@example.com".to_owned(),
            },
            display_name: "Änne Muster".to_owned(),
        };
        for text in ["änne", "MUSTER", "4711", "example.com", ""] {
            assert!(known.is_meant_by(text), "{text}");
        }
        assert!(!known.is_meant_by("corp"), "the provider is no name");
        assert!(!known.is_meant_by("%"), "nothing stands for anything else");
    }
}
