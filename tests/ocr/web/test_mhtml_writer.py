"""A page and what it shows as one file: the same bytes every time, and nothing breaks out of its line."""

from __future__ import annotations

import email
from email.message import EmailMessage, Message
from email.policy import HTTP, default
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from ocr.web.mhtml_writer import MhtmlResource, pack

PAGE = MhtmlResource(
    "http://www.qinghe.gov.cn/zwgk/年报.html", "text/html; charset=gb2312", "<p>年报".encode("gbk")
)
PICTURE = MhtmlResource("http://www.qinghe.gov.cn/a b.jpg", "image/jpeg", bytes(range(256)) * 9)
STYLE = MhtmlResource("http://www.qinghe.gov.cn/a.css", "text/css", b"p{}")


def opened(packed: bytes) -> list[EmailMessage]:
    message = email.message_from_bytes(packed, policy=default)
    assert not message.defects
    assert message.get_content_type() == "multipart/related"
    assert message.get_param("type") == "text/html"
    return [cast(EmailMessage, part) for part in message.iter_parts()]


def test_email_opens_what_was_packed() -> None:
    page, *others = opened(pack(PAGE, [STYLE, PICTURE]))
    assert page["Content-Location"] == "http://www.qinghe.gov.cn/zwgk/%E5%B9%B4%E6%8A%A5.html"
    assert page.get_content_type() == "text/html"
    assert page.get_param("charset") == "gb2312"
    assert page.get_payload(decode=True) == PAGE.body
    found = {str(part["Content-Location"]): part.get_payload(decode=True) for part in others}
    assert found == {"http://www.qinghe.gov.cn/a%20b.jpg": PICTURE.body, STYLE.url: STYLE.body}


def test_the_same_parts_give_the_same_bytes_in_whatever_order_they_came() -> None:
    once = pack(PAGE, [STYLE, PICTURE])
    assert once == pack(PAGE, [PICTURE, STYLE, STYLE])
    assert once != pack(PAGE, [PICTURE])
    assert b"Date" not in once


def test_an_empty_page_and_an_empty_part_are_kept() -> None:
    parts = opened(
        pack(
            MhtmlResource("http://q.gov.cn/", "", b""), [MhtmlResource("http://q.gov.cn/x", "image/png", b"")]
        )
    )
    assert [part.get_payload(decode=True) for part in parts] == [b"", b""]
    assert parts[0].get_content_type() == "text/html"


def test_a_part_opens_no_envelope_of_its_own() -> None:
    parts = opened(
        pack(PAGE, [MhtmlResource("http://q.gov.cn/x", "multipart/mixed; boundary=a", b"--a\r\n\r\nx")])
    )
    assert parts[1].get_content_type() == "application/octet-stream"


@given(url=st.text(max_size=80), said=st.text(max_size=80), body=st.binary(max_size=300))
def test_nothing_from_the_network_breaks_out_of_its_line(url: str, said: str, body: bytes) -> None:
    hostile = MhtmlResource(
        f"http://q.gov.cn/\r\nX-Evil: 1\r\n\r\n{url}", f"text/css\r\nX-Evil: 1\r\n\r\n{said}", body
    )
    parts = opened(pack(hostile, [MhtmlResource(url, said, body)]))
    assert len(parts) == 1 + (f"http://q.gov.cn/{url}" != url)
    for part in parts:
        assert set(part.keys()) == {"Content-Type", "Content-Transfer-Encoding", "Content-Location"}
        assert part.get_payload(decode=True) == body


def test_lines_are_short_but_for_long_addresses() -> None:
    packed = pack(PAGE, [PICTURE])
    assert max(map(len, packed.split(b"\r\n"))) < 200
    assert b"\n" not in packed.replace(b"\r\n", b"")
    message: Message = email.message_from_bytes(packed, policy=HTTP)
    assert message.is_multipart()
