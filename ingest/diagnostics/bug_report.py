"""Documents that failed, in one zip for a bug report: what was tried, on which machine, and the originals."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from archive.archive import Archive
from archive.documents.provenance import DocumentProvenance, RunHistoryEntry
from archive.export.bag.bag import original_name
from core.errors import ArchiveDamaged, ArchiveUnavailable
from core.listeners import Told, no_listener
from core.settings import changed_settings
from core.streams import whole_file
from ingest.diagnostics.doctor import NOT_TOLD, diagnose
from ingest.diagnostics.redaction import without_secrets

_PAGE = re.compile(r"page (\d+)")
# Beside the settings that were changed; the archive is named without its password, people not at all.
_ENVIRONMENT = ("XDG_CACHE_HOME", "TMPDIR", "LANG", "LC_ALL", "TZ", "OMP_NUM_THREADS")
_README = """Documents that guidang {version} could not read; made {made}.

failures.json  {documents} documents, failed or quarantined: sha256, media type, size, where they came
               from, and every attempt with its time, outcome, stage, page, code, reason, seconds,
               engines and options.
doctor.json    versions, machine, settings, and what `guidang doctor` says of them.
{originals}

Paths of files, addresses of web pages and folders of the machine are named as they are: look into
both files before you pass this on. Passwords, keys and logins in addresses are left out where they
could be told as such. What was read from other documents, and the rest of the archive, is not here.
"""
_WITH = (
    "originals/     the documents themselves, each named by its sha256; failures.json says which are missing."
)
_WITHOUT = "               The documents themselves are NOT here (--with-originals adds them)."


@dataclass(frozen=True, slots=True)
class BugReportSummary:
    """What a report holds; `lacking` originals were asked for and are damaged or missing."""

    documents: int
    originals: int
    lacking: int
    octets: int


def write_report(
    archive: Archive,
    documents: Sequence[str],
    output: Path,
    originals: bool = False,
    told: Told = no_listener,
) -> BugReportSummary:
    """Write all that is known of documents, given by sha256, into a zip; the whole zip or nothing.

    An original that is damaged or missing is left out, and named as such in it.

    Raises:
        UsageError: the file cannot be written.
    """
    lacking: dict[str, str] = {}
    with whole_file(output) as stream, ZipFile(stream, "w", ZIP_DEFLATED) as report:
        _put(report, "README.txt", _readme(len(documents), originals))
        _put(report, "doctor.json", _as_json(_doctor(archive)))
        for number, digest in enumerate(documents if originals else (), start=1):
            if why := _put_original(report, archive, archive.export.provenance(digest)):
                lacking[digest] = why
            told("originals", number, len(documents))
        _put_failures(report, archive, documents, originals, lacking)
    held = len(documents) - len(lacking) if originals else 0
    return BugReportSummary(len(documents), held, len(lacking), output.stat().st_size)


def _put(report: ZipFile, name: str, text: str) -> None:
    with _member(report, name) as member:
        member.write(text.encode())


def _put_original(report: ZipFile, archive: Archive, known: DocumentProvenance) -> str:
    """Add an original whose bytes are what its name says; else tell why there is none."""
    try:
        stream = archive.documents.original(known.document).open("rb")
    except (ArchiveDamaged, ArchiveUnavailable, OSError) as error:
        return str(error)
    with stream, _member(report, original_name(known)) as member:
        shutil.copyfileobj(stream, member)
    return ""


def _put_failures(
    report: ZipFile, archive: Archive, documents: Sequence[str], originals: bool, lacking: Mapping[str, str]
) -> None:
    """Write the documents as an array, one after the other."""
    with _member(report, "failures.json") as member, TextIOWrapper(member, encoding="utf-8") as text:
        separator = "[\n"
        for digest in documents:
            known = archive.export.provenance(digest)
            held = originals and digest not in lacking
            told = {
                **asdict(known),
                "runs": [_attempt(run) for run in known.runs],
                "original": original_name(known) if held else None,
                "no_original_because": "" if held else lacking.get(digest, "it was not asked for"),
            }
            text.write(separator + _as_json(told).rstrip())
            separator = ",\n"
        text.write("\n]\n")


def _member(report: ZipFile, name: str) -> BinaryIO:
    """A new file in the zip, to be written to; it may be of any size."""
    member = ZipInfo(name, datetime.now().timetuple()[:6])
    member.compress_type = ZIP_DEFLATED
    member.external_attr = 0o644 << 16
    return cast(BinaryIO, report.open(member, "w", force_zip64=True))


def _attempt(run: RunHistoryEntry) -> dict[str, Any]:
    page = _PAGE.fullmatch(run.stage)
    return {**asdict(run), "page": int(page[1]) if page else None}


def _doctor(archive: Archive) -> dict[str, Any]:
    return {
        "version": version("guidang"),
        "system": f"{platform.platform()}, {os.cpu_count()} cores",
        "archive": str(archive.location),
        "documents": dict(archive.status.counts().documents),
        "settings": dict(_settings()),
        "checks": [asdict(one) for one in diagnose(archive.location)],
    }


def _settings() -> Iterator[tuple[str, str]]:
    yield from ((one.variable, one.value) for one in changed_settings() if one.variable not in NOT_TOLD)
    yield from ((name, os.environ[name]) for name in _ENVIRONMENT if name in os.environ)


def _readme(documents: int, originals: bool) -> str:
    return _README.format(
        version=version("guidang"),
        made=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        documents=documents,
        originals=_WITH if originals else _WITHOUT,
    )


def _as_json(told: Any) -> str:
    return json.dumps(without_secrets(told), ensure_ascii=False, indent=1) + "\n"
