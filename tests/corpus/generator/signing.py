"""XML signatures, right ones and every wrong one.

Owns canonicalisation (lxml), digests and signature values (`cryptography`), and the text of `ds:Signature`.
Every step can be replaced by a case. It must not know SAML beyond "the signature follows the Issuer".
Specifications: XML Signature 1.1, Exclusive XML Canonicalization 1.0, RFC 6931 for algorithm names.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from lxml import etree

from .keys import Identity
from .message import DSIG

EXC_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
C14N11 = "http://www.w3.org/2006/12/xml-c14n11"
ENVELOPED = f"{DSIG}enveloped-signature"
MORE = "http://www.w3.org/2001/04/xmldsig-more#"

DIGESTS = {
    "md5": f"{MORE}md5",
    "sha1": f"{DSIG}sha1",
    "sha224": f"{MORE}sha224",
    "sha256": "http://www.w3.org/2001/04/xmlenc#sha256",
    "sha384": f"{MORE}sha384",
    "sha512": "http://www.w3.org/2001/04/xmlenc#sha512",
}
HASHES = {
    "md5": hashes.MD5(),
    "sha1": hashes.SHA1(),
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


def signature_uri(kind: str, digest: str) -> str:
    """The SignatureMethod of an RSA PKCS#1 v1.5 or ECDSA signature over this hash."""
    if kind == "rsa" and digest == "sha1":
        return f"{DSIG}rsa-sha1"
    return f"{MORE}{'rsa' if kind == 'rsa' else 'ecdsa'}-{digest}"


@dataclass(frozen=True)
class SignatureForm:
    """How to sign. What is `None` follows from the key and the rest."""

    digest: str = "sha256"
    hash: str = "sha256"
    digest_uri: str | None = None
    signature_method: str | None = None
    signature_method_xml: str = ""
    canonicalization: str = EXC_C14N
    canonicalization_xml: str = ""
    prefixes: str = ""
    transforms_xml: str | None = None
    digest_input: bytes | None = None
    digest_value_xml: str | None = None
    signature_value: bytes | None = None
    signature_value_xml: str | None = None
    reference_uri: str | None = None
    references_xml: str | None = None
    key_info_xml: str | None = None
    object_xml: str = ""
    prefix: str = "ds"
    place: str = "after-issuer"
    strip: bool = False


def transform(uri: str, inner: str = "") -> str:
    """One `ds:Transform`."""
    return f'<ds:Transform Algorithm="{uri}">{inner}</ds:Transform>'


def parse(octets: bytes) -> etree._Element:
    """Parses without touching the network, keeping CDATA and comments as they stand."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, strip_cdata=False, remove_blank_text=False, huge_tree=True
    )
    return etree.fromstring(octets, parser)


def serialize(root: etree._Element) -> bytes:
    """The document as UTF-8 bytes without a declaration."""
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=False)


def canonical(element: etree._Element, prefixes: str = "", exclusive: bool = True, comments: bool = False) -> bytes:
    """Canonical bytes of an element."""
    listed = prefixes.split() if exclusive and prefixes else None
    return etree.tostring(
        element, method="c14n", exclusive=exclusive, with_comments=comments, inclusive_ns_prefixes=listed
    )


def find(root: etree._Element, element_id: str) -> etree._Element:
    """The one element whose `ID` (or, for odd cases, `Id`, `id`) has this value."""
    found = root.xpath("//*[@ID=$v or @Id=$v or @id=$v]", v=element_id)
    if not found:
        raise ValueError("no element has the id to sign")
    return found[0]


def digest_value(data: bytes, digest: str) -> str:
    """A digest in base64."""
    return base64.b64encode(hashlib.new(digest, data).digest()).decode()


def sign_bytes(key: Identity, data: bytes, digest: str) -> bytes:
    """A signature value as XML Signature wants it: PKCS#1 v1.5, or r and s side by side."""
    algorithm = HASHES[digest]
    if isinstance(key.private_key, rsa.RSAPrivateKey):
        return key.private_key.sign(data, padding.PKCS1v15(), algorithm)
    r, s = decode_dss_signature(key.private_key.sign(data, ec.ECDSA(algorithm)))
    size = (key.private_key.curve.key_size + 7) // 8
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def default_transforms(form: SignatureForm) -> str:
    """Enveloped signature, then the canonicalisation."""
    listed = f'<ec:InclusiveNamespaces xmlns:ec="{EXC_C14N}" PrefixList="{form.prefixes}"/>' if form.prefixes else ""
    return transform(ENVELOPED) + transform(EXC_C14N, listed)


def reference(uri: str | None, digest_uri: str, value: str, transforms_xml: str) -> str:
    """One `ds:Reference`."""
    target = "" if uri is None else f' URI="{uri}"'
    chain = f"<ds:Transforms>{transforms_xml}</ds:Transforms>" if transforms_xml else ""
    return (
        f'<ds:Reference{target}>{chain}<ds:DigestMethod Algorithm="{digest_uri}"/>'
        f"<ds:DigestValue>{value}</ds:DigestValue></ds:Reference>"
    )


def signature_xml(element: etree._Element, element_id: str, key: Identity, form: SignatureForm) -> str:
    """The `ds:Signature` text for an element; SignatureValue still empty."""
    data = form.digest_input if form.digest_input is not None else canonical(element, form.prefixes)
    value = form.digest_value_xml if form.digest_value_xml is not None else digest_value(data, form.digest)
    method = form.signature_method or signature_uri(key.kind, form.hash)
    chain = default_transforms(form) if form.transforms_xml is None else form.transforms_xml
    uri = f"#{element_id}" if form.reference_uri is None else form.reference_uri
    references = form.references_xml
    if references is None:
        references = reference(None if uri == "absent" else uri, form.digest_uri or DIGESTS[form.digest], value, chain)
    key_info = form.key_info_xml
    if key_info is None:
        key_info = (
            f"<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{key.certificate_base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
        )
    return (
        f'<ds:Signature xmlns:ds="{DSIG}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{form.canonicalization}">'
        f"{form.canonicalization_xml}</ds:CanonicalizationMethod>"
        f'<ds:SignatureMethod Algorithm="{method}">{form.signature_method_xml}</ds:SignatureMethod>{references}</ds:SignedInfo>'
        f"<ds:SignatureValue></ds:SignatureValue>{key_info}{form.object_xml}</ds:Signature>"
    ).replace("ds:", f"{form.prefix}:" if form.prefix else "").replace(
        "xmlns:ds=", f"xmlns:{form.prefix}=" if form.prefix else "xmlns="
    )


def sign(octets: bytes, element_id: str, key: Identity, form: SignatureForm) -> bytes:
    """Signs the element with this id inside the document, and answers the document."""
    root = parse(octets)
    element = find(root, element_id)
    signature = insert(element, signature_xml(element, element_id, key, form), form.place)
    return fill(root, signature, key, form)


def insert(element: etree._Element, text: str, place: str) -> etree._Element:
    """Puts a signature into an element: after its Issuer, first or last."""
    signature = parse(text.encode())
    children = list(element)
    if place == "first":
        element.insert(0, signature)
    elif place == "last":
        element.append(signature)
    else:
        index = next((i for i, child in enumerate(children) if str(child.tag).endswith("}Issuer")), -1)
        tail = children[index].tail if index >= 0 else None
        element.insert(index + 1, signature)
        if tail:
            children[index].tail = None
            signature.tail = tail
    return signature


def fill(root: etree._Element, signature: etree._Element, key: Identity, form: SignatureForm) -> bytes:
    """Computes the SignatureValue in place and serialises the document."""
    info = signature.find(f"{{{DSIG}}}SignedInfo")
    exclusive = not form.canonicalization.startswith((C14N, C14N11))
    data = canonical(info, form.prefixes if form.canonicalization_xml else "", exclusive)
    raw = form.signature_value if form.signature_value is not None else sign_bytes(key, data, form.hash)
    holder = signature.find(f"{{{DSIG}}}SignatureValue")
    if form.signature_value_xml is not None:
        holder.append(parse(form.signature_value_xml.encode()))
    else:
        holder.text = base64.b64encode(raw).decode()
    return serialize(root)
