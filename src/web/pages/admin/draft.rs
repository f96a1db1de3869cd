//! A draft as text, with what was found out about it.

use askama::Template;

use super::drafts::{name_of, standing};
use super::{AdminFrame, Finding, Standing};
use crate::admin::DraftSummary;
use crate::domain::intent::AdminPage;
use crate::web::forms::DOCUMENT_FORM;
use crate::web::links;
use crate::web::pages::Frame;

/// What of a form's cap is for the other fields.
const OTHER_FIELDS: usize = 64 * 1024;

/// A draft as text.
#[derive(Debug, Template)]
#[template(path = "admin/draft.html")]
pub(in crate::web) struct DraftPage<'a> {
    frame: Frame<'a>,
    admin: Standing<'a>,
    here: &'static str,
    href: String,
    review: String,
    name: String,
    standing: String,
    version: i64,
    text: &'a str,
    finding: &'a Finding,
    overtaken: bool,
    too_large: bool,
}

impl<'a> DraftPage<'a> {
    /// `text` is what the draft holds, or what somebody wants it to hold.
    pub(in crate::web) fn new(
        AdminFrame { frame, admin }: AdminFrame<'a>,
        (draft, text): (&DraftSummary, &'a str),
        finding: &'a Finding,
    ) -> Self {
        Self {
            href: links::admin_path(AdminPage::Draft(draft.id)),
            review: links::admin_path(AdminPage::Review(draft.id)),
            name: name_of(frame.t, draft),
            standing: standing(frame.t, draft),
            here: "drafts",
            version: draft.version,
            text,
            finding,
            overtaken: matches!(finding, Finding::Meanwhile { .. }),
            too_large: length_in_a_form(text) > DOCUMENT_FORM - OTHER_FIELDS,
            frame,
            admin,
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
