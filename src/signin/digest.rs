//! Digests under which the database knows secrets: SHA-256 in lower-case hexadecimal.

use std::fmt::Write as _;

use aws_lc_rs::digest;

/// The digest of a secret that is random enough to need no salt.
pub(super) fn of(secret: &str) -> String {
    of_bytes(secret.as_bytes())
}

/// The digest of any bytes.
pub(super) fn of_bytes(bytes: &[u8]) -> String {
    let digest = digest::digest(&digest::SHA256, bytes);
    digest
        .as_ref()
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            // writing to a String cannot fail
            let _ = write!(text, "{byte:02x}");
            text
        })
}
