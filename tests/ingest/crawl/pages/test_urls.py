"""Addresses: which mean the same page, and which belong to a site."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.crawl.pages.urls import canonical, default_hosts, is_on_site

PIECES = st.sampled_from(
    [
        *(
            "http://",
            "HTTPS://",
            "Www.Qinghe.gov.cn",
            "127.0.0.1",
            "[::1]",
            ":80",
            ":8080",
            ":x",
            "/",
            "//",
            "/./",
        ),
        *(
            "/../",
            "a",
            "index.html",
            "年报",
            "%b9%AB",
            "%zz",
            "%2e",
            "%2F",
            ";jsessionid=9F",
            "/(S(abcdefgh12))",
        ),
        *("?", "&", "=", "b=2", "a=1", "sid=12", "sid=ab12ab12ab12ab12", "_=1700000000000", "t=0.123456789"),
        *("utm_a=b", "/(S(abcdefgh12))", "#x", " ", "\\", "+", "@", "|"),
    ]
)
URLS = (
    st.lists(PIECES, max_size=14).map("".join)
    | st.text(max_size=60).map("http://q.gov.cn/".__add__)
    | st.text()
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HTTP://WWW.Qinghe.GOV.cn:80/a", "http://www.qinghe.gov.cn/a"),
        ("https://q.gov.cn:443", "https://q.gov.cn/"),
        ("http://q.gov.cn/a;jsessionid=0A1B2C?x=1", "http://q.gov.cn/a?x=1"),
        ("http://q.gov.cn/a.php?PHPSESSID=abc&id=3", "http://q.gov.cn/a.php?id=3"),
        ("http://q.gov.cn/a.asp?ASPSESSIONIDQQ=abc&id=3", "http://q.gov.cn/a.asp?id=3"),
        ("http://q.gov.cn/(S(k2abcdefgh123))/a.aspx", "http://q.gov.cn/a.aspx"),
        ("http://q.gov.cn/a?sid=9f8e7d6c5b4a39f8", "http://q.gov.cn/a"),
        ("http://q.gov.cn/a?sid=9f8e7d6c", "http://q.gov.cn/a"),
        ("http://q.gov.cn/a?token=9f8e7d6c5b4a39f8&id=1", "http://q.gov.cn/a?id=1"),
        ("http://q.gov.cn/a?_=12&t=1700000000123&rnd=0.12345678&utm_source=x", "http://q.gov.cn/a"),
        ("http://q.gov.cn/a?b=2&a=1", "http://q.gov.cn/a?a=1&b=2"),
        ("http://q.gov.cn/年报.pdf", "http://q.gov.cn/%e5%b9%b4%e6%8a%a5.pdf"),
        ("http://q.gov.cn/%7Ea/../b/./c", "http://q.gov.cn/b/c"),
        ("http://q.gov.cn/a#part", "http://q.gov.cn/a"),
        ("http://q.gov.cn\\zwgk\\a.htm", "http://q.gov.cn/zwgk/a.htm"),
        ("http://青禾.cn/", "http://xn--2lzs91d.cn/"),
    ],
)
def test_the_same_page_has_one_address(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://q.gov.cn/a/", "http://q.gov.cn/a/index.html"),
        ("http://q.gov.cn/a?sid=12", "http://q.gov.cn/a?sid=13"),
        ("http://q.gov.cn/a?t=5", "http://q.gov.cn/a?t=6"),
        ("http://q.gov.cn/a?page=1", "http://q.gov.cn/a?page=2"),
        ("http://q.gov.cn/attach?uuid=9f8e7d6c5b4a39f8", "http://q.gov.cn/attach?uuid=19f8e7d6c5b4a39f"),
        ("http://q.gov.cn/a", "https://q.gov.cn/a"),
        ("http://q.gov.cn/A", "http://q.gov.cn/a"),
        ("http://q.gov.cn/a%2Fb", "http://q.gov.cn/a/b"),
        ("http://q.gov.cn:8080/a", "http://q.gov.cn/a"),
        ("http://q.gov.cn/a?x=%B9%AB", "http://q.gov.cn/a?x=%E5%85%AC"),
    ],
)
def test_different_pages_keep_different_addresses(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@given(
    st.lists(PIECES, max_size=14).map("".join)
    | st.text(max_size=60).map("http://q.gov.cn/".__add__)
    | st.text()
)
def test_a_canonical_address_stays_as_it_is(url: str) -> None:
    assert canonical(canonical(url)) == canonical(url)


def test_what_is_no_address_comes_back() -> None:
    for text in ("", "mailto:a@b", "javascript:x()", "http://[::1", "http://a:99999999/"):
        assert canonical(text) == text


def test_a_site_has_its_registered_domain_but_never_all_of_gov_cn() -> None:
    hosts = default_hosts("http://www.qinghe.gov.cn:8080/zwgk/")
    assert hosts == ("www.qinghe.gov.cn", "qinghe.gov.cn")
    assert is_on_site("https://zwgk.qinghe.gov.cn:81/a", hosts)
    assert not is_on_site("http://www.yunxi.gov.cn/", hosts)
    assert not is_on_site("http://notqinghe.gov.cn/", hosts)
    assert not is_on_site("http://qinghe.gov.cn.evil.com/", hosts)
    assert not is_on_site("http://qinghe.gov.cn@evil.com/", hosts)
    assert not is_on_site("ftp://www.qinghe.gov.cn/", hosts)
    assert default_hosts("http://gov.cn/") == ("gov.cn",)
    assert default_hosts(("http://a.xian.gov.cn/", "http://a.xian.gov.cn/b")) == (
        "a.xian.gov.cn",
        "xian.gov.cn",
    )


def test_an_ip_address_stands_for_itself_alone() -> None:
    assert default_hosts("http://127.0.0.1:8000/") == ("127.0.0.1",)
    assert is_on_site("http://127.0.0.1:9000/", ("127.0.0.1",))
    assert not is_on_site("http://1.127.0.0.1/", ("127.0.0.1",))
    assert not is_on_site("http://127.0.0.2/", ("127.0.0.1",))
    assert default_hosts("http://[::1]:8000/") == ("::1",)
    assert is_on_site("http://[::1]/a", ("[::1]",))
    assert default_hosts("http://localhost/") == ("localhost",)


def test_public_suffixes_are_never_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("asked the network")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert default_hosts("http://www.yunxi.com.cn/")[1] == "yunxi.com.cn"
