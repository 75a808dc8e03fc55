"""Packed answers: what was packed comes out, what is damaged or too large does not, and it takes one pass."""

from __future__ import annotations

import contextlib
import gzip
import os
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Request, Response
from scrapy.utils.test import get_crawler

from ingest.crawl.transport.cookies import BoundedCookiesMiddleware
from ingest.crawl.transport.decompression import DecompressionMiddleware, unpacked
from ingest.crawl.transport.errors import Broken, Refused


def _raw(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


PACKERS = {"gzip": gzip.compress, "x-gzip": gzip.compress, "deflate": zlib.compress, "deflate raw": _raw}


@given(st.binary(min_size=1, max_size=3000), st.integers(1, 40), st.sampled_from(sorted(PACKERS)))
def test_what_was_packed_comes_out(piece: bytes, times: int, packer: str) -> None:
    body = piece * times
    assert unpacked(PACKERS[packer](body), packer.split()[0], len(body)) == body
    with pytest.raises(Refused, match="download_megabytes"):
        unpacked(PACKERS[packer](body + b"x"), packer.split()[0], len(body))


@given(st.binary(min_size=1, max_size=3000), st.data(), st.sampled_from(sorted(PACKERS)))
def test_half_of_it_is_never_taken_for_the_whole(body: bytes, data: st.DataObject, packer: str) -> None:
    packed = PACKERS[packer](body)
    cut = data.draw(st.integers(1, len(packed) - 1))
    with pytest.raises(Broken):
        unpacked(packed[:cut], packer.split()[0], 0)


@given(st.binary(max_size=200), st.sampled_from(["gzip", "deflate", "br", "zstd", "compress", "\n../x"]))
def test_noise_ends_in_one_of_our_own_words(noise: bytes, encoding: str) -> None:
    with contextlib.suppress(Broken, Refused):
        assert isinstance(unpacked(noise, encoding, 1000), bytes)


def test_a_large_body_takes_one_pass() -> None:
    body = os.urandom(24 << 20)
    began = time.process_time()
    assert unpacked(zlib.compress(body, 1), "deflate", 0) == body
    assert time.process_time() - began < 4


def test_an_answer_is_unpacked_and_says_so_no_more() -> None:
    middleware = DecompressionMiddleware.from_crawler(get_crawler())
    request = Request("http://a.test/")
    middleware.process_request(request)
    assert request.headers["Accept-Encoding"] == b"gzip, deflate"
    twice = gzip.compress(gzip.compress("年度报告".encode()))
    headers = {"Content-Encoding": ["gzip", "gzip, identity"], "Content-Type": "text/html; charset=utf-8"}
    answer = middleware.process_response(request, Response(request.url, body=twice, headers=headers))
    assert answer.body.decode() == "年度报告"
    assert "Content-Encoding" not in answer.headers


def test_a_jar_does_not_grow_without_end() -> None:
    cookies = BoundedCookiesMiddleware()
    request = Request("http://a.test/")
    for page in range(50):
        flood = [f"n{page}x{number}=v" for number in range(50)] + [f"large{page}={'v' * 5000}"]
        cookies.process_response(request, Response(request.url, headers={"Set-Cookie": flood}))
    assert 0 < len(cookies.jars[None]) <= 100
    cookies.process_request(request)
    assert len(request.headers["Cookie"]) < 2000
