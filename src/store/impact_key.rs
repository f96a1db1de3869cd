//! The key under which people's last identities are sealed: AES-256-GCM (NIST SP 800-38D), a random nonce for each, and
//! whose identity it is as the additional data, so that one person's cannot be passed off as another's.
//!
//! It lies in a file beside the configuration: whoever has the database alone reads nothing.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::error::Error;
use super::key_file::{self, LENGTH};
use crate::random::{Random, SharedRandom, bytes};

/// Its name in messages.
const WHAT: &str = "impact key";
/// What is sealed is of this form; the key's id follows.
const FORM: &str = "1";

/// The key that seals last identities. Cheap to clone.
#[derive(Clone)]
pub struct ImpactKey(Arc<Inner>);

struct Inner {
    key: LessSafeKey,
    /// Tells keys apart, and nothing of the key.
    id: String,
    random: SharedRandom,
}

impl fmt::Debug for ImpactKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ImpactKey(…)")
    }
}

impl ImpactKey {
    /// A key of these bytes.
    pub fn new(key: &[u8; LENGTH], random: SharedRandom) -> Result<Self, Error> {
        let id = digest(&SHA256, &[b"vestibule impact key ", &key[..]].concat());
        let unbound = UnboundKey::new(&AES_256_GCM, key);
        Ok(Self(Arc::new(Inner {
            key: LessSafeKey::new(unbound.map_err(|_| Error::Unstorable { what: WHAT })?),
            id: URL_SAFE_NO_PAD.encode(&id.as_ref()[..9]),
            random,
        })))
    }

    /// Seals a text that is about a person.
    pub(super) fn seal(&self, person: &str, text: &str) -> Result<String, Error> {
        let Inner { key, id, random } = &*self.0;
        let nonce: [u8; NONCE_LEN] = bytes(random.as_ref());
        let mut sealed = text.as_bytes().to_vec();
        let (nonce_value, about) = (Nonce::assume_unique_for_key(nonce), self.about(person));
        key.seal_in_place_append_tag(nonce_value, about, &mut sealed)
            .map_err(|_| Error::Unstorable {
                what: "a last identity",
            })?;
        let sealed = URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat());
        Ok(format!("{FORM}.{id}.{sealed}"))
    }

    /// Opens it; `None` if it was sealed under another key, about somebody else, or is not whole.
    pub(super) fn open(&self, person: &str, sealed: &str) -> Option<Vec<u8>> {
        let Inner { key, id, .. } = &*self.0;
        let sealed = sealed.strip_prefix(FORM)?.strip_prefix('.')?;
        let sealed = sealed.strip_prefix(id.as_str())?.strip_prefix('.')?;
        let mut bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        if bytes.len() < NONCE_LEN {
            return None;
        }
        let text = bytes.split_off(NONCE_LEN);
        let nonce = Nonce::try_assume_unique_for_key(&bytes).ok()?;
        let mut text = text;
        let opened = key
            .open_in_place(nonce, self.about(person), &mut text)
            .ok()?;
        Some(opened.to_vec())
    }

    fn about(&self, person: &str) -> Aad<Vec<u8>> {
        Aad::from(format!("vestibule last identity {FORM} {} {person}", self.0.id).into_bytes())
    }
}

/// Reads the key, or makes it if there is no file yet.
pub fn load_or_create(path: &Path, random: &SharedRandom) -> Result<ImpactKey, Error> {
    let random_source: &dyn Random = random.as_ref();
    let key = key_file::load_or_create(path, WHAT, random_source)?;
    ImpactKey::new(&key, SharedRandom::clone(random))
}
