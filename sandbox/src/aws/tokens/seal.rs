//! Session tokens: the session itself, sealed so that only this sandbox can read or make one.
//!
//! AES-256-GCM over the deflated JSON of the session and its key pair, under a key drawn at start.
//! The token's text therefore grows with what it carries, as AWS's does, and the 4,096-byte limit
//! bites on real sizes. Nothing is kept in a table.

use std::fmt;
use std::io::{Read as _, Write as _};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};

use super::{Session, TokenError};
use crate::aws::random::Random;

/// What every token begins with, as AWS's do.
const PREFIX: &str = "IQoJb3JpZ2luX2Vj";
const NONCE: usize = 12;
/// Nothing honest unpacks to more: the largest request is far smaller.
const MAX_UNPACKED: u64 = 262_144;

/// What a token carries.
#[derive(Serialize, Deserialize)]
pub(super) struct Sealed {
    #[serde(rename = "K")]
    pub(super) access_key: String,
    #[serde(rename = "S")]
    pub(super) secret: String,
    #[serde(rename = "V")]
    pub(super) session: Session,
    #[serde(rename = "P", default, skip_serializing_if = "String::is_empty")]
    pub(super) padding: String,
}

/// Seals and opens.
pub(super) struct Seal {
    key: LessSafeKey,
    random: Random,
}

impl Seal {
    pub(super) fn new(random: Random) -> Self {
        let mut bytes = [0_u8; 32];
        random.fill(&mut bytes);
        let key = UnboundKey::new(&AES_256_GCM, &bytes).expect("32 bytes are an AES-256 key");
        Self {
            key: LessSafeKey::new(key),
            random,
        }
    }

    pub(super) fn seal(&self, sealed: &Sealed) -> Result<String, TokenError> {
        let json = serde_json::to_vec(sealed).map_err(|_| TokenError::Unreadable)?;
        let mut packer = DeflateEncoder::new(Vec::new(), Compression::best());
        packer
            .write_all(&json)
            .map_err(|_| TokenError::Unreadable)?;
        let mut body = packer.finish().map_err(|_| TokenError::Unreadable)?;
        let mut nonce = [0_u8; NONCE];
        self.random.fill(&mut nonce);
        self.key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut body)
            .map_err(|_| TokenError::Unreadable)?;
        let mut bytes = nonce.to_vec();
        bytes.append(&mut body);
        Ok(format!("{PREFIX}{}", STANDARD.encode(bytes)))
    }

    pub(super) fn open(&self, token: &str) -> Result<Sealed, TokenError> {
        let text = token.strip_prefix(PREFIX).ok_or(TokenError::Unreadable)?;
        let bytes = STANDARD.decode(text).map_err(|_| TokenError::Unreadable)?;
        let (nonce, body) = bytes
            .split_at_checked(NONCE)
            .ok_or(TokenError::Unreadable)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| TokenError::Unreadable)?;
        let mut body = body.to_vec();
        let packed = self
            .key
            .open_in_place(nonce, Aad::empty(), &mut body)
            .map_err(|_| TokenError::Unreadable)?;
        let mut json = Vec::new();
        DeflateDecoder::new(&*packed)
            .take(MAX_UNPACKED)
            .read_to_end(&mut json)
            .map_err(|_| TokenError::Unreadable)?;
        serde_json::from_slice(&json).map_err(|_| TokenError::Unreadable)
    }

    /// Incompressible text of `length` characters, for `MinimumSessionTokenSize`.
    pub(super) fn padding(&self, length: usize) -> String {
        let mut bytes = vec![0_u8; length.div_ceil(4) * 3];
        self.random.fill(&mut bytes);
        let mut text = STANDARD.encode(bytes);
        text.truncate(length);
        text
    }
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal")
    }
}
