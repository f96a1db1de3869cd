//! The shape of the signatures: what may be verified at all.
//!
//! SAML core §5.4 narrowed: enveloped, by reference to the parent's own id, exclusive canonicalisation without
//! comments (with a prefix list or without), RSA PKCS#1 v1.5 or ECDSA with SHA-256, SHA-384 or SHA-512.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::idp::saml::Error;
use crate::idp::saml::xml::{EXC_C14N, Element, Walker, is_nc_name};

const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
/// A prefix list may have this many entries, and a `KeyInfo` this many certificates and names.
const MAX_LIST: usize = 32;

/// What a signature is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::idp::saml) enum Holder {
    Response,
    Assertion,
}

/// The digests that are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::idp::saml) enum Digest {
    Sha256,
    Sha384,
    Sha512,
}

/// One signature as it presents itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::idp::saml) struct Signature {
    /// On which element.
    pub(in crate::idp::saml) holder: Holder,
    /// That element's id, which the reference names.
    pub(in crate::idp::saml) id: String,
    /// The transform's `PrefixList`.
    pub(in crate::idp::saml) prefixes: Vec<String>,
    /// How the element was digested.
    pub(in crate::idp::saml) digest: Digest,
    /// To what.
    pub(in crate::idp::saml) digest_value: Vec<u8>,
}

/// The kinds of signature that are accepted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Method {
    Rsa,
    Ecdsa,
}

/// How far the list of transforms has come; it has to be these two, in this order.
#[derive(Default, PartialEq, Eq)]
enum Transforms {
    #[default]
    None,
    Enveloped,
    Canonical,
}

/// What has been read of a signature so far.
#[derive(Default)]
struct Draft {
    holder: Option<(Holder, String)>,
    canonical: bool,
    method: Option<Method>,
    uri: Option<String>,
    transforms: Transforms,
    prefixes: Vec<String>,
    digest: Option<Digest>,
    digest_value: String,
    value: String,
    hints: usize,
}

/// Gathers the signatures and all ids of a document.
#[derive(Default)]
pub(super) struct Shapes {
    ids: HashSet<String>,
    response_id: Option<String>,
    assertion_id: Option<String>,
    draft: Option<Draft>,
    done: Vec<Signature>,
}

impl Shapes {
    pub(super) fn open(&mut self, element: Element, walker: &Walker<'_>) -> Result<(), Error> {
        self.take_id(element, walker)?;
        if element == Element::Signature {
            self.begin(walker)?;
        }
        match &mut self.draft {
            Some(draft) => draft.open(element, walker),
            None => Ok(()),
        }
    }

    pub(super) fn text(&mut self, text: &str, walker: &Walker<'_>) {
        if let Some(draft) = &mut self.draft {
            match walker.current() {
                Some(Element::DigestValue) => draft.digest_value.push_str(text),
                Some(Element::SignatureValue) => draft.value.push_str(text),
                _ => {}
            }
        }
    }

    pub(super) fn close(&mut self, element: Element) -> Result<(), Error> {
        if element == Element::Signature
            && let Some(draft) = self.draft.take()
        {
            self.done.push(draft.finish()?);
        }
        Ok(())
    }

    /// All signatures, the response's first.
    pub(super) fn finish(mut self) -> Result<Vec<Signature>, Error> {
        if self.done.is_empty() {
            return Err(Error::Unsigned);
        }
        self.done
            .sort_by_key(|signature| signature.holder == Holder::Assertion);
        Ok(self.done)
    }

    /// Ids are names, and no two elements have the same, whatever their attribute is called.
    fn take_id(&mut self, element: Element, walker: &Walker<'_>) -> Result<(), Error> {
        let id = walker.attribute("ID").or_else(|| walker.attribute("Id"));
        let needed = matches!(element, Element::Response | Element::Assertion);
        let Some(id) = id else {
            return if needed {
                Err(Error::Structure("no id"))
            } else {
                Ok(())
            };
        };
        if !is_nc_name(id) {
            return Err(Error::Structure("an id that is no name"));
        }
        if !self.ids.insert(id.to_owned()) {
            return Err(Error::Structure("an id that stands twice"));
        }
        match element {
            Element::Response => self.response_id = Some(id.to_owned()),
            Element::Assertion => self.assertion_id = Some(id.to_owned()),
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, walker: &Walker<'_>) -> Result<(), Error> {
        let (holder, id) = match walker.parent() {
            Some(Element::Response) => (Holder::Response, self.response_id.clone()),
            Some(Element::Assertion) => (Holder::Assertion, self.assertion_id.clone()),
            _ => return Err(Error::Structure("a signature out of place")),
        };
        let id = id.ok_or(Error::Structure("no id"))?;
        self.draft = Some(Draft {
            holder: Some((holder, id)),
            ..Draft::default()
        });
        Ok(())
    }
}

impl Draft {
    fn open(&mut self, element: Element, walker: &Walker<'_>) -> Result<(), Error> {
        let algorithm = walker.attribute("Algorithm").unwrap_or_default();
        match element {
            Element::CanonicalizationMethod if algorithm == EXC_C14N => self.canonical = true,
            Element::CanonicalizationMethod => {
                return Err(Error::Algorithm("the canonicalisation"));
            }
            Element::SignatureMethod => self.method = Some(accept_signature_method(algorithm)?),
            Element::Reference => self.uri = walker.attribute("URI").map(str::to_owned),
            Element::Transform => self.transform(algorithm)?,
            Element::InclusiveNamespaces => self.prefix_list(walker)?,
            Element::DigestMethod => self.digest = Some(accept_digest(algorithm)?),
            Element::KeyName | Element::X509Certificate | Element::X509IssuerSerial => {
                self.hints += 1;
                if self.hints > MAX_LIST {
                    return Err(Error::Structure("too many keys"));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn transform(&mut self, algorithm: &str) -> Result<(), Error> {
        self.transforms = match (&self.transforms, algorithm) {
            (Transforms::None, ENVELOPED) => Transforms::Enveloped,
            (Transforms::Enveloped, EXC_C14N) => Transforms::Canonical,
            _ => return Err(Error::Algorithm("the transforms")),
        };
        Ok(())
    }

    fn prefix_list(&mut self, walker: &Walker<'_>) -> Result<(), Error> {
        let list = walker.attribute("PrefixList").unwrap_or_default();
        let prefixes: Vec<&str> = list.split(' ').filter(|p| !p.is_empty()).collect();
        let plain = prefixes.iter().all(|p| *p == "#default" || is_nc_name(p));
        if !plain || prefixes.len() > MAX_LIST {
            return Err(Error::Structure("a prefix list"));
        }
        if walker.parent() == Some(Element::Transform) {
            if self.transforms != Transforms::Canonical {
                return Err(Error::Structure("a prefix list out of place"));
            }
            self.prefixes = prefixes.into_iter().map(str::to_owned).collect();
        }
        Ok(())
    }

    fn finish(self) -> Result<Signature, Error> {
        let (holder, id) = self
            .holder
            .ok_or(Error::Structure("a signature out of place"))?;
        let Some(method) = self.method.filter(|_| self.canonical) else {
            return Err(Error::Structure("an incomplete signature"));
        };
        if self.uri.as_deref().and_then(|uri| uri.strip_prefix('#')) != Some(id.as_str()) {
            return Err(Error::Structure(
                "a reference to something else than the parent",
            ));
        }
        if self.transforms != Transforms::Canonical {
            return Err(Error::Algorithm("the transforms"));
        }
        let digest = self
            .digest
            .ok_or(Error::Structure("an incomplete signature"))?;
        let digest_value = decode(&self.digest_value)?;
        if digest_value.len() != digest.len() || !method.fits(decode(&self.value)?.len()) {
            return Err(Error::Structure("a digest or signature value"));
        }
        Ok(Signature {
            holder,
            id,
            prefixes: self.prefixes,
            digest,
            digest_value,
        })
    }
}

impl Method {
    /// Whether a value may have this length: that of a modulus, or two numbers of P-256 or P-384 (XML Signature
    /// §6.4.3; libraries differ on whether they take the DER of other standards as well).
    fn fits(self, length: usize) -> bool {
        match self {
            Self::Rsa => (256..=1024).contains(&length),
            Self::Ecdsa => matches!(length, 64 | 96),
        }
    }
}

impl Digest {
    fn len(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

fn decode(value: &str) -> Result<Vec<u8>, Error> {
    let dense: String = value.split_ascii_whitespace().collect();
    STANDARD
        .decode(dense)
        .map_err(|_| Error::Structure("a digest or signature value"))
}

fn accept_signature_method(algorithm: &str) -> Result<Method, Error> {
    match algorithm {
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
        | "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384"
        | "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512" => Ok(Method::Rsa),
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
        | "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384"
        | "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512" => Ok(Method::Ecdsa),
        "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
        | "http://www.w3.org/2000/09/xmldsig#dsa-sha1"
        | "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1" => Err(Error::Sha1),
        _ => Err(Error::Algorithm("the signature method")),
    }
}

fn accept_digest(algorithm: &str) -> Result<Digest, Error> {
    match algorithm {
        "http://www.w3.org/2001/04/xmlenc#sha256" => Ok(Digest::Sha256),
        "http://www.w3.org/2001/04/xmldsig-more#sha384" => Ok(Digest::Sha384),
        "http://www.w3.org/2001/04/xmlenc#sha512" => Ok(Digest::Sha512),
        "http://www.w3.org/2000/09/xmldsig#sha1" => Err(Error::Sha1),
        _ => Err(Error::Algorithm("the digest")),
    }
}
