"""Two feeds of the same records count once; a feed that falls silent makes its days missing, not fewer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl

from peelian.domain.event import UTC as INSTANT
from peelian.features.observed import observed_periods
from peelian.features.voices import one_voice
from tests.features.ledger import ledger

D = date(2024, 1, 1)
LATE = datetime(2030, 1, 1, tzinfo=UTC)
STARTS = [D + timedelta(weeks=k) for k in range(6)]
ORIGIN = D + timedelta(weeks=6)


def cover(*rows: tuple[str, str, list[str], int, int, int]) -> pl.DataFrame:
    """Deliveries: source, force, groups, first and last week (half-open), week it became available."""
    return pl.DataFrame(
        {
            "source": [r[0] for r in rows], "force": [r[1] for r in rows], "groups": [r[2] for r in rows],
            "start": [D + timedelta(weeks=r[3]) for r in rows],
            "end": [D + timedelta(weeks=r[4]) for r in rows],
            "available_at": [datetime(2024, 1, 1, tzinfo=UTC) + timedelta(weeks=r[5]) for r in rows],
        },
        schema_overrides={"groups": pl.List(pl.String), "available_at": INSTANT},
    )  # fmt: skip


def seen(coverage: pl.DataFrame, *groups: str, as_of: datetime = LATE) -> list[bool]:
    out: np.ndarray = observed_periods(coverage, groups, STARTS, ORIGIN, as_of)
    return out.tolist()


def test_a_silent_feed_makes_the_weeks_missing_though_another_speaks() -> None:
    both = cover(("police_incidents", "f", ["asb"], 0, 6, 0), ("council_asb", "f", ["asb"], 1, 3, 0),
                 ("council_asb", "f", ["asb"], 5, 6, 0))  # fmt: skip
    assert seen(both, "asb") == [True, True, True, False, False, True]


def test_a_feed_is_not_missed_before_it_began_nor_before_it_was_known() -> None:
    both = cover(("police_incidents", "f", ["asb"], 0, 6, 0), ("council_asb", "f", ["asb"], 4, 5, 5))
    assert seen(both, "asb") == [True, True, True, True, True, False]
    assert seen(both, "asb", as_of=datetime(2024, 1, 20, tzinfo=UTC)) == [True] * 6


def test_a_force_that_stops_is_missing_though_the_other_goes_on() -> None:
    two = cover(("police_uk", "f", ["violence"], 0, 6, 0), ("police_uk", "g", ["violence"], 0, 2, 0))
    assert seen(two, "violence") == [True, True, False, False, False, False]


def test_the_open_copy_is_silent_where_the_force_itself_speaks() -> None:
    events = ledger([
        {"source": source, "force": "f", "group": group, "start": datetime(2024, 1, 2, tzinfo=UTC)}
        for source, group in (("police_uk", "violence"), ("police_crime", "violence"), ("police_uk", "asb"))
    ])  # fmt: skip
    coverage = cover(
        ("police_uk", "f", ["asb", "violence"], 0, 6, 0), ("police_crime", "f", ["violence"], 0, 6, 3),
        ("police_crime", "g", ["asb"], 0, 6, 0),
    )  # fmt: skip
    kept, speaks = one_voice(events, coverage, LATE)
    assert sorted(kept.select("source", "group").iter_rows()) == [
        ("police_crime", "violence"),
        ("police_uk", "asb"),
    ]
    assert speaks.filter(pl.col("source") == "police_uk")["groups"].to_list() == [["asb"]]
    early, _ = one_voice(events, coverage, datetime(2024, 1, 10, tzinfo=UTC))
    assert early.height == 3  # the force's own extract was not known yet: nothing known then may change
