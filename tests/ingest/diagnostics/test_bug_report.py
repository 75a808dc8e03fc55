"""Zips for bug reports: everything about the documents that failed, and no secret."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.archive import Archive
from archive.documents.keeping import Documents
from core.errors import UsageError
from ingest.diagnostics import bug_report
from ingest.diagnostics.doctor import Diagnosis
from ingest.diagnostics.redaction import without_secrets
from tests.support import handmade
from tests.support.places import Place

SECRET = "geheim-4711"
CHECK = Diagnosis("clock of the server", "bad", f"no answer from postgresql://u:{SECRET}@db/x", "look")


@pytest.fixture(autouse=True)
def quick_doctor(monkeypatch: pytest.MonkeyPatch) -> None:
    """A doctor that loads no models: what he finds has tests of its own."""
    monkeypatch.setattr(bug_report, "diagnose", lambda archive: iter([CHECK]))


@pytest.fixture
def archive(place: Place) -> Iterator[Archive]:
    with place.open() as opened:
        yield opened


def lay(archive: Archive) -> dict[str, str]:
    """Two documents that failed, one that is quarantined, one that is archived; their sha256."""
    handmade.archive_one(archive)
    found = {}
    for name, kind in {"b.pdf": "application/pdf", "a.html": "text/html", "c.pdf": "application/pdf"}.items():
        found[name] = archive.documents.keep(f"/home/li/{name}", io.BytesIO(name.encode() * 9), kind).document
    archive.documents.keep(
        f"https://li:{SECRET}@example.invalid/b.pdf", io.BytesIO(b"b.pdf" * 9), "application/pdf"
    )
    archive.documents.fail(found["b.pdf"], handmade.RUN, "page 12", "page 12 cannot be opened", "damaged")
    archive.documents.fail(found["a.html"], handmade.RUN, "open", "no report", "no_report")
    for _ in range(3):
        archive.documents.die(found["c.pdf"], handmade.RUN, "sums", "killed by signal 9 (SIGKILL)", "crashed")
    return found


def opened(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as report:
        assert report.testzip() is None
        return {name: report.read(name) for name in report.namelist()}


def test_report_tells_every_attempt_at_every_document_that_failed(archive: Archive, tmp_path: Path) -> None:
    found = lay(archive)
    made = bug_report.write_report(archive, list(found.values()), tmp_path / "r.zip")
    held = opened(tmp_path / "r.zip")
    assert list(held) == ["README.txt", "doctor.json", "failures.json"]
    assert b"NOT here" in held["README.txt"]
    assert (made.documents, made.originals, made.lacking) == (3, 0, 0)
    first, _, last = told = json.loads(held["failures.json"])
    assert [one["document"] for one in told] == list(found.values())
    assert (first["size"], first["media_type"], first["status"]) == (45, "application/pdf", "failed")
    (run,) = first["runs"]
    wanted = {"outcome": "failed", "stage": "page 12", "page": 12, "code": "damaged", "seconds": 4.0}
    wanted |= {"engines": dict(handmade.RUN.engines), "options": {"dpi": 200}}
    wanted |= {"reason": "page 12 cannot be opened", "finished": "2026-01-02T03:04:09Z"}
    assert {name: run[name] for name in wanted} == wanted
    assert first["sources"][0]["name"] == "/home/li/b.pdf"
    assert (first["original"], first["no_original_because"]) == (None, "it was not asked for")
    assert last["status"] == "quarantined"
    assert [(one["outcome"], one["page"]) for one in last["runs"]] == [("died", None)] * 3


def test_originals_are_what_their_names_say_and_a_damaged_one_is_named(
    archive: Archive, place: Place, tmp_path: Path
) -> None:
    found = lay(archive)
    damaged = place.objects / found["b.pdf"][:2] / found["b.pdf"][2:]
    damaged.chmod(0o644)
    damaged.write_bytes(b"other")
    (place.objects / found["c.pdf"][:2] / found["c.pdf"][2:]).unlink()
    heard: list[tuple[str, int, int]] = []
    made = bug_report.write_report(
        archive, list(found.values()), tmp_path / "r.zip", True, lambda *told: heard.append(told)
    )
    assert (made.documents, made.originals, made.lacking) == (3, 1, 2)
    held = opened(tmp_path / "r.zip")
    (name,) = [one for one in held if one.startswith("originals/")]
    assert hashlib.sha256(held[name]).hexdigest() == name.removeprefix("originals/").removesuffix(".html")
    told = json.loads(held["failures.json"])
    assert [one["original"] for one in told] == [None, name, None]
    assert [bool(one["no_original_because"]) for one in told] == [True, False, True]
    assert "is gone or has changed" in told[0]["no_original_because"]
    assert heard == [("originals", number, 3) for number in (1, 2, 3)]


def test_no_secret_gets_into_a_report(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_SECRET_ACCESS_KEY", "PGPASSWORD", "GUIDANG_ARCHIVE", "GUIDANG_WHO"):
        monkeypatch.setenv(name, f"{SECRET}-{name}")
    monkeypatch.setenv("GUIDANG_PAGE_SECONDS", "33")
    found = lay(archive)
    aws = f"cannot write to s3://bucket: {SECRET}-AWS_SECRET_ACCESS_KEY was refused"
    archive.documents.fail(found["a.html"], handmade.RUN, "open", aws, "error")
    bug_report.write_report(archive, list(found.values()), tmp_path / "r.zip", True)
    held = opened(tmp_path / "r.zip")
    assert [name for name, content in held.items() if SECRET.encode() in content] == []
    doctor = json.loads(held["doctor.json"])
    assert doctor["settings"]["GUIDANG_PAGE_SECONDS"] == "33"
    assert not {"GUIDANG_ARCHIVE", "GUIDANG_WHO"} & set(doctor["settings"])
    assert doctor["documents"]["quarantined"] == 1
    assert doctor["checks"][0]["found"] == "no answer from postgresql://***@db/x"
    told = json.loads(held["failures.json"])
    assert told[0]["sources"][1]["name"] == "https://***@example.invalid/b.pdf"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "postgresql://li:p@ss@db:5432/x?sslpassword=abc&a=1",
            "postgresql://***@db:5432/x?sslpassword=***&a=1",
        ),
        ("https://x.invalid/a?access_token=ab.c&year=2023", "https://x.invalid/a?access_token=***&year=2023"),
        ("https://x.invalid/a?X-Amz-Signature=ab12", "https://x.invalid/a?X-Amz-Signature=***"),
        ("https://x.invalid/2023/年报@2x.pdf", "https://x.invalid/2023/年报@2x.pdf"),
        ("scans/a@b.pdf", "scans/a@b.pdf"),
    ],
)
def test_what_looks_like_a_secret_is_taken_out_and_nothing_else(text: str, shown: str) -> None:
    assert without_secrets({"any": [text, 1, None]}, {}) == {"any": [shown, 1, None]}


def test_values_of_secret_variables_are_taken_out_wherever_they_stand() -> None:
    environment = {"AWS_SESSION_TOKEN": "abcdef", "HOME": "/home/li", "DB_PASS": "abcdef-long", "X_KEY": "a"}
    assert without_secrets("/home/li abcdef-long abcdef a", environment) == "/home/li *** *** a"


def test_report_that_is_broken_off_leaves_the_older_one(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = lay(archive)
    (tmp_path / "r.zip").write_bytes(b"older")

    def broken(*_: object) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(Documents, "original", broken)
    with pytest.raises(KeyboardInterrupt):
        bug_report.write_report(archive, list(found.values()), tmp_path / "r.zip", True)
    assert (tmp_path / "r.zip").read_bytes() == b"older"
    assert not (tmp_path / "r.zip.part").exists()


def test_report_that_cannot_be_written_is_a_mistake_of_the_command(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot write .*r\.zip"):
        bug_report.write_report(archive, [], tmp_path / "nowhere" / "r.zip")


def test_command_says_what_it_wrote_and_of_which_documents(guidang, place: Place, tmp_path: Path) -> None:
    with place.open() as archive:
        found = lay(archive)
    home, file = ("--archive", place.location), tmp_path / "r.zip"
    shown = guidang("failures", "--export", file, *home)
    assert (shown.code, shown.out) == (0, "")
    assert shown.err.startswith("3 documents, 0 originals, ")
    assert f"send {file} with your report; it does not hold originals" in shown.err
    assert "paths of this machine" in shown.err
    shown = guidang("failures", "b.pdf", "--export", file, "--with-originals", *home)
    assert shown.err.startswith("1 documents, 1 originals, ")
    assert [one["document"] for one in json.loads(opened(file)["failures.json"])] == [found["b.pdf"]]
    (place.objects / found["b.pdf"][:2] / found["b.pdf"][2:]).unlink()
    shown = guidang("failures", "b.pdf", "--export", file, "--with-originals", *home)
    assert shown.code == 4
    assert "1 originals are damaged or missing" in shown.err
    assert file.is_file()


def test_command_with_nothing_to_report_writes_nothing(guidang, place: Place, tmp_path: Path) -> None:
    with place.open() as archive:
        handmade.archive_one(archive)
    shown = guidang("failures", "--export", tmp_path / "r.zip", "--archive", place.location)
    assert (shown.code, shown.err) == (0, "no documents failed: nothing to report, nothing written\n")
    assert list(tmp_path.glob("r.zip*")) == []
