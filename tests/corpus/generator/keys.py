"""Keys, certificates and IdP metadata for the corpus.

Owns the making of throw-away key pairs (`saml.py --keys`) and their reading back. It must not know any
message. A key pair is an `Identity`: private key, self-signed certificate, and which kind it is.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Identity:
    """A private key with its certificate."""

    kind: str
    private_key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def certificate_base64(self) -> str:
        """The certificate's DER in base64, as `ds:X509Certificate` carries it."""
        return base64.b64encode(self.certificate_der).decode()

    @property
    def certificate_der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def certificate_pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def public_der(self) -> bytes:
        """SubjectPublicKeyInfo in DER."""
        return self.private_key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    @property
    def public_pem(self) -> bytes:
        """SubjectPublicKeyInfo in PEM."""
        return self.private_key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )


def read_identity(description: dict[str, str]) -> Identity:
    """Reads `{"key": path, "certificate": path}`, both PEM."""
    key = serialization.load_pem_private_key(Path(description["key"]).read_bytes(), None)
    certificate = x509.load_pem_x509_certificate(Path(description["certificate"]).read_bytes())
    kind = "rsa" if isinstance(key, rsa.RSAPrivateKey) else "ec"
    return Identity(kind, key, certificate)


def self_signed(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, name: str, serial: int | None = None) -> Identity:
    """A key with a self-signed certificate for `name`, valid for ten years."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
    return Identity("rsa" if isinstance(key, rsa.RSAPrivateKey) else "ec", key, certificate)


def make_keys(folder: Path) -> dict[str, dict[str, str]]:
    """Makes the four key pairs of the corpus; answers the `keys` object of the caller's JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    new_rsa = lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048)  # noqa: E731
    made = {
        "rsa": self_signed(new_rsa(), "corpus rsa idp"),
        "ec": self_signed(ec.generate_private_key(ec.SECP256R1()), "corpus ec idp"),
        "other": self_signed(new_rsa(), "corpus other idp"),
        "attacker": self_signed(new_rsa(), "corpus attacker"),
    }
    answer = {}
    for name, identity in made.items():
        key, certificate = folder / f"{name}.key.pem", folder / f"{name}.crt.pem"
        key.write_bytes(
            identity.private_key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        certificate.write_bytes(identity.certificate_pem)
        answer[name] = {"key": str(key), "certificate": str(certificate)}
    return answer


def idp_metadata(entity_id: str, sso: str, identity: Identity) -> str:
    """IdP metadata with one signing key and one redirect endpoint."""
    return (
        '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"'
        f' entityID="{entity_id}"><md:IDPSSODescriptor WantAuthnRequestsSigned="false"'
        ' protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing"><ds:KeyInfo>'
        f"<ds:X509Data><ds:X509Certificate>{identity.certificate_base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
        '</md:KeyDescriptor><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"'
        f' Location="{sso}"/></md:IDPSSODescriptor></md:EntityDescriptor>\n'
    )
