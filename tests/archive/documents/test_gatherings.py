"""Documents that are gathered: what they are together answers, and they do when it is taken apart."""

from __future__ import annotations

import io

import pytest

from archive.archive import Archive
from archive.records import ReportName, VerdictKind
from archive.search.search import SearchFilter
from archive.values.facts import FactFilter
from archive.values.records import VerdictInput
from archive.values.rerun_selection import RerunSelection
from core.errors import UsageError
from core.media_types import GATHERED
from reconcile.model import Volume
from tests.support import handmade

WHO = "李"


@pytest.fixture
def archive(place):
    with place.open() as opened:
        yield opened


def keep(archive: Archive, source: str) -> str:
    return archive.documents.keep(source, io.BytesIO(source.encode()), "image/jpeg").document


def read(archive: Archive, digest: str, *texts: str, values=()) -> None:
    report = handmade.report(values=values) if values else handmade.report()
    archive.documents.record(digest, handmade.RUN, [handmade.page(1, *texts)], Volume((report,)))


def statuses(archive: Archive, *digests: str) -> list[str]:
    return [archive.status.document(digest).status for digest in digests]


def found(archive: Archive, word: str) -> set[str]:
    return {hit.document for hit in archive.search(word, SearchFilter()).hits}


def test_members_are_set_aside_when_the_whole_has_been_read(archive):
    first, second, third = (keep(archive, f"scan_{n}.jpg") for n in (1, 2, 3))
    read(archive, first, "一、总体情况")
    read(archive, second, "三、收到和处理")
    whole = archive.documents.gather([first, second, third], WHO, "一份报告").document
    # What has been read answers until the whole does; what waits need not be read any more.
    assert statuses(archive, first, second, third, whole) == ["archived", "archived", "set_aside", "pending"]
    assert found(archive, "总体情况") == {first}
    assert [one.document for one in archive.documents.pending()] == [whole]
    read(archive, whole, "一、总体情况")
    assert statuses(archive, first, second, third, whole) == ["set_aside"] * 3 + ["archived"]
    assert found(archive, "总体情况") == {whole}
    assert {fact.document for fact in archive.values.facts(FactFilter())} == {whole}
    assert {report.document for report in archive.reports.listed()} == {whole}
    view = archive.status.document(whole)
    assert (view.members, view.media_type) == ((first, second, third), GATHERED)
    assert archive.status.document(second).gathered_in == whole
    assert archive.verify().problems == ()


def test_taken_apart_the_members_answer_by_their_last_reading(archive):
    first, second, third = (keep(archive, f"scan_{n}.jpg") for n in (1, 2, 3))
    read(archive, first, "旧")
    read(archive, first, "一、总体情况")
    read(archive, second, "三、收到和处理")
    whole = archive.documents.gather([first, second, third], WHO).document
    read(archive, whole, "一、总体情况")
    assert archive.documents.take_apart(whole, WHO, "误") == (first, second, third)
    assert statuses(archive, first, second, third, whole) == ["archived", "archived", "pending", "set_aside"]
    assert found(archive, "总体情况") == {first}
    assert found(archive, "旧") == set()
    assert archive.status.document(second).gathered_in is None
    assert archive.documents.were_gathered([first, second, third])
    assert not archive.documents.were_gathered([first, second])
    assert archive.verify().problems == ()
    history = [(word.field, word.who, word.stands) for word in archive.reports.history(whole)]
    assert history == [("members", WHO, False), ("borders", WHO, True), ("members", WHO, False)]
    again = archive.documents.gather([first, second, third], WHO)
    assert (again.document, again.new_document) == (whole, False)
    assert statuses(archive, whole) == ["pending"]


def test_a_whole_that_cannot_be_read_leaves_the_answer_to_its_members(archive):
    first, second = keep(archive, "1.jpg"), keep(archive, "2.jpg")
    read(archive, first, "总体情况")
    whole = archive.documents.gather([first, second], WHO).document
    archive.documents.fail(whole, handmade.RUN, "open", "damaged", "damaged")
    assert statuses(archive, first, second, whole) == ["archived", "pending", "failed"]
    assert archive.documents.retry([whole]) == 1
    read(archive, whole, "总体情况")
    assert statuses(archive, first, second, whole) == ["set_aside", "set_aside", "archived"]
    archive.documents.fail(
        whole, handmade.RUN, "open", "damaged", "damaged"
    )  # a rerun: the older one answers
    assert statuses(archive, first, second) == ["set_aside", "set_aside"]
    assert found(archive, "总体情况") == {whole}


def test_a_whole_that_ends_its_process_leaves_the_answer_to_its_members(archive):
    first, second = keep(archive, "1.jpg"), keep(archive, "2.jpg")
    whole = archive.documents.gather([first, second], WHO).document
    for _ in range(3):
        became = archive.documents.die(whole, handmade.RUN, "page 1", "killed", "crashed")
    assert became == "quarantined"
    assert statuses(archive, first, second) == ["pending", "pending"]


def test_what_people_said_of_a_member_stands_when_it_answers_again(archive):
    first, second = keep(archive, "1.jpg"), keep(archive, "2.jpg")
    read(archive, first, "总体情况")
    read(archive, second, "收到")
    value = next(iter(archive.values.facts(FactFilter(first))))
    key = f"{value.table}/{value.row}/{value.column}"
    archive.review.judge(ReportName(first), key, VerdictInput(VerdictKind.ACCEPT, WHO))
    whole = archive.documents.gather([first, second], WHO).document
    read(archive, whole, "总体情况")
    archive.documents.take_apart(whole, WHO)
    again = {fact.row + fact.column: fact.flags for fact in archive.values.facts(FactFilter(first))}
    assert "confirmed" in again[value.row + value.column]


@pytest.mark.parametrize(
    ("members", "reason"),
    [(("a",), "two documents or more"), (("a", "a"), "each once"), (("a", "whole"), "gathered itself")],
)
def test_what_makes_no_sense_is_refused(archive, members, reason):
    known = {name: keep(archive, f"{name}.jpg") for name in ("a", "b", "c")}
    known["whole"] = archive.documents.gather([known["b"], known["c"]], WHO).document
    with pytest.raises(UsageError, match=reason):
        archive.documents.gather([known[name] for name in members], WHO)
    with pytest.raises(UsageError, match=r"part of .* already"):
        archive.documents.gather([known["a"], known["b"]], WHO)
    with pytest.raises(UsageError, match="not gathered"):
        archive.documents.take_apart(known["a"], WHO)


def test_what_is_set_aside_is_not_read_again_by_itself(archive):
    first, second = keep(archive, "1.jpg"), keep(archive, "2.jpg")
    whole = archive.documents.gather([first, second], WHO).document
    read(archive, whole, "总体情况")
    assert [one.document for one in archive.values.to_read_again(RerunSelection())] == [whole]
    with pytest.raises(UsageError, match="set aside"):
        archive.values.to_read_again(RerunSelection((first,)))
    assert not archive.documents.keep("again.jpg", io.BytesIO(b"1.jpg"), "image/jpeg").new_document
    assert statuses(archive, first) == ["set_aside"]
    assert archive.documents.pending() == []


def test_gathered_again_as_a_volume_it_is_no_longer_said_to_be_one_report(archive):
    members = [keep(archive, "1.jpg"), keep(archive, "2.jpg")]
    whole = archive.documents.gather(members, WHO).document
    assert archive.documents.pending([whole])[0].said.first_pages == (1,)
    archive.documents.take_apart(whole, WHO)
    archive.documents.gather(members, WHO, one_report=False)
    assert archive.documents.pending([whole])[0].said is None
