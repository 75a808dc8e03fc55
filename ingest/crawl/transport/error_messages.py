"""Why a download failed: every exception in one line of plain words, as our own rule or as an error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from OpenSSL import SSL
from scrapy import Request
from scrapy import exceptions as scrapy_says
from scrapy.http import Response
from twisted.internet import error as twisted_says
from twisted.python.failure import Failure
from twisted.web.http import _MalformedChunkedDataError

from archive.crawl.records import VisitOutcome
from ingest.crawl.transport.errors import Broken, BrokenChain, Refused, megabytes

_LONGEST = 300
_REMEDY = ' (tls = "record" takes it all the same and notes this, certificates = "FILE" trusts more)'


def explain(failure: BaseException, request: Request) -> tuple[VisitOutcome, str]:
    """What became of a request that failed, and why.

    Args:
        failure: what an errback was given (its `value`).
        request: the request that failed, with its limits in `meta`.

    Returns:
        REFUSED for what our own rules forbid or cut, ERROR for all else; and one
        line of at most 300 characters that names the setting where there is one.
    """
    cause = cause_of(failure)
    for outcome, kinds, words in _TABLE:
        for error in (failure, cause):
            if isinstance(error, kinds):
                return outcome, one_line(words.format(**_facts(error, request)))
    outcome, said = _by_message(cause)
    return outcome, one_line(said)


def dead_end(response: Response) -> tuple[VisitOutcome, str] | None:
    """What became of a redirect that was not followed: an answer 3xx that reached the spider; else None."""
    if not 300 <= response.status < 400 or response.status == 304:
        return None
    location = (response.headers.get("Location") or b"").decode("latin-1")
    scheme = re.match(r"\s*([a-zA-Z][a-zA-Z0-9+.-]*):", location)
    if scheme and scheme[1].lower() not in ("http", "https"):
        return VisitOutcome.REFUSED, one_line(f"redirected to {location}, which is neither http nor https")
    return VisitOutcome.ERROR, one_line(f"redirected (status {response.status}) to nowhere: {location!r}")


def one_line(text: str) -> str:
    """A text in one line of bounded length without characters that cannot be seen."""
    line = re.sub(r"\s+", " ", "".join(sign if sign.isprintable() else " " for sign in text)).strip()
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def cause_of(error: BaseException) -> BaseException:
    """The error at the root of those that Scrapy and Twisted wrap around it; ours come first."""
    errors = list(_behind(error, 0))
    return next((one for one in errors if isinstance(one, Refused | Broken)), errors[-1])


def _behind(error: BaseException, depth: int) -> Iterator[BaseException]:
    """The error, what it was raised from, and the first of the reasons that Twisted gives."""
    yield error
    reasons = getattr(error, "reasons", None)
    inner = reasons[0] if reasons else error.__cause__
    inner = inner.value if isinstance(inner, Failure) else inner
    if isinstance(inner, BaseException) and depth < 8:
        yield from _behind(inner, depth + 1)


def _facts(error: BaseException, request: Request) -> dict[str, str]:
    """What the sentences below may name."""
    meta = request.meta
    return {
        "said": str(error),
        "host": urlsplit(request.url).netloc.rpartition("@")[2],
        "scheme": urlsplit(request.url).scheme,
        "seconds": f"{float(meta.get('download_timeout') or 0):g}",
        "remedy": "" if meta.get("guidang_tls") == "record" else _REMEDY,
        "megabytes": megabytes(meta.get("download_maxsize") or 0),
    }


# First match wins; the special stands before the general.
_TABLE: tuple[tuple[VisitOutcome, type[BaseException] | tuple[type[BaseException], ...], str], ...] = (
    (VisitOutcome.REFUSED, Refused, "{said}"),
    (VisitOutcome.ERROR, BrokenChain, "TLS: {said}{remedy}"),
    (VisitOutcome.ERROR, Broken, "{said}"),
    (
        VisitOutcome.REFUSED,
        scrapy_says.DownloadTimeoutError,
        "took longer than {seconds} s (download_seconds)",
    ),
    (
        VisitOutcome.REFUSED,
        scrapy_says.DownloadCancelledError,
        "larger than {megabytes} MB (download_megabytes)",
    ),
    (
        VisitOutcome.REFUSED,
        (scrapy_says.NotSupported, scrapy_says.UnsupportedURLSchemeError),
        "{scheme} is neither http nor https",
    ),
    (VisitOutcome.REFUSED, scrapy_says.StopDownload, "the download was cut off by our own rules"),
    (VisitOutcome.ERROR, scrapy_says.CannotResolveHostError, "the name of {host} cannot be resolved"),
    (VisitOutcome.ERROR, scrapy_says.DownloadConnectionRefusedError, "{host} refuses the connection"),
    (VisitOutcome.ERROR, twisted_says.DNSLookupError, "the name of {host} cannot be resolved"),
    (VisitOutcome.ERROR, twisted_says.ConnectionRefusedError, "{host} refuses the connection"),
    (VisitOutcome.ERROR, twisted_says.ConnectError, "{host} cannot be reached"),
    (VisitOutcome.ERROR, SSL.Error, "TLS: the handshake failed"),
    (VisitOutcome.ERROR, _MalformedChunkedDataError, "its chunks (Transfer-Encoding) make no sense"),
    (VisitOutcome.ERROR, scrapy_says.ResponseDataLossError, "the answer broke off before its end"),
    (
        VisitOutcome.ERROR,
        twisted_says.ConnectionClosed,
        "{host} broke off the connection without a whole answer",
    ),
)


def _by_message(error: BaseException) -> tuple[VisitOutcome, str]:
    """Scrapy tells some things apart by their text only."""
    said = str(error)
    if isinstance(error, scrapy_says.IgnoreRequest):
        if "robots.txt" in said:
            return VisitOutcome.REFUSED, "robots.txt forbids it (robots)"
        if "offsite" in said:
            return VisitOutcome.REFUSED, f"{said.rpartition(' ')[2]} is none of the site's hosts (hosts)"
        if "max redirections" in said:
            return VisitOutcome.ERROR, "redirected too often, perhaps in a circle"
        return VisitOutcome.REFUSED, said
    if isinstance(error, ValueError) and "scheme" in said:
        return (
            VisitOutcome.REFUSED,
            f"redirected to {said.rpartition(' ')[2]}, which is neither http nor https",
        )
    if isinstance(error, ValueError):
        return VisitOutcome.ERROR, f"an address on the way makes no sense: {said}"
    return VisitOutcome.ERROR, f"it failed unexpectedly: {said or 'nothing more is known'}"
