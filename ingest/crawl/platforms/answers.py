"""Lists as JSON or XML: their rows, how many there are, and how the next page is asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ingest.crawl.platforms.literals import is_page_name
from ingest.crawl.platforms.model import AnswerRule
from ocr.html.tree import local_name, parse_xml

# Values of one answer that are looked at, and rows that are taken: a list of a million ends here.
_MOST_VALUES = 200_000
MOST_ROWS = 5_000
_MOST_PAGES = 500
_TITLE = re.compile(
    r"(?:doc|art|article|news|info|content|post|show|list|main|sub|full|link|manuscript|policy|file|x{2}gk)?_?"
    r"(?:title|titles|name|subject|subtitle|headline|bt|biaoti|caption|topic|zhuti)(?:_?(?:str|text|cn))?",
    re.I,
)
_ADDRESS = re.compile(
    r"(?:\w{0,20}_?)?(?:url|urls|href|link|links|linkurl|path|urlpath|address|jump|dz|wz)(?:_?(?:str|pc|abs))?",
    re.I,
)
_DATE = re.compile(r"\w{0,20}(?:date|time|riqi|rq|sj|at)\w{0,6}", re.I)
_TOTAL = re.compile(
    r"(?:total|totals|totalcount|total_count|totalrecords?|total_records?|totalnum|totalsize|totalelements|"
    r"recordcount|record_count|recordtotal|recordstotal|rowcount|row_count|post_count|count|counts|sum|numfound)",
    re.I,
)
_BRACES = re.compile(r"\{([\w.$-]{1,60})\}")
_PAGE_IN_QUERY = re.compile(r"(?:[?&]|#POST:)([\w.%-]{1,40})=(\d{1,4})(?=&|$)")
_PAGE_IN_JSON = re.compile(r"""["']([\w.-]{1,40})["']:\s?["']?(\d{1,4})(?=["',}])""")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list: its address as it stands there, its title and its date, empty where there is none."""

    address: str
    title: str
    date: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A list as it was sent: rows, HTML inside of it, how many rows have no address, and the whole list."""

    rows: tuple[Row, ...]
    markup: tuple[str, ...]
    unaddressed: int = 0
    total: int = 0


def read_json(text: str, rule: AnswerRule | None = None) -> Answer | None:
    """Read a list in JSON or JSONP; None if it is none. Never deeper or longer than bounds allow."""
    data = _loaded(text)
    if data is None:
        return None
    if rule is not None and rule.rows:
        rows = [one for one in _listed(_at(data, rule.rows)) if isinstance(one, Mapping)][:MOST_ROWS]
        given = tuple(row for one in rows if (row := _made(one, rule)))
        return Answer(given, tuple(_markup(data)), len(rows) - len(given), _total(data))
    found: dict[tuple[str, str], Row] = {}
    unaddressed = 0
    for group in _groups(data):
        told = [_row(one) for one in group]
        unaddressed += sum(row is not None and not row.address for row in told)
        for row in told:
            if row is not None and row.address and len(found) < MOST_ROWS:
                found.setdefault((row.address, row.title), row)
    return Answer(tuple(found.values()), tuple(_markup(data)), unaddressed, _total(data))


def read_xml(text: str) -> Answer | None:
    """Read a list in XML whose rows are elements with a title and an address; None if it has no such row."""
    root = parse_xml(text)
    if root is None:
        return None
    found: dict[str, Row] = {}
    for element in islice(root.iter(), _MOST_VALUES):
        said = {
            local_name(one): (one.text or "").strip()
            for one in islice(element, 60)
            if isinstance(one.tag, str)
        }
        row = _row(said) if len(said) > 1 else None
        if row is not None and row.address and len(found) < MOST_ROWS:
            found.setdefault(row.address, row)
    return Answer(tuple(found.values()), ()) if found else None


def _loaded(text: str) -> Any:
    """The value of a JSON text, also of one inside of a call or of a string; None if it is none."""
    body = text.strip().lstrip("\ufeff")
    called = re.match(r"[\w$.]{1,80}\s?\(", body)
    if called and body.rstrip(r";\s ")[-1:] == ")":
        body = body[called.end() : body.rindex(")")]
    for _ in range(2):
        try:
            value = json.loads(body)
        except (ValueError, RecursionError):
            return None
        if not isinstance(value, str):
            return value if isinstance(value, dict | list) else None
        body = value
    return None


def _values(data: Any) -> Iterator[Any]:
    """Every value, outer ones first, up to a bound; a string that is JSON itself is opened."""
    waiting = [data]
    for _ in range(_MOST_VALUES):
        if not waiting:
            return
        value = waiting.pop(0) if len(waiting) < 500 else waiting.pop()
        yield value
        if isinstance(value, Mapping):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(islice(value, MOST_ROWS))
        elif isinstance(value, str) and value[:1] in ("{", "[") and len(value) > 20:
            inner = _loaded(value)
            waiting.extend([] if inner is None else [inner])


def _groups(data: Any) -> Iterator[list[Mapping[str, Any]]]:
    """Lists of objects, each of which may be a list of rows."""
    for value in _values(data):
        if isinstance(value, list):
            objects = [one for one in islice(value, MOST_ROWS) if isinstance(one, Mapping)]
            if objects:
                yield objects


def _row(one: Mapping[str, Any]) -> Row | None:
    """What an object says as a row: None if it has no title."""
    flat = {str(key): said for key, said in islice(one.items(), 200) if isinstance(said, str | int)}
    titles = [str(said) for key, said in flat.items() if _TITLE.fullmatch(key) and str(said).strip()]
    if not titles:
        return None
    addresses = [
        said.strip() for key, said in flat.items() if _ADDRESS.fullmatch(key) and isinstance(said, str)
    ]
    address = next((said for said in addresses if _is_address(said)), "")
    date = next((str(said) for key, said in flat.items() if _DATE.fullmatch(key)), "")
    return Row(address, max(titles, key=len)[:300], date[:30])


def _is_address(said: str) -> bool:
    return bool(
        re.fullmatch(
            r"(?:https?:)?//?[^\s\"'<>]{2,800}|[\w./-]{1,300}\.\w{2,5}(?:\?[^\s\"'<>]{0,400})?", said
        )
    )


def _made(one: Mapping[str, Any], rule: AnswerRule) -> Row | None:
    general = _row(one) or Row("", "")
    title = _first(rule.title, one) or general.title
    address = _first(rule.url, one) if rule.url else general.address
    return Row(address, title[:300], general.date) if address else None


def _first(templates: tuple[str, ...], one: Mapping[str, Any]) -> str:
    """The first template all of whose braces the row fills."""
    for template in templates:
        names = _BRACES.findall(template)
        said = {name: _at(one, name) for name in names}
        if all(isinstance(value, str | int) and str(value) for value in said.values()):
            return _BRACES.sub(lambda hole, said=said: str(said[hole[1]]), template)  # type: ignore[misc]
    return ""


def _at(data: Any, way: str) -> Any:
    """What stands at `data.results`; strings that are JSON are opened, a number chooses of a list."""
    for step in way.split("."):
        data = _loaded(data) if isinstance(data, str) else data
        if isinstance(data, Mapping):
            data = data.get(step)
        elif isinstance(data, list) and step.isdecimal() and int(step) < len(data):
            data = data[int(step)]
        else:
            return None
    return data


def _listed(value: Any) -> list[Any]:
    value = _loaded(value) if isinstance(value, str) else value
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []


def _markup(data: Any) -> Iterator[str]:
    """HTML that stands in strings of JSON."""
    for value in _values(data):
        if isinstance(value, str) and "<a " in value.lower() and "<" in value[:500]:
            yield value


def _total(data: Any) -> int:
    """How many rows the whole list is said to have: the first such number, outer objects first."""
    for value in _values(data):
        if isinstance(value, Mapping):
            for key, said in value.items():
                if _TOTAL.fullmatch(str(key)) and str(said).isdecimal() and 0 < len(str(said)) < 8:
                    return int(said)
    return 0


def further_pages(address: str, rule: AnswerRule | None, shown: int, total: int) -> list[str]:
    """The addresses of the pages after this one, as far as they can be told from it.

    `shown` rows are on this page, `total` in the list, 0 where nobody says. From the first page all others
    follow at once; where no total is known, each page leads to the next as long as it has rows.
    """
    place = _page_place(address, rule)
    if place is None or not shown:
        return []
    at, until = place
    number = int(address[at:until])
    if total:
        first = min(number, 1)
        last = first + -(-total // shown) - 1 if number <= 1 else number
        numbers = range(number + 1, last + 1)
    else:
        numbers = range(number + 1, number + 2)
    if number > _MOST_PAGES:
        return []
    return [f"{address[:at]}{n}{address[until:]}" for n in numbers[:_MOST_PAGES]]


def _page_place(address: str, rule: AnswerRule | None) -> tuple[int, int] | None:
    """Where in an address the number of the page stands."""
    if rule is not None and rule.page:
        found = re.search(rule.page, address)
        return found.span(1) if found and found[1].isdecimal() else None
    for pattern in (_PAGE_IN_QUERY, _PAGE_IN_JSON):
        for match in pattern.finditer(address):
            if is_page_name(match[1]):
                return match.span(2)
    return None
