"""Rounds: one a night, gone on with where it was broken off; and how each ended, site by site."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlmodel import col

from archive.crawl import frontier
from archive.crawl.records import Alarm, Robots, Round, Severity, SiteNight, TaskKind, VisitOutcome
from archive.dataclass_tools import names_of
from archive.db.crawl_schema import (
    AlarmRow,
    CrawlRoundRow,
    CrawlTaskRow,
    RobotsAnswerRow,
    SightingRow,
    SiteNightRow,
)
from archive.db.text_values import storable, timestamp

OPEN, COMPLETE, CUT = "open", "complete", "cut"
NEVER_FINISHED = "never finished"
# From here on a host says that it has trouble, and nothing about robots.
TROUBLE = 500
_ROUND = tuple(col(getattr(CrawlRoundRow, name)) for name in names_of(Round))
_ROBOTS = tuple(col(getattr(RobotsAnswerRow, name)) for name in names_of(Robots))
_NIGHT = tuple(
    col(getattr(SiteNightRow, {"round": "round_id"}.get(name, name))) for name in names_of(SiteNight)
)


def begin(connection: Connection, now: datetime, resume_since: datetime) -> tuple[Round, bool]:
    """Go on with the open round unless it is too old; else close it and begin one, with what was left."""
    old = connection.execute(select(*_ROUND).where(col(CrawlRoundRow.state) == OPEN)).first()
    if old is not None and old.started >= timestamp(resume_since):
        return Round(*old), True
    if old is not None:
        _end(connection, old.id, CUT, NEVER_FINISHED, now)
    started = {"started": timestamp(now), "ended": "", "state": OPEN, "reason": ""}
    number = connection.execute(
        insert(CrawlRoundRow).values(started).returning(col(CrawlRoundRow.id))
    ).scalar_one()
    _hand_over(connection, number)
    return Round(number, timestamp(now), "", OPEN, ""), False


def close(
    connection: Connection, round_: int, state: str, reason: str, alarms: Sequence[Alarm], now: datetime
) -> None:
    """End an open round. Raises RuntimeError if it is not open."""
    if not _end(connection, round_, state, storable(reason), now):
        raise RuntimeError(f"round {round_} is not open")
    if alarms:
        connection.execute(insert(AlarmRow), [_alarm_row(round_, *each) for each in enumerate(alarms)])


def _end(connection: Connection, round_: int, state: str, reason: str, now: datetime) -> bool:
    ended = update(CrawlRoundRow).where(col(CrawlRoundRow.id) == round_, col(CrawlRoundRow.state) == OPEN)
    values = {"state": state, "reason": reason, "ended": timestamp(now)}
    return connection.execute(ended.values(values)).rowcount == 1


def _hand_over(connection: Connection, round_: int) -> None:
    """Give a new round what cut ones left; no link to a known address was seen in it yet."""
    complete = select(col(CrawlRoundRow.id)).where(col(CrawlRoundRow.state) == COMPLETE)
    old = col(CrawlTaskRow.round_id)
    connection.execute(delete(CrawlTaskRow).where(col(CrawlTaskRow.done) | old.in_(complete)))
    connection.execute(
        update(CrawlTaskRow).values(round_id=round_, linked=col(CrawlTaskRow.kind) != TaskKind.KNOWN.value)
    )


def rounds(connection: Connection, limit: int) -> list[Round]:
    """The last rounds, latest first."""
    rows = connection.execute(select(*_ROUND).order_by(col(CrawlRoundRow.id).desc()).limit(limit))
    return [Round(*row) for row in rows]


def of_number(connection: Connection, round_: int) -> Round:
    """A round by its number. Raises RuntimeError if there is none."""
    row = connection.execute(select(*_ROUND).where(col(CrawlRoundRow.id) == round_)).first()
    if row is None:
        raise RuntimeError(f"there is no round {round_}")
    return Round(*row)


# Robots


def robots(connection: Connection, round_: int, host: str) -> Robots | None:
    """What a host answered in a round."""
    asked = select(*_ROBOTS).where(col(RobotsAnswerRow.round_id) == round_, col(RobotsAnswerRow.host) == host)
    row = connection.execute(asked).first()
    return None if row is None else Robots(*row)


def all_robots(connection: Connection, round_: int) -> list[Robots]:
    """What every host answered in a round, by host."""
    rows = connection.execute(select(*_ROBOTS).where(col(RobotsAnswerRow.round_id) == round_))
    return sorted((Robots(*row) for row in rows), key=lambda one: one.host)


def robots_before(connection: Connection, round_: int, host: str) -> Robots | None:
    """What a host answered in the last round before this one in which it gave an answer."""
    given = select(*_ROBOTS).where(
        col(RobotsAnswerRow.host) == host,
        col(RobotsAnswerRow.round_id) < round_,
        col(RobotsAnswerRow.status) < TROUBLE,
    )
    row = connection.execute(given.order_by(col(RobotsAnswerRow.round_id).desc()).limit(1)).first()
    return None if row is None else Robots(*row)


def keep_robots(connection: Connection, round_: int, answer: Robots, now: datetime) -> None:
    """Keep an answer in the place of one that was kept in the same round."""
    host = storable(answer.host)
    same = (col(RobotsAnswerRow.round_id) == round_, col(RobotsAnswerRow.host) == host)
    connection.execute(delete(RobotsAnswerRow).where(*same))
    texts = {"host": host, "text": storable(answer.text), "reason": storable(answer.reason)}
    row = {"round_id": round_, "at": timestamp(now), "status": answer.status, **texts}
    connection.execute(insert(RobotsAnswerRow).values(row))


# Nights


def night(connection: Connection, round_: int, site: str, documents: int) -> SiteNight:
    """What a round has seen of a site so far; `seconds` from its first sighting to its last."""
    of_site = (col(SightingRow.round_id) == round_, col(SightingRow.site) == site)
    outcome = col(SightingRow.outcome)
    counted = (
        select(outcome, func.count(), func.sum(col(SightingRow.size)), func.min(col(SightingRow.at)))
        .add_columns(func.max(col(SightingRow.at)))
        .where(*of_site)
        .group_by(outcome)
    )
    rows = sorted(connection.execute(counted), key=lambda row: list(VisitOutcome).index(VisitOutcome(row[0])))
    return SiteNight(
        round=round_,
        site=site,
        state=OPEN,
        reason="",
        outcomes={row[0]: row[1] for row in rows},
        documents=documents,
        reports=frontier.targets(connection, round_, site),
        bytes=sum(int(row[2]) for row in rows),
        seconds=_seconds([row[3] for row in rows], [row[4] for row in rows]),
    )


def _seconds(first: Sequence[str], last: Sequence[str]) -> float:
    if not first:
        return 0.0
    return (datetime.fromisoformat(max(last)) - datetime.fromisoformat(min(first))).total_seconds()


def keep_night(connection: Connection, night_: SiteNight, now: datetime) -> None:
    """Keep how a round ended on a site, in the place of what was kept before a round was gone on with."""
    fields = {name: getattr(night_, name) for name in names_of(SiteNight) if name != "round"}
    row = {**fields, "round_id": night_.round, "at": timestamp(now), "outcomes": dict(night_.outcomes)}
    row["reason"] = storable(night_.reason)
    same = (col(SiteNightRow.round_id) == night_.round, col(SiteNightRow.site) == night_.site)
    connection.execute(delete(SiteNightRow).where(*same))
    connection.execute(insert(SiteNightRow).values(row))


def nights(connection: Connection, round_: int) -> list[SiteNight]:
    """How a round went on each site, by name."""
    rows = connection.execute(select(*_NIGHT).where(col(SiteNightRow.round_id) == round_))
    return sorted(_nights(rows), key=lambda one: one.site)


def history(
    connection: Connection, site: str, before: int, limit: int, states: Collection[str]
) -> list[SiteNight]:
    """The nights of a site before a round that ended in one of some states, latest first."""
    number = col(SiteNightRow.round_id)
    earlier = select(*_NIGHT).where(col(SiteNightRow.site) == site, number < before)
    ended = earlier.where(col(SiteNightRow.state).in_(states)) if states else earlier
    return list(_nights(connection.execute(ended.order_by(number.desc()).limit(limit))))


def sites(connection: Connection) -> list[str]:
    """Every site that a round ever came to, by name."""
    closed = select(col(SiteNightRow.site))
    return sorted(connection.execute(closed.union(select(col(CrawlTaskRow.site)))).scalars())


def _nights(rows: Iterable[Sequence[object]]) -> Iterator[SiteNight]:
    return (SiteNight(*row) for row in rows)  # type: ignore[arg-type]


# Alarms


def alarms(connection: Connection, round_: int) -> list[Alarm]:
    """The alarms of a round, most severe first."""
    fields = tuple(col(getattr(AlarmRow, name)) for name in ("site", "severity", "kind", "url", "message"))
    rows = select(*fields).where(col(AlarmRow.round_id) == round_).order_by(col(AlarmRow.ordinal))
    found = [
        Alarm(round_, site, Severity(severity), kind, url, message)
        for site, severity, kind, url, message in connection.execute(rows)
    ]
    return sorted(found, key=lambda alarm: list(Severity).index(alarm.severity))


def _alarm_row(round_: int, ordinal: int, alarm: Alarm) -> dict[str, object]:
    texts = {name: storable(getattr(alarm, name)) for name in ("site", "kind", "url", "message")}
    return {"round_id": round_, "ordinal": ordinal, "severity": alarm.severity.value, **texts}
