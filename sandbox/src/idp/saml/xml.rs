//! Writing XML: names and values come from people and requests, so everything is escaped here.

use std::fmt::Write as _;

use chrono::{DateTime, SecondsFormat, Utc};

/// SAML's protocol namespace.
pub(super) const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// SAML's assertion namespace.
pub(super) const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// XML Signature's namespace.
pub(super) const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";

/// `text` as character data.
pub(super) fn text(text: &str) -> String {
    escape(text, false)
}

/// `value` as an attribute's value, in double quotes.
pub(super) fn value(value: &str) -> String {
    escape(value, true)
}

fn escape(raw: &str, attribute: bool) -> String {
    let mut escaped = String::with_capacity(raw.len());
    for character in raw.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' if attribute => escaped.push_str("&quot;"),
            '\t' | '\n' if attribute => {
                // writing to a String cannot fail
                let _ = write!(escaped, "&#x{:X};", u32::from(character));
            }
            '\r' => escaped.push_str("&#xD;"),
            // no character reference makes these legal in XML 1.0
            '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' => escaped.push('\u{fffd}'),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// A moment as SAML writes it.
pub(super) fn instant(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// ` name="value"`, or nothing.
pub(super) fn optional(name: &str, content: Option<&str>) -> String {
    content.map_or_else(String::new, |content| {
        format!(" {name}=\"{}\"", value(content))
    })
}
