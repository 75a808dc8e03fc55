"""Scrapy is told its parts by name: a name that leads to nothing would end every crawl, or be passed over."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from scrapy.utils.misc import load_object

from ingest.crawl.config import CrawlConfig, Plan, Site
from ingest.crawl.memory import NoMemory
from ingest.crawl.round import job_for, with_politeness
from ingest.crawl.scrapy_settings import safe_settings

_SITE = Site(name="青禾县", start=("http://www.qinghe.gov.cn/",))
_PLAN = Plan(crawl=CrawlConfig(), site=(_SITE,))
_JOB = job_for(_PLAN, [_SITE], NoMemory(), 1, heard=None)  # type: ignore[arg-type]
_DOTTED = re.compile(r"[a-z_]\w*(?:\.\w+)+")


def _names(value: object) -> Iterator[str]:
    """All dotted names in a setting, however deep."""
    if isinstance(value, str) and _DOTTED.fullmatch(value):
        yield value
    elif isinstance(value, dict):
        yield from (name for pair in value.items() for part in pair for name in _names(part))
    elif isinstance(value, list | tuple):
        yield from (name for part in value for name in _names(part))


NAMES = sorted(set(_names(with_politeness(safe_settings(_PLAN), _JOB))))


@pytest.mark.parametrize("name", NAMES)
def test_every_name_in_the_settings_is_that_of_a_class(name: str) -> None:
    assert isinstance(load_object(name), type)


def test_our_own_parts_are_among_them() -> None:
    assert len([name for name in NAMES if name.startswith("ingest.")]) >= 7
