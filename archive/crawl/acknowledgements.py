"""Alarms that somebody knows of: told as before, but no longer raised until a day; a setting each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import Connection, delete, select, update
from sqlmodel import col

from archive.crawl.records import Acknowledgement, Alarm, Severity
from archive.dataclass_tools import as_object
from archive.db.engine import insert_or_ignore
from archive.db.schema import SettingRow
from archive.db.text_values import storable
from core.errors import UsageError

_PREFIX = "acknowledged:"
_name = col(SettingRow.name)


def keep(connection: Connection, given: Iterable[Acknowledgement]) -> None:
    """Keep what was said of alarms, each in the place of what was said of it before."""
    for one in given:
        name, value = _name_of(one.site, one.kind), json.dumps(as_object(one), ensure_ascii=False)
        connection.execute(insert_or_ignore(connection, SettingRow).values(name=name, value=value))
        connection.execute(update(SettingRow).where(_name == name).values(value=value))


def withdraw(connection: Connection, site: str, kind: str = "") -> list[Acknowledgement]:
    """Forget what was said of a site's alarms, or of those of one kind; give what that was."""
    known = [one for one in every(connection) if one.site == site and kind in ("", one.kind)]
    for one in known:
        connection.execute(delete(SettingRow).where(_name == _name_of(one.site, one.kind)))
    return known


def every(connection: Connection) -> list[Acknowledgement]:
    """All that was said, of days that are over too, by site and kind."""
    values = select(col(SettingRow.value)).where(_name.startswith(_PREFIX, autoescape=True))
    found = [_of(json.loads(value)) for value in connection.execute(values).scalars()]
    return sorted(found, key=lambda one: (one.site, one.kind))


def of_alarms(
    raised: Iterable[Alarm], site: str, kind: str, until: str, note: str, who: str, at: str
) -> list[Acknowledgement]:
    """What a person says of a site's alarms as they are raised now: one a kind, up to its worst.

    Raises:
        UsageError: there is none, or none of this kind.
    """
    worst: dict[str, Severity] = {}
    for alarm in raised:
        # The most severe ones come first.
        worst.setdefault(alarm.kind, alarm.severity)
    if kind and kind not in worst:
        there = f"; there are {', '.join(sorted(worst))}" if worst else ""
        raise UsageError(f"{site!r} has no alarm {kind!r}{there}")
    if not worst:
        raise UsageError(f"{site!r} has no alarm that could be acknowledged")
    named = {kind: worst[kind]} if kind else worst
    texts = storable(note), storable(who)
    return [Acknowledgement(site, one, severity, until, *texts, at) for one, severity in named.items()]


def marked(alarms: Iterable[Alarm], said: Iterable[Acknowledgement], day: str) -> list[Alarm]:
    """Alarms of a round that ended on a day, with what was said of each that still holds then.

    It holds for alarms of its kind that are no worse than what was acknowledged.
    """
    by_key = {(one.site, one.kind): one for one in said if day <= one.until}
    return [_marked(alarm, by_key.get((alarm.site, alarm.kind))) for alarm in alarms]


def _marked(alarm: Alarm, said: Acknowledgement | None) -> Alarm:
    order = list(Severity)
    if said is None or order.index(alarm.severity) < order.index(said.severity):
        return alarm
    return replace(alarm, acknowledged=said)


def _name_of(site: str, kind: str) -> str:
    return storable(f"{_PREFIX}{kind}:{site}")


def _of(told: Mapping[str, str]) -> Acknowledgement:
    return Acknowledgement(**{**told, "severity": Severity(told["severity"])})  # type: ignore[arg-type]
