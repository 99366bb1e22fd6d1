"""What events say of their hours: by hand, on the night clocks change, and where they say nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from peelian.domain.errors import Refused
from peelian.domain.rhythm import HOURS, HourCounts, hours_in
from peelian.features.rhythm import INFORMS_HOURS, LEAST, check_hours, hour_counts

MONDAY = datetime(2024, 1, 1, tzinfo=UTC)  # London keeps UTC in January


def counted(*spans: tuple[datetime, timedelta], n: int = 1, zone: str = "Europe/London") -> HourCounts:
    events = pl.DataFrame(
        {"start": [s for s, _ in spans], "end": [s + d for s, d in spans], "n": [n] * len(spans)},
        schema={"start": pl.Datetime("us", "UTC"), "end": pl.Datetime("us", "UTC"), "n": pl.Int32},
    )
    return hour_counts(events, np.zeros(len(spans), np.int64), zone)


def by_hour(hours: HourCounts) -> dict[int, float]:
    sums = np.bincount(hours.hour, hours.weight, HOURS)
    return {int(k): round(float(sums[k]), 6) for k in np.flatnonzero(sums)}


def test_an_event_is_spread_over_the_hours_it_may_have_been_in() -> None:
    made = counted((MONDAY.replace(hour=22, minute=30), timedelta(hours=2)), n=4)
    assert by_hour(made) == {22: 1.0, 23: 2.0, 24: 1.0}  # from Monday into Tuesday


def test_an_instant_and_the_week_s_last_hour() -> None:
    sunday = MONDAY + timedelta(days=6, hours=23, minutes=50)
    assert by_hour(counted((sunday, timedelta(0)))) == {167: 1.0}
    assert by_hour(counted((sunday, timedelta(minutes=20)))) == {0: 0.5, 167: 0.5}


def test_hours_are_the_clock_s_of_the_place() -> None:
    july = datetime(2024, 7, 1, 23, 10, tzinfo=UTC)  # a Monday; in London it is Tuesday already
    assert by_hour(counted((july, timedelta(minutes=1)))) == {24: 1.0}
    assert by_hour(counted((july, timedelta(minutes=1)), zone="America/Chicago")) == {18: 1.0}


def test_the_night_clocks_go_back_counts_its_hour_twice() -> None:
    before = datetime(2024, 10, 27, 0, 0, tzinfo=UTC)  # Sunday 01:00 in London, an hour later 01:00 again
    assert by_hour(counted((before, timedelta(hours=2)))) == {145: 1.0}
    assert hours_in(before, before + timedelta(hours=2), "Europe/London")[145] == 2.0


def test_a_long_interval_counts_as_an_event_and_says_nothing_of_its_hour() -> None:
    short = (MONDAY, timedelta(hours=INFORMS_HOURS))
    made = counted(short, (MONDAY, timedelta(hours=INFORMS_HOURS, minutes=1)))
    assert (made.events, made.informed) == (2.0, 1.0)
    assert by_hour(made) == {k: round(1 / 6, 6) for k in range(6)}


def test_events_without_a_place_inform_nothing() -> None:
    events = pl.DataFrame({"start": [MONDAY], "end": [MONDAY], "n": [1]})
    assert len(hour_counts(events, np.array([-1]), "Europe/London").hour) == 0


@pytest.mark.parametrize("span", [timedelta(days=1), timedelta(days=31)])
def test_days_and_months_tell_no_rhythm_however_many_they_are(span: timedelta) -> None:
    with pytest.raises(Refused, match="not known"):
        check_hours(counted(*[(MONDAY + timedelta(days=k), span) for k in range(3 * LEAST)]))


def test_too_few_events_with_a_time_tell_no_rhythm() -> None:
    exact = [(MONDAY + timedelta(hours=k), timedelta(minutes=1)) for k in range(LEAST)]
    check_hours(counted(*exact))
    with pytest.raises(Refused, match="too few"):
        check_hours(counted(*exact[1:]))
