"""Addresses: which of them mean the same page, and which belong to a site."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit, urlunsplit

from tldextract import TLDExtract

from ingest.crawl.platforms.requests import MARK

_PORTS = {"http": 80, "https": 443}
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# What may stand in a path or query as it is; everything else is written as %XX.
_KEPT = _UNRESERVED | frozenset("!$&'()*+,;=:@/?%[]|")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")

# The second one is how ASP.NET does without cookies.
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*|/\([SAF]\(\w{8,64}\)\)(?=/|$)", re.I | re.A)
_SESSION = re.compile(
    r"j?session_?id|phpsessid|aspsessionid\w*|asp\.net_sessionid|cfid|cftoken|utm_\w+", re.I
)
# Names that are also used for honest things (sid=12 is a section): only a random value is a session.
_TOKEN = re.compile(r"(?:sid|token|access_?token|_?csrf\w*)", re.I)
_RANDOM = re.compile(r"(?=[^\d]*\d)(?=[^A-Za-z]*[A-Za-z])(?:[0-9A-Za-z_.-]{12,}|[0-9A-Fa-f]{8,})")
# What ASP.NET has a form carry along: it changes with every answer and chooses nothing.
_STATE = re.compile(
    r"(?:__(?:VIEWSTATE\w*|EVENTVALIDATION|PREVIOUSPAGE|LASTFOCUS)|__RequestVerificationToken)=[^&]*&?"
)
_BUSTER = re.compile(r"(?:_|rnd|rand|random|timestamp|nocache|_t|_r|cachebuster)", re.I)
_SHORT_BUSTER = re.compile(r"(?:t|r|ts|time|v)", re.I)
_NUMBER = re.compile(r"\d+|\d?\.\d+")
# Seconds or milliseconds of our years, or what Math.random() gives.
_MOMENT = re.compile(r"1[4-9]\d{8}(?:\d{3})?|0?\.\d{6,}")


def canonical(url: str, *, with_tokens: bool = False) -> str:
    """Give the form of an address that tells addresses apart; what is no address comes back as it is.

    Sessions, cache busters, the default port, the fragment and the order of the
    query do not count. `/index.html` does: a site may answer it and `/` differently.
    A random `sid` or `token` is taken for a session, unless it is to be kept `with_tokens`. Of what is
    asked with a body, the body counts, but for the state that a form carries along.
    """
    url, mark, body = url.partition(MARK)
    return _canonical(url, with_tokens) + (mark + _STATE.sub("", body) if mark else "")


def _canonical(url: str, with_tokens: bool) -> str:
    try:
        parts = urlsplit(url.strip().replace("\\", "/"))
        if parts.scheme.lower() not in _PORTS or not parts.hostname:
            return url
        host = _host(parts)
    except ValueError:
        return url
    path = _without_dots(_without_sessions(_escaped(parts.path))) or "/"
    return urlunsplit((parts.scheme.lower(), host, path, _query(parts.query, with_tokens), ""))


def _host(parts: SplitResult) -> str:
    name = (parts.hostname or "").rstrip(".")
    name = _ascii_host(f"[{name}]" if ":" in name else name)
    return name if parts.port in (None, _PORTS[parts.scheme.lower()]) else f"{name}:{parts.port}"


def _ascii_host(name: str) -> str:
    """Write a Chinese host name as it goes over the wire; leave one that has no such form."""
    try:
        return name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


def _escaped(text: str) -> str:
    """Write every character in one way only: unreserved ones plain, others as %XX in capitals."""
    plain = _ESCAPE.sub(_unescaped, _LONE_PERCENT.sub("%25", text))
    return "".join(c if c in _KEPT else "".join(f"%{b:02X}" for b in _bytes(c)) for c in plain)


def _bytes(character: str) -> bytes:
    return character.encode("utf-8", "replace")


def _unescaped(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else f"%{match[1].upper()}"


def _without_sessions(path: str) -> str:
    """Take sessions out of a path, also those that stand before another one."""
    shorter = _PATH_SESSION.sub("", path)
    while shorter != path:
        path, shorter = shorter, _PATH_SESSION.sub("", shorter)
    return path


def _without_dots(path: str) -> str:
    """Resolve `.` and `..` (RFC 3986, 5.2.4)."""
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == ".." and len(kept) > 1:
            kept.pop()
        elif segment not in (".", ".."):
            kept.append(segment)
    if segments[-1] in (".", "..") and kept and kept[-1]:
        kept.append("")
    return "/" + "/".join(kept).removeprefix("/")


def _query(query: str, with_tokens: bool) -> str:
    pieces = (_escaped(piece) for piece in query.split("&"))
    return "&".join(sorted(piece for piece in pieces if piece and not _means_nothing(piece, with_tokens)))


def _means_nothing(piece: str, with_tokens: bool) -> bool:
    """Whether a piece `name=value` of a query names a session or only keeps caches away."""
    name, _, value = piece.partition("=")
    return bool(
        _SESSION.fullmatch(name)
        or (not with_tokens and _TOKEN.fullmatch(name) and _RANDOM.fullmatch(value))
        or (_BUSTER.fullmatch(name) and _NUMBER.fullmatch(value))
        or (_SHORT_BUSTER.fullmatch(name) and _MOMENT.fullmatch(value))
    )


@cache
def _extract() -> TLDExtract:
    """Public suffixes as they come with the package: the list is never fetched."""
    return TLDExtract(suffix_list_urls=(), cache_dir=None)


def default_hosts(start: str | Iterable[str]) -> tuple[str, ...]:
    """Name the hosts that belong to the pages a site begins with: their own and their registered domain.

    So www.x.gov.cn allows zwgk.x.gov.cn, but never all of gov.cn; an IP address stands for itself alone.
    """
    found: dict[str, None] = {}
    for url in (start,) if isinstance(start, str) else start:
        host = _hostname(url)
        if host:
            found[host] = None
            found |= dict.fromkeys(_registered(host))
    return tuple(found)


def _registered(host: str) -> tuple[str, ...]:
    if _is_ip(host):
        return ()
    domain = _extract()(host).top_domain_under_public_suffix
    return (domain,) if domain else ()


def is_on_site(url: str, hosts: Iterable[str]) -> bool:
    """Whether an address is on one of the hosts or below it, whatever the port."""
    host = _hostname(url)
    return bool(host) and any(_covers(allowed, host) for allowed in hosts)


def _covers(allowed: str, host: str) -> bool:
    name = _ascii_host(allowed.strip().strip(".").strip("[]").lower())
    return host == name or (bool(name) and not _is_ip(name) and host.endswith("." + name))


def _hostname(url: str) -> str:
    """The host as it goes over the wire, lower case; empty if the address has none or is not of the web."""
    try:
        parts = urlsplit(url.strip().replace("\\", "/"))
        name = (parts.hostname or "").rstrip(".")
    except ValueError:
        return ""
    return _ascii_host(name) if parts.scheme.lower() in _PORTS else ""


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
