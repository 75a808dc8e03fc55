"""What comes over the wire of one connection: Scrapy's parser, with a limit on headers and no patience."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.http11 import (
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from twisted.web._newclient import ParseError
from twisted.web.http_headers import InvalidHeaderName

from ingest.crawl.transport.errors import Broken, Refused

if TYPE_CHECKING:
    from twisted.internet.defer import Deferred
    from twisted.internet.interfaces import IAddress
    from twisted.python.failure import Failure
    from twisted.web._newclient import Request
    from twisted.web.iweb import IResponse

# More than any real site sends, cookies included, and as much as Chromium takes.
MOST_HEADER_BYTES = 256 * 1024


class ResponseParser(_LenientHTTPClientParser):
    """Counts the bytes of status lines and headers, those of 1xx answers before the real one too.

    Raises Broken and Refused into the connection, which then fails with them.
    """

    _header_bytes = 0

    def lineReceived(self, line: bytes) -> None:  # noqa: N802
        self._header_bytes += len(line) + 1
        if self._header_bytes > MOST_HEADER_BYTES:
            raise Refused(f"its headers are larger than {MOST_HEADER_BYTES // 1024} KB")
        super().lineReceived(line)

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: N802
        if not hasattr(self, "response"):
            raise _not_http(line)
        raise Refused(f"a header of it is longer than {self.MAX_LENGTH // 1024} KB")

    def statusReceived(self, status: bytes) -> None:  # noqa: N802
        if not status.startswith(b"HTTP/"):
            raise _not_http(status)
        try:
            super().statusReceived(status)  # type: ignore[no-untyped-call]
        except ParseError:
            raise _not_http(status) from None

    def headerReceived(self, name: bytes, value: bytes) -> None:  # noqa: N802
        # A line with an impossible name is passed over, as browsers do.
        with suppress(InvalidHeaderName):
            super().headerReceived(name, value)  # type: ignore[no-untyped-call]

    def allHeadersReceived(self) -> None:  # noqa: N802
        try:
            super().allHeadersReceived()  # type: ignore[no-untyped-call]
        except ValueError:
            raise Broken("its Content-Length makes no sense") from None
        except KeyError:
            raise Broken("it sent a Transfer-Encoding other than chunked") from None


def _not_http(line: bytes) -> Broken:
    return Broken(f"it does not speak HTTP: {line[:40].decode('latin-1')!a}")


class ClientProtocol(_LenientHTTP11ClientProtocol):
    """A connection that is cut at once when it is done with."""

    def request(self, request: Request) -> Deferred[IResponse]:
        answer = super().request(request)
        if self._parser is not None:
            # The parser's class is fixed where it is made; Scrapy puts its own in its place the same way.
            self._parser.__class__ = ResponseParser
        return answer

    def _giveUp(self, reason: Failure) -> None:  # noqa: N802
        # Closing politely would wait for the other side, which may go on sending, or never close.
        if self.transport is not None:
            self.transport.abortConnection()
        self._disconnectParser(reason)  # type: ignore[no-untyped-call]


class ClientFactory(_LenientHTTP11ClientFactory):
    """Makes such connections for a pool."""

    def buildProtocol(self, addr: IAddress | None) -> ClientProtocol:  # noqa: N802
        return ClientProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
