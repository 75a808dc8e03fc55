"""What only those may know who were given it is in no table, log or export, but in what is asked for."""

from __future__ import annotations

import json
from contextlib import nullcontext

import pytest

from archive.archive import Archive
from archive.crawl.records import Task, TaskKind, VisitOutcome
from ingest.crawl.memory import NoMemory, sighting_of
from ingest.crawl.reporting.alarms import round_alarms
from ingest.crawl.reporting.dry_run import dry_run_entries
from ingest.crawl.reporting.visit_log import VisitLog
from ingest.monitoring.logs import logging_to
from tests.ingest.crawl.reporting.test_dry_run import SITE_SETTINGS
from tests.support import visited
from tests.support.visited import HOST, SITE, Night

SECRET = "S3CRET"
FILE = f"{HOST}/a.pdf?id=1&access_token={SECRET}"
LIST = f"{HOST}/list.aspx?key={SECRET}#POST:__VIEWSTATE={SECRET}&__EVENTVALIDATION={SECRET}&__EVENTARGUMENT=2"
LOGIN = f"http://li:{SECRET}@www.qinghe.gov.cn/b.pdf"


def task(url: str, kind: TaskKind) -> Task:
    return Task(SITE, url, url, kind, 1, LIST, "2023年政府信息公开工作年度报告", "title")


BAD = visited.visit(VisitOutcome.ERROR, None, reason=f"{LOGIN} does not answer", final_url=LOGIN)
LISTED = visited.page(
    task(FILE, TaskKind.FILE),
    shape={"links": 1, "blind": [["unread_list", LIST, f"a script asks {LIST}", LIST]]},
    final_url=LIST,
    redirects=((302, FILE),),
    headers={"location": FILE},
)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An archive after two nights; on the second the file is another one, and then gone."""
    monkeypatch.setenv("GUIDANG_ARCHIVE", str(tmp_path / "a"))
    brought = [visited.file(FILE.removeprefix(HOST), body) for body in (b"%PDF-1", b"%PDF-2")]
    with Archive.open(tmp_path / "a", create=True) as archive:
        for number, file in enumerate((*brought, visited.GONE), 1):
            one = Night(archive.crawl, number)
            one.see(task(LIST, TaskKind.START), LISTED)
            one.see(task(FILE, TaskKind.KNOWN if number > 1 else TaskKind.FILE), file)
            one.see(task(LOGIN, TaskKind.FILE), BAD)
            one.close_site()
            raised = round_alarms(archive.crawl, one.round.id, lambda before, now: "")
            archive.crawl.close(one.round.id, "complete", "", raised, one.now)
        assert any(known.url == FILE for known in archive.crawl.history.sightings())
    return tmp_path / "a"


@pytest.mark.parametrize(
    "command",
    [
        ["export", "sightings", "--format", "json"],
        ["export", "sightings", "--format", "csv"],
        ["changes", "--since", "2020-01-01"],
        ["changes", "--since", "2020-01-01", "--format", "json"],
        ["changes", "--since", "2020-01-01", "--format", "csv"],
        ["status"],
        ["status", "--format", "json"],
        ["failures"],
        ["failures", "--format", "json"],
        ["verify"],
    ],
)
def test_no_command_shows_a_secret(guidang, home, command):
    shown = guidang(*command)
    assert shown.code == 0, shown.err
    assert SECRET not in shown.out + shown.err


def test_a_check_shows_none():
    memory = NoMemory()
    for url, kind, met in ((LIST, TaskKind.START, LISTED), (LOGIN, TaskKind.FILE, BAD)):
        memory.plan(0, [task(url, kind)])
        memory.see(0, task(url, kind), met, visited.FIRST_NIGHT)
    found = list(dry_run_entries(memory, {}, SITE_SETTINGS))
    assert len(found) > 3
    assert SECRET not in repr(found)


def test_the_log_and_whoever_is_told_of_visits_see_none(tmp_path):
    heard = []
    listener = type("Heard", (), {"visited": lambda self, *told: heard.append(told)})()
    with logging_to(str(tmp_path / "log"), "crawl") as log, nullcontext(VisitLog(listener, log)) as told:
        told.visited(sighting_of(1, 1, task(LOGIN, TaskKind.FILE), BAD), 0.1, 0)
    (line,) = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["url"] == "http://***@www.qinghe.gov.cn/b.pdf"
    assert SECRET not in line
    assert SECRET not in heard[0][0].url + heard[0][0].reason
