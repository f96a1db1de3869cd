"""Row S2: values split by comments, CDATA, processing instructions, elements and character references.

A reader that takes only the first or the last text node of an element sees a privileged value where the
IdP signed a harmless longer one. Each kind of node at each position of each value that decides something,
put in before signing (the IdP was made to sign it) and after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..case import EVIL, EVIL_GROUP, HONEST, HONEST_GROUP, REFUSED, SIGNED_IDENTITY, Case, Kit
from ..edit import replace_last
from ..message import EMAIL, attribute, restriction, statement

NODES = {
    "comment": "<!--x-->",
    "empty-comment": "<!---->",
    "pi": "<?x y?>",
    "element": '<x:x xmlns:x="urn:example:x"/>',
    "element-with-text": '<x:x xmlns:x="urn:example:x">x</x:x>',
}
POSITIONS = ("privileged-first", "privileged-last", "start", "end")
VALUES = ("name-id", "group", "issuer", "audience")


def texts(kit: Kit | None, value: str, position: str) -> tuple[str, str]:
    """The two halves between which the node goes. With no kit, placeholders of the right kind."""
    privileged, plain = {
        "name-id": (EVIL, HONEST),
        "group": (EVIL_GROUP, HONEST_GROUP),
        "issuer": ((kit.idp.entity_id,) * 2 if kit else ("", "")),
        "audience": ((kit.idp.audience,) * 2 if kit else ("", "")),
    }[value]
    return {
        "privileged-first": (privileged, ".evil.example"),
        "privileged-last": ("evil.example.", privileged),
        "start": ("", plain),
        "end": (plain, ""),
    }[position]


def joined(node: str, halves: tuple[str, str]) -> str:
    """The raw XML text of a split value."""
    if node == "cdata":
        first, last = halves
        return f"{first}<![CDATA[{last}]]>" if last else f"<![CDATA[{first}]]>"
    if node == "character-reference":
        whole = "".join(halves)
        return f"{whole[:3]}&#x{ord(whole[3]):x};{whole[4:]}"
    return NODES[node].join(halves)


def holding(kit: Kit, value: str, text_xml: str) -> dict[str, str]:
    """The change to a message that puts this raw text into that value."""
    return {
        "name-id": {"name_id_xml": f'<saml:NameID Format="{EMAIL}">{text_xml}</saml:NameID>'},
        "group": {"attributes_xml": statement(attribute("groups", [text_xml]))},
        "issuer": {"issuer_xml": f"<saml:Issuer>{text_xml}</saml:Issuer>"},
        "audience": {"audience_restrictions_xml": restriction(text_xml)},
    }[value]


def before_signing(node: str, value: str, position: str) -> Callable[[Kit], bytes]:
    """The IdP itself signed the split value."""

    def build(kit: Kit) -> bytes:
        text = joined(node, texts(kit, value, position))
        return kit.signed("assertion", kit.message(**holding(kit, value, text)))

    return build


def after_signing(node: str, value: str, position: str) -> Callable[[Kit], bytes]:
    """The value was signed whole and split on the way."""

    def build(kit: Kit) -> bytes:
        halves = texts(kit, value, position)
        whole = "".join(halves)
        octets = kit.signed("assertion", kit.message(**holding(kit, value, whole)))
        return replace_last(octets, f">{whole}<", f">{joined(node, halves)}<")

    return build


def expectation(node: str, value: str, position: str, after: bool) -> str:
    """Refused, unless the full signed text may be read as itself."""
    broken = after and node not in ("comment", "empty-comment", "cdata", "character-reference")
    foreign = value in ("issuer", "audience") and position.startswith("privileged")
    return REFUSED if broken or foreign or node == "element-with-text" else SIGNED_IDENTITY


def cases() -> Iterator[Case]:
    """Nodes × values × positions × before or after signing."""
    number = 0
    for after in (False, True):
        when = "after" if after else "before"
        make = after_signing if after else before_signing
        for value in VALUES:
            for node in (*NODES, "cdata", "character-reference"):
                for position in POSITIONS:
                    if node == "character-reference" and position in ("start", "end"):
                        continue
                    number += 1
                    honest = "".join(texts(None, value, position)) if value == "name-id" else HONEST
                    expect = expectation(node, value, position, after)
                    yield Case(
                        f"S2.{number:03}-{value}-{node}-{position}-{when}",
                        f"{value} split by {node} ({position}), put in {when} signing",
                        expect,
                        make(node, value, position),
                        honest=honest if expect == SIGNED_IDENTITY else None,
                    )
