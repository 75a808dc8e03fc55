"""What people say of values: kept beside the readings, in force for every query, and never lost."""

from __future__ import annotations

import base64
import csv
import io
import json
import os
import pty
import select
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from archive import reviewer
from archive.archive import Archive
from archive.records import ReportName, VerdictKind
from archive.values.facts import FactFilter
from archive.values.records import PrintedValue, VerdictInput
from archive.values.review_queue import ReviewFilter
from console import review_session as walk
from console.commands.review import app as review_app
from console.inline_images import inline_image, protocol_of
from core.errors import UsageError
from ingest.rendering.page_pictures import draw_value
from ocr.model import Box, Cell, Reading
from reconcile.model import Flag, State
from tests.support import handmade
from tests.support.paths import SAMPLES
from tests.support.places import rows

NEW, TOTAL = "requests/new/natural_person", "requests/new/total"
UNREAD, MISSING = "requests/granted/natural_person", "requests/granted/total"


@pytest.fixture
def archive(place):
    with place.open() as opened:
        yield opened


@pytest.fixture
def document(archive):
    return handmade.archive_one(archive)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An archive that the commands find."""
    folder = tmp_path / "archive"
    with Archive.open(folder, create=True) as archive:
        handmade.archive_one(archive)
    monkeypatch.setenv("GUIDANG_ARCHIVE", str(folder))
    monkeypatch.setenv(reviewer.WHO, "李")
    return folder


def say(archive, document, key, kind="accept", raw=None, note=""):
    said = VerdictInput(VerdictKind(kind), "李", note, None if raw is None else walk.printed_as(raw))
    return archive.review.judge(ReportName(document), key, said)


def fact(archive, key):
    """State, raw, value, flags and whether a look is needed, as the facts tell."""
    (found,) = [f for f in archive.values.facts() if f"{f.table}/{f.row}/{f.column}" == key]
    return found.state, found.raw, found.value, found.flags, found.needs_review


def read_again(archive, document, **raws):
    """Record a second run in which some values are read otherwise; None is not there at all."""
    values = []
    for value in handmade.VALUES:
        name = f"{value.key.row}_{value.key.column}"
        if name not in raws:
            values.append(value)
        elif raws[name] is not None:
            state = State.READ if raws[name] else State.BLANK
            values.append(replace(value, raw=raws[name], value=raws[name], state=state, flags=()))
    archive.documents.record(
        document, handmade.RUN, handmade.PAGES, handmade.alone(handmade.report(values=values))
    )


# What each verdict does


def test_correction_takes_the_place_of_the_reading_and_leaves_it_stored(archive, document):
    before = rows(archive, "SELECT * FROM value ORDER BY run_id, ordinal")
    say(archive, document, TOTAL, "correct", "13")
    assert fact(archive, TOTAL) == ("read", "13", "13", "corrected", 0)
    (corrected,) = archive.values.facts(FactFilter(row="new", column="total"))
    assert corrected.confidence == 1.0
    assert (corrected.page, corrected.left) == (2, 150.0)
    assert rows(archive, "SELECT * FROM value ORDER BY run_id, ordinal") == before


def test_accepted_reading_stands_with_its_flags_and_needs_no_look(archive, document):
    say(archive, document, TOTAL)
    assert fact(archive, TOTAL) == ("read", "-3", "-3", "low_confidence;unbalanced;confirmed", 0)
    say(archive, document, NEW)
    assert fact(archive, NEW) == ("read", "1,203", "1203", "confirmed", 0)


def test_mistake_of_the_report_stands_as_printed(archive, document):
    say(archive, document, TOTAL, "anomaly")
    assert fact(archive, TOTAL) == ("read", "-3", "-3", "source_anomaly;confirmed", 0)


def test_what_cannot_be_read_or_is_not_there_can_be_confirmed(archive, document):
    say(archive, document, UNREAD)
    say(archive, document, MISSING)
    assert fact(archive, UNREAD) == ("unread", "", "", "unread;confirmed", 0)
    assert fact(archive, MISSING) == ("missing", "", "", "missing;confirmed", 0)


def test_note_is_kept_and_decides_nothing(archive, document):
    before = fact(archive, TOTAL)
    kept = say(archive, document, TOTAL, "note", note="与上年不符")
    assert fact(archive, TOTAL) == before
    assert (kept.stands, kept.note) == (False, "与上年不符")
    assert list(archive.review.verdicts(document)) == [kept]


def test_undo_lets_the_verdict_before_stand_again(archive, document):
    first = say(archive, document, TOTAL, "correct", "13")
    say(archive, document, TOTAL, "correct", "14")
    third = say(archive, document, TOTAL, "undo")
    assert fact(archive, TOTAL)[1] == "13"
    assert third.undoes == first.id + 1
    say(archive, document, TOTAL, "undo")
    assert fact(archive, TOTAL) == ("read", "-3", "-3", "low_confidence;unbalanced", 1)
    with pytest.raises(UsageError, match="no verdict to undo"):
        say(archive, document, TOTAL, "undo")
    assert [one.kind for one in archive.review.verdicts()] == ["correct", "correct", "undo", "undo"]


def test_verdict_says_who_when_and_what_was_seen(archive, document, monkeypatch):
    monkeypatch.setattr("archive.values.review.now", lambda: "2026-11-24T12:00:00Z")
    kept = say(archive, document, TOTAL, "correct", "13", note="看原件")
    assert (kept.who, kept.at, kept.note) == ("李", "2026-11-24T12:00:00Z", "看原件")
    assert (kept.seen_state, kept.seen_raw, kept.seen_value) == ("read", "-3", "-3")
    assert (kept.document, kept.source, kept.key) == (document, "scans/a.pdf", TOTAL)


@pytest.mark.parametrize(
    ("raw", "state", "value"),
    [
        ("blank", "blank", ""),
        ("空", "blank", ""),
        ("/", "dash", ""),
        ("—", "dash", ""),
        ("0", "read", "0"),
        ("1,203", "read", "1203"),
        ("１２", "read", "12"),
        ("251000元", "read", "251000"),
        ("unread", "unread", ""),
        ("缺", "missing", ""),
    ],
)
def test_blank_dash_and_zero_stay_apart(archive, document, raw, state, value):
    say(archive, document, TOTAL, "correct", raw)
    kept = "" if raw in ("blank", "空", "unread", "缺") else raw
    assert fact(archive, TOTAL) == (state, kept, value, "corrected", 0)


@pytest.mark.parametrize("nonsense", ["", "1o", "1 2", "007", "1,20", "十", "=1+1"])
def test_correction_that_is_no_number_and_no_dash_is_refused(nonsense):
    with pytest.raises(UsageError) as refused:
        walk.printed_as(nonsense)
    assert "\n" not in str(refused.value)


def test_value_that_is_not_there_cannot_be_judged(archive, document):
    with pytest.raises(UsageError, match="has no value requests/new/nobody"):
        say(archive, document, "requests/new/nobody")
    for name in ("requests/new", "a/b/c/d", "//"):
        with pytest.raises(UsageError, match="TABLE/ROW/COLUMN"):
            say(archive, document, name)
    waiting = archive.documents.keep("b.pdf", io.BytesIO(b"b"), "application/pdf")
    with pytest.raises(UsageError, match="has no value"):
        say(archive, waiting.document, TOTAL)
    assert list(archive.review.verdicts()) == []


def test_judge_is_named_by_option_by_setting_or_by_login(monkeypatch):
    monkeypatch.setenv(reviewer.WHO, "王")
    assert (reviewer.who("李"), reviewer.who()) == ("李", "王")
    monkeypatch.delenv(reviewer.WHO)
    monkeypatch.setenv("LOGNAME", "zhang")
    assert reviewer.who() == "zhang"
    with pytest.raises(UsageError, match=reviewer.WHO):
        reviewer.who("  ")


# Newer readings


def test_verdict_survives_a_reading_that_says_the_same_again(archive, document):
    say(archive, document, TOTAL, "correct", "13")
    read_again(archive, document)
    assert fact(archive, TOTAL) == ("read", "13", "13", "corrected", 0)


def test_reading_that_comes_to_agree_with_the_person_is_no_contradiction(archive, document):
    say(archive, document, TOTAL, "correct", "13")
    read_again(archive, document, new_total="13")
    assert fact(archive, TOTAL) == ("read", "13", "13", "corrected", 0)


@pytest.mark.parametrize("kind", ["correct", "accept", "anomaly"])
def test_reading_that_says_something_else_again_is_reported_and_changes_nothing(archive, document, kind):
    raw = "13" if kind == "correct" else None
    say(archive, document, TOTAL, kind, raw)
    read_again(archive, document, new_total="18")
    state, shown, _, flags, needs_review = fact(archive, TOTAL)
    assert (state, shown, needs_review) == ("read", raw or "-3", 1)
    assert flags.split(";")[-1] == "disagreement"
    assert {"correct": "corrected", "accept": "confirmed", "anomaly": "source_anomaly"}[kind] in flags
    first = next(archive.review.doubts())
    assert (first.key, first.read.raw, first.verdict.kind) == (TOTAL, "18", kind)
    assert archive.status.counts().contradicted == 1


def test_new_verdict_on_a_newer_reading_settles_it(archive, document):
    say(archive, document, TOTAL, "correct", "13")
    read_again(archive, document, new_total="18")
    say(archive, document, TOTAL)
    assert fact(archive, TOTAL) == ("read", "18", "18", "confirmed", 0)
    say(archive, document, TOTAL, "correct", "13")
    assert fact(archive, TOTAL) == ("read", "13", "13", "corrected", 0)


def test_value_that_a_newer_reading_has_lost_is_shown_and_reported(archive, document):
    say(archive, document, TOTAL, "correct", "13")
    read_again(archive, document, new_total=None, new_natural_person=None)
    assert fact(archive, TOTAL) == ("read", "13", "13", "corrected;disagreement", 1)
    assert [f.column for f in archive.values.facts(FactFilter(row="new"))] == ["total"]
    first = next(archive.review.doubts())
    seen = archive.review.printed_at(first)
    assert (first.key, first.read.state, first.fact.page) == (TOTAL, "missing", None)
    assert (seen.page, seen.box.left) == (2, 150.0)
    read_again(archive, document, new_total=None)
    assert fact(archive, TOTAL) == ("read", "13", "13", "corrected;disagreement", 1)


def test_verdict_on_a_reading_that_was_replaced_meanwhile_is_refused(archive, document):
    seen = walk.look(archive, ReportName(document), TOTAL)
    read_again(archive, document, new_total="18")
    with pytest.raises(UsageError, match="read anew"):
        archive.review.judge(
            ReportName(document), TOTAL, VerdictInput(VerdictKind.ACCEPT, "李", seen_run=seen.run)
        )
    seen = walk.look(archive, ReportName(document), TOTAL)
    read_again(archive, document, new_total="18")
    archive.review.judge(
        ReportName(document), TOTAL, VerdictInput(VerdictKind.ACCEPT, "李", seen_run=seen.run)
    )


# What queries tell


def test_conditions_are_held_against_what_people_said(archive, document):
    say(archive, document, TOTAL, "correct", "5000")
    say(archive, document, UNREAD)
    values = [f.value for f in archive.values.facts(FactFilter(where=("value>100",)))]
    assert values == ["1203", "5000"]
    doubtful = [f.column for f in archive.values.facts(FactFilter(where=("needs_review=1",)))]
    assert doubtful == ["total"]
    assert [f.raw for f in archive.values.facts(FactFilter(where=("confidence=1",)))] == ["5000"]


def test_status_counts_after_verdicts(archive, document):
    say(archive, document, TOTAL, "correct", "blank")
    say(archive, document, UNREAD, "correct", "7")
    say(archive, document, MISSING, "note", note="?")
    counts = archive.status.counts()
    assert (counts.needs_review, counts.verdicts, counts.contradicted) == (1, 2, 0)
    assert counts.values == {"blank": 2, "dash": 1, "missing": 1, "read": 3}
    assert counts.flags == {"corrected": 2, "missing": 1, "source_anomaly": 1}


def test_queue_begins_with_what_is_most_doubtful(archive, document):
    unsure = [
        replace(handmade.value(f"declined.{n}", "total", flags=[Flag.LOW_CONFIDENCE]), confidence=sure)
        for n, sure in enumerate((0.8, 0.3, 0.5))
    ]
    other = handmade.archive_one(archive, "b.pdf", reading=handmade.report("甲局", 2022, unsure))
    assert [doubt.key for doubt in archive.review.doubts()] == [
        UNREAD,
        MISSING,
        "requests/declined.1/total",
        "requests/declined.2/total",
        "requests/declined.0/total",
        TOTAL,
    ]
    say(archive, document, NEW)
    read_again(archive, document, new_natural_person="9")
    assert next(archive.review.doubts()).key == NEW
    chosen = {
        "organ": FactFilter(organ="甲"),
        "year": FactFilter(year=2022),
        "document": FactFilter(document=other),
    }
    for wanted in chosen.values():
        assert archive.review.count_doubts(ReviewFilter(wanted)) == 3
    assert [d.key for d in archive.review.doubts(ReviewFilter(FactFilter(flag="missing")))] == [MISSING]
    assert [d.key for d in archive.review.doubts(ReviewFilter(FactFilter(flag="confirmed")))] == [NEW]
    assert len(list(archive.review.doubts(ReviewFilter(limit=2)))) == 2
    assert archive.review.count_doubts(ReviewFilter(FactFilter(table="review"))) == 0
    assert archive.review.count_doubts(ReviewFilter(FactFilter(table="review"), all=True)) == 1


def test_doubt_comes_with_every_reading_and_finding(archive):
    value = replace(
        handmade.value("new", "total", flags=[Flag.DISAGREEMENT]), others=(Reading("8", 0.5, "scale 2"),)
    )
    reading = handmade.report(values=[value])
    found = replace(reading.findings[0], kind="proposal", keys=(value.key,))
    handmade.archive_one(archive, reading=replace(reading, findings=(found, *reading.findings)))
    (doubt,) = archive.review.doubts()
    assert [(other.text, other.confidence, other.method) for other in doubt.others] == [("8", 0.5, "scale 2")]
    assert [finding.kind for finding in doubt.findings] == ["proposal"]
    assert (doubt.read, doubt.method) == (PrintedValue("read", "3", "3"), "paddleocr")


# The picture


def test_crop_frames_the_value_in_its_row(archive):
    box = Box(300.0, 400.0, 350.0, 420.0)
    cell = Cell(1, 1, 1, 1, "3", box, 0.9, 1, "paddleocr", True)
    first = Cell(1, 0, 1, 1, "总计", Box(100.0, 400.0, 300.0, 420.0), 0.9, 1, "paddleocr", True)
    value = handmade.value("new", "total", cells=(cell,), flags=[Flag.UNBALANCED])
    reading = handmade.report(values=[value])
    reading = replace(reading, tables=(replace(reading.tables[0], cells=(first, cell)),))
    content = (SAMPLES / "onepage.pdf").read_bytes()
    for turned, upright in ((0, True), (90, False)):
        pages = (replace(handmade.page(1), turned=turned),)
        handmade.archive_one(archive, "one.pdf", pages, reading, content)
        (doubt,) = archive.review.doubts()
        picture = Image.open(draw_value(archive, doubt))
        width, height = picture.size if upright else picture.size[::-1]
        assert (width, height) == pytest.approx((278 * 200 / 72, 48 * 200 / 72), abs=2)
        red = np.argwhere((np.asarray(picture.convert("RGB")) == (217, 32, 32)).all(axis=2))
        extent = (red.max(axis=0) - red.min(axis=0))[:: 1 if upright else -1]
        assert tuple(extent) == pytest.approx((22 * 200 / 72, 52 * 200 / 72), abs=3)


def test_value_without_a_place_has_no_picture(archive, document):
    missing = next(doubt for doubt in archive.review.doubts() if doubt.key == MISSING)
    assert draw_value(archive, missing) is None


@pytest.mark.parametrize(
    ("environment", "protocol"),
    [
        ({"KITTY_WINDOW_ID": "1"}, "kitty"),
        ({"TERM_PROGRAM": "ghostty"}, "kitty"),
        ({"TERM_PROGRAM": "iTerm.app"}, "iterm"),
        ({"TERM_PROGRAM": "WezTerm"}, "iterm"),
        ({"LC_TERMINAL": "iTerm2"}, "iterm"),
        ({"KITTY_WINDOW_ID": "1", "TMUX": "/tmp/tmux"}, None),
        ({"TERM": "xterm-256color"}, None),
    ],
)
def test_terminals_that_show_pictures_are_known(environment, protocol):
    assert protocol_of(environment) == protocol


def test_picture_is_sent_whole_in_the_words_of_the_terminal(tmp_path):
    path = tmp_path / "p.png"
    path.write_bytes(os.urandom(9000))
    sent = inline_image(path, {"KITTY_WINDOW_ID": "1"})
    pieces = [piece.split(";", 1) for piece in sent.strip().removesuffix("\x1b\\").split("\x1b\\\x1b_G")]
    assert [head.removeprefix("\x1b_G") for head, _ in pieces] == ["a=T,f=100,m=1", "m=1", "m=0"]
    assert base64.b64decode("".join(piece for _, piece in pieces)) == path.read_bytes()
    shown = inline_image(path, {"TERM_PROGRAM": "iTerm.app"})
    assert base64.b64decode(shown.strip("\x07\n").rsplit(":", 1)[1]) == path.read_bytes()
    assert inline_image(path, {}) is None


# The commands


def test_programs_judge_by_subcommands(guidang, home):
    done = guidang("review", "correct", "a.pdf", TOTAL, "--raw", "1,013", "--note", "看原件")
    assert (done.code, done.out) == (0, "")
    assert done.err.startswith(f"{TOTAL}: 李 corrected -3 to 1,013 on 2")
    assert guidang("review", "correct", "a.pdf", NEW, "--blank").code == 0
    assert guidang("review", "accept", "a.pdf", UNREAD, "--who", "王").code == 0
    assert guidang("review", "anomaly", "a.pdf", MISSING).code == 0
    assert guidang("review", "note", "a.pdf", NEW, "=1+1").code == 0
    assert guidang("review", "undo", "a.pdf", MISSING).code == 0
    listed = json.loads(guidang("review", "history", "a.pdf", "--format", "json").out)
    assert [one["kind"] for one in listed] == ["correct", "correct", "accept", "anomaly", "note", "undo"]
    assert [one["who"] for one in listed][2:4] == ["王", "李"]
    assert [one["stands"] for one in listed] == [True, True, True, False, False, False]
    facts = {
        row["row"] + row["column"]: row
        for row in csv.DictReader(guidang("facts", "--format", "csv").out.splitlines())
    }
    assert (facts["newtotal"]["raw"], facts["newtotal"]["value"]) == ("1,013", "1013")
    assert facts["newnatural_person"]["state"] == "blank"


def test_facts_are_chosen_by_what_people_said(guidang, home):
    guidang("review", "correct", "a.pdf", TOTAL, "--raw", "/")
    (corrected,) = json.loads(guidang("facts", "--flag", "corrected", "--format", "json").out)
    assert (corrected["row"], corrected["column"], corrected["state"]) == ("new", "total", "dash")
    dashes = json.loads(guidang("facts", "--state", "dash", "--row", "new", "--format", "json").out)
    assert [fact["column"] for fact in dashes] == ["total"]


def test_corrections_are_exported_in_order_and_run_in_no_spreadsheet(guidang, home):
    guidang("review", "note", "a.pdf", NEW, "=1+1")
    guidang("review", "correct", "a.pdf", TOTAL, "--raw", "/")
    exported = guidang("export", "corrections").out
    noted, corrected = csv.DictReader(io.StringIO(exported))
    assert (noted["kind"], noted["note"], noted["stands"]) == ("note", "'=1+1", "0")
    assert (corrected["state"], corrected["raw"], corrected["seen_raw"]) == ("dash", "/", "-3")
    assert json.loads(guidang("export", "corrections", "--format", "json").out)[0]["note"] == "=1+1"
    assert guidang("review", "history", "--format", "csv").out == exported


def test_show_marks_what_people_said_and_tells_what_was_read(guidang, home):
    guidang("review", "correct", "a.pdf", TOTAL, "--raw", "13", "--note", "看原件")
    guidang("review", "anomaly", "a.pdf", "review/cases/review.total")
    shown = guidang("show", "a.pdf").out
    assert "13✓" in shown
    assert "0*✓" in shown
    assert "✓ judged" in shown
    (line,) = [line.split() for line in shown.splitlines() if "看原件" in line]
    assert line[:2] == ["✓", TOTAL]
    assert line[3:] == ["李", "correct", "-3", "13", "看原件"]


def test_list_prints_the_queue_in_every_format(guidang, home):
    table = guidang("review", "list")
    assert "一、本年新收政府信息公开申请数量" in table.out
    assert table.err == "3 values to look at\n"
    rows = list(csv.DictReader(guidang("review", "list", "--format", "csv").out.splitlines()))
    found = json.loads(guidang("review", "list", "--format", "json").out)
    assert [row["row"] for row in rows] == [doubt["row"] for doubt in found] == ["granted", "granted", "new"]
    assert found[2]["read"]["raw"] == "-3"
    assert found[2]["verdict"] is None
    assert len(json.loads(guidang("review", "list", "--limit", 1, "--format", "json").out)) == 1


def test_crop_prints_the_path_or_says_that_there_is_none(guidang, tmp_path, monkeypatch):
    monkeypatch.setenv("GUIDANG_ARCHIVE", str(tmp_path / "a"))
    with Archive.open(tmp_path / "a", create=True) as archive:
        content = (SAMPLES / "form2021.pdf").read_bytes()
        handmade.archive_one(archive, "a.pdf", content=content)
    shown = guidang("review", "crop", "a.pdf", TOTAL)
    assert Path(shown.out.strip()).is_file()
    shown = guidang("review", "crop", "a.pdf", MISSING)
    assert (shown.code, shown.out) == (2, "")


@pytest.mark.parametrize(
    "arguments",
    [
        ["review"],  # no terminal
        ["review", "--limit", "3", "list"],
        ["review", "list", "--flag", "no_such_flag"],
        ["review", "accept", "a.pdf", "requests/new"],
        ["review", "accept", "b.pdf", TOTAL],
        ["review", "undo", "a.pdf", TOTAL],
        ["review", "correct", "a.pdf", TOTAL],
        ["review", "correct", "a.pdf", TOTAL, "--raw", "1o"],
        ["review", "correct", "a.pdf", TOTAL, "--raw", " "],
        ["review", "correct", "a.pdf", TOTAL, "--raw", "1", "--blank"],
        ["review", "accept", "a.pdf", TOTAL, "--who", " "],
    ],
)
def test_senseless_review_ends_with_2_in_one_line(guidang, home, arguments):
    shown = guidang(*arguments)
    assert (shown.code, shown.out) == (2, "")
    assert len(shown.err.splitlines()) == 1


SUBCOMMANDS = sorted(command.name or command.callback.__name__ for command in review_app.registered_commands)


@pytest.mark.parametrize("command", SUBCOMMANDS)
def test_help_of_every_subcommand_shows_an_example_that_parses(guidang, command):
    shown = guidang("review", command, "--help")
    example = shown.out.split("Example:\n")[1].splitlines()[0].split()
    assert example[:3] == ["guidang", "review", command]
    options = [word for word in example if word.startswith("--")]
    assert all(f"{option} " in shown.out.split("Options:")[1] for option in options)


# The walk


class Person:
    """Answers one prompt after the other, and remembers what was shown."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.shown: list[str] = []

    def ask(self, _prompt: str) -> str:
        if not self.answers:
            raise EOFError
        return self.answers.pop(0)

    def walk(self, archive: Archive) -> walk.Walk:
        names = [(doubt.fact.report, doubt.key) for doubt in archive.review.doubts()]
        tour = walk.ReviewSession(archive, names, "李", self.ask, self.shown.extend, lambda _: None)
        tour.run()
        return tour


@pytest.fixture
def waiting(place):
    """An archive with three values in its queue, open for reading as in a walk."""
    with place.open() as made:
        handmade.archive_one(made)
    with place.open(create=False) as opened:
        yield opened


def kinds(archive):
    return [(one.key, one.kind, one.raw) for one in archive.review.verdicts()]


def test_walk_keeps_each_answer_at_once(waiting):
    tour = Person("c 12", "m", "n", "印章遮住", "c", "/").walk(waiting)
    assert tour.given == 3
    assert kinds(waiting) == [
        (UNREAD, "correct", "12"),
        (MISSING, "anomaly", ""),
        (TOTAL, "note", ""),
        (TOTAL, "correct", "/"),
    ]
    assert waiting.review.count_doubts() == 0


def test_walk_asks_again_after_nonsense_and_goes_back_after_undo(waiting):
    person = Person("abc", "c 1o", "u", "s", "a", "u", "q")
    tour = person.walk(waiting)
    assert tour.given == 0
    assert kinds(waiting) == [(MISSING, "accept", ""), (MISSING, "undo", "")]
    told = [str(line) for line in person.shown]
    assert any("'1o' is neither" in line for line in told)
    assert any("no verdict in this walk yet" in line for line in told)
    assert [line.strip()[:6] for line in told if " of 3" in line] == ["1 of 3", "2 of 3", "3 of 3", "2 of 3"]


def test_walk_passes_by_what_somebody_else_judged_meanwhile(waiting, place):
    person = Person("s", "q")
    real = person.ask

    def ask(prompt: str) -> str:
        if person.answers == ["s", "q"]:
            with place.open(create=False, write=True) as other:
                say(other, next(other.review.doubts()).fact.document, MISSING)
        return real(prompt)

    person.ask = ask
    person.walk(waiting)
    told = [str(line) for line in person.shown]
    assert [line.strip()[:6] for line in told if " of 3" in line] == ["1 of 3", "3 of 3"]


def test_walk_waits_while_another_process_writes(waiting, place):
    person = Person("a", "q")
    with place.open(create=False, write=True, alone=True):
        person.walk(waiting)
    assert kinds(waiting) == []
    assert any("another process is writing" in str(line) for line in person.shown)


def test_walk_on_a_real_terminal(home):
    """The command itself, keys typed into a pseudo-terminal."""
    script = "import sys, cli; sys.exit(cli.main(['review', '--limit', '2', '--who', '王']))"
    child, terminal = pty.fork()
    if not child:
        os.execve(sys.executable, [sys.executable, "-c", script], {**os.environ, "COLUMNS": "100"})
    shown = _until(terminal, b"q > ")
    os.write(terminal, b"c\n")
    shown += _until(terminal, b"back) > ")
    os.write(terminal, b"7\n")
    shown += _until(terminal, b"q > ")
    os.write(terminal, b"q\n")
    shown += _until(terminal, b"left\r\n")
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    text = shown.decode()
    assert "1 of 2" in text
    assert "2 of 2" in text
    assert "（一）予以公开 · 自然人" in text
    assert "1 verdicts kept; 2 values are left" in text
    with Archive.open(home) as archive:
        assert [(one.who, one.raw) for one in archive.review.verdicts()] == [("王", "7")]


def _until(terminal: int, end: bytes) -> bytes:
    got = b""
    while not got.endswith(end):
        ready, _, _ = select.select([terminal], [], [], 60)
        assert ready, got.decode()
        got += os.read(terminal, 65536)
    return got
