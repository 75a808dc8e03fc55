"""The archive at a glance for programs: every number of `guidang status` under a name that stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from archive.crawl.crawl_memory import CrawlMemory, last_rounds
from archive.dataclass_tools import as_object
from archive.export.columns.base import ExportLayout, plain_rows
from archive.status.cluster import ClusterStatus
from archive.status.records import Status
from archive.status.size import Size

# For CSV: a number a row, its name the path to it in the JSON object.
NUMBERS = ExportLayout(("name", "value"), iter, dict)


def status_object(
    counts: Status, size: Size, memory: CrawlMemory, workshop: ClusterStatus | None
) -> dict[str, Any]:
    """The archive in numbers; `crawls` is None where no site was ever visited, `workshop` in a folder."""
    told = as_object(counts)
    sizes = as_object(size)
    del sizes["documents"]
    return {name: dict(value) if isinstance(value, Mapping) else value for name, value in told.items()} | {
        "size": sizes,
        "crawls": _crawls(memory),
        "workshop": workshop and _workshop(workshop),
    }


def numbers(told: Mapping[str, Any], path: str = "") -> Iterator[dict[str, object]]:
    """What a status object holds, one row a value, but for lists: `documents.pending` …"""
    for name, value in told.items():
        if isinstance(value, Mapping):
            yield from numbers(value, f"{path}{name}.")
        elif isinstance(value, list):
            yield {"name": path + name, "value": len(value)}
        else:
            yield {"name": path + name, "value": "" if value is None else value}


def _workshop(workshop: ClusterStatus) -> dict[str, Any]:
    return {
        "workers": list(plain_rows(workshop.workers)),
        "queue": list(plain_rows(workshop.queue)),
        "last_hour": {**workshop.lately, "pages": workshop.pages},
    }


def _crawls(memory: CrawlMemory) -> dict[str, Any] | None:
    found = last_rounds(memory)
    if found is None:
        return None
    return {
        "last_round": as_object(found.last),
        "waiting": found.waiting,
        "last_whole": found.whole and found.whole.started,
        "alarms": list(plain_rows(found.alarms)),
    }
