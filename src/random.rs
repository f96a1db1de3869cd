//! Randomness, as a value that is handed in.
//!
//! Session ids, request ids, states, nonces and sign-in ids come from here and from nowhere else.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Gives unpredictable bytes.
pub trait Random: Send + Sync + std::fmt::Debug {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// Randomness that many hold.
pub type SharedRandom = Arc<dyn Random>;

/// The operating system's generator, by way of AWS-LC.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemRandom;

impl Random for SystemRandom {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that draws randomness"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        aws_lc_rs::rand::fill(bytes).expect("the operating system gives random bytes");
    }
}

/// `N` random bytes.
pub fn bytes<const N: usize>(random: &dyn Random) -> [u8; N] {
    let mut bytes = [0; N];
    random.fill(&mut bytes);
    bytes
}

/// `N` random bytes in URL-safe base64 without padding: 16 bytes give 22 characters, 32 give 43.
pub fn token<const N: usize>(random: &dyn Random) -> String {
    URL_SAFE_NO_PAD.encode(bytes::<N>(random))
}

/// Whether a text has the shape of a [`token`] of `N` bytes.
pub fn is_token<const N: usize>(text: &str) -> bool {
    text.len() == (N * 8).div_ceil(6)
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// `N` random bytes in lower-case hexadecimal.
pub fn hex<const N: usize>(random: &dyn Random) -> String {
    use std::fmt::Write as _;
    bytes::<N>(random)
        .iter()
        .fold(String::with_capacity(2 * N), |mut text, byte| {
            // writing to a String cannot fail
            let _ = write!(text, "{byte:02x}");
            text
        })
}
