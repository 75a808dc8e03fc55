"""Manners: how long a busy host is left alone, and what an answer for robots.txt means."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.utils.test import get_crawler

from archive.crawl.records import Robots
from ingest.crawl.config import Site
from ingest.crawl.middlewares import (
    USUAL_PAUSE,
    PauseMiddleware,
    SiteThrottle,
    on_behalf_of,
    pause_of,
    robots_of,
)

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (b"120", 120.0),
        (b" 7 ", 7.0),
        (b"Tue, 24 Nov 2026 02:05:00 GMT", 300.0),
        (b"Tue, 24 Nov 2026 01:00:00 GMT", 0.0),
        (b"99999999999999999999", 999999999.0),
        (None, USUAL_PAUSE),
        (b"", USUAL_PAUSE),
        (b"soon", USUAL_PAUSE),
        (b"-5", USUAL_PAUSE),
        (b"\xff\xfe", USUAL_PAUSE),
    ],
)
def test_a_pause_is_as_long_as_the_host_asks_for(header, seconds):
    assert pause_of(header, NOW) == seconds


@pytest.mark.parametrize(
    ("status", "body", "text", "reason"),
    [
        (200, b"User-agent: *\nDisallow: /", "User-agent: *\nDisallow: /", ""),
        (404, b"<html>not found", "", ""),
        (403, b"no", "", ""),
        (429, b"", "", "status 429"),
        (500, b"oops", "", "status 500"),
        (503, b"", "", "status 503"),
        (200, b"\xff\xfe\x00", "��\x00", ""),
    ],
)
def test_no_robots_txt_is_permission_and_a_server_in_trouble_is_none(status, body, text, reason):
    assert robots_of("example.gov.cn", status, body) == Robots("example.gov.cn", status, text, reason)


def test_of_two_sites_on_one_host_the_slower_pace_counts_whichever_comes_first():
    sites = [
        Site(name=str(delay), start=("http://example.gov.cn/",), delay=delay) for delay in (1.0, 9.0, 2.0)
    ]
    for order in (sites, sites[::-1]):
        crawler = get_crawler(settings_dict={"AUTOTHROTTLE_ENABLED": True})
        crawler.engine = SimpleNamespace(downloader=SimpleNamespace(per_slot_settings={}, slots={}))
        pace = SiteThrottle(crawler)
        crawler.get_extension = lambda _, pace=pace: pace
        pauses = PauseMiddleware(crawler)
        for site in order:
            pauses.process_request(Request(site.start[0], meta=on_behalf_of(site)))
        assert crawler.engine.downloader.per_slot_settings["example.gov.cn"]["delay"] == 9.0
