"""Row S16: for whom an assertion is meant. Audience, Recipient, Destination, confirmation.

Each of the three values altered in each way that a loose comparison forgives, genuinely signed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from xml.sax.saxutils import escape

from ..case import ACCEPTED, REFUSED, SIGNED_IDENTITY, Case, Kit
from ..message import restriction

ALTERATIONS: dict[str, Callable[[str], str]] = {
    "other-sp": lambda v: "https://another.example/saml",
    "last-character-off": lambda v: v[:-1],
    "first-character-off": lambda v: v[1:],
    "suffix": lambda v: f"{v}x",
    "suffix-host": lambda v: f"{v}.evil.example",
    "trailing-slash": lambda v: f"{v}/",
    "upper-case": lambda v: v.upper(),
    "upper-scheme": lambda v: v.replace("http", "HTTP", 1),
    "query": lambda v: f"{v}?x=y",
    "empty-query": lambda v: f"{v}?",
    "fragment": lambda v: f"{v}#x",
    "userinfo": lambda v: v.replace("://", "://evil@", 1),
    "host-as-userinfo": lambda v: v.replace("://", "://evil.example/://", 1),
    "dot-segment": lambda v: v.replace("/saml/", "/x/../saml/", 1) if "/saml/" in v else f"{v}/.",
    "double-slash": lambda v: v.replace("/saml/", "//saml/", 1) if "/saml/" in v else f"{v}//",
    "percent-encoded": lambda v: v.replace("a", "%61", 1),
    "other-scheme": lambda v: v.replace("http://", "https://", 1) if v.startswith("http://") else v.replace("https://", "http://", 1),
    "padded": lambda v: f" {v} ",
    "newline": lambda v: f"{v}\n",
    "zero-width": lambda v: f"{v}\u200b",
    "wildcard": lambda v: "*",
    "only-scheme": lambda v: "http://",
    "empty": lambda v: "",
}


def changed(field: str, level: str, alter: Callable[[str], str]) -> Callable[[Kit], bytes]:
    """One of the three values altered before signing."""

    def build(kit: Kit) -> bytes:
        honest = kit.idp.audience if field == "audience" else kit.idp.acs
        return kit.signed(level, kit.message(**{field: alter(honest)}))

    return build


def message(level: str = "both", **changes: Callable[[Kit], object]) -> Callable[[Kit], bytes]:
    """An honest message with fields that are computed from the kit."""
    return lambda kit: kit.signed(level, kit.message(**{name: make(kit) for name, make in changes.items()}))


def confirmation(kit: Kit, recipient: str, method: str = "urn:oasis:names:tc:SAML:2.0:cm:bearer") -> str:
    """One more SubjectConfirmation."""
    return kit.message(recipient=recipient, confirmation_method=method).confirmation()


WRONG = "https://another.example/acs"
OTHER = "https://another.example/sp"
SHAPES: dict[str, tuple[str, dict[str, Callable[[Kit], object]]]] = {
    "no-conditions": (REFUSED, {"conditions_xml": lambda k: ""}),
    "no-audience-restriction": (REFUSED, {"audience_restrictions_xml": lambda k: ""}),
    "empty-restriction": (REFUSED, {"audience_restrictions_xml": lambda k: restriction()}),
    "ours-and-other-restriction": (REFUSED, {"audience_restrictions_xml": lambda k: restriction(escape(k.idp.audience)) + restriction(OTHER)}),
    "other-and-ours-restriction": (REFUSED, {"audience_restrictions_xml": lambda k: restriction(OTHER) + restriction(escape(k.idp.audience))}),
    "ours-and-empty-restriction": (REFUSED, {"audience_restrictions_xml": lambda k: restriction(escape(k.idp.audience)) + restriction()}),
    "two-good-restrictions": (ACCEPTED, {"audience_restrictions_xml": lambda k: restriction(escape(k.idp.audience)) * 2}),
    "two-audiences-one-ours": (ACCEPTED, {"audience_restrictions_xml": lambda k: restriction(OTHER, escape(k.idp.audience))}),
    "audience-joined-by-space": (REFUSED, {"audience_restrictions_xml": lambda k: restriction(f"{OTHER} {escape(k.idp.audience)}")}),
    "audience-is-acs": (REFUSED, {"audience": lambda k: k.idp.acs}),
    "audience-is-issuer": (REFUSED, {"audience": lambda k: k.idp.entity_id}),
    "two-conditions": (REFUSED, {"conditions_xml": lambda k: f"<saml:Conditions>{restriction(escape(k.idp.audience))}</saml:Conditions>" * 2}),
    "one-time-use": (SIGNED_IDENTITY, {"conditions_extra_xml": lambda k: "<saml:OneTimeUse/>"}),
    "proxy-restriction": (SIGNED_IDENTITY, {"conditions_extra_xml": lambda k: '<saml:ProxyRestriction Count="0"/>'}),
    "unknown-condition": (SIGNED_IDENTITY, {"conditions_extra_xml": lambda k: '<saml:Condition xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:x="urn:x" xsi:type="x:Weird"/>'}),
    "no-recipient": (REFUSED, {"recipient": lambda k: None}),
    "no-destination-response-signed": (REFUSED, {"destination": lambda k: None}),
    "no-confirmation": (REFUSED, {"subject_xml": lambda k: f"<saml:Subject><saml:NameID>{escape(k.message().name_id)}</saml:NameID></saml:Subject>"}),
    "no-confirmation-data": (REFUSED, {"confirmation_data_xml": lambda k: ""}),
    "empty-confirmation-data": (REFUSED, {"confirmation_data_xml": lambda k: "<saml:SubjectConfirmationData/>"}),
    "wrong-confirmation-beside": (SIGNED_IDENTITY, {"subject_extra_xml": lambda k: confirmation(k, WRONG)}),
    "both-confirmations-wrong": (REFUSED, {"subject_extra_xml": lambda k: confirmation(k, WRONG), "recipient": lambda k: WRONG}),
    "holder-of-key": (REFUSED, {"confirmation_method": lambda k: "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"}),
    "sender-vouches": (REFUSED, {"confirmation_method": lambda k: "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"}),
    "unknown-method": (REFUSED, {"confirmation_method": lambda k: "urn:oasis:names:tc:SAML:2.0:cm:Bearer"}),
    "good-recipient-in-other-method": (REFUSED, {"subject_extra_xml": lambda k: confirmation(k, k.idp.acs, "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"), "recipient": lambda k: WRONG}),
    "no-subject": (REFUSED, {"subject_xml": lambda k: ""}),
    "two-subjects": (REFUSED, {"subject_extra_xml": lambda k: "</saml:Subject><saml:Subject>"}),
    "no-authn-statement": (REFUSED, {"authn_statement_xml": lambda k: ""}),
    "version-1.1": (REFUSED, {"version": lambda k: "1.1"}),
    "version-2.1": (REFUSED, {"version": lambda k: "2.1"}),
    "no-version": (REFUSED, {"version": lambda k: None}),
}


def cases() -> Iterator[Case]:
    """Alterations of the three values, then shapes."""
    number = 0
    for field, levels in (("audience", ("assertion",)), ("recipient", ("assertion",)), ("destination", ("assertion", "response", "both"))):
        for level in levels:
            for name, alter in ALTERATIONS.items():
                number += 1
                yield Case(f"S16.{number:03}-{field}-{level}-{name}", f"{field} ({level} signed): {name}", REFUSED, changed(field, level, alter))
    for name, (expect, changes) in SHAPES.items():
        number += 1
        yield Case(f"S16.{number:03}-{name}", name.replace("-", " "), expect, message(**changes))
