"""Row S20: names that look like somebody else's. Row S23: responses that say "no".

The privileged person is `admin@example.org`. Each name resembles that one for a reader who trims, folds,
normalises or cuts; the right outcome is a refusal or exactly the signed text, as a user of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from xml.sax.saxutils import escape

from ..case import EVIL, HONEST, REFUSED, SIGNED_IDENTITY, Case, Kit
from ..edit import replace_once
from ..message import EMAIL, SUCCESS

NAMES: dict[str, str] = {
    "padded": f" {EVIL} ",
    "leading-space": f" {EVIL}",
    "trailing-space": f"{EVIL} ",
    "trailing-newline": f"{EVIL}\n",
    "carriage-return": f"{EVIL}\r",
    "crlf-header": f"{EVIL}\r\nSet-Cookie: x=y",
    "tab": f"{EVIL}\t",
    "no-break-space": f"{EVIL}\u00a0",
    "upper-case": EVIL.upper(),
    "title-case": EVIL.title(),
    "upper-domain": "admin@EXAMPLE.ORG",
    "trailing-dot": f"{EVIL}.",
    "plus-tag": "admin+x@example.org",
    "dotted": "a.dmin@example.org",
    "comment": "admin(x)@example.org",
    "quoted": '"admin"@example.org',
    "angle": f"<{EVIL}>",
    "display-name": f"Admin <{EVIL}>",
    "zero-width-space": "admin\u200b@example.org",
    "zero-width-joiner": "adm\u200din@example.org",
    "soft-hyphen": "ad\u00admin@example.org",
    "bom": f"\ufeff{EVIL}",
    "word-joiner": f"{EVIL}\u2060",
    "right-to-left": "\u202egro.elpmaxe@nimda",
    "bidi-isolate": f"\u2066{EVIL}\u2069",
    "cyrillic-a": "\u0430dmin@example.org",
    "greek-omicron": "admin@example.\u03bfrg",
    "dotless-i": "adm\u0131n@example.org",
    "kelvin-like": "\u212admin@example.org",
    "turkish-capital": "ADM\u0130N@EXAMPLE.ORG",
    "fullwidth": "\uff41\uff44\uff4d\uff49\uff4e@example.org",
    "fullwidth-at": "admin\uff20example.org",
    "fullwidth-dot": "admin@example\u3002org",
    "mathematical": "\U0001d41a\U0001d41dmin@example.org",
    "ligature": "admin@ex\ufb01mple.org",
    "combining": "a\u0308dmin@example.org",
    "composed": "\u00e4dmin@example.org",
    "combining-only": "\u0301admin@example.org",
    "variation-selector": "admin\ufe0f@example.org",
    "tag-characters": "admin\U000e0061@example.org",
    "private-use": "admin\ue000@example.org",
    "noncharacter": "admin\ufdd0@example.org",
    "percent-encoded": "admin%40example.org",
    "entity-text": "admin&#64;example.org",
    "null-escape": "admin@example.org%00.evil",
    "backslash-null": "admin@example.org\\0",
    "path": "../admin@example.org",
    "sql": "admin@example.org' OR '1'='1",
    "sql-comment": "admin@example.org'--",
    "html": "<script>alert(1)</script>",
    "template": "{{7*7}}${7*7}#{7*7}",
    "json": '","idp":"other","x":"',
    "format-string": "%s%s%n",
    "ansi": "admin\u009b31m@example.org",
    "line-separator": "admin@example.org\u2028x",
    "next-line": "admin@example.org\u0085",
    "list": f"{EVIL},{HONEST}",
    "semicolon-list": f"{EVIL};{HONEST}",
    "pipe": f"main|{EVIL}",
    "digest-like": f"{EVIL}=0123456789abcdef",
    "equals": "admin=@example.org",
    "wildcard": "*@example.org",
    "single-letter": "a",
    "digits": "0",
    "null-word": "null",
    "true-word": "true",
    "session-name-limit": "admin" + "x" * 59 + "@example.org",
    "two-hundred-fifty-six": "a" * 244 + "@example.org",
    "two-hundred-fifty-seven": "a" * 245 + "@example.org",
    "ten-thousand": "a" * 10000 + "@example.org",
    "hundred-thousand": "a" * 100000,
    "emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467@example.org",
}
BLANK = {"empty": "", "space": " ", "spaces": "   ", "newline": "\n", "tab": "\t", "no-break-space": "\u00a0", "zero-width": "\u200b", "bom": "\ufeff"}


def named(text: str) -> Callable[[Kit], bytes]:
    """A signed NameID of exactly this text."""

    def build(kit: Kit) -> bytes:
        spelled = escape(text).replace("\r", "&#13;")
        return kit.signed("both", kit.message(name_id_xml=f'<saml:NameID Format="{EMAIL}">{spelled}</saml:NameID>'))

    return build


def raw(octets: bytes) -> Callable[[Kit], bytes]:
    """Bytes put into the NameID after signing."""
    return lambda kit: replace_once(kit.signed("assertion"), HONEST.encode(), octets)


def shaped(name_id_xml: str, **changes: str) -> Callable[[Kit], bytes]:
    """A signed subject of another shape."""
    return lambda kit: kit.signed("both", kit.message(name_id_xml=name_id_xml, **changes))


def name_id(text: str, extra: str = "") -> str:
    """One NameID."""
    return f'<saml:NameID Format="{EMAIL}"{extra}>{text}</saml:NameID>'


ENCRYPTED = '<saml:EncryptedID><xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#"><xenc:CipherData><xenc:CipherValue>AAAA</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData></saml:EncryptedID>'
SHAPES: dict[str, tuple[str, Callable[[Kit], bytes]]] = {
    "two-name-ids": (REFUSED, shaped(name_id(HONEST) + name_id(EVIL))),
    "two-name-ids-evil-first": (REFUSED, shaped(name_id(EVIL) + name_id(HONEST))),
    "no-name-id": (REFUSED, shaped("")),
    "name-id-in-confirmation": (SIGNED_IDENTITY, shaped(name_id(HONEST), confirmation_xml=name_id(EVIL))),
    "only-in-confirmation": (REFUSED, shaped("", confirmation_xml=name_id(EVIL))),
    "encrypted-id-instead": (REFUSED, shaped(ENCRYPTED)),
    "encrypted-id-beside": (REFUSED, shaped(name_id(HONEST) + ENCRYPTED)),
    "encrypted-id-empty": (REFUSED, shaped("<saml:EncryptedID/>")),
    "base-id": (REFUSED, shaped('<saml:BaseID NameQualifier="x"/>')),
    "nested-name-id": (REFUSED, shaped(name_id(name_id(EVIL)))),
    "name-id-in-other-namespace": (REFUSED, shaped(f'<x:NameID xmlns:x="urn:x">{EVIL}</x:NameID>')),
    "foreign-name-id-beside": (SIGNED_IDENTITY, shaped(name_id(HONEST) + f'<x:NameID xmlns:x="urn:x">{EVIL}</x:NameID>')),
    "qualified": (SIGNED_IDENTITY, shaped(name_id(HONEST, ' NameQualifier="https://evil.example" SPNameQualifier="x"'))),
    "sp-provided-id": (SIGNED_IDENTITY, shaped(name_id(HONEST, f' SPProvidedID="{EVIL}"'))),
    "transient": (SIGNED_IDENTITY, shaped(f'<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient">{HONEST}</saml:NameID>')),
    "no-format": (SIGNED_IDENTITY, shaped(f"<saml:NameID>{HONEST}</saml:NameID>")),
    "format-entity": (SIGNED_IDENTITY, shaped(f'<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity">{HONEST}</saml:NameID>')),
    "format-empty": (SIGNED_IDENTITY, shaped(f'<saml:NameID Format="">{HONEST}</saml:NameID>')),
    "bytes-null": (REFUSED, raw(b"admin@example.org\0")),
    "bytes-invalid": (REFUSED, raw(b"admin@example.org\xff")),
    "bytes-overlong": (REFUSED, raw(b"admin\xc1\x80example.org")),
    "bytes-surrogate": (REFUSED, raw(b"admin\xed\xa0\x80@example.org")),
    "bytes-truncated": (REFUSED, raw(b"admin@example.org\xe2\x82")),
    "reference-null": (REFUSED, raw(b"admin@example.org&#0;")),
    "reference-control": (REFUSED, raw(b"admin@example.org&#8;")),
}

NO = "urn:oasis:names:tc:SAML:2.0:status:"
XSS = "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;"


def status(inner: str) -> str:
    """A Status."""
    return f"<samlp:Status>{inner}</samlp:Status>"


def code(value: str, inner: str = "") -> str:
    """A StatusCode."""
    return f'<samlp:StatusCode Value="{value}">{inner}</samlp:StatusCode>'


STATUSES: dict[str, tuple[str, str]] = {
    **{f"code-{name}": (REFUSED, status(code(f"{NO}{name}"))) for name in ("Requester", "Responder", "VersionMismatch", "AuthnFailed", "NoPassive", "RequestDenied", "PartialLogout")},
    "nested-authn-failed": (REFUSED, status(code(f"{NO}Responder", code(f"{NO}AuthnFailed")))),
    "success-inside-responder": (REFUSED, status(code(f"{NO}Responder", code(SUCCESS)))),
    "responder-inside-success": (SIGNED_IDENTITY, status(code(SUCCESS, code(f"{NO}Responder")))),
    "absent": (REFUSED, ""),
    "empty": (REFUSED, status("")),
    "no-value": (REFUSED, status("<samlp:StatusCode/>")),
    "empty-value": (REFUSED, status(code(""))),
    "upper-case": (REFUSED, status(code(SUCCESS.upper()))),
    "padded": (REFUSED, status(code(f" {SUCCESS} "))),
    "suffix": (REFUSED, status(code(f"{SUCCESS}ful"))),
    "short": (REFUSED, status(code("Success"))),
    "saml1": (REFUSED, status(code("samlp:Success"))),
    "two-codes": (REFUSED, status(code(f"{NO}Responder") + code(SUCCESS))),
    "two-codes-success-first": (REFUSED, status(code(SUCCESS) + code(f"{NO}Responder"))),
    "two-statuses": (REFUSED, status(code(f"{NO}Responder")) + status(code(SUCCESS))),
    "two-statuses-success-first": (REFUSED, status(code(SUCCESS)) + status(code(f"{NO}Responder"))),
    "foreign-namespace": (REFUSED, f'<x:Status xmlns:x="urn:x"><x:StatusCode Value="{SUCCESS}"/></x:Status>'),
    "script-in-message": (REFUSED, status(code(f"{NO}Responder") + f"<samlp:StatusMessage>{XSS}</samlp:StatusMessage>")),
    "script-in-code": (REFUSED, status(code(XSS))),
    "script-in-detail": (REFUSED, status(code(f"{NO}Responder") + f"<samlp:StatusDetail><x>{XSS}</x></samlp:StatusDetail>")),
    "control-in-message": (REFUSED, status(code(f"{NO}Responder") + "<samlp:StatusMessage>line&#13;&#10;line&#x202e;\u2028end</samlp:StatusMessage>")),
    "long-message": (REFUSED, status(code(f"{NO}Responder") + f"<samlp:StatusMessage>{'x' * 100000}</samlp:StatusMessage>")),
    "script-with-success": (SIGNED_IDENTITY, status(code(SUCCESS) + f"<samlp:StatusMessage>{XSS}</samlp:StatusMessage>")),
}


def with_status(level: str, status_xml: str) -> Callable[[Kit], bytes]:
    """A valid signed assertion under this status."""
    return lambda kit: kit.signed(level, kit.message(status_xml=status_xml))


def only_status(status_xml: str) -> Callable[[Kit], bytes]:
    """What an IdP that says no really sends: no assertion, nothing signed."""

    def build(kit: Kit) -> bytes:
        message = kit.message(status_xml=status_xml)
        return message.xml().replace(message.assertion(), "").encode()

    return build


def cases() -> Iterator[Case]:
    """S20, then S23."""
    number = 0
    for name, text in NAMES.items():
        number += 1
        yield Case(f"S20.{number:02}-name-{name}", f"NameID: {name}", SIGNED_IDENTITY, named(text), honest=text)
    for name, text in BLANK.items():
        number += 1
        expect = REFUSED if text.isspace() or not text else SIGNED_IDENTITY
        yield Case(f"S20.{number:02}-blank-{name}", f"a blank NameID: {name}", expect, named(text), honest=text)
    for name, (expect, build) in SHAPES.items():
        number += 1
        yield Case(f"S20.{number:02}-shape-{name}", f"subject: {name}", expect, build)
    number = 0
    for level in ("assertion", "both"):
        for name, (expect, status_xml) in STATUSES.items():
            number += 1
            yield Case(f"S23.{number:02}-{level}-{name}", f"status {name}, {level} signed", expect, with_status(level, status_xml))
    for name in ("code-AuthnFailed", "nested-authn-failed", "script-in-message", "code-RequestDenied"):
        number += 1
        yield Case(f"S23.{number:02}-no-assertion-{name}", f"no assertion, status {name}", REFUSED, only_status(STATUSES[name][1]), fields={"said_no": True})
    number += 1
    yield Case(f"S23.{number:02}-success-without-assertion", "Success, but no assertion", REFUSED, only_status(status(code(SUCCESS))))
