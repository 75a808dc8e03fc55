"""A bag holds all that was kept and read, bagit.py finds it valid, and any change in it is found."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from lxml import etree

from archive.archive import Archive
from archive.documents.provenance import ProvenanceFilter
from archive.export.columns.fact_columns import FACTS
from archive.export.csv_json import write_csv
from core.errors import ArchiveDamaged, UsageError
from reconcile.model import Flag, State
from tests.support import handmade
from tests.support.alto import RULES, as_told, read_back
from tests.support.paths import SAMPLES
from tests.support.places import rows

EVERYTHING = ProvenanceFilter()


class Listener:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.total, self.told = 0, []

    def started(self, documents):
        self.total = documents

    def finished(self, document, source, outcome, detail):
        self.told.append((document, source, outcome, detail))


@pytest.fixture(scope="module")
def handed(module_place, tmp_path_factory):
    """An archive with a read, a failed and a pending document, and the bag of all of it."""
    folder = tmp_path_factory.mktemp("handed") / "bag"
    with module_place.open() as archive:
        pdf = (SAMPLES / "onepage.pdf").read_bytes()
        read = handmade.archive_one(archive, "scans/a.pdf", content=pdf)
        archive.documents.keep("copies/a.pdf", io.BytesIO(pdf), "application/pdf")
        handmade.archive_one(archive, "scans/a.pdf", content=pdf)
        broken = archive.documents.keep("bad.html", io.BytesIO(b"<html>"), "text/html").document
        archive.documents.fail(broken, handmade.RUN, "open", "an HTML page", "not_a_document")
        waiting = archive.documents.keep("new.tif", io.BytesIO(b"II*\x00"), "image/tiff").document
        judge(archive)
        listener = Listener()
        done = archive.export.write_bag(folder, EVERYTHING, listener, "清河县\n档案馆")
        yield SimpleNamespace(
            archive=archive,
            bag=folder,
            read=read,
            broken=broken,
            waiting=waiting,
            done=done,
            listener=listener,
        )


def judge(archive: Archive) -> None:
    """Two verdicts, the second of which takes back the first."""
    given = (
        "INSERT INTO verdict (id, document_id, table_key, row_key, column_key, kind, stands, state, raw,"
        " value, number, seen_run, seen_state, seen_raw, seen_value, note, who, at, undoes) VALUES"
        " ({id}, 1, 'requests', 'new', 'total', '{kind}', {stands}, 'read', '=3',"
        " '3', 3, 1, 'read', '-3', '-3', 'a, \"b\"', '张', '2026-03-04T05:06:07Z', {undoes})"
    )
    rows(archive, given.format(id=1, kind="correct", stands="false", undoes="NULL"))
    rows(archive, given.format(id=2, kind="undo", stands="true", undoes="1"))


def validate(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bagit", "--validate", "--quiet", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def table_of(handed: SimpleNamespace, document: str, name: str) -> list[dict[str, str]]:
    text = (handed.bag / "data" / "documents" / document / name).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def provenance(handed: SimpleNamespace, document: str) -> dict:
    return json.loads((handed.bag / "data" / "documents" / document / "provenance.json").read_text("utf-8"))


def test_bagit_finds_the_bag_valid(handed):
    done = validate(handed.bag)
    assert done.returncode == 0, done.stderr


def test_a_changed_byte_anywhere_in_the_payload_is_found(handed, tmp_path):
    copied = tmp_path / "bag"
    subprocess.run(["cp", "-r", str(handed.bag), str(copied)], check=True)
    for path in sorted(path for path in (copied / "data").rglob("*") if path.is_file())[::7]:
        sound = path.read_bytes()
        path.write_bytes(bytes([sound[0] ^ 1]) + sound[1:])
        assert validate(copied).returncode != 0
        path.write_bytes(sound)
    assert validate(copied).returncode == 0


def test_the_bag_says_what_it_is(handed):
    assert (
        handed.bag / "bagit.txt"
    ).read_text() == "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    lines = (handed.bag / "bag-info.txt").read_text(encoding="utf-8").splitlines()
    info = dict(one.split(": ", 1) for one in lines)
    files = [path for path in (handed.bag / "data").rglob("*") if path.is_file()]
    octets = sum(path.stat().st_size for path in files)
    assert info["Payload-Oxum"] == f"{octets}.{len(files)}"
    assert info["Source-Organization"] == "清河县 档案馆"
    assert info["Document-Count"] == "3"
    assert info["Bag-Software-Agent"].startswith("guidang/")
    assert (handed.done.documents, handed.done.files, handed.done.octets) == (3, len(files), octets)


def test_both_manifests_name_every_file_of_the_payload(handed):
    files = {path.relative_to(handed.bag).as_posix() for path in (handed.bag / "data").rglob("*.*")}
    for algorithm in ("sha256", "sha512"):
        manifest = (handed.bag / f"manifest-{algorithm}.txt").read_text(encoding="utf-8").splitlines()
        sums = {name: digest for digest, name in (one.split("  ") for one in manifest)}
        assert set(sums) == files
        for name, digest in sums.items():
            assert hashlib.new(algorithm, (handed.bag / name).read_bytes()).hexdigest() == digest


def test_originals_are_there_byte_for_byte_whatever_became_of_them(handed):
    originals = {path.name: path.read_bytes() for path in (handed.bag / "data" / "originals").iterdir()}
    assert originals == {
        f"{handed.read}.pdf": (SAMPLES / "onepage.pdf").read_bytes(),
        f"{handed.broken}.html": b"<html>",
        f"{handed.waiting}.tif": b"II*\x00",
    }


def test_the_list_names_every_document(handed):
    listed = list(csv.DictReader((handed.bag / "data" / "documents.csv").open(encoding="utf-8")))
    assert [(one["document"], one["status"], one["year"]) for one in listed] == [
        (handed.read, "archived", "2023"),
        (handed.broken, "failed", ""),
        (handed.waiting, "pending", ""),
    ]
    assert all((handed.bag / "data" / one["original"]).is_file() for one in listed)


def test_every_page_is_there_as_sound_alto_with_its_lines(handed):
    folder = handed.bag / "data" / "documents" / handed.read / "alto"
    assert sorted(path.name for path in folder.iterdir()) == [f"page-000{number}.xml" for number in (1, 2, 3)]
    for stored, path in zip(handed.archive.export.pages(handed.read), sorted(folder.iterdir()), strict=True):
        root = etree.parse(path).getroot()
        RULES.assertValid(root)
        assert read_back(root) == [as_told(line) for line in stored.page.lines]
        (name,) = root.iter("{*}fileName")
        assert (path.parent / name.text).resolve() == handed.bag / "data" / "originals" / f"{handed.read}.pdf"


def test_values_are_those_of_the_public_export(handed):
    stream = io.StringIO()
    write_csv(handed.archive.values.facts(), FACTS, stream)
    folder = handed.bag / "data" / "documents"
    assert (folder / handed.read / "values.csv").read_text(encoding="utf-8") == stream.getvalue()
    assert table_of(handed, handed.broken, "values.csv") == []


def test_findings_and_tables_are_there(handed):
    (finding,) = table_of(handed, handed.read, "findings.csv")
    assert list(finding) == ["document", "kind", "relation", "keys", "page", "message", "part"]
    assert finding["document"] == handed.read
    assert (finding["relation"], finding["keys"], finding["page"]) == ("R4", "review/cases/review.total", "3")
    tables = json.loads((handed.bag / "data" / "documents" / handed.read / "tables.json").read_text("utf-8"))
    assert [table["table"] for table in tables] == ["requests", None]
    assert tables[1]["cells"][1]["text"] == "@x"


def test_every_verdict_is_there_in_order_and_harms_no_spreadsheet(handed):
    first, second = table_of(handed, handed.read, "corrections.csv")
    assert [(one["kind"], one["stands"], one["undoes"]) for one in (first, second)] == [
        ("correct", "0", ""),
        ("undo", "1", "1"),
    ]
    assert (first["raw"], first["value"], first["note"], first["who"]) == ("'=3", "3", 'a, "b"', "张")
    assert (first["document"], first["table"], first["row"], first["column"]) == (
        handed.read,
        "requests",
        "new",
        "total",
    )
    assert first["seen_run"] == str(provenance(handed, handed.read)["runs"][0]["run"])


def test_provenance_tells_sources_runs_and_how_pages_lie(handed):
    known = provenance(handed, handed.read)
    assert [source["name"] for source in known["sources"]] == ["scans/a.pdf", "copies/a.pdf"]
    assert all(source["added"].endswith("Z") for source in known["sources"])
    assert [(run["outcome"], run["is_current"]) for run in known["runs"]] == [
        ("archived", False),
        ("archived", True),
    ]
    assert known["runs"][1]["engines"] == {"paddleocr": "3.7.0", "camelot": "2.0"}
    assert (known["runs"][1]["options"], known["runs"][1]["seconds"]) == ({"dpi": 200}, 4.0)
    first = known["pages"][0]
    assert (first["turned"], first["skew"], first["alto"]) == (90, 0.4, "alto/page-0001.xml")
    assert known["size"] == (SAMPLES / "onepage.pdf").stat().st_size


def test_what_could_not_be_read_says_why(handed):
    known = provenance(handed, handed.broken)
    assert (known["status"], known["pages"]) == ("failed", [])
    assert [(run["code"], run["reason"], run["stage"]) for run in known["runs"]] == [
        ("not_a_document", "an HTML page", "open")
    ]
    assert provenance(handed, handed.waiting)["runs"] == []


def test_a_stranger_finds_an_explanation_in_both_languages(handed):
    told = (handed.bag / "data" / "README.md").read_text(encoding="utf-8")
    assert "原件" in told
    assert "1/72 inch" in told
    assert [word for word in (*Flag, *State) if str(word) not in told] == []


def test_keys_are_explained_by_what_is_printed(handed):
    keys = list(csv.DictReader((handed.bag / "data" / "keys.csv").open(encoding="utf-8")))
    named = {(one["form"], one["table"], one["row"], one["column"]): one for one in keys}
    assert named["2021", "requests", "new", "total"]["row_label"] == "一、本年新收政府信息公开申请数量"
    assert named["2021", "requests", "new", "total"]["column_label"] == "总计"
    values = table_of(handed, handed.read, "values.csv")
    known = [one for one in values if one["row"] != "granted"]
    assert all((one["form"], one["table"], one["row"], one["column"]) in named for one in known)


def test_the_listener_is_told_of_every_document(handed):
    assert handed.listener.total == 3
    assert [(one[1], one[3]) for one in handed.listener.told] == [
        ("scans/a.pdf", "archived"),
        ("bad.html", "failed"),
        ("new.tif", "pending"),
    ]


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (ProvenanceFilter(documents=["bad.html", "a.pdf"]), ["scans/a.pdf", "bad.html"]),
        (ProvenanceFilter(year=2023), ["scans/a.pdf"]),
        (ProvenanceFilter(organ="水务"), ["scans/a.pdf"]),
    ],
)
def test_only_the_wanted_documents_are_handed_over(wanted, names, handed, tmp_path):
    listener = Listener()
    handed.archive.export.write_bag(tmp_path / "b", wanted, listener)
    assert [one[1] for one in listener.told] == names
    assert validate(tmp_path / "b").returncode == 0


def test_wishes_that_nothing_meets_make_no_bag(handed, tmp_path):
    for wanted in (ProvenanceFilter(year=1999), ProvenanceFilter(documents=["nowhere.pdf"])):
        with pytest.raises(UsageError):
            handed.archive.export.write_bag(tmp_path / "b", wanted, Listener())
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_is_filled_and_a_full_one_is_left_alone(handed, tmp_path):
    (tmp_path / "empty").mkdir()
    handed.archive.export.write_bag(tmp_path / "empty", EVERYTHING, Listener())
    assert validate(tmp_path / "empty").returncode == 0
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        handed.archive.export.write_bag(tmp_path / "full", EVERYTHING, Listener())
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_a_damaged_original_is_named_and_no_bag_is_left_behind(damage, place, tmp_path):
    with place.open() as archive:
        document = handmade.archive_one(archive, content=b"%PDF-1.7 " + b"x" * 100)
        path = archive.documents.path(document)
        path.chmod(0o600)
        if damage == "gone":
            path.unlink()
        else:
            path.write_bytes(b"%PDF-1.7 " + b"x" * 99 + b"y")
        with pytest.raises(ArchiveDamaged, match=document):
            archive.export.write_bag(tmp_path / "bag", EVERYTHING, Listener())
    assert [found.name for found in tmp_path.iterdir() if "bag" in found.name] == []


def test_a_folder_that_cannot_be_written_is_a_wrong_use(handed, tmp_path):
    with pytest.raises(UsageError, match="cannot write"):
        handed.archive.export.write_bag(tmp_path / "no" / "such" / "bag", EVERYTHING, Listener())


def test_texts_of_any_kind_survive_in_csv(place, tmp_path):
    odd = [
        handmade.value("new", "total", "=1+1\n,\"'", State.UNREAD),
        handmade.value("new", "natural_person", "-", State.DASH),
    ]
    with place.open() as archive:
        document = handmade.archive_one(archive, reading=replace(handmade.report(), values=tuple(odd)))
        archive.export.write_bag(tmp_path / "bag", EVERYTHING, Listener())
    text = (tmp_path / "bag" / "data" / "documents" / document / "values.csv").read_text(encoding="utf-8")
    assert [one["raw"] for one in csv.DictReader(io.StringIO(text))] == ["'=1+1\n,\"'", "-"]
