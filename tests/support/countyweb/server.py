"""A server for many hosts of loopback that answers as it is told and writes down every request."""

from __future__ import annotations

import gzip
import re
import ssl
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate, parsedate_to_datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, unquote

from tests.support.countyweb.web import Answer, Asked, Reply, Validators

# The pages were last changed then, each night a day later.
FIRST_DAY = 1_735_000_000
_SESSION = re.compile(r";jsessionid=[0-9A-Z]+|(?<=[?&])sid=[0-9a-f]+&?", re.IGNORECASE)
KEPT = (Validators.ETAG, Validators.DATE)
GONE = Answer(b"<html><title>404</title><h1>Not Found</h1></html>", "text/html", 404)


@dataclass(frozen=True, slots=True)
class Hit:
    """A request. Times are seconds of a monotonic clock.

    `path` is as it was asked for, `plain` without session ids and escapes. `at_once` counts the
    requests that the host was answering when this one came, with it. `validates` tells that the
    answer can be asked for again with a condition that the host keeps.
    """

    host: str
    method: str
    path: str
    plain: str
    headers: Mapping[str, str]
    status: int
    size: int
    began: float
    ended: float
    at_once: int
    validates: bool

    @property
    def conditional(self) -> bool:
        """Whether it asked for the body only if that changed."""
        return bool({"if-none-match", "if-modified-since"} & set(self.headers))


@dataclass
class Log:
    """What was asked, and what is being asked right now; safe among threads."""

    hits: list[Hit] = field(default_factory=list)
    busy: Counter[str] = field(default_factory=Counter)
    open: Counter[str] = field(default_factory=Counter)
    most_open: Counter[str] = field(default_factory=Counter)
    times: Counter[str] = field(default_factory=Counter)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def begin(self, host: str, plain: str) -> tuple[int, int]:
        with self.changed:
            self.busy[host] += 1
            self.times[host + plain] += 1
            return self.busy[host], self.times[host + plain]

    def end(self, hit: Hit) -> None:
        with self.changed:
            self.busy[hit.host] -= 1
            self.hits.append(hit)
            self.changed.notify_all()

    def connected(self, host: str, by: int) -> None:
        with self.changed:
            self.open[host] += by
            self.most_open[host] = max(self.most_open[host], self.open[host])

    def wait_for(self, count: int, seconds: float) -> bool:
        """Wait until so many requests are answered; False if they were not in that time."""
        with self.changed:
            return self.changed.wait_for(lambda: len(self.hits) >= count, seconds)


def plain(path: str) -> str:
    """An address as the sites know it: without session ids, percent-escapes decoded."""
    return unquote(_SESSION.sub("", path).rstrip("?&"))


class Listener(ThreadingHTTPServer):
    """One host at one port; `replies` are changed from night to night."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, host: str, port: int, log: Log, tls: ssl.SSLContext | None = None) -> None:
        super().__init__((host, port), _Handler)
        self.host, self.log, self.tls = host, log, tls
        self.replies: Mapping[str, Reply] = {}
        self.day = FIRST_DAY
        self._dates: dict[str, tuple[bytes, int]] = {}

    def changed_at(self, path: str, body: bytes) -> int:
        """When the bytes at an address last changed, in seconds; those seen first are of the first day."""
        before, date = self._dates.get(path, (body, FIRST_DAY))
        self._dates[path] = (body, date if before == body else self.day)
        return self._dates[path][1]

    def get_request(self):  # type: ignore[no-untyped-def]
        connection, address = super().get_request()
        if self.tls is not None:
            connection = self.tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, address

    def handle_error(self, request: object, client_address: object) -> None:
        """A crawler that is killed, or refuses a certificate, hangs up: no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Listener

    def setup(self) -> None:
        super().setup()
        self.server.log.connected(self.server.host, 1)

    def finish(self) -> None:
        self.server.log.connected(self.server.host, -1)
        super().finish()

    def do_GET(self) -> None:
        began, log, host = time.monotonic(), self.server.log, self.server.host
        known = plain(self.path)
        at_once, times = log.begin(host, known)
        status, size, answer = 0, 0, GONE
        try:
            reply = self.server.replies.get(known, GONE)
            answer = reply(Asked(self.command, self.path, times)) if callable(reply) else reply
            time.sleep(answer.seconds)
            status, size = self._send(answer)
        finally:
            headers = {name.lower(): value for name, value in self.headers.items()}
            log.end(
                Hit(
                    host,
                    self.command,
                    self.path,
                    known,
                    headers,
                    status,
                    size,
                    began,
                    time.monotonic(),
                    at_once,
                    answer.validators in KEPT,
                )
            )

    do_HEAD = do_GET  # noqa: N815

    def _send(self, answer: Answer) -> tuple[int, int]:
        """Send an answer, or 304 if the validators say that nothing changed; its status and size."""
        own = self._validators(answer)
        status, body = answer.status, gzip.compress(answer.body, mtime=0) if answer.gzip else answer.body
        if answer.status == 200 and self._unchanged(answer, own):
            status, body = 304, b""
        self.send_response(status)
        for name, value in (own | dict(answer.headers)).items():
            self.send_header(name, quote(value, safe="/:?=&;%#") if name == "Location" else value)
        if status != 304:
            self.send_header("Content-Type", answer.media_type)
            self.send_header("Content-Length", str(len(body)))
            if answer.gzip:
                self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        return status, len(body)

    def _validators(self, answer: Answer) -> dict[str, str]:
        if answer.validators is Validators.NONE or answer.status != 200:
            return {}
        if answer.validators is Validators.DATE:
            return {"Last-Modified": formatdate(self._changed_at(answer), usegmt=True)}
        return {"ETag": f'"{sha256(answer.body).hexdigest()[:16]}"'}

    def _unchanged(self, answer: Answer, own: Mapping[str, str]) -> bool:
        if answer.validators is Validators.ETAG:
            return self.headers.get("If-None-Match", "") == own["ETag"]
        since = self.headers.get("If-Modified-Since")
        if answer.validators is Validators.DATE and since:
            return self._changed_at(answer) <= parsedate_to_datetime(since).timestamp()
        return False

    def _changed_at(self, answer: Answer) -> int:
        return self.server.changed_at(plain(self.path), answer.body)

    def log_message(self, *_: object) -> None:
        """The log is kept elsewhere."""
