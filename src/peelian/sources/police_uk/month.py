"""A month of data.police.uk as an interval, and what it makes of a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from peelian.domain.contracts import Edition, RawFile
from peelian.domain.errors import Refused
from peelian.domain.time import london_midnight, step
from peelian.sources.police_uk.layout import FORCE, MONTH, force_from_name, names_force


def month_interval(month: str) -> tuple[datetime, datetime]:
    """Give the instants, in UTC, between which a London month lies.

    >>> [t.isoformat() for t in month_interval("2023-03")]
    ['2023-03-01T00:00:00+00:00', '2023-03-31T23:00:00+00:00']
    """
    first = date(int(month[:4]), int(month[5:]), 1)
    return london_midnight(first), london_midnight(step(first, "month", 1))


@dataclass(frozen=True)
class Part:
    """What all rows of one file share."""

    force: str
    month: str
    start: datetime
    end: datetime
    available_at: datetime
    given_at: datetime | None
    now: datetime | None
    edition: Edition
    reported_by: str | None  # the only name taken, when the user gave --force; else names are matched

    def names_taken(self, names: pl.Series) -> list[str]:
        """Give those of the published force names that are this file's force."""
        distinct = [str(n) for n in names.unique().drop_nulls()]
        if self.reported_by is not None:
            return [n for n in distinct if n == self.reported_by]
        return [n for n in distinct if names_force(n, self.force)]

    def refusal(self) -> str | None:
        """Say why no row of this month can be taken, if so."""
        if self.now is not None and self.end > self.now:
            return "the month is not over yet, so it cannot have been published; check the month"
        if self.given_at is not None and self.start >= self.given_at:
            return "the month begins after the date the file is said to be available; check --available-at"
        return None


def part_of(raw: RawFile, options: dict[str, Any], frame: pl.DataFrame) -> Part:
    """Settle the force and month of a file from its name, else from its first well-formed row.

    Raises:
        Refused: when neither says.
    """
    month = str(raw.options.get("month") or "") or _first(frame["Month"], MONTH.pattern)
    if month is None:
        raise Refused(
            f"neither the name of {raw.name} nor a row says which month it is",
            do="name it as published, for example 2023-10-bedfordshire-street.csv",
        )
    given_force = options.get("force")
    name = _first(frame["Reported by"], r"\S")
    force = str(given_force or raw.options.get("force") or force_from_name(name or ""))
    if not FORCE.match(force.lower()):
        raise Refused(
            f"neither the name of {raw.name} nor a row says which force it is", do="give --force CODE"
        )
    start, end = month_interval(month)
    given: datetime | None = options.get("available_at")
    edition = str(raw.options.get("edition") or "") or end.astimezone(UTC).isoformat(timespec="seconds")
    now: datetime | None = options.get("now")
    return Part(
        force,
        month,
        start,
        end,
        given or end,
        given,
        now,
        Edition(force, month, edition),
        name if given_force else None,
    )


def _first(column: pl.Series, pattern: str) -> str | None:
    values = column.filter(column.str.contains(pattern).fill_null(False))
    return str(values[0]) if len(values) else None
