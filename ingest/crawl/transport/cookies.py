"""Cookies: kept, since many sites turn one away who does not bring theirs back, but not without end."""

from __future__ import annotations

from collections.abc import Iterable
from http.cookiejar import Cookie

from scrapy.downloadermiddlewares.cookies import CookiesMiddleware
from scrapy.http import Request
from scrapy.http.cookies import CookieJar

# What browsers keep at least for a host is 50 of 4 KB; a jar serves all hosts of a site.
_MOST_COOKIES = 100
_MOST_BYTES = 4096


class BoundedCookiesMiddleware(CookiesMiddleware):
    """Scrapy's middleware with a limit on what a jar takes."""

    def _process_cookies(self, cookies: Iterable[Cookie], *, jar: CookieJar, request: Request) -> None:
        for cookie in cookies:
            if len(cookie.name) + len(cookie.value or "") > _MOST_BYTES:
                continue
            super()._process_cookies((cookie,), jar=jar, request=request)
            if len(jar) > _MOST_COOKIES:
                jar.clear()
