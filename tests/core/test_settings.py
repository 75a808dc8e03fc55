"""Every setting is in one object: nothing else reads it, and what is not in it is refused by name."""

from __future__ import annotations

import os
import pickle
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from console.options import DEFAULT_ARCHIVE
from core.errors import UsageError
from core.problems import InvalidInputError
from core.settings import CONFIG, OF_COMPOSE, adopt, cache_home, changed_settings, settings, use_file
from core.settings_schema import PREFIX, known_settings
from ocr.engine.factory import ENGINES
from reconcile.forms.registry import forms
from tests.support.paths import ROOT

PRODUCT = ("core", "ocr", "reconcile", "archive", "ingest", "console")
ENVIRONMENT = re.compile(r"\b(environ|getenv|envvar)\b")
# What is no setting of ours: where and why a line may name the environment all the same.
ALLOWED = {
    "core/settings.py": "the settings themselves",
    "ocr/__init__.py": "ORT_DISABLE_TELEMETRY is set for onnxruntime",
    "ocr/engine/paddle_library.py": "PADDLE_… are set for PaddleOCR",
    "ocr/office/libreoffice.py": "handed on to LibreOffice",
    "core/programs/packed_files.py": "handed on to bsdtar",
    "ingest/reading/child_process.py": "TMPDIR is set for what a child loads",
    "ingest/batch/jobs.py": "handed on to the crawl",
    "ingest/diagnostics/bug_report.py": "LANG, TZ and the like are told as they are",
    "ingest/diagnostics/redaction.py": "secrets are looked for, to leave them out",
}
# Which terminal it is; and `envvar`, which only names the variable in the help.
ALLOWED_BELOW = ("console/", "cli.py")


@pytest.fixture
def file(tmp_path, monkeypatch) -> Path:
    """An empty file of settings that is in use."""
    for name in known_settings():
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "own.toml"
    path.touch()
    monkeypatch.setenv(CONFIG, str(path))
    return path


def test_nothing_else_reads_the_environment():
    sources = [ROOT / "cli.py", *(path for one in PRODUCT for path in (ROOT / one).rglob("*.py"))]
    found = {
        str(path.relative_to(ROOT))
        for path in sources
        if any(ENVIRONMENT.search(line.partition("#")[0]) for line in path.read_text("utf-8").splitlines())
    }
    assert {one for one in found if not one.startswith(ALLOWED_BELOW)} <= ALLOWED.keys()


def test_engines_to_choose_from_are_those_that_there_are():
    assert get_args(known_settings()["GUIDANG_ENGINE"].field.annotation) == tuple(ENGINES)


def test_archive_by_default_is_one_in_the_help_and_in_the_settings():
    assert known_settings()["GUIDANG_ARCHIVE"].field.default == DEFAULT_ARCHIVE


def test_every_setting_has_a_description_and_every_number_bounds():
    for one in known_settings().values():
        assert one.field.description, one.variable
        assert one.bounds or one.field.annotation not in (int, float), one.variable


def test_environment_goes_before_the_file_and_the_file_before_the_default(file, monkeypatch):
    file.write_text('page_seconds = 20\nwait = 5\nwho = "李"\n[max]\npages = 7\nfile_bytes = "2M"\n')
    monkeypatch.setenv("GUIDANG_WAIT", "6")
    held = settings()
    assert (held.page_seconds, held.wait, held.who, held.memory_mb) == (20.0, 6.0, "李", 4096)
    assert held.max.changed() == {"pages": 7, "file_bytes": 2 << 20}
    assert {(one.variable, one.value, one.origin) for one in changed_settings()} >= {
        ("GUIDANG_WAIT", "6", "environment"),
        ("GUIDANG_MAX_PAGES", "7", str(file)),
    }


def test_variable_that_is_empty_is_not_set(file, monkeypatch):
    monkeypatch.setenv("GUIDANG_WAIT", "")
    monkeypatch.setenv("GUIDANG_NO_SUCH", "")
    assert settings().wait == 60


def test_text_that_is_empty_in_the_file_is_not_set(file):
    file.write_text('archive = ""\nforms = ""\nwho = ""\n')
    held = settings()
    assert (held.archive, held.forms, held.who) == ("guidang-archive", None, None)


@pytest.mark.parametrize("name", ["guidang_max_pages", "guidang_no_such", "Guidang_wait", "guidang_who"])
def test_variable_in_small_letters_is_none_of_ours(file, monkeypatch, name):
    monkeypatch.setenv(name, "7")
    held = settings()
    assert (held.max.pages, held.wait, held.who) == (2000, 60, None)


def test_variable_in_mixed_letters_is_refused_by_name(file, monkeypatch):
    monkeypatch.setenv("GUIDANG_max_pages", "7")
    with pytest.raises(UsageError, match=r"^GUIDANG_max_pages: there is no such setting"):
        settings()


def test_relative_paths_in_the_file_go_from_its_folder(file, monkeypatch):
    file.write_text('archive = "mine"\nforms = "f"\nmodels = "../m"\ncache = "/c"\nwho = "me"\n')
    held, folder = settings(), file.parent
    assert (held.archive, held.forms) == (f"{folder}/mine", f"{folder}/f")
    assert (held.models, held.cache, held.who) == (f"{folder}/../m", "/c", "me")
    monkeypatch.setenv("GUIDANG_FORMS", "f")
    assert settings().forms == "f"


@pytest.mark.parametrize(
    ("text", "archive"),
    [("postgresql://db/reports", "postgresql://db/reports"), ("~/reports", "/home/li/reports")],
)
def test_address_and_home_in_the_file_are_not_taken_from_its_folder(file, monkeypatch, text, archive):
    monkeypatch.setenv("HOME", "/home/li")
    file.write_text(f'archive = "{text}"\n')
    assert settings().archive == archive


def test_folder_that_is_not_there_is_told_with_where_it_was_named(file, monkeypatch):
    file.write_text('forms = "none"\n')
    with pytest.raises(UsageError, match=rf"^{re.escape(str(file))}: forms: there is no folder .*/none$"):
        forms()
    monkeypatch.setenv("GUIDANG_FORMS", "none")
    with pytest.raises(UsageError, match=r"^GUIDANG_FORMS: there is no folder none$"):
        forms()


@pytest.mark.parametrize("text", ["1_000", "+5", "5.0", "0", "5e2", "1" * 20, "5 k", "true"])
def test_size_is_written_in_one_way(file, monkeypatch, text):
    monkeypatch.setenv("GUIDANG_MAX_PAGES", text)
    with pytest.raises(UsageError, match=r"^GUIDANG_MAX_PAGES: .* is no whole number from 1, such as"):
        settings()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("review_below = 8", "review_below: 8 is no number from 0 to 1"),
        ("memory_mb = true", "memory_mb: True is no whole number of MB from 1024"),
        ('engine = "tesseract"', "engine: 'tesseract' is no choice of paddle or paddleocr or null"),
        ("who = 3", "who: 3 is no text"),
        ("pagesecond = 3", "pagesecond: there is no such setting; did you mean page_seconds?"),
        ("max_pages = 3", "max_pages: there is no such setting; did you mean max.pages?"),
        ("[max]\nsheets = 3", "max.sheets: there is no such setting"),
        ("max = 3", "max: there is no such setting"),
        ("[max]\npages = 0", "max.pages: 0 is no whole number from 1, such as"),
        ("_env_file = 'x'", "_env_file: there is no such setting"),
        ("= 3", "Invalid statement (at line 1, column 1)"),
    ],
)
def test_mistake_in_the_file_is_told_with_file_and_key(file, text, says):
    file.write_text(text)
    with pytest.raises(UsageError) as caught:
        settings()
    assert str(caught.value).startswith(f"{file}: {says}")


def test_every_mistake_is_told_at_once(file, monkeypatch):
    file.write_text("wait = -1\nreview_below = 2")
    monkeypatch.setenv("GUIDANG_MEMORY_MB", "12")
    with pytest.raises(InvalidInputError) as caught:
        settings()
    assert len(caught.value.problems) == 3
    monkeypatch.setenv("GUIDANG_ENGIN", "null")
    with pytest.raises(UsageError, match=r"^GUIDANG_ENGIN: there is no such .* mean GUIDANG_ENGINE\?"):
        settings()


def test_file_that_is_not_there_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv(CONFIG, str(tmp_path / "none.toml"))
    with pytest.raises(UsageError, match=r"cannot read .*none\.toml"):
        settings()


def test_one_cache_folder(file, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_home() == tmp_path / "guidang"
    monkeypatch.setenv("GUIDANG_CACHE", str(tmp_path / "own"))
    assert cache_home() == tmp_path / "own"


def test_option_names_the_file_for_this_process_and_those_that_it_starts(guidang, tmp_path, monkeypatch):
    monkeypatch.setenv(CONFIG, "")  # so that it is taken back
    (tmp_path / "own.toml").write_text(f'archive = "{tmp_path}/here"\n')
    assert guidang("--config", tmp_path / "own.toml", "init").code == 0
    assert (tmp_path / "here" / "guidang.db").is_file()
    (tmp_path / "own.toml").write_text("archiv = 3\n")
    monkeypatch.setenv("GUIDANG_NEW", "")  # another environment: the file is read again
    use_file(tmp_path / "own2.toml")
    (tmp_path / "own2.toml").write_text("archiv = 3\n")
    shown = guidang("status")
    assert (shown.code, shown.err.splitlines()[0]) == (
        2,
        f"guidang: {tmp_path}/own2.toml: archiv: there is no such setting; did you mean archive?",
    )


def python(script: str, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own, in a folder."""
    path = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", script, *words]
    return subprocess.run(command, cwd=folder, env=path, capture_output=True, text=True, check=False)


def test_file_in_the_working_directory_is_found(tmp_path):
    (tmp_path / "guidang.toml").write_text('archive = "mine"\n')
    done = python("import sys, cli; sys.exit(cli.main())", tmp_path, "init")
    assert (done.returncode, (tmp_path / "mine").is_dir()) == (0, True), done.stderr


def test_child_goes_by_what_its_parent_was_given(file, monkeypatch):
    file.write_text("wait = 5")
    given = pickle.loads(pickle.dumps(settings()))
    monkeypatch.setattr("core.settings._adopted", None)  # so that it is taken back
    adopt(given)
    monkeypatch.setenv("GUIDANG_WAIT", "9")
    assert settings().wait == 5


def test_help_loads_no_settings(tmp_path):
    ends = "sys.exit(', '.join({'pydantic', 'core.settings'} & {*sys.modules}) or 0)"
    done = python(f"import sys, cli; cli.main(['--help']); {ends}", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "--config" in done.stdout


def test_what_compose_is_told_is_no_mistake():
    text = (ROOT / "deploy/compose.env.example").read_text(encoding="utf-8")
    named = {one for one in re.findall(r"^#?\s*([A-Z_]+)=", text, re.MULTILINE) if one.startswith(PREFIX)}
    assert named <= OF_COMPOSE | known_settings().keys()
    assert named >= OF_COMPOSE
