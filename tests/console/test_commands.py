"""What holds of every command: help with an example, a test of its own, one exit code a kind of trouble."""

from __future__ import annotations

from pathlib import Path

import pytest

import cli
from archive.archive import Archive

GROUPS = ("forms", "review", "organs", "reports")
COMMANDS = [name for name in cli.COMMANDS if name not in GROUPS]


@pytest.mark.parametrize(
    "command",
    [
        *COMMANDS,
        "crawl ack",
        "forms list",
        "forms check",
        "forms draft",
        "reports list",
        "reports set",
        "reports split",
    ],
)
def test_help_of_every_command_shows_an_example_that_parses(guidang, command):
    words = command.split()
    shown = guidang(*words, "--help")
    assert shown.code == 0
    example = shown.out.split("Example:\n")[1].splitlines()[0].split()
    example = [word for word in example if not word.startswith("GUIDANG_")]
    assert example[: 1 + len(words)] == ["guidang", *words]
    named = [word for word in example if word.startswith("--")]
    assert all(f"{option} " in shown.out.split("Options:")[1] for option in named)


@pytest.mark.parametrize(
    "command", [*COMMANDS, "forms check", "review", "review list", "organs link", "reports set"]
)
def test_help_is_shown_whatever_is_set(guidang, monkeypatch, command):
    monkeypatch.setenv("GUIDANG_X", "1")
    shown = guidang(*command.split(), "--help")
    assert (shown.code, shown.err) == (0, "")
    assert "Example:" in shown.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["forms", "check", __file__],
        ["forms", "list"],
        ["review"],
        ["review", "list"],
        ["organs", "list"],
        ["reports", "list"],
        ["export", "facts"],
        ["init"],
        ["status"],
    ],
)
def test_setting_that_there_is_not_ends_every_command_with_2(guidang, home, monkeypatch, arguments):
    monkeypatch.setenv("GUIDANG_X", "1")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    shown = guidang(*arguments)
    assert (shown.code, shown.out) == (2, "")
    assert shown.err.startswith("guidang: GUIDANG_X: there is no such setting")


def test_every_command_has_a_test_of_its_own_in_the_file_that_mirrors_its_own():
    tests = Path(__file__).parent / "commands"
    for command in COMMANDS:
        file = tests / f"test_{cli.COMMANDS[command].partition(':')[0]}.py"
        assert f'guidang("{command}"' in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "arguments",
    [
        ["search", "\udcff"],
        ["facts", "--organ", "\udcff"],
        ["facts", "--row", "\udcff"],
        ["show", "\udcff"],
        ["retry", "\udcff"],
        ["review", "list", "--document", "\udcff"],
        ["organs", "link", "\udcff", "x\udcff"],
        ["export", "bag", "\udcff", "--output", "bag"],
    ],
)
def test_odd_byte_of_a_shell_ends_in_one_line(guidang, home, arguments):
    shown = guidang(*arguments)
    assert (shown.code, shown.out) == (2, "")
    assert len(shown.err.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["search"],
        ["search", "*"],
        ["search", "复议", "--flag", "no_such_flag"],
        ["search", "复议", "--format", "xml"],
        ["search", "复议", "--limit", "0"],
        ["facts", "--where", "value;1"],
        ["facts", "--year", "x"],
        ["facts", "--state", "unsure"],
        ["facts", "--flag", "unsure"],
        ["facts", "--by", "colour"],
        ["facts", "--over", "organ"],
        ["facts", "--change"],
        ["facts", "--by", "organ", "--where", "change>1"],
        ["facts", "--where", "sum>1"],
        ["facts", "--plot", "out.gif"],
        ["facts", "--plot", "out.png", "--format", "csv"],
        ["facts", "--output", "out.txt"],
        ["export", "facts", "--format", "xlsx"],
        ["show", "nothing.pdf"],
        ["show", "a.pdf", "--page", "9"],
        ["ingest", "no/such/file.pdf"],
        ["export", "everything"],
        ["export", "text", "--output", "/no/such/folder/x"],
        ["init", "--archive", "mysql://host/db"],
        ["across", "--relation", "R9"],
        ["coverage", "no/such/list.toml"],
        ["organs", "link", "甲局"],
        ["organs", "unlink", "甲局"],
        ["crawl", "ack"],
        ["crawl", "ack", "甲县"],
        ["crawl", "ack", "甲县", "--until", "2020-01-01"],
        ["crawl", "ack", "甲县", "--until", "never"],
        ["crawl", "ack", "甲县", "--until", "2999-01-01"],
        ["crawl", "ack", "甲县", "--withdraw"],
        ["nonsense"],
    ],
)
def test_senseless_command_ends_with_2_and_no_data(guidang, home, arguments):
    shown = guidang(*arguments)
    assert (shown.code, shown.out) == (2, "")
    assert shown.err
    assert "Traceback" not in shown.err


@pytest.mark.parametrize(
    "command",
    [
        ["status"],
        ["search", "复议"],
        ["retry"],
        ["verify"],
        ["upgrade"],
        ["across"],
        ["coverage"],
        ["organs", "list"],
        ["reports", "list"],
    ],
)
def test_missing_archive_ends_with_5(guidang, tmp_path, command):
    shown = guidang(*command, "--archive", tmp_path / "none")
    assert shown.code == 5
    assert len(shown.err.splitlines()) == 1


def test_locked_archive_ends_with_5_and_can_still_be_searched(guidang, home, scan, batch):
    with Archive.open(home, write=True):
        assert guidang("ingest", scan).code == 5
        assert guidang("retry").code == 5
        assert guidang("search", "复议").code == 0
