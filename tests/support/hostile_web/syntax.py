"""Hostile answers that are no HTTP, or only nearly, or are not what they say."""

from __future__ import annotations

import gzip
import os

from tests.support.hostile_web.answers import CHUNKED, ERROR, OK, PAGE, answer, nothing, raw, then
from tests.support.hostile_web.server import HOST, Caller, Case

PDF = b"%PDF-1.7 a report"


def reset_in_body(caller: Caller) -> None:
    caller.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x" * 1000)
    caller.reset()


def two_answers(caller: Caller) -> None:
    caller.send(
        "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"
    )


SYNTAX = [
    Case("closed-port", nothing, ERROR, "refuses the connection", door="closed"),
    Case("reset-at-once", nothing, ERROR, HOST, door="reset"),
    Case("reset-in-body", reset_in_body, ERROR, "broke off"),
    Case("empty-answer", raw(), ERROR, "broke off"),
    Case("http-0.9", raw("<html>hello</html>\n"), ERROR, "does not speak HTTP: '<html>hello"),
    Case("http-0.9-without-newline", raw("<html>hello"), ERROR, "broke off"),
    Case("ssh", raw("SSH-2.0-OpenSSH_9.2\r\n"), ERROR, "does not speak HTTP: 'SSH-2.0"),
    Case("smtp", raw("220 mail ESMTP\r\n"), ERROR, "does not speak HTTP: '220 mail"),
    Case("rtsp", raw("RTSP/1.0 200 OK\r\n\r\n"), ERROR, "does not speak HTTP: 'RTSP"),
    Case("noise", raw(bytes(range(256)) * 400), ERROR, "does not speak HTTP"),
    Case("noise-without-newline", then(again=b"\x00\xff" * 5000), ERROR, "does not speak HTTP"),
    Case("status-words", raw("HTTP/1.1 OK fine\r\n\r\n"), ERROR, "does not speak HTTP"),
    Case("status-999999", answer(status="999999 OK"), ERROR, "status 999999 does not exist"),
    Case("status-negative", answer(status="-200 OK"), ERROR, "status -200 does not exist"),
    Case("length-negative", raw(OK, "Content-Length: -5\r\n\r\nhello"), ERROR, "Content-Length"),
    Case("length-words", raw(OK, "Content-Length: many\r\n\r\nhello"), ERROR, "Content-Length"),
    Case(
        "length-twice",
        raw(OK, "Content-Length: 4\r\nContent-Length: 5\r\n\r\nfine!"),
        ERROR,
        "Content-Length",
    ),
    Case(
        "length-twice-the-same", raw(OK, "Content-Length: 4\r\nContent-Length: 4\r\n\r\nfine"), PAGE, "fine"
    ),
    Case("length-too-long", raw(OK, "Content-Length: 400\r\n\r\nfine"), ERROR, "broke off before its end"),
    Case("length-too-short", two_answers, PAGE, "fine"),
    Case(
        "length-and-chunks",
        raw(OK, "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfine\r\n0\r\n\r\n"),
        PAGE,
        "fine",
    ),
    Case("transfer-gzip", raw(OK, "Transfer-Encoding: gzip\r\n\r\nx"), ERROR, "Transfer-Encoding"),
    Case("chunks-unfinished", raw(CHUNKED, "4\r\nfine\r\n"), ERROR, "broke off before its end"),
    Case("chunks-nonsense", raw(CHUNKED, "zz\r\nfine\r\n0\r\n\r\n"), ERROR, "chunks"),
    Case("chunks-negative", raw(CHUNKED, "-4\r\nfine\r\n0\r\n\r\n"), ERROR, "chunks"),
    Case("chunk-line-endless", then(CHUNKED, "1;", again=b"x" * 999), ERROR, "chunks"),
    Case("nul-in-header", answer(b"x", "X-Odd: a\0b"), ERROR, "NUL"),
    Case("nul-in-header-name", answer(b"fine", "X-O\0dd: a"), PAGE, "fine"),
    Case("header-without-colon", answer(b"fine", "nonsense"), PAGE, "fine"),
    Case("header-name-with-space", answer(b"fine", "An odd name: x"), PAGE, "fine"),
    Case("bare-newlines", raw("HTTP/1.1 200 OK\nContent-Length: 4\n\nfine"), PAGE, "fine"),
]

ODDITIES = [
    Case("204-with-body", answer(b"there is one", status="204 No Content"), PAGE),
    Case("205-with-body", answer(b"fine", status="205 Reset Content"), PAGE, "fine"),
    Case(
        "206-unasked",
        answer(b"half", "Content-Range: bytes 0-3/8", status="206 Partial Content"),
        ERROR,
        "206",
    ),
    Case("304-unasked", answer(b"", status="304 Not Modified"), PAGE),
    Case("416-unasked", answer(b"fine", status="416 Range Not Satisfiable"), PAGE, "fine"),
    Case("500-for-ever", answer(b"fine", status="500 Oh"), PAGE, "fine"),
    Case("200-empty", answer(b""), PAGE),
    Case("200-empty-gzip", answer(b"", "Content-Encoding: gzip"), PAGE),
    Case("gzip-lie", answer(b"this is not packed", "Content-Encoding: gzip"), ERROR, "is not, or is damaged"),
    Case(
        "deflate-lie",
        answer(b"this is not packed", "Content-Encoding: deflate"),
        ERROR,
        "is not, or is damaged",
    ),
    Case(
        "gzip-torn",
        answer(gzip.compress(os.urandom(9000))[:5000], "Content-Encoding: gzip"),
        ERROR,
        "breaks off",
    ),
    Case(
        "gzip-wrong-sum",
        answer(gzip.compress(b"x" * 99)[:-8] + b"\0" * 8, "Content-Encoding: gzip"),
        ERROR,
        "damaged",
    ),
    Case(
        "gzip-in-two-parts",
        answer(gzip.compress(b"fi") + gzip.compress(b"ne"), "Content-Encoding: gzip"),
        PAGE,
        "fine",
    ),
    Case(
        "gzip-with-rubbish-behind",
        answer(gzip.compress(b"fine") + b"\0\0rubbish", "Content-Encoding: x-gzip"),
        PAGE,
        "fine",
    ),
    Case("encoding-unknown", answer(b"x", "Content-Encoding: ../../etc"), ERROR, "not asked for"),
    Case("pdf-as-bytes", answer(PDF, "Content-Type: application/octet-stream"), PAGE, "%PDF"),
    Case("program-as-pdf", answer(b"MZ\x90\0", "Content-Type: application/pdf"), PAGE, "MZ"),
    Case(
        "charset-nonsense", answer(b"fine", "Content-Type: text/html; charset=../../etc/passwd"), PAGE, "fine"
    ),
    Case(
        "name-climbs",
        answer(PDF, 'Content-Disposition: attachment; filename="../../hostile-was-here"'),
        PAGE,
        "%PDF",
    ),
    Case(
        "name-absolute",
        answer(PDF, "Content-Disposition: attachment; filename=/tmp/hostile-was-here"),
        PAGE,
        "%PDF",
    ),
    Case(
        "name-climbs-in-path",
        answer(PDF),
        PAGE,
        "nothing here",
        url=f"http://{HOST}:{{plain}}/..%2f..%2f..%2ftmp%2fhostile-was-here",
    ),
]
