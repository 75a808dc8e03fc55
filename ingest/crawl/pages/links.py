"""Every way in which a page leads on: links, frames, buttons, hidden data and what scripts would write."""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import dataclass, field
from html import unescape
from itertools import islice
from urllib.parse import parse_qsl, urljoin, urlsplit

from w3lib.url import safe_url_string

from ingest.crawl.pages import js_handlers, js_strings, pagination
from ingest.crawl.pages.anchor_text import LONGEST_WORDS, anchor_text, markup_path, surrounding_text
from ingest.crawl.pages.bounded_tree import parse, walk
from ingest.crawl.pages.js_handlers import Program
from ingest.crawl.pages.models import Link
from ingest.crawl.pages.page_text import plain
from ingest.crawl.platforms.requests import LONGEST_BODY, MARK
from ocr.html.boilerplate import FILE_NAME
from ocr.html.tree import Element, attribute, local_name

# Links that are kept of one page; the largest honest site maps have a third of it.
MOST_LINKS = 5_000
# Links that are looked at, with those that say again what another says.
_MOST_TRIED = 2 * MOST_LINKS
_MOST_NOWHERE = 200
_LONGEST_URL = 2_000

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,20}:")
_BROKEN_SCHEME = re.compile(r"(https?)\s?[:：]?\s?[/／\\]{1,4}(?=[\w.-]+\.[a-z])", re.I)
_NOTHING = re.compile(r"(?:https?:/*)?|#.*", re.I | re.S)
_CDATA = re.compile(r"<!\[CDATA\[((?:[^\]]|\](?!\]>))*+)(?:\]\]>|\Z)")
_REFRESH = re.compile(r"url\s{0,4}=\s{0,4}['\"]?([^'\"]{1,1000})", re.I)
_DATA = ("data-url", "data-href", "data-link", "data-src", "data-path")
_CLICKS = ("onclick", "onmousedown", "ondblclick")
_CHINESE = re.compile(r"[\u4e00-\u9fff]{2}|\d{4}")
# Services that show a file; others with a file in their address hand it over under that address only.
_VIEWER = re.compile(r"view|preview|pdf_?js|reader|flexpaper", re.I)
# http:// or / in base64, as kkFileView wants it.
_PACKED = re.compile(r"(?:aHR0c|L[2-3])[A-Za-z0-9+/]{8,1500}={0,2}")


def absolute(base: str, raw: str, encoding: str) -> str:
    """Resolve what stands in a href as browsers do; empty if it leads nowhere on the web."""
    text = re.sub(r"[\t\r\n\x00]", "", raw).strip(" \u3000\xa0\"'“”")
    text = _BROKEN_SCHEME.sub(r"\1://", text, count=1) if text[:4].lower() == "http" else text
    if _NOTHING.fullmatch(text) or len(text) > _LONGEST_URL:
        return ""
    if _SCHEME.match(text) and not text[:6].lower().startswith(("http:", "https:")):
        return ""
    path, mark, query = text.partition("?")
    try:
        joined = urljoin(base.partition(MARK)[0], path.replace("\\", "/") + mark + query).partition("#")[0]
        url = str(safe_url_string(joined, encoding=encoding, path_encoding="utf-8"))
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except (ValueError, LookupError):
        return ""
    return url if sound and len(url) <= 3 * _LONGEST_URL else ""


@dataclass(slots=True)
class Collector:
    """Links in the order of the page, each address with each text once, up to MOST_LINKS."""

    page: str
    base: str
    encoding: str
    program: Program
    links: list[Link] = field(default_factory=list)
    left_out: int = 0
    nowhere: int = 0
    tried: int = 0
    _seen: set[tuple[str, str]] = field(default_factory=set)

    def add(self, raw: str, text: str, around: str, how: str, path: str = "", inside: bool = False) -> None:
        """Keep a link if it leads somewhere; say where the leaves of a list are."""
        self.tried += 1
        if self.is_full():
            self.left_out += 1
            return
        url = absolute(self.base, raw, self.encoding)
        if not url:
            self._nowhere(raw, text, around, path)
            return
        unnamed = how == "data" and not text and pagination.has_page_number(url)
        if how not in ("frame", "embed", "refresh") and (
            unnamed or pagination.turns_leaf(text, url, self.page)
        ):
            how = "paging"
        self._keep(Link(url, text, around, how, path, inside))

    def add_request(self, address: str, how: str) -> None:
        """Keep a request that gets a list or a further page of it; it may ask with a body."""
        raw, mark, body = address.partition(MARK)
        url = absolute(self.base if raw else self.page, raw or self.page.partition(MARK)[0], self.encoding)
        self.tried += 1
        if url and len(body) <= LONGEST_BODY and not self.is_full():
            self._keep(Link(f"{url}{mark}{body}", "", "", how, "script"))

    def _keep(self, link: Link) -> None:
        if (link.url, link.text) in self._seen:
            return
        self._seen.add((link.url, link.text))
        self.links.append(link)

    def _nowhere(self, raw: str, text: str, around: str, path: str) -> None:
        """A link with words that nobody can follow is told, not passed over in silence."""
        if self.nowhere < _MOST_NOWHERE and _SCHEME.match(raw) and _CHINESE.search(text):
            self.nowhere += 1
            self._keep(Link(raw[:200], text, around, "nowhere", path))

    def words(self, element: Element) -> str:
        """What a link says."""
        return anchor_text(element)

    def around(self, element: Element) -> str:
        """The text of the row that a link stands in."""
        return surrounding_text(element)

    def is_full(self) -> bool:
        """Whether no more links are taken; those that come are still counted."""
        return len(self.links) >= MOST_LINKS or self.tried > _MOST_TRIED


def from_tree(root: Element, content: Element | None, into: Collector, how: str = "") -> None:
    """Collect what elements of the page lead to; `how` says whence the tree comes if not from the page."""
    depth = 0
    for event, element in walk(root):
        if event == "end":
            depth -= element is content
        elif event == "start":
            depth += element is content
            if into.is_full():
                into.left_out += local_name(element) in ("a", "area")
            else:
                _from_element(element, into, how, inside=depth > 0)


def _from_element(element: Element, into: Collector, how: str, *, inside: bool) -> None:
    tag = local_name(element)
    if tag in ("a", "area"):
        _from_anchor(element, tag, into, how, inside=inside)
    elif tag in ("frame", "iframe"):
        _from_frame(element, into, inside=inside)
    elif tag in ("embed", "object", "param"):
        _from_embedded(element, tag, into, inside=inside)
    elif tag == "meta":
        _from_meta(element, into)
    elif tag == "link" and attribute(element, "rel").lower() == "next":
        into.add(attribute(element, "href"), "下一页", "", "paging")
    elif tag == "option":
        _from_option(element, into, inside=inside)
    elif tag == "textarea" and _is_markup(element.text or ""):
        _from_markup(element.text or "", into, "data")
    elif tag not in ("body", "html", "script"):
        _from_clicks(element, into, how or "button", inside=inside)


def _from_anchor(element: Element, tag: str, into: Collector, how: str, *, inside: bool) -> None:
    href = attribute(element, "href")
    leads = bool(href) and not href.startswith("#") and not href.lower().startswith("javascript:")
    if leads:
        into.add(href, into.words(element), into.around(element), how or tag, markup_path(element), inside)
        _from_viewer(href, into, into.words(element), inside=inside)
    found = _from_clicks(element, into, how or "script", inside=inside, code="" if leads else href)
    if href.lower().startswith("javascript:") and not found:
        into.add(href, into.words(element), into.around(element), "nowhere", markup_path(element))


def _from_clicks(element: Element, into: Collector, how: str, *, inside: bool, code: str = "") -> bool:
    """Follow what a click does and addresses that wait for a script; tell if there were any."""
    said = [attribute(element, key) for key in _DATA if element.get(key) and local_name(element) != "img"]
    said = [value for value in said if js_strings.is_address(value, "url")]
    for handler in filter(None, [code, *(element.get(key) for key in _CLICKS)]):
        said += js_handlers.targets(handler, into.program)
    for address in said:
        into.add(address, into.words(element), into.around(element), how, markup_path(element), inside)
    return bool(said)


def _from_frame(element: Element, into: Collector, *, inside: bool) -> None:
    source = attribute(element, "src", "data-src")
    if not _from_viewer(source, into, inside=inside):
        into.add(source, attribute(element, "title", "name", "id"), "", "frame", markup_path(element), inside)


def _from_viewer(source: str, into: Collector, text: str = "", *, inside: bool) -> bool:
    """Look through a page that shows a file, which has its address in its own: viewer.html?file=/a.pdf."""
    path, _, query = source.partition("?")
    files = [file for _, value in parse_qsl(query) if (file := _shown(value))]
    behind = source.partition("#")[2]
    if FILE_NAME.search(behind) and "/" in behind and "=" not in behind:
        # /ViewerJS/#../upload/a.pdf is meant from the viewer's own folder.
        files.append(behind.removeprefix("..") if behind.startswith("../") else behind)
    elif not (path.lower().endswith((".html", ".htm", ".shtml")) or _VIEWER.search(path)):
        return False
    for file in files:
        into.add(file, text, text, "embed", "", inside)
    return bool(files)


def _shown(value: str) -> str:
    """The address of a file that a viewer is given, plain or in base64; empty if it is none."""
    if not _PACKED.fullmatch(value):
        return value if FILE_NAME.search(value) and "/" in value else ""
    try:
        plain = b64decode(value + "=" * (-len(value) % 4), validate=True).decode()
    except ValueError:
        return ""
    return plain if FILE_NAME.search(plain) and plain.startswith(("http://", "https://", "/")) else ""


def _from_embedded(element: Element, tag: str, into: Collector, *, inside: bool) -> None:
    if tag == "param":
        is_source = attribute(element, "name").lower() in ("src", "url", "filename", "movie", "data")
        source = attribute(element, "value") if is_source else ""
    else:
        source = attribute(element, "src", "data")
    into.add(source, attribute(element, "title", "name"), "", "embed", markup_path(element), inside)
    _from_viewer(source, into, inside=inside)


def _from_meta(element: Element, into: Collector) -> None:
    if attribute(element, "http-equiv").lower() == "refresh":
        match = _REFRESH.search(attribute(element, "content"))
        if match and absolute(into.base, match[1], into.encoding) != into.page:
            into.add(match[1], "", "", "refresh")


def _from_option(element: Element, into: Collector, *, inside: bool) -> None:
    """A choice leads on if its value is an address, or if choosing makes one of it."""
    value, said = attribute(element, "value"), into.words(element)
    chooser = element.getparent()
    change = attribute(chooser, "onchange") if chooser is not None else ""
    if js_strings.is_address(value, "url"):
        into.add(value, said, "", "button", markup_path(element), inside)
    elif change and value:
        for address in js_handlers.targets(change, into.program, chosen=value):
            into.add(address, said, "", "button", markup_path(element), inside)


def from_pieces(text: str, script: str, into: Collector) -> None:
    """Collect from islands of XML, from what scripts write, from data, and from paging scripts."""
    islands = [match[1] for match in islice(_CDATA.finditer(text), MOST_LINKS) if _is_markup(match[1])]
    _from_markup("".join(f"<div>{island}</div>" for island in islands), into, "data")
    _from_markup(js_strings.markup(script), into, "script")
    _from_markup(js_handlers.written(script, into.program), into, "script")
    for found in js_strings.data(script):
        into.add(unescape(found.address), plain(found.words)[:LONGEST_WORDS], "", "data", "script")
    for leaf in pagination.leaves_of_script(script, into.page, into.program.constants):
        into.add(leaf, "下一页", "", "paging", "script")


def _is_markup(island: str) -> bool:
    return island.lstrip()[:1] == "<" and "<a" in island.lower()


def _from_markup(markup: str, into: Collector, how: str) -> None:
    tree = parse(markup) if markup else None
    if tree is not None:
        from_tree(tree, None, into, how)
