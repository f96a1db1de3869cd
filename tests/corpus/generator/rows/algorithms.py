"""Rows S9 and S10: weak, mislabelled and unknown algorithms; several signatures of which some are bad.

Owns everything about which algorithm and how many signatures. The signatures of S9 are genuine wherever
the algorithm exists: only a rule about algorithms can refuse them.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from copy import deepcopy

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from lxml import etree

from ..case import EVIL, HONEST, REFUSED, Case, Kit
from ..edit import replace_once, tampered
from ..message import DSIG
from ..signing import C14N, C14N11, DIGESTS, ENVELOPED, EXC_C14N, MORE, canonical, parse, serialize, signature_uri, transform
from .wrapping import ds, evil_message, saml

PSS = "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"


def signed_with(level: str = "both", **form: object) -> Callable[[Kit], bytes]:
    """An honest message signed in this form."""
    return lambda kit: kit.signed(level, **form)


def labelled(made: str, said: str) -> Callable[[Kit], bytes]:
    """Made with one hash, labelled as another."""
    return lambda kit: kit.signed("both", hash=made, signature_method=signature_uri(kit.key.kind, said))


def other_kind(kit: Kit) -> bytes:
    """An RSA signature labelled ECDSA, or the reverse."""
    kind = "ec" if kit.key.kind == "rsa" else "rsa"
    return kit.signed("both", signature_method=signature_uri(kind, "sha256"))


def pss(kit: Kit) -> bytes:
    """A genuine RSASSA-PSS signature."""
    octets = kit.signed("assertion", signature_method=PSS, signature_value=b"mark")
    root = parse(octets)
    scheme = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    value = kit.key.private_key.sign(canonical(root.find(f".//{ds('SignedInfo')}")), scheme, hashes.SHA256())
    root.find(f".//{ds('SignatureValue')}").text = base64.b64encode(value).decode()
    return serialize(root)


def der_value(kit: Kit) -> bytes:
    """An ECDSA value in DER, where XML Signature wants r and s side by side."""
    root = parse(kit.signed("assertion"))
    value = kit.key.private_key.sign(canonical(root.find(f".//{ds('SignedInfo')}")), ec.ECDSA(hashes.SHA256()))
    root.find(f".//{ds('SignatureValue')}").text = base64.b64encode(value).decode()
    return serialize(root)


def inclusive(uri: str, where: str) -> Callable[[Kit], bytes]:
    """Genuinely signed with a canonicalisation other than exclusive."""

    def build(kit: Kit) -> bytes:
        message = kit.message()
        if where == "signed-info":
            return kit.sign(message.xml(), message.response_id, canonicalization=uri)
        comments = uri.endswith("WithComments")
        exclusive = uri.startswith(EXC_C14N)
        data = canonical(parse(message.xml().encode()), exclusive=exclusive, comments=comments)
        chain = transform(ENVELOPED) + transform(uri)
        return kit.sign(message.xml(), message.response_id, digest_input=data, transforms_xml=chain)

    return build


def renamed(element: str, uri: str) -> Callable[[Kit], bytes]:
    """One Algorithm attribute replaced before the signature value is computed."""

    def build(kit: Kit) -> bytes:
        field = {"SignatureMethod": "signature_method", "DigestMethod": "digest_uri", "CanonicalizationMethod": "canonicalization"}[element]
        return kit.signed("assertion", **{field: uri})

    return build


def no_algorithm(element: str) -> Callable[[Kit], bytes]:
    """The Algorithm attribute missing altogether."""

    def build(kit: Kit) -> bytes:
        root = parse(kit.signed("assertion"))
        del root.find(f".//{ds(element)}").attrib["Algorithm"]
        return serialize(root)

    return build


UNKNOWN = {
    "unknown": "urn:example:algorithm",
    "upper-case": f"{MORE}RSA-SHA256",
    "trailing-space": f"{MORE}rsa-sha256 ",
    "leading-space": f" {MORE}rsa-sha256",
    "http-canary-like": "http://www.w3.org/2001/04/xmldsig-more",
    "dsa-sha1": f"{DSIG}dsa-sha1",
    "dsa-sha256": "http://www.w3.org/2009/xmldsig11#dsa-sha256",
    "rsa-md5": f"{MORE}rsa-md5",
    "rsa-ripemd160": f"{MORE}rsa-ripemd160",
    "rsa-sha224": f"{MORE}rsa-sha224",
    "ed25519": "http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519",
    "ecdsa-sha1": f"{MORE}ecdsa-sha1",
    "pss-sha1": "http://www.w3.org/2007/05/xmldsig-more#rsa-pss",
}


def signatures_of(octets: bytes) -> tuple[etree._Element, etree._Element]:
    """The document and its assertion's signature."""
    root = parse(octets)
    return root, root.find(saml("Assertion")).find(ds("Signature"))


def broken(signature: etree._Element) -> etree._Element:
    """A copy whose SignatureValue is wrong in one bit, and well-formed."""
    copy = deepcopy(signature)
    holder = copy.find(ds("SignatureValue"))
    value = bytearray(base64.b64decode(holder.text))
    value[-1] ^= 1
    holder.text = base64.b64encode(value).decode()
    return copy


def pair(order: str) -> Callable[[Kit], bytes]:
    """Two signatures in one assertion."""

    def build(kit: Kit) -> bytes:
        root, good = signatures_of(kit.signed("assertion"))
        if order == "good-good":
            good.addnext(deepcopy(good))
        elif order == "good-bad":
            good.addnext(broken(good))
        elif order == "bad-good":
            good.addprevious(broken(good))
        else:
            good.addprevious(broken(good))
            good.addnext(broken(good))
        return serialize(root)

    return build


def levels(response: str, assertion: str) -> Callable[[Kit], bytes]:
    """Each level signed `good`, `bad` (value wrong), or by the `attacker`."""

    def build(kit: Kit) -> bytes:
        message = kit.message()
        octets = kit.sign(message.xml(), message.assertion_id, key=kit.world.attacker if assertion == "attacker" else None)
        root, inner = signatures_of(octets)
        if assertion == "bad":
            inner.getparent().replace(inner, broken(inner))
        octets = kit.sign(serialize(root), message.response_id, key=kit.world.attacker if response == "attacker" else None)
        if response == "bad":
            root = parse(octets)
            outer = root.find(ds("Signature"))
            root.replace(outer, broken(outer))
            octets = serialize(root)
        return octets

    return build


def inner_tampered(kit: Kit) -> bytes:
    """The assertion altered after its own signature; the Response signature over the altered one is genuine."""
    message = kit.message()
    octets = tampered(kit.sign(message.xml(), message.assertion_id))
    return kit.sign(octets, message.response_id)


def outer_tampered(kit: Kit) -> bytes:
    """Both signed, then the Destination altered: the Response signature is stale, the assertion's is good."""
    return replace_once(kit.signed("both"), 'Version="2.0" IssueInstant', 'Version="2.0"  Consent="x" IssueInstant')


def stray(place: str) -> Callable[[Kit], bytes]:
    """A genuine signature of another evil-free document where no signature belongs."""

    def build(kit: Kit) -> bytes:
        root, good = signatures_of(kit.signed("assertion"))
        _, other = signatures_of(kit.signed("assertion", evil_message(kit)))
        target = {
            "subject": root.find(f".//{saml('Subject')}"),
            "status": root.find("{urn:oasis:names:tc:SAML:2.0:protocol}Status"),
            "response": root,
            "object": etree.SubElement(good, ds("Object")),
            "key-info": good.find(ds("KeyInfo")),
        }[place]
        target.append(other)
        return serialize(root)

    return build


def cases() -> Iterator[Case]:
    """S9, then S10."""
    number = 0
    for digest, made in (("sha1", "sha256"), ("sha256", "sha1"), ("sha1", "sha1"), ("md5", "sha256"), ("sha256", "md5"), ("md5", "md5"), ("sha224", "sha256"), ("sha256", "sha224")):
        for level in ("assertion", "response", "both"):
            number += 1
            keys = ("rsa",) if made == "md5" else ("rsa", "ec")
            yield Case(f"S9.{number:02}-{level}-digest-{digest}-signature-{made}", f"{level}: digest {digest}, signature {made}", REFUSED, signed_with(level, digest=digest, hash=made), keys=keys, genuine=True)
    for made, said in (("sha256", "sha512"), ("sha512", "sha256"), ("sha1", "sha256"), ("sha256", "sha1"), ("sha384", "sha512")):
        number += 1
        yield Case(f"S9.{number:02}-made-{made}-labelled-{said}", f"made with {made}, labelled {said}", REFUSED, labelled(made, said))
    number += 1
    yield Case(f"S9.{number:02}-other-kind-of-key", "labelled with the other kind of key", REFUSED, other_kind)
    number += 1
    yield Case(f"S9.{number:02}-rsa-pss", "a genuine RSASSA-PSS signature", REFUSED, pss, keys=("rsa",))
    number += 1
    yield Case(f"S9.{number:02}-ecdsa-der", "an ECDSA value in DER", REFUSED, der_value, keys=("ec",))
    for name, uri in UNKNOWN.items():
        number += 1
        yield Case(f"S9.{number:02}-signature-method-{name}", f"SignatureMethod {name}", REFUSED, renamed("SignatureMethod", uri))
    for name, uri in (("unknown", "urn:example:digest"), ("ripemd160", "http://www.w3.org/2001/04/xmlenc#ripemd160"), ("sha3", "http://www.w3.org/2007/05/xmldsig-more#sha3-256"), ("label-sha512", DIGESTS["sha512"]), ("label-sha1", DIGESTS["sha1"])):
        number += 1
        yield Case(f"S9.{number:02}-digest-method-{name}", f"DigestMethod {name}", REFUSED, renamed("DigestMethod", uri))
    for name, uri in (("c14n", C14N), ("c14n11", C14N11), ("c14n-comments", f"{C14N}#WithComments"), ("exc-comments", f"{EXC_C14N}WithComments"), ("unknown", "urn:example:c14n")):
        if name != "unknown":
            number += 1
            yield Case(f"S9.{number:02}-transform-{name}", f"genuine with transform {name}", REFUSED, inclusive(uri, "transform"), genuine=True)
        number += 1
        yield Case(f"S9.{number:02}-canonicalization-{name}", f"SignedInfo canonicalised by {name}", REFUSED, inclusive(uri, "signed-info"), genuine=name != "unknown")
    for element in ("SignatureMethod", "DigestMethod", "CanonicalizationMethod"):
        number += 1
        yield Case(f"S9.{number:02}-no-algorithm-{element}", f"{element} without Algorithm", REFUSED, no_algorithm(element))
    yield from several()


def several() -> Iterator[Case]:
    """S10: more than one signature."""
    number = 0
    for order in ("good-bad", "bad-good", "bad-good-bad", "good-good"):
        number += 1
        yield Case(f"S10.{number:02}-pair-{order}", f"two signatures in the assertion: {order}", REFUSED, pair(order))
    for response, assertion in (("bad", "good"), ("good", "bad"), ("bad", "bad"), ("attacker", "good"), ("good", "attacker"), ("attacker", "attacker"), ("bad", "attacker")):
        number += 1
        yield Case(f"S10.{number:02}-response-{response}-assertion-{assertion}", f"Response {response}, Assertion {assertion}", REFUSED, levels(response, assertion))
    number += 1
    yield Case(f"S10.{number:02}-inner-stale", "assertion altered between the two signatures", REFUSED, inner_tampered, honest=EVIL, evil=HONEST)
    number += 1
    yield Case(f"S10.{number:02}-outer-stale", "Response altered after both signatures", REFUSED, outer_tampered)
    for place in ("subject", "status", "response", "object", "key-info"):
        number += 1
        yield Case(f"S10.{number:02}-stray-in-{place}", f"another genuine signature in {place}", REFUSED, stray(place))
