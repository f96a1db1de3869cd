//! The walk through a message, one element at a time.
//!
//! Every step has been checked: well-formed, permitted characters, known element in its place, known attributes,
//! bounded depth. Comments, processing instructions, CDATA sections, document type declarations and entities are
//! refused wherever they stand (XML 1.0; security of SAML: nothing may split or hide text).

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::scope::{Namespace, Scope};
use super::tag::{self, RawAttribute};
use super::{Element, MAX_DEPTH, grammar, text};
use crate::idp::saml::Error;

/// All attributes of a document together.
const MAX_ATTRIBUTES: usize = 40_000;

/// What the walk met.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::idp::saml) enum Step<'x> {
    /// An element begins; its attributes are asked of the walker.
    Open(Element),
    /// A piece of an element's text; an element may have several.
    Text(Cow<'x, str>),
    /// The innermost open element ends.
    Close(Element),
    /// The document has ended well.
    End,
}

struct Attribute<'x> {
    namespace: Namespace<'x>,
    local: &'x str,
    value: Cow<'x, str>,
}

struct Frame {
    element: Element,
    /// The rank that the last child had.
    rank: Option<u8>,
}

/// Walks through one document.
pub(in crate::idp::saml) struct Walker<'x> {
    text: &'x str,
    reader: Reader<&'x [u8]>,
    root: Element,
    scope: Scope<'x>,
    stack: Vec<Frame>,
    raw: Vec<RawAttribute<'x>>,
    attributes: Vec<Attribute<'x>>,
    attributes_seen: usize,
    close_next: bool,
    started: bool,
    root_seen: bool,
}

impl<'x> Walker<'x> {
    /// Begins a walk through `text`, whose root has to be `root`.
    pub(in crate::idp::saml) fn new(text: &'x str, root: Element) -> Result<Self, Error> {
        if !text::all_permitted(text) {
            return Err(Error::Forbidden("a control character"));
        }
        if !text.starts_with('<') {
            return Err(Error::NotXml("the beginning"));
        }
        Ok(Self {
            text,
            reader: Reader::from_str(text),
            root,
            scope: Scope::default(),
            stack: Vec::with_capacity(16),
            raw: Vec::new(),
            attributes: Vec::new(),
            attributes_seen: 0,
            close_next: false,
            started: false,
            root_seen: false,
        })
    }

    /// The value of the attribute `name`, without namespace, of the element that was just opened.
    pub(in crate::idp::saml) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|a| a.namespace == Namespace::None && a.local == name)
            .map(|a| a.value.as_ref())
    }

    /// Whether the element that was just opened says `xsi:nil`.
    pub(in crate::idp::saml) fn is_nil(&self) -> bool {
        self.attributes.iter().any(|a| {
            a.namespace == Namespace::SchemaInstance
                && a.local == "nil"
                && matches!(a.value.as_ref(), "true" | "1")
        })
    }

    /// The innermost open element; after `Open`, that element itself.
    pub(in crate::idp::saml) fn current(&self) -> Option<Element> {
        self.stack.last().map(|frame| frame.element)
    }

    /// The parent of the innermost open element.
    pub(in crate::idp::saml) fn parent(&self) -> Option<Element> {
        let parent = self.stack.len().checked_sub(2)?;
        self.stack.get(parent).map(|frame| frame.element)
    }

    /// The next step.
    pub(in crate::idp::saml) fn next(&mut self) -> Result<Step<'x>, Error> {
        if std::mem::take(&mut self.close_next) {
            return self.close();
        }
        loop {
            let first = !std::mem::replace(&mut self.started, true);
            let from = self.reader.buffer_position();
            let event = self
                .reader
                .read_event()
                .map_err(|_| Error::NotXml("markup"))?;
            let written = self.written(from)?;
            match event {
                Event::Decl(_) if first => check_declaration(inside(written, "<?xml", "?>")?)?,
                Event::Start(_) => return self.open(inside(written, "<", ">")?),
                Event::Empty(_) => {
                    self.close_next = true;
                    return self.open(inside(written, "<", "/>")?);
                }
                Event::End(_) => return self.close(),
                Event::Text(_) if self.skips(written)? => {}
                Event::Text(_) => return Ok(Step::Text(Cow::Borrowed(written))),
                Event::GeneralRef(_) => return self.reference(inside(written, "&", ";")?),
                Event::Eof if self.stack.is_empty() && self.root_seen => return Ok(Step::End),
                Event::Eof => return Err(Error::NotXml("the end")),
                Event::Decl(_) => return Err(Error::NotXml("a declaration")),
                Event::CData(_) => return Err(Error::Forbidden("a CDATA section")),
                Event::Comment(_) => return Err(Error::Forbidden("a comment")),
                Event::PI(_) => return Err(Error::Forbidden("a processing instruction")),
                Event::DocType(_) => return Err(Error::Forbidden("a document type declaration")),
            }
        }
    }

    /// The source text of the event that began at `from`.
    fn written(&self, from: u64) -> Result<&'x str, Error> {
        let span = usize::try_from(from)
            .ok()
            .zip(usize::try_from(self.reader.buffer_position()).ok());
        span.and_then(|(from, to)| self.text.get(from..to))
            .ok_or(Error::NotXml("markup"))
    }

    fn open(&mut self, tag: &'x str) -> Result<Step<'x>, Error> {
        let depth = self.stack.len() + 1;
        if depth > MAX_DEPTH {
            return Err(Error::Structure("too deep"));
        }
        let (name, rest) = tag::name(tag)?;
        tag::attributes(rest, &mut self.raw)?;
        self.attributes_seen += self.raw.len();
        if self.attributes_seen > MAX_ATTRIBUTES {
            return Err(Error::Structure("too many attributes"));
        }
        self.scope.enter(depth, &mut self.raw)?;
        let namespace = self.scope.element(name.prefix)?;
        let element =
            Element::named(namespace, name.local).ok_or(Error::Structure("an unknown element"))?;
        self.place(element)?;
        self.take_attributes(element)?;
        self.stack.push(Frame {
            element,
            rank: None,
        });
        Ok(Step::Open(element))
    }

    /// Checks that `element` may stand here.
    fn place(&mut self, element: Element) -> Result<(), Error> {
        let Some(parent) = self.stack.last_mut() else {
            let is_root = element == self.root && !std::mem::replace(&mut self.root_seen, true);
            return is_root
                .then_some(())
                .ok_or(Error::Structure("the root element"));
        };
        let place = grammar::place(parent.element, element)
            .ok_or(Error::Structure("an element out of place"))?;
        if parent
            .rank
            .is_some_and(|last| last > place.rank || (last == place.rank && !place.many))
        {
            return Err(Error::Structure("elements repeated or out of order"));
        }
        parent.rank = Some(place.rank);
        Ok(())
    }

    fn take_attributes(&mut self, element: Element) -> Result<(), Error> {
        self.attributes.clear();
        let known = grammar::attributes(element);
        let foreign = grammar::takes_foreign_attributes(element);
        for raw in &self.raw {
            let local = raw.name.local;
            let namespace = self.scope.attribute(raw.name.prefix)?;
            let permitted = match namespace {
                Namespace::None if element == Element::Foreign => !is_id_like(local),
                Namespace::None => known.contains(&local),
                Namespace::Xml => matches!(local, "lang" | "space"),
                Namespace::SchemaInstance => matches!(local, "type" | "nil"),
                Namespace::Other(_) => foreign && !is_id_like(local),
                _ => false,
            };
            if !permitted {
                return Err(Error::Structure("an unknown attribute"));
            }
            if self
                .attributes
                .iter()
                .any(|a| a.namespace == namespace && a.local == local)
            {
                return Err(Error::NotXml("a repeated attribute"));
            }
            self.attributes.push(Attribute {
                namespace,
                local,
                value: text::unescape_attribute(raw.value)?,
            });
        }
        Ok(())
    }

    fn close(&mut self) -> Result<Step<'x>, Error> {
        self.scope.leave(self.stack.len());
        let frame = self.stack.pop().ok_or(Error::NotXml("an end tag"))?;
        Ok(Step::Close(frame.element))
    }

    /// Whether a piece of text only lays the document out.
    fn skips(&self, piece: &str) -> Result<bool, Error> {
        if self.current().is_some_and(grammar::holds_text) {
            return if piece.contains("]]>") {
                Err(Error::NotXml("text"))
            } else {
                Ok(false)
            };
        }
        if piece.bytes().all(text::is_space) {
            Ok(true)
        } else {
            Err(Error::Structure("text out of place"))
        }
    }

    fn reference(&self, name: &str) -> Result<Step<'x>, Error> {
        let c = text::resolve(name)?;
        if self.current().is_some_and(grammar::holds_text) {
            Ok(Step::Text(Cow::Owned(c.to_string())))
        } else {
            Err(Error::Structure("text out of place"))
        }
    }
}

/// What stands between `before` and `after`.
fn inside<'x>(written: &'x str, before: &str, after: &str) -> Result<&'x str, Error> {
    written
        .strip_prefix(before)
        .and_then(|rest| rest.strip_suffix(after))
        .ok_or(Error::NotXml("markup"))
}

/// Attributes that some reader somewhere takes for an id.
fn is_id_like(local: &str) -> bool {
    local.eq_ignore_ascii_case("id") || matches!(local, "AssertionID" | "ResponseID" | "RequestID")
}

/// XML 1.0 in UTF-8, and nothing else (XML 1.0 §2.8).
fn check_declaration(content: &str) -> Result<(), Error> {
    let mut pieces = Vec::new();
    tag::attributes(content, &mut pieces)?;
    let mut names = ["version", "encoding", "standalone"].into_iter();
    for piece in &pieces {
        let fits = match piece.name.local {
            "version" => piece.value == "1.0",
            "encoding" => piece.value.eq_ignore_ascii_case("utf-8"),
            "standalone" => matches!(piece.value, "yes" | "no"),
            _ => false,
        };
        let in_order = names.any(|name| name == piece.name.local);
        if !fits || !in_order || !piece.name.prefix.is_empty() {
            return Err(Error::Encoding("the XML declaration"));
        }
    }
    match pieces.first() {
        Some(first) if first.name.local == "version" => Ok(()),
        _ => Err(Error::Encoding("the XML declaration")),
    }
}

#[cfg(test)]
mod tests;
