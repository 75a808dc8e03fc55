"""Walls against programs are named by what they answer."""

from __future__ import annotations

import pytest

from ingest.crawl.transport.walls import wall_of


@pytest.mark.parametrize(
    ("status", "body", "name"),
    [
        (412, b"<script>$_ts=window['$_ts'];if(!$_ts)$_ts={};</script>", "瑞数"),
        (412, b"<script src='/FSSBBIl1UgzbN7N.js' r='m'></script>", "瑞数"),
        (521, b"<script>document.cookie=('_')+('_')+('j')+('s')+('l');location.href=1</script>", "加速乐"),
        (521, b"<script>document.cookie='__jsl_clearance=1700|0|x';</script>", "加速乐"),
        (405, b"<a href='https://errors.aliyun.com/error'>405</a>", "阿里云"),
        (412, b"precondition failed", "瑞数 or its like"),
        (521, b"", "加速乐 or its like"),
    ],
)
def test_a_wall_is_told_by_its_name(status: int, body: bytes, name: str) -> None:
    assert wall_of(status, body) == name


@pytest.mark.parametrize("body", [b"forbidden", b"documents and cookies", b"errors of aliyun"])
def test_other_refusals_are_no_wall(body: bytes) -> None:
    assert [wall_of(status, body) for status in (403, 404, 405, 500)] == [""] * 4
