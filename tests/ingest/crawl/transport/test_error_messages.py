"""Reasons: one line of plain words for all that Scrapy, Twisted, OpenSSL and we ourselves can raise."""

from __future__ import annotations

import contextlib
import inspect
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st
from OpenSSL import SSL
from scrapy import Request, exceptions
from scrapy.http import Response
from scrapy.settings import default_settings
from twisted.internet import error as internet
from twisted.python.failure import Failure
from twisted.web._newclient import RequestTransmissionFailed, ResponseFailed, ResponseNeverReceived
from twisted.web.http import _DataLoss, _MalformedChunkedDataError

from archive.crawl.records import VisitOutcome
from ingest.crawl.config import Plan
from ingest.crawl.scrapy_settings import safe_settings
from ingest.crawl.transport import tls
from ingest.crawl.transport.error_messages import dead_end, explain
from ingest.crawl.transport.errors import Broken, BrokenChain, Refused

META = {"download_timeout": 300, "download_maxsize": 200 << 20, "guidang_tls": "verify"}
REQUEST = Request("https://www.a.test:8443/年报.pdf", meta=META)


def _wrapped(inner: Exception, *around: type[Exception]) -> Exception:
    """As Scrapy and Twisted hand it on: in a list of failures, or as the cause."""
    for kind in around:
        if issubclass(kind, ResponseFailed | RequestTransmissionFailed):
            inner = kind([Failure(inner)])
        else:
            outer = kind("said in passing")
            outer.__cause__ = inner
            inner = outer
    return inner


FAILED = exceptions.DownloadFailedError
LOST = exceptions.ResponseDataLossError
CASES = [
    (Refused("too private"), VisitOutcome.REFUSED, "too private"),
    (
        _wrapped(Refused("its headers are endless"), ResponseFailed, FAILED),
        VisitOutcome.REFUSED,
        "headers are endless",
    ),
    (_wrapped(Broken("no HTTP"), ResponseNeverReceived, FAILED), VisitOutcome.ERROR, "no HTTP"),
    (BrokenChain("expired"), VisitOutcome.ERROR, 'TLS: expired (tls = "record" takes it all the same'),
    (exceptions.DownloadTimeoutError("x"), VisitOutcome.REFUSED, "took longer than 300 s (download_seconds)"),
    (exceptions.DownloadCancelledError("x"), VisitOutcome.REFUSED, "larger than 200 MB (download_megabytes)"),
    (exceptions.StopDownload(), VisitOutcome.REFUSED, "cut off by our own rules"),
    (exceptions.NotSupported("x"), VisitOutcome.REFUSED, "https is neither"),
    (
        exceptions.IgnoreRequest("Forbidden by robots.txt"),
        VisitOutcome.REFUSED,
        "robots.txt forbids it (robots)",
    ),
    (
        exceptions.IgnoreRequest("Filtered offsite request to 'b.test'"),
        VisitOutcome.REFUSED,
        "'b.test' is none of",
    ),
    (exceptions.IgnoreRequest("max redirections reached"), VisitOutcome.ERROR, "redirected too often"),
    (
        exceptions.IgnoreRequest("the site's budget is spent"),
        VisitOutcome.REFUSED,
        "the site's budget is spent",
    ),
    (
        exceptions.CannotResolveHostError("x"),
        VisitOutcome.ERROR,
        "the name of www.a.test:8443 cannot be resolved",
    ),
    (exceptions.DownloadConnectionRefusedError("x"), VisitOutcome.ERROR, "www.a.test:8443 refuses"),
    (
        _wrapped(internet.ConnectionDone("x"), ResponseFailed, FAILED),
        VisitOutcome.ERROR,
        "broke off the connection",
    ),
    (_wrapped(internet.ConnectionLost("x"), RequestTransmissionFailed), VisitOutcome.ERROR, "broke off"),
    (_wrapped(_DataLoss(), ResponseFailed, LOST), VisitOutcome.ERROR, "broke off before its end"),
    (_wrapped(_MalformedChunkedDataError("x"), ResponseFailed, LOST), VisitOutcome.ERROR, "chunks"),
    (internet.NoRouteError(), VisitOutcome.ERROR, "cannot be reached"),
    (internet.TCPTimedOutError(), VisitOutcome.ERROR, "cannot be reached"),
    (
        _wrapped(SSL.Error([("a", "b", "c")]), ResponseFailed, FAILED),
        VisitOutcome.ERROR,
        "TLS: the handshake failed",
    ),
    (
        ValueError("Missing scheme in request url: javascript:x"),
        VisitOutcome.REFUSED,
        "javascript:x, which is neither",
    ),
    (ValueError("Invalid IPv6 URL"), VisitOutcome.ERROR, "makes no sense: Invalid IPv6 URL"),
    (RuntimeError("something\r\nelse\0"), VisitOutcome.ERROR, "unexpectedly: something else"),
    (RuntimeError(), VisitOutcome.ERROR, "nothing more is known"),
]


@pytest.mark.parametrize(("failure", "outcome", "words"), CASES, ids=lambda value: type(value).__name__)
def test_a_failure_is_put_in_words(failure: Exception, outcome: VisitOutcome, words: str) -> None:
    said = explain(failure, REQUEST)
    assert said[0] == outcome
    assert words in said[1]


def _kinds() -> list[type[Exception]]:
    found = [
        kind for module in (exceptions, internet) for _, kind in inspect.getmembers(module, inspect.isclass)
    ]
    kinds = [kind for kind in found if issubclass(kind, Exception) and not issubclass(kind, Warning)]
    return [*kinds, SSL.Error, socket.gaierror, UnicodeError, KeyError, MemoryError, RecursionError]


def _made(kind: type[Exception], arguments: int) -> Exception | None:
    with contextlib.suppress(TypeError):
        return kind(*["x"] * arguments)
    return None


@pytest.mark.parametrize("kind", _kinds(), ids=lambda kind: kind.__name__)
def test_no_class_and_no_second_line_is_shown_of_any_exception(kind: type[Exception]) -> None:
    wanted = 0
    while (failure := _made(kind, wanted)) is None:
        wanted += 1
    outcome, words = explain(_wrapped(failure, ResponseFailed, FAILED), REQUEST)
    assert outcome in (VisitOutcome.REFUSED, VisitOutcome.ERROR)
    assert words.isprintable()
    assert kind.__name__ not in words


@given(st.text(max_size=2000))
def test_a_reason_is_one_short_line_whatever_was_said(text: str) -> None:
    for failure in (Refused(text), RuntimeError(text), exceptions.IgnoreRequest(text)):
        _, words = explain(failure, REQUEST)
        assert len(words) <= 300
        assert words.isprintable()


def test_under_record_no_remedy_is_offered() -> None:
    request = REQUEST.replace(meta=META | {"guidang_tls": "record"})
    assert explain(BrokenChain("expired"), request) == (VisitOutcome.ERROR, "TLS: expired")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("unsafe legacy renegotiation disabled", "unsafe renegotiation"),
        ("unsupported protocol", "old TLS"),
        ("tlsv1 alert protocol version", "old TLS"),
        ("ssl/tls alert handshake failure", "no cipher in common"),
        ("dh key too small", "Diffie-Hellman"),
        ("wrong signature type", "weak hash"),
        ("something new", "something new"),
    ],
)
def test_the_words_of_openssl_are_put_plainly(said: str, words: str) -> None:
    assert words in tls.words_of(SSL.Error([("SSL routines", "", said)]))
    assert tls.words_of(SSL.Error()) == "it broke off the handshake"


def test_a_file_without_certificates_is_named(tmp_path: object) -> None:
    with pytest.raises(BrokenChain, match=r"nothing\.pem .*certificates"):
        tls.TlsPolicy(tls.TlsTrust(certificates=f"{tmp_path}/nothing.pem"))


@pytest.mark.parametrize(
    ("status", "location", "outcome"),
    [
        (302, "file:///etc/passwd", VisitOutcome.REFUSED),
        (302, "", VisitOutcome.ERROR),
        (300, "http://a.test/", VisitOutcome.ERROR),
        (304, "", None),
        (200, "ftp://a.test/", None),
    ],
)
def test_a_redirect_that_leads_nowhere_is_no_page(
    status: int, location: str, outcome: VisitOutcome | None
) -> None:
    headers = {"Location": location} if location else {}
    said = dead_end(Response("http://a.test/", status=status, headers=headers))
    assert (said and said[0]) == outcome


def test_the_settings_leave_only_guarded_ways_out() -> None:
    plan = Plan.model_validate(
        {"crawl": {"download_megabytes": 5}, "site": [{"name": "x", "start": ["http://a.test/"]}]}
    )
    settings = safe_settings(plan)
    handlers = settings["DOWNLOAD_HANDLERS"]
    assert isinstance(handlers, dict)
    assert {scheme for scheme, handler in handlers.items() if handler is not None} == {"http", "https"}
    assert set(handlers) >= set(default_settings.DOWNLOAD_HANDLERS_BASE)
    assert settings["DOWNLOAD_MAXSIZE"] == 5 << 20
    assert settings["GUIDANG_ALLOW_PRIVATE"] == []
