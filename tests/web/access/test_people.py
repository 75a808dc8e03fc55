"""The file of people."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import UsageError
from web.access.people import Role, hashed, read_people


def test_people_come_in_by_their_password(tmp_path: Path) -> None:
    file = tmp_path / "people.toml"
    file.write_text(f'["李"]\npassword = "{hashed("开门")}"\nrole = "reviewer"\n', "utf-8")
    people = read_people(file)
    person = people.let_in("李", "开门")
    assert person
    assert (person.name, person.role) == ("李", Role.REVIEWER)
    assert people.let_in("李", "关门") is None
    assert people.let_in("王", "开门") is None


@pytest.mark.parametrize(
    "told", ["", "[a", "[a]\nrole = 'reader'", "[a]\npassword = 'x'\nrole = 'owner'", "a = 1", "\xff"]
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, told: str) -> None:
    file = tmp_path / "people.toml"
    file.write_text(told, "latin-1")
    with pytest.raises(UsageError, match=r"people\.toml"):
        read_people(file)


def test_a_password_that_is_no_hash_lets_nobody_in(tmp_path: Path) -> None:
    file = tmp_path / "people.toml"
    file.write_text('[a]\npassword = "plain"\n')
    assert read_people(file).let_in("a", "plain") is None
