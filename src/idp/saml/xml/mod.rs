//! Reading SAML messages, strictly.
//!
//! One reader for what arrives and for what was verified: quick-xml splits the text into events, and everything
//! in which parsers are known to differ (names, attributes, references, namespaces) is read here, narrowly. What
//! the vocabulary of SAML 2.0 and XML Signature does not name, in the place where it belongs, is refused; so there
//! is no spot where a second assertion or signature could hide. Knows nothing of signatures or of who may sign in.

mod grammar;
mod scope;
mod tag;
mod text;
mod vocabulary;
mod walk;

pub(super) use text::is_nc_name;
pub(super) use vocabulary::Element;
pub(super) use walk::{Step, Walker};

/// The namespace of SAML assertions.
pub(super) const SAML: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// The namespace of the SAML protocol.
pub(super) const SAMLP: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// The namespace of SAML metadata.
pub(super) const MD: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
/// The namespace of XML Signature, and the prefix of its algorithm names.
pub(super) const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
/// The namespace of exclusive canonicalisation's parameters, and its algorithm name.
pub(super) const EXC_C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

/// Elements may lie this deep.
pub(super) const MAX_DEPTH: usize = 64;
