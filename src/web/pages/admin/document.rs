//! The document as text, with what was found out about it.

use askama::Template;

use super::{AdminFrame, Finding, Standing, revision_href};
use crate::admin::LONGEST_NOTE;
use crate::web::forms::DOCUMENT_FORM;
use crate::web::pages::Frame;

/// What of a form's cap is for the other fields.
const OTHER_FIELDS: usize = 64 * 1024;

/// The document as text.
#[derive(Debug, Template)]
#[template(path = "admin/document.html")]
pub(in crate::web) struct DocumentPage<'a> {
    frame: Frame<'a>,
    admin: Standing<'a>,
    here: &'static str,
    base: i64,
    text: &'a str,
    note: &'a str,
    longest_note: usize,
    finding: &'a Finding,
    too_large: bool,
}

impl<'a> DocumentPage<'a> {
    /// `base` is the revision that the text was written on, or stands on now.
    pub(in crate::web) fn new(
        AdminFrame { frame, admin }: AdminFrame<'a>,
        base: i64,
        (text, note): (&'a str, &'a str),
        finding: &'a Finding,
    ) -> Self {
        Self {
            frame,
            admin,
            here: "document",
            base,
            text,
            note,
            longest_note: LONGEST_NOTE,
            finding,
            too_large: length_in_a_form(text) > DOCUMENT_FORM - OTHER_FIELDS,
        }
    }
}

/// How long a text becomes when a browser sends it (WHATWG URL §5.2, lines ended by CR LF).
fn length_in_a_form(text: &str) -> usize {
    let length = |byte| match byte {
        b'\n' => 6,
        b' ' | b'*' | b'-' | b'.' | b'_' => 1,
        byte if byte.is_ascii_alphanumeric() => 1,
        _ => 3,
    };
    text.bytes().map(length).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_in_a_form_is_that_of_the_standard() {
        for text in ["", "[[rules]]\nname = \"a-b_c.d*e\"\n", "é~\t'\n\n"] {
            let lines = text.replace('\n', "\r\n");
            let sent: String = url::form_urlencoded::byte_serialize(lines.as_bytes()).collect();
            assert_eq!(length_in_a_form(text), sent.len(), "{text:?}");
        }
    }
}
