"""What an address says by the way it is built, before anybody goes there."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from ingest.crawl.pages.models import Link

_FILE_END = re.compile(
    r"\.(?:pdf|docx?|wps|ofd|xlsx?|et|zip|rar|7z|jpe?g|png|tiff?|bmp|ceb)(?=$|[;?)\]】）])", re.I
)
_PAGE_END = re.compile(r"\.(?:s?html?|jhtml)$", re.I)
_DOWNLOAD = re.compile(r"down_?load|down_?file|attach|getfile|readfile|fileserv|appendix|accessory", re.I)
_ARTICLE = re.compile(
    r"/(?:(?:art|content|post)_\w+|[A-Za-z_-]{0,30}\d{3,}[\w-]{0,60})\.(?:s?html?|jsp|aspx?|php)$", re.I
)
_ARTICLE_QUERY = re.compile(r"(?:article|art|info|news|content|doc|item|c|n)?_?id", re.I)
_LIST = re.compile(
    r"(?:/|/(?:index|list|default|col\w*|node\w*|channel\w*|column\w*|lm\w*)(?:[_-]?\d+)?\.\w+)$", re.I
)
# How folders of disclosure are called by the first letters of their Chinese names.
_DISCLOSURE = re.compile(
    r"/(?:(?:zf)?xxgk\w{0,4}|zwgk|zfgk|(?:xx)?gkn(?:db|b)\w*|ndbg|nianbao)/?(?:index\.\w+)?$", re.I
)
_SEARCH = re.compile(
    r"/(?:search|jsearch\w*|jrobot|so|query|ss)(?:[/.?]|$)|[?&](?:keyword|searchword|wd|query|q)=", re.I
)
_SERVICE = re.compile(
    r"login|passport|logout|register|weibo\.com|qzone|/print|[?&]print=|/rss|share\.|/sso/|/cas/|/big5/", re.I
)
# Scripts that every site loads, and that fill no list.
_LIBRARY = re.compile(
    r"jquery|angular|vue|react|bootstrap|swiper|layui|layer|echarts|polyfill|vendor|/libs?/|plugins?|share|hm\.js",
    re.I,
)
_ORDER_KEY = re.compile(r"(?:sort|order)\w*|asc|desc", re.I)


def is_file(link: Link) -> bool:
    """Whether a link leads to a file, by its address or its words, rather than to a page."""
    parts = urlsplit(link.url)
    path = unquote(parts.path).split(";")[0]
    if _FILE_END.search(path):
        return True
    if _PAGE_END.search(path):
        return False
    values = (value for _, value in parse_qsl(parts.query, encoding="gb18030", errors="replace"))
    return any(map(_FILE_END.search, values)) or bool(
        _FILE_END.search(link.text.strip()) or _DOWNLOAD.search(path)
    )


def is_article(url: str) -> bool:
    """Whether an address is built like that of one article rather than of a list."""
    parts = urlsplit(url)
    if _LIST.search(parts.path) and not parts.query:
        return False
    named = any(_ARTICLE_QUERY.fullmatch(key) and value for key, value in parse_qsl(parts.query))
    return named or bool(_ARTICLE.search(parts.path))


def names_disclosure(url: str) -> bool:
    """Whether the last folder of an address is called like disclosure, zfxxgk, or annual reports, xxgknb."""
    return bool(_DISCLOSURE.search(urlsplit(url).path))


def is_search(url: str) -> bool:
    """Whether an address asks a search engine."""
    return bool(_SEARCH.search(url))


def is_service(url: str) -> bool:
    """Whether an address is a login, a printed view, a sharing button or the like."""
    return bool(_SERVICE.search(url))


def is_library(source: str) -> bool:
    """Whether the address of a script is that of one which is not the site's own."""
    return bool(_LIBRARY.search(source))


def reorders(url: str, page: str) -> bool:
    """Whether an address is the page itself in another order."""
    own = set(parse_qsl(urlsplit(page).query))
    asked = set(parse_qsl(urlsplit(url).query)) - own
    return urlsplit(url).path == urlsplit(page).path and any(_ORDER_KEY.fullmatch(key) for key, _ in asked)
