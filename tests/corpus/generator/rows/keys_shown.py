"""Rows S7 and S8: keys that the message brings along, and HMAC keyed by public things.

S7 signs with the attacker's key and shows each form of KeyInfo; the only right answer is to take keys from
the configuration alone. S8 makes HMACs whose key everybody knows.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterator

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from ..case import REFUSED, SIGNED_IDENTITY, Case, Kit
from ..edit import replace_once
from ..keys import Identity, self_signed
from ..message import DSIG
from ..signing import MORE, canonical, parse
from .wrapping import ds, evil_message

DSIG11 = "http://www.w3.org/2009/xmldsig11#"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"


def number64(value: int) -> str:
    """A CryptoBinary."""
    return base64.b64encode(value.to_bytes((value.bit_length() + 7) // 8, "big")).decode()


def certificate_xml(identity: Identity) -> str:
    """One X509Certificate."""
    return f"<ds:X509Certificate>{identity.certificate_base64}</ds:X509Certificate>"


def rsa_value_xml(identity: Identity) -> str:
    """The attacker's bare key."""
    numbers = identity.private_key.public_key().public_numbers()
    return (
        f"<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>{number64(numbers.n)}</ds:Modulus>"
        f"<ds:Exponent>{number64(numbers.e)}</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>"
    )


def data(inner: str) -> str:
    """One X509Data."""
    return f"<ds:X509Data>{inner}</ds:X509Data>"


def clone(kit: Kit) -> str:
    """The attacker's key under the IdP certificate's subject and serial number."""
    certificate = kit.key.certificate
    name = certificate.subject.get_attributes_for_oid(x509.oid.NameOID.COMMON_NAME)[0].value
    return data(certificate_xml(self_signed(kit.world.attacker.private_key, name, certificate.serial_number)))


def issuer_serial(kit: Kit) -> str:
    """The IdP certificate by issuer and serial, the attacker's beside it."""
    certificate = kit.key.certificate
    serial = (
        f"<ds:X509IssuerSerial><ds:X509IssuerName>{certificate.issuer.rfc4514_string()}</ds:X509IssuerName>"
        f"<ds:X509SerialNumber>{certificate.serial_number}</ds:X509SerialNumber></ds:X509IssuerSerial>"
    )
    return data(serial + certificate_xml(kit.world.attacker))


def thumbprint(kit: Kit) -> str:
    """The IdP certificate by its digest, the attacker's beside it."""
    value = base64.b64encode(kit.key.certificate.fingerprint(hashes.SHA256())).decode()
    digest = f'<d:X509Digest xmlns:d="{DSIG11}" Algorithm="http://www.w3.org/2001/04/xmlenc#sha256">{value}</d:X509Digest>'
    return data(digest + certificate_xml(kit.world.attacker))


def retrieval(uri: Callable[[Kit], str], kind: str = "rawX509Certificate") -> Callable[[Kit], str]:
    """The key is to be fetched."""
    return lambda kit: f'<ds:RetrievalMethod URI="{uri(kit)}" Type="{DSIG}{kind}"/>'


FORMS: dict[str, Callable[[Kit], str]] = {
    "attacker-certificate": lambda k: data(certificate_xml(k.world.attacker)),
    "rsa-key-value": lambda k: rsa_value_xml(k.world.attacker),
    "idp-certificate": lambda k: data(certificate_xml(k.key)),
    "idp-then-attacker": lambda k: data(certificate_xml(k.key) + certificate_xml(k.world.attacker)),
    "attacker-then-idp": lambda k: data(certificate_xml(k.world.attacker) + certificate_xml(k.key)),
    "two-x509-data": lambda k: data(certificate_xml(k.key)) + data(certificate_xml(k.world.attacker)),
    "cloned-subject-and-serial": clone,
    "issuer-serial": issuer_serial,
    "thumbprint": thumbprint,
    "key-name": lambda k: f"<ds:KeyName>{k.idp.entity_id}</ds:KeyName>",
    "key-name-and-value": lambda k: f"<ds:KeyName>{k.idp.entity_id}</ds:KeyName>{rsa_value_xml(k.world.attacker)}",
    "der-encoded-key": lambda k: f'<d:DEREncodedKeyValue xmlns:d="{DSIG11}">{base64.b64encode(k.world.attacker.public_der).decode()}</d:DEREncodedKeyValue>',
    "retrieval-http": retrieval(lambda k: f"{k.world.canary}/key.crt"),
    "retrieval-http-x509-data": retrieval(lambda k: f"{k.world.canary}/key.xml", "X509Data"),
    "retrieval-file": retrieval(lambda k: "file:///etc/ssl/certs/ca-certificates.crt"),
    "retrieval-device": retrieval(lambda k: "file:///dev/zero"),
    "key-info-reference": lambda k: f'<d:KeyInfoReference xmlns:d="{DSIG11}" URI="{k.world.canary}/info.xml"/>',
    "security-token-reference": lambda k: f'<w:SecurityTokenReference xmlns:w="{WSSE}"><w:Reference URI="{k.world.canary}/token"/></w:SecurityTokenReference>',
    "no-key-info": lambda k: "",
    "empty-x509-data": lambda k: data(""),
    "broken-certificate": lambda k: data("<ds:X509Certificate>!!!!</ds:X509Certificate>"),
}


def shown(level: str, form: Callable[[Kit], str]) -> Callable[[Kit], bytes]:
    """Evil, signed by the attacker, with this KeyInfo."""

    def build(kit: Kit) -> bytes:
        inner = form(kit)
        info = f"<ds:KeyInfo>{inner}</ds:KeyInfo>" if inner else ""
        return kit.signed(level, evil_message(kit), key=kit.world.attacker, key_info_xml=info)

    return build


def honest_but(form: Callable[[Kit], str]) -> Callable[[Kit], bytes]:
    """Honest, signed by the IdP, with misleading KeyInfo."""

    def build(kit: Kit) -> bytes:
        return kit.signed("assertion", key_info_xml=f"<ds:KeyInfo>{form(kit)}</ds:KeyInfo>")

    return build


PUBLIC_FORMS: dict[str, Callable[[Identity], bytes]] = {
    "certificate-pem": lambda i: i.certificate_pem,
    "certificate-pem-stripped": lambda i: i.certificate_pem.strip(),
    "certificate-der": lambda i: i.certificate_der,
    "certificate-base64": lambda i: i.certificate_base64.encode(),
    "public-pem": lambda i: i.public_pem,
    "public-pem-stripped": lambda i: i.public_pem.strip(),
    "public-der": lambda i: i.public_der,
    "public-base64": lambda i: base64.b64encode(i.public_der),
    "empty": lambda i: b"",
    "zero-byte": lambda i: b"\0",
}
HMACS = {"sha1": f"{DSIG}hmac-sha1", "sha256": f"{MORE}hmac-sha256", "sha512": f"{MORE}hmac-sha512"}


def keyed(key: Callable[[Identity], bytes], digest: str, bits: int | None = None) -> Callable[[Kit], bytes]:
    """Evil, under an HMAC; `bits` truncates it and says so."""

    def build(kit: Kit) -> bytes:
        length = "" if bits is None else f"<ds:HMACOutputLength>{bits}</ds:HMACOutputLength>"
        octets = kit.signed("assertion", evil_message(kit), signature_method=HMACS[digest], signature_method_xml=length, signature_value=b"mark")
        info = parse(octets).find(f".//{ds('SignedInfo')}")
        value = hmac.new(key(kit.key), canonical(info), getattr(hashlib, digest)).digest()
        kept = value if bits is None else value[: (bits + 7) // 8]
        return replace_once(octets, base64.b64encode(b"mark"), base64.b64encode(kept))

    return build


def cases() -> Iterator[Case]:
    """KeyInfo forms at both levels, then HMACs."""
    number = 0
    for level in ("assertion", "response"):
        for name, form in FORMS.items():
            number += 1
            yield Case(f"S7.{number:02}-{level}-{name}", f"attacker-signed {level}, KeyInfo: {name}", REFUSED, shown(level, form))
    for name in ("attacker-certificate", "rsa-key-value", "attacker-then-idp", "retrieval-http", "retrieval-file", "broken-certificate"):
        number += 1
        yield Case(f"S7.{number:02}-honest-{name}", f"IdP-signed, misleading KeyInfo: {name}", SIGNED_IDENTITY, honest_but(FORMS[name]))
    number = 0
    for digest in HMACS:
        for name, key in PUBLIC_FORMS.items():
            number += 1
            yield Case(f"S8.{number:02}-hmac-{digest}-{name}", f"HMAC-{digest} keyed by {name}", REFUSED, keyed(key, digest))
        for bits in (0, 1, 8, 32):
            number += 1
            yield Case(f"S8.{number:02}-hmac-{digest}-truncated-{bits}", f"HMAC-{digest} cut to {bits} bits", REFUSED, keyed(PUBLIC_FORMS["empty"], digest, bits))
