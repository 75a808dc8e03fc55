"""A received web page, looked at once: what it prints, shows and leads to. No script is ever run."""

from __future__ import annotations

import re
from hashlib import sha256
from itertools import islice

from ingest.crawl.pages import js_handlers, script_calls
from ingest.crawl.pages.bounded_tree import LONGEST, parse, walk
from ingest.crawl.pages.data_answers import add_further_pages, answered
from ingest.crawl.pages.declared import declared
from ingest.crawl.pages.links import Collector, absolute, from_pieces, from_tree
from ingest.crawl.pages.models import Image, PageView, ScriptCall
from ingest.crawl.pages.page_text import PageText, pieces_of, plain, printed, squeezed
from ingest.crawl.pages.urls import canonical
from ingest.crawl.platforms.platform_matching import Described, described
from ocr.html.boilerplate import find_content
from ocr.html.encoding import decode
from ocr.html.tree import Element, attribute, tag_of
from ocr.html.visibility import AS_MARKED_UP

_MOST_IMAGES = 500
_LONGEST_SCRIPT = 1_000_000
_KEPT_SCRIPT = 20_000

_STATUTORY = (
    ("本年新收政府信息公开申请", "结转下年度继续办理", "上年结转政府信息公开申请", "属于国家秘密"),
    ("制发件数", "废止件数", "现行有效件数", "处理决定数量", "新制作数量", "对外公开总数量"),
    ("结果维持", "结果纠正", "尚未审结", "未经复议直接起诉"),
)
_PLACE = re.compile(
    r"(?:(?:当前|您|所在|现在|你)[^\n]{0,8}|\b)位置[^\n]{0,4}[:：>][^\n]{0,200}"
    r"(?:\n[^\n]{0,30}[>»›][^\n]{0,30}|(?<=[>»›:：])\n[^\n]{1,30}){0,8}"
)
_PLACE_CLASS = re.compile(r"position|location|crumb|weizhi|dqwz|wz|place|local|path|breadcrumbs?|curmb", re.I)
_HEADING_CLASS = re.compile(r"(?:\w*[-_])?(?:title|bt|biaoti|tit|headline|headtitle)(?:[-_]?\w{0,4})?", re.I)
_IMAGE_SOURCES = ("data-src", "data-original", "_src", "original", "oldsrc", "src")
# Islands of data and templates, which are no scripts.
_NO_SCRIPT = re.compile(r"xml|html|template", re.I)
_NUMBER = re.compile(r"\d{1,5}")
_END = re.compile(r"</(?:body|html)\s{0,9}>", re.I)
# JSON that comes inside of a call: callback({…}).
_CALL = re.compile(r"\s{0,9}[\w$.]{1,80}\s?\(\s{0,9}[\[{]")


def look_at(url: str, body: bytes, content_type: str) -> PageView:
    """Look at a page that came from `url`, in whatever encoding and however broken; it never fails.

    Also takes what a list fetches: pieces of XML, JSON or JavaScript. Pages are
    read up to 4 million characters, 60,000 elements and 5,000 links; `left_out` counts links beyond.
    """
    text, encoding = decode(body[: 4 * LONGEST], content_type)
    text = text[:LONGEST]
    start = text.lstrip("\ufeff \t\r\n")[:5]
    is_data = start[:1] in ("{", "[") or "javascript" in content_type.lower() or _CALL.match(text)
    said = Described() if is_data else described(text, url)
    root = None if is_data else parse(_with_article(text, said.content))
    if root is None:
        return _of_data(url, text, encoding)
    return _of_tree(url, text, encoding, root, said)


def _with_article(text: str, article: str) -> str:
    """A page with the article that a script would write into it; nothing is read behind the end of a page."""
    return _END.sub("", text) + f'<div class="article-content">{article}</div>' if article else text


def _of_data(url: str, text: str, encoding: str) -> PageView:
    into = Collector(url, url, encoding, js_handlers.understand(""))
    answer = answered(text, into)
    if not into.links:
        from_pieces(text, text[:_LONGEST_SCRIPT], into)
    asked = [] if answer else _asked(text, into)
    list_ = add_further_pages(text, answer, into)
    unaddressed = answer.unaddressed if answer else 0
    return PageView(
        *(url, "", "", "", tuple(into.links), (), (), False, False, encoding),
        left_out=into.left_out,
        declared=list_,
        unaddressed=unaddressed,
        calls=tuple(asked),
    )


def _asked(script: str, into: Collector) -> list[ScriptCall]:
    """The requests of a script file; what is asked for beside a page that is not known here is left."""
    found = script_calls.calls(script[:_LONGEST_SCRIPT], js_handlers.understand(script), {})
    whole = [one for one in found if one.address.startswith(("/", "http"))]
    for address in script_calls.lists_asked_for(whole, ()):
        into.add_request(address, "list")
    return whole


def _of_tree(url: str, text: str, encoding: str, root: Element, known: Described) -> PageView:
    content = find_content(walk(root), AS_MARKED_UP)
    said = printed(root, AS_MARKED_UP, content)
    script = _scripts(root)
    base = _base(root, url, encoding)
    into = Collector(url, base, encoding, js_handlers.understand(script))
    from_tree(root, content, into)
    _from_redirect(script, said, into)
    from_pieces(text, script, into)
    is_xml = text.lstrip("\ufeff \t\r\n")[:5] == "<?xml"
    answer = answered(text, into) if is_xml else None
    asked = script_calls.calls(script, into.program, _inputs(root))
    for found in known.lists:
        into.add_request(found.address, found.how)
    for address in script_calls.lists_asked_for(asked, (one.address for one in known.lists)):
        into.add_request(address, "list")
    list_ = add_further_pages(text, answer, into)
    title = _title(root)
    return PageView(
        url=url,
        title=title,
        heading=_heading(root, title),
        text=said.text,
        links=tuple(into.links),
        images=_images(root, content, base, encoding),
        styles=_styles(root, base, encoding),
        has_statutory_tables=_has_statutory_tables(root, said.text),
        has_password=any(attribute(one, "type").lower() == "password" for one in root.iter("input")),
        encoding=encoding,
        place=_place(root, said.text),
        own=said.own,
        content=said.content,
        script=script[:_KEPT_SCRIPT],
        left_out=into.left_out,
        written=known.content,
        declared=list_ if list_.rows else declared(text, said.text),
        sources=tuple(one.get("src") for one in islice(root.iter("script"), 200) if one.get("src")),
        calls=tuple(asked),
    )


def _inputs(root: Element) -> dict[str, str]:
    """What stands in the input fields of a page when it is opened, by id."""
    fields = (one for one in islice(root.iter("input"), 300) if one.get("id"))
    return {one.get("id"): attribute(one, "value") for one in fields}


def _scripts(root: Element) -> str:
    pieces: list[str] = []
    length = 0
    for element in root.iter("script"):
        if _NO_SCRIPT.search(element.get("type") or ""):
            continue
        pieces.append(element.text or "")
        length += len(pieces[-1])
        if length > _LONGEST_SCRIPT:
            break
    return "\n".join(pieces)[:_LONGEST_SCRIPT]


def _base(root: Element, url: str, encoding: str) -> str:
    given = next((one.get("href") for one in root.iter("base") if one.get("href")), "")
    return absolute(url, given, encoding) or url


def _from_redirect(script: str, said: PageText, into: Collector) -> None:
    """A page that prints next to nothing and whose script goes elsewhere at once leads only there."""
    if len(said.text) < 200 and len(into.links) <= 5:
        for target in js_handlers.redirects(script[:5000], into.program):
            into.add(target, "", "", "refresh")


def _title(root: Element) -> str:
    return next((plain("".join(one.itertext())) for one in root.iter("title")), "")[:300]


def _heading(root: Element, title: str) -> str:
    """What stands over the article or list, as the page describes itself, or its most fitting headline."""
    described = {attribute(one, "name").lower(): attribute(one, "content") for one in root.iter("meta")}
    said = plain(described.get("articletitle") or described.get("columnname") or "")
    if said:
        return said[:300]
    candidates = [text for one in root.iter() if _is_headline(one) and 2 <= len(text := _short(one)) <= 120]
    named = (text for text in candidates if squeezed(text) in squeezed(title) and len(text) > 5)
    return next(named, "") or (candidates[0] if candidates else "")


def _is_headline(element: Element) -> bool:
    tag = tag_of(element)
    if tag in ("h1", "h2", "h3"):
        return True
    return tag in ("div", "p", "span", "td", "dt") and any(
        _HEADING_CLASS.fullmatch(word) for word in attribute(element, "class", "id").split()[:4]
    )


def _short(element: Element) -> str:
    """The text of a small element; empty for one that holds half the page."""
    pieces = list(islice(pieces_of(element), 60))
    return plain("".join(pieces)) if len(pieces) < 60 else ""


def _place(root: Element, text: str) -> str:
    found = _PLACE.search(text[:50_000])
    if found:
        return plain(found[0])[:300]
    classes = (one for one in root.iter("div", "p", "ul", "td", "span", "ol", "nav") if one.get("class"))
    named = (one for one in classes if any(_PLACE_CLASS.fullmatch(word) for word in one.get("class").split()))
    return next((said[:300] for one in named if (said := _short(one))), "")


def _has_statutory_tables(root: Element, text: str) -> bool:
    """Whether the page has a table with the labels of one of the statutory forms."""
    if next(root.iter("td", "th"), None) is None:
        return False
    words = squeezed(text)
    return any(sum(label in words for label in labels) >= 2 for labels in _STATUTORY)


def _images(root: Element, content: Element | None, base: str, encoding: str) -> tuple[Image, ...]:
    # Both lists keep their elements alive, so that one element is one object.
    within = list(content.iter("img")) if content is not None else []
    ids = set(map(id, within))
    found: dict[str, Image] = {}
    for one in list(islice(root.iter("img"), _MOST_IMAGES)):
        url = _source(one, base, encoding)
        if url:
            alt = plain(attribute(one, "alt", "title"))[:200]
            width, height = _pixels(attribute(one, "width")), _pixels(attribute(one, "height"))
            found.setdefault(url, Image(url, alt, width, height, id(one) in ids))
    return tuple(found.values())


def _source(image: Element, base: str, encoding: str) -> str:
    """The address of a picture, also of one that a script would load later."""
    for key in _IMAGE_SOURCES:
        said = attribute(image, key)
        if said[:11].lower() == "data:image/" and key == "src":
            return re.split("[;,]", said[:60])[0]
        url = absolute(base, said, encoding) if said else ""
        if url:
            return url
    return ""


def _pixels(said: str) -> int:
    match = _NUMBER.match(said)
    return int(match[0]) if match and "%" not in said else 0


def _styles(root: Element, base: str, encoding: str) -> tuple[str, ...]:
    sheets = (one for one in root.iter("link") if "stylesheet" in attribute(one, "rel").lower())
    urls = (absolute(base, attribute(one, "href"), encoding) for one in sheets)
    return tuple(dict.fromkeys(url for url in urls if url))[:100]


def fingerprint(view: PageView) -> str:
    """Hash what a page prints (sha256), so that a new frame round an old text is no change.

    Left out are the words of links (but for those to files, and those in the
    middle of the content), counters of visits, today's date and its like. Every
    paragraph and every cell of a table counts, wherever on the page it stands, and
    so do the pictures of the content, by address.
    """
    pictures = (canonical(image.url) for image in view.images if image.inside)
    lines = ("\t".join(cell.strip() for cell in line.split("\t")) for line in view.own.split("\n"))
    return sha256("\n".join([*lines, "", *pictures]).encode("utf-8", "replace")).hexdigest()
