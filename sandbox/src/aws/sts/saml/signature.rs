//! The signature of a SAML response: what it covers, and the bytes that may be believed.
//!
//! A document is taken apart by its structure first: one response, one assertion, signatures only
//! directly under these two, one reference each and only to its own parent, two transforms, a short
//! list of algorithms. Then every signature must verify with a key of the provider's metadata. What
//! is handed on is the canonical form of the assertion, and nothing else of the document.

use bergshamra::c14n::{C14nMode, canonicalize_doc};
use bergshamra::dsig::verify::verify_all_document_with_source;
use bergshamra::xml::NodeSet;
use bergshamra::xml::uppsala::Document;
use bergshamra::{DsigContext, KeysManager, VerifyResult};

use super::xml::{ASSERTION, Node, PROTOCOL, SIGNATURE, parse};
use crate::aws::switches::SamlSwitches;

const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

const SHA2_DIGESTS: &[&str] = &[
    "http://www.w3.org/2001/04/xmlenc#sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512",
];
const RSA_SHA2: &[&str] = &[
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
];
const RSA_PSS: &[&str] = &[
    "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
    "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1",
    "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1",
];
const ECDSA_SHA2: &[&str] = &[
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512",
];
const SHA1_DIGEST: &str = "http://www.w3.org/2000/09/xmldsig#sha1";
const RSA_SHA1: &str = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";

/// Why a response's signature is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum SignatureError {
    /// The document is not built as a signed response must be.
    #[error("the document is not a well-formed response")]
    Structure,
    /// Nothing is signed, or not as it must be, or by another key.
    #[error("the signature is missing or wrong")]
    Signature,
}

/// What can be said of a response before its signature is checked.
pub(super) struct Response<'a> {
    doc: &'a Document<'a>,
    source: &'a str,
    assertion: Node<'a>,
    signatures: Vec<Node<'a>>,
    /// The issuer the assertion claims.
    pub(super) claimed_issuer: String,
    /// When the response says that it was made; nothing vouches for it when only the assertion is
    /// signed.
    pub(super) issued: Option<String>,
}

impl<'a> Response<'a> {
    /// Takes the document apart by its structure.
    pub(super) fn read(
        doc: &'a Document<'a>,
        source: &'a str,
        switches: &SamlSwitches,
    ) -> Result<Self, SignatureError> {
        let structure = SignatureError::Structure;
        let root = Node::root(doc).map_err(|_| structure)?;
        if !root.is(PROTOCOL, "Response") || !root.all_below(PROTOCOL, "Response").is_empty() {
            return Err(structure);
        }
        let everywhere = root.all_below(ASSERTION, "Assertion");
        let assertion = root
            .only(ASSERTION, "Assertion")
            .filter(|_| everywhere.len() == 1);
        let assertion = assertion.ok_or(structure)?;
        let issuer = assertion
            .only(ASSERTION, "Issuer")
            .and_then(Node::text)
            .ok_or(structure)?;
        let signatures = root.all_below(SIGNATURE, "Signature");
        for parent in [root, assertion] {
            if parent.children(SIGNATURE, "Signature").len() > 1 {
                return Err(structure);
            }
        }
        for signature in &signatures {
            check_signature(*signature, (root, assertion), switches)?;
        }
        Ok(Self {
            doc,
            source,
            assertion,
            signatures,
            claimed_issuer: issuer,
            issued: root.attribute("IssueInstant").map(str::to_owned),
        })
    }

    /// Verifies every signature and answers the canonical bytes of the assertion.
    pub(super) fn verify(&self, keys: KeysManager) -> Result<String, SignatureError> {
        let wrong = SignatureError::Signature;
        if self.signatures.is_empty() || keys.is_empty() {
            return Err(wrong);
        }
        let context = DsigContext::new(keys);
        let results = verify_all_document_with_source(&context, self.doc, Some(self.source))
            .map_err(|_| wrong)?;
        if results.len() != self.signatures.len() {
            return Err(wrong);
        }
        for result in &results {
            let VerifyResult::Valid {
                signature_node,
                references,
                ..
            } = result
            else {
                return Err(wrong);
            };
            let parent = Node::of(self.doc, *signature_node).parent().ok_or(wrong)?;
            let [reference] = references.as_slice() else {
                return Err(wrong);
            };
            if !reference.digest_verified || reference.resolved_node != Some(parent.id()) {
                return Err(wrong);
            }
        }
        self.canonical_assertion().ok_or(wrong)
    }

    /// The assertion without its signature, canonical: what is read from here on.
    fn canonical_assertion(&self) -> Option<String> {
        let mut nodes = NodeSet::tree_without_comments(self.assertion.id(), self.doc);
        for signature in self.assertion.children(SIGNATURE, "Signature") {
            nodes = nodes.subtract(&NodeSet::tree_with_comments(signature.id(), self.doc));
        }
        let none: [&str; 0] = [];
        let bytes = canonicalize_doc(self.doc, C14nMode::Exclusive, Some(&nodes), &none).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let again = parse(&text).ok()?;
        Node::root(&again)
            .ok()
            .filter(|root| root.is(ASSERTION, "Assertion"))?;
        drop(again);
        Some(text)
    }
}

fn check_signature(
    signature: Node<'_>,
    (root, assertion): (Node<'_>, Node<'_>),
    switches: &SamlSwitches,
) -> Result<(), SignatureError> {
    let structure = SignatureError::Structure;
    let wrong = SignatureError::Signature;
    let parent = signature.parent().ok_or(structure)?;
    if parent.id() != root.id() && parent.id() != assertion.id() {
        return Err(structure);
    }
    let info = signature.only(SIGNATURE, "SignedInfo").ok_or(structure)?;
    let algorithm = |node: Node<'_>, name: &str| {
        let child = node.only(SIGNATURE, name)?;
        child.attribute("Algorithm").map(str::to_owned)
    };
    let canonical = algorithm(info, "CanonicalizationMethod").ok_or(structure)?;
    let method = algorithm(info, "SignatureMethod").ok_or(structure)?;
    let reference = info.only(SIGNATURE, "Reference").ok_or(structure)?;
    let digest = algorithm(reference, "DigestMethod").ok_or(structure)?;
    let target = reference
        .attribute("URI")
        .and_then(|uri| uri.strip_prefix('#'));
    let id = parent
        .attribute("ID")
        .filter(|id| !id.is_empty())
        .ok_or(structure)?;
    if target != Some(id) {
        return Err(wrong);
    }
    let transforms = reference.only(SIGNATURE, "Transforms").ok_or(structure)?;
    let transforms = transforms.children(SIGNATURE, "Transform");
    let named: Vec<&str> = transforms
        .iter()
        .filter_map(|transform| transform.attribute("Algorithm"))
        .collect();
    let known =
        named.len() == transforms.len() && matches!(named.as_slice(), [ENVELOPED, EXCLUSIVE]);
    let digests =
        SHA2_DIGESTS.contains(&digest.as_str()) || (switches.sha1 && digest == SHA1_DIGEST);
    let methods = RSA_SHA2.contains(&method.as_str())
        || (switches.sha1 && method == RSA_SHA1)
        || (switches.rsa_pss && RSA_PSS.contains(&method.as_str()))
        || (switches.ecdsa && ECDSA_SHA2.contains(&method.as_str()));
    if canonical == EXCLUSIVE && known && digests && methods {
        Ok(())
    } else {
        Err(wrong)
    }
}
