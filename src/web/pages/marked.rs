//! Text with some of it marked: what a search found.

use std::borrow::Cow;
use std::fmt::{Display, Formatter, Result};
use std::ops::Range;

use askama::filters::{Escaper as _, Html, HtmlSafe};

/// A text and which of its bytes are marked, at boundaries of characters.
#[derive(Debug)]
pub(super) struct Marked<'a> {
    text: Cow<'a, str>,
    marks: Vec<Range<usize>>,
}

impl<'a> Marked<'a> {
    pub(super) fn new(text: impl Into<Cow<'a, str>>, marks: Vec<Range<usize>>) -> Self {
        Self {
            text: text.into(),
            marks,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

impl Display for Marked<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let mut from = 0;
        for mark in &self.marks {
            let (before, marked) = (self.text.get(from..mark.start), self.text.get(mark.clone()));
            let (Some(before), Some(marked)) = (before, marked) else {
                continue;
            };
            Html.write_escaped_str(&mut *f, before)?;
            f.write_str("<mark>")?;
            Html.write_escaped_str(&mut *f, marked)?;
            f.write_str("</mark>")?;
            from = mark.end;
        }
        let rest = self.text.get(from..).unwrap_or_default();
        Html.write_escaped_str(f, rest)
    }
}

// all that it writes is escaped, but for the marks
impl HtmlSafe for Marked<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_marked_and_what_is_not_is_escaped() {
        let text = "<b>é</b> & more";
        let marked = |marks: &[Range<usize>]| Marked::new(text, marks.to_vec()).to_string();
        assert_eq!(
            marked(&[0..3, 5..6]),
            "<mark>&#60;b&#62;</mark>é<mark>&#60;</mark>/b&#62; &#38; more"
        );
        assert_eq!(marked(&[]), "&#60;b&#62;é&#60;/b&#62; &#38; more");
        // a mark that cannot be is left out
        for mark in [4..6, 0..4, 10..99] {
            assert_eq!(marked(&[mark]), marked(&[]));
        }
    }
}
