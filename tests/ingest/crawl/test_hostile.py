"""Whatever the other side does, a visit ends in time, in one line of words, and nobody comes to the trap."""

from __future__ import annotations

import gzip
import json
import os
import socket
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from archive.archive import Archive
from archive.crawl.records import TaskKind, VisitOutcome
from ingest.crawl.config import load
from ingest.crawl.scrapy_settings import limits_of
from tests.support import crawling
from tests.support.hostile_web.answers import (
    MEGABYTE,
    OK,
    PAGE,
    REFUSED,
    answer,
    packed_bomb,
    staying,
    then,
    to,
)
from tests.support.hostile_web.cases import CASES
from tests.support.hostile_web.server import (
    ALLOWED,
    HOST,
    PATIENCE,
    Caller,
    Case,
    Hostile,
    hostile_servers,
    sites_toml,
)
from tests.support.paths import ROOT, TESTS

# Of the test's own server, which must speak the old TLS.
pytestmark = pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1")
ENOUGH = 60
# What a name server may answer, and what must not be connected to, be it alone or one of several.
NOT_PUBLIC = [
    *("10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "168.63.129.16", "169.254.169.254"),
    *("172.16.0.1", "192.168.0.1", "198.18.0.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
    *("::1", "::ffff:10.0.0.1", "::10.0.0.1", "64:ff9b::169.254.169.254", "2001:0:1::1", "2002:7f00:1::1"),
    *("fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "2001:db8::1"),
]


def crawl(visits: list[dict[str, Any]], allowed: tuple[str, ...] = ALLOWED, **given: Any) -> dict[str, Any]:
    """Visit all of them at once in another process, whose environment names a proxy that does not exist."""
    settings = {
        "CONCURRENT_REQUESTS": 24,
        "REACTOR_THREADPOOL_MAXSIZE": 30,
        "LOG_ENABLED": False,
        "DOWNLOAD_TIMEOUT": 1,
        "DOWNLOAD_MAXSIZE": MEGABYTE,
    }
    plan = {"crawl": {"allow_private": allowed}, "site": [{"name": "x", "start": [f"http://{HOST}/"]}]}
    ran = subprocess.run(
        [sys.executable, "-m", "tests.support.hostile_web.visit"],
        input=json.dumps(
            {
                "plan": plan,
                "settings": settings | given.get("settings", {}),
                "visits": visits,
                "names": given.get("names", {}),
            }
        ),
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "http_proxy": "http://127.0.0.1:9", "all_proxy": "127.0.0.1:9"},
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def visit(hostile: Hostile, case: Case, **meta: object) -> dict[str, Any]:
    certificates = str(hostile.authority.bundle) if case.trusted else None
    limits = {"download_timeout": case.seconds, "download_maxsize": MEGABYTE}
    own = {"guidang_tls": case.tls, "guidang_certificates": certificates}
    return {"name": case.name, "url": hostile.url(case), "meta": limits | own | meta}


def by_name(crawled: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in crawled["found"]}


@pytest.fixture(scope="module", params=["get", "post"])
def night(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> dict[str, Any]:
    """All cases and one through a proxy, visited once, by POST too; with who came to the trap."""
    asked = {"body": "page=1"} if request.param == "post" else {}
    with hostile_servers(CASES, tmp_path_factory.mktemp("hostile")) as hostile:
        proxy = visit(hostile, CASES[0], proxy=f"http://127.0.0.1:{hostile.places['trap']}")
        visits = [visit(hostile, case) | asked for case in CASES] + [proxy | {"name": "proxy"}]
        crawled = crawl(visits, settings={"ROBOTSTXT_OBEY": True, "CONCURRENT_REQUESTS": 48})
        return crawled | {"trapped": list(hostile.trapped)}


def test_there_are_enough_cases_and_each_ends_exactly_once(night: dict[str, Any]) -> None:
    assert len(CASES) >= ENOUGH
    assert Counter(one["name"] for one in night["found"]) == Counter(
        [case.name for case in CASES] + ["proxy"]
    )


def test_nobody_comes_to_the_trap_and_only_allowed_addresses_are_reached(night: dict[str, Any]) -> None:
    assert night["trapped"] == []
    assert set(night["reached"]) <= set(ALLOWED)


def test_no_name_from_the_network_becomes_a_path(night: dict[str, Any]) -> None:
    assert not any((folder / "hostile-was-here").exists() for folder in (Path("/tmp"), TESTS, *TESTS.parents))


def test_bombs_of_a_gigabyte_cost_little_more_than_the_limit_of_a_megabyte(night: dict[str, Any]) -> None:
    assert night["peak"] - night["before"] < 120 * 1024


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_hostile_visit_ends_in_time_and_in_one_line(night: dict[str, Any], case: Case) -> None:
    found = by_name(night)[case.name]
    assert case.outcome in (None, found["outcome"]), found
    assert case.word in found["reason"], found
    assert found["seconds"] < case.seconds + 10, found
    assert found["outcome"] == PAGE or found["reason"].isprintable()
    assert found["outcome"] == PAGE or 5 < len(found["reason"]) <= 300


def test_the_trap_works_for_those_who_may_go_there(tmp_path: Path) -> None:
    cases = [case for case in CASES if case.name in ("trap-dotted", "trap-other-loopback", "trap-ipv6")]
    with hostile_servers(cases, tmp_path) as hostile:
        found = crawl([visit(hostile, case) for case in cases], ("127.0.0.0/8", "::1"))["found"]
        assert [one["reason"] for one in found] == ["you are in the trap"] * 3
        assert {"127.0.0.1", "127.0.0.2", "::1"} <= set(hostile.trapped)


def test_a_name_that_means_something_else_when_it_is_used_does_not_lead_there(tmp_path: Path) -> None:
    page = Case("page", answer(b"fine"), PAGE, seconds=3)
    hop = Case("hop", to("http://rebound.test:{plain}/page"), REFUSED, seconds=3)
    names = {f"bad{number}.test": [[address]] for number, address in enumerate(NOT_PUBLIC)}
    names |= {
        "mixed.test": [["10.0.0.1", "::1", HOST, "169.254.169.254"]],
        "none.test": [[]],
        "hanging.test": [],
    }
    with hostile_servers([page, hop], tmp_path) as hostile:
        base = visit(hostile, page)
        visits = [
            base | {"name": name, "url": f"http://{name}:{hostile.places['plain']}/page"} for name in names
        ]
        visits.append(visit(hostile, hop) | {"url": f"http://rebound.test:{hostile.places['plain']}/hop"})
        crawled = crawl(visits, names=names | {"rebound.test": [[HOST], ["127.0.0.1"]]})
        found = by_name(crawled)
        assert hostile.trapped == []
    assert crawled["reached"] == [HOST]
    for number, address in enumerate(NOT_PUBLIC):
        assert found[f"bad{number}.test"]["outcome"] == REFUSED, address
        assert "allow_private" in found[f"bad{number}.test"]["reason"]
    assert found["mixed.test"]["outcome"] == PAGE
    # The name meant an allowed address at first, and the trap when the redirect was followed.
    assert "this machine" in found["hop"]["reason"]
    assert "cannot be resolved" in found["none.test"]["reason"]
    assert "took longer" in found["hanging.test"]["reason"]


def test_a_connection_taken_in_spite_of_its_chain_never_serves_a_site_that_verifies(tmp_path: Path) -> None:
    case = Case("staying", staying, PAGE, door="tls-self")
    with hostile_servers([case], tmp_path) as hostile:
        lax, strict = ({"guidang_tls": tls} for tls in ("record", "verify"))
        visits = [
            visit(hostile, case, **meta) | {"name": name}
            for name, meta in (("first", lax), ("again", lax), ("strict", strict), ("last", lax))
        ]
        crawled = crawl(visits, settings={"CONCURRENT_REQUESTS": 1})
        # The strict attempt that fails, the one connection of three visits, and the strict visit.
        assert hostile.greeted == ["tls-self"] * 3
    assert (
        crawled["found"][0]["name"] == "first"
    )  # so its connection waits in the pool when the strict one comes
    outcomes = {name: one["outcome"] for name, one in by_name(crawled).items()}
    assert outcomes == {"first": "page", "again": "page", "last": "page", "strict": "error"}
    assert all("self-signed" in one["reason"] for one in crawled["found"])


def clinging(caller: Caller) -> None:
    """Answer, and then hear the goodbye of TLS without ever answering that."""
    caller.answer(b"fine")
    with socket.socket(fileno=os.dup(caller.socket.fileno())) as raw:
        raw.settimeout(PATIENCE)
        while raw.recv(4096):
            pass


def test_a_connection_is_cut_when_it_is_done_with_even_if_the_other_side_clings(tmp_path: Path) -> None:
    cases = [
        Case("clinging", clinging, PAGE, door="tls-good", trusted=True),
        Case("meanwhile", then(OK, again=b"x", pause=0.05), REFUSED, seconds=2),
    ]
    with hostile_servers(cases, tmp_path) as hostile:
        crawl([visit(hostile, case) for case in cases])
        assert hostile.lasted["clinging"] < hostile.lasted["meanwhile"] / 2


def test_the_cases_can_be_given_to_a_real_crawl(tmp_path: Path) -> None:
    with hostile_servers(CASES[:3] + CASES[-6:], tmp_path) as hostile:
        (tmp_path / "SITES.toml").write_text(sites_toml(hostile), encoding="utf-8")
        plan = load(tmp_path / "SITES.toml")
    assert [site.name for site in plan.site] == list(hostile.cases)
    assert plan.crawl.allow_private == ALLOWED
    meta = limits_of(plan.site[0], "a jar")
    assert (
        meta.items() >= {"download_timeout": 20, "download_maxsize": MEGABYTE, "cookiejar": "a jar"}.items()
    )


def test_a_proxy_is_refused(night: dict[str, Any]) -> None:
    assert "through a proxy" in by_name(night)["proxy"]["reason"]


@pytest.mark.long
def test_a_bomb_of_ten_gigabytes_costs_no_more_than_the_limit(tmp_path: Path) -> None:
    bomb, zlib_bomb = packed_bomb(10 * 1024, 31), packed_bomb(10 * 1024, 15)
    cases = [
        Case("page", answer(b"fine"), PAGE),
        Case("gzip", answer(bomb, "Content-Encoding: gzip"), REFUSED),
        Case("deflate", answer(zlib_bomb, "Content-Encoding: deflate"), REFUSED),
        Case("twice", answer(gzip.compress(bomb), "Content-Encoding: gzip, gzip"), REFUSED),
        Case("endless", then(OK, "\r\n", again=bytes(MEGABYTE)), REFUSED),
    ]
    cost = {}
    with hostile_servers(cases, tmp_path) as hostile:
        for case in cases:
            crawled = crawl([visit(hostile, case, download_timeout=60, download_maxsize=200 * MEGABYTE)])
            cost[case.name] = (crawled["peak"] - crawled["before"]) / 1024
            assert case.name == "page" or crawled["found"][0]["reason"].startswith("larger than 200 MB")
    assert max(cost.values()) - cost["page"] < 200 * 1.15, cost


@pytest.mark.long
def test_the_whole_command_meets_every_case_with_a_reason_in_one_line_and_nobody_at_the_trap(tmp_path):
    """The same servers as sites of SITES.toml; what they may send is judged by what it is, so only outcomes
    of our own rules and of faults are held to be the same."""
    with hostile_servers(list(CASES), tmp_path) as hostile:
        plan = tmp_path / "SITES.toml"
        plan.write_text(sites_toml(hostile), encoding="utf-8")
        ran = crawling.crawl(plan, tmp_path / "archive", "--quiet", "--format", "json")
        assert (ran.code, hostile.trapped) == (3, [])
    with Archive.open(tmp_path / "archive") as archive:
        seen = {one.site: one for one in archive.crawl.history.sightings() if one.kind is TaskKind.START}
    assert set(seen) == set(hostile.cases)
    for name, case in hostile.cases.items():
        met = seen[name]
        assert len(met.reason.splitlines()) <= 1
        if case.outcome in (VisitOutcome.REFUSED, VisitOutcome.ERROR):
            assert (met.outcome, bool(met.reason)) == (case.outcome, True), name
        if case.tls == "record" and case.outcome is VisitOutcome.PAGE:
            assert case.word == "fine" or case.word in met.tls
