"""Values as few signs tell them: what is printed, or the stand-in for what is not."""

from __future__ import annotations

from archive.comparison.value_series import SeriesPoint

STAND_INS = {"blank": "空", "missing": "缺", "unread": "未识"}
NO_REPORT = "无报告"


def printed(state: str, raw: str) -> str:
    """A value in as few signs as tell it: what is printed, or the stand-in for what is not."""
    if state == "unread" and raw:
        return f"{STAND_INS[state]} {raw}"
    return STAND_INS.get(state, raw)


def sign_of(point: SeriesPoint) -> str:
    """What stands in a chart where there is no number: why there is none."""
    if not point.document:
        return NO_REPORT
    if point.fact is None:
        return STAND_INS["missing"]
    return STAND_INS.get(point.fact.state) or "/"


def is_doubted(point: SeriesPoint) -> bool:
    """Whether a person should look at a value, or the report prints it so by mistake."""
    fact = point.fact
    return fact is not None and bool(fact.needs_review or "source_anomaly" in fact.flags.split(";"))
