"""Hostile ways: redirects to where nobody may go, broken TLS, robots.txt; and the table of all cases."""

from __future__ import annotations

from tests.support.hostile_web.answers import (
    ERROR,
    HTML,
    MEGABYTE,
    OK,
    PAGE,
    REFUSED,
    SIZE,
    TIME,
    Serve,
    answer,
    growing,
    nothing,
    packed_bomb,
    slow_hop,
    then,
    to,
)
from tests.support.hostile_web.server import HOST, ROBOTS_HOSTS, Case
from tests.support.hostile_web.syntax import ODDITIES, SYNTAX

TO_THE_TRAP = [
    ("dotted", "http://127.0.0.1:{trap}/", "this machine"),
    ("other-loopback", "http://127.0.0.2:{trap}/", "this machine"),
    ("ipv6", "http://[::1]:{trap}/", "this machine"),
    ("mapped", "http://[::ffff:127.0.0.1]:{trap}/", "IPv6 clothes"),
    ("mapped-hex", "http://[::ffff:7f00:1]:{trap}/", "IPv6 clothes"),
    ("mapped-allowed", "http://[::ffff:127.0.0.9]:{plain}/", "IPv6 clothes"),
    ("decimal", "http://2130706433:{trap}/", "this machine"),
    ("hexadecimal", "http://0x7f000001:{trap}/", "this machine"),
    ("hexadecimal-dotted", "http://0x7f.1:{trap}/", "this machine"),
    ("octal", "http://017700000001:{trap}/", "this machine"),
    ("octal-dotted", "http://0177.0.0.01:{trap}/", "this machine"),
    ("short", "http://127.1:{trap}/", "this machine"),
    ("zero", "http://0:{trap}/", "unspecified"),
    ("all-zero", "http://0.0.0.0:{trap}/", "unspecified"),
    ("all-zero-ipv6", "http://[::]:{trap}/", "unspecified"),
    ("localhost", "http://localhost:{trap}/", "this machine"),
    ("localhost-capitals", "http://LocalHost:{trap}/", "this machine"),
    ("wide-digits", "http://①②⑦.⓪.⓪.①:{trap}/", "this machine"),
    ("no-scheme", "//127.0.0.1:{trap}/", "this machine"),
    ("backslashes", "http:\\\\127.0.0.1:{trap}\\x", "this machine"),
    ("backslash-at", "http://127.0.0.1:{trap}\\@127.0.0.9:{plain}/", "this machine"),
    ("tab-in-scheme", "ht\ttp://127.0.0.1:{trap}/", "this machine"),
    ("tls", "https://127.0.0.1:{trap}/", "this machine"),
    ("userinfo", "http://127.0.0.9:{plain}@127.0.0.1:{trap}/", "user name"),
]

ELSEWHERE = [Case(f"trap-{name}", to(url), REFUSED, word) for name, url, word in TO_THE_TRAP] + [
    Case("direct-loopback", nothing, REFUSED, "this machine", url="http://127.0.0.1:{trap}/direct"),
    Case("direct-decimal", nothing, REFUSED, "this machine", url="http://2130706433:{trap}/"),
    Case("direct-mapped", nothing, REFUSED, "IPv6 clothes", url="http://[::ffff:127.0.0.1]:{trap}/"),
    Case("direct-credentials", nothing, REFUSED, "user name", url=f"http://me:secret@{HOST}:{{plain}}/"),
    Case(
        "trap-307",
        lambda c: c.answer(
            b"", f"Location: http://127.0.0.1:{c.places['trap']}/", status="307 Temporary Redirect"
        ),
        REFUSED,
        "this machine",
    ),
    Case("trap-second-hop", to("/trap-dotted"), REFUSED, "this machine"),
    Case(
        "trap-refresh-header",
        lambda c: c.answer(b"fine", HTML, f"Refresh: 0; url=http://127.0.0.1:{c.places['trap']}/"),
        PAGE,
        "fine",
    ),
    Case(
        "trap-meta-refresh",
        lambda c: c.answer(
            f"<meta http-equiv=refresh content='0;url=http://127.0.0.1:{c.places['trap']}/'>".encode(), HTML
        ),
        REFUSED,
        "this machine",
    ),
    Case(
        "meta-refresh-file",
        answer(b"<meta http-equiv=refresh content='0;url=file:///etc/passwd'>x", HTML),
        PAGE,
        "refresh",
    ),
    Case(
        "content-location",
        lambda c: c.answer(b"fine", f"Content-Location: http://127.0.0.1:{c.places['trap']}/"),
        PAGE,
        "fine",
    ),
    Case(
        "scheme-file",
        to("file:///etc/passwd"),
        REFUSED,
        "file:///etc/passwd, which is neither http nor https",
    ),
    Case("scheme-ftp", to("ftp://127.0.0.1:{trap}/x"), REFUSED, "neither http nor https"),
    Case("scheme-gopher", to("gopher://127.0.0.1:{trap}/_x"), REFUSED, "neither http nor https"),
    Case("scheme-data", to("data:text/html,hello"), REFUSED, "neither http nor https"),
    Case("scheme-javascript", to("javascript:alert(1)"), REFUSED, "neither http nor https"),
    Case("port-mail", to(f"http://{HOST}:25/"), REFUSED, "port 25"),
    Case("port-ssh", to(f"http://{HOST}:22/"), REFUSED, "port 22"),
    Case("port-redis", to(f"http://{HOST}:6379/"), REFUSED, "port 6379"),
    Case("port-zero", to(f"http://{HOST}:0/"), REFUSED, "port 0"),
    Case("port-huge", to(f"http://{HOST}:99999/"), ERROR),
    Case("location-torn", to("http://[::1/"), ERROR, "makes no sense"),
    Case("location-none", answer(b"", status="302 Found"), ERROR, "nowhere"),
    Case("location-crlf", to("/page%0d%0aHost:%20127.0.0.1%0d%0a"), PAGE, "nothing here"),
    Case("location-spaces", to("  /page with spaces  "), PAGE, "nothing here"),
    Case("location-credentials", to(f"http://me:secret@{HOST}:{{plain}}/"), REFUSED, "user name"),
    Case("location-10-mb", lambda c: c.redirect("/" + "x" * 10 * MEGABYTE), REFUSED, "longer than 16 KB"),
    Case("location-12-kb", lambda c: c.redirect("/" + "x" * 12_000), REFUSED, "longer than 4096"),
    Case("loop-self", to("/loop-self"), ERROR, "redirected too often"),
    Case("loop-two", to("/loop-back"), ERROR, "redirected too often"),
    Case("loop-back", to("/loop-two"), ERROR, "redirected too often"),
    Case("loop-growing", growing, REFUSED, "longer than 4096"),
    Case("loop-slow", slow_hop, REFUSED, "download_seconds", seconds=2),
]

TLS = [
    Case("tls-known", answer(), PAGE, "fine", door="tls-good", trusted=True),
    Case("tls-unknown", answer(), ERROR, "incomplete", door="tls-good"),
    Case("tls-is-expired", answer(), ERROR, "has expired", door="tls-expired", trusted=True),
    Case("tls-is-early", answer(), ERROR, "not valid yet", door="tls-early", trusted=True),
    Case("tls-is-strange", answer(), ERROR, "another host", door="tls-stranger", trusted=True),
    Case("tls-is-self-signed", answer(), ERROR, "self-signed", door="tls-self"),
    Case("tls-is-short", answer(), ERROR, "incomplete", door="tls-short", trusted=True),
    Case("tls-is-weak", answer(), ERROR, "too weak", door="tls-weak", trusted=True),
    Case("tls-is-old", answer(), ERROR, "old TLS", door="tls-old", trusted=True),
    Case("tls-is-sha1", answer(), ERROR, "weak hash", door="tls-sha1", trusted=True),
    Case("tls-is-none", answer(), ERROR, "does not speak TLS", door="tls-plain"),
    Case("tls-babbles", answer(), ERROR, door="tls-babble"),
    Case("recorded-fine", answer(), PAGE, "fine", door="tls-good", tls="record", trusted=True),
    Case("recorded-expired", answer(), PAGE, "has expired", door="tls-expired", tls="record"),
    Case("recorded-early", answer(), PAGE, "not valid yet", door="tls-early", tls="record"),
    Case("recorded-strange", answer(), PAGE, "another host", door="tls-stranger", tls="record"),
    Case("recorded-self-signed", answer(), PAGE, "self-signed", door="tls-self", tls="record"),
    Case("recorded-short", answer(), PAGE, "incomplete", door="tls-short", tls="record"),
    Case("recorded-weak", answer(), PAGE, "too weak", door="tls-weak", tls="record", trusted=True),
    Case("recorded-old", answer(), PAGE, "old TLS", door="tls-old", tls="record", trusted=True),
    Case("recorded-sha1", answer(), PAGE, "weak hash", door="tls-sha1", tls="record", trusted=True),
    Case("recorded-none", answer(), ERROR, "does not speak TLS", door="tls-plain", tls="record"),
    Case(
        "recorded-trap",
        to("https://127.0.0.1:{trap}/"),
        REFUSED,
        "this machine",
        door="tls-self",
        tls="record",
    ),
]


def _robots(host: str, serve: Serve) -> list[Case]:
    """A host whose robots.txt is hostile, under the host's name, and a page on it."""
    return [Case(host, serve, None, url=f"http://{host}:{{plain}}/page")]


ROBOTS = [
    *_robots(ROBOTS_HOSTS[0], to("http://127.0.0.1:{trap}/robots.txt")),
    *_robots(ROBOTS_HOSTS[1], then(OK, "\r\n", again=b"Disallow: /\n" * 900)),
    *_robots(ROBOTS_HOSTS[2], nothing),
    *_robots(ROBOTS_HOSTS[3], lambda c: c.answer(packed_bomb(1024, 31), "Content-Encoding: gzip")),
]

CASES = [*ELSEWHERE, *SIZE, *TIME, *SYNTAX, *ODDITIES, *TLS, *ROBOTS]
