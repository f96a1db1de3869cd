//! The inside of a start tag, read to the letter.
//!
//! `Name (S Name Eq Value)* S?` (XML 1.0 §3.1) with ASCII names; anything looser that a forgiving parser would
//! take is refused. Namespace declarations come out apart from attributes.

use super::text::is_space;
use crate::idp::saml::Error;

/// One element may carry this many attributes and as many declarations.
const MAX_ATTRIBUTES: usize = 32;

/// A name as written: prefix (empty without one) and local part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Name<'x> {
    pub(super) prefix: &'x str,
    pub(super) local: &'x str,
}

/// An attribute as written, its value still escaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RawAttribute<'x> {
    pub(super) name: Name<'x>,
    pub(super) value: &'x str,
}

impl<'x> Name<'x> {
    fn parse(text: &'x str) -> Result<Self, Error> {
        let (prefix, local) = match text.split_once(':') {
            Some((prefix, local)) if super::is_nc_name(prefix) => (prefix, local),
            Some(_) => return Err(Error::NotXml("a name")),
            None => ("", text),
        };
        if super::is_nc_name(local) {
            Ok(Self { prefix, local })
        } else {
            Err(Error::NotXml("a name"))
        }
    }
}

/// Reads the name that `content` begins with; gives it and the rest.
pub(super) fn name(content: &str) -> Result<(Name<'_>, &str), Error> {
    let end = content.bytes().position(is_space).unwrap_or(content.len());
    let (name, rest) = content.split_at(end);
    Ok((Name::parse(name)?, rest))
}

/// Reads all attributes of `rest`, into `into`.
pub(super) fn attributes<'x>(
    mut rest: &'x str,
    into: &mut Vec<RawAttribute<'x>>,
) -> Result<(), Error> {
    into.clear();
    loop {
        let trimmed = rest.trim_start_matches(xml_space);
        if trimmed.is_empty() {
            return Ok(());
        }
        if trimmed.len() == rest.len() || into.len() == 2 * MAX_ATTRIBUTES {
            return Err(Error::NotXml("a start tag"));
        }
        let (attribute, after) = attribute(trimmed)?;
        if into.iter().any(|other| other.name == attribute.name) {
            return Err(Error::NotXml("a repeated attribute"));
        }
        into.push(attribute);
        rest = after;
    }
}

fn attribute(text: &str) -> Result<(RawAttribute<'_>, &str), Error> {
    const WRONG: Error = Error::NotXml("an attribute");
    let (name, after) = text.split_once('=').ok_or(WRONG)?;
    let name = Name::parse(name.trim_end_matches(xml_space))?;
    let after = after.trim_start_matches(xml_space);
    let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
    let after = after.get(1..).ok_or(WRONG)?;
    let (value, after) = after.split_once(quote.ok_or(WRONG)?).ok_or(WRONG)?;
    Ok((RawAttribute { name, value }, after))
}

fn xml_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content: &str) -> Result<Vec<(String, String)>, Error> {
        let (_, rest) = name(content)?;
        let mut raw = Vec::new();
        attributes(rest, &mut raw)?;
        Ok(raw
            .iter()
            .map(|a| {
                (
                    format!("{}:{}", a.name.prefix, a.name.local),
                    a.value.to_owned(),
                )
            })
            .collect())
    }

    #[test]
    fn a_start_tag_is_read_with_either_quote_and_any_white_space() {
        let read = read("saml:A a = 'x\"y'\n\tb:c=\"'>\" ").unwrap();
        assert_eq!(read[0], (":a".to_owned(), "x\"y".to_owned()));
        assert_eq!(read[1], ("b:c".to_owned(), "'>".to_owned()));
    }

    #[test]
    fn what_a_forgiving_parser_would_take_is_refused() {
        for bad in [
            "",
            " A",
            "A a",
            "A a=",
            "A a=x",
            "A a='x",
            "A a=\"x'",
            "A a='x'b='y'",
            "A a='x' a='y'",
            "A /",
            "A a='x' /",
            "A=''",
            "a:b:c",
            ":a",
            "a:",
            "A é='x'",
            "A a\u{a0}='x'",
            "A a='x' p:='y'",
            "A ='x'",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
        let many = (0..65).map(|n| format!(" a{n}=''")).collect::<String>();
        assert!(read(&format!("A{many}")).is_err());
    }
}
