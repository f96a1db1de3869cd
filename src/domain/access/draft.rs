//! What a draft of the access model is called: an id that is never given to another one.
//!
//! It stands in addresses and in forms. Nothing can be told from it, and who knows one is not let in by that.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The id of a draft: 16 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DraftId(u64);

impl DraftId {
    /// Of random bytes.
    pub fn new(bytes: [u8; 8]) -> Self {
        Self(u64::from_be_bytes(bytes))
    }

    /// Reads one, as it is written.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.len() == 16
            && text
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        plain
            .then(|| u64::from_str_radix(text, 16).ok().map(Self))
            .flatten()
    }
}

impl fmt::Display for DraftId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_comes_back_from_its_text_and_from_nothing_else() {
        for bytes in [[0; 8], [255; 8], [1, 2, 3, 4, 5, 6, 7, 8]] {
            let id = DraftId::new(bytes);
            assert_eq!(DraftId::parse(&id.to_string()), Some(id));
        }
        for text in [
            "",
            "1",
            "0102030405060708 ",
            "010203040506070G",
            "+10203040506070a",
            "010203040506070A",
            "01020304050607080",
        ] {
            assert_eq!(DraftId::parse(text), None, "{text}");
        }
    }
}
