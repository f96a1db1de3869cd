//! Requests and answers as every simulated AWS host sees them, without the web framework.
//!
//! The AWS host stands as the first path segment: `POST /sts.eu-west-1.amazonaws.com/` is a
//! request for `/` at that host. Signatures are made over the path as it was sent.

use std::fmt;

/// A request to a simulated AWS host.
#[derive(Clone)]
pub struct Incoming {
    /// The method.
    pub method: http::Method,
    /// The AWS host the first path segment names.
    pub host: String,
    /// The path after that segment, beginning with `/`.
    pub path: String,
    /// The path as it was sent.
    pub sent_path: String,
    /// The query as it was sent, without `?`.
    pub query: String,
    /// The headers.
    pub headers: http::HeaderMap,
    /// The body.
    pub body: Vec<u8>,
    /// Where it came from.
    pub peer: Option<std::net::IpAddr>,
}

impl Incoming {
    /// A header's value when it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Whether the body is a form.
    pub fn has_form(&self) -> bool {
        self.header("content-type").is_some_and(|value| {
            let kind = value.split(';').next().unwrap_or_default().trim();
            kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
        })
    }
}

impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming")
            .field("method", &self.method)
            .field("host", &self.host)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// An answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// An answer of one content type.
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self {
            status,
            headers,
            body: body.into(),
        }
    }

    /// Adds a header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// A form or query that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the parameters cannot be read")]
pub struct BadForm;

/// Reads a form: broken percent escapes, text that is not UTF-8 and names that stand twice are
/// refused.
pub fn parse_form(text: &[u8]) -> Result<Vec<(String, String)>, BadForm> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut names = std::collections::HashSet::new();
    for pair in text
        .split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
    {
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        let name = decode(halves.next().unwrap_or_default())?;
        let value = decode(halves.next().unwrap_or_default())?;
        if !names.insert(name.clone()) {
            return Err(BadForm);
        }
        pairs.push((name, value));
    }
    Ok(pairs)
}

fn decode(text: &[u8]) -> Result<String, BadForm> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'+' => bytes.push(b' '),
            b'%' => {
                let (digits, after) = rest.split_at_checked(2).ok_or(BadForm)?;
                let high = char::from(digits[0]).to_digit(16).ok_or(BadForm)?;
                let low = char::from(digits[1]).to_digit(16).ok_or(BadForm)?;
                bytes.push(u8::try_from(high * 16 + low).map_err(|_| BadForm)?);
                rest = after;
            }
            byte => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).map_err(|_| BadForm)
}

#[cfg(test)]
mod tests {
    use super::{BadForm, parse_form};

    #[test]
    fn forms_are_decoded() {
        let pairs = parse_form(b"Action=x+y&Key=%2B%C3%BC&Empty=&Bare").unwrap();
        let expected = [
            ("Action", "x y"),
            ("Key", "+\u{fc}"),
            ("Empty", ""),
            ("Bare", ""),
        ];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(pairs, expected);
    }

    #[test]
    fn broken_and_doubled_parameters_are_refused() {
        for text in [&b"a=%"[..], b"a=%2", b"a=%zz", b"a=%ff", b"a=1&a=2", b"%=1"] {
            assert_eq!(parse_form(text), Err(BadForm), "{text:?}");
        }
    }
}
