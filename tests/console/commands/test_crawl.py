"""`guidang crawl`: what makes no sense is refused before anything is asked; known alarms are acknowledged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.archive import Archive
from archive.crawl.records import Alarm, Severity
from tests.support.visited import SITE, Night


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "name SITES.toml, or a site to look at with --check"),
        (["--check", "清河县"], "'清河县' is no address"),
        (["--check", "https://"], "is no address that begins with http:// or https://"),
        (["SITES.toml", "--site", "松山县"], "no site is called '松山县'; there are 清河县"),
        (["SITES.toml", "--log", "nowhere/log.json"], "cannot write the log"),
        (["SITES.toml", "--format", "csv"], "a night's summary is a table or JSON"),
    ],
)
def test_a_crawl_that_makes_no_sense_is_refused_in_one_line(guidang, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    plan = '[[site]]\nname = "清河县"\nstart = ["https://www.example.gov.cn/"]\n'
    Path("SITES.toml").write_text(plan, encoding="utf-8")
    shown = guidang("crawl", *arguments)
    assert shown.code == 2
    assert said in shown.err
    assert len(shown.err.splitlines()) == 1


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("GUIDANG_ARCHIVE", str(tmp_path / "a"))
    monkeypatch.setenv("GUIDANG_WHO", "李")
    with Archive.open(tmp_path / "a", create=True) as archive:
        one = Night(archive.crawl, 1)
        one.close_site()
        kinds = (("shape", Severity.WARNING), ("short_list", Severity.WARNING))
        raised = [
            Alarm(one.round.id, SITE, severity, kind, "", f"{kind} message") for kind, severity in kinds
        ]
        archive.crawl.close(one.round.id, "complete", "", raised, one.now)
    return tmp_path / "a"


def alarms(guidang) -> dict[str, str | None]:
    """What `status` says of each kind of alarm: the note on it, None for one that nobody knows of."""
    told = json.loads(guidang("status", "--format", "json").out)["crawls"]["alarms"]
    return {one["kind"]: one["acknowledged"] and one["acknowledged"]["note"] for one in told}


def test_one_kind_is_acknowledged_with_a_note_and_a_name(guidang, home):
    done = guidang("crawl", "ack", SITE, "short_list", "--until", "2999-01-01", "--note", "旧系统")
    assert (done.code, done.out) == (0, "")
    assert done.err == "acknowledged until 2999-01-01: short_list (up to warning)\n"
    assert alarms(guidang) == {"shape": None, "short_list": "旧系统"}
    shown = guidang("status").out
    assert "acknowledged until 2999-01-01 by 李: 旧系统" in shown
    assert "short_list message" in shown


def test_all_alarms_of_a_site_are_acknowledged_listed_and_taken_back(guidang, home):
    assert guidang("crawl", "ack", SITE, "--until", "2999-01-01").code == 0
    assert alarms(guidang) == {"shape": "", "short_list": ""}
    listed = guidang("crawl", "ack", "--list")
    assert len(listed.out.splitlines()) == 2
    assert f"{SITE}: shape, up to warning, acknowledged until 2999-01-01 by 李" in listed.out
    assert guidang("crawl", "ack", SITE, "shape", "--withdraw").code == 0
    assert alarms(guidang) == {"shape": None, "short_list": ""}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["松山县", "--until", "2999-01-01"], f"'松山县' has no alarms; sites that have some: {SITE}"),
        ([SITE, "wall", "--until", "2999-01-01"], "has no alarm 'wall'; there are shape, short_list"),
        ([SITE], "say with --until which day it holds to, today or later"),
        ([SITE, "--until", "2026-01-01"], "say with --until which day it holds to, today or later"),
        ([SITE, "--withdraw"], "was acknowledged"),
        ([], "name a site, or see what was acknowledged with --list"),
    ],
)
def test_what_cannot_be_acknowledged_is_refused_in_one_line(guidang, home, arguments, said):
    shown = guidang("crawl", "ack", *arguments)
    assert shown.code == 2
    assert said in shown.err
    assert len(shown.err.splitlines()) == 1
