//! Namespaces in scope.
//!
//! Names are absolute URIs in printable ASCII without references, so that no two parsers see different ones
//! (canonicalisation of relative ones is undefined: Canonical XML 1.0 §1). Nothing is undeclared, and `xml` and
//! `xmlns` stay what they are.

use super::tag::RawAttribute;
use super::{DS, EXC_C14N, SAML, SAMLP};
use crate::idp::saml::Error;

/// A namespace, the known ones by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Namespace<'x> {
    None,
    Saml,
    Samlp,
    Signature,
    Signature11,
    Encryption,
    ExclusiveC14n,
    SchemaInstance,
    Xml,
    Other(&'x str),
}

/// Declarations that one element may bring, that may be in scope at once, and that a document may hold.
const MAX_PER_ELEMENT: usize = 32;
const MAX_IN_SCOPE: usize = 128;
const MAX_IN_DOCUMENT: usize = 20_000;

struct Binding<'x> {
    depth: usize,
    prefix: &'x str,
    namespace: Namespace<'x>,
}

/// The declarations in scope, innermost last.
#[derive(Default)]
pub(super) struct Scope<'x> {
    bindings: Vec<Binding<'x>>,
    seen: usize,
}

impl<'x> Scope<'x> {
    /// Takes the declarations out of `attributes` and into scope at `depth`.
    pub(super) fn enter(
        &mut self,
        depth: usize,
        attributes: &mut Vec<RawAttribute<'x>>,
    ) -> Result<(), Error> {
        let before = self.bindings.len();
        let mut problem = None;
        attributes.retain(|attribute| {
            let prefix = match (attribute.name.prefix, attribute.name.local) {
                ("", "xmlns") => "",
                ("xmlns", prefix) => prefix,
                _ => return true,
            };
            match declared(prefix, attribute.value) {
                Ok(namespace) => self.bindings.push(Binding {
                    depth,
                    prefix,
                    namespace,
                }),
                Err(error) => problem = Some(error),
            }
            false
        });
        let added = self.bindings.len() - before;
        self.seen += added;
        if added > MAX_PER_ELEMENT
            || self.bindings.len() > MAX_IN_SCOPE
            || self.seen > MAX_IN_DOCUMENT
        {
            return Err(Error::Structure("too many namespace declarations"));
        }
        problem.map_or(Ok(()), Err)
    }

    /// Forgets what was declared at `depth`.
    pub(super) fn leave(&mut self, depth: usize) {
        while self.bindings.last().is_some_and(|b| b.depth >= depth) {
            self.bindings.pop();
        }
    }

    /// What an element's prefix means.
    pub(super) fn element(&self, prefix: &str) -> Result<Namespace<'x>, Error> {
        let bound = self.bindings.iter().rev().find(|b| b.prefix == prefix);
        match bound {
            Some(binding) => Ok(binding.namespace),
            None if prefix.is_empty() => Ok(Namespace::None),
            None => Err(Error::NotXml("an undeclared prefix")),
        }
    }

    /// What an attribute's prefix means; without one it has no namespace.
    pub(super) fn attribute(&self, prefix: &str) -> Result<Namespace<'x>, Error> {
        match prefix {
            "" => Ok(Namespace::None),
            "xml" => Ok(Namespace::Xml),
            _ => self.element(prefix),
        }
    }
}

fn declared<'x>(prefix: &str, name: &'x str) -> Result<Namespace<'x>, Error> {
    if matches!(prefix, "xml" | "xmlns") {
        return Err(Error::Forbidden("a reserved prefix"));
    }
    Ok(match name {
        SAML => Namespace::Saml,
        SAMLP => Namespace::Samlp,
        DS => Namespace::Signature,
        EXC_C14N => Namespace::ExclusiveC14n,
        "http://www.w3.org/2009/xmldsig11#" => Namespace::Signature11,
        "http://www.w3.org/2001/04/xmlenc#" | "http://www.w3.org/2009/xmlenc11#" => {
            Namespace::Encryption
        }
        "http://www.w3.org/2001/XMLSchema-instance" => Namespace::SchemaInstance,
        "http://www.w3.org/XML/1998/namespace" | "http://www.w3.org/2000/xmlns/" => {
            return Err(Error::Forbidden("a reserved namespace"));
        }
        other if is_absolute_uri(other) => Namespace::Other(other),
        _ => return Err(Error::Forbidden("a namespace name")),
    })
}

/// An absolute URI as every parser reads it. RFC 3986 knows more (percent signs, brackets, users, hosts that are
/// numbers); libxml2 takes some of that for broken, prints so, and refuses the document that was signed around it.
fn is_absolute_uri(name: &str) -> bool {
    let Some((scheme, rest)) = name.split_once(':') else {
        return false;
    };
    name.len() <= 512
        && !rest.is_empty()
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
        && rest
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-._~!$()*+,;=:@/?#".contains(&b))
        && rest.bytes().filter(|b| *b == b'#').count() <= 1
        && rest.strip_prefix("//").is_none_or(has_plain_authority)
}

/// Whether a host, and perhaps a port, stands where a URI has its authority.
fn has_plain_authority(rest: &str) -> bool {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    let is_name = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    !host.is_empty()
        && host.bytes().all(is_name)
        && port.is_none_or(|port| {
            (1..=5).contains(&port.len()) && port.bytes().all(|b| b.is_ascii_digit())
        })
}

#[cfg(test)]
mod tests {
    use super::super::tag;
    use super::*;

    fn enter(scope: &mut Scope<'static>, depth: usize, tag: &'static str) -> Result<(), Error> {
        let mut raw = Vec::new();
        tag::attributes(tag, &mut raw)?;
        scope.enter(depth, &mut raw)
    }

    #[test]
    fn the_innermost_declaration_counts_until_its_element_ends() {
        let mut scope = Scope::default();
        enter(
            &mut scope,
            1,
            " xmlns='urn:a' xmlns:s='urn:oasis:names:tc:SAML:2.0:assertion'",
        )
        .unwrap();
        enter(&mut scope, 2, " xmlns:s='urn:b'").unwrap();
        assert_eq!(scope.element("s").unwrap(), Namespace::Other("urn:b"));
        scope.leave(2);
        assert_eq!(scope.element("s").unwrap(), Namespace::Saml);
        assert_eq!(scope.element("").unwrap(), Namespace::Other("urn:a"));
        assert_eq!(scope.attribute("").unwrap(), Namespace::None);
        assert!(scope.element("t").is_err());
    }

    #[test]
    fn names_that_parsers_could_read_differently_are_refused() {
        for bad in [
            " xmlns:a='relative'",
            " xmlns:a=''",
            " xmlns=''",
            " xmlns:a='urn:a&#x41;'",
            " xmlns:a='urn:a b'",
            " xmlns:a='urn:\u{80}'",
            " xmlns:a='urn:'",
            " xmlns:a=':a'",
            " xmlns:a='http://[::'",
            " xmlns:a='http://[::1]/'",
            " xmlns:a='http://a:b/'",
            " xmlns:a='http://u@a/'",
            " xmlns:a='http:///a'",
            " xmlns:a='urn:%zz'",
            " xmlns:a='urn:a#b#c'",
            " xmlns:xml='urn:a'",
            " xmlns:xmlns='urn:a'",
            " xmlns:a='http://www.w3.org/XML/1998/namespace'",
            " xmlns:a='http://www.w3.org/2000/xmlns/'",
        ] {
            assert!(enter(&mut Scope::default(), 1, bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn declarations_are_bounded() {
        let mut scope = Scope::default();
        let refused = (1..200)
            .any(|depth| enter(&mut scope, depth, " xmlns:a='urn:a' xmlns:b='urn:b'").is_err());
        assert!(refused);
    }
}
