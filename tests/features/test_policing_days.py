"""Days that begin with the first shift: what falls in them, and which of them were published."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np

from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.panel import Panel
from peelian.domain.shifts import shifts_of
from peelian.domain.target import target_named
from peelian.features.panel import build_panel
from tests.features.ledger import covered, ledger

SEVEN = shifts_of({"day_begins": "07:00", "shifts": {"day": "07:00", "night": "19:00"}})
START, ORIGIN = date(2024, 3, 29), date(2024, 4, 2)  # clocks go forward early on the 31st
CELL = int(GRID.cell_of(np.array([400_100.0]), np.array([200_100.0]))[0])


def panel(at: list[datetime], last: date) -> Panel:
    events = ledger([{"start": one, "end": one + timedelta(minutes=1)} for one in at])
    return build_panel(
        events, covered(date(2024, 1, 1), last, "violence"), grid=GRID, cells=np.array([CELL]),
        target=target_named("violence"), types=(), every="day", start=START, origin=ORIGIN,
        as_of=SEVEN.opens(ORIGIN), opens=SEVEN.opens,
    )  # fmt: skip


def test_the_hours_after_midnight_belong_to_the_day_before() -> None:
    made = panel(
        [
            datetime(2024, 3, 29, 6, 59, tzinfo=UTC),  # before the first day
            datetime(2024, 3, 30, 6, 59, tzinfo=UTC),  # the 29th
            datetime(2024, 3, 31, 5, 59, tzinfo=UTC),  # 06:59 by summer time: the 30th
            datetime(2024, 3, 31, 6, 0, tzinfo=UTC),  # 07:00 by summer time: the 31st
            datetime(2024, 4, 2, 5, 59, tzinfo=UTC),  # the last minute before the origin
            datetime(2024, 4, 2, 6, 0, tzinfo=UTC),  # the origin's first: not read
        ],
        last=date(2024, 4, 3),
    )
    assert made.target_counts[:, 0].tolist() == [1, 1, 1, 1]
    assert made.target_observed[:, 0].all()


def test_a_feed_that_ends_at_midnight_leaves_the_last_policing_day_missing_not_small() -> None:
    made = panel([datetime(2024, 4, 1, 12, tzinfo=UTC)], last=ORIGIN)
    assert made.target_observed[:, 0].tolist() == [True, True, True, False]
    assert made.target_counts[:, 0].tolist() == [0, 0, 0, 0]
