"""Files in, archive out: the whole path, on real reports, through the real command."""

from __future__ import annotations

import csv
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from archive.archive import Archive
from bench.accuracy.compare import compare
from bench.accuracy.truth import read_truth, truth_of_digital_report, truth_path
from ingest.sources.intake import take
from reconcile.checks.narrative import KIND
from tests.support.paths import SAMPLES

GUIDANG = Path(sys.executable).with_name("guidang")


def guidang(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(GUIDANG), *map(str, arguments)], capture_output=True, text=True, check=False, timeout=600
    )


def facts_of(archive: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(guidang("export", "facts", "--archive", archive).stdout.splitlines()))


def sources(archive: Archive) -> list[str]:
    return sorted(
        source
        for one in archive.documents.pending()
        for source in archive.status.document(one.document).sources
    )


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """All samples, the broken ones too, taken in once by the command."""
    home = tmp_path_factory.mktemp("all") / "archive"
    done = guidang("ingest", SAMPLES, "--archive", home)
    return SimpleNamespace(home=home, done=done, facts=facts_of(home))


WITH_TRUTH = sorted(
    path for path in SAMPLES.iterdir() if path.suffix != ".csv" and truth_path(path).is_file()
)


@pytest.mark.parametrize("sample", WITH_TRUTH, ids=lambda path: path.name)
def test_every_value_of_a_sample_is_archived_as_printed(sample: Path, ingested: SimpleNamespace) -> None:
    rows = [row for row in ingested.facts if row["source"].endswith(f"/{sample.name}")]
    score = compare(sample.name, read_truth(truth_path(sample)), rows)
    assert score.misses == ()


def accusations(home: Path, name: str) -> list[str]:
    """Where the narrative of a report is told to say otherwise than its tables."""
    with Archive.open(home) as archive:
        view = archive.status.document(archive.documents.find(name))
    return [found.message for found in view.findings if found.kind == KIND]


# Their narrative gives the numbers of their tables.
SOUND = [
    "form2021",
    "form2019",
    "blank2019",
    "openbreak",
    "fragment",
    "displaced",
    "stacked",
    "mixed",
    "form2021-scan",
]


@pytest.mark.parametrize("name", SOUND)
def test_no_sound_report_is_accused_of_its_narrative(name: str, ingested: SimpleNamespace) -> None:
    assert accusations(ingested.home, f"{name}.pdf") == []


def test_a_batch_goes_on_past_broken_files_and_says_so(ingested: SimpleNamespace) -> None:
    assert ingested.done.returncode == 3
    listed = guidang("failures", "--archive", ingested.home, "--format", "csv").stdout
    assert {row["source"].rsplit("/", 1)[-1] for row in csv.DictReader(listed.splitlines())} == {
        path.name for path in (SAMPLES / "broken").iterdir()
    }


def test_originals_of_failed_files_are_kept_too(ingested: SimpleNamespace) -> None:
    with Archive.open(ingested.home) as archive:
        kept = {
            archive.documents.path(failure.document).read_bytes() for failure in archive.documents.failures()
        }
    assert kept == {path.read_bytes() for path in (SAMPLES / "broken").iterdir()}


def test_the_same_command_again_does_nothing(ingested: SimpleNamespace) -> None:
    again = guidang("ingest", SAMPLES, "--archive", ingested.home)
    assert again.returncode == 0
    assert "0 new" in again.stderr
    assert facts_of(ingested.home) == ingested.facts


def test_planted_mistakes_are_the_reports_own_and_no_sound_report_is_accused(
    ingested: SimpleNamespace,
) -> None:
    accused = {row["source"].rsplit("/", 1)[-1] for row in ingested.facts if "source_anomaly" in row["flags"]}
    assert accused == {"mixed.pdf", "mixed-scan.pdf"}


def test_a_report_of_no_known_form_gives_tables_but_no_values(ingested: SimpleNamespace) -> None:
    assert not [row for row in ingested.facts if row["source"].endswith("oldform.pdf")]
    with Archive.open(ingested.home) as archive:
        tables = archive.status.document("oldform.pdf").tables
    assert tables
    assert not any(table.key for table in tables)


def test_words_of_one_and_two_characters_are_found(ingested: SimpleNamespace) -> None:
    for query in ("复议", "镇"):
        found = guidang("search", query, "--archive", ingested.home)
        assert f"【{query}】" in found.stdout


def test_the_real_report_is_archived_as_printed(hzq2023: Path, tmp_path: Path) -> None:
    assert guidang("ingest", hzq2023, "--archive", tmp_path / "a").returncode == 0
    assert accusations(tmp_path / "a", hzq2023.name) == []
    rows = facts_of(tmp_path / "a")
    assert compare(hzq2023.name, truth_of_digital_report(hzq2023), rows).misses == ()
    mistaken = {
        (row["table"], row["column"].split(".")[0]) for row in rows if row["flags"] == "source_anomaly"
    }
    assert mistaken == {("review", "review"), ("review", "after_review")}
    assert {(row["table"], row["form"]) for row in rows} == {
        ("proactive", "2021"),
        ("requests", "2019"),
        ("review", "2021"),
    }


# Intake, without reading


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive", create=True) as opened:
        yield opened


def test_the_same_bytes_under_two_names_are_one_document(archive: Archive, tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        shutil.copy(SAMPLES / "onepage.pdf", tmp_path / name)
    kept = [taken.kept for taken in take([tmp_path / "a.pdf", tmp_path / "b.pdf"], archive)]
    assert [one.new_document for one in kept] == [True, False]
    assert len(archive.documents.pending()) == 1
    assert len(sources(archive)) == 2


def test_members_of_a_zip_are_named_after_it_also_in_gbk(archive: Archive, tmp_path: Path) -> None:
    """The two names have as many bytes, so that the one can be patched into the other's place."""
    utf8, gbk = "年报/一.pdf".encode(), "年报/一二x.pdf".encode("gbk")
    assert len(utf8) == len(gbk)
    with zipfile.ZipFile(tmp_path / "reports.zip", "w") as made:
        made.write(SAMPLES / "onepage.pdf", "年报/一.pdf")
    packed = bytearray((tmp_path / "reports.zip").read_bytes().replace(utf8, gbk))
    _clear(packed, 0x0800)  # no longer said to be UTF-8
    (tmp_path / "windows.zip").write_bytes(packed)
    list(take([tmp_path / "reports.zip", tmp_path / "windows.zip"], archive))
    names = [name.removeprefix(f"{tmp_path}/") for name in sources(archive)]
    assert names == ["reports.zip!年报/一.pdf", "windows.zip!年报/一二x.pdf"]


def _clear(packed: bytearray, bits: int) -> None:
    """Clear bits of the flags of every member, in both places where a zip has them."""
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for at in (at for at in range(len(packed)) if packed[at : at + 4] == mark):
            flags = int.from_bytes(packed[at + offset : at + offset + 2], "little")
            packed[at + offset : at + offset + 2] = (flags & ~bits).to_bytes(2, "little")


def test_zips_in_zips_are_opened(archive: Archive, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "inner.zip", "w") as inner:
        inner.write(SAMPLES / "onepage.pdf", "a.pdf")
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as outer:
        outer.write(tmp_path / "inner.zip", "inner.zip")
    list(take([tmp_path / "outer.zip"], archive))
    assert [name.split("/")[-1] for name in sources(archive)] == ["outer.zip!inner.zip!a.pdf"]


def test_a_damaged_zip_is_kept_as_it_is(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "bad.zip").write_bytes(b"PK\x03\x04 and no more")
    (taken,) = take([tmp_path / "bad.zip"], archive)
    assert taken.kept
    assert archive.documents.path(taken.kept.document).read_bytes() == b"PK\x03\x04 and no more"


def test_an_encrypted_member_is_named_with_its_trouble(archive: Archive, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "locked.zip", "w") as made:
        made.writestr("a.pdf", b"%PDF-1.4 secret")
    packed = bytearray((tmp_path / "locked.zip").read_bytes())
    packed[packed.index(b"PK\x03\x04") + 6] |= 0x01
    packed[packed.index(b"PK\x01\x02") + 8] |= 0x01
    (tmp_path / "locked.zip").write_bytes(packed)
    (taken,) = take([tmp_path / "locked.zip"], archive)
    assert taken.kept is None
    assert "encrypted" in taken.trouble


def test_other_files_of_a_folder_are_passed_over_but_a_named_one_is_kept(
    archive: Archive, tmp_path: Path
) -> None:
    folder = tmp_path / "scans"
    folder.mkdir()
    (folder / "notes.txt").write_text("not a report")
    (folder / "report.pdf").write_text("not a report either, but it says so")
    outcomes = {Path(one.name).name: bool(one.kept) for one in take([folder], archive)}
    assert outcomes == {"notes.txt": False, "report.pdf": True}
    (named,) = take([folder / "notes.txt"], archive)
    assert named.kept


# Stopping and going on


def _hear_ctrl_c() -> None:
    """A shell's background job ignores Ctrl-C, and hands that on to its children; a terminal's does not."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_an_interrupted_batch_goes_on_with_the_same_command(tmp_path: Path) -> None:
    reports = [SAMPLES / f"{name}.pdf" for name in ("form2021", "form2019", "stacked", "mixed")]
    command = [str(GUIDANG), "ingest", *map(str, reports), "--archive", str(tmp_path / "a"), "--workers", "1"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, preexec_fn=_hear_ctrl_c) as batch:
        assert batch.stderr is not None
        next(line for line in batch.stderr if line.startswith("archived"))
        batch.send_signal(signal.SIGINT)
        batch.communicate(timeout=60)
    assert batch.returncode == 130
    with Archive.open(tmp_path / "a") as archive:
        left = len(archive.documents.pending())
    assert 1 <= left <= 3
    again = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert again.returncode == 0, again.stderr
    assert f"{left} archived" in again.stderr
    assert len({row["source"] for row in facts_of(tmp_path / "a")}) == 4
