"""Row S1, relatives: the twin inside the genuine signature, id pollution, foreign twins and odd roots.

The enveloped-signature transform takes the whole Signature out of the digest, so whatever stands inside
it beside SignedInfo is unsigned and invisible to the verifier. The other relatives play on what counts as
an id, as an assertion, and as a response. The systematic placements are in `wrapping`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy

from lxml import etree

from ..case import REFUSED, SIGNED_IDENTITY, Case, Kit, fresh_id
from ..message import ASSERTION, DSIG, PROTOCOL
from ..signing import parse, serialize
from .wrapping import PLACES, ds, evil_message, saml

PLACEHOLDER = "urn:example:some-namespace"  # for names that libxml2 itself would not take as a namespace
XML = "http://www.w3.org/XML/1998/namespace"


def twin_in_signature(level: str, holder: str) -> Callable[[Kit], bytes]:
    """The evil assertion inside the genuine, verifying Signature."""

    def build(kit: Kit) -> bytes:
        root = parse(kit.signed(level))
        signature = root.find(f".//{ds('Signature')}")
        twin = parse(evil_message(kit).assertion().encode())
        if holder == "key-info":
            signature.find(ds("KeyInfo")).append(twin)
        elif holder == "object":
            etree.SubElement(signature, ds("Object")).append(twin)
        elif holder == "signature-value":
            signature.find(ds("SignatureValue")).append(twin)
        elif holder == "bare-first":
            signature.insert(0, twin)
        else:
            signature.append(twin)
        return serialize(root)

    return build


def whole_response_in_object(kit: Kit) -> bytes:
    """An evil Response, with its assertion, inside ds:Object of the genuine Response signature."""
    root = parse(kit.signed("response"))
    etree.SubElement(root.find(ds("Signature")), ds("Object")).append(parse(evil_message(kit).xml().encode()))
    return serialize(root)


def polluted(attribute: str, order: str) -> Callable[[Kit], bytes]:
    """The twin has an id of its own and, by another attribute, the genuine one's."""

    def build(kit: Kit) -> bytes:
        honest = kit.message()
        root = parse(kit.signed("assertion", honest))
        genuine = root.find(saml("Assertion"))
        twin = parse(evil_message(kit).assertion().encode())
        twin.set(attribute, honest.assertion_id)
        PLACES[order](root, genuine, twin)
        return serialize(root)

    return build


def polluted_envelope(attribute: str) -> Callable[[Kit], bytes]:
    """No twin: the unsigned Response itself claims the signed assertion's id by another attribute."""

    def build(kit: Kit) -> bytes:
        honest = kit.message()
        root = parse(kit.signed("assertion", honest))
        root.set(attribute, honest.assertion_id)
        return serialize(root)

    return build


ID_ATTRIBUTES = {
    "Id": "Id",
    "id": "id",
    "iD": "iD",
    "xml-id": f"{{{XML}}}id",
    "samlp-ID": f"{{{PROTOCOL}}}ID",
    "saml-ID": f"{{{ASSERTION}}}ID",
    "foreign-ID": "{urn:example:wrapper}ID",
    "AssertionID": "AssertionID",
}

FOREIGN_NAMESPACES = {
    "saml1": "urn:oasis:names:tc:SAML:1.0:assertion",
    "none": "",
    "attacker": "urn:example:assertion",
    "upper-case": "URN:OASIS:NAMES:TC:SAML:2.0:ASSERTION",
    "trailing-space": "urn:oasis:names:tc:SAML:2.0:assertion ",
    "protocol": PROTOCOL,
    "dsig": DSIG,
}


def foreign_twin(namespace: str, place: str) -> Callable[[Kit], bytes]:
    """A twin called Assertion in another namespace, for readers that go by local names."""

    def build(kit: Kit) -> bytes:
        root = parse(kit.signed("assertion"))
        text = evil_message(kit).assertion()
        if namespace:
            text = text.replace(f'xmlns:saml="{ASSERTION}"', f'xmlns:saml="{PLACEHOLDER}"')
        else:
            text = text.replace(f' xmlns:saml="{ASSERTION}"', "").replace("saml:", "")
        PLACES[place](root, root.find(saml("Assertion")), parse(text.encode()))
        return serialize(root).replace(PLACEHOLDER.encode(), namespace.encode())

    return build


def rooted(opening: str, closing: str, level: str = "response") -> Callable[[Kit], bytes]:
    """A genuine response inside some other root element."""

    def build(kit: Kit) -> bytes:
        return opening.encode() + kit.signed(level) + closing.encode()

    return build


def assertion_alone(kit: Kit) -> bytes:
    """A signed assertion with no response around it."""
    root = parse(kit.signed("assertion"))
    return etree.tostring(root.find(saml("Assertion")), encoding="UTF-8")


def evil_beside_in_signed_response(kit: Kit) -> bytes:
    """Two assertions, the second one the IdP's own but for somebody else, both under the Response signature."""
    other = evil_message(kit).assertion()
    return kit.signed("response", kit.message(after_assertion_xml=other))


def two_signed(kit: Kit) -> bytes:
    """Two genuine assertions, each signed by the IdP, for two people."""
    first, second = kit.message(), evil_message(kit)
    text = first.xml().replace("</samlp:Response>", second.assertion() + "</samlp:Response>")
    return kit.sign(text, first.assertion_id, second.assertion_id)


def same_twice(kit: Kit) -> bytes:
    """The same signed assertion twice."""
    root = parse(kit.signed("assertion"))
    genuine = root.find(saml("Assertion"))
    genuine.addnext(deepcopy(genuine))
    return serialize(root)


def two_roots(kit: Kit) -> bytes:
    """A second root element after the signed one: not well-formed, but some parsers read on."""
    return kit.signed("both") + evil_message(kit).xml().encode()


def evil_root_first(kit: Kit) -> bytes:
    """The evil document first, the signed one after it."""
    return evil_message(kit).xml().encode() + kit.signed("both")


def signature_without_id(kit: Kit) -> bytes:
    """The signed assertion's own ID is taken away after signing and put on an unsigned sibling."""
    honest = kit.message()
    root = parse(kit.signed("assertion", honest))
    del root.find(saml("Assertion")).attrib["ID"]
    status = root.find(f"{{{PROTOCOL}}}Status")
    status.set("ID", honest.assertion_id)
    return serialize(root)


def shared_id(kit: Kit) -> bytes:
    """Response and Assertion with one id, the assertion signed."""
    one = fresh_id()
    message = kit.message(assertion_id=one)
    root = parse(kit.signed("assertion", message))
    root.set("ID", one)
    return serialize(root)


def cases() -> Iterator[Case]:
    """Numbers from 301, after the systematic placements."""
    number = 300
    for level in ("assertion", "response", "both"):
        for holder in ("key-info", "object", "signature-value", "bare-first", "bare-last"):
            number += 1
            title = f"evil twin inside the genuine {level} signature: {holder}"
            genuine = holder in ("key-info", "object") and level != "both"
            yield Case(f"S1.{number}-in-signature-{level}-{holder}", title, REFUSED, twin_in_signature(level, holder), genuine=genuine)
    for name, attribute in ID_ATTRIBUTES.items():
        for order in ("before-twin", "after-twin"):
            number += 1
            title = f"twin with the genuine id in {name}, placed {order}"
            yield Case(f"S1.{number}-id-pollution-{name}-{order}", title, REFUSED, polluted(attribute, order))
        number += 1
        title = f"the unsigned envelope claims the signed id in {name}"
        yield Case(f"S1.{number}-envelope-pollution-{name}", title, SIGNED_IDENTITY, polluted_envelope(attribute))
    for name, namespace in FOREIGN_NAMESPACES.items():
        for place in ("before-twin", "after-twin", "extensions"):
            number += 1
            title = f"twin in namespace {name}, placed {place}"
            yield Case(f"S1.{number}-foreign-twin-{name}-{place}", title, SIGNED_IDENTITY, foreign_twin(namespace, place))
    soap = "http://schemas.xmlsoap.org/soap/envelope/"
    artifact = f'<samlp:ArtifactResponse xmlns:samlp="{PROTOCOL}" ID="_a1" Version="2.0">'
    singles: list[tuple[str, str, Callable[[Kit], bytes]]] = [
        ("response-in-object", "an evil Response in ds:Object", whole_response_in_object),
        ("soap-root", "a SOAP envelope around the response", rooted(f'<s:Envelope xmlns:s="{soap}"><s:Body>', "</s:Body></s:Envelope>")),
        ("artifact-root", "an ArtifactResponse around the response", rooted(artifact, "</samlp:ArtifactResponse>")),
        ("foreign-root", "a root of no known kind", rooted("<root>", "</root>", "assertion")),
        ("assertion-alone", "a signed assertion with no response", assertion_alone),
        ("two-under-one-signature", "two assertions under one response signature", evil_beside_in_signed_response),
        ("two-signed-assertions", "two assertions, each signed", two_signed),
        ("same-assertion-twice", "the same signed assertion twice", same_twice),
        ("evil-root-after", "a second root after the signed one", two_roots),
        ("evil-root-before", "an evil root before the signed one", evil_root_first),
        ("id-taken-away", "the signed id moved to another element", signature_without_id),
        ("shared-id", "Response and Assertion share an id", shared_id),
    ]
    for name, title, build in singles:
        number += 1
        yield Case(f"S1.{number}-{name}", title, REFUSED, build)
