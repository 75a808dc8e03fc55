"""What the doctor looks at: the installation, the machine, the place of the archive."""

from __future__ import annotations

import os
import time
from collections import namedtuple
from importlib.metadata import PackageNotFoundError

import pytest

from archive.db.server_clock import server_ahead
from ingest.diagnostics import doctor, machine
from ingest.diagnostics.machine import DoubtfulError
from ocr.engine import weights

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
nas:/scans {0} nfs4 rw 0 0
tmpfs {0}/fast tmpfs rw 0 0
"""


def found(archive) -> dict[str, doctor.Diagnosis]:
    return {one.name: one for one in doctor.diagnose(str(archive))}


@pytest.fixture
def quick(monkeypatch):
    """No model is loaded: that is tested by `guidang doctor` itself."""
    monkeypatch.setattr(doctor, "_reading", lambda: "2021 read")
    monkeypatch.setattr(doctor, "_weights", lambda: "weights")


def test_nothing_is_bad_here_and_every_part_says_what_was_found(quick, tmp_path):
    told = found(tmp_path / "none" / "yet")
    assert [one for one in told.values() if one.verdict == "bad"] == []
    assert all(one.found for one in told.values())
    assert {"procrastinate", "scrapy", "OCR weights", "Chinese font", "SQLite", "clock"} <= set(told)
    assert {"memory", "cores", "open files", "disk of the archive", "file system of it"} <= set(told)
    assert "to be made in" in told["folder of the archive"].found


def test_an_archive_on_a_server_is_asked_for_its_time(quick, place):
    told = found(place.location)
    if place.kind == "sqlite":
        assert "clock of the server" not in told
        assert server_ahead(place.location) is None
    else:
        assert told["clock of the server"].verdict == "ok"
        assert abs(server_ahead(place.location)) < 1


def test_a_server_whose_clock_goes_wrong_is_told(monkeypatch):
    def ahead(_):
        return 90.0

    monkeypatch.setattr("archive.db.server_clock.server_ahead", ahead)
    with pytest.raises(DoubtfulError, match=r"\+90\.0 s"):
        machine.server_clock("postgresql://localhost/x")


def test_a_package_that_is_missing_is_bad_and_an_optional_one_is_not(quick, tmp_path, monkeypatch):
    def version(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(doctor, "version", version)
    told = found(tmp_path)
    assert (told["lxml"].verdict, told["lxml"].remedy) == ("bad", "run `make install`")
    assert told["procrastinate"].verdict == "ok"


def test_weights_that_changed_on_the_disk_are_bad(tmp_path, monkeypatch):
    file = tmp_path / "recognition" / "inference.onnx"
    file.parent.mkdir()
    file.write_bytes(b"rotten")
    monkeypatch.setattr(weights, "installed_weights", lambda: [weights._hashed("recogniser", file)])
    told = doctor._checked("OCR weights", doctor._weights, "delete it")
    assert (told.verdict, told.remedy) == ("bad", "delete it")
    assert str(file) in told.found
    monkeypatch.setenv("GUIDANG_MODELS", str(tmp_path))
    assert doctor._checked("OCR weights", doctor._weights, "").verdict == "warn"


def test_installed_weights_are_those_that_accuracy_was_measured_with():
    assert [one.name for one in weights.installed_weights()] == list(weights.MEASURED)
    assert all(one.is_measured for one in weights.installed_weights())


@pytest.mark.parametrize(
    ("below", "kind"), [("", "nfs4"), ("fast", "tmpfs"), ("..", "ext4")], ids=["nas", "upon it", "beside"]
)
def test_the_file_system_is_that_of_the_innermost_mount(tmp_path, below, kind):
    share = tmp_path / "a b" / "share"
    (share / "fast").mkdir(parents=True)
    mounts = MOUNTS.format(str(share).replace(" ", "\\040"))
    assert machine.mounted(share / below, mounts)[0] == kind


def test_an_sqlite_archive_on_a_network_disk_is_doubtful(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "mounted", lambda *_: ("cifs", "/mnt/nas"))
    with pytest.raises(DoubtfulError, match="network"):
        machine.file_system(tmp_path)


@pytest.mark.parametrize(
    ("free", "inodes", "error"),
    [
        (1 << 40, 10**6, None),
        (1 << 40, 5, DoubtfulError),
        (1 << 30, 10**6, DoubtfulError),
        (1000, 10**6, OSError),
    ],
)
def test_a_disk_is_judged_by_bytes_and_by_inodes(tmp_path, monkeypatch, free, inodes, error):
    usage = namedtuple("usage", "free")
    stat = namedtuple("stat", "f_files f_favail")
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: usage(free))
    monkeypatch.setattr(machine.os, "statvfs", lambda _: stat(10**7, inodes))
    if error is None:
        assert "1024.0 GiB free" in machine.disk(tmp_path)
    else:
        with pytest.raises(error):
            machine.disk(tmp_path)


def test_a_folder_that_cannot_be_written_is_bad_and_one_for_everybody_doubtful(tmp_path, monkeypatch):
    tmp_path.chmod(0o777)
    with pytest.raises(DoubtfulError, match="everybody"):
        machine.folder(tmp_path)
    tmp_path.chmod(0o700)
    assert "mode 700" in machine.folder(tmp_path)
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write anywhere
    with pytest.raises(PermissionError):
        machine.folder(tmp_path)


def test_memory_is_the_least_of_machine_group_and_process(tmp_path, monkeypatch):
    limit = tmp_path / "memory.max"
    limit.write_text("max\n")
    monkeypatch.setattr(machine, "_GROUP_LIMITS", (limit, tmp_path / "none"))
    assert machine.memory_limit()[1] == "the machine"
    limit.write_text(f"{100 << 20}\n")
    assert machine.memory_limit() == (100 << 20, "control group")
    with pytest.raises(DoubtfulError, match="control group"):
        machine.memory()
    monkeypatch.setattr(machine.resource, "getrlimit", lambda _: (50 << 20, 50 << 20))
    assert machine.memory_limit() == (50 << 20, "ulimit -v")


def test_fewer_cores_than_workers_and_few_files_are_doubtful(monkeypatch):
    monkeypatch.setattr(machine.os, "cpu_count", lambda: 64)
    with pytest.raises(DoubtfulError, match="64 cores, so 64 workers"):
        machine.cores()
    monkeypatch.setattr(machine.resource, "getrlimit", lambda _: (64, 64))
    with pytest.raises(DoubtfulError):
        machine.open_files()


def test_a_clock_that_jumps_or_stands_in_the_past_is_told(monkeypatch):
    jumping = iter((100.0, 160.0))
    monkeypatch.setattr(machine.time, "time", lambda: next(jumping))
    with pytest.raises(DoubtfulError, match="set by"):
        machine.clock()
    monkeypatch.setattr(machine, "THIS_YEAR", 9999)
    monkeypatch.setattr(machine.time, "time", time.monotonic)
    with pytest.raises(ValueError, match="older"):
        machine.clock()


@pytest.mark.parametrize(("version", "alone"), [((3, 40, 1), True), ((3, 51, 3), False)])
def test_sqlite_says_whether_one_process_may_write_at_a_time(monkeypatch, version, alone):
    monkeypatch.setattr(doctor.sqlite3, "sqlite_version_info", version)
    assert ("one process writes at a time" in doctor._sqlite()) == alone
