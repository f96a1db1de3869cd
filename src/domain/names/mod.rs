//! The names that AWS shows for a person: `RoleSessionName`, `SourceIdentity` and the federated user's name.
//!
//! Owns the promise that these names are injective over all identities of all identity providers: two people never
//! share one, whatever their providers call them. A name is either the person's own address, unchanged, where the
//! operator has said that such addresses name one person only; or a readable stem, `=`, and a digest over the whole
//! identity. `=` never stands in a kept address, so the two kinds cannot meet.

mod unique;

use aws_lc_rs::digest;

use super::identity::{Identity, OIDC_SUBJECT_FORMAT};

pub use super::template::{FillError, PolicyTemplate, Template, TemplateError, TemplateValues};
pub use unique::UniqueDomains;

/// The `NameID` format whose values are addresses (SAML 2.0 core §8.3.2).
const EMAIL_FORMAT: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";

/// Which of AWS's names is wanted. All share the alphabet `A-Z a-z 0-9 _ + = , . @ -` and are at least 2 long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameKind {
    /// `RoleSessionName`, at most 64.
    Session,
    /// `SourceIdentity`, at most 64.
    SourceIdentity,
    /// The name of a federated user (`GetFederationToken`), at most 32.
    FederatedUser,
}

impl NameKind {
    /// The most characters AWS takes.
    fn longest(self) -> usize {
        match self {
            Self::Session | Self::SourceIdentity => 64,
            Self::FederatedUser => 32,
        }
    }

    /// How many base-32 characters of digest: five bits each, at least 80 bits.
    fn digest_length(self) -> usize {
        match self {
            Self::Session | Self::SourceIdentity => 20,
            Self::FederatedUser => 16,
        }
    }
}

/// The name of that kind for a person.
pub fn name_for(kind: NameKind, identity: &Identity, unique: &UniqueDomains) -> String {
    if let Some(address) = address(identity)
        && (2..=kind.longest()).contains(&address.len())
        && address.bytes().all(|b| in_alphabet(b) && b != b'=')
        && unique.covers(&identity.idp, address)
    {
        return address.to_owned();
    }
    let digest = digest_of(identity);
    let digest = &digest[..kind.digest_length()];
    let room = kind.longest() - digest.len() - 1;
    format!("{}={digest}", stem(identity, room))
}

/// The address that may stand unchanged: a `NameID` that is one by its format, or an OpenID Connect provider's
/// verified e-mail. Of each provider only one source counts, so that the same text in another format stays another
/// identity.
fn address(identity: &Identity) -> Option<&str> {
    if identity.subject.format == OIDC_SUBJECT_FORMAT {
        identity.verified_email.as_deref()
    } else if identity.subject.format == EMAIL_FORMAT {
        Some(&identity.subject.value)
    } else {
        None
    }
}

fn in_alphabet(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte)
}

/// Something to read, at most `room` characters of the alphabet without `=`; says nothing that anybody relies on.
fn stem(identity: &Identity, room: usize) -> String {
    let readable = identity
        .verified_email
        .as_deref()
        .or_else(|| (identity.subject.format == EMAIL_FORMAT).then_some(&*identity.subject.value))
        .unwrap_or(&identity.display_name);
    let mut stem = String::with_capacity(room);
    for c in readable.chars() {
        if stem.len() == room {
            break;
        }
        match u8::try_from(c) {
            Ok(byte) if in_alphabet(byte) && byte != b'=' => stem.push(c),
            _ if stem.ends_with('-') || stem.is_empty() => {}
            _ => stem.push('-'),
        }
    }
    if stem.is_empty() {
        stem.push_str("person");
    }
    stem
}

/// SHA-256 over the length-prefixed parts of an identity, in lower-case base 32 (RFC 4648 §6).
fn digest_of(identity: &Identity) -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(b"vestibule person 1");
    for part in [
        identity.idp.as_str(),
        &identity.subject.format,
        &identity.subject.value,
    ] {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part.as_bytes());
    }
    let mut text = String::with_capacity(52);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for &byte in context.finish().as_ref() {
        bits = (bits << 8) | u32::from(byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            let index = (bits >> held) & 31;
            text.push(char::from(ALPHABET[index as usize]));
        }
        bits &= (1 << held) - 1;
    }
    text
}

#[cfg(test)]
mod tests;
