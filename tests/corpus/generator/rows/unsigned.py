"""Row S6: no signature, half a signature, somebody else's signature, a signature over other text.

Also the degenerate signature values of both key types. Forged digests are in `digest`, wrong algorithms in
`algorithms`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..case import EVIL, HONEST, REFUSED, Case, Kit
from ..edit import between, replace_last, replace_once
from ..message import DSIG, PASSWORD
from .wrapping import evil_message

EMPTY = {
    "empty-element": f'<ds:Signature xmlns:ds="{DSIG}"/>',
    "only-signed-info": f'<ds:Signature xmlns:ds="{DSIG}"><ds:SignedInfo/></ds:Signature>',
    "only-value": f'<ds:Signature xmlns:ds="{DSIG}"><ds:SignatureValue>AAAA</ds:SignatureValue></ds:Signature>',
    "only-key-info": f'<ds:Signature xmlns:ds="{DSIG}"><ds:KeyInfo/></ds:Signature>',
    "wrong-namespace": '<ds:Signature xmlns:ds="urn:example:dsig"><ds:SignedInfo/></ds:Signature>',
}
LEVELS = ("assertion", "response")


def plain(kit: Kit) -> bytes:
    """Nothing signed."""
    return evil_message(kit).xml().encode()


def with_signature(level: str, signature: str) -> Callable[[Kit], bytes]:
    """A made-up Signature at one level of an evil response."""

    def build(kit: Kit) -> bytes:
        message = evil_message(kit)
        if level == "response":
            return message.xml().replace("</saml:Issuer>", f"</saml:Issuer>{signature}", 1).encode()
        issuer = f"<saml:Issuer>{message.issuer}</saml:Issuer>{signature}"
        return replace_last(message.xml().encode(), f"<saml:Issuer>{message.issuer}</saml:Issuer>", issuer)

    return build


def without(level: str, start: str, end: str, new: str = "") -> Callable[[Kit], bytes]:
    """A genuinely signed response from whose signature a part is cut or replaced."""

    def build(kit: Kit) -> bytes:
        octets = kit.signed(level)
        return replace_once(octets, f"{start}{between(octets, start, end)}{end}", new)

    return build


def transplanted(level: str, evil: bool) -> Callable[[Kit], bytes]:
    """A genuine signature of another document."""

    def build(kit: Kit) -> bytes:
        donor = kit.signed(level)
        signature = "<ds:Signature" + between(donor, "<ds:Signature", "</ds:Signature>") + "</ds:Signature>"
        message = evil_message(kit) if evil else kit.message()
        old = between(donor, 'URI="#', '"')
        target = message.response_id if level == "response" else message.assertion_id
        text = message.xml().replace(f'ID="{target}"', f'ID="{old}"')
        issuer = f"<saml:Issuer>{message.issuer}</saml:Issuer>"
        place = replace_once if level == "response" else replace_last
        return place(text.encode(), issuer, issuer + signature)

    return build


def stripped_evil(kit: Kit) -> bytes:
    """A signed response whose signature was cut away and whose person was changed."""
    octets = kit.signed("response")
    start, end = octets.index(b"<ds:Signature"), octets.index(b"</ds:Signature>") + len(b"</ds:Signature>")
    return replace_once(octets[:start] + octets[end:], HONEST, EVIL)


def altered(level: str, old: Callable[[Kit], str], new: Callable[[Kit], str]) -> Callable[[Kit], bytes]:
    """One field changed after signing."""

    def build(kit: Kit) -> bytes:
        return replace_last(kit.signed(level), old(kit), new(kit))

    return build


def valued(value: Callable[[Kit], bytes]) -> Callable[[Kit], bytes]:
    """A chosen SignatureValue over an evil response."""

    def build(kit: Kit) -> bytes:
        return kit.signed("assertion", evil_message(kit), signature_value=value(kit))

    return build


def rsa_number(kit: Kit) -> tuple[int, int]:
    """Modulus and its size in bytes."""
    numbers = kit.key.private_key.public_key().public_numbers()
    return numbers.n, (numbers.n.bit_length() + 7) // 8


ALTERATIONS: dict[str, tuple[Callable[[Kit], str], Callable[[Kit], str]]] = {
    "name-id": (lambda k: HONEST, lambda k: EVIL),
    "name-id-format": (lambda k: "nameid-format:emailAddress", lambda k: "nameid-format:unspecified"),
    "group": (lambda k: ">staff<", lambda k: ">cloud-admins<"),
    "attribute-name": (lambda k: 'Name="groups"', lambda k: 'Name="Groups"'),
    "audience": (lambda k: f"<saml:Audience>{k.idp.audience}", lambda k: f"<saml:Audience>{k.idp.audience}/x"),
    "recipient": (lambda k: f'Recipient="{k.idp.acs}"', lambda k: f'Recipient="{k.idp.acs}x"'),
    "not-on-or-after": (lambda k: 'Z"><saml:AudienceRestriction', lambda k: '.9Z"><saml:AudienceRestriction'),
    "in-response-to": (lambda k: f'InResponseTo="{k.request_id}"', lambda k: f'InResponseTo="{k.request_id}x"'),
    "issuer": (lambda k: f"<saml:Issuer>{k.idp.entity_id}", lambda k: f"<saml:Issuer>{k.idp.entity_id}x"),
    "session-index": (lambda k: 'SessionIndex="_', lambda k: 'SessionIndex="x'),
    "authn-context": (lambda k: PASSWORD, lambda k: PASSWORD.replace("PasswordProtectedTransport", "Smartcard")),
    "extra-space": (lambda k: "<saml:Subject>", lambda k: "<saml:Subject> "),
    "extra-attribute-value": (lambda k: "</saml:AttributeValue>", lambda k: "</saml:AttributeValue><saml:AttributeValue>cloud-admins</saml:AttributeValue>"),
    "extra-namespaced-attribute": (lambda k: "<saml:Subject>", lambda k: '<saml:Subject xmlns:x="urn:x" x:y="z">'),
}


def degenerate() -> Iterator[tuple[str, tuple[str, ...], Callable[[Kit], bytes]]]:
    """Signature values that broken verifiers have taken."""
    yield "one-zero-byte", ("rsa", "ec"), lambda k: b"\0"
    yield "rsa-zero", ("rsa",), lambda k: bytes(rsa_number(k)[1])
    yield "rsa-one", ("rsa",), lambda k: (1).to_bytes(rsa_number(k)[1], "big")
    yield "rsa-modulus", ("rsa",), lambda k: rsa_number(k)[0].to_bytes(rsa_number(k)[1], "big")
    yield "rsa-modulus-minus-one", ("rsa",), lambda k: (rsa_number(k)[0] - 1).to_bytes(rsa_number(k)[1], "big")
    yield "ec-zero-zero", ("ec",), lambda k: bytes(64)
    yield "ec-one-one", ("ec",), lambda k: (1).to_bytes(32, "big") * 2
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    yield "ec-order-order", ("ec",), lambda k: order.to_bytes(32, "big") * 2
    yield "ec-zero-one", ("ec",), lambda k: bytes(32) + (1).to_bytes(32, "big")
    yield "random-bytes", ("rsa", "ec"), lambda k: bytes(range(256)) if k.key.kind == "rsa" else bytes(range(64))


def cut_signature(kit: Kit) -> bytes:
    """The last group of base64 dropped from the SignatureValue."""
    octets = kit.signed("assertion")
    value = between(octets, "<ds:SignatureValue>", "</ds:SignatureValue>")
    return replace_once(octets, value, value[:-8])


def cases() -> Iterator[Case]:
    """Everything without a valid signature over what is read."""
    number = 1
    yield Case("S6.01-unsigned", "no signature at all", REFUSED, plain)
    for level in LEVELS:
        for name, signature in EMPTY.items():
            number += 1
            yield Case(f"S6.{number:02}-{level}-{name}", f"{level} with {name}", REFUSED, with_signature(level, signature))
        parts = {
            "no-signature-value": ("<ds:SignatureValue>", "</ds:SignatureValue>", ""),
            "empty-signature-value": ("<ds:SignatureValue>", "</ds:SignatureValue>", "<ds:SignatureValue/>"),
            "blank-signature-value": ("<ds:SignatureValue>", "</ds:SignatureValue>", "<ds:SignatureValue> \n </ds:SignatureValue>"),
            "no-signed-info": ("<ds:SignedInfo>", "</ds:SignedInfo>", ""),
            "no-reference": ("<ds:Reference ", "</ds:Reference>", ""),
            "no-digest-value": ("<ds:DigestValue>", "</ds:DigestValue>", ""),
            "no-signature": ("<ds:Signature ", "</ds:Signature>", ""),
        }
        for name, (start, end, new) in parts.items():
            number += 1
            yield Case(f"S6.{number:02}-{level}-{name}", f"signed {level}, then {name}", REFUSED, without(level, start, end, new))
        for evil in (True, False):
            number += 1
            kind = "evil" if evil else "honest-looking"
            yield Case(f"S6.{number:02}-{level}-transplanted-{kind}", f"another document's signature on an {kind} one", REFUSED, transplanted(level, evil))
        for name, (old, new) in ALTERATIONS.items():
            number += 1
            yield Case(f"S6.{number:02}-{level}-altered-{name}", f"{name} altered after signing", REFUSED, altered(level, old, new))
    number += 1
    yield Case(f"S6.{number}-stripped-evil", "signature cut away, person changed", REFUSED, stripped_evil)
    for name, keys, value in degenerate():
        number += 1
        yield Case(f"S6.{number}-value-{name}", f"SignatureValue: {name}", REFUSED, valued(value), keys=keys)
    number += 1
    yield Case(f"S6.{number}-value-cut", "SignatureValue cut short", REFUSED, cut_signature)
    yield from method_none(number)


def method_none(number: int) -> Iterator[Case]:
    """SignatureMethod that says that nothing is signed."""
    for name in ("none", "http://www.w3.org/2000/09/xmldsig#none", "http://www.w3.org/2001/04/xmldsig-more#none", "null", ""):
        for signed in (True, False):
            number += 1
            value = None if signed else b""

            def build(kit: Kit, name: str = name, value: bytes | None = value) -> bytes:
                return kit.signed("assertion", evil_message(kit), signature_method=name or " ", signature_value=value, key=kit.world.attacker)

            state = "attacker-signed" if signed else "no-value"
            yield Case(f"S6.{number}-method-none-{state}", f"SignatureMethod `{name}`, {state}", REFUSED, build)
