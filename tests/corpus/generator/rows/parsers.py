"""Rows S4 and S5: documents that two parsers read differently, and canonicalisations that fail.

Owns encodings, well-formedness, namespaces and base64. A reader that is stricter than all others may refuse
any of these; none may sign anybody in but the person who was signed.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Iterator

from ..case import HONEST, Kit, fresh_id
from ..edit import replace_last, replace_once, tampered
from ..message import ASSERTION
from .wrapping import evil_message

Build = Callable[[Kit], "bytes | str"]
DOCTYPES = {
    "single-quotes": "<!DOCTYPE r SYSTEM 'a\"b'>",
    "double-quotes": "<!DOCTYPE r SYSTEM \"a'b\">",
    "mixed-public": "<!DOCTYPE r PUBLIC 'a' \"b'\">",
    "bracket-in-literal": "<!DOCTYPE r SYSTEM 'a]>b' [ ]>",
    "angle-in-literal": '<!DOCTYPE r [<!ENTITY a \'">\'> <!ENTITY b "<x>">]>',
    "quote-in-comment": "<!DOCTYPE r [<!-- ' --> <!-- \" -->]>",
    "lower-case": "<!doctype r>",
    "no-name": "<!DOCTYPE>",
    "two": "<!DOCTYPE r><!DOCTYPE r>",
    "newline": "<!DOCTYPE\nr\n[\n]\n>",
    "unclosed-literal": "<!DOCTYPE r SYSTEM 'a>",
    "evil-document-in-literal": "<!DOCTYPE r SYSTEM '<samlp:Response>' >",
}


def prefixed(text: str) -> Build:
    """Text in front of an honest, signed response."""
    return lambda kit: text.encode() + kit.signed("both")


def around(before: bytes, after: bytes) -> Build:
    """Bytes around an honest, signed response."""
    return lambda kit: before + kit.signed("both") + after


def encoded(codec: str, declared: str | None = None, doctype: str = "") -> Build:
    """An honest, signed response in another encoding."""

    def build(kit: Kit) -> bytes:
        head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
        return (head + doctype + kit.signed("both").decode()).encode(codec)

    return build


def mislabelled(declared: str, name_id: str) -> Build:
    """UTF-8 bytes that say they are something else, around a name whose bytes differ between the two."""

    def build(kit: Kit) -> bytes:
        return f'<?xml version="1.0" encoding="{declared}"?>'.encode() + kit.signed("both", kit.message(name_id=name_id))

    return build


def edited(old: str, new: str, level: str = "assertion") -> Build:
    """One edit after signing."""
    return lambda kit: replace_once(kit.signed(level), old, new)


def entity_id(kit: Kit) -> bytes:
    """The twin's id is given by an entity that stands for the signed one's."""
    message = kit.message()
    octets = kit.signed("assertion", message)
    twin = evil_message(kit, assertion_id="PLACEHOLDER").assertion().replace("PLACEHOLDER", "&i;")
    octets = replace_last(octets, "</samlp:Response>", f"{twin}</samlp:Response>")
    return f'<!DOCTYPE samlp:Response [<!ENTITY i "{message.assertion_id}">]>'.encode() + octets


def character_id(kit: Kit) -> bytes:
    """The signed id written with character references."""
    message = kit.message()
    octets = kit.signed("assertion", message)
    spelled = "".join(f"&#x{ord(letter):x};" for letter in str(message.assertion_id))
    return replace_once(octets, f' ID="{message.assertion_id}"', f' ID="{spelled}"')


def odd_namespace(name: str) -> Build:
    """An odd namespace declaration inside what is signed; put in before signing where lxml can take it."""
    return lambda kit: replace_once(kit.signed("assertion"), "<saml:Subject>", f'<saml:Subject xmlns:o="{name}">')


def used_namespace(name: str) -> Build:
    """The same, used by an element of the unsigned envelope."""
    return lambda kit: replace_once(kit.signed("assertion"), "<samlp:Status>", f'<samlp:Extensions><o:x xmlns:o="{name}"/></samlp:Extensions><samlp:Status>')


def twin_namespace(name: str) -> Build:
    """An evil assertion whose namespace is the right one but for an odd character."""

    def build(kit: Kit) -> bytes:
        twin = evil_message(kit).assertion().replace(f'"{ASSERTION}"', f'"{name}"')
        return replace_once(kit.signed("assertion"), "<samlp:Status>", f"<samlp:Extensions>{twin}</samlp:Extensions><samlp:Status>")

    return build


def padded_id(kit: Kit) -> bytes:
    """A twin whose id is the signed one with white space, which a validating parser trims."""
    message = kit.message()
    twin = evil_message(kit, assertion_id="PLACEHOLDER").assertion().replace("PLACEHOLDER", f" {message.assertion_id}\n")
    return replace_once(kit.signed("assertion", message), "<samlp:Status>", f"<samlp:Extensions>{twin}</samlp:Extensions><samlp:Status>")


def form_value(change: Callable[[str], str]) -> Build:
    """The form field's own encoding changed."""
    return lambda kit: change(base64.b64encode(kit.signed("both")).decode())


def deflated(text: str) -> str:
    """As the redirect binding sends."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    return base64.b64encode(squeeze.compress(base64.b64decode(text)) + squeeze.flush()).decode()


def in_lines(text: str, end: str = "\r\n") -> str:
    """Broken at 76 characters, as many IdPs send."""
    return end.join(text[i : i + 76] for i in range(0, len(text), 76))


def void_digest(digest: str, where: str, name: str) -> Build:
    """A canonicalisation that fails on a relative namespace, and the digest of nothing, genuinely signed."""

    def build(kit: Kit) -> bytes:
        message = evil_message(kit)
        form = {"digest": digest, "hash": digest, "digest_input": b""}
        octets = kit.sign(message.xml(), message.assertion_id, **form)
        if where == "subject":
            return replace_once(octets, "<saml:Subject>", f'<saml:Subject xmlns:o="{name}" o:x="y">')
        if where == "assertion":
            return replace_once(octets, "<saml:Assertion ", f'<saml:Assertion xmlns:o="{name}" o:x="y" ')
        if where == "value":
            return replace_last(octets, "<saml:AttributeValue>", f'<saml:AttributeValue xmlns="{name}">')
        return octets

    return build


def void_tampered(kit: Kit) -> bytes:
    """A stolen SignedInfo with an empty digest, on a document of the attacker's own."""
    honest = kit.message()
    octets = kit.sign(honest.xml(), honest.assertion_id, digest_input=b"")
    return replace_once(tampered(octets), "<saml:Subject>", '<saml:Subject xmlns:o="relative" o:x="y">')


def relative_prefix_list(kit: Kit) -> bytes:
    """A relative namespace pulled in by the PrefixList; honest otherwise."""
    message = kit.message()
    return replace_once(kit.sign(message.xml(), message.assertion_id, prefixes="o"), "<samlp:Response ", '<samlp:Response xmlns:o="relative" ')


MALFORMED: dict[str, Build] = {
    "duplicate-attribute": edited(' Version="2.0"', ' Version="2.0" Version="2.0"'),
    "duplicate-id": lambda k: replace_last(k.signed("assertion"), "<saml:Assertion ", f'<saml:Assertion ID="{fresh_id()}" '),
    "duplicate-expanded-name": edited("<samlp:Status>", '<samlp:Status xmlns:a="urn:x" xmlns:b="urn:x" a:i="1" b:i="2">'),
    "unquoted-attribute": edited("<samlp:Status>", "<samlp:Status x=y>"),
    "attribute-without-value": edited("<samlp:Status>", "<samlp:Status x>"),
    "unbound-prefix": edited("<samlp:Status>", "<samlp:Status><q:x/>"),
    "unclosed-element": edited("<samlp:Status>", "<samlp:Status><x>"),
    "crossed-elements": edited("<samlp:Status>", "<samlp:Status><x><y></x></y>"),
    "stray-end": edited("<samlp:Status>", "<samlp:Status></x>"),
    "less-than-in-attribute": edited("<samlp:Status>", '<samlp:Status x="<">'),
    "bare-ampersand": edited("<samlp:Status>", "<samlp:Status>&"),
    "cdata-end-in-text": edited("<samlp:Status>", "<samlp:Status>]]>"),
    "double-dash-comment": edited("<samlp:Status>", "<samlp:Status><!-- a -- b -->"),
    "unclosed-comment": edited("<samlp:Status>", "<samlp:Status><!-- "),
    "xml-instruction-inside": edited("<samlp:Status>", '<samlp:Status><?xml version="1.0"?>'),
    "null-character": edited("<samlp:Status>", "<samlp:Status>\0"),
    "control-reference": edited("<samlp:Status>", "<samlp:Status>&#1;"),
    "null-reference": edited("<samlp:Status>", "<samlp:Status>&#0;"),
    "surrogate-reference": edited("<samlp:Status>", "<samlp:Status>&#xD800;"),
    "huge-reference": edited("<samlp:Status>", "<samlp:Status>&#x110000;"),
    "xml-prefix-rebound": edited("<samlp:Status>", '<samlp:Status xmlns:xml="urn:x">'),
    "xmlns-prefix-bound": edited("<samlp:Status>", '<samlp:Status xmlns:xmlns="urn:x">'),
    "prefix-unbound-again": edited("<samlp:Status>", '<samlp:Status xmlns:q="">'),
    "two-colons": edited("<samlp:Status>", '<samlp:Status><a:b:c xmlns:a="urn:x"/>'),
    "no-space-between-attributes": edited("<samlp:Status>", '<samlp:Status a="1"b="2">'),
    "truncated": lambda k: k.signed("both")[:-20],
    "only-start": lambda k: b"<samlp:Response",
    "empty": lambda k: b"",
    "only-text": lambda k: b"alice@example.org",
    "json": lambda k: b'{"NameID":"admin@example.org"}',
    "html": lambda k: b"<!doctype html><html><body>admin@example.org",
    "invalid-utf8": lambda k: replace_once(k.signed("assertion"), b"<samlp:Status>", b"<samlp:Status>\xff\xfe"),
    "overlong-utf8": lambda k: replace_once(k.signed("assertion"), b"<samlp:Status>", b"<samlp:Status>\xc0\xbc"),
    "surrogate-utf8": lambda k: replace_once(k.signed("assertion"), b"<samlp:Status>", b"<samlp:Status>\xed\xa0\x80"),
}
