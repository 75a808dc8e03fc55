"""Lists that come as data: JSON, XML, or HTML inside of either; and their further pages."""

from __future__ import annotations

import re
from html import unescape

from ingest.crawl.pages.bounded_tree import parse
from ingest.crawl.pages.links import Collector, from_tree
from ingest.crawl.pages.models import Declared
from ingest.crawl.pages.page_text import plain
from ingest.crawl.platforms.answers import Answer, further_pages, read_json, read_xml
from ingest.crawl.platforms.known_platforms import answer_rule

_TAG = re.compile(r"<[^<>]{0,200}>")
# A row says at least this much; shorter links of an answer are its pager's.
_ROW = 5


def answered(text: str, into: Collector) -> Answer | None:
    """Collect the rows of a list in JSON or XML; None if the text is neither."""
    rule = answer_rule(into.page)
    answer = read_xml(text) if text.lstrip()[:1] == "<" else read_json(text, rule[1] if rule else None)
    if answer is None:
        return None
    for row in answer.rows:
        title = plain(unescape(_TAG.sub("", row.title)))
        into.add(unescape(row.address), title, f"{title} {row.date}", "data", "data")
    for piece in answer.markup:
        tree = parse(piece)
        if tree is not None:
            from_tree(tree, None, into, "data")
    return answer


def add_further_pages(text: str, answer: Answer | None, into: Collector) -> Declared:
    """Collect the further pages of a list that was asked for by a script; give what it says of itself."""
    rule = answer_rule(into.page)
    if rule is None and answer is None:
        return Declared()
    total = answer.total if answer else 0
    rows = [
        link
        for link in into.links
        if link.how not in ("paging", "list", "nowhere") and len(link.text) >= _ROW
    ]
    shown = len({link.url for link in rows})
    if rule is not None:
        total = _said(rule[1].total, text) or total
        shown = _said(rule[1].size, text) or shown if rows else 0
    for address in further_pages(into.page, rule[1] if rule else None, shown, total):
        into.add_request(address, "paging")
    return Declared(rows=total)


def _said(pattern: str | None, text: str) -> int:
    found = re.search(pattern, text) if pattern else None
    return int(found[1]) if found and found[1].isdecimal() else 0
