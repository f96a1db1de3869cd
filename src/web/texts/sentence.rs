//! A sentence with places for values in it, filled safely.
//!
//! In a sentence, `{name}` is a place, and a few marks stand for markup, so that a translator can move a bold name or a
//! link with its words: [`MARKS`] are all there are, and none of them has attributes in a text. Everything else, words
//! and values alike, is escaped, and a value is never read for places or marks: what somebody wrote stays text.

use std::fmt::{Display, Formatter, Result, Write};

use askama::filters::{Escaper as _, Html, HtmlSafe};

/// What may be marked in a sentence, and the element that each is. The address of a link is the value `href`.
const MARKS: [(&str, &str, &str); 8] = [
    ("b", "<b>", "</b>"),
    ("code", "<code>", "</code>"),
    ("q", "<q>", "</q>"),
    ("span", "<span>", "</span>"),
    ("soft", "<span class=\"soft\">", "</span>"),
    ("current", "<b class=\"current-mark\">", "</b>"),
    ("a", "<a href=\"{href}\">", "</a>"),
    // a site of somebody else's, which need not know where from
    ("out", "<a href=\"{href}\" rel=\"noreferrer\">", "</a>"),
];

/// A whole sentence, or several, with places in it. Shown as it is when it has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) struct Sentence(pub(super) &'static str);

/// A value and the place it is for.
type Value<'a> = (&'static str, What<'a>);

/// What is put into a place.
#[derive(Clone, Copy)]
enum What<'a> {
    /// Somebody's text, or a number.
    Text(&'a dyn Display),
    /// A part of a page, which escapes what is in it by itself.
    Part(&'a dyn HtmlSafe),
}

impl Sentence {
    /// Puts the first value into its place.
    pub(in crate::web) fn with<'a>(
        self,
        place: &'static str,
        value: &'a dyn Display,
    ) -> Filled<'a> {
        Filled {
            sentence: self,
            values: vec![(place, What::Text(value))],
        }
    }

    /// Puts a part of a page into its place.
    pub(in crate::web) fn part<'a>(
        self,
        place: &'static str,
        part: &'a dyn HtmlSafe,
    ) -> Filled<'a> {
        Filled {
            sentence: self,
            values: vec![(place, What::Part(part))],
        }
    }
}

/// A sentence with its values: on a page HTML, elsewhere [`Filled::plain`] text.
pub(in crate::web) struct Filled<'a> {
    sentence: Sentence,
    values: Vec<Value<'a>>,
}

impl<'a> Filled<'a> {
    /// Puts one more value into its place.
    pub(in crate::web) fn with(mut self, place: &'static str, value: &'a dyn Display) -> Self {
        self.values.push((place, What::Text(value)));
        self
    }

    /// As text that is no HTML and has no marks: a page that shows it escapes it like any other.
    pub(in crate::web) fn plain(&self) -> String {
        let mut text = String::with_capacity(self.sentence.0.len() * 2);
        // writing into a string does not fail
        let _ = write(self.sentence.0, &self.values, Form::Plain, &mut text);
        text
    }
}

impl Display for Sentence {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write(self.0, &[], Form::Html, f)
    }
}

impl Display for Filled<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write(self.sentence.0, &self.values, Form::Html, f)
    }
}

// all that they write is escaped, but for the marks
impl HtmlSafe for Sentence {}
impl HtmlSafe for Filled<'_> {}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Html,
    Plain,
}

fn write(text: &str, values: &[Value<'_>], form: Form, out: &mut dyn Write) -> Result {
    let mut rest = text;
    while let Some(at) = rest.find(['{', '<']) {
        let (words, special) = rest.split_at(at);
        put(words, form, out)?;
        rest = if let Some((name, after)) = between(special, '{', '}') {
            match value(values, name) {
                Some(What::Part(part)) if form == Form::Html => write!(out, "{part}")?,
                Some(value) => put(value, form, out)?,
                // left standing, so that it is seen
                None => put(&special[..special.len() - after.len()], form, out)?,
            }
            after
        } else if let Some((element, after)) = mark(special) {
            if form == Form::Html {
                tag(element, values, out)?;
            }
            after
        } else {
            put(&special[..1], form, out)?;
            &special[1..]
        };
    }
    put(rest, form, out)
}

fn put(what: impl Display, form: Form, out: &mut dyn Write) -> Result {
    match form {
        Form::Html => write!(Escaping(out), "{what}"),
        Form::Plain => write!(out, "{what}"),
    }
}

/// Writes an element's tag, the one thing that is not escaped; an address in it is.
fn tag(element: &str, values: &[Value<'_>], out: &mut dyn Write) -> Result {
    let Some((before, behind)) = element.split_once("{href}") else {
        return out.write_str(element);
    };
    out.write_str(before)?;
    if let Some(address) = value(values, "href") {
        put(address, Form::Html, out)?;
    }
    out.write_str(behind)
}

/// The element of the mark that a text begins with, and what follows.
fn mark(text: &str) -> Option<(&'static str, &str)> {
    let (name, after) = between(text, '<', '>')?;
    let (name, closes) = match name.strip_prefix('/') {
        Some(name) => (name, true),
        None => (name, false),
    };
    let (_, open, close) = MARKS.iter().find(|(mark, ..)| *mark == name)?;
    Some((if closes { close } else { open }, after))
}

/// What stands between the sign that a text begins with and the next `close`, and what follows that.
fn between(text: &str, open: char, close: char) -> Option<(&str, &str)> {
    text.strip_prefix(open)?.split_once(close)
}

fn value<'a>(values: &[Value<'a>], name: &str) -> Option<What<'a>> {
    let found = values.iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| *value)
}

impl Display for What<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Text(text) => text.fmt(f),
            Self::Part(part) => part.fmt(f),
        }
    }
}

struct Escaping<'a>(&'a mut dyn Write);

impl Write for Escaping<'_> {
    fn write_str(&mut self, text: &str) -> Result {
        Html.write_escaped_str(&mut *self.0, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "\"><script>alert(1)</script><img src=x>' & <b>{role}{href}</b>";
    const ESCAPED: &str = "&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#60;img src=x&#62;&#39; &#38; \
                           &#60;b&#62;{role}{href}&#60;/b&#62;";

    #[test]
    fn values_stand_where_the_sentence_wants_them() {
        let sentence = Sentence("<b>{role}</b> in {account}, {role} again: {count}");
        let filled = sentence
            .with("account", &"Dev")
            .with("role", &"Admin")
            .with("count", &3);
        assert_eq!(filled.to_string(), "<b>Admin</b> in Dev, Admin again: 3");
        assert_eq!(filled.plain(), "Admin in Dev, Admin again: 3");
    }

    #[test]
    fn a_value_is_text_whatever_stands_in_it() {
        let sentence = Sentence("{role} <code>{role}</code> <a>{role}</a>");
        let filled = sentence.with("role", &HOSTILE).with("href", &HOSTILE);
        assert_eq!(
            filled.to_string(),
            format!("{ESCAPED} <code>{ESCAPED}</code> <a href=\"{ESCAPED}\">{ESCAPED}</a>")
        );
        assert_eq!(filled.plain(), format!("{HOSTILE} {HOSTILE} {HOSTILE}"));
    }

    #[test]
    fn only_the_marks_become_markup() {
        let sentence = Sentence("a < b, <script>, <b onclick=\"x\">, <B>, {, {none}, <, </b");
        assert_eq!(
            sentence.to_string(),
            "a &#60; b, &#60;script&#62;, &#60;b onclick=&#34;x&#34;&#62;, &#60;B&#62;, {, {none}, &#60;, &#60;/b"
        );
        for (name, open, close) in MARKS {
            let text = format!("<{name}>x</{name}>");
            let filled = Sentence(text.leak()).with("href", &"/");
            let open = open.replace("{href}", "/");
            assert_eq!(filled.to_string(), format!("{open}x{close}"));
            assert_eq!(filled.plain(), "x");
        }
    }

    #[test]
    fn a_part_keeps_its_markup_and_an_address_never_has_any() {
        let inner = Sentence("<b>{role}</b>").with("role", &HOSTILE);
        let sentence = Sentence("In {part}, with {scope}");
        let filled = sentence.part("part", &inner).with("scope", &"<i>");
        assert_eq!(
            filled.to_string(),
            format!("In <b>{ESCAPED}</b>, with &#60;i&#62;")
        );
        let filled = Sentence("<a>x</a>").part("href", &inner);
        assert!(!filled.to_string().contains("<b>"));
    }

    #[test]
    fn askama_takes_it_as_it_is_written() {
        #[derive(askama::Template)]
        #[template(source = "<p>{{ s.with(\"role\", role) }}|{{ role }}", ext = "html")]
        struct Page<'a> {
            s: Sentence,
            role: &'a str,
        }
        let s = Sentence("<b>{role}</b>");
        let page = askama::Template::render(&Page { s, role: HOSTILE }).unwrap();
        assert_eq!(page, format!("<p><b>{ESCAPED}</b>|{ESCAPED}"));
    }
}
