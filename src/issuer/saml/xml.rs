//! The one writer of XML in the issuer: every text and value is escaped here, and nowhere else.
//!
//! Names are written in the code, values come from anywhere. What it writes is in canonical form already (Canonical XML
//! 1.0 §2.3: double quotes, no empty-element tags, these very escapes); what XML 1.0 cannot carry (§2.2) is refused.

/// A text holds a character that XML 1.0 has no way to carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a text holds a character that XML cannot carry")]
pub(in crate::issuer) struct Unwritable;

/// A document in the making.
#[derive(Debug, Default)]
pub(super) struct Xml(String);

impl Xml {
    /// Begins an element; attributes stand in the order of canonical XML (namespaces first, then by name).
    pub(super) fn open(
        &mut self,
        name: &'static str,
        attributes: &[(&'static str, &str)],
    ) -> Result<(), Unwritable> {
        self.0.push('<');
        self.0.push_str(name);
        for (attribute, value) in attributes {
            self.0.push(' ');
            self.0.push_str(attribute);
            self.0.push_str("=\"");
            self.escape(value, in_value)?;
            self.0.push('"');
        }
        self.0.push('>');
        Ok(())
    }

    /// Ends an element.
    pub(super) fn close(&mut self, name: &'static str) {
        self.0.push_str("</");
        self.0.push_str(name);
        self.0.push('>');
    }

    /// An element with nothing but a text in it.
    pub(super) fn element(
        &mut self,
        name: &'static str,
        attributes: &[(&'static str, &str)],
        text: &str,
    ) -> Result<(), Unwritable> {
        self.open(name, attributes)?;
        self.escape(text, in_text)?;
        self.close(name);
        Ok(())
    }

    /// An element that this writer has written before.
    pub(super) fn written(&mut self, element: &Written) {
        self.0.push_str(&element.0);
    }

    /// What has been written.
    pub(super) fn done(self) -> Written {
        Written(self.0)
    }

    fn escape(
        &mut self,
        text: &str,
        entity: fn(char) -> Option<&'static str>,
    ) -> Result<(), Unwritable> {
        for c in text.chars() {
            match entity(c) {
                Some(entity) => self.0.push_str(entity),
                None if can_be_carried(c) => self.0.push(c),
                None => return Err(Unwritable),
            }
        }
        Ok(())
    }
}

/// XML that came out of the writer.
#[derive(Debug, Clone)]
pub(super) struct Written(String);

impl Written {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Puts an element behind the first end tag of that name.
    pub(super) fn insert_after(&mut self, end_tag: &'static str, element: &Self) -> Option<()> {
        let at = self.0.find(end_tag)? + end_tag.len();
        self.0.insert_str(at, &element.0);
        Some(())
    }
}

fn in_text(c: char) -> Option<&'static str> {
    match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '\r' => Some("&#xD;"),
        _ => None,
    }
}

fn in_value(c: char) -> Option<&'static str> {
    match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '"' => Some("&quot;"),
        '\t' => Some("&#x9;"),
        '\n' => Some("&#xA;"),
        '\r' => Some("&#xD;"),
        _ => None,
    }
}

/// `Char` of XML 1.0.
fn can_be_carried(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Result<String, Unwritable> {
        let mut xml = Xml::default();
        xml.element("a", &[("b", text)], text)?;
        Ok(xml.done().0)
    }

    #[test]
    fn texts_and_values_are_escaped_as_canonical_xml_does() {
        assert_eq!(
            text("<&>\"'\t\n\r é").unwrap(),
            "<a b=\"&lt;&amp;>&quot;'&#x9;&#xA;&#xD; é\">&lt;&amp;&gt;\"'\t\n&#xD; é</a>"
        );
    }

    #[test]
    fn what_xml_cannot_carry_is_refused() {
        for c in [
            '\0', '\u{1}', '\u{8}', '\u{B}', '\u{1F}', '\u{FFFE}', '\u{FFFF}',
        ] {
            assert_eq!(text(&format!("a{c}b")), Err(Unwritable), "{c:?}");
        }
        for c in [
            '\t',
            '\n',
            '\r',
            ' ',
            '\u{7F}',
            '\u{D7FF}',
            '\u{E000}',
            '\u{FFFD}',
            '\u{10FFFF}',
        ] {
            assert!(text(&format!("a{c}b")).is_ok(), "{c:?}");
        }
    }
}
