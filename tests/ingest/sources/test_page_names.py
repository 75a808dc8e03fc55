"""Names that count pages."""

from __future__ import annotations

import pytest

from ingest.sources.page_names import counted_runs


@pytest.mark.parametrize(
    "names",
    [
        ("a/001.jpg", "a/002.jpg", "a/003.jpg"),
        ("a/第9页.png", "a/第10页.png"),
        ("年报（1）.pdf", "年报（2）.pdf"),
        ("x.zip!scan_0.tif", "x.zip!scan_1.tif"),
        ("https://x.cn/2024/W020240101-7.jpg", "https://x.cn/2024/W020240101-8.jpg"),
    ],
)
def test_names_that_count_on_are_a_run_in_the_order_of_their_numbers(names: tuple[str, ...]) -> None:
    sources = {str(number): name for number, name in enumerate(names)}
    assert list(counted_runs(dict(reversed(sources.items())))) == [tuple(sources)]


@pytest.mark.parametrize(
    "names",
    [
        ("a/1.jpg", "b/2.jpg"),
        ("a/1.jpg", "a/2.png"),
        ("a/1.jpg", "a/3.jpg"),
        ("a/1/page.jpg", "a/2/page.jpg"),
        ("a.zip!1.jpg", "b.zip!2.jpg"),
        ("a/2022年报.pdf", "a/2023报告.pdf"),
        ("a/one.jpg", "a/two.jpg"),
        ("a/1.jpg", "a/01.jpg"),
    ],
)
def test_other_names_prove_nothing(names: tuple[str, ...]) -> None:
    assert list(counted_runs({str(number): name for number, name in enumerate(names)})) == []


def test_a_gap_or_a_number_that_two_have_parts_a_run() -> None:
    names = ("1.jpg", "2.jpg", "4.jpg", "5.jpg", "05.jpg", "7.jpg", "8.jpg")
    runs = list(counted_runs({name: f"a/{name}" for name in names}))
    assert sorted(runs) == [("1.jpg", "2.jpg"), ("7.jpg", "8.jpg")]
