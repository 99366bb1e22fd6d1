"""Coverage as people read it: each feed, month by month, held, partly held or missing. Never zero."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from peelian.api.languages import plain
from peelian.domain.time import period_starts, periods_between, step

MOST_MONTHS: Final = 36


@dataclass(frozen=True)
class FeedCoverage:
    """One feed of one force: what it reports, when it speaks, and how old its newest day is."""

    source: str
    force: str
    kind: str
    groups: tuple[str, ...]
    first: date
    last: date  # the last day held
    rows: int
    age_days: int
    months: tuple[tuple[date, float | None], ...]  # share of days held; None before the feed's first day

    @property
    def gaps(self) -> int:
        """Months since the feed's first day of which nothing is held."""
        return sum(1 for _, share in self.months if share == 0)

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON's types."""
        months = [{"month": f"{month:%Y-%m}", "held": share} for month, share in self.months]
        return {
            "source": self.source, "force": self.force, "kind": self.kind, "groups": list(self.groups),
            "from": self.first.isoformat(), "to": self.last.isoformat(), "rows": self.rows,
            "age_days": self.age_days, "missing_months": self.gaps, "months": months,
        }  # fmt: skip


def feeds_of(coverage: pl.DataFrame, today: date) -> list[FeedCoverage]:
    """Give each feed's coverage over the same months, up to the newest day any feed holds.

    `coverage` is the store's: [start, end) in days for each delivered part.
    """
    if coverage.is_empty():
        return []
    newest: date = coverage["end"].max()  # type: ignore[assignment]
    oldest: date = coverage["start"].min()  # type: ignore[assignment]
    last = step(newest.replace(day=1), "month", 0 if newest.day == 1 else 1)
    first = max(oldest.replace(day=1), step(last, "month", -MOST_MONTHS))
    months = period_starts(first, periods_between(first, last, "month"), "month")
    parts = coverage.group_by("source", "force", "kind", maintain_order=True)
    return [_feed(key, part, months, today) for key, part in parts]


def _feed(key: tuple[Any, ...], part: pl.DataFrame, months: list[date], today: date) -> FeedCoverage:
    held: set[date] = set()
    for start, end in set(part.select("start", "end").iter_rows()):
        held.update(pl.date_range(start, end, "1d", closed="left", eager=True).to_list())
    first, newest = min(held), max(held)
    shares: list[tuple[date, float | None]] = []
    for month in months:
        days = pl.date_range(month, step(month, "month", 1), "1d", closed="left", eager=True).to_list()
        speaks = [day for day in days if day >= first]
        shares.append((month, round(sum(day in held for day in speaks) / len(speaks), 3) if speaks else None))
    groups = sorted({group for row in part["groups"] for group in row})
    return FeedCoverage(
        str(key[0]), str(key[1]), str(key[2]), tuple(groups), first, newest, int(part["rows"].sum() or 0),
        (today - newest).days, tuple(shares),
    )  # fmt: skip


def month_words(share: float | None) -> str:
    """Say what is held of a month.

    >>> month_words(1.0), month_words(0.5), month_words(0.0), month_words(None)
    ('held', '50 % of days held', 'missing', 'before the feed began')
    """
    if share is None:
        return plain("before the feed began")
    if share == 0:
        return plain("missing")
    if share == 1:
        return plain("held")
    return plain("{share} of days held", share=f"{share * 100:.0f} %")
