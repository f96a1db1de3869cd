//! A strict way to walk an XML tree: names with namespaces, children only, text without surprises.
//!
//! Nothing here searches a document; a reader says which child it means, and how many there may be.

use bergshamra::xml::uppsala::{Document, NodeId, NodeKind, parser::Parser};

pub(super) const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
pub(super) const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
pub(super) const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
pub(super) const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";

const MAX_DEPTH: u32 = 64;

/// The document is not one this reader takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the XML document is not acceptable")]
pub(in crate::aws) struct BadXml;

/// Parses a document without a DTD and of bounded depth.
pub(super) fn parse(text: &str) -> Result<Document<'_>, BadXml> {
    Parser::new()
        .with_forbid_dtd(true)
        .with_max_depth(MAX_DEPTH)
        .parse(text)
        .map_err(|_| BadXml)
}

/// An element.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    doc: &'a Document<'a>,
    id: NodeId,
}

impl<'a> Node<'a> {
    pub(super) fn root(doc: &'a Document<'a>) -> Result<Self, BadXml> {
        doc.document_element()
            .map(|id| Self { doc, id })
            .ok_or(BadXml)
    }

    pub(super) fn of(doc: &'a Document<'a>, id: NodeId) -> Self {
        Self { doc, id }
    }

    pub(super) fn id(self) -> NodeId {
        self.id
    }

    pub(super) fn is(self, namespace: &str, name: &str) -> bool {
        self.doc
            .element(self.id)
            .is_some_and(|element| element.matches_name_ns(namespace, name))
    }

    /// An attribute without a namespace.
    pub(super) fn attribute(self, name: &str) -> Option<&'a str> {
        let element = self.doc.element(self.id)?;
        let found = element.attributes.iter().find(|attribute| {
            attribute.name.namespace_uri.is_none() && attribute.name.local_name == name
        });
        found.map(|attribute| &*attribute.value)
    }

    /// The child elements of that name, in order.
    pub(super) fn children(self, namespace: &str, name: &str) -> Vec<Self> {
        let children = self
            .doc
            .children_iter(self.id)
            .map(|id| Self { doc: self.doc, id });
        children.filter(|child| child.is(namespace, name)).collect()
    }

    /// The only child of that name; `None` when there is none or several.
    pub(super) fn only(self, namespace: &str, name: &str) -> Option<Self> {
        match self.children(namespace, name).as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// Every element of that name in the subtree, itself excluded.
    pub(super) fn all_below(self, namespace: &str, name: &str) -> Vec<Self> {
        let below = self
            .doc
            .descendants(self.id)
            .into_iter()
            .filter(|id| *id != self.id);
        below
            .map(|id| Self { doc: self.doc, id })
            .filter(|node| node.is(namespace, name))
            .collect()
    }

    pub(super) fn parent(self) -> Option<Self> {
        self.doc
            .parent(self.id)
            .map(|id| Self { doc: self.doc, id })
    }

    /// The text of an element that holds text alone.
    pub(super) fn text(self) -> Option<String> {
        let mut text = String::new();
        for child in self.doc.children_iter(self.id) {
            match self.doc.node_kind(child) {
                Some(NodeKind::Text(part)) => text.push_str(part),
                _ => return None,
            }
        }
        Some(text)
    }
}
