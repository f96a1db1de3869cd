//! Digests under which people and assertions are known in the database, so that keys are short, of one length and
//! the same on both engines whatever the provider sends.

use std::fmt::Write as _;

use aws_lc_rs::digest::{Context, SHA256};

use crate::domain::identity::{IdpId, Subject};
use crate::domain::person::PersonKey;
use crate::domain::record::Term;

/// SHA-256 over the parts, each preceded by its length so that no two lists of parts meet; hexadecimal.
fn of(parts: &[&str]) -> String {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part.as_bytes());
    }
    context
        .finish()
        .as_ref()
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            // writing to a String cannot fail
            let _ = write!(text, "{byte:02x}");
            text
        })
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
    let mut parts = vec!["term"];
    parts.extend(term.parts.iter().map(String::as_str));
    let digest = of(&parts);
    let mut text = String::with_capacity(25);
    text.push(term.class.letter());
    text.push_str(&digest[..24]);
    text
}
