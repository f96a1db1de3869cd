"""Row S11: what a signature may refer to. None, many, nothing, somewhere else, somewhere outside.

All but a few are signed by the IdP's own key, so that nothing but a rule about references can refuse them;
those that point outside carry a garbage signature too, since a verifier that fetches first is caught either way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..case import REFUSED, Case, Kit, fresh_id
from ..edit import replace_last
from ..message import Message
from ..signing import DIGESTS, SignatureForm, canonical, default_transforms, digest_value, fill, insert, parse, reference, signature_xml
from .wrapping import evil_message

SHA256 = DIGESTS["sha256"]
CHAIN = default_transforms(SignatureForm())


def own_digest(message: Message) -> str:
    """The digest of the assertion before it is signed."""
    return digest_value(canonical(parse(message.xml().encode())[-1]), "sha256")


def to(uri: Callable[[Kit, Message], str], level: str = "assertion", evil: bool = False, garbage: bool = False) -> Callable[[Kit], bytes]:
    """One reference to this URI, with the digest that the right one would have."""

    def build(kit: Kit) -> bytes:
        message = evil_message(kit) if evil else kit.message()
        value = b"garbage" * 36 if garbage else None
        return kit.signed(level, message, reference_uri=uri(kit, message), signature_value=value)

    return build


def counted(count: int, first_good: bool = True, evil: bool = False) -> Callable[[Kit], bytes]:
    """That many references; the good one first or last, the others to the Subject of nobody."""

    def build(kit: Kit) -> bytes:
        message = evil_message(kit) if evil else kit.message()
        good = reference(f"#{message.assertion_id}", SHA256, own_digest(message), CHAIN)
        others = [good] * max(count - 1, 0)
        chosen = ([good] + others if first_good else others + [good])[:count]
        return kit.signed("assertion", message, references_xml="".join(chosen))

    return build


def good_and(other_uri: Callable[[Kit, Message], str], good_first: bool) -> Callable[[Kit], bytes]:
    """A good reference and one to somewhere else."""

    def build(kit: Kit) -> bytes:
        message = kit.message()
        good = reference(f"#{message.assertion_id}", SHA256, own_digest(message), CHAIN)
        bad = reference(other_uri(kit, message), SHA256, digest_value(b"", "sha256"), "")
        return kit.signed("assertion", message, references_xml=good + bad if good_first else bad + good)

    return build


def to_part(name: str, level: str = "assertion") -> Callable[[Kit], bytes]:
    """The reference covers only a part: the rest of the assertion is free to change, and is changed."""

    def build(kit: Kit) -> bytes:
        part = fresh_id()
        message = kit.message()
        text = message.xml().replace(f"<saml:{name}", f'<saml:{name} ID="{part}"', 1)
        root = parse(text.encode())
        element = root.xpath("//*[@ID=$v]", v=part)[0]
        value = digest_value(canonical(element), "sha256")
        chosen = reference(f"#{part}", SHA256, value, CHAIN)
        octets = kit.sign(text, message.assertion_id if level == "assertion" else message.response_id, references_xml=chosen)
        return octets if name == "AttributeStatement" else replace_last(octets, ">staff<", ">cloud-admins<")

    return build


def response_signature_over_assertion(kit: Kit) -> bytes:
    """A Signature that is the Response's child, but refers to the assertion."""
    message = kit.message()
    chosen = reference(f"#{message.assertion_id}", SHA256, own_digest(message), CHAIN)
    return kit.sign(message.xml(), message.response_id, references_xml=chosen)


def assertion_signature_over_response(kit: Kit) -> bytes:
    """A Signature that is the assertion's child, but refers to the Response."""
    message = kit.message()
    value = digest_value(canonical(parse(message.xml().encode())), "sha256")
    chosen = reference(f"#{message.response_id}", SHA256, value, CHAIN)
    return kit.sign(message.xml(), message.assertion_id, references_xml=chosen)


def strange_id(element_id: str) -> Callable[[Kit], bytes]:
    """An assertion id that is not an NCName, or that breaks out of a query built from it; genuinely signed."""

    def build(kit: Kit) -> bytes:
        root = parse(kit.message(assertion_id=element_id).xml().encode())
        assertion = root[-1]
        escaped = element_id.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
        value = digest_value(canonical(assertion), "sha256")
        form = SignatureForm(references_xml=reference(f"#{escaped}", SHA256, value, CHAIN))
        signature = insert(assertion, signature_xml(assertion, element_id, kit.key, form), "after-issuer")
        return fill(root, signature, kit.key, form)

    return build


Uri = Callable[[Kit, Message], str]
PLACES: dict[str, Uri] = {
    "empty": lambda k, m: "",
    "absent": lambda k, m: "absent",
    "hash-only": lambda k, m: "#",
    "unknown-id": lambda k, m: "#_nobody",
    "xpointer-root": lambda k, m: "#xpointer(/)",
    "xpointer-id": lambda k, m: f"#xpointer(id('{m.assertion_id}'))",
    "xpointer-expression": lambda k, m: "#xpointer(//*[local-name()='Assertion'])",
    "xpointer-element": lambda k, m: "#element(/1/3)",
    "xpointer-here": lambda k, m: "#xpointer(here()/..)",
    "trailing-space": lambda k, m: f"#{m.assertion_id} ",
    "leading-space": lambda k, m: f" #{m.assertion_id}",
    "percent-encoded": lambda k, m: f"#%5f{m.assertion_id[1:]}",
    "without-hash": lambda k, m: str(m.assertion_id),
    "two-hashes": lambda k, m: f"##{m.assertion_id}",
    "upper-case": lambda k, m: f"#{str(m.assertion_id).upper()}",
    "quote-injection": lambda k, m: f"#{m.assertion_id}' or '1'='1",
    "xpath-injection": lambda k, m: "#x'] | //*[local-name()='Assertion",
    "response-id": lambda k, m: f"#{m.response_id}",
    "path-and-id": lambda k, m: f"x#{m.assertion_id}",
    "cid": lambda k, m: "cid:assertion@example.org",
}
OUTSIDE: dict[str, Uri] = {
    "http": lambda k, m: f"{k.world.canary}/reference",
    "http-with-id": lambda k, m: f"{k.world.canary}/reference#{m.assertion_id}",
    "scheme-relative": lambda k, m: f"{k.world.canary.removeprefix('http:')}/reference",
    "ftp": lambda k, m: f"ftp{k.world.canary.removeprefix('http')}/reference",
    "file": lambda k, m: "file:///etc/passwd",
    "file-device": lambda k, m: "file:///dev/zero",
    "file-no-scheme": lambda k, m: "/etc/passwd",
    "data": lambda k, m: "data:text/plain,x",
}
STRANGE_IDS = {
    "quote": "_a'b",
    "injection": "_a' or '1'='1",
    "double-quote": '_a"b',
    "angle": "_a<b",
    "space": "_a b",
    "digit-first": "1abc",
    "colon": "a:b",
    "empty": "",
    "very-long": "_" + "a" * 5000,
    "non-ascii": "_é",
    "percent": "_%41",
}


def cases() -> Iterator[Case]:
    """Counts, places, parts and strange ids."""
    made: list[tuple[str, str, Callable[[Kit], bytes], dict[str, object]]] = []
    for count in (0, 2, 3, 100):
        made.append((f"count-{count}", f"{count} references", counted(count), {}))
    made.append(("count-0-evil", "no reference at all over an evil assertion", counted(0, evil=True), {}))
    made.append(("count-1500", "1,500 references, under a megabyte", counted(1500), {"within_seconds": 2}))
    made.append(("count-5000", "5,000 references", counted(5000), {"within_seconds": 2}))
    for name, uri in PLACES.items():
        for level in ("assertion", "response"):
            if (name, level) == ("response-id", "response"):
                continue
            made.append((f"{level}-to-{name}", f"{level} signature refers to {name}", to(uri, level), {}))
    for name, uri in OUTSIDE.items():
        made.append((f"outside-{name}", f"reference leaves the document: {name}", to(uri, evil=True), {"within_seconds": 2}))
        made.append((f"outside-{name}-garbage", f"the same with a garbage signature: {name}", to(uri, evil=True, garbage=True), {"within_seconds": 2}))
        made.append((f"good-and-{name}", f"a good reference, then one outside: {name}", good_and(uri, True), {"within_seconds": 2}))
    made.append(("outside-then-good", "one outside, then a good reference", good_and(OUTSIDE["http"], False), {}))
    for name in ("Issuer", "Subject", "Conditions", "AuthnStatement", "AttributeStatement", "NameID"):
        for level in ("assertion", "response"):
            made.append((f"{level}-part-{name}", f"{level} signature covers only {name}", to_part(name, level), {}))
    made.append(("response-over-assertion", "the Response's Signature covers the assertion", response_signature_over_assertion, {}))
    made.append(("assertion-over-response", "the assertion's Signature covers the Response", assertion_signature_over_response, {}))
    for name, element_id in STRANGE_IDS.items():
        made.append((f"id-{name}", f"an id that is no id: {name}", strange_id(element_id), {}))
    for number, (name, title, build, fields) in enumerate(made, 1):
        yield Case(f"S11.{number:03}-{name}", title, REFUSED, build, fields=fields)
