//! An answer of the Query API as a tree of elements: names, texts and children, and nothing else.
//!
//! Bounded in depth; a document type, an entity of its own or a broken tag makes it unreadable.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;

/// How deep elements lie within one another at most: a policy's name lies four deep.
const DEEPEST: usize = 12;

/// An element.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Element {
    /// Its name, without a prefix.
    pub(super) name: String,
    /// Its text, its children's left out.
    pub(super) text: String,
    /// Its children.
    pub(super) children: Vec<Element>,
}

impl Element {
    /// The element that lies there.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |element, name| {
            element.children.iter().find(|child| child.name == **name)
        })
    }
}

/// Reads an answer.
pub(super) fn read(body: &[u8]) -> Option<Element> {
    let text = std::str::from_utf8(body).ok()?;
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                if root.is_some() || open.len() == DEEPEST {
                    return None;
                }
                open.push(named(start.local_name().as_ref())?);
            }
            Event::Empty(start) => {
                let element = named(start.local_name().as_ref())?;
                close(element, &mut open, &mut root)?;
            }
            Event::End(_) => close(open.pop()?, &mut open, &mut root)?,
            Event::Text(text) => {
                let text = text.decode().ok()?;
                add(&text, &mut open)?;
            }
            Event::GeneralRef(entity) => {
                let letter = match entity.resolve_char_ref().ok()? {
                    Some(letter) => letter.to_string(),
                    None => resolve_predefined_entity(&entity.decode().ok()?)?.to_owned(),
                };
                add(&letter, &mut open)?;
            }
            Event::CData(text) => add(std::str::from_utf8(&text).ok()?, &mut open)?,
            Event::Decl(_) | Event::Comment(_) => {}
            Event::DocType(_) | Event::PI(_) => return None,
            Event::Eof => return root.filter(|_| open.is_empty()),
        }
    }
}

fn named(name: &[u8]) -> Option<Element> {
    Some(Element {
        name: std::str::from_utf8(name).ok()?.to_owned(),
        ..Element::default()
    })
}

/// Text outside of everything is white space.
fn add(text: &str, open: &mut [Element]) -> Option<()> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return None,
    }
    Some(())
}

fn close(element: Element, open: &mut [Element], root: &mut Option<Element>) -> Option<()> {
    match open.last_mut() {
        Some(parent) => parent.children.push(element),
        None if root.is_none() => *root = Some(element),
        None => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn an_answer_is_read_into_elements_with_their_texts() {
        let answer = read(
            b"<?xml version=\"1.0\"?>\n<A xmlns=\"x\"><B><C>one</C><C>t&amp;w&#111;</C></B><D/>\n</A>",
        )
        .unwrap();
        assert_eq!(answer.name, "A");
        let list = answer.at(&["B"]).unwrap();
        let texts: Vec<&str> = list.children.iter().map(|c| c.text.as_str()).collect();
        assert_eq!(texts, ["one", "t&wo"]);
        assert_eq!(answer.at(&["D"]).unwrap().text, "");
        assert!(answer.at(&["B", "D"]).is_none());
    }

    #[test]
    fn anything_else_is_unreadable() {
        let deep = format!("{}{}", "<a>".repeat(13), "</a>".repeat(13));
        for body in [
            "",
            "x",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<a/>x",
            "<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>",
            "<a>&e;</a>",
            "<a><?x y?></a>",
            "<a>&#xFFFFFF;</a>",
            &deep,
        ] {
            assert_eq!(read(body.as_bytes()), None, "{body}");
        }
        assert_eq!(read(b"<a>\xff</a>"), None);
    }
}
