//! Names and values out of a query string or a form, decoded strictly.
//!
//! `application/x-www-form-urlencoded` (WHATWG URL §5.1), without its forgiveness: a `%` that no two hexadecimal
//! digits follow and bytes that are no UTF-8 are refused instead of repaired, because what two parsers repair
//! differently is how one link comes to mean two things. A name that is asked for may stand only once.

/// More pairs than any link or form of ours has.
const MOST_PAIRS: usize = 64;

/// Why a text cannot be read, in a few words of our own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(super) struct Unreadable(pub(super) &'static str);

/// The decoded pairs, in the order written.
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads the part behind `?`, or a form's body.
    pub(super) fn read(text: &str) -> Result<Self, Unreadable> {
        Self::read_up_to(text, MOST_PAIRS)
    }

    /// Likewise, with another bound on the number of pairs.
    pub(super) fn read_up_to(text: &str, most: usize) -> Result<Self, Unreadable> {
        let mut pairs = Vec::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            if pairs.len() == most {
                return Err(Unreadable("it has too many parameters"));
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            pairs.push((decode(name, Plus::Space)?, decode(value, Plus::Space)?));
        }
        Ok(Self(pairs))
    }

    /// The value of a name that may stand once; an empty one counts as absent.
    pub(super) fn one(&self, name: &str) -> Result<Option<&str>, Unreadable> {
        let mut values = self.0.iter().filter(|(n, _)| n == name).map(|(_, v)| v);
        let value = values.next();
        if values.next().is_some() {
            return Err(Unreadable("one of its parameters stands twice"));
        }
        Ok(value.map(String::as_str).filter(|value| !value.is_empty()))
    }

    /// Everything, in the order written.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.0.iter();
        pairs.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether a name stands there, with a value or without.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| n == name)
    }

    /// Like [`Self::one`], the value moved out: for long ones.
    pub(super) fn take(&mut self, name: &str) -> Result<Option<String>, Unreadable> {
        if self.one(name)?.is_none() {
            return Ok(None);
        }
        let at = self.0.iter().position(|(n, _)| n == name);
        Ok(at.map(|at| self.0.swap_remove(at).1))
    }
}

/// What a `+` means.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Plus {
    /// In queries and forms.
    Space,
    /// In paths.
    Itself,
}

/// Undoes percent-encoding once.
pub(super) fn decode(text: &str, plus: Plus) -> Result<String, Unreadable> {
    if !text.bytes().any(|b| b == b'%' || b == b'+') {
        return Ok(text.to_owned());
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => bytes
                .next()
                .and_then(hex)
                .zip(bytes.next().and_then(hex))
                .map(|(high, low)| high << 4 | low)
                .ok_or(Unreadable("a % in it is not followed by two digits"))?,
            b'+' if plus == Plus::Space => b' ',
            other => other,
        });
    }
    String::from_utf8(decoded).map_err(|_| Unreadable("it is not UTF-8"))
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_decoded_once() {
        let read = Parameters::read("a=1%2B2&b=x+y&c=%2541&&d").unwrap();
        assert_eq!(read.one("a"), Ok(Some("1+2")));
        assert_eq!(read.one("b"), Ok(Some("x y")));
        assert_eq!(read.one("c"), Ok(Some("%41")));
        assert_eq!(read.one("d"), Ok(None));
        assert_eq!(read.one("e"), Ok(None));
    }

    #[test]
    fn what_would_have_to_be_repaired_is_refused() {
        for query in ["a=%", "a=%4", "a=%zz", "%=1", "a=%ff", "a=%c0%af", "a=%+1"] {
            assert!(Parameters::read(query).is_err(), "{query}");
        }
        assert!(Parameters::read(&"a&".repeat(MOST_PAIRS + 1)).is_err());
    }

    #[test]
    fn a_name_may_stand_once() {
        let mut read = Parameters::read("a=1&a=2&b=3&b=&%61=4&c=5").unwrap();
        assert!(read.one("a").is_err());
        assert!(read.take("b").is_err());
        assert_eq!(read.take("c"), Ok(Some("5".to_owned())));
        assert_eq!(read.take("c"), Ok(None));
    }

    #[test]
    fn a_plus_in_a_path_is_a_plus() {
        assert_eq!(decode("a+b%2Bc", Plus::Itself), Ok("a+b+c".to_owned()));
    }
}
