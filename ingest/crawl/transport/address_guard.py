"""Which addresses a connection may go to: only public ones, checked at the moment of connecting.

A name can mean one address when it is checked and another when it is used, and
`http://2130706433/` is 127.0.0.1 written otherwise. So nothing is decided from
an address as it stands in a page: the one place that opens a connection is
handed numbers only, and those numbers are what is checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from twisted.internet.interfaces import (
    IConnector,
    IDelayedCall,
    IHostnameResolver,
    IReactorPluggableNameResolver,
    IReactorTime,
)
from zope.interface import implementer  # type: ignore[import-untyped]

from ingest.crawl.transport.errors import Refused

Address = IPv4Address | IPv6Address

# The registries of special addresses (RFC 6890 and later), and two that clouds answer on by themselves.
_SPECIAL: tuple[tuple[str, str], ...] = (
    ("0.0.0.0/8", "unspecified"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "shared by a provider's customers"),
    ("127.0.0.0/8", "this machine itself"),
    ("168.63.129.16/32", "a cloud's metadata service"),
    ("169.254.0.0/16", "link-local, where clouds keep their metadata"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "reserved"),
    ("192.0.2.0/24", "for documentation only"),
    ("192.88.99.0/24", "a relay to IPv6"),
    ("192.168.0.0/16", "private"),
    ("198.18.0.0/15", "for benchmarks only"),
    ("198.51.100.0/24", "for documentation only"),
    ("203.0.113.0/24", "for documentation only"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
    ("::/128", "unspecified"),
    ("::1/128", "this machine itself"),
    ("::ffff:0:0/96", "an IPv4 address in IPv6 clothes"),
    ("::/96", "an IPv4 address in IPv6 clothes"),
    ("2001::/23", "a tunnel or reserved"),
    ("2001:db8::/32", "for documentation only"),
    ("2002::/16", "a tunnel"),
    ("3fff::/20", "for documentation only"),
    ("fc00::/7", "private"),
    ("fe80::/10", "link-local"),
    ("fec0::/10", "private"),
    ("ff00::/8", "multicast"),
)
_NETWORKS = tuple((ip_network(network), words) for network, words in _SPECIAL)
# Outside of it no IPv6 address is public, except those of a NAT64 gateway, which stand for an IPv4 address.
_PUBLIC_IPV6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")

# What browsers refuse (the "bad ports" of the Fetch standard), and databases, remote desktops and caches.
# Sites on 81, 8080, 7001 and the like must stay open; nothing on these ports was ever a web site, and
# a page could have us write a line of its choice to a mail server or a Redis.
_OTHER_SERVICES = """
    0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115
    117 119 123 135 137 139 143 161 179 389 427 445 465 512 513 514 515 526 530 531 532 540 548 554 556
    563 587 601 636 873 989 990 993 995 1433 1521 1719 1720 1723 2049 2375 2376 3306 3389 3659 4045 4190
    5060 5061 5432 5900 6000 6379 6566 6665 6666 6667 6668 6669 6679 6697 10080 11211 27017
"""
_NO_WEB_PORTS = frozenset(int(port) for port in _OTHER_SERVICES.split())


class AddressGuard:
    """Says no to every address that is not a plain public one, unless it is in a network that is allowed.

    Args:
        allow_private: networks as in `[crawl] allow_private`, like `127.0.0.1` or `10.1.0.0/16`.
    """

    def __init__(self, allow_private: Iterable[str] = ()) -> None:
        self._allowed = tuple(ip_network(network, strict=False) for network in allow_private)

    def check(self, address: str) -> None:
        """Let a numeric address pass.

        Raises:
            Refused: it is not public, or not an address in numbers.
        """
        try:
            number = ip_address(address)
        except ValueError:
            raise Refused(f"{address} is no address in numbers") from None
        if _is_in(number, self._allowed):
            return
        words = _not_public(number)
        if words is not None:
            raise Refused(f"the address {address} is {words}; allow_private of [crawl] can allow it")

    @staticmethod
    def check_port(port: int) -> None:
        """Let a port pass. Raises Refused if no web site is ever on it."""
        if port in _NO_WEB_PORTS:
            raise Refused(f"port {port} belongs to another service than the web")


def _is_in(number: Address, networks: Iterable[IPv4Network | IPv6Network]) -> bool:
    """Whether it is in one of the networks; one with a zone (`fe80::1%eth0`) never is."""
    zone = getattr(number, "scope_id", None)
    return zone is None and any(number in network for network in networks)


def _not_public(number: Address) -> str | None:
    """What an address is, in words, if it is not a public one."""
    for network, words in _NETWORKS:
        if number in network:
            return words
    if isinstance(number, IPv6Address):
        if number.scope_id is not None:
            return "bound to one network card"
        if number in _NAT64:
            return _not_public(IPv4Address(int(number) & 0xFFFFFFFF))
        if number not in _PUBLIC_IPV6:
            return "reserved"
    # Newer releases of Python may know networks that the list above does not.
    return None if number.is_global or number in _NAT64 else "not public"


@implementer(IReactorPluggableNameResolver, IReactorTime)
class GuardedReactor:
    """The little of a reactor that an HTTP client needs, with the guard before the one way out.

    Twisted's endpoints resolve a name and then call `connectTCP` with each number
    that came of it. Everything else that opens connections is not here at all.
    """

    def __init__(self, reactor: Any, guard: AddressGuard) -> None:
        self._reactor = reactor
        self._guard = guard

    def connectTCP(self, host: str, port: int, *rest: Any, **named: Any) -> IConnector:  # noqa: N802
        """Connect to a numeric address. Raises Refused if the guard says no."""
        self._guard.check(host)
        self._guard.check_port(port)
        connector: IConnector = self._reactor.connectTCP(host, port, *rest, **named)
        return connector

    @property
    def nameResolver(self) -> IHostnameResolver:  # noqa: N802
        resolver: IHostnameResolver = self._reactor.nameResolver
        return resolver

    def installNameResolver(self, resolver: IHostnameResolver) -> IHostnameResolver:  # noqa: N802
        previous: IHostnameResolver = self._reactor.installNameResolver(resolver)
        return previous

    def seconds(self) -> float:
        return float(self._reactor.seconds())

    def callLater(self, *given: Any, **named: Any) -> IDelayedCall:  # noqa: N802
        call: IDelayedCall = self._reactor.callLater(*given, **named)
        return call

    def getDelayedCalls(self) -> Any:  # noqa: N802
        return self._reactor.getDelayedCalls()
