//! A fast hash for looking values up in the index.
//!
//! Not keyed and not cryptographic: the table it serves is filled from the access model and only read with values from
//! outside, and a hit is always confirmed by comparing the whole text. A caller who finds colliding values therefore
//! gains nothing and slows nothing down.

use std::hash::{BuildHasherDefault, Hasher};

/// A map whose keys are hashes already.
pub(super) type HashedMap<V> = std::collections::HashMap<u64, V, BuildHasherDefault<AlreadyHashed>>;

const MULTIPLIERS: [u64; 2] = [0x9e37_79b9_7f4a_7c15, 0xd6e8_feb8_6659_fd93];

/// The hash of a text: eight bytes at a time, mixed by wide multiplication.
pub(super) fn hash_text(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let mut state = MULTIPLIERS[0] ^ (bytes.len() as u64);
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let mut word = [0; 8];
        word.copy_from_slice(chunk);
        state = mix(state ^ u64::from_le_bytes(word));
    }
    let rest = chunks.remainder();
    if !rest.is_empty() {
        let mut word = [0; 8];
        word[..rest.len()].copy_from_slice(rest);
        state = mix(state ^ u64::from_le_bytes(word));
    }
    mix(state)
}

#[expect(clippy::cast_possible_truncation, reason = "the two halves are folded")]
fn mix(value: u64) -> u64 {
    let wide = u128::from(value ^ MULTIPLIERS[1]) * u128::from(MULTIPLIERS[0]);
    (wide as u64) ^ ((wide >> 64) as u64)
}

/// Passes a hash through.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct AlreadyHashed(u64);

impl Hasher for AlreadyHashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }
}
