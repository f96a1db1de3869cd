"""Row S3: forged digests beside the signed one.

The document says the evil identity; its digest is smuggled in where a careless verifier finds it: in a
comment or CDATA of DigestValue, in a second SignedInfo, Reference, DigestValue or SignatureValue. The
signed SignedInfo stays as it was wherever that is possible.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..case import REFUSED, SIGNED_IDENTITY, Case, Kit
from ..edit import between, replace_once, tampered
from ..message import DSIG, PROTOCOL, SUCCESS
from ..signing import canonical, digest_value, parse
from .wrapping import ds, saml

OPEN, CLOSE = "<ds:DigestValue>", "</ds:DigestValue>"


def forged_digest(octets: bytes) -> str:
    """The digest that the tampered assertion would need."""
    assertion = parse(octets).find(saml("Assertion"))
    assertion.remove(assertion.find(ds("Signature")))
    return digest_value(canonical(assertion), "sha256")


def in_digest_value(pattern: str, tamper: bool) -> Callable[[Kit], bytes]:
    """DigestValue rewritten by a pattern of {g} (genuine) and {f} (forged)."""

    def build(kit: Kit) -> bytes:
        octets = kit.signed("assertion")
        octets = tampered(octets) if tamper else octets
        genuine, forged = between(octets, OPEN, CLOSE), forged_digest(octets)
        text = pattern.format(g=genuine, f=forged, g1=genuine[:9], g2=genuine[9:])
        return replace_once(octets, f"{OPEN}{genuine}{CLOSE}", f"{OPEN}{text}{CLOSE}")

    return build


def second_signed_info(place: str) -> Callable[[Kit], bytes]:
    """A forged SignedInfo, over the tampered document, beside the genuine one."""

    def build(kit: Kit) -> bytes:
        octets = tampered(kit.signed("assertion"))
        body = between(octets, "<ds:SignedInfo>", "</ds:SignedInfo>")
        genuine = f"<ds:SignedInfo>{body}</ds:SignedInfo>"
        forged = genuine.replace(between(octets, OPEN, CLOSE), forged_digest(octets))
        status_end = b"</samlp:Status>"
        if place == "before":
            return replace_once(octets, genuine, forged + genuine)
        if place == "after":
            return replace_once(octets, genuine, genuine + forged)
        if place == "last":
            return replace_once(octets, "</ds:Signature>", forged + "</ds:Signature>")
        if place == "object":
            return replace_once(octets, "</ds:Signature>", f"<ds:Object>{forged}</ds:Object></ds:Signature>")
        if place == "key-info":
            return replace_once(octets, "<ds:KeyInfo>", f"<ds:KeyInfo>{forged}")
        if place == "signature-value":
            return replace_once(octets, "<ds:SignatureValue>", f"<ds:SignatureValue>{forged}")
        if place == "wrapped":
            return replace_once(octets, genuine, f'<x:W xmlns:x="urn:example:w">{genuine}</x:W>{forged}')
        if place == "genuine-in-object":
            moved = replace_once(octets, genuine, forged)
            return replace_once(moved, "</ds:Signature>", f"<ds:Object>{genuine}</ds:Object></ds:Signature>")
        if place == "inside":
            return replace_once(octets, "</ds:SignedInfo>", f"{forged}</ds:SignedInfo>")
        detail = f'<samlp:StatusDetail><ds:Signature xmlns:ds="{DSIG}">{forged}</ds:Signature></samlp:StatusDetail>'
        return replace_once(octets, status_end, detail.encode() + status_end)

    return build


def second_value(name: str, place: str) -> Callable[[Kit], bytes]:
    """A second DigestValue or SignatureValue with the forged content."""

    def build(kit: Kit) -> bytes:
        octets = tampered(kit.signed("assertion"))
        forged = f'<ds:{name} xmlns:ds="{DSIG}">{forged_digest(octets)}</ds:{name}>'
        if place == "before":
            return replace_once(octets, f"<ds:{name}>", f"{forged}<ds:{name}>")
        if place == "after":
            return replace_once(octets, f"</ds:{name}>", f"</ds:{name}>{forged}")
        if place == "object":
            return replace_once(octets, "</ds:Signature>", f"<ds:Object>{forged}</ds:Object></ds:Signature>")
        if place == "extensions":
            return replace_once(octets, "<samlp:Status>", f"<samlp:Extensions>{forged}</samlp:Extensions><samlp:Status>")
        if place == "assertion":
            return replace_once(octets, "<saml:Subject>", f"{forged}<saml:Subject>")
        return replace_once(octets, "</samlp:Status>", f"<samlp:StatusDetail>{forged}</samlp:StatusDetail></samlp:Status>")

    return build


def signed_detail_with_digest(kit: Kit) -> bytes:
    """A genuine Response signature over a StatusDetail that holds the forged digest; the inner one is stale."""
    message = kit.message()
    octets = tampered(kit.sign(message.xml(), message.assertion_id))
    value = f'<ds:DigestValue xmlns:ds="{DSIG}">{forged_digest(octets)}</ds:DigestValue>'
    status = f'<samlp:Status xmlns:samlp="{PROTOCOL}"><samlp:StatusCode Value="{SUCCESS}"/><samlp:StatusDetail>{value}</samlp:StatusDetail></samlp:Status>'
    octets = replace_once(octets, message.status_xml, status)
    return kit.sign(octets, message.response_id, key=kit.world.attacker)


def cases() -> Iterator[Case]:
    """Patterns, places and second values."""
    patterns = {
        "forged-comment-first": ("<!--{f}-->{g}", True),
        "forged-comment-last": ("{g}<!--{f}-->", True),
        "genuine-comment-first": ("<!--{g}-->{f}", True),
        "genuine-comment-last": ("{f}<!--{g}-->", True),
        "forged-cdata": ("<![CDATA[{f}]]>", True),
        "genuine-and-forged-cdata": ("{g}<![CDATA[{f}]]>", True),
        "forged-after-space": ("{g} {f}", True),
        "forged-only": ("{f}", True),
        "empty": ("", True),
        "comment-inside-genuine": ("{g1}<!--x-->{g2}", False),
        "cdata-genuine": ("<![CDATA[{g}]]>", False),
        "space-around-genuine": (" {g} ", False),
        "element-inside-genuine": ('{g1}<x:x xmlns:x="urn:example:x"/>{g2}', False),
        "pi-inside-genuine": ("{g1}<?x?>{g2}", False),
    }
    untouched = ("comment-inside-genuine", "cdata-genuine")
    number = 0
    for name, (pattern, tamper) in patterns.items():
        number += 1
        expect = SIGNED_IDENTITY if name in untouched else REFUSED
        yield Case(f"S3.{number:02}-digest-{name}", f"DigestValue: {name}", expect, in_digest_value(pattern, tamper))
    places = ("before", "after", "last", "object", "key-info", "signature-value", "wrapped", "genuine-in-object", "inside", "status-detail")
    for place in places:
        number += 1
        yield Case(f"S3.{number}-second-signed-info-{place}", f"a forged SignedInfo: {place}", REFUSED, second_signed_info(place))
    for name in ("DigestValue", "SignatureValue"):
        for place in ("before", "after", "object", "extensions", "assertion", "status-detail"):
            number += 1
            yield Case(f"S3.{number}-second-{name}-{place}", f"a second {name}: {place}", REFUSED, second_value(name, place))
    number += 1
    yield Case(f"S3.{number}-digest-in-attacker-signed-detail", "forged digest in an attacker-signed StatusDetail", REFUSED, signed_detail_with_digest)
