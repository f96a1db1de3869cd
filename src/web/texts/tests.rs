//! Templates have no words of their own.

use std::path::{Path, PathBuf};

/// Templates whose words have not come here yet.
const NOT_YET: &[&str] = &[];

/// What is the same in every language: the name, and an address of ours.
const NAMES: &[&str] = &["Vestibule", "/issuer/saml/metadata"];

/// Attributes that people read or hear.
const SPOKEN: &[&str] = &[
    "alt",
    "aria-description",
    "aria-label",
    "aria-placeholder",
    "aria-roledescription",
    "aria-valuetext",
    "content",
    "label",
    "placeholder",
    "title",
    "value",
];

/// What `content` may say, which is for the browser.
const FOR_BROWSERS: &[&str] = &["width=device-width, initial-scale=1", "light dark"];

fn templates(below: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(below).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            templates(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// The template without what askama reads, with a sign in its place.
fn without_code(template: &str) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some(at) = rest
        .find("{{")
        .into_iter()
        .chain(rest.find("{%"))
        .chain(rest.find("{#"))
        .min()
    {
        text.push_str(&rest[..at]);
        text.push('·');
        let close = match &rest[at..at + 2] {
            "{{" => "}}",
            "{%" => "%}",
            _ => "#}",
        };
        let end = rest[at..].find(close).expect("it is closed") + at;
        rest = &rest[end + 2..];
    }
    text + rest
}

/// What stands in a template that a reader would take in: the text outside of tags, and spoken attributes.
fn words(template: &str) -> Vec<String> {
    let text = without_code(template);
    let mut found = Vec::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find('<') {
        found.push(rest[..at].to_owned());
        let tag = &rest[at..];
        let end = end_of_tag(tag);
        found.extend(spoken(&tag[..end]));
        rest = &tag[end..];
    }
    found.push(rest.to_owned());
    for name in NAMES {
        for text in &mut found {
            *text = text.replace(name, "");
        }
    }
    found.retain(|text| text.contains(char::is_alphabetic));
    found
}

/// Where a tag ends: at the first `>` that stands in no quotes.
fn end_of_tag(tag: &str) -> usize {
    let mut quoted = false;
    for (at, c) in tag.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '>' if !quoted => return at + 1,
            _ => {}
        }
    }
    panic!("a tag does not end: {tag}");
}

fn spoken(tag: &str) -> Vec<String> {
    let is_hidden = tag.contains("type=\"hidden\"");
    let mut found = Vec::new();
    for name in SPOKEN {
        let start = format!(" {name}=\"");
        if let Some((_, value)) = tag.split_once(&start) {
            let value = value.split('"').next().unwrap_or_default();
            let is_sent = *name == "value"
                && (is_hidden
                    || tag.starts_with("<option")
                    || tag.starts_with("<button")
                    || tag.contains("type=\"checkbox\"")
                    || tag.contains("type=\"radio\""));
            if !is_sent && !FOR_BROWSERS.contains(&value) {
                found.push(value.to_owned());
            }
        }
    }
    found
}

#[test]
fn no_template_has_words_of_its_own() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut found = Vec::new();
    templates(&root, &mut found);
    assert!(found.len() > 15, "only {} templates", found.len());
    let mut still = Vec::new();
    for path in found {
        let name = path
            .strip_prefix(&root)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        let words = words(&std::fs::read_to_string(&path).unwrap());
        if NOT_YET.contains(&name.as_str()) {
            still.push(name);
        } else {
            assert!(words.is_empty(), "{name} has words of its own: {words:?}");
        }
    }
    assert_eq!(
        still.len(),
        NOT_YET.len(),
        "one of {NOT_YET:?} is not there"
    );
}

#[test]
fn the_test_of_templates_sees_words_wherever_they_stand() {
    for (template, said) in [
        ("<p>{{ t.a }} b{% if c %}</p>", vec!["· b·"]),
        (
            "<input placeholder=\"Find {{ x }}\" name=\"q\">",
            vec!["Find ·"],
        ),
        ("<img alt=\"A > b\" src=\"x\">", vec!["A > b"]),
        ("<button aria-label=\"Go\">→</button>", vec!["Go"]),
        ("<input type=\"submit\" value=\"Send\">", vec!["Send"]),
        ("before<br>", vec!["before"]),
        ("é", vec!["é"]),
        (
            "<input type=\"hidden\" name=\"a\" value=\"yes\"> 1 · 2",
            vec![],
        ),
        (
            "<h1 class=\"title\">{{ t.title }} · Vestibule</h1>{# a comment #}",
            vec![],
        ),
    ] {
        assert_eq!(words(template), said, "{template}");
    }
}
