"""One catalogue: nothing that is shown lacks its Chinese, and nothing stands in it for nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import core.language
import web
from archive.records import PEOPLES_FLAGS
from core.language.translations import preferred, translation
from reconcile.model import DOCUMENT_FLAGS, Flag

_CALL = re.compile(r"""\b_\(\s*(["'])(.*?)\1\s*\)""")
# Said where a template or a chart is given a word to show: kinds of verdicts, troubles.
GIVEN = {
    "accept", "correct", "anomaly", "note", "undo", "nothing to take back in this session",
    "too many attempts: wait five minutes", "name or password is wrong",
    "values are settled by reviewers",
    # Words of crawls and charts.
    "open", "complete", "cut", "skipped", "critical", "warning", "info",
    "new", "replaced", "vanished", "unlinked", "duplicate", "same", "unmodified", "page", "other", "gone",
    "login", "refused", "error", "flagged", "corrected", "unread", "all others",
    # Kinds of findings that are no flags.
    "extra_row", "extra_column", "absent", "borders_differ", "second_print", "narrative", "left_out",
    "proposal",
} | {*Flag} | {*PEOPLES_FLAGS} | {*DOCUMENT_FLAGS}  # fmt: skip


def _shown() -> set[str]:
    templates = Path(web.__file__).parent.joinpath("templates").glob("*.html")
    return {text for one in templates for _, text in _CALL.findall(one.read_text("utf-8"))} | GIVEN


def test_every_word_that_is_shown_is_in_the_catalogue_and_translated() -> None:
    path = Path(core.language.__file__).parent / "zh.po"
    with path.open("rb") as file:
        known = {str(one.id): str(one.string) for one in read_po(file) if one.id}
    assert set(known) == _shown()
    assert [text for text, chinese in known.items() if not re.search("[\u4e00-\u9fff]", chinese)] == []


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-GB,en;q=0.9", "en"), ("zh-Hans-CN", "zh"),
        ("de,en;q=0.5", "en"), ("de", "en"), ("", "zh"), ("*", "en"),
        ("en;q=x,zh;q=0.1", "zh"), ("zh;q=0", "zh"),
    ],
)  # fmt: skip
def test_the_language_is_the_one_most_wanted(accepted: str, language: str) -> None:
    assert preferred(accepted) == language


def test_what_has_no_word_stays_as_it_is() -> None:
    assert translation("zh")("nothing says this") == "nothing says this"
    assert translation("en")("Library") == "Library"
