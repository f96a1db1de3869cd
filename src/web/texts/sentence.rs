//! A sentence with places for values in it, filled safely.
//!
//! In a sentence, `{name}` is a place, and a few marks stand for markup, so that a translator can move a bold name or a
//! link with its words: [`MARKS`] are all there are, and none of them has attributes in a text. Everything else, words
//! and values alike, is escaped, and a value is never read for places or marks: what somebody wrote stays text.

use std::fmt::{Display, Formatter, Result, Write};

use askama::filters::{Escaper as _, Html, HtmlSafe};

/// What may be marked in a sentence, and the element that each is. The address of a link is the value `href`.
const MARKS: [(&str, &str, &str); 9] = [
    ("b", "<b>", "</b>"),
    ("code", "<code>", "</code>"),
    ("q", "<q>", "</q>"),
    ("span", "<span>", "</span>"),
    ("soft", "<span class=\"soft\">", "</span>"),
    ("current", "<b class=\"current-mark\">", "</b>"),
    ("a", "<a href=\"{href}\">", "</a>"),
    // where a sentence has two
    ("a2", "<a href=\"{href2}\">", "</a>"),
    // a site of somebody else's, which need not know where from
    ("out", "<a href=\"{href}\" rel=\"noreferrer\">", "</a>"),
];

/// A whole sentence, or several, with places in it. Shown as it is when it has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) struct Sentence(pub(super) &'static str);

/// A value and the place it is for.
type Value = (&'static str, Given);

/// What is put into a place.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Given {
    /// Somebody's text, or a number.
    Text(String),
    /// A part of a page, which escaped what is in it by itself.
    Part(String),
}

impl Sentence {
    /// Puts the first value into its place.
    pub(in crate::web) fn with(self, place: &'static str, value: impl Display) -> Filled {
        self.filled().with(place, value)
    }

    /// Puts a part of a page into its place.
    pub(in crate::web) fn part(self, place: &'static str, part: impl HtmlSafe) -> Filled {
        let mut filled = self.filled();
        filled.values.push((place, Given::Part(part.to_string())));
        filled
    }

    /// With nothing in its places yet.
    pub(in crate::web) fn filled(self) -> Filled {
        Filled {
            sentence: self,
            values: Vec::with_capacity(2),
        }
    }
}

/// A sentence that depends on a number: one way for one, the other for none and for many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) struct Plural {
    pub(super) one: Sentence,
    pub(super) other: Sentence,
}

impl Plural {
    /// The sentence for a number, which is not put into it.
    pub(in crate::web) fn of(self, count: impl std::borrow::Borrow<usize>) -> Sentence {
        if *count.borrow() == 1 {
            self.one
        } else {
            self.other
        }
    }
}

/// A sentence with its values: on a page HTML, elsewhere [`Filled::plain`] text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web) struct Filled {
    sentence: Sentence,
    values: Vec<Value>,
}

impl Filled {
    /// Puts one more value into its place.
    pub(in crate::web) fn with(mut self, place: &'static str, value: impl Display) -> Self {
        let text = closed(value.to_string());
        self.values.push((place, Given::Text(text)));
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

/// A value whose marks of direction end with it (Unicode Standard Annex 9): what somebody calls themself turns no word
/// after it around.
fn closed(mut value: String) -> String {
    if value.is_ascii() {
        return value;
    }
    let mut open = Vec::new();
    for mark in value.chars() {
        match mark {
            '\u{202a}' | '\u{202b}' | '\u{202d}' | '\u{202e}' => open.push('\u{202c}'),
            '\u{2066}'..='\u{2068}' => open.push('\u{2069}'),
            '\u{202c}' | '\u{2069}' if open.last() == Some(&mark) => drop(open.pop()),
            _ => {}
        }
    }
    value.extend(open.into_iter().rev());
    value
}

impl Display for Sentence {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write(self.0, &[], Form::Html, f)
    }
}

impl Display for Filled {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write(self.sentence.0, &self.values, Form::Html, f)
    }
}

// all that they write is escaped, but for the marks
impl HtmlSafe for Sentence {}
impl HtmlSafe for Filled {}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Html,
    Plain,
}

fn write(text: &str, values: &[Value], form: Form, out: &mut dyn Write) -> Result {
    let mut rest = text;
    while let Some(at) = rest.find(['{', '<']) {
        let (words, special) = rest.split_at(at);
        put(words, form, out)?;
        rest = if let Some((name, after)) = between(special, '{', '}') {
            match value(values, name) {
                Some(Given::Text(text)) => put(text, form, out)?,
                Some(Given::Part(part)) => out.write_str(part)?,
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

fn put(text: &str, form: Form, out: &mut dyn Write) -> Result {
    match form {
        Form::Html => Html.write_escaped_str(out, text),
        Form::Plain => out.write_str(text),
    }
}

/// Writes an element's tag, the one thing that is not escaped; an address in it is.
fn tag(element: &str, values: &[Value], out: &mut dyn Write) -> Result {
    let Some((before, after)) = element.split_once('{') else {
        return out.write_str(element);
    };
    let (place, behind) = after.split_once('}').unwrap_or((after, ""));
    out.write_str(before)?;
    if let Some(Given::Text(address)) = value(values, place) {
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

fn value<'a>(values: &'a [Value], name: &str) -> Option<&'a Given> {
    let found = values.iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "\"><script>alert(1)</script><img src=x>' & <b>{role}{href}</b>";
    const ESCAPED: &str = "&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#60;img src=x&#62;&#39; &#38; \
                           &#60;b&#62;{role}{href}&#60;/b&#62;";

    #[test]
    fn a_value_that_turns_its_words_around_turns_none_after_it() {
        let sentence = Sentence("by {name}, today");
        for (name, shown) in [
            ("Ada", "by Ada, today"),
            ("\u{202e}adA", "by \u{202e}adA\u{202c}, today"),
            (
                "\u{2067}a\u{202e}b",
                "by \u{2067}a\u{202e}b\u{202c}\u{2069}, today",
            ),
            ("\u{202e}a\u{202c}b", "by \u{202e}a\u{202c}b, today"),
            ("a\u{202c}\u{2069}b", "by a\u{202c}\u{2069}b, today"),
            ("משה", "by משה, today"),
        ] {
            assert_eq!(sentence.with("name", name).to_string(), shown, "{name:?}");
        }
    }

    #[test]
    fn values_stand_where_the_sentence_wants_them() {
        let sentence = Sentence("<b>{role}</b> in {account}, {role} again: {count}");
        let filled = sentence
            .with("account", "Dev")
            .with("role", "Admin")
            .with("count", 3);
        assert_eq!(filled.to_string(), "<b>Admin</b> in Dev, Admin again: 3");
        assert_eq!(filled.plain(), "Admin in Dev, Admin again: 3");
    }

    #[test]
    fn a_value_is_text_whatever_stands_in_it() {
        let sentence = Sentence("{role} <code>{role}</code> <a>{role}</a>");
        let filled = sentence.with("role", HOSTILE).with("href", HOSTILE);
        assert_eq!(
            filled.to_string(),
            format!("{ESCAPED} <code>{ESCAPED}</code> <a href=\"{ESCAPED}\">{ESCAPED}</a>")
        );
        assert_eq!(filled.plain(), format!("{HOSTILE} {HOSTILE} {HOSTILE}"));
    }

    #[test]
    fn one_is_told_otherwise_than_none_and_many() {
        let plural = Plural {
            one: Sentence("{n} role"),
            other: Sentence("{n} roles"),
        };
        let told = |n: usize| plural.of(n).with("n", n).plain();
        assert_eq!(
            [told(0), told(1), told(2), told(21)],
            ["0 roles", "1 role", "2 roles", "21 roles"]
        );
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
            let filled = Sentence(text.leak()).with("href", "/").with("href2", "/");
            let open = open.replace("{href}", "/").replace("{href2}", "/");
            assert_eq!(filled.to_string(), format!("{open}x{close}"));
            assert_eq!(filled.plain(), "x");
        }
    }

    #[test]
    fn a_part_keeps_its_markup_and_an_address_never_has_any() {
        let inner = Sentence("<b>{role}</b>").with("role", HOSTILE);
        let sentence = Sentence("In {part}, with {scope}");
        let filled = sentence.part("part", &inner).with("scope", "<i>");
        assert_eq!(
            filled.to_string(),
            format!("In <b>{ESCAPED}</b>, with &#60;i&#62;")
        );
        let filled = Sentence("<a>x</a>").part("href", inner);
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
