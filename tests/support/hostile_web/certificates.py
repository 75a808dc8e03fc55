"""Certificates that are wrong in one way each, made on the spot; good ones too."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes

from tests.support.paths import TESTS

NOW = datetime.now(UTC)
SHA1 = TESTS / "data" / "sha1.pem"
_HOST = "127.0.0.9"


class Authority:
    """A root nobody knows, an issuer below it, and servers with certificates from it.

    `bundle` is the file that a site may name as `certificates`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._root_key, self._key = _key(), _key()
        self._root = _certificate("a root", self._root_key, "a root", self._root_key, issuer=True)
        self._issuer = _certificate("an issuer", self._key, "a root", self._root_key, issuer=True)
        self.bundle = folder / "bundle.pem"
        self.bundle.write_bytes(_pem(self._root) + SHA1.read_bytes())
        self.server = cache(self._server)

    def _server(self, door: str) -> ssl.SSLContext:
        """How a server behind this door speaks TLS."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers("ALL:@SECLEVEL=0")
        if door == "tls-old":
            context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        path = self.folder / f"{door}.pem"
        path.write_bytes(self._identity(door))
        context.load_cert_chain(path)
        return context

    def _identity(self, door: str) -> bytes:
        """Key, certificate and chain as a server loads them."""
        if door == "tls-sha1":
            return SHA1.read_bytes()
        key = rsa.generate_private_key(65537, 1024) if door == "tls-weak" else _key()
        days = {"tls-expired": (-30, -2), "tls-early": (2, 30)}.get(door, (-1, 30))
        host = "127.0.0.99" if door == "tls-stranger" else _HOST
        if door == "tls-self":
            own = _certificate(host, key, host, key, days=days)
        else:
            own = _certificate(host, key, "an issuer", self._key, days=days)
        chain = b"" if door in ("tls-short", "tls-self") else _pem(self._issuer)
        return _pem_key(key) + _pem(own) + chain


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _certificate(
    name: str,
    key: CertificateIssuerPrivateKeyTypes,
    issuer_name: str,
    issuer_key: CertificateIssuerPrivateKeyTypes,
    *,
    days: tuple[int, int] = (-1, 30),
    issuer: bool = False,
) -> x509.Certificate:
    builder = x509.CertificateBuilder(
        issuer_name=_name(issuer_name),
        subject_name=_name(name),
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=NOW + timedelta(days[0]),
        not_valid_after=NOW + timedelta(days[1]),
    ).add_extension(x509.BasicConstraints(ca=issuer, path_length=None), critical=True)
    if not issuer:
        names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(name))])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _pem_key(key: CertificateIssuerPrivateKeyTypes) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
