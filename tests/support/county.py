"""A made-up county: its reports agree across years and organs until a test plants that they do not."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import replace

from archive.archive import Archive
from reconcile.cell_values import flags_of
from reconcile.forms.registry import expected_keys
from reconcile.model import Flag, Key, Report, State, Value
from tests.support import handmade

COLUMNS = ("natural_person", "business", "research", "nonprofit", "legal_services", "other", "total")
WATER, OLD_WATER = "清河县水务局", "清河县水利局"
HEALTH, EDUCATION, TRANSPORT = "清河县卫生健康局", "清河县教育局", "清河县交通运输局"
GOVERNMENT = "清河县人民政府"
YEARS = (2021, 2022, 2023, 2024)
LIST = f"""\
years = [2021, 2022, 2023, 2024]

[[organ]]
name = "{GOVERNMENT}"
region = "清河县"

[[organ]]
name = "{WATER}"
region = "清河县"
supervisor = "{GOVERNMENT}"
aliases = ["{OLD_WATER}"]

[[organ]]
name = "{HEALTH}"
region = "清河县"
supervisor = "{GOVERNMENT}"
years = "2022-2024"

[[organ]]
name = "{EDUCATION}"
region = "清河县"
supervisor = "{GOVERNMENT}"
"""


def numbers(organ: int, year: int) -> dict[str, int]:
    """The numbers of a report by short names: consistent with those of the year before."""
    return {
        "new": 10 + organ + (year % 7),
        "carried_in": 2 + (organ + year - 1) % 3,
        "carried_out": 2 + (organ + year) % 3,
        "in_force": 5 + organ + year - 2020,
        "issued": 2,
        "repealed": 1,
    }


def values(given: Mapping[str, int], table_four: bool = False) -> list[Value]:
    """The values of the tables; every column of table three but the last holds a part of its row."""
    counts = {(row, column): 0 for row in ("new", "carried_in", "carried_out") for column in COLUMNS}
    for row in ("new", "carried_in", "carried_out"):
        counts[row, "natural_person"] = counts[row, "total"] = given[row]
    found = [handmade.value(row, column, str(n)) for (row, column), n in counts.items()]
    for row in ("regulations", "normative_documents"):
        for column in ("issued", "repealed", "in_force"):
            n = given[column] if row == "normative_documents" else 0
            found.append(handmade.value(row, column, str(n), table="proactive"))
    if table_four:
        keys = expected_keys("2021", "review")
        found += [handmade.value(key.row, key.column, "0", table="review") for key in keys]
    return found


def changed(
    found: Iterable[Value], key: Key, raw: str, state: State = State.READ, *flags: Flag
) -> list[Value]:
    """The values with one printed otherwise; it must be there."""
    listed = list(found)
    at = next(n for n, one in enumerate(listed) if one.key == key)
    value = raw if state is State.READ else ""
    listed[at] = replace(listed[at], raw=raw, value=value, state=state, flags=flags_of(flags))
    return listed


def report(organ: str, year: int | None, found: Iterable[Value]) -> Report:
    return handmade.without_tables(handmade.report(organ, year, tuple(found)))


def add(
    archive: Archive, organ: str, year: int | None, found: Iterable[Value], source: str = "", copy: str = ""
) -> str:
    """A document with this reading; `copy` makes other bytes of it. Give its sha256."""
    name = source or f"scans/{organ}{year}年报告{copy}.pdf"
    pages = handmade.pages_saying(organ, "二", "三")
    return handmade.archive_one(
        archive, name, pages, report(organ, year, found), f"{name}{copy}{organ}{year}".encode()
    )


def fail(archive: Archive, source: str, content: bytes = b"") -> str:
    """A document that cannot be read."""
    kept = archive.documents.keep(source, io.BytesIO(content or source.encode()), "text/html")
    archive.documents.fail(kept.document, handmade.RUN, "open", "not a PDF", "not_pdf")
    return kept.document


def wait(archive: Archive, source: str) -> str:
    """A document that nobody has read yet."""
    return archive.documents.keep(source, io.BytesIO(source.encode()), "application/pdf").document


def fill(archive: Archive) -> None:
    """Six organs, four years; what is wrong with them is said here and nowhere else.

    水务局 is printed 水利局 until 2022, its carried-over total of 2023 contradicts 2022,
    and that of 2024 is doubtful. 卫健局 has no report on 2024 that can be read, 教育局
    reports twice on 2022, 交通运输局 is on no list, one report prints no organ.
    """
    carried, total = Key("requests", "carried_in", "total"), Key("requests", "carried_out", "total")
    for n, organ in enumerate((WATER, HEALTH, EDUCATION, TRANSPORT)):
        for year in YEARS:
            found = values(numbers(n, year))
            if organ == WATER and year == 2023:
                found = changed(found, carried, "9")
            if organ == WATER and year == 2024:
                found = changed(found, carried, "7", State.READ, Flag.LOW_CONFIDENCE)
            if organ == EDUCATION and year == 2021:
                found = changed(found, total, "", State.BLANK)
            if (organ, year) != (HEALTH, 2024) and (organ, year) != (EDUCATION, 2024):
                add(archive, OLD_WATER if organ == WATER and year < 2023 else organ, year, found)
    add(archive, EDUCATION, 2022, values(numbers(2, 2022)), copy="（更正）")
    units = [(n, organ) for n, organ in enumerate((WATER, HEALTH, EDUCATION))]
    for year in YEARS[:2]:
        sums = {name: sum(numbers(n, year)[name] for n, _ in units) for name in numbers(0, year)}
        if year == 2022:
            sums["new"] -= 4
        add(archive, GOVERNMENT, year, values(sums))
    fail(archive, f"scans/{HEALTH}2024年报告.pdf")
    fail(archive, "scans/扫描0007.pdf")
    fail(archive, f"site/2024/{EDUCATION}.pdf")
    wait(archive, f"scans/{GOVERNMENT}2023年报告.pdf")
    add(archive, "", 2023, values(numbers(5, 2023)), source="scans/page3.pdf")
