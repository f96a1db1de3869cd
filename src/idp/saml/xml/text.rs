//! Characters and references: which may stand in a message, and what they mean.
//!
//! Of the references only the five predefined ones and the numeric ones to permitted characters are known
//! (XML 1.0 §4.1, §4.6). Control characters other than tab and line ends are refused, written out or referred to.

use std::borrow::Cow;

use crate::idp::saml::Error;

/// Whether `c` may stand in a message: XML 1.0's `Char` without the C1 controls, which parsers and
/// terminals have read differently.
pub(super) fn is_permitted(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => true,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => false,
        _ => true,
    }
}

/// Whether all of `text` may stand in a message.
pub(super) fn all_permitted(text: &str) -> bool {
    // the bytes that need a closer look: controls, DEL, and the lead bytes of U+0080–U+009F and U+FFFE
    let suspicious = text.bytes().any(|b| {
        (b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r')) || matches!(b, 0x7f | 0xc2 | 0xef)
    });
    !suspicious || text.chars().all(is_permitted)
}

/// XML's white space.
pub(super) fn is_space(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\n' | b'\r')
}

/// Whether `text` is a name without colon, in ASCII and of a sensible length. Narrower than `NCName`, on purpose.
pub(in crate::idp::saml) fn is_nc_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() <= 256
        && bytes
            .first()
            .is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_')
        && bytes
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
}

/// What the reference `&name;` means.
pub(super) fn resolve(name: &str) -> Result<char, Error> {
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let digits = name
                .strip_prefix('#')
                .ok_or(Error::Forbidden("an entity"))?;
            numeric(digits).ok_or(Error::Forbidden("a character reference"))?
        }
    };
    Ok(c)
}

fn numeric(digits: &str) -> Option<char> {
    let (digits, radix) = match digits.strip_prefix('x') {
        Some(hex) => (hex, 16),
        None => (digits, 10),
    };
    // from_str_radix would take a sign
    let plain = (1..=8).contains(&digits.len()) && digits.chars().all(|c| c.is_digit(radix));
    let number = plain.then(|| u32::from_str_radix(digits, radix).ok())??;
    char::from_u32(number).filter(|c| is_permitted(*c))
}

/// An attribute's value with its references resolved. Written line ends and tabs, which parsers turn into
/// spaces, are refused.
pub(super) fn unescape_attribute(raw: &str) -> Result<Cow<'_, str>, Error> {
    if raw
        .bytes()
        .any(|b| matches!(b, b'\t' | b'\n' | b'\r' | b'<'))
    {
        return Err(Error::NotXml("an attribute value"));
    }
    let Some(first) = raw.find('&') else {
        return Ok(Cow::Borrowed(raw));
    };
    let (head, mut rest) = raw.split_at(first);
    let mut value = String::with_capacity(raw.len());
    value.push_str(head);
    while let Some(reference) = rest.strip_prefix('&') {
        let (name, after) = reference
            .split_once(';')
            .ok_or(Error::NotXml("a reference"))?;
        value.push(resolve(name)?);
        let next = after.find('&').unwrap_or(after.len());
        let (text, tail) = after.split_at(next);
        value.push_str(text);
        rest = tail;
    }
    Ok(Cow::Owned(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_mean_what_xml_says_and_nothing_else_is_known() {
        assert_eq!(unescape_attribute("a&amp;b&#x41;&#10;").unwrap(), "a&bA\n");
        assert_eq!(unescape_attribute("&lt;&gt;&quot;&apos;").unwrap(), "<>\"'");
        for bad in [
            "&nbsp;",
            "&",
            "&amp",
            "&#0;",
            "&#x0;",
            "&#31;",
            "&#x80;",
            "&#xD800;",
            "&#xFFFE;",
            "&#x110000;",
            "&#+65;",
            "&#x;",
            "&#;",
            "&#X41;",
            "&#000000065;",
            "&;",
            "a\nb",
            "a\tb",
            "a<b",
            "& amp;",
        ] {
            assert!(unescape_attribute(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn control_characters_are_found_wherever_they_stand() {
        assert!(all_permitted("Zoë — 名前\t\r\n\u{a0}\u{fffd}\u{1f600}"));
        for bad in [
            "a\0",
            "\u{1b}[2J",
            "\u{7f}",
            "x\u{85}y",
            "\u{80}",
            "\u{9f}",
            "\u{fffe}",
            "\u{ffff}",
        ] {
            assert!(!all_permitted(bad), "{bad:?}");
        }
    }

    #[test]
    fn names_are_plain_ascii() {
        for good in ["_a", "A-1.b", "pfx41d8ef22"] {
            assert!(is_nc_name(good), "{good}");
        }
        for bad in ["", "1a", "-a", "a:b", "a b", "é", "a'", "a\u{80}"] {
            assert!(!is_nc_name(bad), "{bad}");
        }
        assert!(!is_nc_name(&"a".repeat(257)));
    }
}
