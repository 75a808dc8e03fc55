"""The guard: which addresses may be connected to, and that nothing goes round it. Nothing here connects."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.address import IPv4Address as Place4
from twisted.internet.address import IPv6Address as Place6
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.interfaces import IHostnameResolver
from twisted.internet.protocol import Factory
from twisted.internet.task import Clock
from zope.interface import implementer

from ingest.crawl.transport.address_guard import AddressGuard, GuardedReactor
from ingest.crawl.transport.errors import Refused

PUBLIC = [
    "114.114.114.114",
    "1.1.1.1",
    "223.255.255.254",
    "2400:3200::1",
    "2606:4700::1111",
    "64:ff9b::101:101",
]
SPECIAL = [
    *("0.0.0.0", "0.1.2.3", "10.255.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254"),
    *("168.63.129.16", "169.254.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8"),
    *("192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.251"),
    *("239.255.255.250", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:8.8.8.8"),
    *("64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1", "2001:2::1"),
    *("2001:db8::1", "2002:7f00:1::", "2002:808:808::1", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254"),
    *("fe80::1", "fe80::1%eth0", "2400:3200::1%eth0", "fec0::1", "ff02::1", "4000::1", "e000::1"),
]
NO_NUMBERS = [
    *(
        "localhost",
        "example.org",
        "",
        "2130706433",
        "0x7f.1",
        "0x7f000001",
        "017700000001",
        "127.1",
        "127.0.0.01",
    ),
    *(
        "127.0.0.01",
        "1.1.1.1 ",
        "[::1]",
        "1.1.1.1:80",
        "１.1.1.1",
        "1.1.1",
        "::1/128",
        "1.1.1.1/32",
        "1.1.1.1\n",
    ),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_reached(address: str) -> None:
    AddressGuard().check(address)


@pytest.mark.parametrize("address", SPECIAL)
def test_a_special_address_may_not_be_reached(address: str) -> None:
    with pytest.raises(Refused, match="allow_private"):
        AddressGuard(["192.0.2.77"]).check(address)


@pytest.mark.parametrize("address", NO_NUMBERS)
def test_what_is_no_plain_number_may_not_be_reached_even_if_all_is_allowed(address: str) -> None:
    with pytest.raises(Refused, match="no address in numbers"):
        AddressGuard(["0.0.0.0/0", "::/0"]).check(address)


def test_the_allow_list_opens_what_it_names_and_nothing_else() -> None:
    guard = AddressGuard(["127.0.0.9", "10.1.0.0/16", "fd00::/8"])
    for address in ("127.0.0.9", "10.1.255.1", "fd00::1"):
        guard.check(address)
    for address in (
        "127.0.0.8",
        "10.2.0.1",
        "::ffff:127.0.0.9",
        "64:ff9b::7f00:9",
        "fe80::1",
        "fd00::1%eth0",
    ):
        with pytest.raises(Refused):
            guard.check(address)


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6), st.integers(0, 2**32 - 1).map(IPv4Address)))
def test_whatever_passes_is_public_by_the_rules_of_python_as_well(address: IPv4Address | IPv6Address) -> None:
    try:
        AddressGuard().check(str(address))
    except Refused:
        return
    embedded = IPv4Address(int(address) & 0xFFFFFFFF) if str(address).startswith("64:ff9b:") else address
    assert embedded.is_global
    assert not embedded.is_multicast


@given(st.ip_addresses(v=4))
def test_no_dress_makes_an_address_pass_that_does_not_pass_plainly(address: IPv4Address) -> None:
    number = int(address)
    dresses = (number, (0xFFFF << 32) + number, (0x2002 << 112) + (number << 80), (0x64FF9B << 96) + number)
    for dress in dresses:
        if _passes(str(IPv6Address(dress))):
            assert _passes(str(address))


def _passes(address: str) -> bool:
    try:
        AddressGuard().check(address)
    except Refused:
        return False
    return True


@pytest.mark.parametrize("port", [0, 22, 25, 53, 445, 3306, 5432, 6379, 6667, 11211, 27017])
def test_ports_of_other_services_are_refused(port: int) -> None:
    with pytest.raises(Refused, match=f"port {port} "):
        AddressGuard.check_port(port)


@pytest.mark.parametrize("port", [80, 81, 443, 800, 1080, 7001, 8000, 8080, 8081, 8443, 8888, 9090, 18080])
def test_ports_that_county_sites_use_are_open(port: int) -> None:
    AddressGuard.check_port(port)


@implementer(IHostnameResolver)
class _Answers:
    def __init__(self, addresses: list[str]) -> None:
        self.addresses = addresses

    def resolveHostName(self, receiver: Any, name: str, portNumber: int = 0, **_: Any) -> Any:  # noqa: N802, N803
        receiver.resolutionBegan(self)
        for address in self.addresses:
            kind = Place6 if isinstance(ip_address(address), IPv6Address) else Place4
            receiver.addressResolved(kind("TCP", address, portNumber))
        receiver.resolutionComplete()


class _Recorder(Clock):
    """Stands for the real reactor: writes down who would be connected to, and connects to nobody."""

    def __init__(self, addresses: list[str]) -> None:
        super().__init__()
        self.nameResolver = _Answers(addresses)
        self.connected: list[tuple[str, int]] = []

    def connectTCP(self, host: str, port: int, *_: Any, **__: Any) -> None:  # noqa: N802
        self.connected.append((host, port))


def _connect(addresses: list[str], port: int = 80) -> tuple[list[tuple[str, int]], list[Any]]:
    """Let Twisted connect to a name that means these addresses; whom it reaches, and what failed."""
    recorder = _Recorder(addresses)
    failures: list[Any] = []
    endpoint = HostnameEndpoint(GuardedReactor(recorder, AddressGuard()), "name.test", port)
    endpoint.connect(Factory()).addErrback(failures.append)
    for _ in addresses:
        recorder.advance(0.5)
    return recorder.connected, failures


@pytest.mark.parametrize("address", [one for one in SPECIAL if "%" not in one])
def test_a_name_for_a_special_address_reaches_nobody(address: str) -> None:
    connected, failures = _connect([address])
    assert connected == []
    assert failures[0].check(Refused)


def test_of_several_addresses_only_public_ones_are_tried() -> None:
    connected, failures = _connect(["10.0.0.1", "::1", "1.1.1.1", "169.254.169.254", "2400:3200::1"])
    assert connected == [("1.1.1.1", 80), ("2400:3200::1", 80)]
    assert failures == []


def test_the_port_is_checked_where_the_connection_is_made() -> None:
    connected, failures = _connect(["1.1.1.1"], port=25)
    assert connected == []
    assert "port 25" in str(failures[0].value)


def test_the_guarded_reactor_has_no_other_way_out() -> None:
    guarded = GuardedReactor(_Recorder([]), AddressGuard())
    ways = [name for name in dir(guarded) if name.startswith(("connect", "listen", "spawn", "adopt", "add"))]
    assert ways == ["connectTCP"]
