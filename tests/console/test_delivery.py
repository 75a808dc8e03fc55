"""Records on their way out: to stdout, into files of any format, counted as they pass."""

from __future__ import annotations

import subprocess
import sys

import pytest

from archive.archive import Archive
from tests.support import handmade


@pytest.mark.parametrize("form", ["parquet", "xlsx"])
@pytest.mark.parametrize(
    "command",
    [
        ["facts"],
        ["facts", "--by", "organ"],
        *(["export", kind] for kind in ("tables", "text", "corrections")),
    ],
)
def test_binary_formats_go_to_a_file_whose_ending_may_name_them(guidang, home, tmp_path, command, form):
    guidang("review", "accept", "a.pdf", "requests/new/total")
    target = tmp_path / f"out.{form}"
    shown = guidang(*command, "--output", target)
    assert (shown.code, shown.out, shown.err) == (0, "", "")
    assert target.read_bytes()[:2] in (b"PK", b"PA")
    shown = guidang(*command, "--format", form)
    assert (shown.code, shown.out, shown.err) == (2, "", f"guidang: --format {form} needs --output FILE\n")


@pytest.mark.parametrize(
    ("command", "counted"),
    [
        (["facts", "--by", "year", "--output", "f.csv"], f"{len(handmade.VALUES)}/{len(handmade.VALUES)}"),
        (["export", "facts", "--output", "f.csv"], f"{len(handmade.VALUES)}/{len(handmade.VALUES)}"),
        (["export", "tables"], "2/2"),
        (["export", "text"], "3/3"),
    ],
)
def test_long_output_is_counted_on_a_terminal_only(guidang, home, tmp_path, monkeypatch, command, counted):
    monkeypatch.chdir(tmp_path)
    quiet = guidang(*command)
    assert quiet.err == ""
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich then takes stderr for a terminal
    shown = guidang(*command)
    assert counted in shown.err
    assert shown.out == quiet.out


def test_reader_that_has_seen_enough_ends_the_output_quietly(home):
    with Archive.open(home, write=True) as archive:
        for number in range(300):
            handmade.archive_one(archive, f"{number}.pdf")
    script = "import sys, cli; sys.exit(cli.main(['export', 'text']))"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"[\n"
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0
