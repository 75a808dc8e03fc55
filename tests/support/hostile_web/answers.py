"""Hostile answers that are too large or too slow; the limit assumed is 1 MB."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from archive.crawl.records import VisitOutcome
from tests.support.hostile_web.server import Caller, Case

REFUSED, ERROR, PAGE = VisitOutcome.REFUSED, VisitOutcome.ERROR, VisitOutcome.PAGE
MEGABYTE = 1 << 20
Serve = Callable[[Caller], None]


def bomb(megabytes: int, window_bits: int) -> bytes:
    """Zeros, packed a thousandfold, by repeating one packed block of 16 MB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, window_bits)
    zeros = bytes(16 * MEGABYTE)
    first = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + again * max(megabytes // 16 - 1, 0) + packer.flush()


packed_bomb = cache(bomb)


def answer(body: bytes = b"fine", *headers: str, **named: str) -> Serve:
    return lambda caller: caller.answer(body, *headers, **named)  # type: ignore[arg-type]


def raw(*parts: bytes | str) -> Serve:
    return lambda caller: caller.send(*parts)


def to(location: str) -> Serve:
    return lambda caller: caller.redirect(location)


def then(*first: bytes | str, again: bytes, pause: float = 0.0) -> Serve:
    def serve(caller: Caller) -> None:
        caller.send(*first)
        caller.endlessly(again, pause)

    return serve


def nothing(caller: Caller) -> None:
    caller.silence()


def growing(caller: Caller) -> None:
    caller.redirect(f"{caller.path}/{'on' * 900}")


def slow_hop(caller: Caller) -> None:
    caller.socket.settimeout(0.7)
    try:
        caller.socket.recv(1)
    except TimeoutError:
        caller.redirect(caller.path + "/on")


def staying(caller: Caller) -> None:
    caller.answer_and_stay(b"fine")


OK = "HTTP/1.1 200 OK\r\n"
CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n"
HTML = "Content-Type: text/html; charset=utf-8"

SIZE = [
    Case(
        "length-huge",
        then(OK, "Content-Length: 1000000000000\r\n\r\n", again=b"x" * 9999),
        REFUSED,
        "larger than 1 MB (download_megabytes)",
    ),
    Case(
        "length-beyond-numbers",
        raw(OK, "Content-Length: " + "9" * 5000, "\r\n\r\nx"),
        ERROR,
        "Content-Length",
    ),
    Case("body-endless", then(OK, "\r\n", again=b"x" * 9999), REFUSED, "larger than 1 MB"),
    Case(
        "chunks-endless", then(CHUNKED, again=b"400\r\n" + b"x" * 1024 + b"\r\n"), REFUSED, "larger than 1 MB"
    ),
    Case(
        "chunk-of-2-63", then(CHUNKED, "8000000000000000\r\n", again=b"x" * 9999), REFUSED, "larger than 1 MB"
    ),
    Case("chunk-of-2-63-then-gone", raw(CHUNKED, "8000000000000000\r\nxyz"), ERROR, "broke off"),
    Case("trailers-endless", then(CHUNKED, "1\r\nx\r\n0\r\n", again=b"X-More: y\r\n" * 100), ERROR, "chunks"),
    Case(
        "bomb-gzip",
        lambda c: c.answer(packed_bomb(1024, 31), "Content-Encoding: gzip"),
        REFUSED,
        "larger than 1 MB when unpacked (download_megabytes)",
    ),
    Case(
        "bomb-deflate",
        lambda c: c.answer(packed_bomb(1024, 15), "Content-Encoding: deflate"),
        REFUSED,
        "when unpacked",
    ),
    Case(
        "bomb-raw-deflate",
        lambda c: c.answer(packed_bomb(1024, -15), "Content-Encoding: deflate"),
        REFUSED,
        "when unpacked",
    ),
    Case(
        "bomb-in-gzip",
        lambda c: c.answer(gzip.compress(packed_bomb(1024, 31)), "Content-Encoding: gzip, gzip"),
        REFUSED,
        "when unpacked",
    ),
    Case(
        "bomb-in-many-headers",
        lambda c: c.answer(
            gzip.compress(packed_bomb(64, 31)), "Content-Encoding: gzip", "Content-Encoding: gzip"
        ),
        REFUSED,
        "when unpacked",
    ),
    Case(
        "bomb-three-layers",
        lambda c: c.answer(packed_bomb(64, 31), "Content-Encoding: gzip,gzip,gzip"),
        REFUSED,
        "packed 3 times",
    ),
    Case(
        "bomb-thousand-layers",
        answer(b"x", "Content-Encoding: " + "gzip," * 1000),
        REFUSED,
        "packed 1000 times",
    ),
    Case(
        "bomb-many-parts",
        lambda c: c.answer(gzip.compress(b"") * 40_000, "Content-Encoding: gzip"),
        REFUSED,
        "parts",
    ),
    Case("bomb-brotli", answer(b"\x1b\xff\xff\xff" * 99, "Content-Encoding: br"), ERROR, "'br'"),
    Case("bomb-zstd", answer(b"\x28\xb5\x2f\xfd" * 99, "Content-Encoding: zstd"), ERROR, "'zstd'"),
    Case("header-endless-line", then(OK, "X: ", again=b"y" * 9999), REFUSED, "longer than 16 KB"),
    Case("header-100-mb", raw(OK, "X: " + "y" * 100 * MEGABYTE + "\r\n\r\n"), REFUSED, "longer than 16 KB"),
    Case(
        "headers-endless",
        then(OK, again=b"X-Again: yes\r\n" * 500),
        REFUSED,
        "headers are larger than 256 KB",
    ),
    Case(
        "header-folded-endless",
        then(OK, "X: y\r\n", again=b" and so on\r\n" * 500),
        REFUSED,
        "larger than 256 KB",
    ),
    Case(
        "cookies-flood",
        lambda c: c.answer(b"fine", *(f"Set-Cookie: n{n}=v; Path=/" for n in range(5000))),
        PAGE,
        "fine",
    ),
    Case(
        "cookies-flood-too-large",
        lambda c: c.answer(b"", *(f"Set-Cookie: n{n}={'v' * 4000}" for n in range(999))),
        REFUSED,
        "larger than 256 KB",
    ),
    Case("1xx-endless", then(again=b"HTTP/1.1 100 Continue\r\n\r\n" * 200), REFUSED, "larger than 256 KB"),
]

_SLOW = [
    Case("never-answers", nothing, REFUSED, "took longer than 2 s (download_seconds)"),
    Case("never-reads", nothing, REFUSED, "took longer", door="mute"),
    Case("never-accepts", nothing, REFUSED, "took longer", door="full"),
    Case("drip-status", then("HTTP/1", again=b"1", pause=0.1), REFUSED, "took longer"),
    Case("drip-headers", then(OK, "X: ", again=b"y", pause=0.1), REFUSED, "took longer"),
    Case("drip-1xx", then(again=b"HTTP/1.1 102 Processing\r\n\r\n", pause=0.1), REFUSED, "took longer"),
    Case(
        "drip-body", then(OK, "Content-Length: 100000\r\n\r\n", again=b"x", pause=0.1), REFUSED, "took longer"
    ),
    Case("drip-body-endless", then(OK, "\r\n", again=b"x", pause=0.1), REFUSED, "took longer"),
    Case("drip-chunks", then(CHUNKED, again=b"1\r\nx\r\n", pause=0.1), REFUSED, "took longer"),
    Case(
        "stalls-in-body",
        lambda c: (c.send(OK, "Content-Length: 9\r\n\r\nx"), c.silence()),
        REFUSED,
        "took longer",
    ),
    Case("tls-stalls", nothing, REFUSED, "took longer", door="tls-stalled"),
    Case("tls-never-answers", nothing, REFUSED, "took longer", door="tls-good", trusted=True),
    Case(
        "tls-drips",
        then(OK, "\r\n", again=b"x", pause=0.1),
        REFUSED,
        "took longer",
        door="tls-good",
        trusted=True,
    ),
]
TIME = [replace(case, seconds=2) for case in _SLOW]
