"""Row H: honest responses in the shapes that real identity providers send. Each must sign in.

Owns the baselines: a service provider that refuses everything would pass the rest of the corpus.
It must not contain anything that a specification forbids.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from ..case import ACCEPTED, HONEST_GROUP, Case, Kit
from ..message import ASSERTION, DSIG, PERSISTENT, PROTOCOL, XSI, attribute, statement
from ..signing import ENVELOPED, EXC_C14N, SignatureForm, parse, serialize, transform

LEVELS = ("assertion", "response", "both")


def shape(form: SignatureForm | None = None, level: str = "both", **changes: object):
    """A build function for an honest message with these changes."""

    def build(kit: Kit) -> bytes:
        return kit.signed(level, kit.message(**changes), form=form)

    return build


def pretty(kit: Kit) -> bytes:
    """Indented before signing, so that whitespace is part of what is signed."""
    message = kit.message()
    root = parse(message.xml().encode())
    etree.indent(root, "  ")
    return kit.sign(serialize(root), message.assertion_id, message.response_id)


def default_namespace(kit: Kit) -> bytes:
    """The SAML namespaces as defaults, the signature unprefixed."""
    message = kit.message()
    text = message.xml().replace("samlp:", "").replace("saml:", "")
    text = text.replace(f'xmlns:samlp="{PROTOCOL}" xmlns:saml="{ASSERTION}"', f'xmlns="{PROTOCOL}"')
    text = text.replace("xmlns:saml=", "xmlns=")
    text = text.replace("<Issuer>", f'<Issuer xmlns="{ASSERTION}">', 1)
    return kit.sign(text, message.assertion_id, message.response_id, prefix="")


def typed_values(kit: Kit) -> bytes:
    """`xsi:type="xs:string"` on values and an InclusiveNamespaces PrefixList, as AD FS and Keycloak write."""
    value = f'<saml:AttributeValue xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="{XSI}" xsi:type="xs:string">{HONEST_GROUP}</saml:AttributeValue>'
    groups = attribute("groups", []).replace("></saml:Attribute>", f">{value}</saml:Attribute>")
    return kit.signed("both", kit.message(attributes_xml=statement(groups)), form=SignatureForm(prefixes="xs"))


def saml2_prefixes(kit: Kit) -> bytes:
    """`saml2p` and `saml2` prefixes with an XML declaration, as OpenSAML writes."""
    message = kit.message()
    text = message.xml().replace("samlp", "saml2p").replace("<saml:", "<saml2:").replace("</saml:", "</saml2:")
    signed = kit.sign(text.replace("xmlns:saml=", "xmlns:saml2="), message.assertion_id, message.response_id)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + signed


def many_groups(kit: Kit) -> bytes:
    """Five hundred values of one attribute."""
    values = [HONEST_GROUP, *[f"team-{n:04}" for n in range(500)]]
    return kit.signed("assertion", kit.message(attributes=[("groups", values)]))


def wrapped_base64(kit: Kit) -> bytes:
    """SignatureValue and certificate broken into lines of 64 characters."""
    root = parse(kit.signed("assertion"))
    for name in ("SignatureValue", "X509Certificate"):
        holder = root.find(f".//{{{DSIG}}}{name}")
        lines = [holder.text[i : i + 64] for i in range(0, len(holder.text), 64)]
        holder.text = "\n" + "\n".join(lines) + "\n"
    return serialize(root)


def cases() -> Iterator[Case]:
    """The honest shapes."""
    for level in LEVELS:
        yield Case(f"H.01-{level}-signed", f"signed at level: {level}", ACCEPTED, shape(level=level))
    for digest in ("sha384", "sha512"):
        form = SignatureForm(digest=digest, hash=digest)
        yield Case(f"H.02-{digest}", f"signature and digest by {digest}", ACCEPTED, shape(form))
    mixed = SignatureForm(digest="sha512", hash="sha256")
    yield Case("H.03-mixed-hashes", "SHA-512 digest under a SHA-256 signature", ACCEPTED, shape(mixed))
    yield Case("H.04-pretty-printed", "indented before signing", ACCEPTED, pretty)
    yield Case("H.05-default-namespaces", "no prefixes", ACCEPTED, default_namespace)
    yield Case("H.06-typed-values-prefix-list", "xsi:type and a PrefixList", ACCEPTED, typed_values)
    yield Case("H.07-saml2-prefixes", "saml2p prefixes and an XML declaration", ACCEPTED, saml2_prefixes)
    yield Case("H.08-many-groups", "501 group values", ACCEPTED, many_groups)
    yield Case("H.09-wrapped-base64", "base64 broken into lines", ACCEPTED, wrapped_base64)
    no_key = SignatureForm(key_info_xml="")
    yield Case("H.10-no-key-info", "no KeyInfo", ACCEPTED, shape(no_key))
    only_c14n = SignatureForm(transforms_xml=transform(ENVELOPED) + transform(EXC_C14N))
    yield Case("H.11-explicit-transforms", "enveloped and exclusive transforms", ACCEPTED, shape(only_c14n, "response"))
    persistent = "3f2a9c77!idp!sp"
    yield Case(
        "H.12-persistent-name-id",
        "a persistent NameID",
        ACCEPTED,
        shape(name_id=persistent, name_format=PERSISTENT),
        honest=persistent,
    )
    yield Case("H.13-no-session-end", "no SessionNotOnOrAfter", ACCEPTED, shape(session_not_on_or_after=None))
    yield Case("H.14-fractional-seconds", "times with milliseconds", ACCEPTED, fractional)
    yield Case("H.15-no-attributes", "no attribute at all", ACCEPTED, shape(attributes=[]))
    yield Case("H.16-escaped-text", "a value with &, < and quotes", ACCEPTED, shape(attributes=[("groups", ["staff", 'r&d <lab> "x"'])]))
    yield Case("H.17-no-destination", "assertion signed, no Destination", ACCEPTED, shape(level="assertion", destination=None))
    yield Case("H.18-several-audiences", "one restriction naming two audiences", ACCEPTED, several_audiences)


def fractional(kit: Kit) -> bytes:
    """Milliseconds in every instant."""
    message = kit.message()
    names = ("issue_instant", "not_before", "not_on_or_after", "authn_instant", "session_not_on_or_after")
    changed = {name: getattr(message, name).replace("Z", ".123Z") for name in names}
    return kit.signed("both", replace(message, **changed))


def several_audiences(kit: Kit) -> bytes:
    """Any one of the audiences of a restriction is enough."""
    two = f"https://another.example/sp</saml:Audience><saml:Audience>{kit.idp.audience}"
    return kit.signed("both", kit.message(audience_xml=two))
