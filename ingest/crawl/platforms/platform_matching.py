"""What the files on platforms find in a page: the requests that get its lists, and an article in a script."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from itertools import islice
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from ingest.crawl.platforms.known_platforms import platforms
from ingest.crawl.platforms.literals import pairs, unescaped
from ingest.crawl.platforms.model import ListRule, Pages, Platform
from ingest.crawl.platforms.requests import posted

# Of one rule on one page; a page has a handful of lists, and a longer one is believed to have so many pages.
_MOST_LISTS = 40
_MOST_PAGES = 500
# What stands around the place that `where` finds, in characters, is looked through for values first.
_REGION = 3000
_BRACES = re.compile(r"\{([A-Za-z_]\w*(?:\.[\w$-]+)?)\}")
_HIDDEN = re.compile(r"<input\b[^<>]{0,200000}?>", re.I)
_ATTRIBUTE = re.compile(
    r"""\b(name|type|value)\s{0,3}=\s{0,3}(?:"([^"]*)"|'([^']*)'|([^\s>"']{1,200}))""", re.I
)
_CONSTANT = re.compile(
    r"""(?<![\w$.])(?:var|let|const)?\s{0,4}([A-Za-z_$][\w$]{0,60})\s{0,4}=\s{0,4}"""
    r"""(?:"([^"\\\n]{0,500})"|'([^'\\\n]{0,500})'|(\d{1,15})(?![\w.]))"""
)


@dataclass(frozen=True, slots=True)
class FoundList:
    """A request that gets a list or a further page of one, and which platform says so."""

    address: str
    how: str
    platform: str


@dataclass(frozen=True, slots=True)
class Described:
    """What platforms say of a page; `content` is the HTML of an article that a script would write."""

    lists: tuple[FoundList, ...] = ()
    content: str = ""


def described(source: str, url: str) -> Described:
    """Look for what the known platforms have in a page's source; addresses are as they stand there."""
    lists: dict[str, FoundList] = {}
    content = ""
    for name, platform in platforms().items():
        if not re.search(platform.known_by, source):
            continue
        for found in _lists(name, platform, source, url):
            lists.setdefault(found.address, found)
        content = content or _content(platform, source)
    return Described(tuple(lists.values()), content)


def _content(platform: Platform, source: str) -> str:
    for rule in platform.articles:
        if found := re.search(rule.content, source):
            return unescaped(found[1])
    return ""


def _lists(name: str, platform: Platform, source: str, url: str) -> Iterator[FoundList]:
    for rule in platform.lists:
        for match in islice(re.finditer(rule.where, source), _MOST_LISTS):
            values = _values(rule, match, source, url)
            if values is not None:
                for numbers in _numbers(rule.pages, values):
                    yield FoundList(_address(rule, values | numbers, source), rule.how, name)


def _values(rule: ListRule, match: re.Match[str], source: str, url: str) -> dict[str, str] | None:
    """All that fills the braces; None where something that is asked for is nowhere."""
    parts = urlsplit(url)
    values = {f"query.{key}": value for key, value in parse_qsl(parts.query)}
    values |= {"path": parts.path, "folder": parts.path.rpartition("/")[0], "address": url}
    values |= {key: unescape(said) for key, said in match.groupdict().items() if said is not None}
    region = source[match.start() : match.end() + _REGION]
    for key, pattern in rule.values.items():
        places = (match[0], region, source, url)
        found = next((hit for place in places if (hit := re.search(pattern, place))), None)
        if found is None:
            return None
        values[key] = unescape(found[1] if found.groups() else found[0])
    return values


def _numbers(pages: Pages, values: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The number of each page to ask for, and of its first and last row."""
    ask = pages.first if pages.ask is None else pages.ask
    size = _number(pages.size, values, 1) * _number(pages.group, values, 1)
    if pages.records:
        records = _number(pages.records, values, 0)
        count = -(-records // max(1, size))
    else:
        records, count = 0, _number(pages.count, values, 1) if pages.count else ask - pages.first + 1
    for n in islice(range(ask, pages.first + count), _MOST_PAGES):
        start = (n - pages.first) * size + 1
        yield {
            "n": str(n),
            "start": str(start),
            "end": str(min(start + size - 1, records or start + size - 1)),
        }


def _number(template: str, values: Mapping[str, str], otherwise: int) -> int:
    said = _filled(template, values)
    return int(said) if said.isdecimal() and len(said) < 8 else otherwise


def _filled(template: str, values: Mapping[str, str]) -> str:
    return _BRACES.sub(lambda hole: values.get(hole[1], ""), template)


def _address(rule: ListRule, values: Mapping[str, str], source: str) -> str:
    fields = _hidden(source) if rule.hidden else {}
    if rule.pairs:
        fields |= pairs(values.get(rule.pairs, ""), constants(source))
    fields |= {key: _filled(said, values) for key, said in rule.fields.items()}
    url = _filled(rule.url, values)
    if rule.send == "json":
        return posted(url, json.dumps(fields))
    if rule.send == "form":
        return posted(url, urlencode(fields))
    query = urlencode(fields, quote_via=quote)
    return f"{url}{'&' if '?' in url else '?'}{query}" if query else url


def constants(source: str) -> dict[str, str]:
    """Variables of a page's scripts that have one plain value, the first that is given."""
    found: dict[str, str] = {}
    for match in islice(_CONSTANT.finditer(source), 5000):
        found.setdefault(match[1], next(said for said in match.groups()[1:] if said is not None))
    return found


def _hidden(source: str) -> dict[str, str]:
    """The hidden fields of the page's forms."""
    found = {}
    for match in islice(_HIDDEN.finditer(source), 200):
        said = {key.lower(): a or b or c for key, a, b, c in _ATTRIBUTE.findall(match[0])}
        if said.get("type", "").lower() == "hidden" and said.get("name"):
            found[unescape(said["name"])] = unescape(said.get("value", ""))
    return found
