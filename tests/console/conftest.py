"""A small archive made by hand, and stand-ins for what takes long."""

from __future__ import annotations

import io
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest

from archive.archive import Archive
from tests.support import handmade

PDF = "application/pdf"


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = tmp_path / "archive"
    with Archive.open(folder, create=True) as archive:
        handmade.archive_one(archive)
        bad = archive.documents.keep("scans/bad.pdf", io.BytesIO(b"<html>"), "text/html")
        archive.documents.fail(bad.document, handmade.RUN, "open", "HTML, \x1b[31mnot a PDF", "not_pdf")
    monkeypatch.setenv("GUIDANG_ARCHIVE", str(folder))
    return folder


@pytest.fixture
def batch(monkeypatch):
    """Ingestion that keeps files and reads nothing, in the place of the real one."""
    calls = SimpleNamespace(failed=0, paths=None, raises=None)

    def ingest_paths(paths, archive, *, report, children=None, **how):
        if calls.raises:
            raise calls.raises
        calls.paths = paths
        kept = [archive.documents.keep(str(path), path.open("rb"), PDF) for path in paths]
        report.started(len(kept))
        for one, path in zip(kept, paths, strict=True):
            report.page(2)
            report.finished(one.document, str(path), "failed" if calls.failed else "archived", "2 pages")
        return SimpleNamespace(
            taken=frozenset(),
            found=len(kept),
            new=len(kept),
            duplicate=0,
            unkept=(),
            passed_over=0,
            archived=len(kept) - calls.failed,
            failed=calls.failed,
            quarantined=0,
            stopped=False,
            pending=0,
            pages=2,
            flagged=0,
            seconds=1.0,
        )

    def diagnose(archive):
        verdict = "bad" if calls.failed else "ok"
        return [SimpleNamespace(name="weights", verdict=verdict, found="d", remedy="fetch them")]

    stand_ins = {
        "ingest.batch.batch.ingest_paths": ingest_paths,
        "ingest.reading.dispatch.early_child": lambda *_: nullcontext(),
        "ingest.monitoring.batch_monitor.watching": lambda *_: nullcontext(),
        "ingest.rendering.page_pictures.draw_page": lambda archive, document, page: Path(
            f"/tmp/{document[:4]}-{page}.png"
        ),
        "ingest.rendering.page_pictures.save_stages": lambda archive, document, page, folder: [
            folder / f"01-page{page}.png"
        ],
        "ingest.diagnostics.doctor.diagnose": diagnose,
    }
    for name, stand_in in stand_ins.items():
        monkeypatch.setattr(name, stand_in)
    return calls


@pytest.fixture
def scan(tmp_path):
    path = tmp_path / "报告.pdf"
    path.write_bytes(b"%PDF")
    return path
