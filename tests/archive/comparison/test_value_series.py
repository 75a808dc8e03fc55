"""One value over the years of an organ and over the organs of a year."""

from __future__ import annotations

from decimal import Decimal

from archive.archive import Archive
from reconcile.model import Key, State
from tests.support import county, handmade

TOTAL = Key("requests", "new", "total")


def said(raw: str, state: State = State.READ) -> list[object]:
    return [handmade.value("new", "total", raw, state)]


def fill(archive: Archive) -> None:
    county.add(archive, county.OLD_WATER, 2019, said("1,203"))
    county.add(archive, county.WATER, 2021, said("/", State.DASH))
    county.add(archive, county.WATER, 2022, [handmade.value("carried_in", "total", "5")])
    county.add(archive, county.WATER, 2023, said("7"))
    county.add(archive, county.WATER, 2023, said("8"), copy="（更正）")
    county.add(archive, county.HEALTH, 2023, said("0"))
    county.add(archive, county.EDUCATION, 2023, said("", State.BLANK))
    archive.organs.link([county.OLD_WATER], county.WATER)


def test_what_is_no_number_is_none_and_a_year_without_a_report_has_none(place) -> None:
    with place.open() as archive:
        fill(archive)
        points = archive.comparison.over_years(county.OLD_WATER, TOTAL)
    assert [point.year for point in points] == [2019, 2020, 2021, 2022, 2023]
    assert [point.number for point in points] == [Decimal(1203), None, None, None, Decimal(8)]
    assert [bool(point.document) for point in points] == [True, False, True, True, True]
    assert [point.fact.state if point.fact else None for point in points] == [
        "read", None, "dash", None, "read"
    ]  # fmt: skip


def test_organs_of_a_year_come_with_the_largest_first_and_one_each(place) -> None:
    with place.open() as archive:
        fill(archive)
        points = archive.comparison.over_organs(2023, TOTAL)
        part = archive.comparison.over_organs(2023, TOTAL, "水利")
    assert [(point.organ, point.number) for point in points] == [
        (county.WATER, Decimal(8)),
        (county.HEALTH, Decimal(0)),
        (county.EDUCATION, None),
    ]
    assert part == ()  # so is no name of any report on the year


def test_an_organ_without_reports_has_no_points(place) -> None:
    with place.open() as archive:
        assert archive.comparison.over_years("没有", TOTAL) == ()
        assert archive.comparison.over_organs(2023, TOTAL) == ()
