"""Reading again: the old run is kept, what people said stands, and what changed is told."""

from __future__ import annotations

import csv
import json
import os
import pty
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cli
from archive.archive import Archive
from archive.records import ReportName, VerdictKind
from archive.values.facts import FactFilter
from archive.values.records import PrintedValue, VerdictInput
from archive.values.rerun_selection import RerunSelection
from bench.corpus.degrade import scan_pdf
from core.errors import UsageError
from ocr.engine.weights import model_folders, second_recogniser
from reconcile.model import Flag, State
from tests.support import handmade
from tests.support.paths import SAMPLES
from tests.support.places import rows

TOTAL = "requests/new/total"


@pytest.fixture
def archive(place):
    with place.open() as opened:
        yield opened


def facts_of(archive: Archive) -> dict[str, tuple[object, ...]]:
    """State, raw, value, flags and need of review by the name of the value."""
    return {
        f"{fact.table}/{fact.row}/{fact.column}": (fact.state, fact.value, fact.flags, fact.needs_review)
        for fact in archive.values.facts()
    }


# With the real engine


@pytest.fixture(scope="module")
def other_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for $GUIDANG_MODELS: our detector, and PP-OCRv4 in the place of PP-OCRv6."""
    folder = tmp_path_factory.mktemp("models")
    (folder / "detection").symlink_to(model_folders().detection)
    (folder / "recognition").symlink_to(second_recogniser())
    return folder


@pytest.fixture(scope="module")
def fax(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a fax of a sample, read once for all kinds of database."""
    folder = tmp_path_factory.mktemp("fax")
    scan_pdf(SAMPLES / "onepage.pdf", folder / "fax.pdf", "fax", 3)
    archive = folder / "archive"
    assert cli.main(["ingest", str(folder / "fax.pdf"), "--archive", str(archive), "--quiet"]) == 0
    return archive


def test_what_a_person_said_stands_when_another_engine_reads_otherwise(
    guidang, place, other_models, fax, monkeypatch
):
    """A fax of a sample, all of it accepted or corrected, then read by another recogniser."""
    here = ("--archive", place.location)
    assert guidang("init", *place.options(), "--from", fax).code == 0
    with place.open(create=False, write=True) as archive:
        (document,) = {fact.document for fact in archive.values.facts()}
        said = {}
        for key, (state, value, *_) in facts_of(archive).items():
            accepted = VerdictInput(VerdictKind.ACCEPT, "李")
            corrected = VerdictInput(VerdictKind.CORRECT, "李", printed=PrintedValue("read", "777", "777"))
            archive.review.judge(ReportName(document), key, corrected if value == "0" else accepted)
            said[key] = ("read", "777") if value == "0" else (state, value)

    monkeypatch.setenv("GUIDANG_MODELS", str(other_models))
    done = guidang("rerun", "fax.pdf", *here, "--format", "json", "--quiet")

    assert done.code == 0, done.err
    (changed,) = json.loads(done.out)
    assert changed["settings"] == {"models": [None, str(other_models)]}
    against = {
        f"{one['table']}/{one['row']}/{one['column']}": one for one in changed["changes"] if one["verdict"]
    }
    assert against, "the other recogniser reads some cell of the fax otherwise"
    for one in against.values():
        assert (one["old"]["state"], one["old"]["value"]) != (one["new"]["state"], one["new"]["value"])
        assert one["verdict"]["who"] == "李"
    with place.open(create=False) as archive:
        now = facts_of(archive)
        assert {key: told[:2] for key, told in now.items()} == said
        assert {key for key, told in now.items() if "disagreement" in told[2] and told[3]} == set(against)
        assert {key for key, told in now.items() if told[3]} == set(against)
        assert {doubt.key for doubt in archive.review.doubts()} == set(against)
        assert archive.status.counts().contradicted == len(against)
        assert len(rows(archive, "SELECT id FROM run")) == 2
    shown = guidang("review", "list", *here).out
    assert shown.count("‼") == len(against)


def test_failing_again_leaves_the_older_reading_current(guidang, place, monkeypatch):
    """The bytes of a handmade document are no PDF: the real reader refuses them."""
    with place.open() as archive:
        handmade.archive_one(archive)
        handmade.archive_one(archive, "b.pdf")
        before = facts_of(archive)
    done = guidang("rerun", "--all", "--archive", place.location, "--format", "json")
    assert (done.code, json.loads(done.out)) == (3, [])
    assert "read again 0 documents, 2 failed" in done.err
    assert "their older readings stand" in done.err
    with place.open(create=False) as archive:
        assert facts_of(archive) == before
        assert rows(archive, "SELECT outcome, is_current FROM run ORDER BY id") == [
            ("archived", True),
            ("archived", True),
            ("failed", False),
            ("failed", False),
        ]


def test_bar_on_the_terminal_leaves_the_data_alone(tmp_path):
    with Archive.open(tmp_path / "a", create=True) as archive:
        handmade.archive_one(archive)
    script = "import sys, cli; sys.exit(cli.main(sys.argv[1:]))"
    options = ("--all", "--format", "csv", "--archive", str(tmp_path / "a"))
    terminal, theirs = pty.openpty()
    with (tmp_path / "out.csv").open("wb") as out:
        running = subprocess.Popen(
            [sys.executable, "-c", script, "rerun", *options], stdout=out, stderr=theirs
        )
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # how a terminal ends that nobody writes to any more
        while piece := os.read(terminal, 65536):
            shown += piece
    os.close(terminal)
    assert running.wait() == 3
    assert (tmp_path / "out.csv").read_bytes().startswith(b"document,source,table")
    assert b"document,source" not in shown
    assert b"1 failed" in shown


def test_killed_rerun_leaves_the_older_reading_current(tmp_path):
    home = tmp_path / "a"
    with Archive.open(home, create=True) as archive:
        content = (SAMPLES / "form2021-scan.pdf").read_bytes()
        handmade.archive_one(archive, content=content)
        before = facts_of(archive)
    script = "import sys, cli; sys.exit(cli.main(sys.argv[1:]))"
    command = [sys.executable, "-c", script, "rerun", "--all", "--archive", str(home)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True) as running:
        time.sleep(4)
        assert running.poll() is None
        os.killpg(running.pid, signal.SIGKILL)
    with Archive.open(home, write=True) as archive:
        assert facts_of(archive) == before
        assert archive.status.counts().documents == {
            "pending": 0,
            "archived": 1,
            "failed": 0,
            "quarantined": 0,
            "set_aside": 0,
        }


def test_table_tells_what_changed_and_against_whom(guidang, tmp_path):
    """The handmade reading of a real page is replaced by the real one."""
    home = tmp_path / "a"
    with Archive.open(home, create=True) as archive:
        content = (SAMPLES / "onepage.pdf").read_bytes()
        document = handmade.archive_one(archive, "one.pdf", content=content)
        archive.review.judge(
            ReportName(document),
            TOTAL,
            VerdictInput(VerdictKind.CORRECT, "李", printed=PrintedValue("read", "13", "13")),
        )
    done = guidang("rerun", "one.pdf", "--archive", home)
    assert done.code == 0
    (line,) = [line for line in done.out.splitlines() if "‼" in line]
    assert line.startswith(f"‼ {TOTAL}: 李 corrected -3 to 13 on 2")
    assert "review_below: – → 0.9" in done.out
    assert "no such value" in done.out
    assert "against what people said: 1 values" in done.err
    again = guidang("rerun", "one.pdf", "--archive", home, "--format", "csv")
    assert list(csv.DictReader(again.out.splitlines())) == []


# Which documents


def test_documents_are_chosen_by_name_by_doubt_or_by_version(archive):
    old = replace(handmade.RUN, version="0.9.1")
    certain = handmade.report(values=[handmade.value("new", "total")])
    first = handmade.archive_one(archive, "a.pdf")
    second = handmade.archive_one(archive, "b.pdf", reading=certain)
    archive.documents.record(second, replace(old, version="0.10.0"), handmade.PAGES, handmade.alone(certain))
    archive.documents.record(first, old, handmade.PAGES, handmade.alone(handmade.report()))

    def chosen(**options):
        return [one.document for one in archive.values.to_read_again(RerunSelection(**options))]

    assert chosen() == [first, second]
    assert chosen(named=("b.pdf",)) == [second]
    assert chosen(named=("b.pdf", second[:8], "a.pdf")) == [first, second]
    assert chosen(flagged=True) == [first]
    assert chosen(older_than="0.10") == [first]
    assert chosen(older_than="0.9.1") == []
    assert chosen(older_than="1") == [first, second]
    assert chosen(flagged=True, older_than="0.9") == []
    for key in ("requests/new/total", "requests/granted/natural_person", "requests/granted/total"):
        archive.review.judge(ReportName(first), key, VerdictInput(VerdictKind.ACCEPT, "李"))
    assert chosen(flagged=True) == []
    with pytest.raises(UsageError, match="no version"):
        chosen(older_than="newest")
    with pytest.raises(UsageError, match="no document"):
        chosen(named=("c.pdf",))
    assert archive.documents.pending() == []


@pytest.mark.parametrize(
    "arguments", [[], ["a.pdf", "--all"], ["--older-than", "x"], ["none.pdf"], ["--all", "--workers", "0"]]
)
def test_senseless_rerun_ends_with_2(guidang, tmp_path, arguments):
    with Archive.open(tmp_path / "a", create=True) as archive:
        handmade.archive_one(archive, "a.pdf")
    shown = guidang("rerun", *arguments, "--archive", tmp_path / "a")
    assert (shown.code, shown.out) == (2, "")


# What changed


def test_changes_name_what_differs_and_nothing_else(archive):
    document = handmade.archive_one(archive)
    archive.review.judge(ReportName(document), TOTAL, VerdictInput(VerdictKind.ACCEPT, "李"))
    before = archive.values.current_run(document)
    natural, total, blank, dash, unread, *_ = handmade.VALUES
    values = (
        replace(natural, confidence=0.5),
        replace(total, raw="8", value="8", flags=()),
        replace(blank, raw="0", value="0", state=State.READ),
        replace(unread, flags=(Flag.UNREAD, Flag.LOW_CONFIDENCE)),
        handmade.value("carried_out", "total", "2"),
    )
    newer = replace(handmade.RUN, version="0.2.0", options={"dpi": 300}, engines={"paddleocr": "3.7.0"})
    archive.documents.record(document, newer, handmade.PAGES, handmade.alone(handmade.report(values=values)))
    changed = archive.values.changes(before, archive.values.current_run(document))
    assert changed.settings == {"guidang": ("0.1.0", "0.2.0"), "camelot": ("2.0", None), "dpi": (200, 300)}
    told = {one.key: (one.old and one.old.raw, one.new and one.new.raw) for one in changed.changes}
    assert told == {
        TOTAL: ("-3", "8"),
        "requests/carried_in/natural_person": ("", "0"),
        "requests/granted/natural_person": ("", ""),
        "requests/carried_out/total": (None, "2"),
        str(dash.key): ("/", None),
        "requests/granted/total": ("", None),
        "review/cases/review.total": ("0", None),
    }
    assert [one.key for one in changed.changes if one.verdict] == [TOTAL]
    assert [one.key for one in changed.changes if not one.is_read_otherwise] == [
        "requests/granted/natural_person"
    ]
    assert changed.read_otherwise == 6
    assert archive.values.changes(None, archive.values.current_run(document)).old_run is None


# Whatever people and engines do

# Values that no sum of the form adds up.
KEYS = ("requests/new/natural_person", "requests/granted/total")
READINGS = (("read", "3"), ("read", "8"), ("blank", ""), ("dash", "/"), None)
SAYINGS = (("read", "3"), ("read", "9"), ("blank", ""), ("dash", "—"))
DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("rerun"), st.tuples(st.sampled_from(READINGS), st.sampled_from(READINGS))),
        st.tuples(st.sampled_from(["accept", "anomaly", "note", "undo"]), st.sampled_from(KEYS)),
        st.tuples(st.just("correct"), st.tuples(st.sampled_from(KEYS), st.sampled_from(SAYINGS))),
    ),
    max_size=12,
)


class Model:
    """What should be so: a pile of verdicts a value, the top one in force, over the last reading."""

    def __init__(self) -> None:
        self.reading = dict.fromkeys(KEYS, ("read", "3"))
        self.piles: dict[str, list[tuple[str, object, object]]] = {key: [] for key in KEYS}

    def rerun(self, readings) -> None:
        """A value that nobody vouches for is gone if it is not read; another one is missing."""
        for key, read in zip(KEYS, readings, strict=True):
            self.reading[key] = read or (("missing", "") if self.piles[key] else None)

    def told(self, key):
        """State, value, and whether a look is needed, of a value; None where there is none."""
        read = self.reading[key]
        if read is None:
            return None
        if not self.piles[key]:
            return *_plain(read), int(read[0] == "missing")
        kind, says, seen = self.piles[key][-1]
        against = _plain(read) not in (_plain(says), _plain(seen))
        return *_plain(says if kind == "correct" or against else read), int(against)


def _plain(read):
    """State and value: the text of a dash is no value."""
    state, raw = read
    return state, raw if state == "read" else ""


@pytest.fixture(scope="module")
def shared(module_place):
    with module_place.open() as opened:
        yield opened


documents = (f"{n}.pdf" for n in range(1_000_000))


@given(DEEDS)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_done_keeps_every_verdict_and_the_last_one_in_force(shared, deeds):
    document = handmade.archive_one(shared, next(documents), reading=_report(("read", "3"), ("read", "3")))
    model, kept = Model(), []
    for deed, what in deeds:
        if deed == "rerun":
            shared.documents.record(document, handmade.RUN, handmade.PAGES, handmade.alone(_report(*what)))
            model.rerun(what)
        else:
            _judge(shared, document, model, deed, what)
        history = list(shared.review.verdicts(document))
        assert [replace(one, stands=False) for one in history[: len(kept)]] == kept
        kept = [replace(one, stands=False) for one in history]
        standing = {one.key: one for one in history if one.stands}
        assert set(standing) == {key for key in KEYS if model.piles[key]}
        for key in KEYS:
            assert _told(shared, document, key) == model.told(key)
            if key in standing:
                kind, says, _ = model.piles[key][-1]
                assert (standing[key].kind, standing[key].state, standing[key].raw) == (kind, *says)


def _judge(archive, document, model, kind, what):
    """Do what the model does; where the model cannot, the archive must refuse."""
    key, says = what if kind == "correct" else (what, None)
    printed = PrintedValue(says[0], says[1], _plain(says)[1]) if says else None
    said = VerdictInput(VerdictKind(kind), "李", "n", printed)
    read = model.reading[key]
    if read is None or (kind == "undo" and not model.piles[key]):
        with pytest.raises(UsageError):
            archive.review.judge(ReportName(document), key, said)
        return
    archive.review.judge(ReportName(document), key, said)
    if kind == "undo":
        model.piles[key].pop()
    elif kind != "note":
        model.piles[key].append((kind, says or read, read))


def _told(archive, document, key):
    table, row, column = key.split("/")
    found = list(archive.values.facts(FactFilter(document=document, table=table, row=row, column=column)))
    assert len(found) <= 1
    return (found[0].state, found[0].value, found[0].needs_review) if found else None


def _report(*readings):
    """A reading of the two values; None is not there."""
    values = []
    for key, read in zip(KEYS, readings, strict=True):
        if read:
            _, row, column = key.split("/")
            values.append(handmade.value(row, column, read[1], State(read[0])))
    return handmade.report(values=values)
