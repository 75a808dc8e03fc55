"""What ends a round early, and what the next one makes of it: budgets, hours, signals, the lock."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import SimpleNamespace

import pytest

from archive.archive import Archive
from tests.support import crawling

HOST = "127.0.0.9"
REPORTS = 12
LIST = "".join(
    f'<li><a href="/{year}.pdf">清河县水利局{year}年政府信息公开工作年度报告</a></li>'
    for year in range(2024 - REPORTS, 2024)
)


@pytest.fixture
def site(tmp_path) -> Iterator[SimpleNamespace]:
    """A list with a dozen reports of 200 kB each; it keeps what was asked for."""
    asked: list[str] = []

    class Answers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked.append(self.path)
            is_file = self.path.endswith(".pdf")
            body = (
                b"%PDF-1.4\n" + self.path.encode() * 30_000 if is_file else f"<html><ul>{LIST}</ul>".encode()
            )
            self.send_response(404 if self.path == "/robots.txt" else 200)
            self.send_header("Content-Type", "application/pdf" if is_file else "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer((HOST, 0), Answers)
    Thread(target=server.serve_forever, daemon=True).start()

    def plan(**manners: object) -> object:
        path = tmp_path / "SITES.toml"
        said = "".join(f"{name} = {value!r}\n" for name, value in manners.items())
        start = f"http://{HOST}:{server.server_address[1]}/"
        path.write_text(
            f'[crawl]\nallow_private = ["{HOST}"]\n{said}[[site]]\nname = "县"\nstart = ["{start}"]\n',
            encoding="utf-8",
        )
        return path

    yield SimpleNamespace(asked=asked, plan=plan, archive=tmp_path / "archive")
    server.shutdown()
    server.server_close()


def files(asked: list[str]) -> list[str]:
    return sorted(path for path in asked if path.endswith(".pdf"))


def state(site: SimpleNamespace) -> tuple[str, str, str]:
    """Of the last round: its state, and the state and the reason of its site."""
    with Archive.open(site.archive) as archive:
        last = archive.crawl.history.rounds(1)[0]
        (night,) = archive.crawl.history.nights(last.id)
        return last.state, night.state, night.reason


def test_what_is_beyond_the_budget_comes_the_next_night_and_nothing_twice(site):
    plan = site.plan(delay=0, budget_megabytes=1)
    assert crawling.crawl(plan, site.archive).code in (0, 3)
    first = files(site.asked)
    assert 5 <= len(first) < REPORTS
    assert state(site)[:2] == ("cut", "cut")
    assert "has sent 1 MB this night (budget_megabytes)" in state(site)[2]
    site.asked.clear()
    crawling.crawl(plan, site.archive)
    assert len(set(files(site.asked)) - set(first)) >= 1
    with Archive.open(site.archive) as archive:
        seen = [one.url for one in archive.crawl.history.sightings() if one.outcome == "new"]
        assert len(seen) == len(set(seen)) > len(first)


def test_outside_of_its_night_a_site_is_left_alone_unless_once_is_said(site):
    hour = (time.localtime().tm_hour + 3) % 24
    plan = site.plan(delay=0, night=f"{hour:02}:00-{hour:02}:30")
    crawling.crawl(plan, site.archive)
    assert site.asked == []
    assert state(site)[:2] == ("cut", "skipped")
    assert "outside of its night" in state(site)[2]
    assert crawling.crawl(plan, site.archive, "--once").code == 0
    assert len(files(site.asked)) == REPORTS
    assert state(site)[:2] == ("complete", "complete")


def test_a_round_stopped_by_a_signal_is_gone_on_with_and_a_second_one_cannot_run_beside_it(site):
    # Slow enough that it is still under way when the other command has started, on any machine.
    plan = site.plan(delay=2)
    running = crawling.start_crawl(plan, site.archive)
    deadline = time.monotonic() + 60
    while not files(site.asked) and time.monotonic() < deadline:
        time.sleep(0.05)
    beside = crawling.crawl(plan, site.archive)
    assert beside.code == 5
    assert "another process is writing" in beside.err
    running.send_signal(signal.SIGTERM)
    assert running.wait(timeout=30) == 130
    with Archive.open(site.archive) as archive:
        assert archive.crawl.history.rounds(1)[0].state == "open"
    before = files(site.asked)
    assert 1 <= len(before) < REPORTS
    assert crawling.crawl(site.plan(delay=0), site.archive).code == 0
    assert len(files(site.asked)) == len(set(files(site.asked))) == REPORTS
    with Archive.open(site.archive) as archive:
        assert [one.state for one in archive.crawl.history.rounds()] == ["complete"]


UNTIL = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from archive.archive import Archive
from console.crawl_progress import crawl_progress
from ingest.crawl.round import run_round
from ingest.crawl.config import load
plan = load(Path(sys.argv[1]))
with Archive.open(sys.argv[2], create=True) as archive, crawl_progress() as heard:
    stop = datetime.now(UTC) + timedelta(seconds=3)
    print(run_round(plan, plan.site, archive.crawl, heard, stop).reason)
"""


def test_a_round_ends_at_the_time_it_was_given_and_says_so(site):
    words = [sys.executable, "-c", UNTIL, site.plan(delay=1), site.archive]
    ran = subprocess.run(words, cwd=crawling.ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout.startswith("stopped at ")
    assert 1 <= len(files(site.asked)) < REPORTS
    assert state(site)[:2] == ("cut", "cut")


def test_a_check_of_an_address_shows_what_would_be_taken_and_stores_nothing(site, tmp_path):
    site.plan(delay=0)
    plan = tmp_path / "SITES.toml"
    url = plan.read_text(encoding="utf-8").partition('start = ["')[2].partition('"')[0]
    ran = crawling.run("crawl", plan, "--check", url, "--archive", site.archive, "--format", "json")
    assert ran.code == 0
    assert [one["taken"] for one in ran.json].count("takes") == REPORTS
    assert files(site.asked) == []
    assert not site.archive.exists()
