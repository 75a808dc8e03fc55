"""Scrapy's settings that keep a crawl safe, each with its reason; those of politeness stand elsewhere."""

from __future__ import annotations

from ingest.crawl.config import MEGABYTE, Plan, Politeness


def safe_settings(plan: Plan) -> dict[str, object]:
    """What to merge into the settings of the crawler's process."""
    return _ways(plan) | _limits(plan) | _middlewares() | _QUIET


def limits_of(manners: Politeness, jar: str) -> dict[str, object]:
    """The `meta` that every request for a site takes along; sites share no cookies, so each has its `jar`."""
    return {
        "download_timeout": manners.download_seconds,
        "download_maxsize": int(manners.download_megabytes * MEGABYTE),
        "guidang_tls": manners.tls,
        "guidang_certificates": str(manners.certificates) if manners.certificates else None,
        "cookiejar": jar,
    }


def _ways(plan: Plan) -> dict[str, object]:
    """Which ways lead out of this machine."""
    guarded = "ingest.crawl.transport.download_handler.GuardedDownloadHandler"
    return {
        # Nothing but http and https, and those only through the guard; a page may name any scheme.
        "DOWNLOAD_HANDLERS": {
            "http": guarded,
            "https": guarded,
            "data": None,
            "file": None,
            "ftp": None,
            "s3": None,
        },
        "GUIDANG_ALLOW_PRIVATE": list(plan.crawl.allow_private),
        # Gives all addresses of a name, IPv6 too; Scrapy's usual one gives a single IPv4 address, so
        # that a name whose first address is private or down could not be reached by its others.
        "TWISTED_DNS_RESOLVER": "scrapy.resolver.CachingHostnameResolver",
        # Names are looked up in threads; a name server that hangs for some must not hold up the others.
        "REACTOR_THREADPOOL_MAXSIZE": 20,
        # Through a proxy the guard would see the proxy's address only; http_proxy in the
        # environment of a timer must not change whom we reach.
        "HTTPPROXY_ENABLED": False,
        # Whoever gets on this machine could run Python in the crawler through it.
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
    }


def _limits(plan: Plan) -> dict[str, object]:
    """What a request may cost that does not say so in its own meta, robots.txt for example."""
    return {
        "DOWNLOAD_TIMEOUT": plan.crawl.download_seconds,
        "DOWNLOAD_MAXSIZE": int(plan.crawl.download_megabytes * MEGABYTE),
        # Scrapy's advice about large answers; a report of 40 MB is nothing to be warned of.
        "DOWNLOAD_WARNSIZE": 0,
        # A body that breaks off is an error, never half a document.
        "DOWNLOAD_FAIL_ON_DATALOSS": True,
        # Enough for http → https → www → session → page and back; a circle ends soon.
        "REDIRECT_MAX_TIMES": 10,
        # Some portals forward by <meta http-equiv=refresh>; a page that reloads itself each minute does not.
        "METAREFRESH_MAXDELAY": 10,
        # One try more where the fault may pass. What took the whole time or was too large once would be so
        # again; a status 429 is not for hammering on.
        "RETRY_TIMES": 1,
        "RETRY_HTTP_CODES": [500, 502, 503, 504, 522, 524, 408],
        "RETRY_EXCEPTIONS": [
            "scrapy.exceptions.CannotResolveHostError",
            "scrapy.exceptions.DownloadConnectionRefusedError",
            "scrapy.exceptions.DownloadFailedError",
            "scrapy.exceptions.ResponseDataLossError",
            "twisted.internet.error.ConnectError",
            "twisted.internet.error.ConnectionClosed",
        ],
        "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",
    }


def _middlewares() -> dict[str, object]:
    return {
        "DOWNLOADER_MIDDLEWARES": {
            # Scrapy's own take a packed body that breaks off for whole, and cookies without end.
            "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
            "ingest.crawl.transport.decompression.DecompressionMiddleware": 590,
            "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
            "ingest.crawl.transport.cookies.BoundedCookiesMiddleware": 700,
        },
    }


_QUIET: dict[str, object] = {
    # Every answer reaches the spider, for every visit must end as a sighting; 404 and 500 are findings.
    "HTTPERROR_ALLOW_ALL": True,
    # The archive's frontier knows what was visited. Scrapy's filter would drop a redirect to a page seen
    # before without a word, and dont_filter would switch off the check for other hosts as well.
    "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
    # A cache on disk would answer for the site; JOBDIR is unsafe after a kill.
    "HTTPCACHE_ENABLED": False,
    "JOBDIR": None,
    # No cookie or password in the log.
    "COOKIES_DEBUG": False,
}
