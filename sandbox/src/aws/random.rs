//! The sandbox's own randomness: key ids, secrets, nonces, request ids.
//!
//! Comes in by value like the clock, so a seeded source makes a test's ids repeat. The seeded
//! source is for tests only: it is predictable by design.

use std::fmt::{self, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::digest;

const ID_ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const SECRET_ALPHABET: &[u8; 64] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// A source of bytes nobody can guess (or, seeded, of bytes that repeat).
#[derive(Clone)]
pub struct Random(Arc<Fill>);

type Fill = dyn Fn(&mut [u8]) + Send + Sync;

impl Random {
    /// The operating system's randomness.
    #[expect(
        clippy::disallowed_methods,
        reason = "the sandbox's one place that draws randomness"
    )]
    pub fn system() -> Self {
        Self(Arc::new(|bytes| {
            aws_lc_rs::rand::fill(bytes).expect("the system's random source answers");
        }))
    }

    /// The same bytes in the same order for the same seed.
    pub fn seeded(seed: u64) -> Self {
        let counter = AtomicU64::new(0);
        Self(Arc::new(move |bytes| {
            for chunk in bytes.chunks_mut(32) {
                let step = counter.fetch_add(1, Ordering::Relaxed);
                let mut input = [0_u8; 16];
                input[..8].copy_from_slice(&seed.to_be_bytes());
                input[8..].copy_from_slice(&step.to_be_bytes());
                let block = digest::digest(&digest::SHA256, &input);
                chunk.copy_from_slice(&block.as_ref()[..chunk.len()]);
            }
        }))
    }

    /// Fills `bytes`.
    pub fn fill(&self, bytes: &mut [u8]) {
        (self.0)(bytes);
    }

    /// An identifier such as `ASIA…`: the prefix and `length` further capitals and digits.
    pub fn id(&self, prefix: &str, length: usize) -> String {
        let mut text = prefix.to_owned();
        text.extend(self.letters(length, ID_ALPHABET));
        text
    }

    /// A 40-character secret access key.
    pub fn secret(&self) -> String {
        self.letters(40, SECRET_ALPHABET).collect()
    }

    /// A random UUID, as request ids are.
    pub fn uuid(&self) -> String {
        let mut bytes = [0_u8; 16];
        self.fill(&mut bytes);
        bytes[6] = (bytes[6] & 0x0f) | 0x40;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        let mut text = String::with_capacity(36);
        for (index, byte) in bytes.iter().enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            write!(text, "{byte:02x}").expect("writing to a string never fails");
        }
        text
    }

    fn letters<const N: usize>(
        &self,
        length: usize,
        alphabet: &'static [u8; N],
    ) -> impl Iterator<Item = char> {
        let mut bytes = vec![0_u8; length];
        self.fill(&mut bytes);
        bytes
            .into_iter()
            .map(|byte| char::from(alphabet[usize::from(byte) % N]))
    }
}

impl fmt::Debug for Random {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Random")
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn a_seed_repeats_and_two_seeds_differ() {
        assert_eq!(Random::seeded(1).secret(), Random::seeded(1).secret());
        assert_ne!(Random::seeded(1).secret(), Random::seeded(2).secret());
        let one = Random::seeded(1);
        assert_ne!(one.secret(), one.secret());
    }

    #[test]
    fn ids_have_their_prefix_and_length_and_uuids_their_shape() {
        let random = Random::system();
        let id = random.id("ASIA", 16);
        assert!(id.starts_with("ASIA") && id.len() == 20, "{id}");
        let uuid = random.uuid();
        assert_eq!(uuid.len(), 36);
        assert_eq!(uuid.matches('-').count(), 4);
    }
}
