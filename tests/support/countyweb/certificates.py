"""Certificates with the faults that county sites have, made when the tests run."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Signed:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)


def authority(name: str, by: Signed | None = None) -> Signed:
    """A root, or an intermediate that `by` vouches for."""
    return _sign(name, by, x509.BasicConstraints(ca=True, path_length=None), True, 365 * _DAY)


def server(host: str, by: Signed | None, lasts: timedelta = 90 * _DAY) -> Signed:
    """A certificate for an address of loopback; with a negative `lasts` it ran out that long ago."""
    return _sign(host, by, x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), False, lasts)


def context(folder: Path, signed: Signed) -> ssl.SSLContext:
    """A TLS server that shows this certificate alone, without those between it and the root."""
    path = folder / f"{signed.certificate.serial_number}.pem"
    key = signed.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(key + signed.pem())
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(path)
    return made


def _sign(
    name: str, by: Signed | None, extension: x509.ExtensionType, critical: bool, lasts: timedelta
) -> Signed:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 400 * _DAY)
        .not_valid_after(now + lasts)
        .add_extension(extension, critical)
        .sign(by.key if by else key, hashes.SHA256())
    )
    return Signed(certificate, key)
