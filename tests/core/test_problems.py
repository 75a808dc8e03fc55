"""What is wrong in something that people write, and where."""

from __future__ import annotations

import pytest

from core.problems import InvalidInputError, Problem


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (Problem(3, "written twice", "a.toml"), "a.toml:3: written twice"),
        (Problem(0, "no such setting", "GUIDANG_X"), "GUIDANG_X: no such setting"),
        (Problem(7, "no text"), "7: no text"),
        (Problem(0, "no text"), "no text"),
    ],
)
def test_problem_is_told_with_its_place(problem, told):
    assert str(problem) == told


def test_problems_are_told_once_in_the_order_of_lines():
    error = InvalidInputError([Problem(9, "b"), Problem(2, "c"), Problem(9, "b")])
    assert [one.line for one in error.problems] == [2, 9]
    assert (str(error), error.exit_code) == ("2: c\n9: b", 2)
