"""Pages of one list: which links turn its leaves, and which leaves a script would make links to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from ocr.html.boilerplate import FILE_NAME

# A longer list is believed to have this many pages.
_MOST_PAGES = 500

_WORDS = re.compile(
    r"[<\[«‹]*(?:下一?页|后一?页|上一?页|前一?页|尾页|末页|最后一?页|下一步|加载更多|next(?:page)?|last|prev(?:ious)?)[>\]»›]*",
    re.I,
)
_NUMBER = re.compile(
    r"[\[【(（]?第?\d{1,4}页?[\]】)）]?|[<>«»‹›]{1,2}|\.{2,3}|首页|第一页|转到|跳转|go", re.I
)
_YEAR = re.compile(r"20\d\d")
_PAGE_KEY = re.compile(
    r"(?:cur(?:rent)?|now|to)?_?p(?:g|n|age)?_?(?:no|num|number|index|id|now)?|pagenum|start(?:record)?|offset|_page",
    re.I,
)
_FIRST_PAGE = re.compile(r"/(?:(?:index|default|list)\.\w+)?$", re.I)
# Calendars and archives by date have a next page for ever.
_DATE_KEY = re.compile(r"(?:y|m|d|year|month|day|date|time|riqi)\w*", re.I)
_DATE_PATH = re.compile(r"/(?:19|20)\d\d[/-]?\d{1,2}(?:[/-]?\d{1,2})?(?=[/._]|$)")
_LEAF_FOLDER = re.compile(r"/(?:page|p)[/_-]?\d+(?=/|$)", re.I)
# The leaf number at the end of a file name: index_2.html, list-3.shtml, index2.jhtml.
_LEAF = re.compile(r"[_-]?\d+(?=\.\w+$)")
_CREATE = re.compile(r"createPageHTML\s{0,4}\(([^()]{1,200})\)", re.I)
_COUNT = re.compile(
    r"(?<![\w.])(?:count_?pages?|n?page_?counts?|_?ntotal_?pages?|total_?pages?|pages?_?total|m_nPageCount)\s{0,4}[=:]\s{0,4}['\"]?(\d{1,5})",
    re.I,
)
_RECORDS = re.compile(
    r"m_nRecordCount\s{0,4}=\s{0,4}['\"]?(\d{1,7})[^=]{0,400}?m_nPageSize\s{0,4}=\s{0,4}['\"]?(\d{1,4})"
)
_LEAVES_WRITTEN = re.compile(r"""["']_["']|["'][\w/.]{0,80}_["']\s{0,4}\+|["']index["']|["']\.?s?html?["']""")
_EXTENSION = re.compile(r"""["']\.?(s?html?|jhtml)["']""")


def turns_leaf(text: str, url: str, page: str) -> bool:
    """Whether a link with this text leads from `page` to another leaf of the same list."""
    words = "".join(text.split())
    if url == page or len(words) > 20 or FILE_NAME.search(urlsplit(url).path):
        return False
    if _WORDS.fullmatch(words):
        return not _goes_through_time(url, page)
    return bool(_NUMBER.fullmatch(words)) and not _YEAR.fullmatch(words) and are_leaves(url, page)


def are_leaves(one: str, other: str) -> bool:
    """Whether two addresses differ only in what numbers the leaves of a list."""
    a, b = urlsplit(one), urlsplit(other)
    if a.netloc != b.netloc:
        return False
    if a.path == b.path:
        return any(_PAGE_KEY.fullmatch(key) for key in _changed(a.query, b.query))
    folders = {path.rpartition("/")[0] for path in (a.path, b.path)}
    if (
        len(folders) == 1
        and any(_FIRST_PAGE.search(path) for path in (a.path, b.path))
        and a.query != b.query
    ):
        return has_page_number(one) or has_page_number(other)
    return a.query == b.query and bool(_stems(a.path) & _stems(b.path))


def has_page_number(url: str) -> bool:
    """Whether the query of an address names a page of a list."""
    return any(_PAGE_KEY.fullmatch(key) for key, _ in parse_qsl(urlsplit(url).query))


def _changed(one: str, other: str) -> set[str]:
    """The names in two queries that have not the same value in both."""
    first, second = dict(parse_qsl(one, True)), dict(parse_qsl(other, True))
    return {key for key in first.keys() | second.keys() if first.get(key) != second.get(key)}


def _goes_through_time(one: str, other: str) -> bool:
    a, b = urlsplit(one), urlsplit(other)
    if _DATE_PATH.findall(a.path) != _DATE_PATH.findall(b.path) and _LEAF.sub("", a.path) != _LEAF.sub(
        "", b.path
    ):
        return bool(_DATE_PATH.search(a.path))
    return any(_DATE_KEY.fullmatch(key) for key in _changed(a.query, b.query))


def _stems(path: str) -> set[str]:
    """What leaves of a list have in common: /a/ and /a/index_2.html, or /a/b.htm and /a/b/4.htm."""
    path = _LEAF_FOLDER.sub("", path)
    folder, _, file = path.rpartition("/")
    if not file or re.fullmatch(r"(?:index|default|list)\.\w+", file):
        return {f"{folder}/", f"{folder}/index", f"{folder}/{file.partition('.')[0]}"}
    stem = _LEAF.sub("", file).partition(".")[0]
    found = {f"{folder}/{stem}"}
    if stem in ("index", "default", "list"):
        found.add(f"{folder}/")
    if not stem:
        found |= {folder, f"{folder}/"}
    return found


def leaves_of_script(script: str, page: str, constants: Mapping[str, str]) -> list[str]:
    """Give the addresses, relative to the page, that the paging scripts of TRS and its kin would write."""
    script = script.replace('\\"', '"').replace("\\'", "'")
    called = [
        found
        for match in _CREATE.finditer(script[:500_000])
        if (found := _of_call(match[1], constants, page))
    ]
    if called:
        return called[-1]
    records = _RECORDS.search(script[:100_000])
    counted = _COUNT.search(script[:500_000])
    if records:
        count = -(-int(records[1]) // max(1, int(records[2])))
    elif counted:
        count = int(counted[1])
    else:
        return []
    return _named_like(page, script, count) if _LEAVES_WRITTEN.search(script) else []


def _of_call(arguments: str, constants: Mapping[str, str], page: str) -> list[str]:
    """`createPageHTML(5, 0, "index", "html")`; there may be the id of an element first, or variables."""
    values = [part.strip() for part in arguments.split(",")]
    values = [value.strip("\"'") if value[:1] in "\"'" else constants.get(value, value) for value in values]
    has_place = bool(values) and not values[0].isdecimal()
    while values and not values[0].isdecimal():
        values.pop(0)
    if len(values) < 4 or not (values[0].isdecimal() and values[1].isdecimal()):
        return []
    count, current, stem, extension = int(values[0]), int(values[1]), values[2], values[3].lstrip(".")
    # The second leaf of a list that counts from zero says 1 too, and its name tells.
    is_second = urlsplit(page).path.endswith(f"/{stem}_1.{extension}")
    # Where an element's id comes first, it is the call of a platform that always counts from one.
    from_one = current == 1 or (has_place and current > 1)
    return _leaves(stem, extension, count, counts_from_one=from_one and not is_second)


def _leaves(stem: str, extension: str, count: int, *, counts_from_one: bool = False) -> list[str]:
    """The leaves after the first. A first page that says it is number 1 has its second at _2, not _1."""
    numbers = range(2, count + 1) if counts_from_one else range(1, count)
    return [f"{stem}_{number}.{extension}" for number in numbers[:_MOST_PAGES]]


def _named_like(page: str, script: str, count: int) -> list[str]:
    file = urlsplit(page).path.rpartition("/")[2] or "index."
    stem, _, extension = _LEAF.sub("", file).rpartition(".")
    said = _EXTENSION.search(script)
    return _leaves(stem, extension or (said[1] if said else "html"), count)
