"""Certificates: verified always, and where a site is taken in spite of a broken chain, what is wrong is said.

Under `tls = "verify"` a bad chain fails the request. Under `tls = "record"` the
strict way is tried first all the same: whatever it complains of is what is
recorded, and only then is the page fetched without it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address

import certifi
from OpenSSL import SSL, crypto
from scrapy.http import Response
from service_identity.exceptions import CertificateError, VerificationError
from service_identity.hazmat import DNS_ID, IPAddress_ID, ServiceID, verify_service_identity
from service_identity.pyopenssl import extract_patterns
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.protocols.tls import TLSMemoryBIOProtocol
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]

from ingest.crawl.transport.errors import BrokenChain

FLAG = "tls: "
_OTHER_HOST = "the certificate is for another host"
# SSL_OP_LEGACY_SERVER_CONNECT: old servers that cannot renegotiate safely; pyOpenSSL has no name for it.
_LEGACY_SERVER_CONNECT = 0x4

# Numbers of OpenSSL (X509_V_ERR_…), as `openssl verify` prints them.
_CHAIN = {
    9: "the certificate is not valid yet",
    10: "the certificate has expired",
    18: "the certificate is self-signed",
    19: "a self-signed certificate stands at the end of the chain",
    20: "the chain is incomplete: the certificate of the issuer is missing",
    21: "the chain is incomplete: the certificate of the issuer is missing",
    23: "the certificate was revoked",
    24: "the issuer's certificate may not issue others",
    26: "the certificate is for another purpose",
    66: "the key of the certificate is too weak",
    67: "the key of an issuer is too weak",
    68: "a certificate is signed with a weak hash such as SHA-1 or MD5",
}
# Parts of what OpenSSL says of a handshake, first match wins.
_HANDSHAKE = (
    ("certificate verify failed", "the certificate cannot be verified"),
    ("unsupported protocol", "it speaks only an old TLS (1.0 or 1.1)"),
    ("alert protocol version", "it speaks only an old TLS (1.0 or 1.1)"),
    ("legacy renegotiation", "it knows only the old, unsafe renegotiation"),
    ("dh key too small", "its Diffie-Hellman key is too weak"),
    ("ee key too small", _CHAIN[66]),
    ("wrong signature type", "it signs with a weak hash such as SHA-1"),
    ("legacy sigalg", "it signs with a weak hash such as SHA-1"),
    ("internal error", "its TLS is too old or broken"),
    ("handshake failure", "it has no cipher in common with us"),
    ("wrong version number", "it does not speak TLS on this port"),
    ("packet length too long", "it does not speak TLS on this port"),
    ("unrecognized name", "it does not know the name of the host"),
)


@dataclass(frozen=True, slots=True)
class TlsTrust:
    """How connections to a site are made; those made under one trust never serve another."""

    lenient: bool = False
    certificates: str | None = None


@implementer(IPolicyForHTTPS)
class TlsPolicy:
    """Makes the TLS connections of one trust.

    `wrong` tells, by host and port, what was wrong with the chains seen there, each thing once.

    Raises:
        BrokenChain: the file with certificates cannot be read.
    """

    def __init__(self, trust: TlsTrust) -> None:
        self._lenient = trust.lenient
        self._context = _context(trust)
        self.wrong: dict[tuple[str, int], list[str]] = {}

    def creatorForNetloc(self, hostname: bytes, port: int) -> TlsConnector:  # noqa: N802
        """Twisted asks for this before each new connection."""
        host = hostname.decode("ascii").lower().strip("[]").rstrip(".")
        wrong = self.wrong.setdefault((host, port), [])
        return TlsConnector(self._context, host, wrong, self._lenient)


@implementer(IOpenSSLClientConnectionCreator)
class TlsConnector:
    """Makes one connection and notes what is wrong with the chain that it meets."""

    def __init__(self, context: SSL.Context, host: str, wrong: list[str], lenient: bool) -> None:
        self._context = context
        self._host = host
        self._identity = _identity(host)
        self._wrong = wrong
        self._lenient = lenient

    def clientConnectionForTLS(self, protocol: TLSMemoryBIOProtocol) -> SSL.Connection:  # noqa: N802
        """A connection that verifies the chain and the name of the host."""
        connection = SSL.Connection(self._context)
        if isinstance(self._identity, DNS_ID):
            connection.set_tlsext_host_name(self._host.encode("ascii"))
        connection.set_verify(SSL.VERIFY_PEER, self._verify)
        return connection

    def _verify(self, _: SSL.Connection, certificate: crypto.X509, error: int, depth: int, ok: int) -> bool:
        """OpenSSL asks this for every certificate and every fault, from the root down to the host's own."""
        found = [] if ok else [_CHAIN.get(error, f"OpenSSL objects to the chain (number {error})")]
        if depth == 0 and not self._is_for_host(certificate):
            found.append(_OTHER_HOST)
        self._wrong.extend(words for words in found if words not in self._wrong)
        return self._lenient or not found

    def _is_for_host(self, certificate: crypto.X509) -> bool:
        try:
            verify_service_identity(extract_patterns(certificate), [self._identity], [])
        except (CertificateError, VerificationError):
            return False
        return True


def _identity(host: str) -> ServiceID:
    try:
        ip_address(host)
    except ValueError:
        return DNS_ID(host)
    return IPAddress_ID(host)


def _context(trust: TlsTrust) -> SSL.Context:
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_min_proto_version(SSL.TLS1_VERSION if trust.lenient else SSL.TLS1_2_VERSION)
    if trust.lenient:
        context.set_cipher_list(b"ALL:!aNULL:!eNULL:@SECLEVEL=0")
        context.set_options(_LEGACY_SERVER_CONNECT)
    context.set_default_verify_paths()
    context.load_verify_locations(certifi.where())
    if trust.certificates is not None:
        _add_certificates(context, trust.certificates)
    return context


def _add_certificates(context: SSL.Context, path: str) -> None:
    try:
        context.load_verify_locations(path)
    except SSL.Error:
        raise BrokenChain(f"the file {path} (certificates) holds no certificates in PEM") from None
    store = context.get_cert_store()
    if store is not None:
        # The file may hold an issuer, or the host's own certificate, without what stands above it.
        store.set_flags(crypto.X509StoreFlags.PARTIAL_CHAIN)


def words_of(error: SSL.Error) -> str:
    """What OpenSSL says of a handshake, in plain words."""
    said = "; ".join(_reasons(error)) or "it broke off the handshake"
    return next((words for part, words in _HANDSHAKE if part in said.lower()), said)


def _reasons(error: SSL.Error) -> Iterator[str]:
    """The last part of each entry of OpenSSL's queue."""
    for entry in error.args[0] if error.args and isinstance(error.args[0], list) else ():
        if entry[-1]:
            yield str(entry[-1])


def noted(response: Response) -> str:
    """What was wrong with the TLS of a page that was taken all the same; empty if nothing was."""
    return next((flag.removeprefix(FLAG) for flag in response.flags if flag.startswith(FLAG)), "")
