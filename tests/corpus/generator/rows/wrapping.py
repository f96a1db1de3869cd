"""Row S1: signature wrapping, built by rule.

A genuinely signed element is hidden at each place of a response where its signature still verifies by id,
and an unsigned evil twin stands where a reader that looks by name would find it. Over assertions and over
whole responses, with the signature left inside, moved to the twin or to the response, and with the twin's
id fresh, the same, or absent. The relatives (id pollution, foreign twins, odd roots) are in
`wrapping_relatives`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy

from lxml import etree

from ..case import EVIL, EVIL_GROUP, REFUSED, Case, Kit, fresh_id
from ..message import ASSERTION, DSIG, PROTOCOL, Message
from ..signing import parse, serialize

Element = etree._Element
FOREIGN = "urn:example:wrapper"


def saml(name: str) -> str:
    """A name in the assertion namespace."""
    return f"{{{ASSERTION}}}{name}"


def samlp(name: str) -> str:
    """A name in the protocol namespace."""
    return f"{{{PROTOCOL}}}{name}"


def ds(name: str) -> str:
    """A name in the signature namespace."""
    return f"{{{DSIG}}}{name}"


def evil_message(kit: Kit, **changes: object) -> Message:
    """What the attacker wants read."""
    return kit.message(name_id=EVIL, attributes=[("groups", [EVIL_GROUP])], **changes)


def in_extensions(root: Element, twin: Element, hidden: Element) -> None:
    extensions = etree.Element(samlp("Extensions"))
    extensions.append(hidden)
    root.insert(1, extensions)


def in_status_detail(root: Element, twin: Element, hidden: Element) -> None:
    etree.SubElement(root.find(samlp("Status")), samlp("StatusDetail")).append(hidden)


def in_advice(root: Element, twin: Element, hidden: Element) -> None:
    advice = etree.Element(saml("Advice"))
    advice.append(hidden)
    twin.find(saml("Conditions")).addnext(advice)


def in_confirmation_data(root: Element, twin: Element, hidden: Element) -> None:
    twin.find(f".//{saml('SubjectConfirmationData')}").append(hidden)


def in_attribute_value(root: Element, twin: Element, hidden: Element) -> None:
    twin.find(f".//{saml('AttributeValue')}").append(hidden)


def in_assertion_issuer(root: Element, twin: Element, hidden: Element) -> None:
    twin.find(saml("Issuer")).append(hidden)


def in_response_issuer(root: Element, twin: Element, hidden: Element) -> None:
    root.find(saml("Issuer")).append(hidden)


def in_conditions(root: Element, twin: Element, hidden: Element) -> None:
    twin.find(saml("Conditions")).append(hidden)


def in_authn_context(root: Element, twin: Element, hidden: Element) -> None:
    context = twin.find(f".//{saml('AuthnContext')}")
    etree.SubElement(context, saml("AuthnContextDecl")).append(hidden)


def before_twin(root: Element, twin: Element, hidden: Element) -> None:
    twin.addprevious(hidden)


def after_twin(root: Element, twin: Element, hidden: Element) -> None:
    twin.addnext(hidden)


def foreign_before(root: Element, twin: Element, hidden: Element) -> None:
    wrapper = etree.Element(f"{{{FOREIGN}}}Wrapper", nsmap={"x": FOREIGN})
    wrapper.append(hidden)
    twin.addprevious(wrapper)


def foreign_after(root: Element, twin: Element, hidden: Element) -> None:
    wrapper = etree.Element(f"{{{FOREIGN}}}Wrapper", nsmap={"x": FOREIGN})
    wrapper.append(hidden)
    twin.addnext(wrapper)


def first_in_twin(root: Element, twin: Element, hidden: Element) -> None:
    twin.insert(0, hidden)


def last_in_twin(root: Element, twin: Element, hidden: Element) -> None:
    twin.append(hidden)


def first_in_response(root: Element, twin: Element, hidden: Element) -> None:
    root.insert(0, hidden)


Place = Callable[[Element, Element, Element], None]
PLACES: dict[str, Place] = {
    "extensions": in_extensions,
    "status-detail": in_status_detail,
    "advice": in_advice,
    "confirmation-data": in_confirmation_data,
    "attribute-value": in_attribute_value,
    "assertion-issuer": in_assertion_issuer,
    "response-issuer": in_response_issuer,
    "conditions": in_conditions,
    "authn-context": in_authn_context,
    "before-twin": before_twin,
    "after-twin": after_twin,
    "foreign-before": foreign_before,
    "foreign-after": foreign_after,
    "first-in-twin": first_in_twin,
    "last-in-twin": last_in_twin,
    "first-in-response": first_in_response,
}


def move_signature(hidden: Element, target: Element, keep_copy: bool) -> None:
    """Puts the hidden element's signature after the target's Issuer."""
    signature = hidden.find(ds("Signature"))
    moved = deepcopy(signature) if keep_copy else signature
    target.find(saml("Issuer")).addnext(moved)


def place_signature(where: str, root: Element, twin: Element, hidden: Element) -> None:
    """`kept`: inside; `moved`: to the twin; `copied`: to the twin and inside; `response`: to the response."""
    if where in ("moved", "copied"):
        move_signature(hidden, twin, where == "copied")
    elif where == "response":
        move_signature(hidden, root, False)


def twin_id(which: str, genuine: str) -> str | None:
    """The evil twin's id: `fresh`, `same` as the genuine one's, or `none`."""
    return {"fresh": fresh_id(), "same": genuine, "none": None}[which]


def wrap_assertion(place: str, signature: str, identity: str) -> Callable[[Kit], bytes]:
    """Hides a signed assertion in a response whose visible assertion is the evil twin."""

    def build(kit: Kit) -> bytes:
        honest = kit.message()
        root = parse(kit.signed("assertion", honest))
        genuine = root.find(saml("Assertion"))
        twin = parse(evil_message(kit, assertion_id=twin_id(identity, honest.assertion_id)).assertion().encode())
        genuine.addprevious(twin)
        root.remove(genuine)
        place_signature(signature, root, twin, genuine)
        PLACES[place](root, twin, genuine)
        return serialize(root)

    return build


def wrap_response(place: str, signature: str, identity: str, level: str) -> Callable[[Kit], bytes]:
    """Hides a whole signed response inside an evil one."""

    def build(kit: Kit) -> bytes:
        honest = kit.message()
        genuine = parse(kit.signed(level, honest))
        root = parse(evil_message(kit, response_id=twin_id(identity, honest.response_id)).xml().encode())
        twin = root.find(saml("Assertion"))
        if signature == "moved":
            move_signature(genuine, root, False)
        PLACES[place](root, twin, genuine)
        return serialize(root)

    return build


def cases() -> Iterator[Case]:
    """The product of places, signature positions and ids."""
    number = 0
    rounds = [("kept", "fresh"), ("moved", "fresh"), ("kept", "same"), ("moved", "same"), ("copied", "fresh"), ("kept", "none"), ("response", "fresh")]
    for signature, identity in rounds:
        for place in PLACES:
            number += 1
            yield Case(
                f"S1.{number:03}-assertion-{signature}-{identity}-{place}",
                f"signed assertion hidden in {place}, signature {signature}, twin's id {identity}",
                REFUSED,
                wrap_assertion(place, signature, identity),
                genuine=identity != "same" and signature != "copied",
            )
    for level, signature, identity in [
        ("response", "kept", "fresh"),
        ("response", "moved", "fresh"),
        ("response", "kept", "same"),
        ("both", "kept", "fresh"),
    ]:
        for place in PLACES:
            number += 1
            yield Case(
                f"S1.{number:03}-{level}-{signature}-{identity}-{place}",
                f"{level}-signed response hidden in {place}, signature {signature}, twin's id {identity}",
                REFUSED,
                wrap_response(place, signature, identity, level),
                genuine=identity != "same" and level != "both",
            )
