//! The first verifier: bergshamra.
//!
//! XML Signature §3.2 with the keys of the configuration alone; `KeyInfo` proves nothing. Beyond its verdict it has
//! to have verified exactly the signatures that the screen saw, each over its own parent; and the bytes are made
//! once more and digested once more here, so that what is read is what was signed.

use aws_lc_rs::digest;
use bergshamra::c14n::{C14nMode, canonicalize_doc};
use bergshamra::dsig::verify::verify_all_document_with_source;
use bergshamra::keys::loader::load_x509_cert_der;
use bergshamra::xml::uppsala::Parser;
use bergshamra::xml::{Document, NodeId, NodeSet};
use bergshamra::{DsigContext, KeysManager, VerifyResult};

use super::UnusableKey;
use crate::idp::saml::Error;
use crate::idp::saml::metadata::SigningKey;
use crate::idp::saml::screen::{Digest, Holder, Screened, Signature};
use crate::idp::saml::xml::{MAX_DEPTH, SAML, SAMLP};

/// What the first verifier found.
pub(super) struct Finding {
    /// On which element the outermost signature stands.
    pub(super) holder: Holder,
    /// That element's canonical bytes.
    pub(super) bytes: Vec<u8>,
    /// Which of the configured keys were needed.
    pub(super) keys: Vec<usize>,
}

pub(super) struct Verifier {
    context: DsigContext,
}

impl Verifier {
    pub(super) fn new(keys: &[SigningKey]) -> Result<Self, UnusableKey> {
        let mut manager = KeysManager::new();
        for (index, key) in keys.iter().enumerate() {
            let loaded = load_x509_cert_der(&key.der).map_err(|source| UnusableKey {
                position: index + 1,
                source,
            })?;
            manager.add_key(loaded.with_name(index.to_string()));
        }
        // `new` and not `new_permissive`: trusted keys only, strict positions, every reference digested
        let context = DsigContext::new(manager);
        Ok(Self { context })
    }

    pub(super) fn verify(&self, screened: &Screened) -> Result<Finding, Error> {
        let document = Parser::new()
            .with_forbid_dtd(true)
            .with_max_depth(u32::try_from(MAX_DEPTH).unwrap_or(u32::MAX))
            .parse(&screened.xml)
            .map_err(|_| Error::Signature("the document cannot be read"))?;
        let results =
            verify_all_document_with_source(&self.context, &document, Some(&screened.xml))
                .map_err(|_| Error::Signature("it cannot be processed"))?;
        if results.len() != screened.signatures.len() {
            return Err(Error::Signature("another number of signatures"));
        }
        let mut keys = Vec::new();
        let mut outermost = None;
        for (result, signature) in results.iter().zip(&screened.signatures) {
            let (node, target, key) = verified(result)?;
            check_target(&document, signature, node, target)?;
            if !keys.contains(&key) {
                keys.push(key);
            }
            outermost.get_or_insert((signature, node, target));
        }
        let (signature, node, target) = outermost.ok_or(Error::Unsigned)?;
        let bytes = canonical_bytes(&document, signature, node, target)?;
        Ok(Finding {
            holder: signature.holder,
            bytes,
            keys,
        })
    }
}

/// The signature's node, the node that it is over, and the key that verified it.
fn verified(result: &VerifyResult) -> Result<(NodeId, NodeId, usize), Error> {
    let VerifyResult::Valid {
        signature_node,
        references,
        key_info,
    } = result
    else {
        return Err(Error::Signature("a value does not match"));
    };
    let [reference] = references.as_slice() else {
        return Err(Error::Signature("another number of references"));
    };
    let key = key_info
        .key_name
        .as_deref()
        .and_then(|name| name.parse().ok());
    match (reference.resolved_node, key) {
        (Some(target), Some(key)) if reference.digest_verified => {
            Ok((*signature_node, target, key))
        }
        _ => Err(Error::Signature("the reference was not digested")),
    }
}

/// The target has to be the element that the screen saw: the signature's parent, of that name and id.
fn check_target(
    document: &Document<'_>,
    signature: &Signature,
    node: NodeId,
    target: NodeId,
) -> Result<(), Error> {
    let (namespace, name) = match signature.holder {
        Holder::Response => (SAMLP, "Response"),
        Holder::Assertion => (SAML, "Assertion"),
    };
    let element = document.element(target);
    let fits = document.parent(node) == Some(target)
        && element.is_some_and(|e| {
            e.matches_name_ns(namespace, name)
                && e.get_attribute("ID") == Some(signature.id.as_str())
        });
    let placed = match signature.holder {
        Holder::Response => document.document_element() == Some(target),
        Holder::Assertion => document.parent(target) == document.document_element(),
    };
    if fits && placed {
        Ok(())
    } else {
        Err(Error::Signature("another element is signed"))
    }
}

fn canonical_bytes(
    document: &Document<'_>,
    signature: &Signature,
    node: NodeId,
    target: NodeId,
) -> Result<Vec<u8>, Error> {
    let mut nodes = NodeSet::tree_without_comments(target, document);
    nodes.remove_id(node);
    for descendant in document.descendants(node) {
        nodes.remove_id(descendant);
    }
    let bytes = canonicalize_doc(
        document,
        C14nMode::Exclusive,
        Some(&nodes),
        &signature.prefixes,
    )
    .map_err(|_| Error::Signature("it cannot be canonicalised"))?;
    let algorithm = match signature.digest {
        Digest::Sha256 => &digest::SHA256,
        Digest::Sha384 => &digest::SHA384,
        Digest::Sha512 => &digest::SHA512,
    };
    if bytes.is_empty() || digest::digest(algorithm, &bytes).as_ref() != signature.digest_value {
        return Err(Error::Signature("the digest does not match"));
    }
    Ok(bytes)
}
