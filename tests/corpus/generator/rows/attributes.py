"""Row S21: attributes and values that nearly say `groups` = `cloud-admins`.

None of them may give the role of that group. Where the message is ordinary, `attributes` says exactly what
must come out: values are never trimmed, folded, split or globbed, and names match only exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..case import ACCEPTED, EVIL_GROUP, HONEST_GROUP, REFUSED, SIGNED_IDENTITY, Case, Kit
from ..message import XSI, attribute, statement

VALUES: dict[str, str] = {
    "upper-case": "CLOUD-ADMINS",
    "title-case": "Cloud-Admins",
    "leading-space": f" {EVIL_GROUP}",
    "trailing-space": f"{EVIL_GROUP} ",
    "newline": f"{EVIL_GROUP}\n",
    "tab": f"\t{EVIL_GROUP}",
    "no-break-space": f"{EVIL_GROUP}\u00a0",
    "zero-width": "cloud\u200b-admins",
    "soft-hyphen": "cloud\u00ad-admins",
    "other-dash": "cloud\u2010admins",
    "fullwidth": "\uff43loud-admins",
    "cyrillic": "\u0441loud-admins",
    "comma-list": f"{HONEST_GROUP},{EVIL_GROUP}",
    "semicolon-list": f"{HONEST_GROUP};{EVIL_GROUP}",
    "space-list": f"{HONEST_GROUP} {EVIL_GROUP}",
    "newline-list": f"{HONEST_GROUP}\n{EVIL_GROUP}",
    "pipe-list": f"{HONEST_GROUP}|{EVIL_GROUP}",
    "json-list": f'["{HONEST_GROUP}","{EVIL_GROUP}"]',
    "star": "*",
    "prefix-star": "cloud-*",
    "question-mark": "cloud-admin?",
    "regex": "cloud-.*",
    "regex-any": ".*",
    "alternation": f"{HONEST_GROUP}|{EVIL_GROUP}$",
    "percent": "%",
    "distinguished-name": f"CN={EVIL_GROUP},OU=groups,DC=example,DC=org",
    "path": f"/{EVIL_GROUP}",
    "domain": f"EXAMPLE\\{EVIL_GROUP}",
    "prefix": "cloud-admin",
    "suffix": f"{EVIL_GROUP}s",
    "negated": f"not-{EVIL_GROUP}",
    "quoted": f'"{EVIL_GROUP}"',
    "role-name": "payments-prod/Admin",
    "role-wildcard": "payments-prod/*",
    "arn": "arn:aws:iam::111122223333:role/Admin",
    "capture": "aws-payments-prod-Admin\n",
    "empty": "",
    "thousand": "x" * 1000,
}
NAMES: dict[str, str] = {
    "upper-case": "Groups",
    "all-upper": "GROUPS",
    "trailing-space": "groups ",
    "leading-space": " groups",
    "plural": "groupss",
    "singular": "group",
    "zero-width": "groups\u200b",
    "cyrillic": "gr\u043eups",
    "dotted": "x.groups",
    "uri": "urn:oid:1.3.6.1.4.1.5923.1.5.1.1",
    "microsoft": "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups",
    "star": "*",
    "empty": "",
    "idp": "idp",
    "subject": "subject",
    "roles": "roles",
    "proto": "__proto__",
    "aws-role": "https://aws.amazon.com/SAML/Attributes/Role",
    "aws-session-name": "https://aws.amazon.com/SAML/Attributes/RoleSessionName",
    "aws-session-duration": "https://aws.amazon.com/SAML/Attributes/SessionDuration",
    "aws-tag": "https://aws.amazon.com/SAML/Attributes/PrincipalTag:team",
    "aws-transitive": "https://aws.amazon.com/SAML/Attributes/TransitiveTagKeys",
    "aws-source-identity": "https://aws.amazon.com/SAML/Attributes/SourceIdentity",
}
ROLE_ARNS = "arn:aws:iam::111122223333:role/Admin,arn:aws:iam::111122223333:saml-provider/corp"


def carrying(attributes_xml: str) -> Callable[[Kit], bytes]:
    """An honest, signed message with these attributes."""
    return lambda kit: kit.signed("both", kit.message(attributes_xml=attributes_xml))


def listed(pairs: list[tuple[str, list[str]]]) -> Callable[[Kit], bytes]:
    """The same from plain text."""
    return lambda kit: kit.signed("both", kit.message(attributes=pairs))


def element(extra: str, values: str) -> str:
    """An Attribute with raw attributes and raw children."""
    return f"<saml:Attribute{extra}>{values}</saml:Attribute>"


VALUE = f"<saml:AttributeValue>{EVIL_GROUP}</saml:AttributeValue>"
PLAIN = f"<saml:AttributeValue>{HONEST_GROUP}</saml:AttributeValue>"
ENCRYPTED = '<saml:EncryptedAttribute><xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#"/></saml:EncryptedAttribute>'
SHAPES: dict[str, tuple[str, str]] = {
    "friendly-name": (SIGNED_IDENTITY, element(' Name="urn:x" FriendlyName="groups"', VALUE)),
    "friendly-name-only": (SIGNED_IDENTITY, element(' FriendlyName="groups"', VALUE)),
    "no-name": (SIGNED_IDENTITY, element("", VALUE)),
    "foreign-name": (SIGNED_IDENTITY, element(' Name="urn:x" xmlns:x="urn:x" x:Name="groups"', VALUE)),
    "lower-case-name": (SIGNED_IDENTITY, element(' Name="urn:x" name="groups"', VALUE)),
    "nested-value": (SIGNED_IDENTITY, element(' Name="groups"', f"<saml:AttributeValue>{VALUE}</saml:AttributeValue>")),
    "nested-attribute": (SIGNED_IDENTITY, element(' Name="x"', f'<saml:AttributeValue>{element(chr(32) + "Name=" + chr(34) + "groups" + chr(34), VALUE)}</saml:AttributeValue>')),
    "attribute-in-attribute": (SIGNED_IDENTITY, element(' Name="x"', element(' Name="groups"', VALUE))),
    "element-in-value": (SIGNED_IDENTITY, element(' Name="groups"', f'<saml:AttributeValue><x xmlns="urn:x">{EVIL_GROUP}</x></saml:AttributeValue>')),
    "text-around-element": (SIGNED_IDENTITY, element(' Name="groups"', '<saml:AttributeValue>cloud<x xmlns="urn:x"/>-admins</saml:AttributeValue>')),
    "foreign-value": (SIGNED_IDENTITY, element(' Name="groups"', f'{PLAIN}<x:AttributeValue xmlns:x="urn:x">{EVIL_GROUP}</x:AttributeValue>')),
    "foreign-attribute": (SIGNED_IDENTITY, f'<x:Attribute xmlns:x="urn:x" Name="groups">{VALUE}</x:Attribute>'),
    "attribute-outside-statement": (SIGNED_IDENTITY, "</saml:AttributeStatement>" + element(' Name="groups"', VALUE) + "<saml:AttributeStatement>"),
    "nil-value": (SIGNED_IDENTITY, element(' Name="groups"', f'<saml:AttributeValue xmlns:xsi="{XSI}" xsi:nil="true"/>')),
    "typed-integer": (SIGNED_IDENTITY, element(' Name="groups"', f'<saml:AttributeValue xmlns:xsi="{XSI}" xmlns:xs="http://www.w3.org/2001/XMLSchema" xsi:type="xs:integer">1</saml:AttributeValue>')),
    "name-id-value": (SIGNED_IDENTITY, element(' Name="groups"', f"<saml:AttributeValue><saml:NameID>{EVIL_GROUP}</saml:NameID></saml:AttributeValue>")),
    "no-values": (SIGNED_IDENTITY, element(' Name="groups"', "")),
    "encrypted": (REFUSED, ENCRYPTED),
    "encrypted-beside": (REFUSED, element(' Name="groups"', PLAIN) + ENCRYPTED),
    "base64-value": (SIGNED_IDENTITY, element(' Name="groups"', "<saml:AttributeValue>Y2xvdWQtYWRtaW5z</saml:AttributeValue>")),
    "percent-value": (SIGNED_IDENTITY, element(' Name="groups"', "<saml:AttributeValue>cloud%2Dadmins</saml:AttributeValue>")),
    "escaped-twice": (SIGNED_IDENTITY, element(' Name="groups"', "<saml:AttributeValue>cloud&amp;#45;admins</saml:AttributeValue>")),
    "injected-markup": (SIGNED_IDENTITY, element(' Name="groups"', f"<saml:AttributeValue>x&lt;/saml:AttributeValue&gt;&lt;saml:AttributeValue&gt;{EVIL_GROUP}</saml:AttributeValue>")),
}
SEVERAL: dict[str, tuple[str, str, dict[str, list[str]] | None]] = {
    "same-attribute-twice": (SIGNED_IDENTITY, attribute("groups", ["a"]) + attribute("groups", ["b"]), None),
    "same-value-twice": (SIGNED_IDENTITY, attribute("groups", ["a", "a"]), None),
    "two-names": (ACCEPTED, attribute("groups", ["a"]) + attribute("team", ["b", "c"]), {"groups": ["a"], "team": ["b", "c"]}),
    "two-statements": (SIGNED_IDENTITY, attribute("groups", ["a"]) + "</saml:AttributeStatement><saml:AttributeStatement>" + attribute("team", ["b"]), None),
}


def cases() -> Iterator[Case]:
    """Values, names, shapes, several."""
    number = 0
    for name, value in VALUES.items():
        number += 1
        # An empty value may be kept or left out; it never matches anything.
        expect, fields = (SIGNED_IDENTITY, {}) if value == "" else (ACCEPTED, {"attributes": {"groups": [value]}})
        yield Case(f"S21.{number:02}-value-{name}", f"group value: {name}", expect, listed([("groups", [value])]), fields=fields)
    for name, text in NAMES.items():
        number += 1
        value = ROLE_ARNS if name == "aws-role" else EVIL_GROUP
        # Names of AWS's own attributes and an empty name may be dropped, but never mean a group.
        plain = text and not text.startswith("https://aws")
        expect, fields = (ACCEPTED, {"attributes": {text: [value]}}) if plain else (SIGNED_IDENTITY, {})
        yield Case(f"S21.{number:02}-name-{name}", f"attribute name: {name}", expect, listed([(text, [value])]), fields=fields)
    for name, (expect, inner) in SHAPES.items():
        number += 1
        yield Case(f"S21.{number:02}-shape-{name}", f"attribute shape: {name}", expect, carrying(statement(inner)))
    for name, (expect, inner, shown) in SEVERAL.items():
        number += 1
        fields = {} if shown is None else {"attributes": shown}
        yield Case(f"S21.{number:02}-several-{name}", f"attributes: {name}", expect, carrying(statement(inner)), fields=fields)
