//! Is it signed by the provider? Two independent implementations are asked, and both have to say yes.
//!
//! First bergshamra (pure Rust), with keys from the configuration only; then libxmlsec, which sees only what the
//! first accepted. What comes out are the canonical bytes of the signed element, on which both agree byte for
//! byte: the only thing that may be read on. Neither is asked before the screen has passed a document.

mod first;
mod second;

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::Error;
use super::metadata::SigningKey;
use super::screen::{Holder, Screened};

pub use second::warm_up;

/// What was signed.
pub(super) struct Signed {
    /// On which element the signature stands whose bytes these are.
    pub(super) holder: Holder,
    /// Its canonical form.
    pub(super) bytes: String,
}

/// Both verifiers with one provider's keys.
pub(super) struct Verifiers {
    first: first::Verifier,
    second: second::Verifier,
}

impl Verifiers {
    /// Loads the keys into both.
    pub(super) fn new(keys: &[SigningKey]) -> Result<Self, UnusableKey> {
        Ok(Self {
            first: first::Verifier::new(keys)?,
            second: second::Verifier::new(keys),
        })
    }

    /// Verifies all signatures; gives the bytes of the outermost signed element.
    pub(super) fn verify(&self, screened: &Screened) -> Result<Signed, Error> {
        let guarded = catch_unwind(AssertUnwindSafe(|| self.first.verify(screened)));
        let first = guarded.map_err(|_| Error::Signature("the verifier failed"))??;
        let guarded = catch_unwind(AssertUnwindSafe(|| {
            self.second.verify(&screened.xml, &first.keys)
        }));
        let second = guarded.map_err(|_| Error::SecondOpinion("the verifier failed"))??;
        if first.bytes != second.as_bytes() {
            return Err(Error::SecondOpinion("the bytes differ"));
        }
        Ok(Signed {
            holder: first.holder,
            bytes: second,
        })
    }
}

/// A key that passed the metadata's checks, but that the verifier cannot load.
#[derive(Debug, thiserror::Error)]
#[error("signing certificate {position} cannot be loaded")]
pub(super) struct UnusableKey {
    /// Which, counting from 1.
    pub(super) position: usize,
    #[source]
    source: bergshamra::Error,
}

#[cfg(test)]
mod tests;
