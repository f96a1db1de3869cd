"""The cases of rows S4 and S5, out of the builders in `parsers`.

Owns only the tables: which encodings, which namespaces, which form fields, and what each must lead to.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from urllib.parse import quote

from ..case import REFUSED, SIGNED_IDENTITY, Case
from ..message import ASSERTION
from . import parsers as p

Row = tuple[str, str, str, p.Build]


def documents() -> Iterator[Row]:
    """DOCTYPE quoting, well-formedness, text around the document."""
    for name, text in p.DOCTYPES.items():
        yield f"doctype-{name}", f"DOCTYPE with {name}", REFUSED, p.prefixed(text)
    for name, build in p.MALFORMED.items():
        yield f"malformed-{name}", f"not well-formed: {name}", REFUSED, build
    declaration = '<?xml version="1.0"?>'
    for name, text, expect in (
        ("declaration", declaration, SIGNED_IDENTITY),
        ("declaration-1.1", '<?xml version="1.1"?>', SIGNED_IDENTITY),
        ("declaration-2.0", '<?xml version="2.0"?>', SIGNED_IDENTITY),
        ("standalone", '<?xml version="1.0" standalone="yes"?>', SIGNED_IDENTITY),
        ("newline-before", "\n\n", SIGNED_IDENTITY),
        ("space-before-declaration", f" {declaration}", REFUSED),
        ("two-declarations", declaration * 2, REFUSED),
        ("text-before", "x", REFUSED),
        ("comment-before", "<!-- x -->", SIGNED_IDENTITY),
    ):
        yield f"before-{name}", f"in front of the document: {name}", expect, p.prefixed(text)
    for name, before, after, expect in (
        ("bom", b"\xef\xbb\xbf", b"", SIGNED_IDENTITY),
        ("two-boms", b"\xef\xbb\xbf" * 2, b"", REFUSED),
        ("null-after", b"", b"\0", REFUSED),
        ("newline-after", b"", b"\n", SIGNED_IDENTITY),
        ("text-after", b"", b"x", REFUSED),
        ("element-after", b"", b"<x/>", REFUSED),
        ("comment-after", b"", b"<!-- x -->", SIGNED_IDENTITY),
        ("null-before", b"\0", b"", REFUSED),
    ):
        yield f"around-{name}", f"around the document: {name}", expect, p.around(before, after)


def encodings() -> Iterator[Row]:
    """Other encodings, honest and hiding a DOCTYPE; labels that lie."""
    doctype = '<!DOCTYPE r [<!ENTITY e "x">]>'
    for codec, declared in (("utf-16", "UTF-16"), ("utf-16-le", None), ("utf-16-be", None), ("utf-32", "UTF-32"), ("utf-7", "UTF-7"), ("cp037", "IBM037"), ("latin-1", "ISO-8859-1"), ("ascii", "US-ASCII")):
        yield f"encoding-{codec}", f"encoded as {codec}", SIGNED_IDENTITY, p.encoded(codec, declared)
        yield f"encoding-{codec}-doctype", f"a DOCTYPE hidden by {codec}", REFUSED, p.encoded(codec, declared, doctype)
    yield "utf7-doctype-in-ascii", "a DOCTYPE in UTF-7 letters, declared UTF-7", REFUSED, lambda k: b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE r+AD4-' + k.signed("both")
    for declared in ("ISO-8859-1", "windows-1252", "UTF-16", "UTF-7", "IBM037", "Shift_JIS", "GB18030", "x-unknown", "UTF-8 ", ""):
        name = declared.strip() or "empty"
        yield f"label-{name}-{len(declared)}", f"UTF-8 bytes labelled `{declared}`", REFUSED, p.mislabelled(declared, "al\u00efce@example.org")
    for declared in ("utf-8", "UTF8", "US-ASCII"):
        yield f"label-ascii-{declared}", f"ASCII bytes labelled {declared}", SIGNED_IDENTITY, p.mislabelled(declared, p.HONEST)


def namespaces() -> Iterator[Row]:
    """Odd namespace names and ids that are spelled otherwise."""
    odd = {"u0080": "urn:x\u0080", "u0085": "urn:x\u0085", "u00a0": "urn:x\u00a0", "relative": "relative", "empty-fragment": "#", "space": "urn: x", "non-ascii": "urn:\u00e9", "reference": "urn:&#x80;"}
    for name, text in odd.items():
        yield f"namespace-signed-{name}", f"namespace {name} declared in what is signed", SIGNED_IDENTITY, p.odd_namespace(text)
        yield f"namespace-envelope-{name}", f"namespace {name} used in the envelope", SIGNED_IDENTITY, p.used_namespace(text)
    for name, text in {"u0080": f"{ASSERTION}\u0080", "soft-hyphen": f"{ASSERTION}\u00ad", "zero-width": f"{ASSERTION}\u200b", "references": ASSERTION.replace("urn", "&#117;rn"), "percent": ASSERTION.replace("u", "%75", 1), "tab": f"{ASSERTION}&#9;"}.items():
        expect = REFUSED if name == "references" else SIGNED_IDENTITY
        yield f"twin-namespace-{name}", f"an evil twin whose namespace differs by {name}", expect, p.twin_namespace(text)
    yield "id-by-entity", "a twin's id given by an entity", REFUSED, p.entity_id
    yield "id-by-references", "the signed id in character references", SIGNED_IDENTITY, p.character_id
    yield "id-padded", "a twin's id with white space around", REFUSED, p.padded_id


def form_fields() -> Iterator[Row]:
    """The base64 of the form field itself."""
    for name, change, expect in (
        ("lines", p.in_lines, SIGNED_IDENTITY),
        ("lines-lf", lambda t: p.in_lines(t, "\n"), SIGNED_IDENTITY),
        ("spaces-for-plus", lambda t: t.replace("+", " "), SIGNED_IDENTITY),
        ("url-safe", lambda t: t.replace("+", "-").replace("/", "_"), SIGNED_IDENTITY),
        ("garbage-inside", lambda t: t[:40] + "!!" + t[40:], SIGNED_IDENTITY),
        ("no-padding", lambda t: t.rstrip("="), SIGNED_IDENTITY),
        ("too-much-padding", lambda t: t.rstrip("=") + "====", SIGNED_IDENTITY),
        ("padding-inside", lambda t: t[:40] + "====" + t[40:], REFUSED),
        ("twice", lambda t: base64.b64encode(t.encode()).decode(), REFUSED),
        ("plain-xml", lambda t: base64.b64decode(t).decode(), REFUSED),
        ("deflated", p.deflated, REFUSED),
        ("percent-encoded", lambda t: quote(t, safe="") + "%3D", REFUSED),
        ("empty", lambda t: "", REFUSED),
        ("blank", lambda t: "   ", REFUSED),
        ("data-url", lambda t: f"data:text/xml;base64,{t}", REFUSED),
        ("bom-in-base64", lambda t: "\ufeff" + t, SIGNED_IDENTITY),
    ):
        yield f"form-{name}", f"the form field: {name}", expect, p.form_value(change)


def cases() -> Iterator[Case]:
    """S4, then S5."""
    number = 0
    for rows in (documents(), encodings(), namespaces(), form_fields()):
        for name, title, expect, build in rows:
            number += 1
            yield Case(f"S4.{number:03}-{name}", title, expect, build)
    number = 0
    for digest in ("sha256", "sha512"):
        for where in ("subject", "assertion", "value", "nowhere"):
            for name in ("relative", "../x", "?x", "x y") if where != "nowhere" else ("none",):
                number += 1
                kind = name.replace("/", "-").replace(" ", "-").replace("?", "query-")
                yield Case(f"S5.{number:02}-{digest}-{where}-{kind}", f"digest of nothing ({digest}), namespace `{name}` on {where}", REFUSED, p.void_digest(digest, where, name))
    yield Case(f"S5.{number + 1}-tampered", "a SignedInfo with the empty digest, reused", REFUSED, p.void_tampered)
    yield Case(f"S5.{number + 2}-relative-prefix-list", "a relative namespace named by the PrefixList", SIGNED_IDENTITY, p.relative_prefix_list)
