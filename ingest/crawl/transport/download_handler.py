"""The download handler: Scrapy's own, with the guard before its connections and limits on what it lets in.

Scrapy bounds the time from the first look-up of a name to the last byte, and the
bytes of a body. What is added here: the guard at the moment of connecting, TLS
by site, a limit on headers (Twisted limits a line, not their number), one time
limit over redirects and retries, and no answer that only looks like one.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from OpenSSL import SSL
from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler, _ScrapyAgent
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.web.client import Agent, HTTPConnectionPool

from ingest.crawl.transport import tls
from ingest.crawl.transport.address_guard import AddressGuard, GuardedReactor
from ingest.crawl.transport.error_messages import cause_of
from ingest.crawl.transport.errors import Broken, BrokenChain, Refused
from ingest.crawl.transport.http_protocol import ClientFactory

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

# Addresses of this length come from a loop that makes each longer than the one before.
MOST_URL_BYTES = 4096
SPENT = "guidang_spent"


class GuardedDownloadHandler(HTTP11DownloadHandler):
    """For `http` and `https` in DOWNLOAD_HANDLERS; reads the setting GUIDANG_ALLOW_PRIVATE (networks).

    A request may say in its meta: `guidang_tls` ("verify" or "record"), `guidang_certificates`
    (path of a PEM file or None), `download_timeout` (seconds, over all redirects and retries),
    `download_maxsize` (bytes). What is wrong with TLS under "record" stands in `response.flags`
    as `tls: …`, see `tls.noted`. Raises Refused, Broken, and what Scrapy's handler raises;
    `reasons.explain` puts all of it in words.
    """

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        from twisted.internet import reactor

        self._reactor = GuardedReactor(
            reactor, AddressGuard(crawler.settings.getlist("GUIDANG_ALLOW_PRIVATE"))
        )
        self._default_timeout = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        self._ways: dict[tls.TlsTrust, tuple[tls.TlsPolicy, HTTPConnectionPool]] = {}
        self._complaints: dict[tuple[str, int], str] = {}

    async def download_request(self, request: Request) -> Response:
        _permit(request)
        request.meta.setdefault("download_maxsize", self._default_maxsize)
        limit = float(request.meta.get("download_timeout") or self._default_timeout)
        began = monotonic() - request.meta.get(SPENT, 0.0)
        try:
            response = await self._by_trust(request, began + limit)
        finally:
            request.meta["download_timeout"] = limit
            # A redirect or a retry takes a copy of this along.
            request.meta[SPENT] = monotonic() - began
        _examine(response)
        return response

    async def _by_trust(self, request: Request, deadline: float) -> Response:
        """Fetch strictly, or as the site's settings say when the strict way has failed there."""
        certificates = request.meta.get("guidang_certificates")
        strict = tls.TlsTrust(lenient=False, certificates=certificates)
        if urlsplit(request.url).scheme != "https" or request.meta.get("guidang_tls") != "record":
            return await self._fetch(request, strict, deadline)
        place = _place(request)
        if place not in self._complaints:
            try:
                return await self._fetch(request, strict, deadline)
            except BrokenChain as broken:
                self._complaints[place] = str(broken)
        lenient = tls.TlsTrust(lenient=True, certificates=certificates)
        response = await self._fetch(request, lenient, deadline)
        seen = self._way(lenient)[0].wrong.get(place, [])
        response.flags.append(tls.FLAG + "; ".join(dict.fromkeys((self._complaints[place], *seen))))
        return response

    async def _fetch(self, request: Request, trust: tls.TlsTrust, deadline: float) -> Response:
        """One download; what failed is raised as what it was at the root if that is one of ours."""
        left = deadline - monotonic()
        if left <= 0:
            raise Refused("the time for it, redirects and retries included, is used up (download_seconds)")
        request.meta["download_timeout"] = left
        policy, pool = self._way(trust)
        agent = _Agent(
            contextFactory=policy,  # type: ignore[arg-type]
            pool=pool,
            maxsize=self._default_maxsize,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
        )
        agent.reactor = self._reactor
        try:
            with wrap_twisted_exceptions():
                return await maybe_deferred_to_future(agent.download_request(request))
        except Exception as error:
            root = _root(error, policy, _place(request))
            if root is None:
                raise
            raise root from error

    def _way(self, trust: tls.TlsTrust) -> tuple[tls.TlsPolicy, HTTPConnectionPool]:
        """A pool for each trust, so that no connection made under one ever serves another."""
        if trust not in self._ways:
            pool = HTTPConnectionPool(self._reactor, persistent=True)  # type: ignore[no-untyped-call]
            pool.maxPersistentPerHost = self._pool.maxPersistentPerHost
            pool._factory = ClientFactory
            self._ways[trust] = tls.TlsPolicy(trust), pool
        return self._ways[trust]

    async def close(self) -> None:
        for _, pool in self._ways.values():
            self._pool = pool
            await super().close()


def _place(request: Request) -> tuple[str, int]:
    """Host and port of a request as Twisted names them."""
    parts = urlsplit(request.url)
    return (parts.hostname or "").rstrip("."), parts.port or (443 if parts.scheme == "https" else 80)


def _permit(request: Request) -> None:
    """Refuse what must not be asked for at all, on every hop. Raises Refused."""
    parts = urlsplit(request.url)
    if parts.scheme not in ("http", "https"):
        raise Refused(f"{parts.scheme} is neither http nor https")
    if request.meta.get("proxy"):
        raise Refused("it would go through a proxy, where nobody can check whom it reaches")
    if "@" in parts.netloc:
        raise Refused("the address carries a user name or password")
    if len(request.url) > MOST_URL_BYTES:
        raise Refused(f"the address is longer than {MOST_URL_BYTES} characters")


def _examine(response: Response) -> None:
    """Turn away answers that are none. Raises Broken."""
    if not 200 <= response.status <= 599:
        raise Broken(f"the status {response.status} does not exist")
    if response.status == 206:
        raise Broken("it sent a part (status 206), although all was asked for")
    if any(b"\0" in value for name in response.headers for value in response.headers.getlist(name)):
        raise Broken("there is a NUL in its headers")


def _root(error: Exception, policy: tls.TlsPolicy, place: tuple[str, int]) -> Refused | Broken | None:
    """What stands behind an exception if it is one of ours or of OpenSSL's."""
    cause = cause_of(error)
    if isinstance(cause, Refused | Broken):
        return cause
    if isinstance(cause, SSL.Error):
        return BrokenChain("; ".join(policy.wrong.get(place, [])) or tls.words_of(cause))
    return None


class _Agent(_ScrapyAgent):
    """Scrapy's agent on the guarded reactor; there is no other way out of it, and no proxy."""

    reactor: GuardedReactor

    def _get_agent(self, request: Request, timeout: float) -> Agent:
        return Agent(  # type: ignore[no-untyped-call]
            self.reactor, self._contextFactory, connectTimeout=timeout, pool=self._pool
        )
