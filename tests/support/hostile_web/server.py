"""Servers that misbehave at the socket, on loopback only, and a trap that nobody may ever reach.

The hostile host is 127.0.0.9 (and .10 to .13 for bad robots.txt); an allow-list names those and no
other. The trap listens on one port of 127.0.0.1, 127.0.0.2 and ::1 and counts who comes. What there is
to try stands in the table of cases.py, for `visit.py` as for the real `guidang crawl`.
"""

from __future__ import annotations

import contextlib
import json
import re
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archive.crawl.records import VisitOutcome
from tests.support.hostile_web.certificates import Authority

HOST = "127.0.0.9"
ROBOTS_HOSTS = ("127.0.0.10", "127.0.0.11", "127.0.0.12", "127.0.0.13")
ALLOWED = (HOST, *ROBOTS_HOSTS)
TRAPS = ("127.0.0.1", "127.0.0.2", "::1")
# What a case may last if it is up to the crawler's time limit; endless servers give up after it.
PATIENCE = 20.0


@dataclass(frozen=True)
class Case:
    """One way to misbehave, and what must become of a visit.

    `serve` is given the connection and answers one request that was read. `door` is the kind of
    listener, `url` what to visit, with the names of `Hostile.places`; `outcome` None leaves it open, then
    only the trap and the time count. `word` is a piece of the reason, or of what is noted of TLS
    (`tls` "record"), or, for pages, of the body. `trusted` gives the site the certificates of our
    own authority, `seconds` is its `download_seconds`.
    """

    name: str
    serve: Callable[[Caller], None]
    outcome: VisitOutcome | None
    word: str = ""
    door: str = "plain"
    url: str = ""
    tls: str = "verify"
    trusted: bool = False
    seconds: float = 20


@dataclass
class Caller:
    """A connection that asked for something."""

    socket: socket.socket
    path: str
    places: dict[str, str]

    def send(self, *parts: bytes | str) -> None:
        for part in parts:
            self.socket.sendall(part.encode() if isinstance(part, str) else part)

    def answer(self, body: bytes = b"", *headers: str, status: str = "200 OK", length: bool = True) -> None:
        """An answer as it should be, with these headers too."""
        lines = [f"HTTP/1.1 {status}", *headers, "Connection: close"]
        if length:
            lines.append(f"Content-Length: {len(body)}")
        self.send("\r\n".join(lines) + "\r\n\r\n", body)

    def answer_and_stay(self, body: bytes) -> None:
        """Answer this request and all that follow on the same connection."""
        while True:
            self.send(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n", body)
            _asked_for(self.socket)

    def redirect(self, location: str) -> None:
        self.answer(b"", f"Location: {location.format(**self.places)}", status="302 Found")

    def endlessly(self, part: bytes, pause: float = 0.0) -> None:
        """Send the same again and again until the other side has enough."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.send(part)
            time.sleep(pause)

    def silence(self) -> None:
        self.socket.settimeout(PATIENCE)
        with contextlib.suppress(OSError):
            while self.socket.recv(4096):
                pass

    def reset(self) -> None:
        """Break off as a crashed server does."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


@dataclass
class Hostile:
    """All servers of the cases, running; `greeted` are the doors entered, `lasted` the seconds it took."""

    cases: dict[str, Case]
    authority: Authority
    places: dict[str, str] = field(default_factory=dict)
    trapped: list[str] = field(default_factory=list)
    greeted: list[str] = field(default_factory=list)
    lasted: dict[str, float] = field(default_factory=dict)
    sockets: list[socket.socket] = field(default_factory=list)

    def url(self, case: Case) -> str:
        if case.url:
            return case.url.format(**self.places)
        scheme = "https" if case.door.startswith("tls") else "http"
        return f"{scheme}://{HOST}:{self.places[case.door]}/{case.name}"

    def door_opens(self, door: str, connection: socket.socket) -> None:
        """Serve one connection to the end; whatever the other side does is well."""
        self.greeted.append(door)
        with contextlib.suppress(OSError, ssl.SSLError), connection:
            connection.settimeout(PATIENCE)
            usual = Hostile._tls if door.startswith("tls") else Hostile._plain
            _DOORS.get(door, usual)(self, door, connection)

    def _plain(self, door: str, connection: socket.socket) -> None:
        path = _asked_for(connection)
        host = connection.getsockname()[0]
        caller = Caller(connection, path, self.places)
        name = host if path == "/robots.txt" and host in self.cases else path.strip("/").partition("/")[0]
        if name not in self.cases:
            caller.answer(b"nothing here", status="404 Not Found")
            return
        began = time.monotonic()
        try:
            self.cases[name].serve(caller)
        finally:
            self.lasted[name] = time.monotonic() - began

    def _mute(self, door: str, connection: socket.socket) -> None:
        Caller(connection, "", self.places).silence()

    def _reset(self, door: str, connection: socket.socket) -> None:
        Caller(connection, "", self.places).reset()

    def _stalled(self, door: str, connection: socket.socket) -> None:
        connection.sendall(b"\x16\x03\x03\x00\x7a\x02\x00")
        Caller(connection, "", self.places).silence()

    def _babble(self, door: str, connection: socket.socket) -> None:
        connection.recv(4096)
        Caller(connection, "", self.places).endlessly(b"\x16\x03\x03\x40\x00" + b"\x02\x00\xff" * 5000)

    def _no_tls(self, door: str, connection: socket.socket) -> None:
        connection.recv(4096)
        Caller(connection, "", self.places).answer(status="400 Bad Request")

    def _tls(self, door: str, connection: socket.socket) -> None:
        with self.authority.server(door).wrap_socket(connection, server_side=True) as wrapped:
            self._plain(door, wrapped)


_DOORS: dict[str, Callable[[Hostile, str, socket.socket], None]] = {
    "mute": Hostile._mute,
    "reset": Hostile._reset,
    "tls-stalled": Hostile._stalled,
    "tls-babble": Hostile._babble,
    "tls-plain": Hostile._no_tls,
}


def _asked_for(connection: socket.socket) -> str:
    """Read a request, with the body of a POST; the path."""
    head = b""
    while b"\r\n\r\n" not in head:
        head += _received(connection)
    head, _, body = head.partition(b"\r\n\r\n")
    said = re.search(rb"content-length: (\d{1,4})\r", head + b"\r", re.I)
    while said and len(body) < int(said[1]):
        body += _received(connection)
    return head.split(b" ", 2)[1].decode("latin-1")


def _received(connection: socket.socket) -> bytes:
    more = connection.recv(65536)
    if not more:
        raise OSError("the other side went away")
    return more


def _listen(host: str, port: int = 0, backlog: int = 128) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(backlog)
    return listener


def _accept(listener: socket.socket, act: Callable[[socket.socket], None]) -> None:
    def loop() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=act, args=(connection,), daemon=True).start()

    threading.Thread(target=loop, daemon=True).start()


def _open_doors(hostile: Hostile) -> None:
    for door in sorted({case.door for case in hostile.cases.values()} | {"plain"}):
        listener = _listen(HOST, backlog=0 if door == "full" else 128)
        hostile.sockets.append(listener)
        hostile.places[door] = str(listener.getsockname()[1])
        if door == "closed":
            listener.close()
        elif door == "full":
            hostile.sockets += _fill(listener)
        else:
            _accept(listener, lambda connection, door=door: hostile.door_opens(door, connection))
    for host in ROBOTS_HOSTS:
        listener = _listen(host, int(hostile.places["plain"]))
        hostile.sockets.append(listener)
        _accept(listener, lambda connection: hostile.door_opens("plain", connection))


def _fill(listener: socket.socket) -> list[socket.socket]:
    """Take all places in a queue that nobody accepts from, so that the next one waits for ever."""
    waiting = []
    for _ in range(3):
        client = socket.socket()
        client.setblocking(False)
        client.connect_ex(listener.getsockname())
        waiting.append(client)
    return waiting


def _set_trap(hostile: Hostile) -> None:
    """The same port on every address that must not be reached."""
    listeners = [_listen(TRAPS[0])]
    port = listeners[0].getsockname()[1]
    listeners += [_listen(host, port) for host in TRAPS[1:]]
    hostile.places["trap"] = str(port)
    hostile.sockets += listeners
    for host, listener in zip(TRAPS, listeners, strict=True):
        _accept(listener, lambda connection, host=host: _count(hostile, host, connection))


def _count(hostile: Hostile, host: str, connection: socket.socket) -> None:
    hostile.trapped.append(host)
    with contextlib.suppress(OSError), connection:
        Caller(connection, "", hostile.places).answer(b"you are in the trap")


def sites_toml(hostile: Hostile) -> str:
    """SITES.toml with a site for each case, under the limits that the cases assume."""
    manners = f"[crawl]\nallow_private = {json.dumps(ALLOWED)}\ndownload_megabytes = 1\ndelay = 0\n"
    return manners + "".join(_site(hostile, case) for case in hostile.cases.values())


def _site(hostile: Hostile, case: Case) -> str:
    lines = [
        f"name = {json.dumps(case.name)}",
        f"start = {json.dumps([hostile.url(case)])}",
        f"tls = {json.dumps(case.tls)}",
        f"download_seconds = {case.seconds}",
        f"robots = {json.dumps('obey' if case.name in ROBOTS_HOSTS else 'ignore')}",
    ]
    if case.trusted:
        lines.append(f"certificates = {json.dumps(str(hostile.authority.bundle))}")
    return "\n[[site]]\n" + "\n".join(lines) + "\n"


@contextlib.contextmanager
def hostile_servers(cases: list[Case], folder: Path) -> Iterator[Hostile]:
    """Open all doors and set the trap; `folder` takes the certificates."""
    hostile = Hostile({case.name: case for case in cases}, Authority(folder))
    _set_trap(hostile)
    _open_doors(hostile)
    try:
        yield hostile
    finally:
        for one in hostile.sockets:
            one.close()
