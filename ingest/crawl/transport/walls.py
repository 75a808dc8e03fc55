"""Walls that let only browsers in, told by what they answer; nobody here climbs over one."""

from __future__ import annotations

import re

# In the reason of a visit that met one.
WALL = "a wall against programs,"
_READ = 20_000
_KNOWN = (
    ("瑞数", 412, re.compile(rb"\$_ts\b|FSSBBIl1UgzbN|r=['\"]m['\"]")),
    ("加速乐", 521, re.compile(rb"__jsl_clearance|document\.cookie")),
    ("阿里云", 405, re.compile(rb"acw_sc__v2|errors\.aliyun\.com")),
    ("创宇盾", 403, re.compile("创宇盾|知道创宇|yunaq".encode())),
    ("安全狗", 403, re.compile("安全狗|safedog".encode())),
)


def wall_of(status: int, body: bytes) -> str:
    """The name of the wall that gave an answer; empty if it is none that is known."""
    for name, usual, mark in _KNOWN:
        if status == usual and mark.search(body[:_READ]):
            return name
    return {412: "瑞数 or its like", 521: "加速乐 or its like"}.get(status, "")
