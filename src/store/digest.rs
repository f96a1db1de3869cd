//! Digests under which people and assertions are known in the database, so that keys are short, of one length and
//! the same on both engines whatever the provider sends.

use aws_lc_rs::digest::{Context, Digest, SHA256};

use crate::domain::identity::{IdpId, Subject};
use crate::domain::person::PersonKey;
use crate::domain::record::Term;

/// SHA-256 over the parts, each preceded by its length so that no two lists of parts meet.
fn hash<'p>(parts: impl IntoIterator<Item = &'p str>) -> Digest {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part.as_bytes());
    }
    context.finish()
}

/// The same in hexadecimal.
fn of(parts: &[&str]) -> String {
    let mut text = String::with_capacity(64);
    push_hexadecimal(&mut text, hash(parts.iter().copied()).as_ref());
    text
}

/// Digit by digit: every row of the record has a dozen digests, and formatting takes many times as long.
fn push_hexadecimal(text: &mut String, bytes: &[u8]) {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    for byte in bytes {
        text.push(DIGITS[usize::from(byte >> 4)]);
        text.push(DIGITS[usize::from(byte & 15)]);
    }
}

/// A person: (idp, subject format, subject), compared exactly.
pub(super) fn person(idp: &IdpId, subject: &Subject) -> String {
    let key = PersonKey::of(idp.as_str(), &subject.format, &subject.value);
    key.as_str().to_owned()
}

/// By what a session is named to those who may end it, from the digest that the database knows it by.
pub(super) fn handle(session: &str) -> String {
    let mut text = of(&["session", session]);
    text.truncate(32);
    text
}

/// An assertion or ID token of a provider.
pub(super) fn assertion(idp: &IdpId, id: &str) -> String {
    of(&["assertion", idp.as_str(), id])
}

/// What an event of the audit log is filed under: the letter of its class, and 96 bits of a digest. Who searches reads the event
/// itself again, so two texts that met would hide nothing.
pub(super) fn term(term: &Term) -> String {
    let parts = term.parts.iter().map(String::as_str);
    let digest = hash(std::iter::once("term").chain(parts));
    let mut text = String::with_capacity(25);
    text.push(term.class.letter());
    push_hexadecimal(&mut text, &digest.as_ref()[..12]);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::record::Class;

    #[test]
    fn digests_are_what_they_were_when_databases_were_filled_with_them() {
        let subject = Subject {
            format: "f".to_owned(),
            value: "é".to_owned(),
        };
        let idp = IdpId::parse("corp").expect("an id");
        assert_eq!(
            person(&idp, &subject),
            "bc8a107e2f20b17bf44c2edd022be126964cefec208119d7558e4ae1ad2e9699"
        );
        let filed = term(&Term::person(Class::Person, "corp", "ada"));
        assert_eq!(filed, "p2a6c78f4b028c9934dfa65db");
    }
}
