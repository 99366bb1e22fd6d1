"""Names the way times are said, and the zone they are in, each with how sure."""

from __future__ import annotations

import re
from typing import Final

from peelian.propose.column import Column
from peelian.propose.proposal import Line
from peelian.propose.where import Place

_UTC: Final = re.compile(r"(?i)(?:^|[^a-z])(?:utc|gmt|zulu)(?:$|[^a-z])")


def moment(chosen: dict[str, Column]) -> str:
    """Give our name of the column of the moment: `start`, `date` or `occurred`."""
    if "end" in chosen:
        return "start"
    when = chosen["when"].facts.when
    if "time" in chosen or "hour" in chosen or (when is not None and when.grain in ("date", "month")):
        return "date"
    return "occurred"


def format_line(chosen: dict[str, Column]) -> tuple[Line, str | None]:
    """Give the line of the format and the format (None: ISO, or the file's own type)."""
    when = chosen["when"].facts.when
    if when is None:
        return Line("time.format", "", 0.2, remark="the values of the time column could not be read"), None
    said = when.format or "ISO, or the file's own type"
    if when.doubt:
        return Line(
            "time.format", said, 0.5, remark="no day is above 12: month and day may be the other way round"
        ), when.format
    sure = 0.98 * when.share
    if when.format == "%s":
        return Line("time.format", said, 0.9, remark="seconds since 1970"), when.format
    if when.format == "excel":
        return Line("time.format", said, 0.93, remark="days since 1900, as Excel counts them"), when.format
    remark = "month first, as in America" if said.startswith("%m/%d") else ""
    return Line("time.format", said, sure, remark=remark), when.format


def zone_line(chosen: dict[str, Column], place: Place | None) -> Line:
    """Give the line of the time zone: the names, the values, then where the points lie."""
    column = chosen["when"]
    when = column.facts.when
    if when is not None and when.format == "%s":
        return Line("time.zone", "UTC", 0.93, remark="epoch seconds are UTC")
    if _UTC.search(column.name):
        return Line("time.zone", "UTC", 0.9, remark="the column's name says so")
    if place is not None and place.zone:
        return Line("time.zone", place.zone, 0.5, remark="guessed from where the points lie")
    if place is not None and place.project_to:
        return Line(
            "time.zone", "Europe/London", 0.3, remark="the points lie outside Britain: which zone is it?"
        )
    if when is not None and when.zoned:
        return Line("time.zone", "Europe/London", 0.95, remark="times carry their own offset")
    if when is not None and when.grain in ("date", "month"):
        return Line("time.zone", "Europe/London", 0.95)
    return Line("time.zone", "Europe/London", 0.9, remark="local time unless the provider says UTC")


def granularity(chosen: dict[str, Column]) -> str | None:
    """Give `time.granularity` where the machinery would not find it by itself."""
    when = chosen["when"].facts.when
    if when is None or "time" in chosen or "hour" in chosen:
        return None
    if when.grain == "month":
        return "month"
    return "day" if when.grain == "date" else None
